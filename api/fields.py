"""Serializer fields that accept exactly what the schema says: 3 is no text, and "3" and true are no numbers.

In a query string and in a form all values are text, and are parsed (see `serializers.RequestSerializer.is_text`).
"""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from rest_framework import serializers

from config.text import UnfitText, tidy

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_TRUTH = {"true": True, "false": False}


class Text(serializers.CharField):
    """Text that `config.text.tidy` has cleaned: one line, or several with `paragraphs`."""

    default_error_messages = {
        "max_length": "Keep this to {max_length} characters.",
        "invalid": "This is not text.",
        "blank": "This may not be empty.",
        "invisible": "There is nothing to be seen in this.",
    }

    def __init__(self, *, paragraphs=False, **options):
        super().__init__(trim_whitespace=False, **options)
        self.paragraphs = paragraphs

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        try:
            text = tidy(data, paragraphs=self.paragraphs)
        except UnfitText as unfit:
            raise serializers.ValidationError(str(unfit), code="unfit") from None
        # The length of the text as sent, with spaces around it, because the schema counts them.
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return text

    def run_validation(self, data=serializers.empty):
        value = super().run_validation(data)
        if value == "" and not self.allow_blank:
            self.fail("invisible")
        return value


class Email(Text):
    """An e-mail address, or empty text where that is allowed."""

    default_error_messages = {"unfit": "Write a whole address, such as name@example.com."}

    def to_internal_value(self, data):
        address = super().to_internal_value(data)
        try:
            if address:
                validate_email(address)
        except ValidationError:
            self.fail("unfit")
        return address


class Whole(serializers.IntegerField):
    default_error_messages = {
        "invalid": "This is not a whole number.",
        "min_value": "This is at least {min_value}.",
        "max_value": "This is at most {max_value}.",
    }

    def to_internal_value(self, data):
        if not (_reads_as_whole(data) if _is_text(self) else _is_whole(data)):
            self.fail("invalid")
        return int(data)


class Key(Whole):
    """The primary key of a row, such as a property's `id`."""

    def __init__(self, **options):
        super().__init__(**{"min_value": 1, "max_value": 2**31 - 1} | options)


class YesNo(serializers.BooleanField):
    default_error_messages = {"invalid": "Say true or false."}

    def to_internal_value(self, data):
        value = _TRUTH.get(data) if _is_text(self) and isinstance(data, str) else data
        if not isinstance(value, bool):
            self.fail("invalid")
        return value


class Day(serializers.DateField):
    """A local date of the property."""

    default_error_messages = {"invalid": "Write the date as year-month-day, such as 2027-05-03."}

    def to_internal_value(self, value):
        if not (isinstance(value, str) and _DAY.fullmatch(value)):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class Moment(serializers.DateTimeField):
    """An instant, with its offset from UTC."""

    default_error_messages = {
        "invalid": "Write date, time and offset, such as 2027-05-03T18:00:00Z.",
        "overflow": "This is before or after all that a calendar has.",
    }

    def to_internal_value(self, value):
        if not (isinstance(value, str) and _MOMENT.fullmatch(value)):
            self.fail("invalid", format="RFC 3339")
        return super().to_internal_value(value.upper())


class Choice(serializers.ChoiceField):
    default_error_messages = {"invalid_choice": "There is no such choice."}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


def _reads_as_whole(data):
    return isinstance(data, str) and _WHOLE.fullmatch(data)


def _is_whole(data):
    """Whether the JSON value is a whole number, such as 3 or 3.0, but not true."""
    if isinstance(data, bool):
        return False
    return isinstance(data, int) or (isinstance(data, float) and data.is_integer() and abs(data) < 2**53)


def _is_text(field):
    return getattr(field.root, "is_text", False)
