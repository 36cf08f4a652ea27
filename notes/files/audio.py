"""A note's files in the storage: the recording and its rendition. Each is stored before its note's row is written."""

import contextlib
import functools
import hashlib
import logging
import uuid
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from config import clock
from config.errors import DomainError
from config.transactions import if_undone
from notes.models import Playable, VoiceNote
from notes.sound import audio
from notes.sound.containers import Container
from notes.sound.playing import RenditionKind

logger = logging.getLogger(__name__)


class NotStored(DomainError):
    """The disk is full, or the storage is away. Nothing was stored; the same upload may succeed later."""

    code = "not_stored"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    when = "The disk is full, or the storage cannot be reached. Nothing was stored."
    then = "Keep the recording, and send it again in a minute."

    def __init__(self) -> None:
        super().__init__("The recording could not be stored. Do not close this page; try again in a minute.")


@contextlib.contextmanager
def storing(*errors: type[Exception]) -> Iterator[None]:
    """Raise NotStored in place of an OSError, or of one of `errors`, that is raised inside."""
    kinds: tuple[type[Exception], ...] = (OSError, *errors)
    try:
        yield
    except kinds as error:
        logger.exception("A recording could not be stored: %s", type(error).__name__)
        raise NotStored from error


def losses_of(found: audio.Probe) -> dict[str, Any]:
    """The fields of a note that say which parts of the recording are missing."""
    return {
        "gaps": [[gap.at, gap.seconds] for gap in found.gaps if not gap.is_loss],
        "losses": [[gap.at, gap.seconds] for gap in found.gaps if gap.is_loss],
        "promised_seconds": found.promised_seconds,
    }


@contextlib.contextmanager
def stored(key: uuid.UUID, found: audio.Probe, path: Path) -> Iterator[dict[str, Any]]:
    """Store the recording at `path`, and yield the fields of its note.

    The stored file is deleted again when the block raises or the transaction is rolled back. Raises NotStored.
    """
    with _stored_file(f"{key}.{found.container}", path, field="audio") as (name, size, sha256):
        yield {
            "audio": name,
            "container": found.container,
            "size": size,
            "sha256": sha256,
            "seconds": found.seconds,
            "playable": Playable.ITSELF if found.rendition == RenditionKind.NONE else Playable.DUE,
            "rendition": "",
            "rendition_size": 0,
            "rendition_sha256": "",
            "rendition_attempts": 0,
            "rendition_waits_until": None,
        } | losses_of(found)


@contextlib.contextmanager
def stored_rendition(key: uuid.UUID, path: Path, container: Container) -> Iterator[dict[str, Any]]:
    """Store the rendition at `path`, and yield the fields of its note; otherwise as `stored`."""
    with _stored_file(f"{key}-played.{container}", path, field="rendition") as (name, size, sha256):
        yield {
            "playable": Playable.RENDERED,
            "rendition": name,
            "rendition_size": size,
            "rendition_sha256": sha256,
        }


@contextlib.contextmanager
def _stored_file(name: str, path: Path, *, field: str) -> Iterator[tuple[str, int, str]]:
    with path.open("rb") as file, storing(Exception):
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        name = default_storage.save(f"{clock.now():%Y/%m}/{name}", File(file))
    remove = functools.partial(_delete_unless_saved, field, name)
    try:
        yield name, path.stat().st_size, sha256
    except BaseException:
        remove()
        raise
    if_undone(remove)


def _delete_unless_saved(field: str, name: str) -> None:
    """A commit may have succeeded although its answer was lost: then, or if that is not known, the file stays."""
    with contextlib.suppress(Exception):
        if not VoiceNote.objects.filter(**{field: name}).exists():
            default_storage.delete(name)
