"""Telephone numbers: read as people write them, looked for as people ask for them.

A profile keeps what was typed and, beside it, each number in E.164 and in its national form (`forms_of`), so that part
of either finds it. A number without a country code is read by the countries in which there are properties, by all of
them that it fits: a guess between two would be wrong for one.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

Regions = Callable[[], list[str]]  # ISO 3166; asked only for numbers without a country code

# Shorter ones are extensions and typing errors.
SHORTEST = 6
# A stroke comes last: it also stands behind the code of an area, 0170/1234567.
_BETWEEN_NUMBERS = [re.compile(r"[;,|&]|\b(?:and|or|und|oder|ou|et|y|o|e)\b"), re.compile(r"/|(?=\+)")]
_LIKE_A_NUMBER = re.compile(r"[\d\s+()./-]*\d[\d\s+()./-]*")
_DASHES = dict.fromkeys(map(ord, "‐‒–—―−"), "-")
# There the zero of an area belongs to the number: +39 06 is Rome.
_ZERO_STAYS = ("39", "378", "379")


def is_like_a_number(text: str) -> bool:
    return bool(_LIKE_A_NUMBER.fullmatch(_plain(text)))


def digits(text: str) -> str:
    """The digits of a number; +351 912 345 678, 00351 912345678 and +351 (0)912 345 678 give the same."""
    return re.sub(r"[^0-9]", "", _international(text))


def dialled(text: str) -> str:
    """The digits, with the + before them where there is one, of numbers that could not be read."""
    return ("+" if _international(text).startswith("+") else "") + digits(text)


def forms_of(text: str, regions: Regions) -> list[str]:
    """The forms of each number in `text`: E.164 such as +491701234567, and national digits such as 01701234567."""
    forms = [form for number in _numbers_in(text, regions) for form in (_e164(number), _national(number))]
    return list(dict.fromkeys(forms))


def wanted(text: str, regions: Regions) -> list[str]:
    """The digits to search for, any of which may match: as typed, and in the other forms of a whole number."""
    forms = (form for number in _read(text, regions) for form in (_e164(number)[1:], _national(number)))
    return list(dict.fromkeys([digits(text), *forms]))


def _numbers_in(text: str, regions: Regions, separators=_BETWEEN_NUMBERS) -> list[PhoneNumber]:
    """The number in the text, or several that stand beside each other."""
    if found := list(_read(text, regions)):
        return found
    if not separators or len(digits(text)) < SHORTEST:
        return []
    parts = separators[0].split(_plain(text))
    return [number for part in parts for number in _numbers_in(part, regions, separators[1:])]


def _read(text: str, regions: Regions) -> Iterator[PhoneNumber]:
    number = _international(text)
    if number.startswith("+"):
        yield from _parsed(number, None, phonenumbers.is_possible_number)
    elif len(digits(number)) >= SHORTEST:
        for region in regions():
            yield from _parsed(number, region, phonenumbers.is_valid_number)


def _parsed(text: str, region: str | None, is_one: Callable[[PhoneNumber], bool]) -> Iterator[PhoneNumber]:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return
    if is_one(number):
        yield number


def _international(text: str) -> str:
    """The text with + for 00 and without the zero in parentheses that is dialled only inside the country."""
    text = re.sub(r"^[\s(]*00", "+", _plain(text))
    if text.lstrip(" (").startswith("+"):
        text = text.lstrip(" (")
        if not text[1:].startswith(_ZERO_STAYS):
            text = re.sub(r"\(\s*0\s*\)", " ", text)
    return text.strip()


def _plain(text: str) -> str:
    """The text with ASCII digits, signs and blanks, and without invisible characters."""
    seen = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return "".join(_digit(letter) for letter in seen).translate(_DASHES).strip()


def _digit(letter: str) -> str:
    number = unicodedata.decimal(letter, None)
    return letter if number is None else str(number)


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _national(number: PhoneNumber) -> str:
    bare = PhoneNumber(
        country_code=number.country_code,
        national_number=number.national_number,
        italian_leading_zero=number.italian_leading_zero,
        number_of_leading_zeros=number.number_of_leading_zeros,
    )
    return re.sub(r"[^0-9]", "", phonenumbers.format_number(bare, PhoneNumberFormat.NATIONAL))
