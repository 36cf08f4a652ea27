"""Ogg files that are several, one after another, of which some have one channel and some two."""

import io

import av
import numpy as np
import pytest

from notes.sound import audio, copying
from notes.sound.playing import RenditionKind
from notes.transcriber.recording_files import decode_all
from tests.notes.clips import recording, tone


def stereo(seconds, hertz):
    file, samples = io.BytesIO(), np.repeat(tone(seconds, hertz=hertz), 2)[None]
    with av.open(file, "w", format="ogg") as output:
        stream = output.add_stream("libopus", rate=48_000, layout="stereo")
        stream.codec_context.open()
        frame = av.AudioFrame.from_ndarray((samples * 32_767).astype(np.int16), format="s16", layout="stereo")
        frame.sample_rate = 16_000
        resampler = av.AudioResampler(stream.codec_context.format, "stereo", 48_000, frame_size=960)
        for each in [*resampler.resample(frame), *resampler.resample(None), None]:
            output.mux(stream.encode(each))
    return file.getvalue()


@pytest.fixture
def chain(tmp_path):
    path = tmp_path / "a.ogg"
    path.write_bytes(recording("ogg", tone(2)) + stereo(3, 700) + recording("ogg", tone(1, hertz=900)))
    return path


def loudest_hertz(samples, second):
    part = samples[int(second * audio.SAMPLE_RATE) :][: audio.SAMPLE_RATE // 2]
    return 2 * int(np.abs(np.fft.rfft(part)).argmax())


def test_all_parts_are_heard(chain):
    sound = decode_all([chain], max_seconds=20)

    assert [loudest_hertz(sound.samples, at) for at in (1, 3, 5.3)] == pytest.approx([440, 700, 900], abs=4)
    assert sound.seconds == pytest.approx(6, abs=0.1)
    assert not sound.is_damaged


def test_a_part_of_it_is_what_the_whole_has_there(chain):
    part = decode_all([chain], start=4.0, stop=5.5, max_seconds=20)

    assert (part.start, part.end) == (4.0, 5.5)
    assert loudest_hertz(part.samples, 0) == pytest.approx(700, abs=4)


def test_what_is_played_of_it_is_all_parts(chain, tmp_path):
    assert audio.probe(chain).rendition == RenditionKind.ENCODING

    copying.encode(chain, tmp_path / "a.m4a", max_seconds=20)

    assert audio.decode(tmp_path / "a.m4a", max_seconds=20).seconds == pytest.approx(6, abs=0.1)


@pytest.mark.parametrize(
    "data",
    [b"", b"OggS", b"OggS" + bytes(23), recording("ogg")[:40], recording("wav")],
    ids=["nothing", "four letters", "no page", "half a head", "another format"],  # the bytes differ each time
)
def test_other_files_are_left_to_those_who_read_them(tmp_path, data):
    path = tmp_path / "a"
    path.write_bytes(data)

    try:
        assert decode_all([path], max_seconds=20).seconds == 1
    except audio.BadAudio as trouble:
        with pytest.raises(type(trouble)):
            audio.decode(path, max_seconds=20)
