import datetime as dt

import pytest

from properties import wording
from properties.models import Property, Rate

JUNE, AUGUST = dt.date(2027, 6, 1), dt.date(2027, 8, 31)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (JUNE, AUGUST, "1 Jun 2027 – 31 Aug 2027"),
        (JUNE, JUNE, "1 Jun 2027"),
        (JUNE, None, "from 1 Jun 2027"),
        (None, AUGUST, "until 31 Aug 2027"),
        (None, None, "all year"),
    ],
)
def test_a_season(first, last, words):
    assert wording.season(Rate(first_night=first, last_night=last)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "every night"),
        ([7, 6, 5, 4, 3, 2, 1], "every night"),
        ([6, 5], "Fri, Sat"),
        ([1, 2, 3, 4, 7], "Mon–Thu, Sun"),
        ([5, 6, 7], "Fri–Sun"),
        ([1, 3, 5], "Mon, Wed, Fri"),
    ],
)
def test_weekdays(days, words):
    assert wording.weekdays(Rate(weekdays=days)) == words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (None, None, ""),
        (1, None, ""),
        (2, None, "2 nights or more"),
        (None, 1, "up to 1 night"),
        (2, 21, "2 to 21 nights"),
        (7, 7, "7 nights"),
    ],
)
def test_stays(least, most, words):
    assert wording.stays(Property(min_nights=least, max_nights=most)) == words
