"""Deletes stored files that no note has any more.

They are listed in the transaction that removes them from their notes, and deleted after its commit. Those that cannot
be deleted are tried again. So a crash in between loses no file of a note, and leaves no file without one.
"""

import logging
from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db.models import F

from notes.models import FileToDelete

logger = logging.getLogger(__name__)

# Files that one run tries to delete.
MOST_FILES = 1000


def list_for_deletion(names: Iterable[str | None]) -> int:
    """List files for deletion, in the caller's transaction; None and "" are left out. Returns how many are listed."""
    files = [FileToDelete(name=name) for name in names if name]
    FileToDelete.objects.bulk_create(files, ignore_conflicts=True)
    return len(files)


def delete_files() -> int:
    """Delete the listed files, MOST_FILES at most. Returns how many could not be deleted and stay on the list."""
    failed = 0
    for file in FileToDelete.objects.order_by("attempts", "pk")[:MOST_FILES]:
        try:
            default_storage.delete(file.name)
        except Exception as error:  # each kind of storage has errors of its own
            logger.warning("An erased recording could not be deleted yet: %s", type(error).__name__)
            FileToDelete.objects.filter(pk=file.pk).update(attempts=F("attempts") + 1)
            failed += 1
        else:
            file.delete()
    return failed
