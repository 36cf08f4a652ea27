"""The main function of the transcription subprocess, which may crash, hang or run out of memory without its worker.

Requests come by stdin. Answers go through a pipe of their own, because libraries may print to stdout. When stdin ends,
the worker is gone, and the subprocess exits at once, even in the middle of its work.
"""

import faulthandler
import gc
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable

from notes.engines import make_engine
from notes.engines.base import EngineConfig
from notes.transcriber import pauses
from notes.transcriber.base import Transcriber
from notes.transcriber.confinement import die_with, limit
from notes.transcriber.in_process import InProcessTranscriber
from notes.transcriber.messages import Message, from_decoded, from_error, from_transcribed, pack, to_request, unpack

logger = logging.getLogger("notes.transcriber")


def main(*, answers: int, parent: int, memory: int) -> None:
    """Serve requests until stdin ends. Its first line is the configuration, whose key `ps` must not show.

    `answers` is the file descriptor of the pipe, `parent` the worker's process id, `memory` the limit of the address
    space in bytes.
    """
    die_with(parent)
    limit(memory)
    faulthandler.enable()  # prints where native code crashed: names of functions, and nothing that was said
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    requests = _requests()
    pipe = os.fdopen(answers, "wb")

    def answer(message: Message) -> None:
        pipe.write(pack(message))
        pipe.flush()

    _serve(requests, answer)


def _serve(requests: "queue.SimpleQueue[bytes]", answer: Callable[[Message], None]) -> None:
    config = unpack(requests.get())
    try:
        transcriber = InProcessTranscriber(make_engine(EngineConfig(**config["engine"])), pace=config["pace"])
        transcriber.load()
        pauses.load()
    except Exception as error:
        logger.error("Voice notes wait, because no speech model could be loaded: %s", error)
        answer(from_error(error))
        os._exit(1)  # native libraries are known to hang in a normal exit of Python
    answer({"is_ready": True})
    gc.collect()
    gc.freeze()  # the model is not collected again after each recording
    while True:
        answer(_transcribe(transcriber, unpack(requests.get()), answer))
        gc.collect()


def _transcribe(transcriber: Transcriber, request: Message, answer: Callable[[Message], None]) -> Message:
    try:
        transcribed = transcriber.transcribe(
            to_request(request),
            on_decoded=lambda decoded: answer(from_decoded(decoded)),
            on_progress=lambda seconds: answer({"progress": seconds}),
        )
    except Exception as error:
        return from_error(error)
    return from_transcribed(transcribed)


def _requests() -> "queue.SimpleQueue[bytes]":
    """A queue of the lines of stdin. A thread reads them, so that the end of stdin is seen during work, too."""
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            requests.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return requests
