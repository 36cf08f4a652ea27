"""Text while somebody speaks: what is heard when, once each, until the recording ends."""

import datetime as dt
import functools

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from notes.engines.base import EngineFailed
from notes.engines.fake import FakeEngine
from notes.leases import LEASE, LostLease
from notes.models import Failure, Piece, Recording, VoiceNote
from notes.models.recordings import MAX_FAILURES
from notes.queue import LISTEN
from notes.sweep import sweep
from notes.transcription import live_recordings, saved_notes
from tests.notes.letters import FIRST, SECOND, TAIL, THIRD, Reader, said
from tests.notes.notes import make_note

pytestmark = pytest.mark.django_db


def spans():
    return [(piece.start, piece.end) for piece in Piece.objects.all()]


# --- while somebody speaks ----------------------------------------------------------------------------------------


def test_what_was_said_before_a_pause_becomes_text_while_the_rest_is_spoken(speaker, listen):
    speaker.say(FIRST)
    speaker.say(TAIL)

    listen()

    recording = speaker.recording
    assert recording.text == said(FIRST)
    assert (recording.transcribed_seconds, recording.is_transcribed) == (21, False)
    assert (recording.claim, recording.attempts) == (None, 0)
    assert recording.look_at_seconds == 21 + live_recordings.FIRST_LOOK_SECONDS


def test_too_little_sound_is_not_listened_to(speaker, listen):
    speaker.say("abc")

    assert listen(Reader(error=AssertionError())).heard == []

    assert (speaker.recording.claim, speaker.recording.attempts) == (None, 0)


def test_without_a_pause_it_looks_again_a_little_later(speaker, listen):
    speaker.say("x" * 24)

    listen()

    assert spans() == []
    assert speaker.recording.look_at_seconds == 24 + live_recordings.LOOK_AGAIN_SECONDS
    assert speaker.recording.attempts == 0


def test_each_second_is_heard_once(speaker, listen):
    speaker.say(FIRST)
    listen()
    speaker.say(SECOND)
    listen()
    speaker.say(TAIL)
    speaker.stop()
    listen()

    assert spans() == [(0, 21), (21, 42), (42, 49)]
    assert speaker.recording.text == said(FIRST + SECOND + TAIL)


def test_what_comes_meanwhile_is_heard_in_the_same_go(speaker, listen):
    speaker.say(FIRST)

    listen(Reader(speaker.says(SECOND)))

    assert spans() == [(0, 21), (21, 42)]


def test_a_recorder_that_was_restarted_leaves_several_files(speaker, listen):
    speaker.say(FIRST)
    speaker.say(SECOND, segment=1)
    speaker.stop()

    assert listen().segments == 2

    assert speaker.recording.text == said(FIRST + SECOND)


def test_the_transcriber_is_given_the_names_of_the_booking_and_the_language(speaker, listen, settings):
    settings.WHISPER_MODEL, settings.WHISPER_LANGUAGE = "small", "pt"
    speaker.say(FIRST)

    request = listen().request

    stay, author = speaker.recording.reservation, speaker.recording.author
    assert {stay.guest.name, stay.property.name, author.get_full_name()} <= set(request.vocabulary)
    assert request.language == "pt"


def test_the_transcriber_is_told_how_loud_the_recording_was_so_far(speaker, listen):
    speaker.say(FIRST)
    assert listen().request.level_before == 0
    speaker.say(SECOND)

    assert listen().request.level_before == 0.5


def test_a_slow_worker_lets_others_have_their_turn(speaker, listen, monkeypatch):
    monkeypatch.setattr(live_recordings, "TURN", dt.timedelta(0))
    speaker.say(FIRST)
    OrmQ.objects.all().delete()

    assert listen().heard == []

    assert OrmQ.objects.get().args() == (speaker.key,)
    assert speaker.recording.claim is None


# --- stop ---------------------------------------------------------------------------------------------------------


def test_after_stop_only_the_tail_is_left(speaker, listen):
    speaker.say(FIRST + TAIL)
    listen()
    speaker.stop()

    assert listen().heard == [(21, 28)]

    assert speaker.recording.is_transcribed
    assert speaker.recording.text == said(FIRST + TAIL)


def test_a_short_recording_is_heard_in_one(speaker, listen):
    speaker.say("abc")
    speaker.stop()

    assert listen().heard == [(0, 3)]
    assert speaker.recording.is_transcribed


def test_a_long_rest_is_heard_piece_by_piece_so_that_one_sees_it_grow(speaker, listen):
    speaker.say(FIRST + SECOND + THIRD + TAIL)
    speaker.stop()

    assert listen().heard == [(0, 21), (21, 42), (42, 70)]


def test_stop_while_a_piece_is_heard_is_answered_by_the_same_worker(speaker, listen):
    speaker.say(FIRST + TAIL)

    reader = listen(Reader(speaker.stop))

    assert reader.heard == [(0, 21), (21, 28)]
    assert speaker.recording.is_transcribed


