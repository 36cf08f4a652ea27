"""Badges beside a reservation, on lists and on the bars of the calendar: what apps above count of it.

An app above registers a counter in its AppConfig's `ready`; the views of lists and of the calendar ask all counters at
once, so that a page costs one query for each app however many reservations it shows.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Badge:
    """`label` stands on lists (`2 unheard`); on a bar stands the icon with the count, read aloud as `description`."""

    label: str
    description: str
    count: int
    icon: str  # a micro icon of heroicons


# Primary keys of reservations and who looks; returns the badges of those that have one.
Counter = Callable[[Collection[int], User], Mapping[int, Badge]]
Badges = Mapping[int, list[Badge]]

_counters: list[Counter] = []


def register(counter: Counter) -> None:
    _counters.append(counter)


def badges_of(reservation_ids: Collection[int], user: User) -> Badges:
    """By primary key the badges that `user` sees; reservations without any are left out."""
    found = defaultdict(list)
    for counter in _counters:
        for reservation_id, badge in counter(reservation_ids, user).items():
            found[reservation_id].append(badge)
    return dict(found)
