"""Which recordings browsers play as they are, and that what is played in place of the others keeps their clock.

Text and waveform are made of the recording, and the player of its rendition: a word that is pressed is heard because
both have it at the same place, to 0.05 s here. What browsers make of that is measured in tests/e2e/listening.
"""

import itertools

import av
import numpy as np
import pytest

from notes.sound import audio, copying
from notes.sound.playing import RenditionKind
from tests.notes.clips import (
    FOREIGN,
    MUXERS,
    UNPLAYED,
    browser_recording,
    fragmented,
    hurried,
    late_from,
    recording,
    silence,
    vbr_mp3,
    wav,
    with_last_table_behind_it_again,
    with_last_table_twice,
)

SECONDS = 8
COPIED = ("ogg", "aac", "ts-aac", "mka-aac")
PLACES = (0.5, 3.1, 6.2)
# Of WebM: the index, and two elements of eight bytes, the second of which says nothing.
CUES, DURATION, VOID = b"\x1c\x53\xbb\x6b", b"\x44\x89\x88", b"\xec\x89\x00"


@pytest.fixture(scope="module")
def speech():
    """Notes of random lengths and pitches: no second is like another."""
    chance, rate = np.random.default_rng(5), audio.SAMPLE_RATE
    samples = np.zeros(SECONDS * rate, np.float32)
    at = 0
    while at < len(samples):
        length, hertz = int(chance.uniform(0.08, 0.25) * rate), chance.uniform(200, 1500)
        note = 0.5 * np.sin(2 * np.pi * hertz * np.arange(length) / rate) * np.hanning(length)
        samples[at : at + length] = note[: len(samples) - at]
        at += length
    return samples


@pytest.fixture
def rendered(tmp_path):
    def render(path):
        target, found = tmp_path / "rendition", audio.probe(path)
        if found.rendition == RenditionKind.COPY:
            copying.copy(path, target, found=found)
        else:
            copying.encode(path, target, max_seconds=60)
        return target

    return render


@pytest.mark.parametrize("kind", [kind for kind in MUXERS if kind != "ogg"])
def test_what_browsers_play_and_seek_in_is_played_itself(audio_file, kind):
    assert audio.probe(audio_file(recording(kind))).rendition == RenditionKind.NONE


@pytest.mark.parametrize("kind", [*FOREIGN, *UNPLAYED, "ogg"])
@pytest.mark.sampled(8)
def test_a_rendition_has_every_sound_where_the_recording_has_it(audio_file, rendered, speech, kind):
    path = audio_file(recording(kind, speech))

    assert audio.probe(path).rendition == (RenditionKind.COPY if kind in COPIED else RenditionKind.ENCODING)
    assert_alike(path, rendered(path))


HARD = {
    "WebM as browsers record it": browser_recording,
    "WebM without its index": lambda samples: _without_index(recording("webm", samples)),
    "WebM that does not say how long it is": lambda samples: recording("webm", samples).replace(DURATION, VOID, 1),
    "fragmented MP4": fragmented,
    "fragmented MP4, its last table twice": lambda samples: with_last_table_twice(fragmented(samples)),
    "fragmented MP4, its last table behind it": lambda samples: with_last_table_behind_it_again(fragmented(samples)),
    "WebM with a hole": lambda samples: late_from(browser_recording(samples), second=2, by=5),
    "Opus in MP4 that claims to be shorter": lambda samples: hurried(recording("webm", samples), ticks=400),
}


def _without_index(data):
    return data[: data.rindex(CUES)]


@pytest.mark.parametrize("what", HARD)
@pytest.mark.sampled(4)
def test_what_browsers_would_lose_their_place_in_is_copied(audio_file, rendered, speech, what):
    path = audio_file(HARD[what](speech))

    assert audio.probe(path).rendition == RenditionKind.COPY
    assert_alike(path, rendered(path))


def test_mp3_whose_bit_rate_changes_is_encoded_because_players_guess_where_they_are(audio_file, rendered, speech):
    path = audio_file(vbr_mp3(np.concatenate([speech[:72_000], silence(1.5), speech[72_000:]])))

    assert audio.probe(path).rendition == RenditionKind.ENCODING
    assert_alike(path, rendered(path))


