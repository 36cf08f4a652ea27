"""Collecting static files: style sheets and modules joined, and only if a file has changed, as that takes seconds."""

import hashlib
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config import javascript

# Style sheets that pages link: each is collected as one file with all that it imports.
LINKED = ("css/roomtone.css", "css/api-explorer.css", "css/api-reader.css")
# `@import url("x.css");`, or with `layer(name)`: the imports that can be replaced by the sheet.
IMPORT = re.compile(r"""^@import url\("(?P<url>[^":]+)"\)(?: layer\((?P<layer>[\w-]+)\))?;$""", re.MULTILINE)
# Not needed in a joined sheet: the encoding (all are UTF-8), and comments, a minified file's source map among them, but
# licences (`/*!`) are. What looks like a comment in a string is none.
LEFT_OUT = re.compile(
    r"""^@charset "UTF-8";|/\*(?!!).*?\*/|(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", re.DOTALL
)


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Collects each linked style sheet as one file, and the modules that every page needs as another.

    A browser finds imports only after it has loaded what has them, and each file costs it a request. Only
    `collectstatic` joins them. With DEBUG, WhiteNoise serves the source files with their imports.
    """

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            for name in LINKED:
                self._replace(paths, name, joined)
            self._replace(paths, f"js/{javascript.MAIN}.js", lambda path: javascript.joined(path.stem, path.parent))
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _replace(self, paths, name, join):
        """Collect the result of `join` for the path of a file in place of the file, if it is one of `paths`."""
        if name in paths:
            path = Path(self.path(name))
            path.write_text(join(path))
            paths[name] = (self, name)  # the file to hash: the joined one in place of its source


def joined(path: Path) -> str:
    """The text of a style sheet with the sheets that it imports in place of the imports.

    Raises ValueError for an import with a condition or of another site: browsers ignore imports after other rules.
    Addresses in imported sheets are not changed. So `collectstatic` fails for a sheet of another folder with relative
    addresses, because there are no such files.
    """
    source = LEFT_OUT.sub(lambda match: match["string"] or "", path.read_text())
    if "@import" in IMPORT.sub("", source):
        raise ValueError(f"{path} has an import that cannot be replaced by the imported sheet.")

    def imported(match: re.Match[str]) -> str:
        text = joined(path.parent / match["url"])
        return f"@layer {match['layer']} {{\n{text}\n}}" if match["layer"] else text

    return IMPORT.sub(imported, source)


def collect_changed() -> None:
    """Run `collectstatic` if the source files have changed since the last time."""
    stamp = settings.STATIC_ROOT / ".sources"
    digest = _digest_of_sources()
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest)


def _digest_of_sources() -> str:
    """A digest of the names, sizes and modification times of all source files, and of what joins them."""
    digest = hashlib.sha256(b"".join(Path(module).read_bytes() for module in (__file__, javascript.__file__)))
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
