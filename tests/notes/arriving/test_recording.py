"""A recording comes in by chunks: over good lines and bad ones, once and whole."""

import datetime as dt
import hashlib
import uuid

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django_q.models import OrmQ

from notes.arriving import recording
from notes.arriving.intake import AudioRefused, Place
from notes.arriving.recovering import recover
from notes.models import Chunk, Recording, Status, VoiceNote
from notes.sound import audio
from tests.factories import make_hotel, make_reservation, make_user
from tests.notes.clips import browser_recording, tone

pytestmark = pytest.mark.django_db

SOUND = browser_recording(tone(3))
SLICE = 2000  # bytes


def slices(sound=SOUND):
    return [sound[start : start + SLICE] for start in range(0, len(sound), SLICE)]


class Sender:
    """A browser with a recording."""

    def __init__(self, author, place=None):
        self.who = {"key": uuid.uuid4(), "author": author}
        self.place = place or Place.of(make_reservation())

    def chunk(self, index, data, **fields):
        return recording.add_chunk(**self.who, index=index, data=data, place=self.place, **fields)

    def send(self, sound=SOUND, **fields):
        for index, data in enumerate(slices(sound)):
            state = self.chunk(index, data, seconds=index + 1.0, **fields)
        return state.expected

    def save(self, chunks):
        return recording.save(**self.who, chunks=chunks)


@pytest.fixture
def sender(alice):
    return Sender(alice)


def test_a_recording_becomes_a_note_byte_for_byte(sender, alice):
    count = sender.send()
    recording.stop(**sender.who, chunks=count, seconds=3)

    note = sender.save(count)

    assert (note.pk, note.author, note.status) == (sender.who["key"], alice, Status.QUEUED)
    assert Place.of(note) == sender.place
    assert note.upload_sha256 == hashlib.sha256(SOUND).hexdigest()
    assert note.seconds == pytest.approx(3, abs=0.1)
    with note.audio.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == note.sha256
    assert not Chunk.objects.exists()


def test_the_note_bears_the_moment_at_which_somebody_began_to_speak(sender):
    count = sender.send()
    Recording.objects.update(started_at=timezone.now() - dt.timedelta(hours=3))

    note = sender.save(count)

    assert timezone.now() - note.recorded_at > dt.timedelta(hours=2)


def test_a_property_takes_recordings_for_whoever_comes_next(alice):
    hotel = make_hotel()
    sender = Sender(alice, Place.of(hotel))

    note = sender.save(sender.send())

    assert (note.property, note.reservation) == (hotel, None)


def test_a_chunk_that_arrives_twice_is_taken_once(sender):
    first, second, *_ = slices()
    sender.chunk(0, first)

    assert sender.chunk(0, first).expected == 1
    assert sender.chunk(1, second).expected == 2
    assert Chunk.objects.count() == 2


def test_another_chunk_in_the_place_of_one_that_is_there_is_refused(sender):
    sender.chunk(0, b"one")

    with pytest.raises(AudioRefused) as refused:
        sender.chunk(0, b"two")

    assert refused.value.code == "key_taken"


def test_a_chunk_that_comes_too_early_is_told_which_one_is_expected(sender):
    sender.chunk(0, b"one")

    with pytest.raises(recording.OutOfOrder) as refused:
        sender.chunk(2, b"three")

    assert refused.value.state.expected == 1


@pytest.mark.parametrize("end", [recording.stop, recording.save])
def test_an_end_that_overtakes_a_chunk_is_told_which_one_is_expected(sender, end):
    sender.chunk(0, b"one")
    seconds = {"seconds": 2} if end is recording.stop else {}

    with pytest.raises(recording.OutOfOrder) as refused:
        end(**sender.who, chunks=2, **seconds)

    assert refused.value.state.expected == 1


@pytest.mark.parametrize("end", [recording.stop, recording.save])
def test_an_end_of_what_the_server_has_forgotten_asks_for_all_of_it(sender, end):
    seconds = {"seconds": 2} if end is recording.stop else {}

    with pytest.raises(recording.OutOfOrder) as refused:
        end(**sender.who, chunks=2, **seconds)

    assert refused.value.state.expected == 0


