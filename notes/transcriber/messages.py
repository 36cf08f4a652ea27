"""What passes between a worker and the child that listens for it: one JSON object a line."""

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

# Where errors live that the worker knows how to answer; of any other class it learns only that the engine failed.
_KNOWN = {module.__name__: module for module in (opening, engines)}


def pack(message: Message) -> bytes:
    return json.dumps(message).encode() + b"\n"


def unpack(line: bytes) -> Message:
    """Raises EngineCrashed when it is no message."""
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise EngineCrashed("its answer could not be read")
    return message


def from_request(request: TranscriptionRequest) -> Message:
    """Its deadline becomes the seconds that are left, because clocks of two processes are none of each other's."""
    paths = [str(Path(path).resolve()) for path in request.paths]
    return asdict(request) | {"paths": paths, "deadline": request.deadline - time.monotonic()}


def to_request(message: Message) -> TranscriptionRequest:
    deadline, vocabulary = message["deadline"] + time.monotonic(), tuple(message["vocabulary"])
    return TranscriptionRequest(**message | {"deadline": deadline, "vocabulary": vocabulary})


def from_heard(heard: TranscribedAudio | None) -> Message:
    return {"heard": heard and asdict(heard)}


def to_heard(message: Message) -> TranscribedAudio | None:
    """Raises EngineCrashed when something is missing."""
    found = message["heard"]
    with _whole():
        return found and TranscribedAudio(
            **_with_loudness(found) | {"transcription": _transcription(found["transcription"])}
        )


def from_decoded(decoded: DecodedAudio) -> Message:
    return {"decoded": asdict(decoded)}


def to_decoded(message: Message) -> DecodedAudio:
    """Raises EngineCrashed when something is missing."""
    with _whole():
        return DecodedAudio(**_with_loudness(message["decoded"]))


def from_error(error: Exception) -> Message:
    """Nothing but the class of what our code does not raise: messages of libraries may hold what was said."""
    if isinstance(error, OSError) and error.errno:
        return {"errno": error.errno}
    if isinstance(error, MemoryError):
        error = EngineOutOfMemory()
    known = next((kind for kind in type(error).__mro__ if kind.__module__ in _KNOWN), None)
    if known is None:
        error, known = EngineFailed(type(error).__name__), EngineFailed
    return {"error": [known.__module__, known.__name__, str(error)]}


def to_error(message: Message) -> Exception:
    if "errno" in message:
        return OSError(message["errno"], os.strerror(message["errno"]))
    try:
        module, name, words = message["error"]
        kind = getattr(_KNOWN[module], name)
    except (KeyError, ValueError, TypeError, AttributeError):
        return EngineCrashed("its answer could not be read")
    return kind(words) if words else kind()


@contextlib.contextmanager
def _whole() -> Iterator[None]:
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
