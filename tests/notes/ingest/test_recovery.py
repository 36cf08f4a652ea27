"""Recordings whose browser went away become notes by themselves."""

import datetime as dt
import hashlib
import uuid

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from notes.ingest import recording, recovery
from notes.ingest.recovery import recover
from notes.models import Chunk, Recording, Status, VoiceNote
from tests.concurrency.crowd import at_once
from tests.factories import make_apartment, make_reservation
from tests.notes.clips import browser_recording, tone
from tests.notes.ingest.senders import SOUND, Sender, slices

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(alice):
    return Sender(alice)


def later(minutes):
    return timezone.now() + dt.timedelta(minutes=minutes)


def test_a_recording_whose_browser_went_away_becomes_a_note(sender):
    sender.send()

    assert recover(later(5)) == 0
    assert recover(later(30)) == 1
    assert recover(later(31)) == 0

    note = VoiceNote.objects.get()
    assert note.is_recovered
    assert note.upload_sha256 == hashlib.sha256(SOUND).hexdigest()


def test_a_recovered_note_is_finished_by_the_browser_that_comes_back(sender):
    count = sender.send()
    recover(later(30))

    note = sender.save(count)

    assert not note.is_recovered
    assert VoiceNote.objects.count() == 1
    assert not Chunk.objects.exists()


def test_a_recovered_note_becomes_whole_when_its_browser_has_more(sender, django_capture_on_commit_callbacks):
    whole = slices(browser_recording(tone(6)))
    for index, data in enumerate(whole[:-2]):
        sender.chunk(index, data)
    recover(later(30))
    part = VoiceNote.objects.get()

    for index in (-2, -1):
        sender.chunk(len(whole) + index, whole[index])
    with django_capture_on_commit_callbacks(execute=True):
        note = sender.save(len(whole))

    assert note.pk == part.pk
    assert note.upload_sha256 == hashlib.sha256(b"".join(whole)).hexdigest()
    assert note.seconds > part.seconds
    assert (note.is_recovered, note.status) == (False, Status.QUEUED)
    assert default_storage.exists(note.audio.name)
    assert not default_storage.exists(part.audio.name)


def test_a_note_that_was_recovered_is_discarded_with_its_recording(sender):
    sender.send()
    recover(later(30))

    recording.discard(**sender.who)

    assert not VoiceNote.objects.not_deleted().exists()
    assert VoiceNote.objects.exists()  # it can be brought back


def test_a_recovered_note_that_was_discarded_comes_back_when_it_is_saved_after_all(sender):
    count = sender.send()
    recover(later(30))
    recording.discard(**sender.who)

    sender.send()
    note = sender.save(count)

    assert (note.is_recovered, note.deleted_at) == (False, None)


def test_what_holds_no_sound_is_not_recovered_and_goes_in_the_end(sender, settings):
    sender.chunk(0, b"")

    assert recover(later(30)) == 0
    assert Recording.objects.exists()
    recover(later(60 * (settings.BROWSER_KEEPS_AUDIO_HOURS + 2)))

    assert not Recording.objects.exists()
    assert not VoiceNote.objects.exists()


class TestRecoveryThatFails:
    """Whatever happens to a recovery, what was spoken is there until a note is made of it."""

    @pytest.fixture
    def storage_away(self, settings):
        """Its folder is a file until it is called."""
        settings.MEDIA_ROOT.parent.mkdir(exist_ok=True)
        settings.MEDIA_ROOT.write_bytes(b"")
        return settings.MEDIA_ROOT.unlink

    def test_it_is_tried_again_until_the_storage_is_back(self, sender, storage_away):
        sender.send()

        assert [recover(later(minutes)) for minutes in (30, 31, 60)] == [0, 0, 0]
        assert not VoiceNote.objects.exists()
        storage_away()
        assert recover(later(90)) == 1

        assert VoiceNote.objects.get().upload_sha256 == hashlib.sha256(SOUND).hexdigest()

    def test_nothing_is_forgotten_however_long_the_storage_is_away(self, sender, storage_away, settings):
        settings.BROWSER_KEEPS_AUDIO_HOURS = 0
        sender.send()

        for hours in range(1, 6):
            recover(later(60 * hours))
        storage_away()

        assert recover(later(60 * 24 * 30)) == 1

    def test_the_other_recordings_are_recovered_all_the_same(self, sender, alice, monkeypatch):
        broken, whole = sender.who["key"], uuid.uuid4()
        sender.send()
        other = make_reservation(make_apartment(), guest="Bo Li")
        recording.add_chunk(key=whole, index=0, data=SOUND, author=alice, reservation=other)
        make_note = recovery.make_note

        def breaks_for_one(found, **options):
            if found.pk == broken:
                raise RuntimeError
            return make_note(found, **options)

        monkeypatch.setattr(recovery, "make_note", breaks_for_one)

        assert recover(later(30)) == 1
        assert VoiceNote.objects.get().pk == whole

    def test_one_that_died_in_the_middle_is_tried_again(self, sender, monkeypatch):
        sender.send()

        class Killed(BaseException):
            pass

        def dies(*args, **options):
            raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(recovery, "make_note", dies)
            with pytest.raises(Killed):
                recover(later(30))

        assert (recover(later(31)), recover(later(33))) == (0, 1)

    def test_why_there_is_no_note_is_kept_and_what_comes_later_counts_again(self, sender):
        sender.chunk(0, b"Dear guest")
        recover(later(30))
        assert Recording.objects.get().refusal == "not_audio"

        sender.chunk(1, b", the boiler")

        assert Recording.objects.get().refusal == ""


@pytest.mark.django_db(transaction=True)
def test_of_many_servers_that_sweep_at_once_one_makes_the_note(alice):
    key, reservation = uuid.uuid4(), make_reservation(make_apartment())
    recording.add_chunk(key=key, index=0, data=SOUND, author=alice, reservation=reservation)
    now = later(30)

    counted = at_once(4, lambda number: recover(now))

    assert sorted(counted) == [0, 0, 0, 1]
    assert VoiceNote.objects.get().pk == key
