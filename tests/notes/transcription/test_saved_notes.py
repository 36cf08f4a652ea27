"""A note that waits gets its text, or says why it has none."""

import dataclasses

import numpy as np
import pytest
from django.utils import timezone
from django_q.models import OrmQ

from notes import tasks
from notes.engines.base import (
    DEFAULT_OPTIONS,
    DeadlineExceeded,
    EngineCrashed,
    EngineFailed,
    EngineOutOfMemory,
    EngineRefused,
    EngineUnavailable,
    EngineUnreachable,
)
from notes.engines.fake import FakeEngine
from notes.models import Failure, Status, Transcript
from notes.sound.waveform import PEAKS
from notes.speech import get_transcriber
from notes.transcription import live_recordings
from notes.transcription.saved_notes import MAX_ATTEMPTS, CannotRetry, retry
from tests.concurrency.crowd import at_once
from tests.factories import make_user
from tests.notes.clips import recording, silence, tone, wav
from tests.notes.notes import make_note, make_transcript
from tests.notes.transcription.attempts import SAID, attempt


@pytest.fixture
def note(alice):
    return make_note(audio=recording("webm", tone(2)), container="webm")


def test_it_turns_a_queued_note_into_text(note):
    attempt(note)

    assert note.status == Status.TRANSCRIBED
    assert note.transcript.text == note.transcript.machine_text == "Room one is ready."
    assert note.transcript.segments[0]["words"][3] == {"start": 1.5, "end": 2.0, "text": "ready.", "probability": 1.0}
    assert (note.transcript.engine, note.transcript.language) == ("fake", "en")
    assert note.seconds == pytest.approx(2, abs=0.06)
    assert len(note.peaks) == PEAKS
    assert not note.is_damaged
    assert (note.attempts, note.claim, note.failure) == (1, None, "")


def test_it_says_what_was_heard_and_by_which_engine(note):
    said = dataclasses.replace(SAID, version="1.2.1", settings={"beam_size": 5})

    class Told(FakeEngine):
        def transcribe(self, samples, options=DEFAULT_OPTIONS):
            return said

    attempt(note, Told())

    assert (note.transcript.version, note.transcript.settings) == ("1.2.1", {"beam_size": 5})
    assert (note.transcript.audio_sha256, note.transcript.audio_seconds) == (note.sha256, note.seconds)


def test_it_says_that_there_was_no_speech(db):
    note = attempt(make_note(audio=recording(samples=silence(1))), FakeEngine(""))

    assert note.status == Status.NO_SPEECH
    assert not Transcript.objects.exists()
    assert set(note.peaks) == {0}


def _opposite(samples):
    """Two microphones, one of which is wired the wrong way round."""
    return wav((np.stack([samples, -samples], axis=1) * 32_767).astype("<i2").tobytes(), channels=2)


@pytest.mark.parametrize(
    ("data", "playable"),
    [
        (recording(samples=tone(2)), "itself"),
        (recording(samples=tone(2, loudness=0.004)), "faint"),
        (_opposite(tone(2)), "faint"),
    ],
)
def test_what_a_telephone_would_hardly_let_one_hear_is_mixed_and_made_louder(alice, data, playable):
    note = attempt(make_note(audio=data))

    assert (note.status, note.playable) == (Status.TRANSCRIBED, playable)
    assert [task.func() for task in OrmQ.objects.all()] == ["notes.tasks.render"] * (playable == "faint")


def test_the_hiss_of_a_recording_without_words_is_not_made_louder(alice):
    note = attempt(make_note(audio=recording(samples=tone(2, loudness=0.004))), FakeEngine(""))

    assert (note.status, note.playable) == (Status.NO_SPEECH, "itself")


def test_it_gives_the_engine_the_names_of_the_booking(note, settings):
    settings.WHISPER_MODEL, settings.WHISPER_LANGUAGE = "small", "pt"
    heard = {}

    class Curious(FakeEngine):
        def transcribe(self, samples, options=DEFAULT_OPTIONS):
            heard.update(vars(options))
            return super().transcribe(samples)

    attempt(note, Curious())

    stay = note.reservation
    assert heard["vocabulary"] == (stay.guest.name, stay.property.name, "Alice Moreau")
    assert heard["language"] == "pt"


def test_a_property_may_have_a_language_of_its_own(note, settings):
    settings.WHISPER_MODEL, settings.WHISPER_LANGUAGE = "small", "pt"
    note.property.language = "de"
    note.property.save()

    assert attempt(note).transcript.language == "de"


