"""Files in the storage that belong to no note: left by a crash, or brought back by a restored backup."""

import posixpath
import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import Q

from notes.models import VoiceNote

# Younger files are left alone: a recording is stored before the row of its note is written.
YOUNG = timedelta(hours=24)
PER_QUERY = 500

_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def orphans(now: datetime) -> Iterator[str]:
    """Names of files that are older than YOUNG at `now` (UTC) and belong to no note."""
    for names in _by_hundreds(_files("")):
        known = _known(names)
        yield from (name for name in names if name not in known and _is_old(name, now))


def delete(name: str) -> None:
    default_storage.delete(name)


def _files(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return  # no note was ever made
    yield from (posixpath.join(folder, file) for file in files)
    for each in folders:
        yield from _files(posixpath.join(folder, each))


def _by_hundreds(names: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == PER_QUERY:
            yield batch
            batch = []
    if batch:
        yield batch


def _known(names: list[str]) -> set[str]:
    """Those of `names` that belong to a note. Names are looked up by the key in them; those without read all rows."""
    keys = [uuid.UUID(match[0]) for name in names if (match := _KEY.search(name))]
    others = [name for name in names if not _KEY.search(name)]
    condition = Q(pk__in=keys)
    if others:
        condition |= Q(audio__in=others) | Q(rendition__in=others)
    return {name for pair in VoiceNote.objects.filter(condition).values_list("audio", "rendition") for name in pair}


def _is_old(name: str, now: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < now - YOUNG
    except FileNotFoundError:
        return False  # gone meanwhile
