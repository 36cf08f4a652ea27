"""A recording that was heard piece by piece becomes a note, which has its text at once."""

import datetime as dt

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from notes.engines.fake import FakeEngine
from notes.leases import LEASE
from notes.models import Piece, Recording, Status, Transcript, VoiceNote
from notes.queue import TASK
from notes.sound.waveform import PEAKS
from notes.sweep import sweep
from notes.transcription import live_recordings, saved_notes
from tests.notes.letters import FIRST, SECOND, TAIL, Reader, said

pytestmark = pytest.mark.django_db


def assert_whole(speaker, letters):
    note = VoiceNote.objects.get(pk=speaker.key)
    assert note.status == Status.TRANSCRIBED
    assert note.transcript.text == note.transcript.machine_text == said(letters)
    assert not Recording.objects.exists()
    return note


def test_a_note_that_was_whispered_is_made_louder(speaker, listen):
    speaker.say(FIRST + TAIL)
    listen(Reader(loudness=0.003))
    speaker.stop()
    listen(Reader(loudness=0.003))

    speaker.save()

    assert assert_whole(speaker, FIRST + TAIL).playable == "faint"
    assert "notes.tasks.render" in [task.func() for task in OrmQ.objects.all()]


def test_save_after_the_last_piece_gives_the_note_its_text_at_once(speaker, listen):
    speaker.say(FIRST + TAIL)
    listen()
    speaker.stop()
    listen()
    OrmQ.objects.all().delete()

    saved = speaker.save()

    assert saved.status == Status.TRANSCRIBED
    assert not OrmQ.objects.exists()
    note = assert_whole(speaker, FIRST + TAIL)
    assert (note.seconds, note.claim, note.failure, note.is_damaged) == (28, None, "", False)
    assert len(note.peaks) == PEAKS
    assert set(note.peaks) == {100}
    transcript = note.transcript
    assert (transcript.engine, transcript.model, transcript.language) == ("reader", "aloud", "en")
    assert (transcript.took_seconds, transcript.audio_seconds) == (1.0, 28)
    assert transcript.audio_sha256 == note.sha256
    assert transcript.from_pieces


def test_the_words_of_later_pieces_have_their_times_in_the_whole(speaker, listen):
    speaker.say(FIRST + TAIL)
    listen()
    speaker.stop()
    listen()
    speaker.save()

    words = [word for segment in Transcript.objects.get().segments for word in segment["words"]]
    assert words[-1] == {"start": 27, "end": 28, "text": "o", "probability": 0.9}
    assert [word["start"] for word in words] == sorted(word["start"] for word in words)


def test_save_while_the_tail_is_heard_is_completed_by_the_worker(speaker, listen):
    speaker.say(FIRST + TAIL)
    listen()
    speaker.stop()

    listen(Reader(speaker.save))

    note = assert_whole(speaker, FIRST + TAIL)
    assert note.lease_until > timezone.now()  # a sign of life


def test_save_while_an_earlier_piece_is_heard_goes_on_with_the_files_of_the_chunks(speaker, listen):
    speaker.say(FIRST + SECOND + TAIL)
    speaker.stop()

    reader = listen(Reader(speaker.save))

    assert reader.heard == [(0, 21), (21, 49)]
    assert_whole(speaker, FIRST + SECOND + TAIL)


def test_save_before_the_tail_was_heard_leaves_it_to_be_heard_in_the_stored_file(speaker, listen):
    speaker.say(FIRST)
    listen()
    speaker.say(TAIL)
    speaker.stop()
    assert speaker.save().status == Status.QUEUED

    live_recordings.finish(speaker.key, transcriber=(reader := Reader()))

    assert reader.heard == [(21, 28)]
    assert_whole(speaker, FIRST + TAIL)


def test_save_without_stop_is_a_stop(speaker):
    speaker.say(TAIL)
    speaker.save()

    live_recordings.finish(speaker.key, transcriber=Reader())

    assert_whole(speaker, TAIL)


def test_a_recording_of_a_saved_note_has_ended_whatever_it_says(speaker):
    speaker.say(FIRST + TAIL)
    speaker.save()
    Recording.objects.update(stopped_at=None)

    live_recordings.finish(speaker.key, transcriber=Reader())

    assert_whole(speaker, FIRST + TAIL)


