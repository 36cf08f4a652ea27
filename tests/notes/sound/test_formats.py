"""What telephones, messengers, telephone systems, dictation machines and Macs write is read, or its codec named."""

import struct
from pathlib import Path

import numpy as np
import pytest

from notes.sound import audio
from tests.notes.clips import FOREIGN, UNPLAYED, recording, tone, wav

FILES = Path(__file__).parent / "files"
# At 16 bytes: head of an ASF file, and one object of it that says that the rest is encrypted.
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ENCRYPTION = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e")


@pytest.mark.parametrize("kind", [*FOREIGN, *UNPLAYED])
@pytest.mark.sampled(10)
def test_it_reads_what_other_machines_write(audio_file, kind):
    path = audio_file(recording(kind, tone(2)))

    found, sound = audio.probe(path), audio.decode(path, max_seconds=5)

    assert found.seconds == pytest.approx(2, abs=0.15)
    assert sound.seconds == pytest.approx(2, abs=0.15)
    assert not sound.is_damaged
    assert _hertz(sound.samples) == pytest.approx(440, abs=4)


@pytest.mark.parametrize("rate", [4_000, 7_350, 37_800, 384_000])
def test_it_reads_any_sample_rate(audio_file, rate):
    samples = np.sin(2 * np.pi * 440 * np.arange(rate) / rate) * 16_000

    sound = audio.decode(audio_file(wav(samples.astype("<i2").tobytes(), rate=rate)), max_seconds=5)

    assert sound.seconds == pytest.approx(1, abs=0.01)
    assert _hertz(sound.samples) == pytest.approx(440, abs=2)


def test_it_reads_what_a_telephone_system_writes():
    sound = audio.decode(FILES / "voicemail-gsm.wav", max_seconds=20)

    assert (audio.probe(FILES / "voicemail-gsm.wav").codec, sound.is_damaged) == ("gsm_ms", False)
    assert sound.seconds == pytest.approx(9.5, abs=0.1)


def test_pauses_in_what_a_telephone_recorded_are_no_damage():
    sound = audio.decode(FILES / "pauses.amr", max_seconds=20)

    assert not sound.breaks
    assert sound.seconds == pytest.approx(9.5, abs=0.1)


def test_it_reads_wideband_amr(audio_file):
    speech, pause, nothing = bytes([0x44]) + bytes(60), bytes([0x4C]) + bytes(5), bytes([0x7C])
    path = audio_file(b"#!AMR-WB\n" + speech * 50 + pause * 20 + nothing * 10)

    assert audio.probe(path).codec == "amrwb"
    assert audio.decode(path, max_seconds=5).seconds == pytest.approx(1.6)
    assert not audio.decode(path, max_seconds=5).breaks


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (wav(bytes(4000), form=0x0270), "ATRAC3 sound"),
        (wav(bytes(4000), form=0x2001), "DCA sound"),
        (wav(bytes(4000), form=0x7777), "sound of an unknown kind (WAV format 30583)"),
        (recording("m4a-alac").replace(b"alac", b"apac", 1), "Apple Positional Audio sound"),
        (recording("m4a-alac").replace(b"alac", b"zzzz", 1), "sound of an unknown kind (zzzz)"),
    ],
)
def test_it_names_a_codec_that_it_does_not_read(audio_file, data, what):
    with pytest.raises(audio.UnknownCodec) as refused:
        audio.probe(audio_file(data))

    assert str(refused.value) == what


@pytest.mark.parametrize("entry", [b"drms", b"enca"])
def test_it_says_when_a_file_is_encrypted(audio_file, entry):
    with pytest.raises(audio.Protected):
        audio.probe(audio_file(recording("m4a-alac").replace(b"alac", entry, 1)))


def test_it_says_so_of_windows_media_too(audio_file):
    data = recording("wma2")
    size, count = struct.unpack("<QI", data[16:28])
    locked = ENCRYPTION + struct.pack("<Q", 24)
    head = ASF + struct.pack("<QI", size + len(locked), count + 1) + data[28:30] + locked

    with pytest.raises(audio.Protected):
        audio.probe(audio_file(head + data[30:]))


def test_a_file_without_a_sound_track_is_no_damaged_one(audio_file):
    with pytest.raises(audio.NoSound):
        audio.probe(audio_file(recording("m4a").replace(b"trak", b"free")))


def _hertz(samples):
    return np.fft.rfftfreq(len(samples), 1 / audio.SAMPLE_RATE)[np.abs(np.fft.rfft(samples)).argmax()]
