"""The search: notes that hold given words in their text, in the guest's name, or in the reservation's reference.

All words must be found, each in any of these, also as a part of a word, whatever the accents and case. A word in the
text ranks before one in the guest's name, a whole word before the beginning of one, and that before another part;
then the newest note comes first.

The search is a union of queries, each with an index of its own: one query with OR over three tables could use no index.
For a word that is in half of all notes, PostgreSQL reads from the newest note backwards instead.
"""

import functools
import itertools
import operator
import re

from django.db.models import Case, F, Func, IntegerField, Q, TextField, Value, When

from notes.models import VoiceNote
from notes.search.folding import SHORTEST_PART, fold
from reservations.models.guest_search import MOST_WORDS, SHORTEST_PHONE, number_in
from reservations.models.stays import REFERENCE_LETTERS
from reservations.telephones import digits, is_like_a_number

SHORTEST_SEARCH = 2
# Each query finds the newest notes up to this number. Nobody reads so many: people add a word to the search.
MOST = 300

_REFERENCE = re.compile(rf"(?:RT-)(?P<start>[{REFERENCE_LETTERS}]{{1,5}})|(?P<bare>[{REFERENCE_LETTERS}]{{3,5}})")
# The ranks of a hit of one word; a lower one is better.
WHOLE, BEGINNING, INSIDE = 0, 2, 4
OUTSIDE_THE_TEXT = 1


def words_of(text):
    """The folded words to look for; empty when `text` has fewer letters than SHORTEST_SEARCH."""
    words = list(filter(None, dict.fromkeys(map(fold, text.split()))))[:MOST_WORDS]
    return words if sum(map(len, words)) >= SHORTEST_SEARCH else []


def matching(notes, text, *, only_in_text=False, among=MOST):
    """Those of `notes` that hold all words of `text`, the best first; an empty queryset for too short a text.

    They are the best of the newest ones: of each query, `among` are ranked. `only_in_text` leaves out notes that hold
    some of the words in the guest's name or the reservation's reference.
    """
    words = words_of(text)
    if not words:
        return VoiceNote.objects.none()
    asked = itertools.islice(_queries(notes, words, text), 1 if only_in_text else None)
    queries = [_newest(found, among) for found in asked]
    keys = queries[0].union(*queries[1:])
    rank = functools.reduce(operator.add, (_rank(word) for word in words))
    ranked = VoiceNote.objects.filter(pk__in=keys).annotate(guest_name=_GUEST_NAME, rank=rank)
    return ranked.order_by("rank", "-recorded_at", "-pk")


def _newest(notes, among):
    return notes.order_by("-recorded_at").values("pk")[:among]


def _queries(notes, words, text):
    """Querysets that together find all notes with the words: all in the text, or some in the guest or the reference."""
    notes = notes.filter(text_erased_at=None)
    yield notes.filter(_all(map(_in_text, words)))
    named = notes.annotate(guest_name=_GUEST_NAME)
    # With a single word, the condition on its place is enough; this one would read every text.
    others = words if len(words) > 1 else []
    anywhere = _all(_in_text(word) | _in_guest(word) | _in_reference(word) for word in others)
    for place in (_in_guest, _in_reference):
        if somewhere := _any(map(place, words)):
            yield named.filter(somewhere).filter(anywhere)
    if is_like_a_number(text) and len(digits(text)) >= SHORTEST_PHONE:
        yield notes.filter(number_in("reservation__guest__search", text))


def _in_text(word):
    return Q(transcript__search__contains=_part(word))


_GUEST_NAME = Func(
    F("reservation__guest__search"), Value("\n"), Value(2), function="split_part", output_field=TextField()
)
_NOWHERE = Q()


def _in_guest(word):
    """By the guest's name, an e-mail address, or a telephone number that is long enough: "204" is a part of many."""
    if "@" in word:
        return Q(reservation__guest__search__contains=word)
    if is_like_a_number(word):
        number = digits(word)
        return Q(reservation__guest__search__contains=number) if len(number) >= SHORTEST_PHONE else _NOWHERE
    return Q(reservation__guest__search__contains=_part(word), guest_name__contains=_part(word))


def _in_reference(word):
    """By the beginning of the reference, with or without "RT-"."""
    match = _REFERENCE.fullmatch(word.upper())
    return Q(reservation__reference__startswith=f"RT-{match['start'] or match['bare']}") if match else _NOWHERE


def _part(word):
    return word if len(word) >= SHORTEST_PART else f" {word}"


def _all(conditions):
    return functools.reduce(operator.and_, conditions, Q())


def _any(conditions):
    return functools.reduce(operator.or_, conditions, Q())


def _rank(word):
    """The rank of a note for one word: that of its best hit."""
    begins = rf"\m{re.escape(word.strip())}"
    cases = [
        (Q(transcript__search__regex=rf"{begins}\M"), WHOLE),
        (Q(guest_name__regex=rf"{begins}\M"), WHOLE + OUTSIDE_THE_TEXT),
        (Q(transcript__search__regex=begins), BEGINNING),
        (Q(guest_name__regex=begins) | _in_reference(word), BEGINNING + OUTSIDE_THE_TEXT),
        (_in_text(word), INSIDE),
    ]
    whens = [When(condition, then=Value(rank)) for condition, rank in cases]
    return Case(*whens, default=Value(INSIDE + OUTSIDE_THE_TEXT), output_field=IntegerField())
