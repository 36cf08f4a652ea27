"""Reads dates as people say them, in six languages: "4 dec", "fri", "24.12.", "morgen", "+2", "2026-12-05".

`phrase_in` reads all of a text about dates, nights and guests, of which a search makes nights. `read_day` reads one
day, for the fields of forms. Pure: today's date is an argument. A date without a year is the next one; for `read_day`
one of the last weeks, too. A text that can be read in two ways, such as 4/12, is read with the day before the month.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace

from config.date_tokens import Date, Token, tokens_of
from config.date_words import Kind

# Characters of a text that is read; a longer one was pasted by mistake.
LONGEST = 80
# The largest number after a plus sign that is surely days and not the beginning of a telephone number.
SURELY_DAYS = 9
# The years of the calendar.
YEARS = range(2000, 2101)
WRONG_YEAR = f"Write a year between {YEARS[0]} and {YEARS[-1]}."


@dataclass(frozen=True)
class Point:
    """A day as it was said: a date, days from today, or a weekday; the weekday may stand before a date, too."""

    date: Date | None = None
    offset: int | None = None
    weekday: int | None = None
    is_next: bool = False


@dataclass
class Phrase:
    """What was said: one or two points, nights, a party."""

    arrival: Point | None = None
    departure: Point | None = None
    nights: int | None = None
    party_size: int | None = None
    is_certain: bool = False


def phrase_in(text: str) -> Phrase | None:
    """What the text says of dates, nights and guests; None if it is not only about these."""
    tokens = tokens_of(text) if len(text) <= LONGEST else None
    return _Reader(tokens).phrase() if tokens else None


# A departure is rather a mistake than so many nights after the arrival.
SURELY_BEFORE = dt.timedelta(days=200)
# A date without a year that was so long ago is meant, and not that of the next year: who types "29 nov" on the 30th
# means yesterday.
LATELY = dt.timedelta(days=30)
# The largest number of days from today after a plus sign: two years. More is a typing mistake.
MOST_DAYS = 730
_MANY_DAYS = re.compile(r"\+ ?([0-9]{3,9})")
# 5-12-2026, 2026/12/5 and 5-dec-2026, which are no ranges where one day is typed.
_DAY_FIRST = re.compile(r"\A([0-9]{1,2})-([0-9]{1,2})-([0-9]{4}|[0-9]{2})\Z")
_YEAR_FIRST = re.compile(r"\A([0-9]{4})([./])([0-9]{1,2})\2([0-9]{1,2})\Z")
_WITH_MONTH = re.compile(r"\A([0-9]{1,2})[-/]([^\W\d_]{3,})(?:[-/]([0-9]{4}|[0-9]{2}))?\Z")


def read_day(
    text: str,
    *,
    today: dt.date,
    since: dt.date | None = None,
    is_past: bool = False,
    surely_before: dt.timedelta = SURELY_BEFORE,
) -> dt.date | None:
    """The one day that the text says; None if it says none, or more than a day.

    A weekday, or a day without a month, is the first one from today on. A date without a year is the first one from
    LATELY before today on, so that it can be a day of the last weeks. With `since` both are the first one from the day
    after `since` on, but no weekday before today; where that is later than `surely_before` after `since`, they are the
    one before it. "+2" and "2 nights" are days from `since` then. With `is_past` all of them are the latest one up to
    today. A `since` beyond the calendar is ignored. Raises NoSuchDay.
    """
    since = since if since and since.year in YEARS else None
    day = _day_in(_without_strokes(text.strip()), today, since, surely_before, is_past=is_past)
    if day and day.year not in YEARS:
        raise NoSuchDay(WRONG_YEAR)
    return day


def _without_strokes(text: str) -> str:
    text = _YEAR_FIRST.sub(r"\1-\3-\4", text)
    text = _DAY_FIRST.sub(r"\1.\2.\3", text)
    return _WITH_MONTH.sub(r"\1 \2 \3", text).strip()


def _day_in(
    text: str, today: dt.date, since: dt.date | None, surely_before: dt.timedelta, *, is_past: bool
) -> dt.date | None:
    if many := _MANY_DAYS.fullmatch(text):
        return _days_after(since or today, int(many[1]), most=None if since else MOST_DAYS)
    said = phrase_in(text) or _with_year_of_two_digits(text)
    if said is None or said.departure or said.party_size is not None:
        return None
    if said.arrival is None:
        return _days_after(since, said.nights) if since and said.nights else None
    if said.nights is not None:
        return None
    if since and said.arrival.offset is not None and text.startswith("+"):
        return _days_after(since, said.arrival.offset)
    earliest = _earliest(said.arrival, today, since, is_past=is_past)
    day = day_of(said.arrival, since=earliest, today=today)
    is_late = day > today if is_past else since is not None and day - since > surely_before
    return _one_round_earlier(said.arrival, day) if is_late else day


def _earliest(point: Point, today: dt.date, since: dt.date | None, *, is_past: bool) -> dt.date:
    """The first day that the words of `point` may mean."""
    has_month = point.date is not None and point.date.month > 0
    if since:
        after = since + dt.timedelta(days=1)
        return after if has_month else max(after, today)
    return today - LATELY if has_month and not is_past else today


def _with_year_of_two_digits(text: str) -> Phrase | None:
    """The phrase of "5 dec 27"; None of another text. Raises NoSuchDay for "5 dec 1900"."""
    tokens = tokens_of(text) if len(text) <= LONGEST else None
    match tokens:
        case [*date, (Kind.NUMBER, int(year))] if year >= 10 and year not in YEARS and _is_day_of_month(date):
            if year >= 100:
                raise NoSuchDay(WRONG_YEAR)
            return _Reader([*date, (Kind.NUMBER, year + YEARS[0])]).phrase()
    return None


def _is_day_of_month(tokens: list[Token]) -> bool:
    """Whether a day and a month are said and nothing else, but for a weekday before them."""
    match tokens:
        case [(Kind.WEEKDAY, _), *date]:
            return _is_day_of_month(date)
        case [(Kind.NUMBER, _), (Kind.MONTH, _)] | [(Kind.MONTH, _), (Kind.NUMBER, _)]:
            return True
    return False


def _one_round_earlier(point: Point, day: dt.date) -> dt.date:
    """The day before `day` that the same words say: a week or a year earlier; `day` itself if they have a year."""
    if point.date is None and point.weekday is not None:
        return day - dt.timedelta(days=7)
    if point.date and point.date.month and not point.date.year:
        return _existing(day.day, day.month, day.year - 1, otherwise=day.year)
    return day


def _days_after(day: dt.date, days: int, most: int | None = None) -> dt.date:
    """Raises NoSuchDay for more than `most` days, and beyond the calendar."""
    if days > (dt.date(YEARS[-1], 12, 31) - day).days or (most and days > most):
        raise NoSuchDay(f"{days} days are too many. Write the date with its year.")
    return day + dt.timedelta(days=days)


# --- from tokens to what was said ---


class _Reader:
    """Takes what it understands from the front of the tokens until there are none."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.said = Phrase()
        self.is_until = False
        self.weekday: Point | None = None  # it may belong to the date that follows

    def phrase(self) -> Phrase | None:
        """None when the tokens make no sense together."""
        while self.tokens:
            taken = self._take_count() or self._take_relative_day() or self._take_date() or self._take_word()
            if not taken:
                return None
            self.tokens = self.tokens[taken:]
        if self.weekday and not self._add(self.weekday):
            return None
        said = self.said
        if self.is_until and not said.departure:  # "tomorrow -2 nights"
            return None
        return (
            said if said.arrival or said.departure or said.nights is not None or said.party_size is not None else None
        )

    def _take_count(self) -> int:
        """Nights or a party; returns the number of tokens that say it, 0 for none."""
        match self.tokens:
            case [(Kind.NUMBER, int(count)), (Kind.NIGHTS, int(unit)), *_]:
                return self._set(2, nights=count * unit)
            case [(Kind.NUMBER, int(count)), (Kind.PARTY, _), *_]:
                return self._set(2, party_size=count)
            case [(Kind.FOR, _), (Kind.NUMBER, _), (Kind.NIGHTS | Kind.PARTY, _), *_]:
                return 1
            case [(Kind.FOR, _), (Kind.NUMBER, int(count)), *_]:
                return self._set(2, party_size=count)
            case [(Kind.OFFSET, int(count)), *_] if self.said.arrival:
                return self._set(1, nights=count)
        return 0

    def _set(self, taken: int, **said: int) -> int:
        [(name, count)] = said.items()
        if getattr(self.said, name) is not None:
            return 0
        setattr(self.said, name, count)
        self.said.is_certain = True
        return taken

    def _take_relative_day(self) -> int:
        match self.tokens:
            case [(Kind.DAY, int(days)), *_]:
                return self._add(Point(offset=days), is_certain=True)
            case [(Kind.OFFSET, int(days)), *_]:
                return self._add(Point(offset=days), is_certain=days <= SURELY_DAYS)
            case [(Kind.WITHIN, _), (Kind.NUMBER, int(days)), (Kind.DAYS, _), *_]:
                return self._add(Point(offset=days), is_certain=True) and 3
            case [(Kind.WEEKEND, _), *_] if self.said.nights is None:
                self.said.nights = 2
                return self._add(Point(weekday=calendar.FRIDAY), is_certain=True)
            case [(Kind.NEXT, _), (Kind.WEEKDAY, int(weekday)), *_]:
                return self._wait_for_date(Point(weekday=weekday, is_next=True)) and 2
            case [(Kind.WEEKDAY, int(weekday)), *_]:
                return self._wait_for_date(Point(weekday=weekday))
        return 0

    def _take_date(self) -> int:
        match self.tokens:
            case [(Kind.DATE, Date() as date), *_]:
                return self._add(Point(date), is_certain=True)
            case [(Kind.NUMBER, int(day)), (Kind.MONTH, int(month)), (Kind.NUMBER, int(year)), *_] if year in YEARS:
                return self._add(Point(Date(day, month, year)), is_certain=True) and 3
            case [(Kind.NUMBER, int(day)), (Kind.MONTH, int(month)), *_]:
                return self._add(Point(Date(day, month)), is_certain=True) and 2
            case [(Kind.MONTH, int(month)), (Kind.NUMBER, int(day)), (Kind.NUMBER, int(year)), *_] if year in YEARS:
                return self._add(Point(Date(day, month, year)), is_certain=True) and 3
            case [(Kind.MONTH, int(month)), (Kind.NUMBER, int(day)), *_] if day < 99:
                return self._add(Point(Date(day, month)), is_certain=True) and 2
            case [(Kind.NUMBER, int(first)), (Kind.NUMBER, int(second))] if 1 <= first <= 31 and 1 <= second <= 12:
                return self._add(Point(Date(first, second, is_swappable=True))) and 2
            case [(Kind.NUMBER, int(day)), *others] if 1 <= day <= 31 and self._is_day_alone(others):
                return self._add(Point(Date(day)))
        return 0

    def _is_day_alone(self, others: list[Token]) -> bool:
        """Whether a number without a month is a day: after a weekday, at an end of a range, or before a count."""
        match others:
            case [(Kind.UNTIL | Kind.FOR, _), *_] | [(Kind.NUMBER, _), (Kind.NIGHTS | Kind.PARTY, _), *_]:
                return True
        return self.is_until or self.weekday is not None

    def _take_word(self) -> int:
        match self.tokens:
            case [(Kind.UNTIL, _), _, *_] if not self.is_until:
                if self.weekday and not self._add(self.weekday):
                    return 0
                self.is_until = True
                return 1
            case [(Kind.WITHIN, _), _, *_]:
                return 1
        return 0

    def _wait_for_date(self, weekday: Point) -> int:
        """A weekday is a point of its own unless a date follows it."""
        if self.weekday and not self._add(self.weekday):
            return 0
        self.weekday = weekday
        return 1

    def _add(self, point: Point, *, is_certain: bool = False) -> int:
        """Take the point as the arrival, or after it as the departure; 1, or 0 if there are both already."""
        if self.weekday:
            point = replace(point, weekday=self.weekday.weekday, is_next=self.weekday.is_next)
            self.weekday = None
        is_departure = self.is_until or self.said.arrival
        name = "departure" if is_departure else "arrival"
        if getattr(self.said, name):
            return 0
        setattr(self.said, name, point)
        self.said.is_certain |= is_certain
        return 1


