"""The notes that the Notes page shows: the newest, or the best found, a page at a time."""

import itertools
from dataclasses import dataclass

from notes.models import VoiceNote
from notes.progress import add_progress
from notes.search.hits import Hit, hit
from notes.search.matching import matching, words_of

PER_PAGE = 25


@dataclass(frozen=True)
class Listing:
    """`hits` are of a search; else there are `notes`, and `older` is the one that the next page begins after."""

    notes: list[VoiceNote]
    hits: list[Hit]
    older: VoiceNote | None = None
    next_page: int | None = None

    @property
    def count(self):
        """On this page."""
        return len(self.notes or self.hits)


def asked_for(*, user, q="", unread=False, **filters):
    """All notes that `user` asks for, as a queryset; those that a search finds are ranked."""
    notes = VoiceNote.objects.not_deleted().visible_to(user).shown(**filters)
    notes = notes.unread_by(user) if unread else notes
    return matching(notes, q) if q else notes


def listing(*, user, before=None, page=1, q="", **filters):
    """The page of them after the note whose key is `before`; of what a search finds, the page of that number."""
    asked = asked_for(user=user, q=q, **filters)
    if q:
        return _found(asked, q, page)
    last = VoiceNote.objects.filter(pk=before).first() if before else None
    rows = list(asked.newest_first(before=last).with_text().with_read_receipts()[: PER_PAGE + 1])
    add_progress(rows)
    return Listing(rows[:PER_PAGE], [], older=rows[PER_PAGE - 1] if len(rows) > PER_PAGE else None)


def _found(ranked, q, page):
    hits, has_more = hits_among(ranked, q, first=(page - 1) * PER_PAGE, most=PER_PAGE)
    return Listing([], hits, next_page=page + 1 if has_more else None)


def hits_among(ranked, q, *, first, most):
    """The hits from number `first` (0 is the best) on, at most so many, and whether there are more behind them."""
    # The keys alone: what stands in a note is heavy to sort.
    keys = list(ranked.values_list("pk", flat=True)[first : first + most + 1])
    notes = VoiceNote.objects.with_text().with_read_receipts().in_bulk(keys[:most])
    words = words_of(q)
    return [hit(notes[key], words) for key in itertools.islice(keys, most)], len(keys) > most
