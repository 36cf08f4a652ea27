"""A whole Roomtone of its own for tests and benchmarks: database, web server and worker under `manage.py serve`."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parent.parent
# Seconds until a fresh house answers: initdb, migrations and collecting static files on two busy cores.
START_SECONDS = 120
# What the last house collected. The next one looks whether it is still true, which is quicker than compressing again.
COLLECTED = ROOT / "var" / "collected-for-tests"
NOT_INHERITED = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")


class House:
    """Context manager. `var` is its folder (empty or of an earlier run); `environment` overrides settings."""

    def __init__(self, var, **environment):
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.var = Path(var)
        self.static = self.var / "static"
        self.log = self.var / "serve.log"
        kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        self.environment = (
            kept
            | {
                "VAR_DIR": str(self.var),
                "PORT": str(self.port),
                "HTTPS": "false",
                "DEMO": "false",
                "OFFLINE_PACK": "false",  # each page would fetch the pack once more
            }
            | {name: str(value) for name, value in environment.items()}
        )

    def __enter__(self):
        self.var.mkdir(parents=True, exist_ok=True)
        with _collected_files():
            if COLLECTED.exists() and not self.static.exists():
                shutil.copytree(COLLECTED, self.static)
        self.start()
        with _collected_files():
            shutil.copytree(self.static, COLLECTED, dirs_exist_ok=True)
        return self

    def __exit__(self, *exc):
        self.stop()

    def start(self):
        """Everything: database, web server, worker. Returns when it answers."""
        with self.log.open("a") as log:
            self.process = self._popen("serve", stdout=log, stderr=subprocess.STDOUT)
        self.wait_until_it_answers()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def manage(self, *arguments):
        """Run `manage.py` against this house and return what it printed; raises RuntimeError with its errors."""
        process = self._popen(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out, errors = process.communicate()
        if process.returncode:
            raise RuntimeError(errors)
        return out

    def _popen(self, *arguments, **options):
        return subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, **options)

    def make_user(self, username="lena", password="the-night-desk-9"):
        """A member of staff who can sign in; returns (username, password)."""
        script = (
            "from accounts.models import User;"
            f"User.objects.create_superuser({username!r}, password={password!r}, first_name='Lena', last_name='Moreau')"
        )
        self.manage("shell", "-c", script)
        return username, password

    def wait_until_it_answers(self):
        """Raises RuntimeError with the log when it ends, or takes longer than START_SECONDS."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        self.process.kill()
        raise RuntimeError(f"Roomtone did not start:\n{self.log.read_text()}")


@contextmanager
def _collected_files():
    """To oneself: houses of several test processes start at the same time."""
    COLLECTED.parent.mkdir(exist_ok=True)
    with COLLECTED.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
