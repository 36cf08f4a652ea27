"""Two people edit the same property, room, room type or line of the rate table: the later save is refused one time.

A form carries a digest of the values that each of its fields was filled in with. The verb compares the digests with the
saved values while it holds its locks. So it notices every change, whatever program made it, and ignores one that was
taken back.
"""

import hashlib
import json
from dataclasses import dataclass

from django.db.models import QuerySet

from config.errors import DomainError


class EditConflict(DomainError):
    """Somebody saved after the form was opened; `theirs` has the saved values by field."""

    code = "edit_conflict"
    when = "Somebody else saved a change while this form was open."
    then = "Read it again, then send your change."

    def __init__(self, thing, theirs):
        super().__init__(f"{thing} was changed while you were looking at it. Nothing of yours is saved yet.")
        self.theirs = theirs


@dataclass(frozen=True)
class FieldVersions:
    """Two versions of a field, in words: `yours` was typed into the form, `theirs` is saved."""

    field: str
    yours: str
    theirs: str


def digest_of(values):
    """The digests of {field: value} as one text, for a hidden field of a form."""
    return " ".join(f"{name}:{digest}" for name, digest in sorted(digests(values).items()))


def digests(values):
    """{field: digest} of {field: value}. Rows are compared by their keys, and lists in any order."""
    return {name: hashlib.sha256(json.dumps(_plain(value)).encode()).hexdigest()[:12] for name, value in values.items()}


def read(digest):
    """{field: digest} from the text of `digest_of`; {} from any other text."""
    return dict(pair for each in digest.split() if len(pair := each.split(":")) == 2)


def refuse_stale(thing, values, seen):
    """Raises EditConflict unless `seen` is the digest of `values`, which `thing` has now.

    `seen` is the digest of the values that the form was filled in with; with None or "" nothing is compared.
    """
    if seen and seen != digest_of(values):
        raise EditConflict(thing, values)


def values_of(thing, names):
    """{field: value} of the model instance `thing`."""
    return {name: getattr(thing, name) for name in names}


def _plain(value):
    """The value as text, or as a list of texts."""
    if isinstance(value, list | tuple | QuerySet):
        return sorted(_plain(each) for each in value)
    if hasattr(value, "normalize"):  # a Decimal: 90 and 90.00 are the same price
        return format(value.normalize(), "f")
    return "" if value is None else str(getattr(value, "pk", value))
