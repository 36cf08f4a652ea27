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
        ("5 dec 27", "2027-12-05"),
        ("dec 5 27", "2027-12-05"),
        ("sun 5 dec 27", "2027-12-05"),
        ("5-12-2027", "2027-12-05"),
        ("5-12-27", "2027-12-05"),
        ("2027/12/5", "2027-12-05"),
        ("5-dec-2027", "2027-12-05"),
        ("5/Dec/27", "2027-12-05"),
        ("5-dec", "2026-12-05"),
        ("5. Dez.", "2026-12-05"),
        ("Sa. 5. Dez. 2026", "2026-12-05"),
        ("Fri.", "2026-12-04"),
        ("1 jan", "2027-01-01"),
        ("fri", "2026-12-04"),
        ("sat 5 dec", "2026-12-05"),
        ("+2", "2026-12-02"),
        ("+100", "2027-03-10"),
        ("+730", "2028-11-29"),
        ("tomorrow", "2026-12-01"),
        ("morgen", "2026-12-01"),
        ("sun 29", "2026-12-29"),
    ],
)
def test_a_day_is_the_next_one(text, day):
    assert read_day(text, today=TODAY) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("29 nov", "2026-11-29"),
        ("29.11.", "2026-11-29"),
        ("29/11", "2026-11-29"),
        ("sun 29 nov", "2026-11-29"),
        ("31 oct", "2026-10-31"),
        ("30 oct", "2027-10-30"),
        ("29 nov 2027", "2027-11-29"),
    ],
)
def test_a_date_of_the_last_weeks_is_not_that_of_next_year(text, day):
    assert read_day(text, today=TODAY) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        ("2027-01-02", "31 dec", "2026-12-31"),
        ("2027-01-02", "1 jan", "2027-01-01"),
        ("2027-01-02", "3 jan", "2027-01-03"),
        ("2027-01-02", "1 dec", "2027-12-01"),
        ("2026-12-31", "1 jan", "2027-01-01"),
        ("2026-12-31", "30 dec", "2026-12-30"),
        ("2028-03-10", "29 feb", "2028-02-29"),
    ],
)
def test_the_last_weeks_reach_over_the_turn_of_the_year(today, text, day):
    assert read_day(text, today=dt.date.fromisoformat(today)) == dt.date.fromisoformat(day)


@pytest.mark.parametrize("text", ["yesterday", "gestern", "ayer", "ontem", "hier", "ieri", "Yesterday"])
@pytest.mark.parametrize("is_past", [False, True])
def test_yesterday_is_known(text, is_past):
    assert read_day(text, today=TODAY, is_past=is_past) == dt.date(2026, 11, 29)


@pytest.mark.parametrize(
    "text",
    ["the day before yesterday", "vorgestern", "anteayer", "anteontem", "avant-hier", "l’altro ieri", "avantieri"],
)
def test_the_day_before_yesterday_is_known(text):
    assert read_day(text, today=TODAY) == dt.date(2026, 11, 28)


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
        ("+100", "2027-03-20"),
        ("+900", "2029-05-28"),  # more nights than a stay may have, and the form says so
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
        ("1 dec", "2025-12-01"),
        ("30 oct", "2026-10-30"),
    ],
)
def test_what_has_been_is_the_latest_one(text, day):
    assert read_day(text, today=TODAY, is_past=True) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"), [("fri", "2026-12-04"), ("mon", "2026-11-30"), ("12 nov", "2026-11-12"), ("+2", "2026-11-12")]
)
def test_no_weekday_on_which_somebody_leaves_is_past(text, day):
    """Of a party that has been here since 10 November, "fri" is the next Friday."""
    assert read_day(text, today=TODAY, since=dt.date(2026, 11, 10)) == dt.date.fromisoformat(day)


def test_how_long_after_another_day_a_day_is_believed_to_be_can_be_said():
    whole_year = dt.timedelta(days=366)

    assert read_day("9 dec", today=TODAY, since=ARRIVAL) == dt.date(2026, 12, 9)
    assert read_day("9 dec", today=TODAY, since=ARRIVAL, surely_before=whole_year) == dt.date(2027, 12, 9)


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


@pytest.mark.parametrize("text", ["1 jan 1900", "jan 1 1900", "1.1.1900", "1900-01-01", "1 jan 2101", "1/1/9999"])
def test_a_year_outside_the_calendar_is_said_to_be(text):
    with pytest.raises(NoSuchDay, match=r"Write a year between 2000 and 2100\."):
        read_day(text, today=TODAY)


@pytest.mark.parametrize("text", ["+731", "+900", "+ 900", "+999999999"])
def test_too_many_days_are_said_to_be(text):
    with pytest.raises(NoSuchDay, match=r"\d days are too many. Write the date with its year\."):
        read_day(text, today=TODAY)


@pytest.mark.parametrize("text", ["fri", "+2", "5 dec"])
@pytest.mark.parametrize("since", [dt.date.min, dt.date.max])
def test_what_is_counted_from_a_day_beyond_the_calendar_is_counted_from_today(text, since):
    assert read_day(text, today=TODAY, since=since) == read_day(text, today=TODAY)


@pytest.mark.parametrize("text", ["9999 nights", "+99999"])
def test_days_beyond_the_calendar_are_no_days(text):
    with pytest.raises(NoSuchDay, match="too many"):
        read_day(text, today=TODAY, since=dt.date(2099, 1, 1))
