"""The messages between a worker and its transcription subprocess: one JSON object in each line."""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from notes.engines import base as engines
from notes.engines.base import EngineCrashed, EngineFailed, EngineOutOfMemory, Segment, Transcription, Word
from notes.sound import opening
from notes.transcriber.base import DecodedAudio, TranscribedAudio, TranscriptionRequest

Message = dict[str, Any]

# The modules whose errors are passed on as they are; any other error becomes an EngineFailed.
_ERROR_MODULES = {module.__name__: module for module in (opening, engines)}


def pack(message: Message) -> bytes:
    return json.dumps(message).encode() + b"\n"


def unpack(line: bytes) -> Message:
    """Raises EngineCrashed when the line is no message."""
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise EngineCrashed("its answer could not be read")
    return message


def from_request(request: TranscriptionRequest) -> Message:
    """The deadline is sent as the seconds that are left, because `time.monotonic` differs between processes."""
    paths = [str(Path(path).resolve()) for path in request.paths]
    return asdict(request) | {"paths": paths, "deadline": request.deadline - time.monotonic()}


def to_request(message: Message) -> TranscriptionRequest:
    deadline, vocabulary = message["deadline"] + time.monotonic(), tuple(message["vocabulary"])
    return TranscriptionRequest(**message | {"deadline": deadline, "vocabulary": vocabulary})


def from_transcribed(transcribed: TranscribedAudio | None) -> Message:
    return {"transcribed": transcribed and asdict(transcribed)}


def to_transcribed(message: Message) -> TranscribedAudio | None:
    """Raises EngineCrashed when a field is missing."""
    found = message["transcribed"]
    with _missing_fields_as_crash():
        return found and TranscribedAudio(
            **_with_loudness(found) | {"transcription": _transcription(found["transcription"])}
        )


def from_decoded(decoded: DecodedAudio) -> Message:
    return {"decoded": asdict(decoded)}


def to_decoded(message: Message) -> DecodedAudio:
    """Raises EngineCrashed when a field is missing."""
    with _missing_fields_as_crash():
        return DecodedAudio(**_with_loudness(message["decoded"]))


def from_error(error: Exception) -> Message:
    """Of an error that our code does not raise only the class is sent: its message may hold what was said."""
    if isinstance(error, OSError) and error.errno:
        return {"errno": error.errno}
    if isinstance(error, MemoryError):
        error = EngineOutOfMemory()
    known = next((kind for kind in type(error).__mro__ if kind.__module__ in _ERROR_MODULES), None)
    if known is None:
        error, known = EngineFailed(type(error).__name__), EngineFailed
    return {"error": [known.__module__, known.__name__, str(error)]}


def to_error(message: Message) -> Exception:
    if "errno" in message:
        return OSError(message["errno"], os.strerror(message["errno"]))
    try:
        module, name, text = message["error"]
        kind = getattr(_ERROR_MODULES[module], name)
    except (KeyError, ValueError, TypeError, AttributeError):
        return EngineCrashed("its answer could not be read")
    return kind(text) if text else kind()


@contextlib.contextmanager
def _missing_fields_as_crash() -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError) as error:
        raise EngineCrashed("its answer was not whole") from error


def _with_loudness(found: Message) -> Message:
    return found | {"loudness": tuple(found["loudness"])}


def _transcription(found: Message) -> Transcription:
    return Transcription(**found | {"segments": tuple(_segment(segment) for segment in found["segments"])})


def _segment(found: Message) -> Segment:
    return Segment(**found | {"words": tuple(Word(**word) for word in found["words"])})
