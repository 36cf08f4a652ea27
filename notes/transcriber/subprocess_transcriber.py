"""The worker's side of the transcription subprocess.

Native code that decodes files of unknown origin may crash, hang, or use all memory. Only the subprocess dies then: the
worker records why, and starts a new one.
"""

import contextlib
import math
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import IO, cast

from notes.engines.base import (
    DeadlineExceeded,
    EngineCrashed,
    EngineError,
    EngineOutOfMemory,
    EngineUnavailable,
    Progress,
)
from notes.transcriber.base import (
    HEAD_START_SECONDS,
    DecodedAudio,
    TranscribedAudio,
    TranscriberConfig,
    TranscriptionRequest,
    allowance,
)
from notes.transcriber.launch import ROOT, address_space, command, environment
from notes.transcriber.messages import Message, from_request, pack, to_decoded, to_error, to_transcribed, unpack

# Seconds that a recording waits for a model that is being loaded or downloaded, before it goes back to the queue.
LOAD_SECONDS = 60
# Seconds after a model could not be loaded until it is tried again.
REST_SECONDS = 30
# The most seconds of decoding, before the length is known, for each second of the longest recording; measured: 0.005.
DECODING_PACE = 0.05
# Seconds after a deadline before the subprocess is killed: an engine that stops by itself needs no new subprocess.
GRACE_SECONDS = 1
# While the subprocess reports nothing, `on_progress` is called each time so many seconds have passed.
ALIVE_SECONDS = 5


class SubprocessTranscriber:
    """A Transcriber that keeps one subprocess with a loaded model for many recordings.

    It may be used by one thread only, and not after a fork.
    """

    def __init__(self, config: TranscriberConfig) -> None:
        self._config = config
        self._process: _ChildProcess | None = None
        self._load_error = ""
        self._may_load_at = 0.0  # a time.monotonic()

    def start(self) -> "_ChildProcess":
        """Start the subprocess unless it runs, and return it without waiting for its model."""
        if self._process is None or not self._process.is_alive():
            self.stop()
            self._process = _ChildProcess(self._config)
        return self._process

    def stop(self) -> None:
        if self._process:
            self._process.kill()
        self._process = None

    def load(self) -> None:
        self._ready(until=math.inf)

    def transcribe(
        self,
        request: TranscriptionRequest,
        *,
        on_decoded: Callable[[DecodedAudio], None] | None = None,
        on_progress: Progress | None = None,
    ) -> TranscribedAudio | None:
        """As `Transcriber.transcribe`. Also raises EngineUnavailable while the model is not loaded.

        The subprocess is replaced by a new one after EngineCrashed, EngineOutOfMemory and DeadlineExceeded of the
        worker's own clock, and when `on_decoded` or `on_progress` raises.
        """
        process = self._ready(until=min(request.deadline, time.monotonic() + LOAD_SECONDS))
        try:
            answer = _ask(process, request, self._config.pace, on_decoded, on_progress)
            transcribed = to_transcribed(answer) if "transcribed" in answer else None
        except BaseException:  # the task queue's timeout is not an Exception
            self._replace()  # nobody waits for its result any more
            raise
        if "transcribed" in answer:
            return transcribed
        error = to_error(answer)
        if isinstance(error, EngineOutOfMemory | EngineCrashed):
            self._replace()
        raise error

    def _ready(self, *, until: float) -> "_ChildProcess":
        """The subprocess, once its model is loaded; `until` is a `time.monotonic()`. Raises EngineUnavailable."""
        if time.monotonic() < self._may_load_at:
            raise EngineUnavailable(self._load_error)
        process = self.start()
        try:
            process.get_ready(until)
        except DeadlineExceeded:
            raise EngineUnavailable("the model is still being loaded") from None
        except EngineError as error:
            self.stop()
            self._load_error, self._may_load_at = str(error), time.monotonic() + REST_SECONDS
            raise EngineUnavailable(self._load_error) from error
        return process

    def _replace(self) -> None:
        self.stop()
        self.start()


