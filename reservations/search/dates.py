"""Makes nights and a party of what people say: "4 dec 2n 3p", "fri 2 nights", "24-26 dec for 3", "morgen", "+2".

Pure: today's date is an argument, and nothing is asked of the database. A name or a number is not read. A text that can
be read in two ways, such as 4/12, gives both, first that with the day before the month. A date without a year is the
next one from today on. The words are read by `config.spoken_dates`.
"""

import calendar
import datetime as dt
from dataclasses import dataclass, replace

from config.spoken_dates import SURELY_BEFORE, NoSuchDay, Phrase, Point, completed, day_of, phrase_in
from reservations.stay import MAX_NIGHTS, BadStay, Stay

# Nights of a stay that is offered although the text is more likely to mean another one.
LONGEST_GUESS = 31
# Nights of "28-3 jan", which begins in the month before. Of "5-3 jan" rather the two days were swapped.
LONGEST_INTO_NEXT_MONTH = 21


@dataclass(frozen=True)
class Wanted:
    """Nights that are asked for. `party_size` is None where nothing is said of it; `remark` is for staff."""

    stay: Stay
    party_size: int | None = None
    remark: str = ""


@dataclass(frozen=True)
class Reading:
    """What a text asks for, the likeliest first; where that is nothing possible, `problem` says why.

    It is not certain when the text may as well be a name or a number, such as "mar" or "4 12".
    """

    wanted: tuple[Wanted, ...]
    problem: str = ""
    is_certain: bool = True


def read(text: str, *, today: dt.date) -> Reading | None:
    """The Reading of `text`; None if it is not only about dates, nights and guests."""
    phrase = phrase_in(text)
    return _reading(phrase, today) if phrase else None


def _reading(said: Phrase, today: dt.date) -> Reading:
    if said.arrival is None and said.departure is None:
        said.arrival = Point(offset=0)
    if said.party_size == 0:
        return Reading((), "At least one guest stays.", said.is_certain)
    wanted: dict[Stay, Wanted] = {}
    problem = ""
    for is_other in (False, True):
        try:
            stay = _stay(said, today, is_other=is_other)
        except (BadStay, NoSuchDay) as impossible:
            problem = problem or str(impossible)
        else:
            if wanted and stay.nights > LONGEST_GUESS:
                continue
            wanted.setdefault(stay, Wanted(stay, said.party_size, _remark(said.arrival, stay.arrival)))
    return Reading(tuple(wanted.values()), "" if wanted else problem, said.is_certain)


def _stay(said: Phrase, today: dt.date, *, is_other: bool) -> Stay:
    """The nights, in the other reading of what can be read in two ways if `is_other`."""
    arrival, departure = said.arrival or Point(offset=0), said.departure
    if departure and arrival.date and departure.date:
        arrival = replace(arrival, date=completed(arrival.date, departure.date))
    first = day_of(arrival, since=today, today=today, is_other=is_other)
    if departure is None:
        return _of_nights(first, 1 if said.nights is None else said.nights)
    after = first + dt.timedelta(days=1)
    last = day_of(replace(departure, is_next=False), since=after, today=today, is_other=is_other)
    if (last - first).days > _longest(said):
        raise BadStay("departure", "The departure is before the arrival. Swap the two dates.")
    return Stay(first, last)


def _longest(said: Phrase) -> int:
    """Nights of a departure without a year that are believed; a later one is rather before the arrival."""
    first, last = said.arrival and said.arrival.date, said.departure and said.departure.date
    if not first or not last or not last.month or (first.month and last.year):
        return MAX_NIGHTS
    if first.month:
        return SURELY_BEFORE.days
    return LONGEST_INTO_NEXT_MONTH if first.day > last.day else MAX_NIGHTS


def _of_nights(arrival: dt.date, nights: int) -> Stay:
    try:
        return Stay.of_nights(arrival, nights)
    except OverflowError:
        raise NoSuchDay(f"{nights} nights are too many.") from None


def _remark(point: Point | None, arrival: dt.date) -> str:
    """Words when another weekday was said than the date has; else ""."""
    if point is None or point.date is None or point.weekday in (None, arrival.weekday()):
        return ""
    return f"This is a {calendar.day_name[arrival.weekday()]}."
