import pytest

from notes.sound.elements import head
from tests.notes.clips import browser_recording, recording, tone


def test_a_finished_file_says_how_long_it_is_where_it_ends_and_where_all_is(audio_file):
    data = recording("webm", tone(7))

    found = head(audio_file(data))

    assert found.seconds == pytest.approx(7, abs=0.1)
    assert found.end == len(data)
    assert found.has_index


def test_a_browsers_recording_says_nothing(audio_file):
    found = head(audio_file(browser_recording()))

    assert (found.seconds, found.end, found.has_index) == (None, None, False)


def test_a_file_that_was_cut_off_says_what_it_would_have_been(audio_file):
    data = recording("webm", tone(7))

    found = head(audio_file(data[: len(data) // 2]))

    assert found.seconds == pytest.approx(7, abs=0.1)
    assert found.end == len(data)
    assert not found.has_index


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x1a\x45\xdf\xa3", b"RIFF\xff\xff\xff\xffWAVE", bytes(100)])
def test_what_is_none_says_nothing(audio_file, data):
    assert head(audio_file(data)).seconds is None


def test_it_comes_to_an_end_wherever_a_file_is_broken(audio_file):
    data = bytearray(recording("webm", tone(1)))
    for place in range(0, 400):
        broken = bytearray(data)
        broken[place] ^= 0xFF

        head(audio_file(bytes(broken)))
