import contextlib
import random
import socket

import av
import numpy as np
import pytest

from notes.sound import audio, waveform
from notes.sound.containers import Container
from tests.notes.clips import (
    MUXERS,
    UNPLAYED,
    browser_recording,
    film,
    hurried,
    late_from,
    mp3_with_cover,
    recording,
    silence,
    tone,
    wav,
)

# Most that an encoder's padding may add to one second of sound.
PADDING_SECONDS = 0.06


@pytest.mark.parametrize("container", MUXERS)
def test_it_reads_every_container_whatever_the_name(audio_file, container):
    path = audio_file(recording(container), name="letter.html")

    found = audio.probe(path)
    sound = audio.decode(path, max_seconds=5)

    assert found.container == Container(container)
    assert found.seconds == pytest.approx(1, abs=PADDING_SECONDS)
    assert sound.seconds == pytest.approx(1, abs=PADDING_SECONDS)
    assert sound.samples.dtype == np.float32
    assert _loudest_hertz(sound.samples) == pytest.approx(440, abs=2)
    assert not sound.is_damaged


@pytest.mark.parametrize("channels", range(1, 9))
def test_it_averages_channels_without_exceeding_full_scale(audio_file, channels):
    one = (tone(loudness=0.99) * 32767).astype("<i2")
    path = audio_file(wav(np.repeat(one, channels).tobytes(), channels=channels))

    samples = audio.decode(path, max_seconds=5).samples

    assert 0.3 < np.abs(samples).max() <= 1


def test_it_takes_numbers_that_are_none_out_of_a_float_file(audio_file):
    data = np.stack([tone(), np.full_like(tone(), np.nan)], axis=1)
    data[::100, 1], data[::101, 1] = np.inf, -np.inf
    path = audio_file(wav(data.astype("<f4").tobytes(), form=3, bits=32, channels=2))

    samples = audio.decode(path, max_seconds=5).samples

    assert samples == pytest.approx(tone(), abs=0.01)


def test_it_steps_over_a_broken_packet_and_says_so(audio_file):
    data = bytearray(recording("m4a", tone(10)))
    middle = len(data) // 2
    data[middle : middle + 400] = b"\xff" * 400

    sound = audio.decode(audio_file(bytes(data)), max_seconds=20)

    assert sound.is_damaged
    assert sound.breaks[0] == pytest.approx(5, abs=0.5)
    assert sound.seconds == pytest.approx(10, abs=PADDING_SECONDS)  # silence in its place: later words keep their time


