"""Where recordings lie: on this disk, or in a bucket."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.environment import env

# Seconds that a signed address lives. None is handed out: audio is streamed behind the sign-in.
SIGNED_SECONDS = 120
# Bytes of an object that are held in memory; more goes to a temporary file.
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
        # boto3 checks a checksum of the whole unasked, which a store that computes none of a range makes fail.
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
