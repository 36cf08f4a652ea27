"""Form fields for properties, rooms and rates, with their error messages."""

from decimal import Decimal

from django import forms

from config.forms import CleanCharField
from properties import money, room_names, time_zones
from properties.models import RoomType
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


class DayField(forms.DateField):
    """A local date in ISO format only, because the order of day and month in 01/02/2027 depends on the country."""

    default_error_messages = {"invalid": "Write the date as year-month-day, such as 2027-05-03."}

    def __init__(self, **options):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **options)


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
