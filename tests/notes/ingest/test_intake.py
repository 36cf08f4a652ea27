import hashlib
import threading
import uuid
from io import BytesIO
from pathlib import Path

import av
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django_q.models import OrmQ

from notes import limits
from notes.files.audio import NotStored
from notes.files.storage import DurableFileSystemStorage
from notes.ingest import intake
from notes.ingest.intake import AudioRefused, receive
from notes.models import Status, VoiceNote
from notes.sound import copying
from reservations.models import Status as Stay
from tests.factories import make_reservation, make_user
from tests.notes.clips import MUXERS, browser_recording, film, late_from, recording, tone, wav

CUES = b"\x1c\x53\xbb\x6b"  # a WebM file's index


@pytest.fixture
def reservation(db):
    return make_reservation()


def upload(data, name="blob"):
    return SimpleUploadedFile(name, data, content_type="video/webm")


def files_in(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@pytest.mark.parametrize("container", MUXERS)
def test_it_keeps_a_recording_and_queues_it(reservation, alice, container, settings):
    note = receive(reservation=reservation, author=alice, upload=upload(recording(container)))

    stored = note.audio.read()
    assert note.status == Status.QUEUED
    assert note.reservation == reservation
    assert note.author == alice
    assert note.container == container
    assert note.audio.name == f"{note.recorded_at:%Y/%m}/{note.pk}.{container}"
    assert note.size == len(stored)
    assert note.sha256 == hashlib.sha256(stored).hexdigest()
    assert note.seconds == pytest.approx(1, abs=0.06)
    [task] = OrmQ.objects.all()
    assert task.func() == "notes.tasks.transcribe"
    assert task.args() == (str(note.pk),)
    assert files_in(settings.SPOOL_DIR) == []


def test_a_browsers_recording_is_kept_as_it_came_and_played_with_an_index(reservation, alice):
    data = browser_recording(tone(3), title="Okafor")

    note = receive(reservation=reservation, author=alice, upload=upload(data))

    assert note.audio.read() == data
    assert note.sha256 == note.upload_sha256 == hashlib.sha256(data).hexdigest()
    played = note.rendition.read()
    assert note.playable == "rendered"
    assert av.open(BytesIO(played)).duration == pytest.approx(3e6, abs=1e5)
    assert CUES in played
    assert b"Okafor" not in played


@pytest.mark.parametrize(("kind", "played"), [("aac", "m4a"), ("mka-aac", "m4a"), ("ogg", "webm"), ("ts-aac", "m4a")])
def test_it_stores_beside_what_came_what_browsers_play(reservation, alice, kind, played):
    data = recording(kind, tone(2))

    note = receive(reservation=reservation, author=alice, upload=upload(data))

    assert note.audio.read() == data
    assert note.sha256 == note.upload_sha256
    assert note.rendition.name == f"{note.recorded_at:%Y/%m}/{note.pk}-played.{played}"
    rendition = note.rendition.read()
    assert (note.playable, note.rendition_size) == ("rendered", len(rendition))
    assert note.rendition_sha256 == hashlib.sha256(rendition).hexdigest()
    assert av.open(BytesIO(rendition)).duration == pytest.approx(2e6, abs=2e5)
    assert [task.func() for task in OrmQ.objects.all()] == ["notes.tasks.transcribe"]


@pytest.mark.parametrize("kind", ["amr", "m4a-alac", "wma2", "mp2", "latm", "wav-64-bit", "wav-mp3", "mpeg"])
def test_what_has_to_be_encoded_anew_is_left_to_a_worker(reservation, alice, kind):
    data = recording(kind, tone(2))

    note = receive(reservation=reservation, author=alice, upload=upload(data))

    assert note.audio.read() == data
    assert (note.playable, note.rendition) == ("due", "")
    assert [task.func() for task in OrmQ.objects.order_by("pk")] == ["notes.tasks.render", "notes.tasks.transcribe"]


def test_neither_file_is_left_when_the_note_cannot_be_written(reservation, alice, settings, monkeypatch):
    monkeypatch.setattr(intake, "enqueue", lambda note_id: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        receive(reservation=reservation, author=alice, upload=upload(recording("ogg")))

    assert files_in(settings.MEDIA_ROOT) == files_in(settings.SPOOL_DIR) == []


def test_a_hole_in_a_recording_is_written_down(reservation, alice):
    data = late_from(browser_recording(tone(9)), second=6, by=5)

    note = receive(reservation=reservation, author=alice, upload=upload(data))

    assert note.audio.read() == data
    assert note.gaps == [[pytest.approx(6, abs=0.1), pytest.approx(5, abs=0.05)]]
    assert av.open(BytesIO(note.rendition.read())).duration == pytest.approx(9e6, abs=1e5)


def test_what_ends_before_its_header_says_is_taken_and_written_down(reservation, alice):
    data = recording("wav", tone(4))[: 44 + 2 * 16_000]

    note = receive(reservation=reservation, author=alice, upload=upload(data))

    assert note.audio.read() == data
    assert (note.seconds, note.promised_seconds) == (pytest.approx(1, abs=0.01), pytest.approx(4, abs=0.01))
    assert note.playable == "due"


def test_what_a_damaged_file_lost_is_written_down(reservation, alice):
    data = browser_recording(tone(9))
    damaged = data[: len(data) // 3] + bytes(len(data) // 3) + data[len(data) * 2 // 3 :]

    note = receive(reservation=reservation, author=alice, upload=upload(damaged))

    assert note.gaps == []
    assert note.losses == [[pytest.approx(3, abs=0.5), pytest.approx(3, abs=1)]]


def test_a_recording_whose_packets_cannot_be_copied_is_kept_and_left_to_a_worker(reservation, alice, monkeypatch):
    data = browser_recording()
    monkeypatch.setattr(copying, "_append", lambda *packets: 1 / 0)

    note = receive(reservation=reservation, author=alice, upload=upload(data))

    assert note.audio.read() == data
    assert note.playable == "due"


def test_a_text_is_not_told_to_become_what_it_is_called(reservation, alice):
    with pytest.raises(AudioRefused) as refused:
        receive(reservation=reservation, author=alice, upload=upload(b"Dear guest", "letter.wav"))

    assert refused.value.message == "This is not a sound file, whatever it is called. Choose a recording."


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (wav(), "empty"),
        (recording("wav", tone(40))[:200], "empty"),
        (b"<html>", "not_audio"),
        (b"Dear guest", "not_audio"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "not_audio"),
        (film(), "is_video"),
        (wav(bytes(400), rate=1), "unreadable"),
    ],
)
def test_it_refuses_what_is_no_recording_and_leaves_nothing(reservation, alice, data, code, settings):
    with pytest.raises(AudioRefused) as refused:
        receive(reservation=reservation, author=alice, upload=upload(data, "a.webm"))

    assert refused.value.code == code
    assert refused.value.status == 422
    assert files_in(settings.SPOOL_DIR) == files_in(settings.MEDIA_ROOT) == []
    assert not VoiceNote.objects.exists()
    assert not OrmQ.objects.exists()


def test_it_stops_reading_at_its_own_limit(reservation, alice, settings):
    settings.MAX_UPLOAD_BYTES = 3 * 2**20

    class Endless:
        taken = 0

        def chunks(self):
            while True:
                self.taken += 1
                yield bytes(2**20)

    endless = Endless()
    with pytest.raises(AudioRefused) as refused:
        receive(reservation=reservation, author=alice, upload=endless)

    assert refused.value.code == "too_large"
    assert refused.value.status == 413
    assert "3 MB" in refused.value.message
    assert endless.taken == 4
    assert files_in(settings.SPOOL_DIR) == []


def test_it_refuses_hours_but_not_a_recorder_that_stopped_late(reservation, alice, settings):
    settings.MAX_RECORDING_SECONDS = 60
    late, hours = (
        recording("flac", tone(60 + s)) for s in (limits.LATE_STOP_SECONDS - 1, limits.LATE_STOP_SECONDS + 2)
    )

    receive(reservation=reservation, author=alice, upload=upload(late))
    with pytest.raises(AudioRefused) as refused:
        receive(reservation=reservation, author=alice, upload=upload(hours))

    assert refused.value.code == "too_long"
    assert "1 min" in refused.value.message


def test_it_takes_notes_on_a_cancelled_reservation(db, alice):
    reservation = make_reservation(status=Stay.CANCELLED)

    assert receive(reservation=reservation, author=alice, upload=upload(recording())).status == Status.QUEUED


def test_it_keeps_one_note_of_the_same_save_sent_twice(reservation, alice, settings):
    key, data = uuid.uuid4(), browser_recording()

    first = receive(reservation=reservation, author=alice, upload=upload(data), key=key)
    second = receive(reservation=reservation, author=alice, upload=upload(data), key=key)

    assert first == second
    assert first.pk == key
    assert OrmQ.objects.count() == 1
    assert {str(path) for path in files_in(settings.MEDIA_ROOT)} == {first.audio.path, first.rendition.path}


def test_it_keeps_two_notes_of_the_same_recording_with_two_keys(reservation, alice):
    notes = [receive(reservation=reservation, author=alice, upload=upload(recording())) for _ in range(2)]

    assert notes[0] != notes[1]
    assert notes[0].sha256 == notes[1].sha256


@pytest.mark.parametrize("other", ["content", "reservation"])
def test_it_refuses_a_key_that_belongs_to_another_recording(reservation, alice, other, settings):
    key = uuid.uuid4()
    receive(reservation=reservation, author=alice, upload=upload(recording()), key=key)
    elsewhere = make_reservation() if other == "reservation" else reservation
    data = recording(samples=tone(2)) if other == "content" else recording()

    with pytest.raises(AudioRefused) as refused:
        receive(reservation=elsewhere, author=alice, upload=upload(data), key=key)

    assert refused.value.code == "key_taken"
    assert len(files_in(settings.MEDIA_ROOT)) == 1


def test_it_removes_the_stored_file_when_the_note_cannot_be_written(reservation, alice, settings, monkeypatch):
    def queue_is_gone(*args):
        raise DatabaseError("queue")

    monkeypatch.setattr(intake, "enqueue", queue_is_gone)

    with pytest.raises(DatabaseError):
        receive(reservation=reservation, author=alice, upload=upload(recording()))

    assert not VoiceNote.objects.exists()
    assert files_in(settings.MEDIA_ROOT) == files_in(settings.SPOOL_DIR) == []


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ConnectionError(), RuntimeError()])
def test_it_says_that_the_recording_could_not_be_stored(reservation, alice, settings, monkeypatch, error):
    def full(self, name, content):
        raise error

    monkeypatch.setattr(DurableFileSystemStorage, "_save", full)

    with pytest.raises(NotStored) as refused:
        receive(reservation=reservation, author=alice, upload=upload(recording()))

    assert refused.value.status == 503
    assert not VoiceNote.objects.exists()
    assert files_in(settings.SPOOL_DIR) == []


def test_it_says_so_too_when_the_spool_cannot_be_written(reservation, alice, settings, tmp_path):
    settings.SPOOL_DIR = tmp_path / "file"
    settings.SPOOL_DIR.touch()

    with pytest.raises(NotStored):
        receive(reservation=reservation, author=alice, upload=upload(recording()))


@pytest.mark.django_db(transaction=True)
def test_it_keeps_one_note_when_the_same_save_arrives_twice_at_once(settings, monkeypatch):
    alice, reservation, key, data = make_user(), make_reservation(), uuid.uuid4(), browser_recording()
    both_unknown = threading.Barrier(2)  # neither finds the other's note before both go on to store theirs
    probe, notes = intake.audio.probe, []

    def probe_together(path):
        both_unknown.wait(10)
        return probe(path)

    def send():
        notes.append(receive(reservation=reservation, author=alice, upload=upload(data), key=key))
        connection.close()

    monkeypatch.setattr(intake.audio, "probe", probe_together)
    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [note.pk for note in notes] == [key, key]
    assert OrmQ.objects.count() == 1
    saved = VoiceNote.objects.get()
    assert {str(path) for path in files_in(settings.MEDIA_ROOT)} == {saved.audio.path, saved.rendition.path}
