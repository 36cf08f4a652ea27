"""What several forms ask: days, moments, and the two ends of a stay."""

import datetime as dt
import json
import uuid
from urllib.parse import parse_qsl

from django import forms
from django.utils import timezone

from config.forms import Form
from reservations.stay import BadStay, Stay

MAX_PARTY = 99
# What to do where the price of a stay would change: see `booking.pricing.settle`.
PRICING = [("keep", "keep"), ("requote", "requote")]


def with_way(data):
    """What was sent, after a press of a way out of a refusal (`way`, see `ways_out`)."""
    fields = data.copy()
    for name, value in parse_qsl(data.get("way", "")):
        fields[name] = value
    return fields


def is_no(unit, room_type):
    """Words when the room is not of the type, else ""."""
    if unit.room_type_id == room_type.pk:
        return ""
    return f"Room {unit} is no {room_type}. Choose another room, or any type."


def key_of_request(form):
    """Of a valid form with a `request_key`: the same for the same press again, another for a form that was changed."""
    key = form.cleaned_data["request_key"]
    sent = {name: form[name].data for name in form.fields if name != "request_key"}
    return key and uuid.uuid5(key, json.dumps(sent, default=str, sort_keys=True))


class DayField(forms.DateField):
    """A local date, ISO only: 01/02/2027 would be read as the wrong day by half the world."""

    default_error_messages = {"invalid": "Write the date as year-month-day, such as 2027-05-03."}

    def __init__(self, **options):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **options)


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


class StayFields(Form):
    """Arrival and departure, which together make `cleaned_data["stay"]`."""

    arrival = DayField(error_messages={"required": "Choose the day of arrival."})
    departure = DayField(error_messages={"required": "Choose the day of departure."})

    def clean(self):
        cleaned = super().clean()
        if "arrival" in cleaned and "departure" in cleaned:
            try:
                cleaned["stay"] = Stay(cleaned["arrival"], cleaned["departure"])
            except BadStay as bad:
                self.add_error(bad.field, self.why_not(bad))
        return cleaned

    def why_not(self, bad):
        """A BadStay in the words of the form."""
        return bad.message
