"""From letters to tokens: numbers, dates and words, with what they mean about dates, nights and parties."""

import re
import unicodedata
from dataclasses import dataclass

from config.date_words import MEANINGS, PHRASES, Kind

_GAP = re.compile(r"[\s,;]+")
_TOKEN = re.compile(
    r"""
    (?P<year_first>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)
    |(?P<first>\d{1,2})(?P<sign>[./])(?P<second>\d{1,2})(?:(?P=sign)(?P<year>\d{4}|\d{2}))?(?!\d)\.?
    |\+\ ?(?P<offset>\d{1,2})(?!\d)
    |(?P<number>\d{1,4})(?!\d)(?:(?:st|nd|rd|th|er)(?![^\W\d_])|\.)?
    |(?P<dash>[-–—])
    |(?P<word>[^\W\d_]+)\.?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Date:
    """A date as it is written. The month comes first in its other reading only if `is_swappable`."""

    day: int
    month: int = 0
    year: int = 0
    is_swappable: bool = False


Token = tuple[Kind, int | Date]


def tokens_of(text: str) -> list[Token] | None:
    """The tokens of a text; None if there is a word or a sign among them that is not about dates."""
    found: list[list[Token]] = []
    at = 0
    text = _GAP.sub(" ", _folded(text)).strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match or not (meanings := _meanings_of(match)):
            return None
        if meanings[0][0] is not Kind.FILLER:
            found.append(meanings)
        at = match.end() + (text[match.end() : match.end() + 1] == " ")
    return [_chosen(found, index) for index in range(len(found))]


def _meanings_of(match: re.Match[str]) -> list[Token]:
    part = match.groupdict()
    if part["word"]:
        return [*MEANINGS.get(part["word"], [])]
    if part["dash"]:
        return [(Kind.UNTIL, 0)]
    if part["number"]:
        return [(Kind.NUMBER, int(part["number"]))]
    if part["offset"]:
        return [(Kind.OFFSET, int(part["offset"]))]
    if part["year_first"]:
        return [(Kind.DATE, Date(int(part["day"]), int(part["month"]), int(part["year_first"])))]
    return _written_date(int(part["first"]), int(part["second"]), _year(part["year"]), part["sign"])


def _written_date(first: int, second: int, year: int, sign: str) -> list[Token]:
    """Day and month. With a dot they are in this order; with a stroke the order is a country's."""
    if 1 <= second <= 12 and 1 <= first <= 31:
        return [(Kind.DATE, Date(first, second, year, is_swappable=sign == "/"))]
    if sign == "/" and 1 <= first <= 12 and 1 <= second <= 31:
        return [(Kind.DATE, Date(second, first, year))]
    return []


def _year(digits: str | None) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0) if digits else 0


def _chosen(found: list[list[Token]], index: int) -> Token:
    """Of two meanings the first one, except that the month "mar" without a day beside it is a Tuesday."""
    meanings = found[index]
    if len(meanings) > 1 and meanings[0][0] is Kind.MONTH and not _has_day_beside(found, index):
        return meanings[1]
    return meanings[0]


def _has_day_beside(found: list[list[Token]], index: int) -> bool:
    before, after, then = (
        found[place][0][0] if 0 <= place < len(found) else None for place in (index - 1, index + 1, index + 2)
    )
    is_day_after = after is Kind.NUMBER and then not in (Kind.NIGHTS, Kind.PARTY, Kind.MONTH)
    return before is Kind.NUMBER or is_day_after


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(letter for letter in letters if not unicodedata.combining(letter) and letter not in "'’`")
    plain = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", folded)
    for phrase, word in PHRASES.items():
        plain = plain.replace(phrase, word)
    return plain
