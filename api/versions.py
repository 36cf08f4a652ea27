"""`ETag` and `If-Match`: a change names the version that it was made for."""

import re
from http import HTTPStatus

from api.problems import Problem

ANY = "*"
# A proxy that compresses answers weakens their ETags (`W/`): a version counter is no less exact for that.
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"|([0-9]{1,9})')


class VersionMissing(Problem):
    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_code = "version_missing"
    when = "A change says not which version it was made for."
    then = "Read it, and send its ETag back as If-Match."
    default_detail = (
        'Say which version you are changing: read it, and send its ETag back as If-Match, such as If-Match: "3".'
    )


class VersionStale(Problem):
    """Somebody changed it first. `details` show what is there now."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "version_stale"
    when = "Somebody changed it since you read it."
    then = "Read it again, look whether your change is still wanted, and send it with the new ETag."
    default_detail = "This has been changed since. Read it again, then change it."


def etag(version):
    return f'"{version}"'


def version_in(request):
    """The version in If-Match, or None without the header or with `*`. Raises VersionStale for anything else."""
    said = request.headers.get("If-Match", ANY).strip()
    if said == ANY:
        return None
    versions = {_version(tag) for tag in said.split(",")}
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
