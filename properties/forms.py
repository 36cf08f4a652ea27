"""What the desk may type about properties and rooms. Forms own the input; `inventory` owns what is done with it."""

import re
from decimal import Decimal

from crispy_forms.layout import HTML, Column, Div, Row
from django import forms

from config.forms import CleanCharField, fields_only
from properties import room_names, time_zones
from properties.models import Property
from properties.money import CURRENCIES
from properties.room_names import BadRooms

HIGHEST_RATE = Decimal("99999999.99")
ROOMS_HELP = "One by one or as a range: 101–118, 201, Garden Suite."


class RateField(forms.Field):
    """A price as a non-negative Decimal. Plain digits only: whatever could be read in two ways is asked for again."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 12})
    default_error_messages = {
        "required": "Please fill this in. Write 0 if a night is free of charge.",
        "negative": "A price cannot be negative.",
        "marks": "Use a point for cents and no mark for thousands: 1250.50.",
        "cents": "Write at most two digits after the point, such as 140.50.",
        "digits": "Write the price in digits, such as 140 or 140.50.",
        "too_high": "This is more than a night can cost here. Check the price.",
    }

    def to_python(self, value):
        text = str(value or "").strip()
        if not text:
            return None
        if problem := self._problem(text):
            raise forms.ValidationError(self.error_messages[problem], code=problem)
        return Decimal(text)

    def prepare_value(self, value):
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value

    @staticmethod
    def _problem(text):
        if re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text):
            return "too_high" if len(text) > 20 or Decimal(text) > HIGHEST_RATE else None
        if re.fullmatch(r"[-−][0-9.,]+", text):
            return "negative"
        if re.fullmatch(r"[0-9]+\.[0-9]*", text):
            return "cents"
        return "marks" if re.fullmatch(r"[0-9.,'’\s]+", text) else "digits"


class TimeZoneField(CleanCharField):
    """An IANA name, with all names as suggestions; a city alone will do."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=64, widget=widget, **options)

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return text
        if (name := time_zones.find(text)) is None:
            raise forms.ValidationError(
                f"“{text[:40]}” is no time zone. Choose one of the list, such as Europe/Lisbon."
            )
        return name


class RoomsField(CleanCharField):
    """A list of room names out of text such as "101–118, 201"."""

    def __init__(self, **options):
        super().__init__(paragraphs=True, widget=forms.Textarea(attrs={"rows": 2}), help_text=ROOMS_HELP, **options)

    def to_python(self, value):
        try:
            return room_names.parse(super().to_python(value))
        except BadRooms as bad:
            raise forms.ValidationError(str(bad)) from None


def _hour(label):
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    message = "Write an hour between 00:00 and 23:59, such as 15:00."
    return forms.TimeField(
        label=label, widget=widget, input_formats=["%H:%M", "%H:%M:%S"], error_messages={"invalid": message}
    )


class PropertyForm(forms.Form):
    """Everything about a property that may change. Labels are what tests and assistive technology look for."""

    name = CleanCharField(max_length=120)
    location = CleanCharField(max_length=200, required=False, help_text="Street and town, or how people find it.")
    description = CleanCharField(
        max_length=4000, required=False, paragraphs=True, widget=forms.Textarea(attrs={"rows": 4})
    )
    time_zone = TimeZoneField(help_text="Its “today” decides what is due in and out.")
    check_in_time = _hour("Check-in from")
    check_out_time = _hour("Check-out by")
    currency = forms.ChoiceField(
        choices=[(currency.code, f"{currency.code} – {currency.name}") for currency in CURRENCIES.values()],
        error_messages={"invalid_choice": "Choose a currency of the list."},
    )
    nightly_rate = RateField(label="Price per night")

    @classmethod
    def of(cls, property, data=None):
        return cls(data, initial={field: getattr(property, field) for field in cls.base_fields})

    @property
    def helper(self):
        return fields_only(Div(self._identity(), self._terms(), css_class="split"))

    @property
    def time_zones(self):
        return time_zones.names()

    def clean(self):
        super().clean()
        rate, currency = self.cleaned_data.get("nightly_rate"), CURRENCIES.get(self.cleaned_data.get("currency"))
        if rate and currency and rate != round(rate, currency.decimals):
            self.add_error("nightly_rate", f"The {currency.name} has no cents. Write a whole number.")

    def _identity(self):
        return _panel("What it is", "name", "location", "description")

    def _terms(self):
        return _panel(
            "Arrival and price",
            "time_zone",
            Row(Column("check_in_time"), Column("check_out_time")),
            Row(Column("nightly_rate"), Column("currency")),
        )


class NewPropertyForm(PropertyForm):
    """Kind and rooms are asked once: the kind never changes, rooms are added on the hotel's page."""

    kind = forms.ChoiceField(
        choices=Property.Kind.choices, error_messages={"invalid_choice": "Choose hotel or apartment."}
    )
    rooms = RoomsField(required=False)

    def clean(self):
        super().clean()
        if self.cleaned_data.get("kind") != Property.Kind.HOTEL:
            self.cleaned_data["rooms"] = []
            self.errors.pop("rooms", None)

    def _identity(self):
        return _panel(
            "What it is", "kind", "name", "location", "description", Div("rooms", css_class="only-for-hotels")
        )


class AddRoomsForm(forms.Form):
    rooms = RoomsField(label="Add rooms")

    @property
    def helper(self):
        return fields_only("rooms")


class RoomForm(forms.Form):
    name = CleanCharField(max_length=room_names.LONGEST_NAME)

    @property
    def helper(self):
        return fields_only("name")


class SearchForm(forms.Form):
    """What the list shows: the arguments of `PropertyQuerySet.shown`. Nothing in it is required."""

    q = CleanCharField(label="Search", max_length=200, required=False)
    kind = forms.ChoiceField(
        choices=[("", "All kinds"), *Property.Kind.choices],
        required=False,
        error_messages={"invalid_choice": "Choose hotels, apartments or all kinds."},
    )
    archived = forms.BooleanField(label="Show archived", required=False)


def _panel(title, *fields):
    return Div(HTML(f"<header><h2>{title}</h2></header>"), Div(*fields, css_class="body"), css_class="panel")
