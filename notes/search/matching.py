"""Which notes hold the words that somebody looks for: in what was said or typed, in the guest's name, in the reference.

All words must be found, each in any of these, in part, blind to accents and case. A word in the text is better than one
in the guest's name, a whole word better than the beginning of one, and that better than a part; then the newest.

Each of three questions is answered by an index of its own, or from the newest note backwards where a word is in half of
them: which of the two is the database's choice. One OR over all three tables could use no index at all.
"""

import functools
import operator
import re

from django.db.models import Case, F, Func, IntegerField, Q, TextField, Value, When

from notes.models import VoiceNote
from notes.search.folding import SHORTEST_PART, fold
from reservations.models.guest_search import MOST_WORDS, SHORTEST_PHONE, number_in
from reservations.models.stays import REFERENCE_LETTERS
from reservations.telephones import digits, is_like_a_number

SHORTEST_SEARCH = 2
# Of each question, the newest ones. Nobody reads more: who does not find it says one word more.
MOST = 300

_REFERENCE = re.compile(rf"(?:RT-)(?P<start>[{REFERENCE_LETTERS}]{{1,5}})|(?P<bare>[{REFERENCE_LETTERS}]{{3,5}})")
# How good a hit of one word is; less is better.
WHOLE, BEGINNING, INSIDE = 0, 2, 4
OUTSIDE_THE_TEXT = 1


def words_of(text):
    """The folded words to look for; none when `text` is too short to look for anything."""
    words = list(filter(None, dict.fromkeys(map(fold, text.split()))))[:MOST_WORDS]
    return words if sum(map(len, words)) >= SHORTEST_SEARCH else []


def matching(notes, text):
    """Those of `notes` that hold all words of `text`, the best first; none when it is too short."""
    words = words_of(text)
    if not words:
        return VoiceNote.objects.none()
    answers = [_newest(answer) for answer in _questions(notes, words, text)]
    keys = answers[0].union(*answers[1:])
    rank = functools.reduce(operator.add, (_rank(word) for word in words))
    ranked = VoiceNote.objects.filter(pk__in=keys).annotate(guest_name=_GUEST_NAME, rank=rank)
    return ranked.order_by("rank", "-recorded_at", "-pk")


def _newest(notes):
    return notes.order_by("-recorded_at").values("pk")[:MOST]


def _questions(notes, words, text):
    """Together all notes that hold the words: in the text alone, or some of them in the guest or in the reference."""
    notes = notes.filter(text_erased_at=None)
    yield notes.filter(_all(map(_in_text, words)))
    named = notes.annotate(guest_name=_GUEST_NAME)
    # Of one word this says nothing that the place has not said, and would read every text.
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
    """By the name. A number or an address must be meant: "204" is a part of many a telephone number."""
    if "@" in word:
        return Q(reservation__guest__search__contains=word)
    if is_like_a_number(word):
        number = digits(word)
        return Q(reservation__guest__search__contains=number) if len(number) >= SHORTEST_PHONE else _NOWHERE
    return Q(reservation__guest__search__contains=_part(word), guest_name__contains=_part(word))


def _in_reference(word):
    """By its beginning, with or without "RT-"."""
    match = _REFERENCE.fullmatch(word.upper())
    return Q(reservation__reference__startswith=f"RT-{match['start'] or match['bare']}") if match else _NOWHERE


def _part(word):
    return word if len(word) >= SHORTEST_PART else f" {word}"


def _all(conditions):
    return functools.reduce(operator.and_, conditions, Q())


def _any(conditions):
    return functools.reduce(operator.or_, conditions, Q())


def _rank(word):
    """Of one word: as good as its best hit."""
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
