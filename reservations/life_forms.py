"""Input of the steps in a reservation's life: why it is cancelled, until when it is held, what a manager overrules."""

import datetime as dt

from django import forms
from django.utils import timezone

from config.forms import CleanCharField, fields_only
from reservations.lifecycle import CancelReason
from reservations.models import Status


class LocalMomentField(forms.DateTimeField):
    """A date and time where the property stands, as an instant (UTC). `zone` is set by the form.

    What the clocks skip or repeat in spring and autumn is asked for again.
    """

    default_error_messages = {"invalid": "Write date and time such as 2027-05-03 18:00."}

    def __init__(self, **options):
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], widget=widget, **options)
        self.zone = dt.UTC

    def to_python(self, value):
        with timezone.override(self.zone):
            try:
                moment = super().to_python(value)
            except forms.ValidationError as error:
                if error.code != "ambiguous_timezone":
                    raise
                words = "The clocks change in this hour. Choose an hour earlier or later."
                raise forms.ValidationError(words, code="ambiguous_timezone") from None
        return moment and moment.astimezone(dt.UTC)

    def prepare_value(self, value):
        return value.astimezone(self.zone) if isinstance(value, dt.datetime) and value.tzinfo else value


class CancelForm(forms.Form):
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

    @property
    def told(self):
        """Both in one line: "Illness: flew home"."""
        label = dict(CancelReason.choices).get(self.cleaned_data["why"], "")
        return ": ".join(filter(None, [label, self.cleaned_data["reason"]]))


class HoldForm(forms.Form):
    """Until when a hold of a property lasts."""

    until = LocalMomentField(label="Hold until", error_messages={"required": "Write until when to hold it."})

    def __init__(self, *args, reservation, **options):
        self.property = reservation.property
        later = timezone.now() + dt.timedelta(hours=self.property.hold_hours)
        super().__init__(*args, initial={"until": later.replace(second=0, microsecond=0)}, **options)
        self.fields["until"].zone = self.property.zone
        self.fields["until"].help_text = f"Local time, {self.property.time_zone}."

    @property
    def helper(self):
        return fields_only("until")


class OverruleForm(forms.Form):
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
