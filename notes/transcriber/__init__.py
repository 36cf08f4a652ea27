"""From recordings to text, in a child process that may break."""

import functools
import os

from notes.transcriber.subprocess_transcriber import SubprocessTranscriber


def get_transcriber() -> SubprocessTranscriber:
    """The one of this process."""
    return _child(os.getpid())


@functools.cache
def _child(pid: int) -> SubprocessTranscriber:
    """Not one that was there before a fork: two would talk to the same child."""
    return SubprocessTranscriber()
