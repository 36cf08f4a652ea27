"""Files with several tracks: each that has a sound of its own is heard."""

import numpy as np
import pytest

from notes.engines.base import DEFAULT_OPTIONS, Segment, Transcription, Word
from notes.sound import audio, copying
from notes.transcriber.base import TranscriptionRequest
from notes.transcriber.in_process import InProcessTranscriber
from tests.notes.clips import recording, silence, tone, tracks


class Pitches:
    """Says how high each second is that sounds."""

    def load(self):
        pass

    def transcribe(self, samples, options=DEFAULT_OPTIONS):
        segments = []
        for second in range(len(samples) // 16_000):
            part = samples[second * 16_000 :][:16_000]
            if np.abs(part).max() > 0.01:
                text = str(int(np.abs(np.fft.rfft(part)).argmax()))
                segments.append(Segment(second, second + 1, text, (Word(second, second + 1, text, 0.9),)))
            if options.on_progress:
                options.on_progress(second + 1.0)
        return Transcription(tuple(segments), "en", "pitches", "fft", 0.5)


@pytest.fixture
def transcribe(tmp_path):
    def transcribe(data, on_progress=None, **options):
        path = tmp_path / "a.mka"
        path.write_bytes(data)
        request = TranscriptionRequest([path], max_seconds=100, **options)
        return InProcessTranscriber(Pitches()).transcribe(request, on_progress=on_progress)

    return transcribe


def turns(*hertz):
    return np.concatenate([tone(1, hertz=each) if each else silence(1) for each in hertz])


def test_the_second_track_is_heard_when_the_first_is_silent(transcribe):
    heard = transcribe(tracks(silence(2), turns(440, 440)))

    assert heard.transcription.text == "440 440"
    assert max(heard.loudness) > 0.3


def test_two_voices_at_once_are_both_heard_in_the_order_of_their_times(transcribe):
    heard = transcribe(tracks(turns(440, 440, 0), turns(700, 0, 700)))

    assert heard.transcription.text == "440 700 440 700"
    assert [segment.start for segment in heard.transcription.segments] == [0, 0, 1, 2]
    assert heard.transcription.took_seconds == 1


def test_one_sound_in_two_tracks_is_heard_once(transcribe):
    assert transcribe(tracks(turns(440, 700), 0.5 * turns(440, 700))).transcription.text == "440 700"


def test_the_longest_track_is_how_long_it_is(transcribe):
    progress = []

    heard = transcribe(tracks(turns(440), turns(700, 700, 700)), on_progress=progress.append)

    assert heard.end == 3
    assert max(progress) == pytest.approx(3)


def test_times_are_those_of_the_whole(transcribe):
    heard = transcribe(tracks(turns(440, 500, 600), turns(700, 800, 900)), start=1.0)

    assert heard.transcription.text == "500 800 600 900"
    assert (heard.start, heard.transcription.segments[0].start) == (1, 1)


def test_tracks_of_silence_are_silence(transcribe):
    heard = transcribe(tracks(silence(2), silence(2)))

    assert (heard.end, heard.transcription.text) == (2, "")


def test_a_track_that_nothing_here_decodes_is_passed_over(transcribe):
    data = tracks(turns(700, 700), turns(440, 440), codecs=["wavpack", "pcm_s16le"])

    data = data.replace(b"A_WAVPACK4", b"A_UNKNOWN4")

    assert transcribe(data).transcription.text == "440 440"


@pytest.mark.parametrize(("trouble", "is_damaged"), [(audio.Unreadable, True), (audio.Empty, False)])
def test_a_track_of_which_nothing_can_be_read_is_told_of(transcribe, monkeypatch, trouble, is_damaged):
    whole = audio.decode

    def decode(path, *, track=0, **options):
        if track == 0:
            raise trouble
        return whole(path, track=track, **options)

    monkeypatch.setattr(audio, "decode", decode)

    heard = transcribe(tracks(turns(700, 700), turns(440, 440)))

    assert (heard.transcription.text, heard.is_damaged) == ("440 440", is_damaged)


def test_what_is_played_of_several_tracks_is_all_of_them(tmp_path):
    source, target = tmp_path / "a.mka", tmp_path / "a.m4a"
    source.write_bytes(tracks(turns(440, 0), turns(0, 700)))
    assert audio.probe(source).rendition.name == "ENCODING"

    copying.encode(source, target, max_seconds=9)

    samples = audio.decode(target, max_seconds=9).samples
    heard = [int(np.abs(np.fft.rfft(samples[at : at + 16_000])).argmax()) for at in (0, 16_000)]
    assert heard == pytest.approx([440, 700], abs=1)


def test_a_file_with_one_track_is_heard_as_ever(transcribe):
    assert transcribe(recording("flac", turns(440, 500))).transcription.text == "440 500"
