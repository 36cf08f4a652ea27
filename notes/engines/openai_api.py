"""The engine for services with OpenAI's `/v1/audio/transcriptions`: OpenAI itself, speaches, and others.

Services differ in the formats that they support. The most detailed one is requested first, and simpler ones when it is
refused; words, times and probabilities that a response lacks are left out. Recordings without a voice are not sent.
"""

import io
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Self, cast

import av
import numpy as np
import urllib3
from numpy.typing import NDArray

from notes.engines.addresses import BadAddress, ServiceAddress
from notes.engines.base import (
    DEFAULT_OPTIONS,
    DeadlineExceeded,
    EngineConfig,
    EngineFailed,
    EngineOptions,
    EngineRefused,
    EngineUnavailable,
    EngineUnreachable,
    Transcription,
    without_replacement_characters,
)
from notes.engines.hallucination_filter import is_worth_second_pass
from notes.engines.service_response import ServiceResponse, drop_hallucinations, read_json, read_text
from notes.sound.audio import SAMPLE_RATE

# Parameters for response formats, the most detailed first. The first one that a service accepts is used from then on.
FORMATS: tuple[dict[str, Any], ...] = (
    {"response_format": "verbose_json", "timestamp_granularities[]": ("word", "segment")},
    {"response_format": "verbose_json"},
    {"response_format": "json"},
    {"response_format": "text"},
)
FORMAT_REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
# Key, payment, address or model is wrong: notes wait until the operator has changed that.
OPERATOR_MUST_ACT = (301, 302, 303, 307, 308, 401, 402, 403, 404, 405, 407)
TRY_LATER = (408, 409, 425, 429)  # and all 5xx

BYTES_PER_UPLOAD = 25 * 1024 * 1024  # OpenAI's limit
# The encodings in which a recording is sent: container, codec, samples a second, bits a second. The first that is small
# enough is used: FLAC up to 20 minutes, Opus up to 100. In 729 words, tiny.en made 52 errors with FLAC, 58 with Opus.
UPLOADS = (("flac", "flac", 16_000, None), ("ogg", "libopus", 48_000, 32_000))
BYTES_PER_ANSWER = 16 * 1024 * 1024

CONNECT_SECONDS = 10
RESPONSE_SECONDS = 600  # for a response, when there is no deadline
LONGEST_PAUSE_SECONDS = 20  # up to this `Retry-After`, the request is sent once more after it
VOCABULARY_CHARACTERS = 600  # Whisper reads the last 224 tokens of a prompt

File = tuple[str, bytes, str]  # name, content, type


