"""The forms of steps that need input: cancelling, holding longer, overruling."""

from crispy_forms.layout import HTML
from django import forms

from config.forms import CleanCharField, Form, fields_only
from reservations.booking.requests import default_hold_end, latest_hold_end
from reservations.forms.holds import HoldField, HoldFields
from reservations.models import Status
from reservations.models.stays import CancelReason


class CancelForm(Form):
    why = forms.ChoiceField(
        choices=[("", "Not known"), *CancelReason.choices],
        required=False,
        error_messages={"invalid_choice": "Choose a reason of the list."},
    )
    reason = CleanCharField(
        label="In words",
        max_length=150,
        required=False,
        help_text="For the history: who asked, and why.",
        widget=forms.TextInput,
    )

    @property
    def helper(self):
        return fields_only("why", "reason")


class HoldForm(HoldFields):
    """The instant until which a hold is prolonged: a usual time later than the present one, or another."""

    hold = HoldField(label="Hold until")

    def __init__(self, data=None, *, reservation, **options):
        self.property = reservation.property
        later = default_hold_end(self.property, reservation.stay).replace(second=0, microsecond=0)
        super().__init__(data, initial={"hold_until": later}, **options)
        before = latest_hold_end(self.property, reservation.stay)
        self.offer_holds(self.property, after=reservation.hold_expires_at, before=before)
        self.initial["hold"] = list(self.fields["hold"].choices)[-2:][0][0]

    @property
    def helper(self):
        return fields_only(HTML("{% include 'reservations/hold.html' %}"))


class OverruleForm(Form):
    status = forms.ChoiceField(
        label="State", choices=Status.choices, error_messages={"invalid_choice": "Choose a state of the list."}
    )
    reason = CleanCharField(
        label="Why",
        max_length=200,
        widget=forms.TextInput,
        error_messages={"required": "Write why: the history shows it, with your name."},
    )

    @property
    def helper(self):
        return fields_only("status", "reason")
