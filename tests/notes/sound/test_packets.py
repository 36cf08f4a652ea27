import av
import pytest

from notes.sound.packets import opus_samples


@pytest.mark.parametrize(
    ("data", "milliseconds"),
    [
        (b"", 0),
        (bytes([0 << 3]), 10),
        (bytes([3 << 3]), 60),  # SILK
        (bytes([11 << 3 | 1]), 120),  # two frames
        (bytes([13 << 3]), 20),  # hybrid
        (bytes([16 << 3]), 2.5),
        (bytes([31 << 3]), 20),  # CELT
        (bytes([31 << 3 | 2]), 40),
        (bytes([31 << 3 | 3, 0b1100_0011]), 60),  # as many as the second byte says
        (bytes([31 << 3 | 3]), 0),  # which is missing
    ],
)
def test_a_packet_of_opus_says_how_long_it_is(data, milliseconds):
    assert opus_samples(av.Packet(data)) == milliseconds * 48