class OpenAIApi:
    name = "openai_api"

    def __init__(self, url: str, *, model: str, key: str = "") -> None:
        """Raises EngineUnavailable when the address cannot be used or there is no model."""
        self.model = model
        self._key = key
        self._format = 0
        try:
            self._address = ServiceAddress.parse(url)
        except BadAddress as error:
            raise EngineUnavailable(f"TRANSCRIPTION_API_URL {error}") from None
        self.destination = self._address.destination
        if not self.model:
            raise EngineUnavailable("TRANSCRIPTION_API_MODEL is not set")
        self._http = urllib3.PoolManager(retries=False)

    @classmethod
    def from_config(cls, config: EngineConfig) -> Self:
        return cls(config.api_url, model=config.api_model, key=config.api_key)

    def load(self) -> None:
        """There is nothing to load; an unreachable service is noticed with the first recording."""

    def transcribe(self, samples: NDArray[np.float32], options: EngineOptions = DEFAULT_OPTIONS) -> Transcription:
        started = time.monotonic()
        is_voiced = hears_voice(samples)
        answer = ServiceResponse()
        if is_voiced or is_worth_second_pass(samples):
            deadline = min(options.deadline, started + RESPONSE_SECONDS)
            answer = self._ask(as_file(samples), _fields(self.model, options.language, options.vocabulary), deadline)
        return Transcription(
            segments=tuple(without_replacement_characters(drop_hallucinations(answer, samples, is_voiced=is_voiced))),
            language=answer.language or options.language,
            engine=self.name,
            model=self.model,
            took_seconds=round(time.monotonic() - started, 3),
        )

    def _ask(self, sound: File, fields: list[tuple[str, str]], deadline: float) -> ServiceResponse:
        """Send the recording with one format after the other until one is accepted. Raises EngineError."""
        for number, format in enumerate(FORMATS[self._format :], start=self._format):
            status, answer = self._post_with_retry(sound, [*fields, *_pairs(format)], deadline)
            if status == HTTPStatus.OK:
                read = read_text(answer) if format["response_format"] == "text" else read_json(answer)
                self._format = number
                return read
            if status not in FORMAT_REFUSED:
                break
        raise _error_for(status)

    def _post_with_retry(self, sound: File, fields: list[tuple[str, str]], deadline: float) -> tuple[int, bytes]:
        status, answer, pause = self._post(sound, fields, deadline)
        if _is_temporary(status) and pause is not None and time.monotonic() + pause < deadline:
            time.sleep(pause)
            status, answer, _ = self._post(sound, fields, deadline)
        return status, answer

    def _post(self, sound: File, fields: list[tuple[str, str]], deadline: float) -> tuple[int, bytes, float | None]:
        """Status, body, and the seconds of `Retry-After`, None if there are none or too many. Raises EngineError."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded
        try:
            response = self._http.request(
                "POST",
                self._address.url("audio/transcriptions"),
                fields=[*fields, ("file", sound)],
                headers=self._headers(),
                timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=left),
                redirect=False,
                preload_content=False,
            )
            try:
                return response.status, _body(response, deadline), _pause(response.headers.get("Retry-After"))
            finally:
                response.close()
        except urllib3.exceptions.ReadTimeoutError as error:
            raise DeadlineExceeded from error
        except urllib3.exceptions.SSLError as error:
            raise EngineUnavailable("the service's certificate is not trusted") from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise EngineUnreachable(type(error).__name__) from error

    def _headers(self) -> dict[str, str]:
        authorization = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return {"Accept": "application/json, text/plain"} | authorization


def hears_voice(samples: NDArray[np.float32]) -> bool:
    """Whether voice detection finds a voice."""
    from faster_whisper.vad import get_speech_timestamps  # takes a second to import, and only workers need it

    return bool(get_speech_timestamps(samples)) if len(samples) else False


def as_file(samples: NDArray[np.float32]) -> File:
    """The samples in the first encoding of UPLOADS that is small enough. Raises EngineRefused if none is."""
    for container, codec, rate, bit_rate in UPLOADS:
        sound = _encoded(samples, container, codec, rate, bit_rate)
        if len(sound) <= BYTES_PER_UPLOAD:
            return f"note.{container}", sound, f"audio/{container}"
    raise EngineRefused("the recording is too long for one upload")


def _encoded(samples: NDArray[np.float32], container: str, codec: str, rate: int, bit_rate: int | None) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        options = {"b": str(bit_rate)} if bit_rate else {}
        stream = cast("av.AudioStream", output.add_stream(codec, rate=rate, layout="mono", options=options))
        resampler = av.AudioResampler(stream.codec_context.format.name, "mono", rate, frame_size=rate // 50)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        for converted in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(converted))
        output.mux(stream.encode(None))
    return file.getvalue()


def _fields(model: str, language: str, vocabulary: Sequence[str]) -> list[tuple[str, str]]:
    prompt, room = [], VOCABULARY_CHARACTERS
    for name in vocabulary:
        room -= len(name) + 2
        if room < 0:
            break
        prompt.append(name)
    asked = {"model": model, "language": language, "prompt": ", ".join(prompt)}
    return [(name, value) for name, value in asked.items() if value]


def _pairs(format: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, values in format.items():
        for value in (values,) if isinstance(values, str) else values:
            yield name, value


def _body(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The body. Raises DeadlineExceeded when it comes too slowly, and EngineFailed when it is too long."""
    blocks, size = [], 0
    while block := response.read1(2**16, decode_content=True):
        blocks.append(block)
        size += len(block)
        if size > BYTES_PER_ANSWER:
            raise EngineFailed("the answer is too long")
        if time.monotonic() > deadline:
            raise DeadlineExceeded
    return b"".join(blocks)


def _pause(retry_after: str | None) -> float | None:
    try:
        seconds = float(retry_after or "nothing")
    except ValueError:
        return None  # a date, or nothing
    return seconds if 0 <= seconds <= LONGEST_PAUSE_SECONDS else None


def _is_temporary(status: int) -> bool:
    return status in TRY_LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _error_for(status: int) -> Exception:
    if status in OPERATOR_MUST_ACT:
        return EngineUnavailable(f"the service answers {status}; see TRANSCRIPTION_API_URL, _KEY and _MODEL")
    return EngineUnreachable(str(status)) if _is_temporary(status) else EngineRefused(str(status))
