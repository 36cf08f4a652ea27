"""One day as people type it into a field."""

import datetime as dt

import pytest

from config.spoken_dates import NoSuchDay, read_day

TODAY = dt.date(2026, 11, 30)  # a Monday
ARRIVAL = dt.date(2026, 12, 10)  # a Thursday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-05", "2026-12-05"),
        ("5 Dec 2026", "2026-12-05"),
        ("5 dec", "2026-12-05"),
        ("5.12.", "2026-12-05"),
        ("5.12.2027", "2027-12-05"),
        ("5/12", "2026-12-05"),
        ("1 jan", "2027-01-01"),
        ("fri", "2026-12-04"),
        ("sat 5 dec", "2026-12-05"),
        ("+2", "2026-12-02"),
        ("tomorrow", "2026-12-01"),
        ("morgen", "2026-12-01"),
    ],
)
def test_a_day_is_the_next_one(text, day):
    assert read_day(text, today=TODAY) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("+2", "2026-12-12"),
        ("2 nights", "2026-12-12"),
        ("2n", "2026-12-12"),
        ("1 week", "2026-12-17"),
        ("fri", "2026-12-11"),
        ("thu", "2026-12-17"),
        ("12 dec", "2026-12-12"),
        ("2 jan", "2027-01-02"),
        ("8 dec", "2026-12-08"),  # not a year later: a mistake, and the form says so
        ("8 dec 2027", "2027-12-08"),
    ],
)
def test_a_departure_is_counted_from_the_arrival(text, day):
    assert read_day(text, today=TODAY, since=ARRIVAL) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("29 nov", "2026-11-29"),
        ("5 dec", "2025-12-05"),
        ("5 dec 2026", "2026-12-05"),
        ("fri", "2026-11-27"),
        ("today", "2026-11-30"),
        ("tomorrow", "2026-12-01"),
    ],
)
def test_what_has_been_is_the_latest_one(text, day):
    assert read_day(text, today=TODAY, is_past=True) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["", "5", "dec", "Ana", "24-26 dec", "5 dec 2 nights", "5 dec for 3", "3 guests", "2 nights"]
)
def test_what_is_not_one_day_is_none(text):
    assert read_day(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [("31.2.", "no 31 February"), ("29 feb 2027", "no 29 February 2027"), ("2027-02-29", "no 29 February 2027")],
)
def test_a_day_that_does_not_exist_is_said_to(text, words):
    with pytest.raises(NoSuchDay, match=words):
        read_day(text, today=TODAY)


def test_days_beyond_the_calendar_are_no_days():
    with pytest.raises(NoSuchDay, match="too many"):
        read_day("9999 nights", today=TODAY, since=dt.date(9990, 1, 1))
