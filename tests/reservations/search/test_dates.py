"""Dates as people say them. Today is Monday, 30 November 2026."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.date_words import MEANINGS
from config.spoken_dates import LONGEST
from reservations.search.dates import read

TODAY = dt.date(2026, 11, 30)


def stays(text, today=TODAY):
    """Such as ["2026-12-04 2n 3p"], the likeliest first; None if the text is not about dates."""
    reading = read(text, today=today)
    return reading and [
        f"{wanted.stay.arrival} {wanted.stay.nights}n" + (f" {wanted.party_size}p" if wanted.party_size else "")
        for wanted in reading.wanted
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 dec 2n 3p", "2026-12-04 2n 3p"),
        ("4dec2n", "2026-12-04 2n"),
        ("Dec 4th, 2 nights", "2026-12-04 2n"),
        ("4 December 2027", "2027-12-04 1n"),
        ("december 4 2027 2n", "2027-12-04 2n"),
        ("2026-12-04 2n", "2026-12-04 2n"),
        ("2026-12-24 - 2026-12-27 4 pax", "2026-12-24 3n 4p"),
        ("4.12. für 2 Nächte", "2026-12-04 2n"),
        ("24.12.26", "2026-12-24 1n"),
        ("25/12", "2026-12-25 1n"),
        ("12/25", "2026-12-25 1n"),
        ("24-26 dec for 3", "2026-12-24 2n 3p"),
        ("24–26 dec", "2026-12-24 2n"),
        ("24.-26.12.", "2026-12-24 2n"),
        ("24.12.-2.1.", "2026-12-24 9n"),
        ("28-2 jan", "2026-12-28 5n"),
        ("20-10 jan", "2026-12-20 21n"),
        ("24 dec - 2 jan 2028", "2027-12-24 9n"),
        ("24 dec +3", "2026-12-24 3n"),
        ("tonight", "2026-11-30 1n"),
        ("tomorrow for 2", "2026-12-01 1n 2p"),
        ("day after tomorrow", "2026-12-02 1n"),
        ("+2", "2026-12-02 1n"),
        ("in 3 days", "2026-12-03 1n"),
        ("2n", "2026-11-30 2n"),
        ("3p", "2026-11-30 1n 3p"),
        ("for two nights for 3", "2026-11-30 2n 3p"),
        ("one week", "2026-11-30 7n"),
        ("weekend 2 guests", "2026-12-04 2n 2p"),
        ("fri 2 nights", "2026-12-04 2n"),
        ("fri-sun", "2026-12-04 2n"),
        ("fri 4 dec - sun 6 dec 2p", "2026-12-04 2n 2p"),
        ("until sun", "2026-11-30 6n"),
        ("24 2n", "2026-12-24 2n"),
        ("31 2n", "2026-12-31 2n"),
        ("24 - 26", "2026-12-24 2n"),
        ("fri 4", "2026-12-04 1n"),
    ],
)
def test_it_reads_english_and_numbers(text, expected):
    assert stays(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("morgen", "2026-12-01 1n"),
        ("übermorgen 2 Nächte zu 3 Personen", None),
        ("übermorgen 2 Nächte für 3 Personen", "2026-12-02 2n 3p"),
        ("Uebermorgen", "2026-12-02 1n"),
        ("heute Abend", "2026-11-30 1n"),
        ("Do-So 2 Gäste", "2026-12-03 3n 2p"),
        ("bis Sonntag", "2026-11-30 6n"),
        ("vom 24. bis 26. Dezember", "2026-12-24 2n"),
        ("pasado mañana", "2026-12-02 1n"),
        ("mar 2 noches", "2026-12-01 2n"),
        ("del 24 al 26 de diciembre", "2026-12-24 2n"),
        ("fin de semana", "2026-12-04 2n"),
        ("terça-feira", "2026-12-01 1n"),
        ("4 de dezembro 2 noites 3 pessoas", "2026-12-04 2n 3p"),
        ("amanhã", "2026-12-01 1n"),
        ("ce soir pour 3", "2026-11-30 1n 3p"),
        ("aujourd’hui 2 nuits", "2026-11-30 2n"),
        ("du 4 au 6 décembre", "2026-12-04 2n"),
        ("jusqu'au dimanche", "2026-11-30 6n"),
        ("sab 5 dic 2 notti per 2 persone", "2026-12-05 2n 2p"),
        ("dopodomani", "2026-12-02 1n"),
    ],
)
def test_it_reads_other_languages(text, expected):
    assert stays(text) == (expected and [expected])


@pytest.mark.parametrize(
    "text",
    [
        "", "302", "room 302", "silva", "may", "Tom", "jan", "april", "+351", "+49 170 123", "RT-7K3QX", "10.000",
        "25,50", "1 2 3", "3 4 5 6", "4 dec 4", "24 dec 26 dec 28 dec", "4 dec for", "on", "for", "-", "²", "3 days",
        "today 31", "fri sat sun", "2n 3n", "4 dec !", "next", "weekend weekend",
        "tomorrow -2 nights", "-2n",
    ],
)  # fmt: skip
def test_names_and_numbers_are_no_dates(text):
    assert read(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4/12", ["2026-12-04 1n", "2027-04-12 1n"]),
        ("4 12", ["2026-12-04 1n", "2027-04-12 1n"]),
        ("6/5-8/5", ["2027-05-06 2n"]),
        ("mon", ["2026-11-30 1n", "2026-12-07 1n"]),
        ("next fri", ["2026-12-04 1n", "2026-12-11 1n"]),
        ("next monday", ["2026-12-07 1n", "2026-12-14 1n"]),
        ("7/7", ["2027-07-07 1n"]),
    ],
)
def test_what_can_be_read_in_two_ways_gives_both_the_day_first(text, expected):
    assert stays(text) == expected


@pytest.mark.parametrize(
    ("text", "is_certain"),
    [
        ("4 dec", True), ("tomorrow", True), ("2n", True), ("fri 2n", True), ("+2", True), ("weekend", True),
        ("fri", False), ("mar", False), ("4 12", False), ("24-26", False), ("+35", False), ("next fri", False),
    ],
)  # fmt: skip
def test_it_says_when_a_name_or_a_number_may_be_meant(text, is_certain):
    assert read(text, today=TODAY).is_certain is is_certain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 nov", "2026-11-30 1n"),
        ("29 nov", "2027-11-29 1n"),
        ("4 jan", "2027-01-04 1n"),
        ("31 dec", "2026-12-31 1n"),
        ("29 feb 2028", "2028-02-29 1n"),
        ("4 dec 2025", "2025-12-04 1n"),
    ],
)
def test_a_date_without_a_year_is_the_next_one(text, expected):
    assert stays(text) == [expected]


def test_the_date_of_today_decides():
    new_years_eve = dt.date(2026, 12, 31)

    assert stays("1 jan 2n", new_years_eve) == ["2027-01-01 2n"]
    assert stays("tomorrow", new_years_eve) == ["2027-01-01 1n"]
    assert stays("fri", dt.date(2026, 12, 4)) == ["2026-12-04 1n", "2026-12-11 1n"]
    assert stays("29 feb", dt.date(2028, 1, 1)) == ["2028-02-29 1n"]
    assert stays("29 feb", dt.date(2027, 6, 1)) == ["2028-02-29 1n"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31 feb", "There is no 31 February."),
        ("29 feb", "There is no 29 February 2027."),
        ("32 dec", "There is no 32 December."),
        ("31.11.", "There is no 31 November."),
        ("0n", "A stay has at least one night: choose a departure after the arrival."),
        ("1000n", "A stay has at most 730 nights; this one has 1000."),
        ("4 dec 9999 nights", "A stay has at most 730 nights; this one has 9999."),
        ("2026-13-01", "There is no month 13."),
        ("4 dec 2027 - 2 dec 2027", "The departure is before the arrival. Swap the two dates."),
        ("5-3 dec", "The departure is before the arrival. Swap the two dates."),
        ("5-3 dec 2027", "The departure is before the arrival. Swap the two dates."),
        ("5 dec - 3 dec", "The departure is before the arrival. Swap the two dates."),
        ("5.12. - 3.12.", "The departure is before the arrival. Swap the two dates."),
        ("0 guests", "At least one guest stays."),
        ("4 dec 2n 0p", "At least one guest stays."),
    ],
)
def test_days_and_stays_that_do_not_exist_are_said(text, problem):
    reading = read(text, today=TODAY)

    assert (reading.wanted, reading.problem) == ((), problem)


def test_another_weekday_than_was_said_is_remarked():
    assert [wanted.remark for wanted in read("sat 4 dec", today=TODAY).wanted] == ["This is a Friday."]
    assert [wanted.remark for wanted in read("fri 4 dec", today=TODAY).wanted] == [""]


def test_a_text_that_was_pasted_is_not_read():
    assert read("4 dec " + "," * LONGEST, today=TODAY) is None


PARTS = st.one_of(
    st.sampled_from(sorted(MEANINGS)),
    st.sampled_from(["-", "+", ".", "/", ",", "31/2", "2026-02-30", "9999-99-99", "24.", "2nd"]),
    st.integers(0, 10**5).map(str),
)


@given(st.lists(PARTS, max_size=8).map(" ".join), st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_whatever_is_typed_is_read_or_refused_in_words(text, today):
    reading = read(text, today=today)

    if reading:
        assert bool(reading.wanted) is not bool(reading.problem)


@given(st.text(max_size=30))
def test_any_letters_are_read_or_left_alone(text):
    read(text, today=TODAY)


@given(
    st.dates(TODAY, dt.date(2099, 1, 1)),
    st.integers(1, 300),
    st.integers(1, 99),
    st.sampled_from(["{:%Y-%m-%d}", "{:%d.%m.%Y}", "{:%d %B %Y}", "{:%b %d %Y}"]),
)
def test_a_date_that_is_written_out_is_that_date(arrival, nights, party, form):
    text = f"{form.format(arrival)} {nights}n {party}p"

    assert stays(text) == [f"{arrival} {nights}n {party}p"]