@pytest.mark.parametrize("container", ["webm", "ogg", "mp3", "wav", "flac"])
def test_it_reads_what_there_is_of_a_file_that_was_cut_off(audio_file, container):
    data = recording(container, tone(10))

    sound = audio.decode(audio_file(data[: len(data) // 2]), max_seconds=20)

    assert sound.seconds == pytest.approx(5, abs=1)


def test_it_counts_samples_and_not_what_the_header_says(audio_file):
    data = wav((tone(3) * 32767).astype("<i2").tobytes())
    lying = data[:40] + (8).to_bytes(4, "little") + data[44:]  # "four samples"

    assert audio.decode(audio_file(data), max_seconds=2).seconds == 3  # one second of grace
    with pytest.raises(audio.TooLong):
        audio.decode(audio_file(data), max_seconds=1.9)
    assert audio.decode(audio_file(lying), max_seconds=2).seconds < 0.001


def test_it_believes_no_header_that_claims_a_thousand_million_seconds(audio_file):
    data = recording("webm", tone(2))
    info = av.open(str(audio_file(data)))
    assert info.duration == pytest.approx(2e6, abs=5e4)
    name = b"\x44\x89\x88"  # Duration, eight bytes of float, in milliseconds
    at = data.index(name) + len(name)
    lying = data[:at] + np.array(1e12, ">f8").tobytes() + data[at + 8 :]

    sound = audio.decode(audio_file(lying), max_seconds=5)

    assert av.open(str(audio_file(lying))).duration == pytest.approx(1e15)
    assert audio.probe(audio_file(lying)).seconds == pytest.approx(2, abs=PADDING_SECONDS)
    assert sound.seconds == pytest.approx(2, abs=PADDING_SECONDS)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", audio.NotAudio),
        (b"hello", audio.NotAudio),
        (b"<!doctype html><title>Not sound</title>" * 100, audio.NotAudio),
        (b"\x89PNG\r\n\x1a\n" + bytes(5000), audio.NotAudio),
        (recording("webm")[:64], audio.Unreadable),
        (recording("m4a", tone(5))[:9000], audio.Unreadable),  # its table of contents was at the end
        (wav(), audio.Empty),
        (wav(bytes(400), rate=1), audio.Unreadable),
        (wav(bytes(400), rate=1_999), audio.Unreadable),
        (wav(bytes(400), rate=768_001), audio.Unreadable),
        (wav(bytes(400), rate=2**31 - 1), audio.Unreadable),
        (wav(bytes(900), channels=9), audio.Unreadable),
        (wav(bytes(25_500), channels=255), audio.Unreadable),
        (film(), audio.IsVideo),
        (film(with_sound=False), audio.IsVideo),
        (film("webm", "libvpx", "libopus"), audio.IsVideo),
        (film("mpeg", "mpeg1video", "mp2"), audio.IsVideo),
    ],
)
def test_it_refuses_what_is_no_recording(audio_file, data, reason):
    path = audio_file(data, name="note.webm")

    with pytest.raises(reason):
        audio.probe(path)
    with pytest.raises(reason):
        audio.decode(path, max_seconds=5)


def test_a_cover_picture_is_no_video(audio_file):
    path = audio_file(mp3_with_cover())
    assert av.open(str(path)).streams.video

    assert audio.probe(path).container == Container.MP3
    assert audio.decode(path, max_seconds=5).seconds == pytest.approx(1, abs=PADDING_SECONDS)


@pytest.mark.parametrize("container", [*MUXERS, *UNPLAYED])
@pytest.mark.sampled(4)
def test_it_names_what_is_wrong_with_any_broken_file(audio_file, container):
    whole, chance = recording(container), random.Random(7)

    for number in range(12):
        data = bytearray(whole)
        for _ in range(chance.choice([5, 50, 300])):
            data[chance.randrange(len(data) if number % 2 else 1000)] = chance.randrange(256)
        path = audio_file(bytes(data))
        for read in (audio.probe, lambda path: audio.decode(path, max_seconds=5)):
            with contextlib.suppress(audio.BadAudio):
                read(path)


@pytest.mark.parametrize("name", ["a.webm", "a.m3u8", "a.sdp", "a.ffconcat"])
def test_it_opens_nothing_that_a_text_points_to(audio_file, name):
    neighbour = audio_file(recording("wav"), name="secret.wav")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        address = f"http://127.0.0.1:{port}/x.ts"
        texts = [
            f"ffconcat version 1.0\nfile '{neighbour}'\n",
            f"ffconcat version 1.0\nfile '{neighbour.name}'\n",
            f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{address}\n#EXT-X-ENDLIST\n",
            f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
            f'<?xml version="1.0"?><MPD><Period><BaseURL>{address}</BaseURL></Period></MPD>',
        ]

        for text in texts:
            with pytest.raises(audio.NotAudio):
                audio.probe(audio_file(text.encode(), name=name))

        with pytest.raises(BlockingIOError):
            listener.accept()


def test_it_says_honestly_that_there_is_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        audio.probe(tmp_path / "gone.wav")


# --- a part of a recording ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def melody():
    """Eight seconds, none of which is like another."""
    return np.concatenate([tone(1, hertz=100 + 31 * second, loudness=0.2 + 0.1 * (second % 4)) for second in range(8)])


@pytest.mark.parametrize("start", [0.2, 3.3, 7.4])
@pytest.mark.parametrize("container", [*MUXERS, "browser"])
@pytest.mark.sampled(6)
def test_a_part_is_what_the_whole_has_there(audio_file, melody, container, start):
    path = audio_file(browser_recording(melody) if container == "browser" else recording(container, melody))
    whole = audio.decode(path, max_seconds=20)

    part = audio.decode(path, start=start, max_seconds=20)

    assert part.start == start
    assert part.end == pytest.approx(whole.end, abs=0.001)
    _assert_alike(part.samples, whole.samples[round(start * audio.SAMPLE_RATE) :])


@pytest.mark.parametrize("container", MUXERS)
def test_a_part_ends_where_it_is_told(audio_file, melody, container):
    path = audio_file(recording(container, melody))
    whole = audio.decode(path, max_seconds=20)

    part = audio.decode(path, start=2, stop=3.5, max_seconds=20)

    assert (part.start, part.end) == (2, 3.5)
    _assert_alike(part.samples, whole.samples[2 * audio.SAMPLE_RATE : round(3.5 * audio.SAMPLE_RATE)])


@pytest.mark.parametrize("container", MUXERS)
def test_behind_the_end_there_is_nothing_but_the_length(audio_file, melody, container):
    path = audio_file(recording(container, melody))

    part = audio.decode(path, start=99, max_seconds=20)

    assert part.seconds == 0
    assert part.start == part.end == pytest.approx(audio.decode(path, max_seconds=20).end, abs=0.03)


def test_a_paused_recorder_leaves_no_gap(audio_file, melody):
    path = audio_file(late_from(browser_recording(melody), second=4, by=30))
    whole = audio.decode(path, max_seconds=20)

    part = audio.decode(path, start=6.5, max_seconds=20)

    assert whole.seconds == pytest.approx(8, abs=PADDING_SECONDS)
    _assert_alike(part.samples, whole.samples[round(6.5 * audio.SAMPLE_RATE) :])


def test_packets_that_claim_to_be_shorter_than_they_are_keep_their_place(audio_file, melody):
    path = audio_file(hurried(recording("webm", melody), ticks=400))
    assert av.open(str(path)).duration < 5e6
    whole = audio.decode(path, max_seconds=20)

    part = audio.decode(path, start=6.5, max_seconds=20)

    assert audio.probe(path).seconds == pytest.approx(8, abs=PADDING_SECONDS)
    _assert_alike(part.samples, whole.samples[round(6.5 * audio.SAMPLE_RATE) :])


def test_what_lies_before_a_part_is_not_decoded(audio_file):
    data = bytearray(recording("m4a", tone(10)))
    data[len(data) // 2 : len(data) // 2 + 400] = b"\xff" * 400
    path = audio_file(bytes(data))

    assert not audio.decode(path, start=8, max_seconds=20).is_damaged
    assert not audio.decode(path, stop=3, max_seconds=20).is_damaged
    assert audio.decode(path, start=4, stop=6, max_seconds=20).is_damaged


def test_a_part_of_what_is_too_long_is_too_long(audio_file):
    path = audio_file(recording("ogg", tone(10)))

    with pytest.raises(audio.TooLong):
        audio.decode(path, start=8, max_seconds=5)


# --- loudness -----------------------------------------------------------------------------------------------------


def test_it_measures_loudness_ten_times_a_second():
    samples = np.concatenate([silence(0.2), tone(0.25, loudness=0.4)])

    assert waveform.loudness(samples) == pytest.approx((0, 0, 0.283, 0.283, 0.283), abs=0.01)
    assert waveform.loudness(silence(0)) == ()


def test_it_draws_a_waveform_of_96_whole_numbers():
    samples = np.concatenate([silence(1), tone(1, loudness=0.2), tone(1, loudness=0.4)])

    bars = waveform.peaks(waveform.loudness(samples))

    assert len(bars) == waveform.PEAKS
    assert bars[:32] == [0] * 32
    assert bars[32:64] == [50] * 32
    assert bars[64:] == [100] * 32


def test_it_draws_silence_flat():
    assert set(waveform.peaks(waveform.loudness(silence(3)))) == {0}
    assert max(waveform.peaks(waveform.loudness(tone(3, loudness=0.001)))) < 10
    assert waveform.peaks(()) == [0] * waveform.PEAKS


def _assert_alike(one, other):
    """The same sound, but for a rounding of a sample in time."""
    length = min(len(one), len(other))
    assert abs(len(one) - len(other)) <= 4
    assert np.corrcoef(one[:length], other[:length])[0, 1] > 0.99


def _packets(path):
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(audio=0) if packet.size]


def _loudest_hertz(samples):
    return np.fft.rfftfreq(len(samples), 1 / audio.SAMPLE_RATE)[np.abs(np.fft.rfft(samples)).argmax()]
