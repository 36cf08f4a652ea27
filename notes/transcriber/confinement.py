"""What a process that reads strangers' files knows, and what it may take: said by its parent, and by itself."""

import contextlib
import ctypes
import os
import re
import resource
import signal
import sys
from pathlib import Path

import psutil
from django.conf import settings

from config.environment import BASE_DIR
from notes.engines import AT_HOME

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
# The first to go when the machine runs out of memory: rather a transcription than the database.
OOM_SCORE = "1000"
# What the child is told of our settings.
PASSED_ON = ("TRANSCRIPTION_", "WHISPER_")
# What it has of our environment: where programs, libraries, models and time zones are found, how many threads native
# code may use, how a model is fetched. It reads what strangers sent, so keys and passwords are none of its business.
INHERITED = re.compile(
    r"PATH|HOME|LANG|LANGUAGE|LC_\w+|TZ|PYTHONTZPATH|TMPDIR|LD_LIBRARY_PATH|DYLD_\w+|VAR_DIR|DJANGO_SETTINGS_MODULE"
    r"|HF_HOME|HF_ENDPOINT|HF_HUB_\w+|XDG_CACHE_HOME|(?i:https?|no|all)_proxy|(?i:HTTPS?|NO|ALL)_PROXY"
    r"|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE"
    r"|CUDA_\w+|NVIDIA_\w+|CT2_\w+|OMP_\w+|MKL_\w+|OPENBLAS_\w+|KMP_\w+"
)
# Settings that would otherwise be made up or read from `.env`. Its database is nowhere: it needs none.
NOT_ITS_BUSINESS = {
    "READ_DOTENV": "false",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "SECRET_KEY": "none",
    "MEDIA_STORAGE": "local",
}


def modules() -> list[str]:
    """Where the child finds its modules: where we do, whatever its environment says."""
    return [str(BASE_DIR), *(folder for folder in sys.path if folder)]


def environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if INHERITED.fullmatch(name)}
    passed_on = {name: str(getattr(settings, name)) for name in dir(settings) if name.startswith(PASSED_ON)}
    if settings.TRANSCRIPTION_ENGINE in AT_HOME:
        passed_on.pop("TRANSCRIPTION_API_KEY", None)
    return inherited | passed_on | NOT_ITS_BUSINESS


def most_memory() -> int:
    """Bytes of address space. What is more than the machine has ends in its killing somebody."""
    most: int = settings.TRANSCRIPTION_MEMORY * 2**20
    return most or psutil.virtual_memory().total + psutil.swap_memory().total


def die_with(parent: int) -> None:
    """At once where the system can do that; else when stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # it was quicker


def limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold what was said
    with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
