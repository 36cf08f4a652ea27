"""Where audio lies. Django's own file storage never calls fsync and leaves half a file when the disk is full."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class DurableFileSystemStorage(FileSystemStorage):
    """When `save` returns, name and bytes survive a power cut; when it raises, nothing is left behind."""

    def _save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".partial-")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            name = self._give_name(name, partial)
        finally:
            Path(partial).unlink()
        _sync_folders(path.parent, upto=Path(self.location))
        return name

    def _give_name(self, name, partial):
        """Unlike rename, a hard link refuses to overwrite; whoever comes second gets another name."""
        while True:
            try:
                Path(self.path(name)).hardlink_to(partial)
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name


def _sync_folders(folder, *, upto):
    """A new file's name is on disk only when its folder is; new year and month folders count too."""
    for parent in [folder, *folder.parents]:
        descriptor = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if parent == upto:
            return
