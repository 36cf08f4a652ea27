"""The storage of recordings: a folder, or a bucket of an object store."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.environment import env

# Seconds for which a signed address is valid. Roomtone gives none to browsers, because it streams audio itself.
SIGNED_SECONDS = 120
# Bytes of an object that are kept in memory; larger ones are in a temporary file.
IN_MEMORY = 2 * 1024 * 1024


def media_storage(kind: str, media_root: str | Path) -> dict[str, Any]:
    """Django's STORAGES entry for `MEDIA_STORAGE`, "local" or "s3" (with the `S3_…` settings)."""
    if kind == "local":
        return {"BACKEND": "notes.files.storage.DurableFileSystemStorage", "OPTIONS": {"location": media_root}}
    if kind != "s3":
        raise ImproperlyConfigured("MEDIA_STORAGE must be 'local' or 's3'.")
    from botocore.config import Config  # only where it is needed: it takes long to import

    options = {
        "bucket_name": env.str("S3_BUCKET"),
        "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
        "region_name": env.str("S3_REGION", default="") or None,
        "access_key": env.str("S3_ACCESS_KEY_ID", default="") or None,
        "secret_key": env.str("S3_SECRET_ACCESS_KEY", default="") or None,
        # By default boto3 expects a checksum with each download, which some object stores do not send for a range.
        "client_config": Config(
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
        "file_overwrite": False,
        "max_memory_size": IN_MEMORY,
        "querystring_expire": SIGNED_SECONDS,
    }
    return {"BACKEND": "notes.files.storage.AudioS3Storage", "OPTIONS": options}
