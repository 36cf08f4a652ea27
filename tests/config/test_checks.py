import re
from collections import Counter
from pathlib import Path

import pytest

from config.checks import transcription_has_memory_and_time


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("TRANSCRIPTION_MEMORY", 0, []),
        ("TRANSCRIPTION_MEMORY", 4000, []),
        ("TRANSCRIPTION_MEMORY", 512, ["roomtone.E004"]),
        ("TRANSCRIPTION_PACE", 0.5, []),
        ("TRANSCRIPTION_PACE", 0, ["roomtone.E005"]),
    ],
)
def test_it_is_said_at_start_when_nothing_could_be_heard(settings, name, value, found):
    setattr(settings, name, value)

    assert [error.id for error in transcription_has_memory_and_time(None)] == found


def test_no_two_checks_share_an_id(settings):
    """Whoever silences one of them would silence the other without knowing."""
    sources = [path.read_text() for path in Path(settings.BASE_DIR).glob("*/**/checks.py")]

    ids = Counter(re.findall(r'id="(roomtone\.E\d+)"', "".join(sources)))

    assert len(ids) >= 6
    assert set(ids.values()) == {1}
