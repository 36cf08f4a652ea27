"""Telephone numbers: reading and searching them in any form in which people write them.

A profile stores what was typed and also each number in E.164 and in its national form (`forms_of`), so that a part of
either form finds it. A number without a country code is read as a number of every country that has a property and in
which it is valid.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

Regions = Callable[[], list[str]]  # ISO 3166; asked only for numbers without a country code

# Fewest digits of a number; shorter ones are extensions and typing errors.
SHORTEST = 6
# Tried in this order. A stroke is in the second one, because it also separates an area code, as in 0170/1234567.
_BETWEEN_NUMBERS = [re.compile(r"[;,|&]|\b(?:and|or|und|oder|ou|et|y|o|e)\b"), re.compile(r"/|(?=\+)")]
_LIKE_A_NUMBER = re.compile(r"[\d\s+()./-]*\d[\d\s+()./-]*")
_DASHES = dict.fromkeys(map(ord, "‐‒–—―−"), "-")
# Country codes in which the zero of an area code is dialled from abroad too: +39 06 is Rome.
_ZERO_STAYS = ("39", "378", "379")


def is_like_a_number(text: str) -> bool:
    """Whether the text has at least one digit, and otherwise only blanks and the signs + ( ) . / -"""
    return bool(_LIKE_A_NUMBER.fullmatch(_plain(text)))


def digits(text: str) -> str:
    """The digits of a number; +351 912 345 678, 00351 912345678 and +351 (0)912 345 678 give the same."""
    return re.sub(r"[^0-9]", "", _international(text))


def dialled(text: str) -> str:
    """The digits of the text, after a + if it begins with one or with 00."""
    return ("+" if _international(text).startswith("+") else "") + digits(text)


def forms_of(text: str, regions: Regions) -> list[str]:
    """The forms of each number in `text`: E.164 such as +491701234567, and national digits such as 01701234567."""
    forms = [form for number in _numbers_in(text, regions) for form in (_e164(number), _national(number))]
    return list(dict.fromkeys(forms))


def wanted(text: str, regions: Regions) -> list[str]:
    """The digits to search for, of which any may match: as typed, and in both forms if the text is a whole number.

    None is empty: a text of zeros alone, as when a number with 00 is being typed, is searched for as it is.
    """
    forms = (form for number in _read(text, regions) for form in (_e164(number)[1:], _national(number)))
    return list(dict.fromkeys([digits(text) or re.sub(r"[^0-9]", "", _plain(text)), *forms]))


def _numbers_in(text: str, regions: Regions, separators=_BETWEEN_NUMBERS) -> list[PhoneNumber]:
    """The number in the text, or several numbers that are separated; [] if it cannot be read."""
    if found := list(_read(text, regions)):
        return found
    if not separators or len(digits(text)) < SHORTEST:
        return []
    parts = separators[0].split(_plain(text))
    return [number for part in parts for number in _numbers_in(part, regions, separators[1:])]


def _read(text: str, regions: Regions) -> Iterator[PhoneNumber]:
    """The whole text as one number: of its country code, or of each region in which it is valid."""
    number = _international(text)
    if number.startswith("+"):
        yield from _parsed(number, None, phonenumbers.is_possible_number)
    elif len(digits(number)) >= SHORTEST:
        for region in regions():
            yield from _parsed(number, region, phonenumbers.is_valid_number)


def _parsed(text: str, region: str | None, is_accepted: Callable[[PhoneNumber], bool]) -> Iterator[PhoneNumber]:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return
    if is_accepted(number):
        yield number


def _international(text: str) -> str:
    """The text with + in place of 00 and without a zero in parentheses, which is not dialled from abroad."""
    text = re.sub(r"^[\s(]*00", "+", _plain(text))
    if text.lstrip(" (").startswith("+"):
        text = text.lstrip(" (")
        if not text[1:].startswith(_ZERO_STAYS):
            text = re.sub(r"\(\s*0\s*\)", " ", text)
    return text.strip()


def _plain(text: str) -> str:
    """The text with its digits, dashes and blanks in ASCII, and without format characters, which are invisible."""
    visible = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return "".join(_digit(letter) for letter in visible).translate(_DASHES).strip()


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
