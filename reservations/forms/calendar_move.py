"""The form that is sent when a bar is dropped on the tape chart."""

from django import forms

from config.forms import CleanCharField
from properties.models import Unit
from reservations.forms.fields import PRICING, StayFields
from reservations.models import Closure


class CalendarMoveForm(StayFields):
    """Which stay or closure was dropped, in which unit (none: without a room), for which nights."""

    reference = CleanCharField(required=False, max_length=8)
    closure = forms.ModelChoiceField(Closure.objects.select_related("unit__property", "property"), required=False)
    segment = forms.IntegerField(required=False)  # key of the occupancy, if the bar is a segment of a stay
    unit = forms.ModelChoiceField(
        Unit.objects.select_related("property", "room_type"),
        required=False,
        error_messages={"invalid_choice": "This room is not there any more. Reload the calendar."},
    )
    version = forms.IntegerField(required=False)
    pricing = forms.ChoiceField(required=False, choices=PRICING)
    swap_with = CleanCharField(required=False, max_length=8)
    reason = CleanCharField(required=False, max_length=200)

    def problem(self):
        """The first error's message."""
        return next(iter(self.errors.values()))[0]
