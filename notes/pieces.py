"""From the chunks of a recording to pieces of text, while somebody still speaks."""

from notes.queue import enqueue


def listen(recording_id: str) -> None:
    """Hear what is there of the recording and not heard yet."""


# With less sound than this there is no piece yet.
FIRST_LOOK_SECONDS = 21


def complete_from_pieces(note, recording):
    """All of it was heard while it was spoken."""
    enqueue(note.pk)
