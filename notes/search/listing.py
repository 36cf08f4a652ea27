"""The pages of the *Notes* page: the newest notes, or the best hits of a search."""

import itertools
from dataclasses import dataclass

from notes.models import VoiceNote
from notes.progress import add_progress
from notes.search.hits import Hit, hit
from notes.search.matching import matching, words_of

PER_PAGE = 25


@dataclass(frozen=True)
class Listing:
    """One page. A search has `hits` and the number of the `next_page`, if there is one.

    Otherwise there are `notes`, and if there is a next page, `older` is the note after which it begins.
    """

    notes: list[VoiceNote]
    hits: list[Hit]
    older: VoiceNote | None = None
    next_page: int | None = None

    @property
    def count(self):
        """The number of notes on this page."""
        return len(self.notes or self.hits)


def filtered_notes(*, user, q="", unread=False, **filters):
    """A queryset of the notes that `user` may see and that fit `q` and the filters; with `q` it is ranked."""
    notes = VoiceNote.objects.not_deleted().visible_to(user).matching_filters(**filters)
    notes = notes.unread_by(user) if unread else notes
    return matching(notes, q) if q else notes


def listing(*, user, before=None, page=1, q="", **filters):
    """One page of `filtered_notes`: after the note with the key `before`, or of a search the page of that number."""
    selected = filtered_notes(user=user, q=q, **filters)
    if q:
        return _found(selected, q, page)
    last = VoiceNote.objects.visible_to(user).filter(pk=before).first() if before else None
    rows = list(selected.newest_first(before=last).with_text().with_read_receipts()[: PER_PAGE + 1])
    add_progress(rows)
    return Listing(rows[:PER_PAGE], [], older=rows[PER_PAGE - 1] if len(rows) > PER_PAGE else None)


def _found(ranked, q, page):
    hits, has_more = hits_among(ranked, q, first=(page - 1) * PER_PAGE, most=PER_PAGE)
    return Listing([], hits, next_page=page + 1 if has_more else None)


def hits_among(ranked, q, *, first, most):
    """`most` hits at most from number `first` on (0 is the best), and whether there are more after them."""
    # The keys alone are sorted, because whole notes are large.
    keys = list(ranked.values_list("pk", flat=True)[first : first + most + 1])
    notes = VoiceNote.objects.with_text().with_read_receipts().in_bulk(keys[:most])
    words = words_of(q)
    return [hit(notes[key], words) for key in itertools.islice(keys, most)], len(keys) > most
