"""Form fields for properties, rooms and rates, with their error messages."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dateformat import format as date_format

from config.forms import CleanCharField
from config.spoken_dates import SURELY_BEFORE, YEARS, NoSuchDay, read_day
from properties import money, room_names, time_zones
from properties.models import Property, RoomType
from properties.room_names import BadRooms

ROOMS_HELP = "One by one or as a range: 101–118, 201, Garden Suite."
WEEKDAYS = [(1, "Mon"), (2, "Tue"), (3, "Wed"), (4, "Thu"), (5, "Fri"), (6, "Sat"), (7, "Sun")]


class RateField(forms.Field):
    """A price, read as a Decimal of at least 0 by `money.read`. The form sets `currency`."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 12})
    default_error_messages = {"required": "Please fill this in. Write 0 if a night is free of charge."}
    currency = ""

    def to_python(self, value):
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return money.read(text, self.currency)
        except money.Unreadable as refused:
            raise forms.ValidationError(refused.words, code=refused.code) from None

    def prepare_value(self, value):
        return money.as_typed(value, self.currency) if isinstance(value, Decimal) else value


class TimeZoneField(CleanCharField):
    """A time zone by its IANA name or its city alone, with all names as suggestions."""

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
    """Text such as "101–118, 201", read as a list of room names."""

    def __init__(self, **options):
        super().__init__(paragraphs=True, widget=forms.Textarea(attrs={"rows": 2}), help_text=ROOMS_HELP, **options)

    def to_python(self, value):
        try:
            return room_names.parse(super().to_python(value))
        except BadRooms as bad:
            raise forms.ValidationError(str(bad)) from None


class CountField(forms.IntegerField):
    """A whole number from 1 to `most`, or None if empty. `of` names what is counted, for the messages."""

    def __init__(self, *, most, of, **options):
        messages = {
            "required": "Please fill this in.",
            "invalid": f"Write a whole number of {of}.",
            "min_value": f"Write a whole number of {of}, 1 or more.",
            "max_value": f"At most {most} {of}.",
        }
        super().__init__(min_value=1, max_value=most, error_messages=messages, **options)


class DayInput(forms.TextInput):
    """A day as text, with a button for the browser's own calendar."""

    template_name = "components/day_input.html"

    def __init__(self, attrs=None):
        super().__init__(
            {"autocomplete": "off", "spellcheck": "false", "placeholder": "5 dec, fri, +2"} | (attrs or {})
        )


class DayField(forms.DateField):
    """A local date, typed as people say it: "5 dec", "5.12.", "fri", "+2" or "2026-12-05". See `config.spoken_dates`.

    `today` is the date from which relative days such as "fri" are counted, or a function that returns it, which is
    called only for a text that needs it. Each form gives its own, because the date is that of a property; without one
    it is that of UTC. A form may set `since`, the day after which the day is to be, such as the arrival for a
    departure; a day without a year is then at most `surely_before` later. With `is_past`, as in searches of what has
    been, a day without a year is the latest one.
    """

    widget = DayInput
    default_error_messages = {"invalid": "Write a day such as 5 dec, 5.12.2026, fri or +2."}
    since: dt.date | None = None

    def __init__(
        self,
        *,
        today: dt.date | Callable[[], dt.date] | None = None,
        surely_before: dt.timedelta = SURELY_BEFORE,
        is_past: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.today = today
        self.surely_before = surely_before
        self.is_past = is_past

    def local_today(self) -> dt.date:
        today = self.today() if callable(self.today) else self.today
        return today or dt.datetime.now(dt.UTC).date()

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, dt.date):
            return value or None
        if day := _iso_day(value):
            return day
        try:
            day = read_day(
                str(value),
                today=self.local_today(),
                since=self.since,
                is_past=self.is_past,
                surely_before=self.surely_before,
            )
        except NoSuchDay as problem:
            raise forms.ValidationError(str(problem), code="no_such_day") from None
        if day is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day

    def prepare_value(self, value):
        """As the pages write dates, such as 5 Dec 2026; what was typed in another way stays as it is."""
        day = value if isinstance(value, dt.date) else _iso_day(value)
        return date_format(day, "j M Y") if day and day.year in YEARS else value


def _iso_day(value):
    """The day of a text such as 2026-12-05, the one form of ISO 8601 that people and browsers write; else None."""
    text = str(value)
    if len(text) != len("2026-12-05") or "W" in text:  # 20261205, and 2026-W49-6
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def today_at(key: object) -> dt.date:
    """The date today at the property with this key, such as the text of a field; else the earliest at any property."""
    found = Property.objects.filter(pk=str(key)) if str(key or "").isdecimal() else Property.objects.none()
    property = found.first()
    return property.today() if property else Property.objects.active().earliest_today()


class RoomTypeField(forms.ModelChoiceField):
    """One of a hotel's room types, or none. The form sets the queryset."""

    def __init__(self, **options):
        gone = {"invalid_choice": "This room type was removed meanwhile. Choose another one."}
        super().__init__(RoomType.objects.none(), required=False, error_messages=gone, **options)


class WeekdaysField(forms.TypedMultipleChoiceField):
    """ISO weekdays (1 Monday) of nights; a night belongs to the day of its evening."""

    def __init__(self, **options):
        messages = {"invalid_choice": "Tick days of the week."}
        widget = forms.CheckboxSelectMultiple
        super().__init__(choices=WEEKDAYS, coerce=int, widget=widget, error_messages=messages, **options)
