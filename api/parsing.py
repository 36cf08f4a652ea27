"""Strict parsers. JSON that other parsers might read differently is refused."""

import json

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

# The message for a body in another encoding.
_NOT_UTF8 = "This is not JSON in UTF-8. Send it without a byte order mark."


class StrictJSONParser(JSONParser):
    """Refuses duplicate names, NaN and Infinity, numbers too large for a float, other encodings than UTF-8."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            text = stream.read().decode("utf-8")
        except UnicodeDecodeError:
            raise ParseError(_NOT_UTF8) from None
        if text.startswith("\ufeff"):
            raise ParseError(_NOT_UTF8)
        try:
            return json.loads(
                text, object_pairs_hook=_object, parse_constant=_refused, parse_float=_float, parse_int=_integer
            )
        except RecursionError:
            raise ParseError("This JSON is nested too deeply.") from None
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            raise ParseError(f"This is not JSON: it cannot be read from {where} on.") from None


class FormParser(MultiPartParser):
    """multipart/form-data, with files."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError:
            words = "This is not the form that its Content-Type says. Let your HTTP library write both."
            raise ParseError(words) from None


def _object(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ParseError("A name stands twice in one object of this JSON. Send each once.")
    if not all(map(_is_whole, members)):
        raise ParseError("A name in this JSON has half of a character, such as \\ud83d alone. Send both halves.")
    return members


def _is_whole(name):
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _refused(name):
    raise ParseError(f"{name} is not JSON. Send a number, or null.")


def _float(digits):
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ParseError("A number in this JSON is too large.")
    return number


def _integer(digits):
    if len(digits) > 20:
        raise ParseError("A number in this JSON is too large.")
    return int(digits)
