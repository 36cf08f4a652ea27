"""What is played in place of a recording that browsers do not play: made by a worker, served, swept, erased."""

import datetime as dt
import io
import zipfile

import av
import numpy as np
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from notes import playback, rendering
from notes.erasure import erasing, exporting, retention
from notes.erasure.orphans import YOUNG
from notes.ingest.intake import receive
from notes.models import Playable, Status, VoiceNote
from notes.sweep import sweep
from notes.transcriber import encoding
from tests.factories import give_role, make_reservation
from tests.notes.clips import browser_recording, late_from, recording, tone, wav
from tests.notes.notes import make_doubted, make_note
from tests.notes.screens import sound
from tests.notes.traces import audio

pytestmark = pytest.mark.django_db

SENT = recording("m4a-alac", tone(3))


@pytest.fixture
def note(alice):
    """Sent as a Mac records it."""
    return receive(reservation=make_reservation(), author=alice, upload=sound("m4a-alac", samples=tone(3)))


@pytest.fixture
def in_this_process(monkeypatch):
    """The child is tested by itself."""
    encode = rendering.copying.encode
    monkeypatch.setattr(
        encoding,
        "encode",
        lambda source, target, *, max_seconds, memory_mib: encode(source, target, max_seconds=max_seconds),
    )


@pytest.fixture
def rendered(note, in_this_process):
    rendering.render(str(note.pk))
    note.refresh_from_db()
    return note


def content(response):
    return b"".join(response.streaming_content)


def test_a_process_of_its_own_encodes_it(note):
    rendering.render(str(note.pk))

    note.refresh_from_db()
    assert (note.playable, note.rendition.name) == ("rendered", f"{note.recorded_at:%Y/%m}/{note.pk}-played.m4a")
    with note.rendition.open() as file:
        assert av.open(io.BytesIO(file.read())).duration == pytest.approx(3e6, abs=1e5)


def test_that_process_says_when_it_can_make_nothing_of_it(tmp_path):
    (tmp_path / "text").write_text("hello")

    with pytest.raises(encoding.NotEncoded):
        encoding.encode(tmp_path / "text", tmp_path / "target", max_seconds=1)


def test_that_process_does_not_run_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "HEAD_START_SECONDS", 0)
    (tmp_path / "sound").write_bytes(SENT)

    with pytest.raises(encoding.NotEncoded):
        encoding.encode(tmp_path / "sound", tmp_path / "target", max_seconds=0)


def test_the_recording_is_left_as_it_was(rendered):
    assert rendered.audio.read() == SENT
    assert rendered.sha256 == rendered.upload_sha256


def test_it_is_made_once(rendered):
    rendering.render(str(rendered.pk))

    assert len(audio()) == 2
    assert VoiceNote.objects.get().rendition_attempts == 1


def test_what_is_played_is_the_rendition_and_what_is_downloaded_the_recording(desk, rendered):
    address = reverse("notes:audio", args=[rendered.pk])

    played, downloaded = desk.get(address), desk.get(f"{address}?download")
    part = desk.get(address, headers={"Range": "bytes=4-7", "If-Range": played["ETag"]})

    assert (played["Content-Type"], played["ETag"]) == ("audio/mp4", f'"{rendered.rendition_sha256}"')
    assert len(content(played)) == rendered.rendition_size
    assert (content(part), part["Content-Range"]) == (b"ftyp", f"bytes 4-7/{rendered.rendition_size}")
    assert (content(downloaded), downloaded["ETag"]) == (SENT, f'"{rendered.sha256}"')


def test_the_row_says_that_it_is_being_prepared_and_looks_again(desk, note, in_this_process):
    VoiceNote.objects.update(status=Status.NO_SPEECH)
    address, player = reverse("notes:detail", args=[note.pk]), f'<voice-player class="player" data-note="{note.pk}"'
    row = desk.get(address).content.decode()
    seen = row.split("?seen=")[1].split('"')[0]
    asked = {"HX-Request": "true", "HX-Target": f"note-{note.pk}"}

    assert "being prepared for listening" in row
    assert player not in row
    assert f"{reverse('notes:audio', args=[note.pk])}?download" in row
    assert desk.get(f"{address}?seen={seen}", headers=asked).status_code == 204

    rendering.render(str(note.pk))

    row = desk.get(f"{address}?seen={seen}", headers=asked).content.decode()
    assert player in row
    assert "data-poll" not in row


@pytest.mark.parametrize(
    ("playable", "says"), [("due", "being prepared for listening"), ("failed", "no copy that they play could be made")]
)
def test_search_and_edit_offer_no_player_that_stays_silent(desk, playable, says):
    note = make_doubted("towels", playable=playable)

    for address in (f"{reverse('notes:list')}?q=towels", reverse("notes:edit", args=[note.pk])):
        page = desk.get(address).content.decode()

        assert says in page
        assert f'data-note="{note.pk}"' not in page
        assert "Play from" not in page


