"""The forms of steps that need input: cancelling, holding longer, overruling."""

from django import forms

from config.forms import CleanCharField, Form, fields_only
from reservations.booking.requests import default_hold_end
from reservations.forms.fields import LocalMomentField
from reservations.models import Status
from reservations.models.stays import CancelReason


class CancelForm(Form):
    why = forms.ChoiceField(
        choices=[("", "Not said"), *CancelReason.choices],
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


class HoldForm(Form):
    """The instant at which a hold is to lapse, typed in the property's local time."""

    until = LocalMomentField(label="Hold until", error_messages={"required": "Write until when to hold it."})

    def __init__(self, data=None, *, reservation, **options):
        self.property = reservation.property
        later = default_hold_end(self.property)
        super().__init__(data, initial={"until": later.replace(second=0, microsecond=0)}, **options)
        self.fields["until"].zone = self.property.zone
        self.fields["until"].help_text = f"Local time, {self.property.time_zone}."

    @property
    def helper(self):
        return fields_only("until")


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
