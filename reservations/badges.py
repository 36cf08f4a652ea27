"""Badges beside a reservation, on lists and on the bars of the calendar, such as the number of its unread notes.

An app above registers a counter in its AppConfig's `ready`. A view calls each counter one time for all reservations on
its page, so that a page takes one query for each such app.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Badge:
    """Lists show `label`. A bar shows `icon` and `count`, and screen readers say `description`."""

    label: str
    description: str
    count: int
    icon: str  # the name of a micro icon of heroicons


# Called with primary keys of reservations and the user; returns {key: badge} for those that have one.
Counter = Callable[[Collection[int], User], Mapping[int, Badge]]
Badges = Mapping[int, list[Badge]]

_counters: list[Counter] = []


def register(counter: Counter) -> None:
    _counters.append(counter)


def badges_of(reservation_ids: Collection[int], user: User) -> Badges:
    """{primary key: badges that `user` sees}, without reservations that have none."""
    found = defaultdict(list)
    for counter in _counters:
        for reservation_id, badge in counter(reservation_ids, user).items():
            found[reservation_id].append(badge)
    return dict(found)
