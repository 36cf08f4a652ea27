"""`ETag` and `If-Match`: whoever changes something says which version of it was looked at."""

import re

from api.problems import Problem

ANY = "*"
_STRONG = re.compile(r'"([0-9]{1,9})"')


class VersionMissing(Problem):
    status_code = 428
    default_code = "version_missing"
    default_detail = (
        'Say which version you are changing: read it, and send its ETag back as If-Match, such as If-Match: "3".'
    )


class VersionStale(Problem):
    """Somebody was first. `details` show what is there now."""

    status_code = 412
    default_code = "version_stale"
    default_detail = "This has been changed since. Read it again, then change it."


def etag(version):
    return f'"{version}"'


def version_in(request):
    """The version that the request was made for, or None where any will do. Raises VersionStale for nonsense."""
    said = request.headers.get("If-Match", ANY).strip()
    if said == ANY:
        return None
    strong = _STRONG.fullmatch(said)
    if not strong:
        raise VersionStale(f"If-Match names no version of this. {VersionMissing.default_detail}")
    return int(strong[1])


def needed_version_in(request):
    """The version that the request was made for. Raises VersionMissing and VersionStale: any version is none."""
    version = version_in(request)
    if version is None:
        raise VersionMissing
    return version
