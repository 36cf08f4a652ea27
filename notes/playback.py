"""Responses with the audio of a note, whole or in byte ranges, which Django itself does not serve."""

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
    then = "Send the same request again in a minute."

    def __init__(self):
        super().__init__("This recording cannot be fetched at the moment. Try again in a minute.")


# The stored file comes from outside, so a browser may only play it. It must not keep a copy on the disk of a shared
# computer: each time it is played it is transferred again. Seeking works without a copy.
HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def note_with_audio_or_404(user, pk):
    """The note with this key, if it has audio and `user` may listen to it. Raises Http404."""
    notes = VoiceNote.objects.not_deleted().visible_to(user).exclude(audio="")
    return get_object_or_404(notes.select_related("property", "reservation"), pk=pk)


@dataclass(frozen=True)
class AudioFile:
    """One of a note's files. `size` is in bytes, `sha256` in hex."""

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
    """The file as it was recorded or sent."""
    return AudioFile(note, note.audio, Container(note.container), note.size, note.sha256)


def played(note):
    """The file that browsers play: the rendition where there is one, else the original."""
    if not note.rendition:
        return original(note)
    container = Container(Path(note.rendition.name).suffix.removeprefix("."))
    return AudioFile(note, note.rendition, container, note.rendition_size, note.rendition_sha256)


def audio_response(request, file):
    """A response with the file, or with the part that the request asks for.

    Raises Http404 when the file is gone, and AudioAway.
    """
    response = _response(request, file)
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["ETag"] = file.etag
    return response


def _response(request, file):
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if file.etag in (tag.removeprefix("W/") for tag in known):
        return HttpResponse(status=304)
    try:
        wanted = parse(request.headers.get("Range"), file.size) if _is_range_allowed(request, file) else None
    except NotSatisfiable:
        size = {"Content-Range": f"bytes */{file.size}"}
        return HttpResponse(status=416, headers=size, content_type=file.media_type)
    part = wanted or ByteRange(0, file.size)
    response = _body(request, file, part)
    response.headers["Content-Length"] = str(part.length)
    response.headers["Content-Disposition"] = _disposition(request, file)
    if wanted:
        response.status_code = 206
        response.headers["Content-Range"] = part.content_range(file.size)
    return response


def _body(request, file, part):
    if request.method == "HEAD":
        return HttpResponse(content_type=file.media_type)
    return StreamingHttpResponse(_open(file, part), content_type=file.media_type)


def _is_range_allowed(request, file):
    """Whether to answer with a part: with `If-Range` only when the client has parts of this very file."""
    return request.method == "GET" and request.headers.get("If-Range", file.etag) == file.etag


def _disposition(request, file):
    if "download" not in request.GET:
        return "inline"
    note = file.note
    spoken = timezone.localtime(note.recorded_at, note.property.zone)
    about = note.reservation.reference if note.reservation else "hand-over"
    return f'attachment; filename="{about}-{spoken:%Y-%m-%d-%H%M}.{file.container}"'


def _open(file, part):
    """An iterator over blocks of the part's bytes; the response closes it. Raises Http404 and AudioAway."""
    try:
        return open_range(file.file.storage, file.file.name, part.start, part.stop)
    except FileNotFoundError:
        raise Http404 from None
    except Exception as error:  # each kind of storage has errors of its own
        logger.error("A recording could not be fetched: %s", type(error).__name__)
        raise AudioAway from error
