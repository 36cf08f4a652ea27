"""From recordings to text, in a child process that may break."""

import functools
import os

from notes.listening.child import Child


def get_listener() -> Child:
    """The one of this process."""
    return _child(os.getpid())


@functools.cache
def _child(pid: int) -> Child:
    """Not one that was there before a fork: two would talk to the same child."""
    return Child()
