"""Collecting static files only when one has changed: compressing all of them takes seconds."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# Of the packages' files most are never asked for: other builds, other directions, other versions. Compressing them
# would take most of a first start.
UNUSED = [
    *("bootstrap-*", "bootstrap.css*", "bootstrap*.rtl*", "js-lib-bootstrap5/js"),
    *("htm*-4*", "hx-*", "rest_framework", "swagger-ui-standalone-preset*", "oauth2-redirect*"),
]


def collect_changed():
    """Run `collectstatic` unless the sources are the ones of the last time."""
    stamp = settings.STATIC_ROOT / ".sources"
    digest = _digest_of_sources()
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=UNUSED)
    stamp.write_text(digest)


def _digest_of_sources():
    """Names, sizes and times of all source files."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
