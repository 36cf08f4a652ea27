"""Where a recording may be cut, with the voices of the demonstration."""

import numpy as np
import pytest

from notes.engines.fake import FakeEngine
from notes.sound import audio, waveform
from notes.sound.audio import SAMPLE_RATE
from notes.transcriber import pauses
from notes.transcriber.base import TranscriptionRequest
from notes.transcriber.in_process import InProcessTranscriber
from tests.notes.clips import browser_recording, silence
from tests.speech.manifest import CLIPS, clips_in


@pytest.fixture(scope="module")
def voice():
    """Somebody who speaks for a minute and pauses for a tenth of a second at most."""
    clips = [audio.decode(clip.path, max_seconds=60).samples for clip in clips_in(CLIPS)]
    return np.concatenate([_without_pauses(clip) for clip in clips * 3])


def speech(voice, *seconds):
    """Speech for so many seconds, then silence for so many, and so on."""
    parts, at = [], 0
    for number, length in enumerate(seconds):
        samples = round(length * SAMPLE_RATE)
        parts.append(silence(length) if number % 2 else voice[at : at + samples])
        at += 0 if number % 2 else samples
    return np.concatenate(parts)


def cut(samples):
    found = pauses.cut(samples)
    return found and found / SAMPLE_RATE


def test_it_waits_until_there_is_enough(voice):
    assert cut(speech(voice, 15, 4.9)) is None
    assert cut(silence(19.9)) is None


def test_it_waits_while_somebody_speaks(voice):
    assert cut(speech(voice, 29)) is None


def test_it_waits_for_a_pause_to_be_clear(voice):
    assert cut(speech(voice, 22, 0.3)) is None
    assert cut(speech(voice, 22, 0.9)) == pytest.approx(22.5, abs=0.3)


def test_it_cuts_in_the_longest_pause(voice):
    assert cut(speech(voice, 21, 0.8, 3, 2, 1)) == pytest.approx(25.8, abs=0.4)


def test_a_pause_counts_as_far_as_it_leaves_a_piece_of_twenty_seconds(voice):
    assert 20 < cut(speech(voice, 12, 9, 5)) < 21
    assert cut(speech(voice, 17, 2.9, 5)) is None


def test_it_cuts_silence_too():
    assert 20 < cut(silence(21)) < 21
    assert 20 < cut(silence(300)) < 30


def test_it_takes_a_faint_pause_when_none_is_clear(voice):
    assert cut(speech(voice, 24, 0.35, 9)) == pytest.approx(24.2, abs=0.3)


def test_it_cuts_at_the_quietest_moment_of_somebody_who_never_pauses(monkeypatch):
    """Where voice detection hears speech all the time."""
    monkeypatch.setattr(pauses, "get_speech_timestamps", lambda samples, options: [{"start": 0, "end": len(samples)}])
    loud = np.full(40 * SAMPLE_RATE, 0.5, np.float32)
    loud[26 * SAMPLE_RATE : round(26.3 * SAMPLE_RATE)] = 0.01

    assert cut(loud) == pytest.approx(26.15, abs=0.06)


@pytest.mark.full
def test_pieces_of_a_growing_recording_are_the_whole(voice, tmp_path):
    """A worker looks now and then at what has come, takes pieces, and in the end the rest."""
    path, samples = tmp_path / "growing", speech(voice, 8, 1, 9, 1, 5, 1, 12, 0.6, 9, 1, 14)
    data = browser_recording(samples)
    engine, at, pieces = FakeEngine("Hm."), 0.0, []

    for share in range(1, 21):
        path.write_bytes(data[: len(data) * share // 20])
        while piece := _transcribe(path, engine, start=at, until_pause=True):
            pieces.append(piece)
            at = piece.end
    pieces.append(_transcribe(path, engine, start=at))

    whole = audio.decode(path, max_seconds=100)
    assert len(pieces) == 3
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])]
    assert all(20 <= piece.end - piece.start <= 30 for piece in pieces[:-1])
    assert pieces[-1].end == pytest.approx(whole.end, abs=0.001)
    assert not any(piece.is_damaged for piece in pieces)
    loudness = [level for piece in pieces for level in piece.loudness]
    assert len(loudness) == pytest.approx(len(waveform.loudness(whole.samples)), abs=2)
    assert all(_is_quiet(samples, piece.end) for piece in pieces[:-1])


def _transcribe(path, engine, **options):
    return InProcessTranscriber(engine).transcribe(TranscriptionRequest([path], max_seconds=100, **options))


def _is_quiet(samples, moment):
    around = samples[round((moment - 0.1) * SAMPLE_RATE) : round((moment + 0.1) * SAMPLE_RATE)]
    return waveform.rms(around) < 0.005


def _without_pauses(samples):
    slices = samples[: len(samples) // 1600 * 1600].reshape(-1, 1600)
    loud = np.sqrt((slices**2).mean(axis=1)) > 0.01
    return slices[loud | np.roll(loud, 1)].reshape(-1)
