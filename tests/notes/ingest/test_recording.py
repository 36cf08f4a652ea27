"""A recording comes in by chunks: over good lines and bad ones, once and whole."""

import datetime as dt
import hashlib

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from notes.ingest import recording
from notes.ingest.intake import AudioRefused
from notes.models import Chunk, Recording, Status, VoiceNote, is_attached_to
from notes.sound import audio
from notes.sound.playing import RenditionKind
from tests.factories import make_hotel, make_user
from tests.notes.clips import browser_recording, tone
from tests.notes.ingest.senders import SOUND, Sender, slices

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(alice):
    return Sender(alice)


def test_a_recording_becomes_a_note_byte_for_byte(sender, alice):
    count = sender.send()
    recording.stop(**sender.who, chunks=count, seconds=3)

    note = sender.save(count)

    assert (note.pk, note.author, note.status) == (sender.who["key"], alice, Status.QUEUED)
    assert is_attached_to(note, **sender.about)
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
    sender = Sender(alice, property=hotel)

    note = sender.save(sender.send())

    assert (note.property, note.reservation) == (hotel, None)


def test_a_first_chunk_is_taken_although_the_recording_is_discarded_at_that_moment(sender, monkeypatch):
    begin = Recording.objects.get_or_create

    def begin_and_lose(**row):
        monkeypatch.undo()
        begin(**row)
        recording.discard(**sender.who)

    monkeypatch.setattr(Recording.objects, "get_or_create", begin_and_lose)

    assert sender.chunk(0, slices()[0]).expected == 1


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
        recording.add_chunk(**other, index=9, data=b"x", **sender.about)
    with pytest.raises(recording.Gone):
        recording.stop(**other, chunks=1, seconds=1)
    with pytest.raises(recording.OutOfOrder):
        recording.save(**other, chunks=1)
    with pytest.raises(recording.Gone):
        recording.discard(**other)
    assert Recording.objects.exists()


def test_it_stays_where_it_was_begun(sender):
    sender.chunk(0, b"one")
    sender.about = {"property": make_hotel()}

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
    property = make_hotel()
    for _ in range(2):
        Sender(alice, property=property).chunk(0, b"x")

    with pytest.raises(recording.TooMany):
        Sender(alice, property=property).chunk(0, b"x")


def test_what_was_recorded_is_kept_as_it_came_and_played_with_an_index(sender):
    data = browser_recording(tone(3))
    sender.chunk(0, data[:3000])
    sender.chunk(1, data[3000:])

    note = sender.save(2)

    assert note.audio.read() == data
    assert note.sha256 == note.upload_sha256
    assert audio.probe(note.rendition.path).rendition == RenditionKind.NONE


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
