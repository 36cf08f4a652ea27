"""The search of the box on top of every page: guests, telephones, references, rooms, closures, words, and dates.

One function for each kind of hit, in `dated`, `rooms`, `stays` and `words`; `dates` reads dates. Apps above add their
kinds by the slots "search box" and "search page". The number of queries does not depend on what there is.
"""

import datetime as dt
from collections.abc import Iterator

from accounts.models import User
from reservations.offers.room_search import earliest_today
from reservations.search import dated, rooms, stays, words
from reservations.search.dates import read
from reservations.search.hits import Found, Group

# One letter of the Latin alphabet is in too many names; a single digit may be a room, a Chinese letter a name.
SHORTEST = 2


def search(text: str, *, actor: User | None, most: int) -> Found:
    """What `text`, which `config.text.tidy` has cleaned, finds of what `actor` sees; `most` hits of each kind."""
    if len(text) < SHORTEST and text.isascii() and not text.isdigit():
        return Found(text, most, (), ())
    return Found(text, most, _not_empty(_groups(text, actor, most)), _not_empty(_further(text, actor, most)))


def _not_empty(groups: Iterator[Group]) -> tuple[Group, ...]:
    return tuple(group for group in groups if group.hits or group.problem)


def _groups(text: str, actor: User | None, most: int) -> Iterator[Group]:
    """The kinds in their order. What has a digit is a room first, and what is surely about dates comes before guests.

    A text of several words that is surely about dates is no guest. Any other may be a guest and a room.
    """
    today = earliest_today(actor)
    reading = read(text, today=today)
    is_date = reading is not None and reading.is_certain
    named = rooms.by_name(text, actor, most)
    if not named.hits and not is_date:
        named = rooms.with_guest(text, actor, most)
    if rooms.is_likely(text):
        yield named
    if reading and is_date:
        yield dated.nights(reading)
    if not is_date or text.isalpha():
        yield from _people(text, actor, most, today)
    if reading and not is_date:
        yield dated.nights(reading)
    if not rooms.is_likely(text):
        yield named


def _further(text: str, actor: User | None, most: int) -> Iterator[Group]:
    yield words.closures(text, actor, most)
    yield words.remarks(text, actor, most)
    yield words.properties(text, actor, most)


def _people(text: str, actor: User | None, most: int, today: dt.date) -> Iterator[Group]:
    yield stays.by_reference(text, actor, most)
    yield stays.of_guests(text, actor, most, today)
    yield stays.guests(text, actor, most)
