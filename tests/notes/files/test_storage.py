import stat
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.concurrency.crowd import at_once


def files():
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


def test_only_its_owner_may_read_a_recording():
    name = default_storage.save("2026/11/a.webm", ContentFile(b"sound"))

    path = Path(default_storage.path(name))
    assert path.read_bytes() == b"sound"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_it_leaves_nothing_of_a_recording_that_broke_off():
    class BreaksOff(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"so"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        default_storage.save("2026/11/a.webm", BreaksOff(b"sound"))

    assert files() == []


@pytest.mark.django_db(transaction=True)
def test_it_never_overwrites_also_when_many_choose_the_same_name_at_once():
    contents = [f"sound {number}".encode() for number in range(8)]

    names = at_once(8, lambda number: default_storage.save("2026/11/a.webm", ContentFile(contents[number])))

    assert sorted(Path(default_storage.path(name)).read_bytes() for name in names) == contents
    assert len(files()) == 8