def test_saving_twice_is_one_note(sender):
    count = sender.send()

    assert sender.save(count) == sender.save(count)

    assert VoiceNote.objects.count() == 1
    assert recording.state_of(**sender.who).note.pk == sender.who["key"]


def test_a_chunk_that_comes_after_the_note_is_harmless(sender):
    count = sender.send()
    note = sender.save(count)

    state = sender.chunk(0, slices()[0])

    assert (state.expected, state.note) == (1, note)
    assert recording.stop(**sender.who, chunks=count, seconds=3).note == note


def test_nobody_else_sees_or_changes_it(sender):
    sender.send()
    other = {"key": sender.who["key"], "author": make_user("bob")}

    with pytest.raises(recording.Gone):
        recording.state_of(**other)
    with pytest.raises(recording.Gone):
        recording.add_chunk(**other, index=9, data=b"x", place=sender.place)
    with pytest.raises(recording.Gone):
        recording.stop(**other, chunks=1, seconds=1)
    with pytest.raises(recording.OutOfOrder):
        recording.save(**other, chunks=1)
    with pytest.raises(recording.Gone):
        recording.discard(**other)
    assert Recording.objects.exists()


def test_it_stays_where_it_was_begun(sender):
    sender.chunk(0, b"one")
    sender.place = Place.of(make_hotel())

    with pytest.raises(AudioRefused):
        sender.chunk(1, b"two")


def test_more_bytes_than_a_note_may_have_are_refused_and_those_before_kept(sender, settings):
    settings.MAX_UPLOAD_BYTES = 10
    sender.chunk(0, b"123456")

    with pytest.raises(AudioRefused) as refused:
        sender.chunk(1, b"123456")

    assert refused.value.code == "too_large"
    assert recording.state_of(**sender.who).expected == 1


def test_unfinished_recordings_of_one_person_are_bounded(alice, monkeypatch):
    monkeypatch.setattr(recording, "MOST_UNFINISHED", 2)
    place = Place.of(make_hotel())
    for _ in range(2):
        Sender(alice, place).chunk(0, b"x")

    with pytest.raises(recording.TooMany):
        Sender(alice, place).chunk(0, b"x")


def test_a_recorder_that_was_restarted_leaves_one_note_of_both_parts(sender):
    low, high = browser_recording(tone(2, hertz=300)), browser_recording(tone(3, hertz=900))
    sender.chunk(0, low[:3000], segment=0)
    sender.chunk(1, low[3000:], segment=0)
    sender.chunk(2, high, segment=1)

    note = sender.save(3)

    assert note.upload_sha256 == hashlib.sha256(low + high).hexdigest()
    assert note.container == "webm"
    sound = audio.decode(note.audio.path, max_seconds=60)
    assert sound.seconds == pytest.approx(5, abs=0.1)


def test_a_discarded_recording_is_forgotten_and_can_be_sent_again(sender):
    count = sender.send()

    recording.discard(**sender.who)
    recording.discard(**sender.who)

    assert recording.state_of(**sender.who).expected == 0
    assert sender.send() == count
    assert sender.save(count).pk == sender.who["key"]


def test_what_is_no_sound_is_refused_and_kept(sender):
    sender.chunk(0, b"Dear guest")

    with pytest.raises(AudioRefused):
        sender.save(1)

    assert Chunk.objects.exists()


def test_a_worker_is_called_when_there_is_enough_to_hear_and_when_it_stops(sender):
    first, second, third, *_ = slices()
    sender.chunk(0, first, seconds=5)
    assert OrmQ.objects.count() == 0

    sender.chunk(1, second, seconds=22)
    sender.chunk(2, third, seconds=23)
    assert [row.func() for row in OrmQ.objects.all()] == ["notes.tasks.listen"]

    recording.stop(**sender.who, chunks=3, seconds=23)
    recording.stop(**sender.who, chunks=3, seconds=23)
    assert OrmQ.objects.count() == 2


def test_a_chunk_after_the_stop_opens_it_again(sender):
    count = sender.send()
    recording.stop(**sender.who, chunks=count, seconds=3)

    sender.chunk(count, b"more")

    assert Recording.objects.get().stopped_at is None


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

    assert not VoiceNote.objects.kept().exists()
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
