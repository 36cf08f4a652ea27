"""How a note that was found shows why: the words around the first hit, marked, and the second they are spoken at."""

from dataclasses import dataclass

from notes.models import VoiceNote
from notes.search.folding import Folded, marked
from notes.spoken import placed

# Letters of a text that a glance takes in, and how many of them stand before the first hit.
SNIPPET, BEFORE = 240, 70

Pieces = list[tuple[str, bool]]  # of a text, and whether each is a hit


@dataclass(frozen=True)
class Hit:
    note: VoiceNote
    text: Pieces
    earlier: Pieces  # the words stand only in what was heard at first
    guest: Pieces
    reference: Pieces
    seconds: float | None  # into the audio; None: the words are not spoken in it, or nobody knows when
    is_whole: bool  # `text` is all of the text

    @property
    def fragment(self):
        """Behind the address of a sound, or of a page with one: where to begin."""
        return f"#t={self.seconds:.1f}" if self.seconds else ""


def hit(note, words):
    """Why the folded `words` find the note."""
    transcript = getattr(note, "transcript", None)
    text, spans = _spans(transcript.text if transcript else "", words)
    earlier, earlier_spans = _spans(transcript.earlier_text if transcript and not spans else "", words)
    stay = note.reservation
    start, end = _window(text, spans)
    return Hit(
        note=note,
        text=_cut(text, spans, start, end),
        earlier=_cut(earlier, earlier_spans, *_window(earlier, earlier_spans)) if earlier_spans else [],
        guest=marked(*_spans(stay.guest.name, words)) if stay else [],
        reference=marked(*_spans(stay.reference, [word.removeprefix("rt-") for word in words])) if stay else [],
        seconds=_seconds(transcript, spans) if note.audio and spans else None,
        is_whole=(start, end) == (0, len(text)),
    )


def _spans(text, words):
    return text, Folded(text).spans(word for word in words if word)


def _window(text, spans):
    """[start, end) of what is shown: all of a short text, else from a word a little before the first hit."""
    if len(text) <= SNIPPET:
        return 0, len(text)
    first, last = spans[0] if spans else (0, 0)
    start = max(0, min(first - BEFORE, len(text) - SNIPPET))
    if start and (space := text.find(" ", start, first)) >= 0:
        start = space + 1
    end = min(start + SNIPPET, len(text))
    if end < len(text) and (space := text.rfind(" ", last, end)) >= 0:
        end = space
    return start, end


def _cut(text, spans, start, end):
    inside = [
        (max(first, start) - start, min(last, end) - start) for first, last in spans if first < end and last > start
    ]
    pieces = marked(text[start:end], inside)
    return [*([("… ", False)] if start else []), *pieces, *([(" …", False)] if end < len(text) else [])]


def _seconds(transcript, spans):
    """When the first of the words is spoken that is in the sound as well: people may have written others."""
    words = [(position, position + len(word.text), word.start) for position, word in placed(transcript)]
    spoken = (at for first, _ in spans for start, end, at in words if start <= first < end)
    return next(spoken, None)
