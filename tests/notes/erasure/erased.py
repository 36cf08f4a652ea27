"""A recording that is still arriving, and the erasure of a guest's notes."""

import uuid

from django.test import TestCase

from notes.erasure.erasing import erase_notes_of
from notes.models import Chunk, Piece, Recording
from tests.factories import make_user

CANARY = "zqxcanary"
REASON = "Asked for by letter."


def make_recording(reservation, data=b"\x00sound", text=CANARY, **fields):
    """Coming in: one chunk, one piece."""
    fields = {"author": make_user(f"u{uuid.uuid4().hex[:8]}"), "chunks_received": 1} | fields
    coming = Recording.objects.create(property=reservation.property, reservation=reservation, **fields)
    Chunk.objects.create(recording=coming, index=0, data=data, sha256="0" * 64)
    segments = [{"start": 0, "end": 1, "text": text, "words": []}]
    Piece.objects.create(recording=coming, index=0, start=0, end=1, segments=segments, engine="fake", model="fake")
    return coming


def committed():
    """What follows the commit is done at the end of the block."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def erase(guest, actor=None, **options):
    actor = actor or make_user(f"m{uuid.uuid4().hex[:8]}", role="manager")
    with committed():
        return erase_notes_of(guest=guest, actor=actor, reason=REASON, **options)
