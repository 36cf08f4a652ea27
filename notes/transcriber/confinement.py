"""The limits that a subprocess sets for itself before it reads files of unknown origin."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
# The kernel kills the process with the highest score first when memory runs out: a transcription, and not the database.
OOM_SCORE = "1000"


def die_with(parent: int) -> None:
    """Have this process killed when its parent, the process with that id, dies. Linux only; Ctrl+C is ignored, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # the parent died before prctl was called


def limit(memory: int) -> None:
    """Limit the address space to `memory` bytes, write no core dumps, and raise the OOM score."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold what was said
    with contextlib.suppress(ValueError, OSError):  # some systems have no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
