"""Where audio lies: on this disk or in a bucket, and read by ranges, because players ask for ranges."""

import os
import tempfile
from http import HTTPStatus
from pathlib import Path

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

BLOCK = 64 * 1024  # bytes of a range that are in memory at a time


def open_range(storage, name, start, stop):
    """The bytes [start, stop) of what lies there, in blocks; whoever takes them closes it.

    Raises FileNotFoundError, and the storage's own errors.
    """
    if hasattr(storage, "open_range"):
        return storage.open_range(name, start, stop)
    return FileRange(storage.open(name), start, stop)


class FileRange:
    """The bytes [start, stop) of an open file, in blocks; whoever takes them closes it."""

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
    """What a bucket answers to a request for a range, in blocks; whoever takes them closes it."""

    def __init__(self, body):
        self._body = body

    def __iter__(self):
        return self._body.iter_chunks(BLOCK)

    def close(self):
        self._body.close()


class AudioS3Storage(S3Storage):
    """django-storages fetches all of an object to read a part of it: up to 30 MB for each seek."""

    def open_range(self, name, start, stop):
        """The bytes [start, stop) of the object. Raises FileNotFoundError, and botocore's own errors."""
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
