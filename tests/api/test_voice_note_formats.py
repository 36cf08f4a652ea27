"""What a recording is, its content decides; what its sender calls it does not matter."""

from io import BytesIO
from pathlib import Path

import av
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from notes import playback
from notes.models import VoiceNote
from tests.factories import make_reservation
from tests.notes.clips import MUXERS, UNPLAYED, browser_recording, film, mp3_with_cover, recording, tone, wav

pytestmark = pytest.mark.django_db

# What is sent, and what is kept of it.
SOUNDS = (
    {kind: (recording(kind), kind) for kind in MUXERS}
    | {kind: (recording(kind), kept) for kind, kept in zip(UNPLAYED, ("aac", "mpeg", "mpeg", "mp3"), strict=True)}
    | {"browser": (browser_recording(), "webm"), "mp3 with a cover": (mp3_with_cover(), "mp3")}
)
# Media types, as senders write them, and a sound that is what they say.
LABELS = {
    "audio/mpeg": "mp3", "audio/mp3": "mp3", "audio/mpga": "mp2", "audio/mpeg3": "mp3", "audio/mp4": "m4a",
    "audio/m4a": "m4a", "audio/aac": "aac", "audio/x-aac": "aac", "audio/wav": "wav", "audio/x-wav": "wav",
    "audio/flac": "flac", "audio/x-flac": "flac", "audio/ogg": "ogg", "audio/opus": "ogg", "audio/webm": "webm",
    "video/mp4": "m4a", "video/mpeg": "mpeg", "video/webm": "browser",
}  # fmt: skip
# None of these is any of the sounds, or all of them are.
UNTRUE = ["text/plain", "image/png", "application/octet-stream", "video/x-msvideo"]

NO_SOUND = {
    "a text": b"Two towels for room 12.\n" * 100,
    "a page": b"<!doctype html><title>Not sound</title>" * 100,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(5000),
    "a PDF": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(5000),
    "a text that names a file": b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    "noughts": bytes(5000),
}
FILMS = {
    "video/mp4": film(),
    "video/webm": film("webm", "libvpx", "libopus"),
    "video/mpeg": film("mpeg", "mpeg1video", "mp2"),
    "a silent film": film(with_sound=False),
}
UNREADABLE = {
    "no sound track": (recording("m4a").replace(b"trak", b"free"), "no_sound", "no sound track"),
    "locked by a shop": (recording("m4a-alac").replace(b"alac", b"drms", 1), "protected", "locked by its seller"),
    "an unknown codec": (wav(bytes(4000), form=0x0270), "unknown_codec", "holds ATRAC3 sound, which cannot be read"),
}
BROKEN = {
    "nothing": (b"", "empty"),
    "a head alone": (wav(), "empty"),
    "one sample a second": (wav(bytes(400), rate=1), "unreadable"),
    "an M4A file without its end": (recording("m4a", tone(5))[:9000], "unreadable"),
    "the first bytes of a WebM file": (recording("webm")[:64], "unreadable"),
    "noise behind a right head": (b"OggS" + b"\xff" * 5000, "unreadable"),
}


@pytest.fixture
def send(program):
    path = f"/reservations/{make_reservation().reference}/voice-notes/"

    def upload(data, media_type="audio/wav", name="note.bin"):
        return program.upload(path, {"audio_file": SimpleUploadedFile(name, data, content_type=media_type)})

    return upload


@pytest.mark.parametrize(("label", "kind"), LABELS.items())
@pytest.mark.sampled(6)
def test_a_sound_is_taken_under_each_name_of_its_kind(send, label, kind):
    answer = send(SOUNDS[kind][0], label, name=f"note.{label.partition('/')[2]}")

    assert (answer.status_code, answer.json()["status"]) == (202, "queued")


@pytest.mark.parametrize("label", UNTRUE)
@pytest.mark.parametrize("kind", SOUNDS)
@pytest.mark.sampled(10)
def test_a_sound_is_taken_under_any_other_name(send, kind, label):
    data, kept = SOUNDS[kind]

    answer = send(data, label, name="letter.html")

    note, shown = VoiceNote.objects.get(), answer.json()
    assert answer.status_code == 202
    assert (note.container, shown["audio"]["media_type"]) == (kept, note.media_type)
    assert shown["seconds"] == pytest.approx(1, abs=0.06)
    if note.playable != "due":
        with playback.played(note).file.open() as stored, av.open(BytesIO(stored.read())) as file:
            assert file.duration == pytest.approx(1e6, abs=1e5)


@pytest.mark.parametrize("label", ["audio/mpeg", "audio/webm"])
@pytest.mark.parametrize("what", NO_SOUND)
def test_what_is_no_sound_is_told_so_whatever_it_is_called(send, what, label, settings):
    assert_refused(send(NO_SOUND[what], label, name="note.mp3"), 415, "not_audio", settings)


@pytest.mark.parametrize("what", FILMS)
def test_a_film_is_told_that_it_has_pictures(send, what, settings):
    answer = send(FILMS[what], what if "/" in what else "audio/mp4")

    assert_refused(answer, 415, "is_video", settings)
    assert "sound only" in answer.json()["detail"]


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_told_why(send, what, settings):
    data, code, words = UNREADABLE[what]

    answer = send(data, "audio/mp4")

    assert_refused(answer, 415, code, settings)
    assert words in answer.json()["detail"]


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_recording_is_told_so(send, what, settings):
    data, code = BROKEN[what]

    assert_refused(send(data), 422, code, settings)


def test_a_recording_that_is_too_long_is_told_how_long_it_may_be(send, settings):
    settings.MAX_RECORDING_SECONDS = 60

    answer = send(recording("mp3", tone(100)))

    assert_refused(answer, 422, "too_long", settings)
    assert "1 min" in answer.json()["detail"]


def assert_refused(answer, status, code, settings):
    """With words that say what to do; nothing is left of it."""
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert any(verb in problem["detail"] for verb in ("Choose", "Record", "choose", "Save it as"))
    assert not VoiceNote.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
