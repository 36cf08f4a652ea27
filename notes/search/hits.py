"""Why a search found a note: the words around the first hit, marked, and the second at which they are spoken."""

from dataclasses import dataclass

from notes.models import VoiceNote
from notes.search.folding import Folded, marked
from notes.spoken import words_with_index

# The length of a snippet in letters, and how many of them are before the first hit.
SNIPPET, BEFORE = 240, 70

Pieces = list[tuple[str, bool]]  # pieces of a text, and whether each is a hit


@dataclass(frozen=True)
class Hit:
    note: VoiceNote
    text: Pieces
    earlier: Pieces  # of the text before the second pass, if the words are in that only
    guest: Pieces
    reference: Pieces
    seconds: float | None  # where in the audio the first hit is spoken; None when that is not known
    is_whole: bool  # whether `text` is the whole text

    @property
    def fragment(self):
        """The fragment that makes an audio file, or a page with one note, begin at the hit; may be empty."""
        return f"#t={self.seconds:.1f}" if self.seconds else ""


def hit(note, words):
    """The Hit of a note in which the folded `words` were found."""
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
    """[start, end) of what is shown: all of a short text, else a snippet of whole words around the first hit."""
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
    """When the first of the hits is spoken; None when no word that begins in a hit has a time."""
    words = [(position, position + len(word.text), word.start) for position, word in words_with_index(transcript)]
    spoken = (at for first, _ in spans for start, end, at in words if start <= first < end)
    return next(spoken, None)
