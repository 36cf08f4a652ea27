"""What the queue calls. Only ids go in and nothing comes out, because the queue keeps both."""

from notes import pieces, transcription


class TranscriptionBroke(Exception):
    """The queue keeps an exception with its whole chain; this one names the class of the first, and nothing else."""


def transcribe(note_id):
    try:
        transcription.transcribe(note_id)
    except Exception as error:
        raise TranscriptionBroke(type(error).__name__) from None


def listen(recording_id):
    try:
        pieces.listen(recording_id)
    except Exception as error:
        raise TranscriptionBroke(type(error).__name__) from None
