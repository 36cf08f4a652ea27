"""The child: decodes and listens in a process of its own, which may break, hang or grow without harm to its worker.

Requests come by stdin and answers leave by a pipe that nothing else knows: what libraries print spoils neither.
When stdin ends the worker is gone, and so is the child, in the middle of its work or not.
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
from notes.transcriber.messages import Message, from_decoded, from_error, from_heard, pack, to_request, unpack

logger = logging.getLogger("notes.transcriber")


def main(*, answers: int, parent: int, memory: int) -> None:
    """Serve requests until stdin ends; its first line is the configuration, which may hold a key.

    `answers` is the pipe's number, `parent` the worker's process id, `memory` the most bytes of address space.
    """
    die_with(parent)
    limit(memory)
    faulthandler.enable()  # says where native code broke: names of functions, and nothing that was said
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
        os._exit(1)  # native libraries are known to hang when Python takes its leave of them
    answer({"is_ready": True})
    gc.collect()
    gc.freeze()  # what stays for ever is not looked through after each recording
    while True:
        answer(_transcribe(transcriber, unpack(requests.get()), answer))
        gc.collect()


def _transcribe(transcriber: Transcriber, request: Message, answer: Callable[[Message], None]) -> Message:
    try:
        heard = transcriber.transcribe(
            to_request(request),
            on_decoded=lambda decoded: answer(from_decoded(decoded)),
            on_progress=lambda seconds: answer({"progress": seconds}),
        )
    except Exception as error:
        return from_error(error)
    return from_heard(heard)


def _requests() -> "queue.SimpleQueue[bytes]":
    """Lines of stdin, which is watched also while we work."""
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            requests.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return requests
