"""What is heard in a part of a recording, wherever that is done."""

import time

import numpy as np
import pytest

from notes.engines.base import DEFAULT_OPTIONS, EngineOutOfMemory, Segment, Transcription, Word
from notes.engines.fake import FakeEngine
from notes.sound import audio
from notes.sound.audio import SAMPLE_RATE
from notes.transcriber.base import TranscriptionRequest
from notes.transcriber.in_process import InProcessTranscriber
from tests.notes.clips import browser_recording, recording, silence, tone, wav


class Attentive(FakeEngine):
    """Remembers what it was given."""

    def transcribe(self, samples, options=DEFAULT_OPTIONS):
        self.samples, self.options = samples, options
        return super().transcribe(samples, options)


@pytest.fixture
def audio_files(tmp_path):
    def write(*recordings):
        paths = [tmp_path / str(number) for number in range(len(recordings))]
        for path, data in zip(paths, recordings, strict=True):
            path.write_bytes(data)
        return paths

    return write


def transcribe(paths, engine=None, *, pace=1.0, on_decoded=None, on_progress=None, **options):
    request = TranscriptionRequest(paths, **{"max_seconds": 100} | options)
    transcriber = InProcessTranscriber(engine or Attentive(), pace)
    return transcriber.transcribe(request, on_decoded=on_decoded, on_progress=on_progress)


def test_it_hears_a_whole_recording(audio_files):
    decoded, heard_until = [], []
    samples = np.concatenate([silence(1), tone(1, loudness=0.4)])

    heard = transcribe(
        audio_files(recording("webm", samples)),
        Attentive("Ready."),
        language="pt",
        on_decoded=decoded.append,
        on_progress=heard_until.append,
    )

    assert (heard.start, heard.end) == (0, pytest.approx(2, abs=0.06))
    assert heard.loudness[:20] == pytest.approx([0] * 10 + [0.28] * 10, abs=0.05)
    assert (heard.transcription.text, heard.transcription.language, heard.is_damaged) == ("Ready.", "pt", False)
    assert (decoded[0].end, decoded[0].loudness) == (heard.end, heard.loudness)
    assert heard_until == [heard.end]


def test_times_are_those_of_the_whole(audio_files):
    engine = Attentive("Room one")
    seen = []

    heard = transcribe(audio_files(recording("ogg", tone(5))), engine, start=3.25, on_progress=seen.append)

    assert len(engine.samples) == pytest.approx(1.75 * SAMPLE_RATE, abs=0.01 * SAMPLE_RATE)
    assert heard.start == 3.25
    assert seen == [heard.end]
    words = (Word(3.25, 3.75, "Room", 1.0), Word(3.75, 4.25, "one", 1.0))
    assert heard.transcription.segments == (Segment(3.25, 4.25, "Room one", words),)


def test_the_engine_gets_a_quiet_recording_at_a_level_at_which_voices_are_found(audio_files):
    engine, quiet = Attentive(), recording("flac", tone(loudness=0.005))

    heard = transcribe(audio_files(quiet), engine)
    assert np.abs(engine.samples).max() == pytest.approx(0.42, abs=0.02)
    assert max(heard.loudness) == pytest.approx(0.0035, abs=0.0001)  # the waveform shows it as it is

    transcribe(audio_files(quiet), engine, level_before=0.1)
    assert np.abs(engine.samples).max() == pytest.approx(0.005, abs=0.0001)


def test_files_follow_one_another(audio_files):
    engine = Attentive()
    paths = audio_files(
        browser_recording(tone(2)), recording("m4a", silence(2)), recording("wav", tone(2, loudness=0.1))
    )
    lengths = [audio.decode(path, max_seconds=9).seconds for path in paths]

    whole, rest = transcribe(paths, engine), transcribe(paths, engine, start=lengths[0] + 1)

    assert (whole.end, rest.end) == pytest.approx((sum(lengths), sum(lengths)), abs=0.002)
    assert whole.loudness[5] > 0.3
    assert max(whole.loudness[22:38]) < 0.01
    assert whole.loudness[50] == pytest.approx(0.07, abs=0.01)
    assert len(engine.samples) == pytest.approx((lengths[1] - 1 + lengths[2]) * SAMPLE_RATE, abs=8)


def test_a_file_that_cannot_be_read_is_a_break(audio_files):
    heard = transcribe(audio_files(recording("wav", tone(1)), b"hello", recording("wav", tone(1)), wav()))

    assert heard.end == 2
    assert heard.is_damaged
    assert not transcribe(audio_files(recording("wav", tone(1)), wav())).is_damaged
    assert not transcribe(
        audio_files(recording("wav", tone(1)), b"hello", recording("wav", tone(1))), start=1.5
    ).is_damaged
    with pytest.raises(audio.NotAudio):
        transcribe(audio_files(b"hello", wav()))


def test_all_files_together_may_be_too_long(audio_files):
    paths = audio_files(recording("wav", tone(3)), recording("wav", tone(3)))

    with pytest.raises(audio.TooLong):
        transcribe(paths, max_seconds=4)


def test_behind_the_end_there_is_nothing_to_hear(audio_files):
    heard = transcribe(audio_files(recording("wav", tone(1))), FakeEngine(""), start=1)

    assert (heard.start, heard.end, heard.loudness, heard.transcription.text) == (1, 1, (), "")


def test_the_engine_has_as_long_as_the_sound_allows(audio_files):
    engine, now = Attentive(), time.monotonic()

    # So long that the test's own time does not matter.
    transcribe(audio_files(recording("wav", tone(3))), engine, pace=2000)
    assert engine.options.deadline == pytest.approx(now + 6020, abs=300)
    transcribe(audio_files(recording("wav", tone(3))), engine, pace=2000, deadline=now + 1000)
    assert engine.options.deadline == now + 1000


def test_too_little_memory_is_said(audio_files):
    with pytest.raises(EngineOutOfMemory):
        transcribe(audio_files(recording("wav")), FakeEngine(error=MemoryError()))


def test_what_else_is_known_of_a_text_is_kept(audio_files):
    said = Transcription((Segment(0, 1, "Ready."),), "en", "x", "y", 0.5, version="1.2", settings={"beam_size": 5})

    class Told(FakeEngine):
        def transcribe(self, samples, options=DEFAULT_OPTIONS):
            return said

    heard = transcribe(audio_files(recording("wav", tone(3))), Told(), start=1)

    assert (heard.transcription.version, heard.transcription.settings) == ("1.2", {"beam_size": 5})
    assert heard.transcription.segments[0].start == 1
