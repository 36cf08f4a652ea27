"""A note in each of its states, on one reservation, with a real clip and words that know their times."""

import datetime as dt
import uuid

from django.utils import timezone

from notes.models import Failure, Piece, Recording, Status
from tests.factories import tom_byrne
from tests.notes.notes import make_note, make_transcript, make_typed
from tests.server import ROOT

CLIP = ROOT / "config" / "demo" / "clips" / "incident.wav"  # 7.88 s
TEXT = (
    "Incident report. At nine fifteen the fire alarm went off on the second floor. "
    "It was steam from the shower, and nobody was hurt."
)
PEAKS = [10, 80, 60, 30, 90, 20, 70, 50] * 12


def make_spoken(reservation, *, seconds_each=0.35, **fields):
    """Transcribed: the nth word of its text is at n × 0.35 s, each sentence is a line, and one word is doubtful."""
    audio = CLIP.read_bytes()
    fields = {"status": Status.TRANSCRIBED, "seconds": 7.88, "peaks": PEAKS} | fields
    note = make_note(reservation=reservation, audio=audio, **fields)
    segments, number = [], 0
    for sentence in TEXT.split(". "):
        text = sentence.removesuffix(".") + "."
        words = []
        for word in text.split():
            start = round(number * seconds_each, 2)
            probability = 0.3 if word == "steam" else 0.9
            words.append({"start": start, "end": start + seconds_each, "text": word, "probability": probability})
            number += 1
        segments.append({"start": words[0]["start"], "end": words[-1]["end"], "text": text, "words": words})
    make_transcript(note, text=TEXT, machine_text=TEXT, segments=segments, version="1.2.1", audio_seconds=7.88)
    return note


def make_one_of_each(reservation):
    """Newest first as in this list."""
    tom = tom_byrne()
    now = timezone.now()
    claimed = {"claim": uuid.uuid4(), "lease_until": now + dt.timedelta(hours=1)}
    listening = {"status": Status.TRANSCRIBING, "seconds": 31.0, "peaks": PEAKS, **claimed}
    makers = [
        lambda **when: make_spoken(reservation, author=tom, is_recovered=True, **when),
        lambda **when: _so_far(make_note(reservation=reservation, **listening, **when)),
        lambda **when: make_note(reservation=reservation, done_seconds=12.4, **listening, **when),
        lambda **when: make_note(reservation=reservation, status=Status.UPLOADING, **when),
        lambda **when: make_note(reservation=reservation, status=Status.NO_SPEECH, seconds=1.0, **when),
        lambda **when: make_note(
            reservation=reservation, status=Status.FAILED, failure=Failure.ENGINE, is_damaged=True, **when
        ),
        lambda **when: make_typed("Extra bed.", reservation=reservation, **when),
        lambda **when: without_audio(
            make_note(reservation=reservation, transcript="Two towels.", audio_erased_at=now, **when)
        ),
    ]
    return [make(recorded_at=now - dt.timedelta(minutes=age)) for age, make in enumerate(makers)]


def _so_far(note):
    recording = Recording.objects.create(
        pk=note.pk, property=note.property, reservation=note.reservation, author=note.author, transcribed_seconds=20
    )
    segments = [{"start": 0, "end": 19, "text": "Hand over for the morning shift.", "words": []}]
    Piece.objects.create(recording=recording, index=0, start=0, end=20, segments=segments, engine="fake")
    return note


def without_audio(note):
    """Its audio is erased: the note's fields must say when."""
    note.audio, note.container, note.sha256, note.size = "", "", "", 0
    note.save()
    return note
