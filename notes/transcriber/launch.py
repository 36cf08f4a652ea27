"""The command line and environment of the subprocesses that read files of unknown origin."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
# The variables that a subprocess inherits: where programs, libraries, models and time zones are found, how many threads
# native code may use, how a model is downloaded. It gets no others, and so no keys and no passwords.
INHERITED = frozenset(
    {
        *("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"),
        *("LANG", "LANGUAGE", "TZ", "PYTHONTZPATH"),
        *("HF_HOME", "HF_ENDPOINT", "XDG_CACHE_HOME", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    }
)
INHERITED_PREFIXES = (
    *("LC_", "DYLD_", "HF_HUB_", "SSL_CERT_"),
    *("CUDA_", "NVIDIA_", "CT2_", "OMP_", "MKL_", "OPENBLAS_", "KMP_"),
)
# The subprocess ignores Python's environment variables (-I), and has the module search path of this process.
_BOOT = """
import json, sys
arguments = json.loads(sys.argv[1])
sys.path[:] = arguments.pop("path")
from importlib import import_module
import_module(arguments.pop("module")).main(**arguments)
"""


def command(module: str, **arguments: Any) -> list[str]:
    """A command line that calls `module.main(parent=…, **arguments)`. `ps` shows it, so it must hold no secrets."""
    path = [str(ROOT), *(folder for folder in sys.path if folder)]
    boot = {"path": path, "module": module, "parent": os.getpid()} | arguments
    return [sys.executable, "-I", "-c", _BOOT, json.dumps(boot)]


def environment() -> dict[str, str]:
    """The part of this process's environment that a subprocess inherits."""
    return {
        name: value for name, value in os.environ.items() if name in INHERITED or name.startswith(INHERITED_PREFIXES)
    }


def address_space(mib: int) -> int:
    """`mib` in bytes; for 0 the memory and swap of the machine, beyond which the kernel would kill any process."""
    return mib * 2**20 or psutil.virtual_memory().total + psutil.swap_memory().total