def test_a_recording_that_goes_on_after_stop_is_heard_on(speaker, listen):
    speaker.say("abc")
    speaker.stop()
    listen(Reader(speaker.says("def")))
    assert spans() == [(0, 3)]
    assert not speaker.recording.is_transcribed

    speaker.stop()
    listen()

    assert spans() == [(0, 3), (3, 6)]
    assert speaker.recording.is_transcribed


def test_nothing_behind_the_last_piece_is_no_failure(speaker, listen):
    speaker.say(FIRST)
    listen()
    speaker.stop()

    listen()

    assert spans() == [(0, 21)]
    assert speaker.recording.is_transcribed


# --- discard ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [Reader, functools.partial(Reader, error=EngineFailed())])
def test_discard_while_it_is_heard_leaves_nothing(speaker, listen, reader):
    speaker.say(FIRST)

    listen(reader(speaker.discard))

    assert not Recording.objects.exists()
    assert not Piece.objects.exists()


def test_a_worker_that_lost_its_claim_stops_at_its_next_sign_of_life(speaker, monkeypatch):
    speaker.say(FIRST)
    lease = live_recordings.claim(speaker.key)
    speaker.discard()

    with pytest.raises(LostLease):
        lease.renew()


# --- failures -----------------------------------------------------------------------------------------------------


def test_after_two_failures_the_note_is_heard_as_a_whole_when_it_is_saved(speaker, listen):
    speaker.say(FIRST)
    for number in range(1, MAX_FAILURES + 1):
        listen(Reader(error=EngineFailed()))
        assert (speaker.recording.attempts, speaker.recording.claim) == (number, None)
    assert listen().heard == []
    speaker.stop()
    speaker.save()

    live_recordings.finish(speaker.key, transcriber=Reader())
    saved_notes.complete(saved_notes.claim(speaker.key), FakeEngine("All of it.").transcribe([]))

    assert VoiceNote.objects.get().transcript.text == "All of it."
    assert not Recording.objects.exists()


def test_a_failure_is_forgotten_with_the_next_piece(speaker, listen):
    speaker.say(FIRST)
    listen(Reader(error=EngineFailed()))
    listen()

    assert speaker.recording.attempts == 0


def test_a_failed_look_waits_for_more_sound(speaker, listen):
    speaker.say(FIRST)
    listen(Reader(error=EngineFailed()))

    assert speaker.recording.look_at_seconds == 21 + live_recordings.LOOK_AGAIN_SECONDS


def test_a_failed_tail_is_tried_again_by_the_sweep(speaker, listen):
    speaker.say(TAIL)
    speaker.stop()
    listen(Reader(error=EngineFailed()))
    OrmQ.objects.all().delete()

    sweep(timezone.now())
    assert OrmQ.objects.get().func() == LISTEN
    listen(Reader(error=EngineFailed()))
    OrmQ.objects.all().delete()
    sweep(timezone.now())

    assert not OrmQ.objects.exists()


def test_the_log_says_nothing_of_what_was_said(speaker, listen, caplog):
    speaker.say(FIRST)

    listen(Reader(error=ValueError("Mrs Okafor in 12")))

    assert f"recording {speaker.key}: ValueError" in caplog.text
    assert "Okafor" not in caplog.text


# --- a worker that dies -------------------------------------------------------------------------------------------


def test_another_worker_goes_on_where_a_dead_one_was(speaker, listen):
    speaker.say(FIRST)
    listen()
    speaker.say(TAIL)
    speaker.stop()
    assert live_recordings.claim(speaker.key)
    assert listen().heard == []
    OrmQ.objects.all().delete()

    sweep(timezone.now())
    assert not OrmQ.objects.exists()
    sweep(timezone.now() + 2 * LEASE)
    assert OrmQ.objects.get().args() == (speaker.key,)

    assert listen().heard == [(21, 28)]


def test_a_deadly_recording_is_given_up(speaker):
    speaker.say(TAIL)
    speaker.stop()
    now = timezone.now()
    for _ in range(MAX_FAILURES):
        assert live_recordings.claim(speaker.key)
        now += 2 * LEASE
        Recording.objects.update(lease_until=now - dt.timedelta(seconds=1))
        sweep(now)
    speaker.save()

    assert live_recordings.claim(speaker.key) is None
    assert saved_notes.claim(speaker.key)


def test_a_stopped_recording_that_a_worker_is_busy_with_is_a_sign_of_life(speaker):
    speaker.say(TAIL)
    speaker.stop()
    live_recordings.claim(speaker.key)
    note = make_note(queued_at=timezone.now() - dt.timedelta(hours=1), failure=Failure.ENGINE)
    saved_notes.enqueue(note.pk)

    assert not sweep(timezone.now()).is_stuck
    Recording.objects.all().delete()
    assert sweep(timezone.now()).is_stuck
