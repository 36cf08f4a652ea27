"""What the search returns: hits, grouped by kind."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from reservations.models import Reservation


@dataclass(frozen=True)
class Hit:
    """One result and the page that it leads to. `title` and `place` are names; `words` may have names in them."""

    address: str
    title: str
    words: str = ""
    place: str = ""
    reservation: Reservation | None = None  # its state is shown
    is_translatable: bool = False  # whether no names are in the words


@dataclass(frozen=True)
class Group:
    """Hits of one kind, the best first. `more` is the address of all of them on the page named `page`; "" without one.

    `problem` says what is wrong with what was typed.
    """

    title: str
    hits: tuple[Hit, ...] = ()
    more: str = ""
    page: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Found:
    """The groups that are not empty, the likeliest first. `most` is how many hits a group has at most.

    Those of `further` come after the kinds of apps above.
    """

    text: str
    most: int
    groups: tuple[Group, ...]
    further: tuple[Group, ...]


def address_of(page: str, text: str) -> str:
    """The list with the URL name `page`, of what has `text`."""
    return f"{reverse(page)}?{urlencode({'q': text})}"
