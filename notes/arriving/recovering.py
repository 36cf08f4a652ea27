"""Recordings whose browser went away: what it sent becomes a note by itself, and whole if the browser comes back."""

import contextlib
from collections import Counter
from datetime import timedelta

from django.conf import settings

from notes.arriving.intake import AudioRefused
from notes.arriving.recording import make_note
from notes.models import Recording, VoiceNote

# A recorder may be paused that long. One that goes on later is not disturbed: its note becomes whole when it is saved.
ABANDONED = timedelta(minutes=20)


def recover(now):
    """Make notes of recordings whose browser went away, at `now` (UTC); returns how many. Harmless to repeat.

    Their chunks are kept as long as a browser may keep its own: whoever comes back in time completes the note.
    """
    abandoned = Recording.objects.filter(recovered_at=None, last_chunk_at__lt=now - ABANDONED)
    counted = Counter(_recover(recording, now) for recording in abandoned)
    kept_for = timedelta(hours=settings.BROWSER_KEEPS_AUDIO_HOURS) + ABANDONED
    Recording.objects.filter(recovered_at__lt=now - kept_for).delete()
    Recording.objects.filter(chunks=None, last_chunk_at__lt=now - kept_for).delete()
    return counted[True]


def _recover(recording, now):
    """Whether it became a note. What holds no sound is not tried again, and goes when its time is over."""
    Recording.objects.filter(pk=recording.pk).update(recovered_at=now)
    if VoiceNote.objects.filter(pk=recording.pk).exists():
        return False
    with contextlib.suppress(AudioRefused):
        return bool(make_note(recording, is_recovered=True))
    return False
