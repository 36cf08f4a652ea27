"""Collecting static files: style sheets joined, and only when a file has changed, because compressing takes seconds."""

import hashlib
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Style sheets that pages link: each is collected as one file with all that it imports.
LINKED = ("css/roomtone.css", "css/api-explorer.css", "css/api-reader.css")
# `@import url("x.css");`, or with `layer(name)`. Others, with a media query say, stay as they are.
IMPORT = re.compile(r"""^@import url\("(?P<url>[^":]+)"\)(?: layer\((?P<layer>[\w-]+)\))?;$""", re.MULTILINE)
# Of a file of its own only: the map of a minified file, and its encoding, which is UTF-8 for all.
OF_THE_FILE = re.compile(r"""^@charset "UTF-8";|/\*# sourceMappingURL=\S+?\s*\*/""")


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Collects each linked style sheet as one file: a browser finds imports only when it has the sheet.

    Whoever works on them has no step more: the sheets are joined by `collectstatic`, and with DEBUG not at all.
    """

    def post_process(self, paths, dry_run=False, **options):
        for name in LINKED:
            if name in paths and not dry_run:
                path = Path(self.path(name))
                path.write_text(joined(path))
                paths[name] = (self, name)  # and not the one that was collected
        yield from super().post_process(paths, dry_run=dry_run, **options)


def joined(path: Path) -> str:
    """The text of a style sheet with the sheets that it imports in place of the imports.

    Addresses in an imported sheet of another folder are not changed, so it may have no relative ones.
    """

    def imported(match: re.Match[str]) -> str:
        text = joined(path.parent / match["url"])
        return f"@layer {match['layer']} {{\n{text}\n}}" if match["layer"] else text

    return IMPORT.sub(imported, OF_THE_FILE.sub("", path.read_text()))


def collect_changed() -> None:
    """Run `collectstatic` if the source files have changed since the last time."""
    stamp = settings.STATIC_ROOT / ".sources"
    digest = _digest_of_sources()
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest)


def _digest_of_sources() -> str:
    """A digest of the names, sizes and modification times of all source files, and of this module."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
