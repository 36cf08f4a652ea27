"""Storages for audio, on a disk or in a bucket, from which ranges of bytes can be read."""

import os
import tempfile
from http import HTTPStatus
from pathlib import Path

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

BLOCK = 64 * 1024  # bytes that are read at a time


def open_range(storage, name, start, stop):
    """An iterator over blocks of the bytes [start, stop) of a stored file, which the caller closes.

    Raises FileNotFoundError, and the storage's own errors.
    """
    if hasattr(storage, "open_range"):
        return storage.open_range(name, start, stop)
    return FileRange(storage.open(name), start, stop)


class FileRange:
    """An iterator over blocks of the bytes [start, stop) of an open file; `close` closes the file."""

    def __init__(self, file, start, stop):
        self._file = file
        self._left = stop - start
        file.seek(start)

    def __iter__(self):
        while block := self._file.read(min(BLOCK, self._left)):
            self._left -= len(block)
            yield block

    def close(self):
        self._file.close()


class ObjectRange:
    """An iterator over blocks of the body of S3's response; `close` closes the body."""

    def __init__(self, body):
        self._body = body

    def __iter__(self):
        return self._body.iter_chunks(BLOCK)

    def close(self):
        self._body.close()


class AudioS3Storage(S3Storage):
    """S3Storage that can read a range. django-storages itself fetches the whole object, up to 30 MB for each seek."""

    def open_range(self, name, start, stop):
        """As the function `open_range`. Raises FileNotFoundError, and botocore's own errors."""
        key = self._normalize_name(clean_name(name))
        try:
            answer = self.connection.meta.client.get_object(
                Bucket=self.bucket_name, Key=key, Range=f"bytes={start}-{stop - 1}"
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
                raise FileNotFoundError(name) from error
            raise
        return ObjectRange(answer["Body"])


class DurableFileSystemStorage(FileSystemStorage):
    """Django's own never calls fsync, and leaves half a file when the disk is full.

    When `save` returns, name and bytes survive a power cut; when it raises, nothing is left behind.
    """

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
        """Link the file `partial` to `name`, or to another name if that exists; returns the name.

        Unlike a rename, a hard link never overwrites a file.
        """
        while True:
            try:
                Path(self.path(name)).hardlink_to(partial)
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name


def _sync_folders(folder, *, upto):
    """Call fsync for `folder` and its parents up to `upto`: until then a new file's name may not be on the disk."""
    for parent in [folder, *folder.parents]:
        descriptor = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if parent == upto:
            return
