"""Temporary files for work on recordings, in SPOOL_DIR. Each is locked while its process uses it."""

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

# A file that is older than this and not locked was left by a process that was killed.
LEFT_BEHIND = timedelta(minutes=1)


@contextlib.contextmanager
def spool_file() -> Iterator[Path]:
    """Yield the path of an empty file (mode 0600, with a random name) that is deleted afterwards."""
    settings.SPOOL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.SPOOL_DIR, prefix="spool-") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield Path(file.name)


@contextlib.contextmanager
def local_copy(stored: FieldFile) -> Iterator[Path]:
    """Yield the path of a copy of a stored file. Raises FileNotFoundError, and the storage's own errors.

    With a copy, an error of the storage is not taken for damaged audio.
    """
    with spool_file() as path:
        with stored.open("rb") as file, path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        yield path


def remove_leftovers() -> None:
    """Delete files that killed processes have left. Their times are by this machine's clock, as `time.time` is."""
    oldest = time.time() - LEFT_BEHIND.total_seconds()
    for path in settings.SPOOL_DIR.glob("spool-*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest and not _is_in_use(path):
                path.unlink()


def _is_in_use(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
