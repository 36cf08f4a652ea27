"""`ETag` and `If-Match`: a request to change something names the version that it changes."""

import re
from http import HTTPStatus

from api.problems import Problem

ANY = "*"
# Weak ETags (`W/`) are accepted too, because proxies that compress responses weaken them.
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"|([0-9]{1,9})')


class VersionMissing(Problem):
    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_code = "version_missing"
    when = "The request does not say which version it changes: the header If-Match is missing."
    then = "Read it, and send its ETag back as If-Match."
    default_detail = (
        'Say which version you are changing: read it, and send its ETag back as If-Match, such as If-Match: "3".'
    )


class VersionStale(Problem):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "version_stale"
    when = "The header If-Match names no version, or several of them."
    then = "Read it, and send its ETag back as If-Match."


def etag(version):
    return f'"{version}"'


def version_in(request):
    """The version in If-Match, or None without the header or with `*`. Raises VersionStale for anything else."""
    header = request.headers.get("If-Match", ANY).strip()
    if header == ANY:
        return None
    versions = {_version(tag) for tag in header.split(",")}
    if len(versions) > 1:
        raise VersionStale("If-Match names several versions. Send only the ETag of the one that you have read.")
    return versions.pop()


def _version(tag):
    match = _ETAG.fullmatch(tag.strip())
    if not match:
        raise VersionStale('If-Match names no version of this. A version is a number, such as If-Match: "3".')
    return int(match[1] or match[2])


def needed_version_in(request):
    """The version in If-Match. Raises VersionMissing without one or with `*`, else VersionStale."""
    version = version_in(request)
    if version is None:
        raise VersionMissing
    return version
