"""Files that nothing points to any more: listed in the transaction that gives them up, deleted after its commit.

Those that cannot be deleted are tried again. A crash in between loses no note and leaves no orphan.
"""

import logging
from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db.models import F

from notes.models import FileToDelete

logger = logging.getLogger(__name__)

# Files that one run tries to delete.
MOST_FILES = 1000


def forget_files(names: Iterable[str | None]) -> int:
    """Nothing points to these any more; they are deleted after the commit. Returns how many they are."""
    files = [FileToDelete(name=name) for name in names if name]
    FileToDelete.objects.bulk_create(files, ignore_conflicts=True)
    return len(files)


def delete_files() -> int:
    """Delete what nothing points to any more. What fails stays on the list; returns how many those are."""
    failed = 0
    for file in FileToDelete.objects.order_by("attempts", "pk")[:MOST_FILES]:
        try:
            default_storage.delete(file.name)
        except Exception as error:  # of whatever storage: a disk, a bucket
            logger.warning("An erased recording could not be deleted yet: %s", type(error).__name__)
            FileToDelete.objects.filter(pk=file.pk).update(attempts=F("attempts") + 1)
            failed += 1
        else:
            file.delete()
    return failed