def test_a_wav_file_that_says_it_is_empty_is_encoded(audio_file, rendered, speech):
    data = wav((speech * 32767).astype("<i2").tobytes())
    path = audio_file(data[:40] + bytes(4) + data[44:])  # as it is written into a pipe

    assert audio.probe(path).rendition == RenditionKind.ENCODING
    assert_alike(path, rendered(path))


def test_a_hole_is_found_where_it_is(audio_file, speech):
    [gap] = audio.probe(audio_file(late_from(browser_recording(speech), second=2, by=5))).gaps

    assert (gap.at, gap.seconds) == (pytest.approx(2, abs=0.1), pytest.approx(5, abs=0.05))
    assert audio.probe(audio_file(browser_recording(speech))).gaps == ()


@pytest.mark.parametrize("again", [with_last_table_twice, with_last_table_behind_it_again])
def test_a_table_that_comes_twice_is_no_damage(audio_file, speech, again):
    once, twice = fragmented(speech), again(fragmented(speech))

    before, after = (audio.decode(audio_file(data), max_seconds=20) for data in (once, twice))

    assert not after.is_damaged
    assert np.array_equal(before.samples, after.samples)


def test_several_tracks_are_encoded_because_browsers_play_one(tmp_path, speech):
    path = tmp_path / "two"
    with av.open(str(path), "w", format="mp4") as output:
        tracks = [output.add_stream("aac", rate=16_000, layout="mono") for _ in range(2)]
        for track in tracks:
            frame = av.AudioFrame.from_ndarray(speech[None], format="fltp", layout="mono")
            frame.sample_rate = 16_000
            output.mux([*track.encode(frame), *track.encode(None)])

    assert audio.probe(path).rendition == RenditionKind.ENCODING


def test_flac_that_does_not_say_how_long_it_is_is_encoded(audio_file, speech):
    data = bytearray(recording("flac", speech))
    data[21] &= 0xF0
    data[22:26] = bytes(4)  # as encoders leave it that write into a pipe

    assert audio.probe(audio_file(bytes(data))).rendition == RenditionKind.ENCODING


def test_flac_with_a_broken_place_is_encoded_and_called_damaged(audio_file, speech):
    data = bytearray(recording("flac", speech))
    middle = len(data) // 2
    data[middle : middle + 600] = bytes(600)
    path = audio_file(bytes(data))

    [moment] = audio.decode(path, max_seconds=60).breaks

    assert audio.probe(path).rendition == RenditionKind.ENCODING  # Chromium: "PTS is not defined"
    assert 2 < moment < 6  # of eight seconds


def test_a_rendition_that_lost_sound_is_none(audio_file, speech, tmp_path, monkeypatch):
    path = audio_file(fragmented(speech))
    found = audio.probe(path)
    append = copying._append
    monkeypatch.setattr(copying, "_append", lambda packets, *rest: append(itertools.islice(packets, 50), *rest))

    with pytest.raises(copying.NotCopied):
        copying.copy(path, tmp_path / "rendition", found=found)


@pytest.mark.parametrize("make", [fragmented, lambda samples: recording("m4a-alac", samples)])
def test_its_index_comes_first_so_that_a_slow_line_need_not_bring_all(audio_file, rendered, speech, make):
    data = rendered(audio_file(make(speech))).read_bytes()

    assert data.index(b"moov") < data.index(b"mdat")
    assert b"moof" not in data


def test_a_rendition_holds_no_tags(audio_file, rendered):
    path = audio_file(recording("ogg", title="Room 12, Mrs Okafor"))

    assert b"Okafor" not in rendered(path).read_bytes()


def assert_alike(path, rendition):
    assert audio.probe(rendition).rendition == RenditionKind.NONE
    before, after = (audio.decode(file, max_seconds=30).samples for file in (path, rendition))
    assert len(after) == pytest.approx(len(before), abs=0.15 * audio.SAMPLE_RATE)
    for place in PLACES:
        assert abs(lag(before, after, place)) < 0.05


def lag(before, after, place):
    """Seconds that a second of `before` at `place` is later in `after`."""
    start, room = int(place * audio.SAMPLE_RATE), audio.SAMPLE_RATE // 4
    part = before[start : start + audio.SAMPLE_RATE]
    around = after[start - room : start + audio.SAMPLE_RATE + room]
    return (np.correlate(around, part, "valid").argmax() - room) / audio.SAMPLE_RATE