def test_the_row_says_when_browsers_cannot_play_it(desk, note, monkeypatch):
    monkeypatch.setattr(encoding, "encode", _fails)

    rendering.render(str(note.pk))

    row = desk.get(reverse("notes:detail", args=[note.pk])).content.decode()
    assert VoiceNote.objects.get().playable == Playable.FAILED
    assert "no copy that they play could be made. Download it to listen." in row
    assert len(audio()) == 1


def _fails(source, target, *, max_seconds, memory_mib):
    raise encoding.NotEncoded("TimeoutExpired")


def test_the_row_says_where_nothing_was_recorded(desk, alice):
    data = late_from(browser_recording(tone(9)), second=6, by=5)
    note = make_note(author=alice, audio=data, container="webm", gaps=[[6.02, 5.0]])

    row = desk.get(reverse("notes:detail", args=[note.pk])).content.decode()

    assert "Nothing was recorded for 5 s at 0:06." in row


@pytest.fixture
def kept_waiting(note, monkeypatch):
    """The storage was away."""

    def away(*args):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "open", away)
        rendering.render(str(note.pk))
    note.refresh_from_db()
    OrmQ.objects.all().delete()
    return note


def test_storage_that_is_away_costs_no_attempt(kept_waiting):
    assert (kept_waiting.playable, kept_waiting.rendition_attempts) == ("due", 0)


def test_storage_that_is_away_is_not_asked_all_the_time(kept_waiting, in_this_process):
    rendering.enqueue_due()
    rendering.render(str(kept_waiting.pk))
    assert not OrmQ.objects.exists()
    assert VoiceNote.objects.get().playable == Playable.DUE

    VoiceNote.objects.update(rendition_waits_until=timezone.now() - dt.timedelta(seconds=1))
    rendering.enqueue_due()
    rendering.render(str(kept_waiting.pk))

    assert OrmQ.objects.count() == 1
    assert (VoiceNote.objects.get().playable, VoiceNote.objects.get().rendition_waits_until) == ("rendered", None)


def test_the_row_says_that_the_storage_is_away(desk, note, kept_waiting):
    VoiceNote.objects.update(status=Status.NO_SPEECH)

    row = desk.get(reverse("notes:detail", args=[kept_waiting.pk])).content.decode()

    assert "cannot be prepared for listening yet: the storage cannot be reached, or is full." in row


# --- what is hard to hear -----------------------------------------------------------------------------------------


def stereo(left, right):
    return wav((np.stack([left, right], axis=1) * 32_767).astype("<i2").tobytes(), channels=2)


HARD_TO_HEAR = {
    "in opposite phase": (stereo(tone(3), -tone(3)), "wav"),
    "at -50 dB": (recording("wav", tone(3, loudness=0.0045)), "wav"),
    "at -50 dB, by a browser": (browser_recording(tone(3, loudness=0.0045)), "webm"),
}