def test_a_worker_that_was_last_before_the_save_leaves_nothing_undone(speaker, listen):
    """Save had looked a moment before the last piece was written, and queued the note."""
    speaker.say(TAIL)
    speaker.stop()
    speaker.save()
    Recording.objects.update(is_transcribed=True)
    Piece.objects.create(
        recording=speaker.recording, index=0, start=0, end=7, segments=[{"text": said(TAIL)}], engine="a", model="b"
    )

    live_recordings.finish(speaker.key, transcriber=Reader(error=AssertionError()))

    assert_whole(speaker, TAIL)


def test_a_single_piece_is_a_pass_over_the_whole(speaker, listen):
    speaker.say(TAIL)
    speaker.stop()
    listen()
    speaker.save()

    assert not Transcript.objects.get().from_pieces


def test_pieces_without_words_are_no_speech(speaker, listen):
    speaker.say("   ")
    speaker.stop()
    listen()

    assert speaker.save().status == Status.NO_SPEECH
    assert not Transcript.objects.exists()
    assert not Recording.objects.exists()


@pytest.mark.parametrize("doubt", ["damaged", "seconds", "gap", "nothing"])
def test_pieces_that_do_not_add_up_are_dropped_for_one_pass_over_the_whole(speaker, listen, doubt):
    speaker.say(FIRST)
    listen(Reader(is_damaged=doubt == "damaged"))
    speaker.say(TAIL)
    speaker.stop()
    listen()
    last = Piece.objects.order_by("index").last()
    match doubt:
        case "seconds":
            Piece.objects.filter(pk=last.pk).update(end=last.end - 1.5)
        case "gap":
            Piece.objects.filter(pk=last.pk).update(start=last.start + 1)
        case "nothing":
            Piece.objects.all().delete()

    note = speaker.save()

    assert note.status == Status.QUEUED
    assert OrmQ.objects.order_by("pk").last().func() == TASK
    assert not Recording.objects.exists()
    assert not Transcript.objects.exists()


def test_a_note_that_is_listened_to_is_left_alone_by_everybody_else(speaker, listen):
    speaker.say(TAIL)
    speaker.stop()

    def meanwhile():
        speaker.save()
        saved_notes.transcribe(speaker.key, engine=FakeEngine("Another text."))
        live_recordings.finish(speaker.key, transcriber=Reader(error=AssertionError()))
        OrmQ.objects.all().delete()
        sweep(timezone.now())
        assert not OrmQ.objects.exists()

    listen(Reader(meanwhile))

    assert_whole(speaker, TAIL)


def test_what_people_wrote_meanwhile_is_kept(speaker, listen, alice):
    speaker.say(TAIL)
    speaker.stop()

    def meanwhile():
        note = speaker.save()
        Transcript.objects.create(note=note, text="Typed.", took_seconds=0, edited_at=timezone.now(), edited_by=alice)

    listen(Reader(meanwhile))

    transcript = Transcript.objects.get()
    assert (transcript.text, transcript.machine_text) == ("Typed.", said(TAIL))


# --- a browser that went away -------------------------------------------------------------------------------------


def test_a_recovered_note_is_heard_as_a_whole_and_its_recording_waits_for_the_browser(speaker, listen):
    speaker.say(FIRST)
    listen()
    Recording.objects.update(last_chunk_at=timezone.now() - dt.timedelta(hours=1))
    sweep(timezone.now())

    live_recordings.finish(speaker.key, transcriber=Reader(error=AssertionError()))
    saved_notes.complete(saved_notes.claim(speaker.key), FakeEngine("What there was.").transcribe([]))

    assert VoiceNote.objects.get().transcript.text == "What there was."
    assert Recording.objects.get().chunks.exists()

    speaker.say(TAIL)
    speaker.stop()
    listen()
    speaker.save()

    assert_whole(speaker, FIRST + TAIL)


def test_a_browser_that_has_no_more_than_was_recovered_leaves_nothing_to_listen_to(speaker, listen):
    speaker.say(FIRST)
    Recording.objects.update(last_chunk_at=timezone.now() - dt.timedelta(hours=1))
    sweep(timezone.now())
    speaker.save()

    assert not Recording.objects.exists()
    assert listen(Reader(error=AssertionError())).heard == []
    assert saved_notes.claim(speaker.key)


def test_a_dead_workers_note_is_finished_by_the_next(speaker):
    speaker.say(TAIL)
    speaker.stop()
    live_recordings.claim(speaker.key)
    speaker.save()
    OrmQ.objects.all().delete()

    sweep(timezone.now() + 2 * LEASE)

    assert [row.args() for row in OrmQ.objects.all()] == [(speaker.key,)] * 2
    live_recordings.finish(speaker.key, transcriber=Reader())
    assert_whole(speaker, TAIL)
