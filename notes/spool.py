"""Files that exist only while they are worked on, on the same disk as the recordings."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models.fields.files import FieldFile

# No upload and no transcription takes that long: what is older was left by a process that was killed.
LEFT_BEHIND = timedelta(hours=6)


@contextlib.contextmanager
def spool_file() -> Iterator[Path]:
    """An empty file (mode 0600, its name says nothing) that is gone afterwards."""
    settings.SPOOL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.SPOOL_DIR, prefix="spool-") as file:
        yield Path(file.name)


@contextlib.contextmanager
def local_copy(stored: FieldFile) -> Iterator[Path]:
    """What the storage says about a missing file is then not mistaken for broken sound. Raises what it says."""
    with spool_file() as path:
        with stored.open("rb") as file, path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        yield path


def remove_leftovers(now: datetime) -> None:
    for path in settings.SPOOL_DIR.glob("spool-*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < (now - LEFT_BEHIND).timestamp():
                path.unlink()