def from_one_loudspeaker(file):
    """How loud it is (RMS): a telephone adds up the channels."""
    resampler = av.AudioResampler("fltp")
    with file.open() as data, av.open(data) as container:
        frames = [part.to_ndarray() for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return float(np.sqrt(np.square(np.concatenate(frames, axis=1).mean(axis=0)).mean()))


@pytest.mark.parametrize("what", HARD_TO_HEAR)
def test_what_is_hard_to_hear_is_played_so_that_it_is_heard(alice, in_this_process, what):
    data, container = HARD_TO_HEAR[what]
    note = receive(reservation=make_reservation(), author=alice, upload=ContentFile(data))
    assert from_one_loudspeaker(playback.played(note).file) < 0.004

    rendering.make_audible(note.pk)
    rendering.render(str(note.pk))

    note.refresh_from_db()
    assert note.playable == "rendered"
    assert from_one_loudspeaker(playback.played(note).file) > 0.2
    assert (note.audio.read(), note.container) == (data, container)


@pytest.fixture
def whispered(alice):
    return receive(
        reservation=make_reservation(), author=alice, upload=ContentFile(browser_recording(tone(3, loudness=0.0045)))
    )


def test_a_rendition_that_another_one_replaces_is_deleted(
    whispered, in_this_process, django_capture_on_commit_callbacks
):
    rendering.make_audible(whispered.pk)
    with django_capture_on_commit_callbacks(execute=True):
        rendering.render(str(whispered.pk))

    whispered.refresh_from_db()
    assert {str(path) for path in audio()} == {whispered.audio.path, whispered.rendition.path}
    assert whispered.rendition.name.endswith("-played.m4a")


def test_the_row_shows_no_player_until_it_is_made(desk, whispered, in_this_process):
    VoiceNote.objects.update(status=Status.TRANSCRIBED)
    address = reverse("notes:detail", args=[whispered.pk])
    rendering.make_audible(whispered.pk)

    assert "being prepared for listening" in desk.get(address).content.decode()

    rendering.render(str(whispered.pk))
    assert f'<voice-player class="player" data-note="{whispered.pk}"' in desk.get(address).content.decode()


@pytest.mark.parametrize(("what", "then"), [("in opposite phase", "itself"), ("at -50 dB, by a browser", "rendered")])
def test_what_cannot_be_made_louder_is_played_as_before(alice, monkeypatch, what, then):
    note = receive(reservation=make_reservation(), author=alice, upload=ContentFile(HARD_TO_HEAR[what][0]))
    monkeypatch.setattr(encoding, "encode", _fails)

    rendering.make_audible(note.pk)
    rendering.render(str(note.pk))

    assert (VoiceNote.objects.get().playable, VoiceNote.objects.get().rendition) == (then, note.rendition)


def test_what_a_dead_worker_left_is_played_as_before(whispered):
    rendering.make_audible(whispered.pk)
    OrmQ.objects.all().delete()
    VoiceNote.objects.update(rendition_attempts=rendering.MAX_ATTEMPTS)

    sweep(timezone.now())

    assert (VoiceNote.objects.get().playable, VoiceNote.objects.get().rendition) == ("rendered", whispered.rendition)


def test_what_was_made_louder_is_not_made_again_when_it_is_heard_again(alice, in_this_process, monkeypatch):
    note = receive(
        reservation=make_reservation(), author=alice, upload=ContentFile(HARD_TO_HEAR["in opposite phase"][0])
    )
    rendering.make_audible(note.pk)
    rendering.render(str(note.pk))
    made = VoiceNote.objects.get().rendition
    monkeypatch.setattr(encoding, "encode", _fails)

    rendering.make_audible(note.pk)
    rendering.render(str(note.pk))

    assert (VoiceNote.objects.get().playable, VoiceNote.objects.get().rendition) == ("rendered", made)


def test_the_sweep_brings_back_what_a_dead_worker_left_but_not_for_ever(note):
    OrmQ.objects.all().delete()

    sweep(timezone.now())
    assert [task.func() for task in OrmQ.objects.all() if task.func() == "notes.tasks.render"] == ["notes.tasks.render"]

    OrmQ.objects.all().delete()
    VoiceNote.objects.update(rendition_attempts=rendering.MAX_ATTEMPTS)
    sweep(timezone.now())
    assert VoiceNote.objects.get().playable == Playable.FAILED


def test_notes_from_before_are_looked_at_a_few_at_a_time(alice, in_this_process):
    stay = make_reservation()
    kinds = ["wav", "webm", "m4a", "flac", "wav", "wav"]
    notes = [make_note(reservation=stay, container=kind, playable=Playable.UNKNOWN) for kind in kinds]
    hole = make_note(
        reservation=stay,
        audio=late_from(browser_recording(tone(3)), second=1, by=2),
        container="webm",
        playable=Playable.UNKNOWN,
    )

    rendering.enqueue_due()
    assert OrmQ.objects.count() == rendering.EARLIER_AT_ONCE
    for note in (*notes, hole):
        rendering.render(str(note.pk))

    hole.refresh_from_db()
    assert set(VoiceNote.objects.exclude(pk=hole.pk).values_list("playable", flat=True)) == {"itself"}
    assert (hole.playable, hole.gaps) == ("rendered", [[pytest.approx(1, abs=0.1), pytest.approx(2, abs=0.05)]])


def test_a_note_that_was_erased_meanwhile_leaves_no_rendition(note, alice, monkeypatch):
    def erase(source, target, *, max_seconds, memory_mib):
        VoiceNote.objects.all().delete()
        return rendering.copying.encode(source, target, max_seconds=max_seconds)

    monkeypatch.setattr(encoding, "encode", erase)
    rendering.render(str(note.pk))

    assert [path.stem for path in audio()] == [str(note.pk)]  # whose erasure takes that


def test_erasing_a_guests_notes_erases_renditions(rendered, alice, django_capture_on_commit_callbacks):
    give_role(alice)
    with django_capture_on_commit_callbacks(execute=True):
        erasure = erasing.erase_notes_of(guest=rendered.reservation.guest, actor=alice, reason="asked")

    assert audio() == []
    assert erasure.counts["audio"] == 1


def test_retention_erases_renditions(rendered, settings, django_capture_on_commit_callbacks):
    settings.AUDIO_KEEP_DAYS = 1
    VoiceNote.objects.update(status=Status.NO_SPEECH, recorded_at=timezone.now() - dt.timedelta(days=2))

    with django_capture_on_commit_callbacks(execute=True):
        erasure = retention.expire(timezone.now())

    note = VoiceNote.objects.get()
    assert audio() == []
    assert (note.rendition, note.rendition_size, note.playable) == ("", 0, "itself")
    assert erasure.counts["audio"] == 1


def test_renditions_are_no_orphans_and_those_of_nobody_are(rendered, capsys):
    lost = default_storage.save(rendered.rendition.name, rendered.rendition.open())

    with time_machine.travel(dt.datetime.now(dt.UTC) + YOUNG + dt.timedelta(minutes=1), tick=False):
        call_command("sweep_audio")

    assert capsys.readouterr().out.split() == [lost]


def test_a_guest_is_given_the_recording(rendered):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(exporting.zip_of(rendered.reservation.guest))))

    [name] = [name for name in archive.namelist() if name.startswith("audio/")]
    assert name.endswith(".m4a")
    assert archive.read(name) == SENT


def test_played_is_the_recording_where_there_is_no_rendition():
    note = make_note()

    assert playback.played(note) == playback.original(note)