# --- from what was said to a day ---


class NoSuchDay(Exception):
    """The message is for staff."""


def completed(arrival: Date, departure: Date) -> Date:
    """The arrival with the month and year that were said of the departure only, as in "24-26 dec 2027"."""
    month, year = arrival.month or departure.month, arrival.year or departure.year
    if not arrival.month and month and arrival.day > departure.day:
        month, year = (month - 1, year) if month > 1 else (12, year and year - 1)
    elif not arrival.year and year and (month, arrival.day) > (departure.month, departure.day):
        year -= 1
    return replace(arrival, month=month, year=year)


def day_of(point: Point, *, since: dt.date, today: dt.date, is_other: bool = False) -> dt.date:
    """The first day from `since` on that is meant. Raises NoSuchDay."""
    if point.date:
        return _dated(point.date, since, is_other=is_other)
    if point.offset is not None:
        return today + dt.timedelta(days=point.offset)
    days = ((point.weekday or 0) - since.weekday()) % 7
    is_ambiguous = point.is_next or (days == 0 and since == today)
    if point.is_next and days == 0:
        days = 7
    return since + dt.timedelta(days=days + (7 if is_ambiguous and is_other else 0))


def _dated(date: Date, since: dt.date, *, is_other: bool) -> dt.date:
    day, month = (date.month, date.day) if date.is_swappable and is_other else (date.day, date.month)
    if not month:
        return _of_month(day, since)
    if date.year:
        return _existing(day, month, date.year)
    first = _existing(day, month, since.year, otherwise=since.year + 1)
    return first if first >= since else _existing(day, month, since.year + 1)


def _of_month(day: int, since: dt.date) -> dt.date:
    """The next day with this number, in one of three months: of two months in a row, one has 31 days."""
    months = ((since.month - 1 + ahead) for ahead in range(3))
    for month in months:
        year, month = since.year + month // 12, month % 12 + 1
        if day <= calendar.monthrange(year, month)[1] and dt.date(year, month, day) >= since:
            return dt.date(year, month, day)
    raise NoSuchDay(f"There is no {day}th of a month.")


def _existing(day: int, month: int, year: int, *, otherwise: int = 0) -> dt.date:
    """This day of `year`, or where that year has none of `otherwise`; raises NoSuchDay."""
    for each in filter(None, (year, otherwise)):
        try:
            return dt.date(each, month, day)
        except ValueError:
            continue
    is_leap_day = (day, month) == (29, 2)
    if not 1 <= month <= 12:
        raise NoSuchDay(f"There is no month {month}.")
    raise NoSuchDay(f"There is no {day} {calendar.month_name[month]}{f' {otherwise or year}' if is_leap_day else ''}.")
