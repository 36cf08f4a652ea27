"""A worker's side of the child process that listens for it.

Native code that reads what strangers recorded may crash, hang, or eat all memory. It then takes down the child and
nothing else; the worker says why, and has a new child.
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
from notes.transcriber.messages import Message, from_request, pack, to_decoded, to_error, to_heard, unpack

# Seconds that a recording waits for a model that is still being loaded or fetched, before it goes back to the queue.
LOAD_SECONDS = 60
# After a model could not be loaded, this long nobody tries again.
REST_SECONDS = 30
# Work before the length of the sound is known, in seconds for each second that there may be at most; it takes 0.005.
DECODING_PACE = 0.05
# An engine that ends by itself when its time is over saves us a new child.
GRACE_SECONDS = 1
# While the child works without a word, `on_progress` is called that often all the same.
ALIVE_SECONDS = 5


class SubprocessTranscriber:
    """One process, kept warm from recording to recording; to be used by one thread, and by no process but its own."""

    def __init__(self, config: TranscriberConfig) -> None:
        self._config = config
        self._process: _ChildProcess | None = None
        self._trouble = ""
        self._rests_until = 0.0

    def start(self) -> "_ChildProcess":
        """Let it get ready, without waiting for that."""
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
        """As a Transcriber does. Raises EngineCrashed, EngineOutOfMemory or DeadlineExceeded when it killed it."""
        process = self._ready(until=min(request.deadline, time.monotonic() + LOAD_SECONDS))
        try:
            answer = _ask(process, request, self._config.pace, on_decoded, on_progress)
            heard = to_heard(answer) if "heard" in answer else None
        except BaseException:  # the queue's own alarm is none of the usual exceptions
            self._replace()  # nobody waits any more for what it is doing
            raise
        if "heard" in answer:
            return heard
        error = to_error(answer)
        if isinstance(error, EngineOutOfMemory | EngineCrashed):
            self._replace()
        raise error

    def _ready(self, *, until: float) -> "_ChildProcess":
        """Raises EngineUnavailable: while there is no model, that is no recording's fault."""
        if time.monotonic() < self._rests_until:
            raise EngineUnavailable(self._trouble)
        process = self.start()
        try:
            process.get_ready(until)
        except DeadlineExceeded:
            raise EngineUnavailable("the model is still being loaded") from None
        except EngineError as error:
            self.stop()
            self._trouble, self._rests_until = str(error), time.monotonic() + REST_SECONDS
            raise EngineUnavailable(self._trouble) from error
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
    process.send(from_request(request))
    until = time.monotonic() + HEAD_START_SECONDS + DECODING_PACE * request.max_seconds
    tell, done = on_progress or _nobody, request.start
    while True:
        message = _next(process, min(request.deadline, until) + GRACE_SECONDS, partial(tell, done))
        if "decoded" in message:
            decoded = to_decoded(message)
            until = time.monotonic() + allowance(decoded.end - decoded.start, pace)
            if on_decoded:
                on_decoded(decoded)
        elif "progress" in message:
            tell(done := message["progress"])
        else:
            return message


def _nobody(seconds: float) -> None:
    """Is told."""


def _next(process: "_ChildProcess", until: float, wait: Callable[[], None]) -> Message:
    """The next message. Large models are silent for minutes; `wait` is called every few seconds meanwhile."""
    while True:
        try:
            return process.receive(min(until, time.monotonic() + ALIVE_SECONDS))
        except DeadlineExceeded:
            if time.monotonic() >= until:
                raise
            wait()


class _ChildProcess:
    def __init__(self, config: TranscriberConfig) -> None:
        self._answers, theirs = os.pipe()
        memory = address_space(config.memory_mib)
        try:
            self._popen = subprocess.Popen(
                command("notes.transcriber.child_process", answers=theirs, memory=memory),
                cwd=ROOT,
                env=environment(),
                pass_fds=[theirs],
                start_new_session=True,  # a group of its own, that can be killed with whatever it started
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
            )
        finally:
            os.close(theirs)
        self._requests = cast("IO[bytes]", self._popen.stdin)
        self._is_ready = False
        self._unread = b""
        with contextlib.suppress(BrokenPipeError):  # whoever waits for it to be ready learns why
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
        """Raises DeadlineExceeded while it is loading, and why it could not."""
        if not self._is_ready:
            message = self.receive(until)
            if "is_ready" not in message:
                raise to_error(message)
            self._is_ready = True

    def send(self, message: Message) -> None:
        try:
            self._write(message)
        except BrokenPipeError:
            raise self._cause_of_death() from None

    def _write(self, message: Message) -> None:
        self._requests.write(pack(message))
        self._requests.flush()

    def receive(self, until: float) -> Message:
        """The next message. Raises DeadlineExceeded at `until`, a `time.monotonic()`, and why there will be none."""
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
            raise self._cause_of_death()
        return data

    def _cause_of_death(self) -> EngineError:
        try:
            status = self._popen.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return EngineCrashed("it stopped talking")
        if status == -signal.SIGKILL:  # not by us, who did not wait for an answer then
            return EngineOutOfMemory("killed")
        return EngineCrashed(signal.Signals(-status).name if status < 0 else f"status {status}")
