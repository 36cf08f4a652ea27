"""Files that exist only while they are worked on, on the same disk as the recordings."""

import contextlib
import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models.fields.files import FieldFile

# What nobody has locked for so long was left by a process that was killed.
LEFT_BEHIND = timedelta(minutes=1)


@contextlib.contextmanager
def spool_file() -> Iterator[Path]:
    """An empty file (mode 0600, its name says nothing) that is gone afterwards."""
    settings.SPOOL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.SPOOL_DIR, prefix="spool-") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield Path(file.name)


@contextlib.contextmanager
def local_copy(stored: FieldFile) -> Iterator[Path]:
    """What the storage says about a missing file is then not mistaken for broken sound. Raises what it says."""
    with spool_file() as path:
        with stored.open("rb") as file, path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        yield path


def remove_leftovers() -> None:
    """The files lie on this machine, and their times are by its own clock."""
    long_ago = time.time() - LEFT_BEHIND.total_seconds()
    for path in settings.SPOOL_DIR.glob("spool-*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < long_ago and not _is_in_use(path):
                path.unlink()


def _is_in_use(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