def test_it_says_that_a_recording_is_damaged(db):
    data = bytearray(recording("m4a", tone(10)))
    data[len(data) // 2 : len(data) // 2 + 400] = b"\xff" * 400

    note = attempt(make_note(audio=bytes(data), container="m4a"))

    assert note.is_damaged
    assert note.status == Status.TRANSCRIBED


def test_it_reads_from_any_storage(alice, settings):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": memory}

    assert attempt(make_note()).status == Status.TRANSCRIBED


@pytest.mark.parametrize(
    ("trouble", "status", "failure"),
    [
        (EngineUnreachable(), Status.QUEUED, Failure.UNREACHABLE),
        (EngineRefused(), Status.FAILED, Failure.REFUSED),
    ],
)
def test_a_service_may_be_away_or_refuse(note, trouble, status, failure):
    attempt(note, FakeEngine(error=trouble))

    assert (note.status, note.failure, note.attempts) == (status, failure, 1)


def test_a_service_that_stays_away_is_given_up(note):
    for _ in range(MAX_ATTEMPTS):
        attempt(note, FakeEngine(error=EngineUnreachable()))

    assert (note.status, note.failure) == (Status.FAILED, Failure.UNREACHABLE)


def test_it_never_overwrites_what_people_wrote(note, alice):
    make_transcript(note, text="Room 1 ready", machine_text="Rum one", edited_at=timezone.now(), edited_by=alice)

    attempt(note)

    note.transcript.refresh_from_db()
    assert note.transcript.text == "Room 1 ready"
    assert note.transcript.machine_text == "Room one is ready."
    assert note.transcript.edited_by == alice


def test_it_replaces_its_own_text(note):
    make_transcript(note, text="Rum one", machine_text="Rum one")

    attempt(note)

    assert Transcript.objects.get().text == "Room one is ready."


# --- failures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "failure"),
    [(wav(), Failure.UNREADABLE), (b"not sound any more", Failure.UNREADABLE), (recording(), Failure.TOO_LONG)],
)
def test_what_is_wrong_with_the_recording_fails_at_once(db, data, failure, settings):
    settings.MAX_RECORDING_SECONDS = -100 if failure == Failure.TOO_LONG else 900

    note = attempt(make_note(audio=data))

    assert note.status == Status.FAILED
    assert note.failure == failure
    assert note.attempts == 1
    assert note.audio.read() == data


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (DeadlineExceeded(), Failure.TIMED_OUT),
        (EngineFailed("IndexError"), Failure.ENGINE),
        (ZeroDivisionError(), Failure.ENGINE),
        (EngineCrashed("SIGSEGV"), Failure.CRASHED),
        (EngineOutOfMemory("killed"), Failure.OUT_OF_MEMORY),
        (MemoryError(), Failure.OUT_OF_MEMORY),
    ],
)
def test_what_may_go_better_is_tried_three_times(note, error, failure):
    for number in range(1, MAX_ATTEMPTS):
        attempt(note, FakeEngine(error=error))
        assert (note.status, note.failure, note.attempts, note.claim) == (Status.QUEUED, failure, number, None)
    attempt(note, FakeEngine(error=error))

    assert (note.status, note.failure, note.attempts) == (Status.FAILED, failure, MAX_ATTEMPTS)
    assert note.peaks


def test_a_storage_that_is_away_is_not_the_recordings_fault(note):
    note.audio.storage.delete(note.audio.name)

    attempt(note)

    assert (note.status, note.failure) == (Status.QUEUED, Failure.ENGINE)


def test_a_note_waits_for_its_model_as_long_as_it_takes(note):
    for _ in range(MAX_ATTEMPTS + 2):
        attempt(note, FakeEngine(error=EngineUnavailable("WHISPER_MODEL")))

    assert (note.status, note.failure, note.attempts) == (Status.QUEUED, Failure.NO_MODEL, 0)
    assert attempt(note).status == Status.TRANSCRIBED


def test_the_log_names_the_note_and_nothing_that_was_said(note, caplog):
    attempt(note, FakeEngine(error=ValueError("Mrs Okafor in 12")))

    assert f"note {note.pk}: ValueError" in caplog.text
    assert "Okafor" not in caplog.text


def test_the_task_gives_the_queue_nothing_to_keep(note, settings):
    settings.TRANSCRIPTION_ENGINE = "fake"

    assert tasks.transcribe(str(note.pk)) is None
    get_transcriber().stop()
    note.refresh_from_db()
    assert note.status == Status.TRANSCRIBED


def test_the_task_hides_what_an_error_says(monkeypatch):
    def broken(note_id):
        raise ValueError("Mrs Okafor in 12")

    monkeypatch.setattr(live_recordings, "finish", broken)

    with pytest.raises(tasks.TranscriptionBroke, match=r"^ValueError$") as broke:
        tasks.transcribe("x")

    assert broke.value.__suppress_context__


# --- try again ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.FAILED, Status.NO_SPEECH])
def test_people_may_try_again(db, alice, status):
    note = make_note(status=status, failure=Failure.ENGINE, attempts=3)

    retry(note=note, actor=alice)

    assert (note.status, note.attempts, note.failure) == (Status.QUEUED, 0, "")
    assert OrmQ.objects.get().args() == (str(note.pk),)
    assert attempt(note).status == Status.TRANSCRIBED


@pytest.mark.parametrize("fields", [{"status": Status.QUEUED}, {"transcript": "Text."}])
def test_people_cannot_try_again_what_waits_or_is_done(db, alice, fields):
    note = make_note(**fields)

    with pytest.raises(CannotRetry) as refused:
        retry(note=note, actor=alice)

    assert refused.value.message.startswith("This note is being transcribed, or has its text already.")
    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_pressing_try_again_twice_queues_once():
    alice, note = make_user(), make_note(status=Status.FAILED, failure=Failure.ENGINE)

    answers = at_once(4, lambda number: retry(note=note, actor=alice))

    assert sum(isinstance(answer, CannotRetry) for answer in answers) == 3
    assert OrmQ.objects.count() == 1