def _ask(
    process: "_ChildProcess",
    request: TranscriptionRequest,
    pace: float,
    on_decoded: Callable[[DecodedAudio], None] | None,
    on_progress: Progress | None,
) -> Message:
    """Send the request, pass on what is decoded and how far the engine is, and return the last message."""
    process.send(from_request(request))
    until = time.monotonic() + HEAD_START_SECONDS + DECODING_PACE * request.max_seconds
    report, done = on_progress or (lambda seconds: None), request.start
    while True:
        message = _next(process, min(request.deadline, until) + GRACE_SECONDS, partial(report, done))
        if "decoded" in message:
            decoded = to_decoded(message)
            until = time.monotonic() + allowance(decoded.end - decoded.start, pace)
            if on_decoded:
                on_decoded(decoded)
        elif "progress" in message:
            report(done := message["progress"])
        else:
            return message


def _next(process: "_ChildProcess", until: float, on_silence: Callable[[], None]) -> Message:
    """The next message. Raises DeadlineExceeded at `until`, a `time.monotonic()`.

    `on_silence` is called every ALIVE_SECONDS: large models report nothing for minutes.
    """
    while True:
        try:
            return process.receive(min(until, time.monotonic() + ALIVE_SECONDS))
        except DeadlineExceeded:
            if time.monotonic() >= until:
                raise
            on_silence()


class _ChildProcess:
    def __init__(self, config: TranscriberConfig) -> None:
        self._answers, child_end = os.pipe()
        memory = address_space(config.memory_mib)
        try:
            self._popen = subprocess.Popen(
                command("notes.transcriber.child_process", answers=child_end, memory=memory),
                cwd=ROOT,
                env=environment(),
                pass_fds=[child_end],
                start_new_session=True,  # a process group of its own, to be killed with its children
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
            )
        finally:
            os.close(child_end)
        self._requests = cast("IO[bytes]", self._popen.stdin)
        self._is_ready = False
        self._unread = b""
        with contextlib.suppress(BrokenPipeError):  # `get_ready` raises the reason
            self._write({"engine": asdict(config.engine), "pace": config.pace})

    @property
    def pid(self) -> int:
        return self._popen.pid

    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        with contextlib.suppress(OSError):
            self._requests.close()
        os.close(self._answers)

    def get_ready(self, until: float) -> None:
        """Wait until the model is loaded. Raises DeadlineExceeded at `until`, or why it could not be loaded."""
        if not self._is_ready:
            message = self.receive(until)
            if "is_ready" not in message:
                raise to_error(message)
            self._is_ready = True

    def send(self, message: Message) -> None:
        try:
            self._write(message)
        except BrokenPipeError:
            raise self._exit_error() from None

    def _write(self, message: Message) -> None:
        self._requests.write(pack(message))
        self._requests.flush()

    def receive(self, until: float) -> Message:
        """The next message. Raises DeadlineExceeded at `until`, a `time.monotonic()`, or EngineError."""
        while b"\n" not in self._unread:
            self._unread += self._read(until)
        line, _, self._unread = self._unread.partition(b"\n")
        return unpack(line)

    def _read(self, until: float) -> bytes:
        poll, left = select.poll(), until - time.monotonic()
        poll.register(self._answers, select.POLLIN)
        if not poll.poll(None if left == math.inf else max(left, 0) * 1000):
            raise DeadlineExceeded
        data = os.read(self._answers, 2**16)
        if not data:
            raise self._exit_error()
        return data

    def _exit_error(self) -> EngineError:
        """The error that the exit status stands for."""
        try:
            status = self._popen.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return EngineCrashed("it stopped talking")
        if status == -signal.SIGKILL:  # by the kernel: after `kill` no answer is waited for
            return EngineOutOfMemory("killed")
        return EngineCrashed(signal.Signals(-status).name if status < 0 else f"status {status}")
