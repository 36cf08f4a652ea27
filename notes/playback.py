"""The audio of a note, for listening, seeking and keeping. Django itself serves no byte ranges."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import parse_etags

from config.errors import DomainError
from notes.byte_ranges import ByteRange, NotSatisfiable, parse
from notes.files.storage import open_range
from notes.models import VoiceNote
from notes.sound.containers import Container

logger = logging.getLogger(__name__)


class AudioAway(DomainError):
    """The storage cannot be reached."""

    code = "audio_away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    when = "The sound is stored, but the storage cannot be reached."
    then = "Ask again in a minute."

    def __init__(self):
        super().__init__("This recording cannot be fetched at the moment. Try again in a minute.")


# What was stored came from outside: whatever it is, a browser may play it and nothing else. It keeps no copy on the
# disk of a shared desk; that costs another transfer for each listening, and seeking works all the same.
HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def audible(user, pk):
    """The note of that key, which `user` may listen to. Raises Http404."""
    notes = VoiceNote.objects.not_deleted().visible_to(user).exclude(audio="")
    return get_object_or_404(notes.select_related("property", "reservation"), pk=pk)


@dataclass(frozen=True)
class Sound:
    """One of a note's files; `size` in bytes."""

    note: VoiceNote
    file: FieldFile
    container: Container
    size: int
    sha256: str

    @property
    def media_type(self):
        return self.container.media_type

    @property
    def etag(self):
        return f'"{self.sha256}"'


def original(note):
    """As it was recorded or sent."""
    return Sound(note, note.audio, Container(note.container), note.size, note.sha256)


def played(note):
    """What browsers play: its rendition where it has one."""
    if not note.rendition:
        return original(note)
    container = Container(Path(note.rendition.name).suffix.removeprefix("."))
    return Sound(note, note.rendition, container, note.rendition_size, note.rendition_sha256)


def answer(request, sound):
    """The sound, or the part of it that is asked for. Raises Http404 when the file is gone."""
    response = _answer(request, sound)
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["ETag"] = sound.etag
    return response


def _answer(request, sound):
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if sound.etag in (tag.removeprefix("W/") for tag in known):
        return HttpResponse(status=304)
    try:
        wanted = parse(request.headers.get("Range"), sound.size) if _range_counts(request, sound) else None
    except NotSatisfiable:
        size = {"Content-Range": f"bytes */{sound.size}"}
        return HttpResponse(status=416, headers=size, content_type=sound.media_type)
    part = wanted or ByteRange(0, sound.size)
    response = _body(request, sound, part)
    response.headers["Content-Length"] = str(part.length)
    response.headers["Content-Disposition"] = _disposition(request, sound)
    if wanted:
        response.status_code = 206
        response.headers["Content-Range"] = part.content_range(sound.size)
    return response


def _body(request, sound, part):
    if request.method == "HEAD":
        return HttpResponse(content_type=sound.media_type)
    return StreamingHttpResponse(_open(sound, part), content_type=sound.media_type)


def _range_counts(request, sound):
    """`If-Range`: a part only if it is a part of what the client has already."""
    return request.method == "GET" and request.headers.get("If-Range", sound.etag) == sound.etag


def _disposition(request, sound):
    if "download" not in request.GET:
        return "inline"
    note = sound.note
    spoken = timezone.localtime(note.recorded_at, note.property.zone)
    about = note.reservation.reference if note.reservation else "hand-over"
    return f'attachment; filename="{about}-{spoken:%Y-%m-%d-%H%M}.{sound.container}"'


def _open(sound, part):
    """The bytes of the part, in blocks; whoever sends them closes it. Raises Http404 and AudioAway."""
    try:
        return open_range(sound.file.storage, sound.file.name, part.start, part.stop)
    except FileNotFoundError:
        raise Http404 from None
    except Exception as error:  # each kind of storage has errors of its own
        logger.error("A recording could not be fetched: %s", type(error).__name__)
        raise AudioAway from error
