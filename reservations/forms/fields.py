"""Fields that several forms have: dates, instants, and the two dates of a stay."""

import datetime as dt
import json
import re
import uuid
from urllib.parse import parse_qsl

from django import forms
from django.utils import timezone

from config.forms import Form
from properties.fields import DayField, DayInput
from reservations.offers.room_search import earliest_today
from reservations.stay import BadStay, Stay
from reservations.wording import moment

# A day as a DayField reads it, and a time of day.
MOMENT = re.compile(r"(?P<day>.+?)(?:T|,? )\s*(?P<hour>\d{1,2})[:.](?P<minute>\d\d)")
# What to do where the price of a stay would change: see `booking.prices.settle`.
PRICING = [("keep", "keep"), ("requote", "requote")]


def with_alternative(data):
    """A copy of the QueryDict `data`, with the values of the `alternative` that was pressed, if one was.

    See `offers.alternatives`.
    """
    fields = data.copy()
    for name, value in parse_qsl(data.get("alternative", ""), keep_blank_values=True):
        fields[name] = value
    return fields


def key_of_request(form):
    """The request's UUID for a valid form with a `request_key`, or None where that is empty.

    It is the same when the form is sent twice unchanged, and another when any of its fields has another value.
    """
    key = form.cleaned_data["request_key"]
    sent = {name: form[name].data for name in form.fields if name != "request_key"}
    return key and uuid.uuid5(key, json.dumps(sent, default=str, sort_keys=True))


class LocalMomentField(forms.DateTimeField):
    """A date and time in the time zone of the property, read as an instant (UTC). The form sets `zone`.

    The day is typed as in a DayField, and the time after it: "tomorrow 18:00", "5 dec 9:30", "2027-05-03T18:00". A time
    that does not exist or exists twice, because the clocks change, is an error.
    """

    default_error_messages = {"invalid": "Write a day and a time such as 5 dec 18:00."}

    def __init__(self, **options):
        widget = forms.DateTimeInput(
            format="%Y-%m-%d %H:%M", attrs={"autocomplete": "off", "placeholder": "5 dec 18:00", "spellcheck": "false"}
        )
        super().__init__(input_formats=["%Y-%m-%d %H:%M"], widget=widget, **options)
        self.zone = dt.UTC

    def to_python(self, value):
        if isinstance(value, str) and (said := MOMENT.fullmatch(value.strip())):
            day = DayField(today=timezone.localdate(timezone=self.zone), error_messages=self.error_messages)
            value = f"{day.clean(said['day'])} {said['hour']}:{said['minute']}"
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
        """As the pages write it, such as 5 Dec 2026, 18:00."""
        return moment(value.astimezone(self.zone)) if isinstance(value, dt.datetime) and value.tzinfo else value


class StayFields(Form):
    """Arrival and departure, which together make `cleaned_data["stay"]`. "+2" as the departure is two nights.

    Relative days are counted from the earliest date today of any property until `count_days_in` names one.
    """

    arrival = DayField(today=earliest_today, error_messages={"required": "Choose the day of arrival."})
    departure = DayField(
        today=earliest_today,
        error_messages={"required": "Choose the day of departure."},
        widget=DayInput({"placeholder": "+2, 7 dec"}),
    )

    def clean_arrival(self):
        arrival = self.cleaned_data["arrival"]
        self.fields["departure"].since = arrival
        return arrival

    def count_days_in(self, property):
        """Read relative days, such as "fri", by the property's date; with None by the earliest of any property."""
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.today = property.today if property else earliest_today

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if "arrival" in cleaned and "departure" in cleaned:
            try:
                cleaned["stay"] = self.stay_of(cleaned["arrival"], cleaned["departure"])
            except BadStay as bad:
                self.add_error(bad.field, bad.message)
        return cleaned

    def stay_of(self, arrival, departure):
        """The Stay of two dates. Raises BadStay."""
        return Stay(arrival, departure)

    def problems(self, *, besides=()):
        """Why these values will be refused: the words of the refusal. Not those of the fields `besides`.

        A field that is still empty, and a room or property that is not there any more, are no problem yet.
        """
        found = [(name, error) for name, errors in self.errors.as_data().items() for error in errors]
        return [
            words
            for name, error in found
            if name not in {"month", "shown", *besides} and error.code not in ("required", "invalid_choice")
            for words in error.messages
        ]
