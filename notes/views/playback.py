"""The audio of a note, for listening, seeking and keeping. Django itself serves no byte ranges."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from notes.models import VoiceNote
from notes.views.ranges import ByteRange, NotSatisfiable, parse

BLOCK = 64 * 1024  # bytes that are in memory at a time
# What was stored came from outside: whatever it is, a browser may play it and nothing else. It keeps no copy on the
# disk of a shared desk; that costs another transfer for each listening, and seeking works all the same.
HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def audio(request, pk):
    return answer(request, audible(request.user, pk))


def audible(user, pk):
    """The note of that key, which `user` may listen to. Raises Http404."""
    notes = VoiceNote.objects.kept().visible_to(user).exclude(audio="")
    return get_object_or_404(notes.select_related("property", "reservation"), pk=pk)


def answer(request, note):
    """The sound, or the part of it that is asked for. Raises Http404 when the file is gone."""
    response = _answer(request, note)
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["ETag"] = _etag(note)
    return response


def _answer(request, note):
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if _etag(note) in (tag.removeprefix("W/") for tag in known):
        return HttpResponse(status=304)
    try:
        wanted = parse(request.headers.get("Range"), note.size) if _range_counts(request, note) else None
    except NotSatisfiable:
        size = {"Content-Range": f"bytes */{note.size}"}
        return HttpResponse(status=416, headers=size, content_type=note.media_type)
    part = wanted or ByteRange(0, note.size)
    response = _body(request, note, part)
    response.headers["Content-Length"] = str(part.length)
    response.headers["Content-Disposition"] = _disposition(request, note)
    if wanted:
        response.status_code = 206
        response.headers["Content-Range"] = part.content_range(note.size)
    return response


def _body(request, note, part):
    if request.method == "HEAD":
        return HttpResponse(content_type=note.media_type)
    return StreamingHttpResponse(_Part(_open(note), part), content_type=note.media_type)


def _range_counts(request, note):
    """`If-Range`: a part only if it is a part of what the client has already."""
    return request.method == "GET" and request.headers.get("If-Range", _etag(note)) == _etag(note)


def _etag(note):
    return f'"{note.sha256}"'


def _disposition(request, note):
    if "download" not in request.GET:
        return "inline"
    spoken = timezone.localtime(note.recorded_at, note.property.zone)
    about = note.reservation.reference if note.reservation else "hand-over"
    return f'attachment; filename="{about}-{spoken:%Y-%m-%d-%H%M}.{note.container}"'


def _open(note):
    try:
        return note.audio.open("rb")
    except FileNotFoundError:
        raise Http404 from None


class _Part:
    """Bytes of an open file, in blocks; whoever sends them closes it."""

    def __init__(self, file, part):
        self._file = file
        self._part = part

    def __iter__(self):
        self._file.seek(self._part.start)
        left = self._part.length
        while block := self._file.read(min(BLOCK, left)):
            left -= len(block)
            yield block

    def close(self):
        self._file.close()
