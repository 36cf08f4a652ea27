"""Two people change the same property, room, room type or line of the rate table: who saves last is told first.

A form says what it was filled in from, as a digest of each field; the verb compares them with what is there by now,
under its locks. Whatever changes a row is noticed, the admin and a shell among it, and a change that was taken back
is none.
"""

import hashlib
import json
from dataclasses import dataclass

from django.db.models import QuerySet

from config.errors import DomainError


class EditConflict(DomainError):
    """Somebody saved after the form was opened; `theirs` is what is there now, by field."""

    code = "edit_conflict"
    when = "Somebody saved while this was being filled in."
    then = "Read it again, then send yours."

    def __init__(self, thing, theirs):
        super().__init__(f"{thing} was changed while you were looking at it. Nothing of yours is saved yet.")
        self.theirs = theirs


@dataclass(frozen=True)
class Side:
    """A field, in words: what one person has typed, and what is saved now."""

    field: str
    yours: str
    theirs: str


def digest_of(values):
    """Of the values of some fields, by name, as a form carries it."""
    return " ".join(f"{name}:{digest}" for name, digest in sorted(digests(values).items()))


def digests(values):
    """By name; rows count by their keys, and lists in any order."""
    return {name: hashlib.sha256(json.dumps(_told(value)).encode()).hexdigest()[:12] for name, value in values.items()}


def read(digest):
    """What `digest_of` wrote, by name; {} of what it did not."""
    return dict(pair for each in digest.split() if len(pair := each.split(":")) == 2)


def refuse_stale(thing, values, seen):
    """`values` are those of `thing` now, `seen` the digest of those that the form was filled in from; None or "" asks
    nothing. Raises EditConflict."""
    if seen and seen != digest_of(values):
        raise EditConflict(thing, values)


def values_of(thing, names):
    return {name: getattr(thing, name) for name in names}


def _told(value):
    if isinstance(value, list | tuple | QuerySet):
        return sorted(_told(each) for each in value)
    if hasattr(value, "normalize"):  # 90 and 90.00 are one price
        return format(value.normalize(), "f")
    return "" if value is None else str(getattr(value, "pk", value))
