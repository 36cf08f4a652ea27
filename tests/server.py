"""A running Roomtone for tests and benchmarks: database, web server and worker under `manage.py serve`."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

import psutil

ROOT = Path(__file__).resolve().parent.parent
# Seconds until a fresh server answers: initdb, migrations and collecting static files on two busy cores.
START_SECONDS = 240
# Static files that an earlier server collected: comparing them is quicker than compressing them again.
COLLECTED = ROOT / "var" / "collected-for-tests"
# A database as the migrations leave it, by what they say.
MIGRATED = ROOT / "var" / "migrated-for-tests"
NOT_INHERITED = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")


class RunningServer:
    """Context manager. `var` is its folder (empty or of an earlier run); `environment` overrides settings."""

    def __init__(self, var, **environment):
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.var = Path(var)
        self.static = self.var / "static"
        self.log = self.var / "serve.log"
        self._shell = None
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        self.environment = (
            inherited
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
        self._copy_migrated_database()
        with _shared_files():
            if COLLECTED.exists() and not self.static.exists():
                shutil.copytree(COLLECTED, self.static)
        self.start()
        with _shared_files():
            shutil.copytree(self.static, COLLECTED, dirs_exist_ok=True)
        return self

    def _copy_migrated_database(self):
        """A copy of a database that has all migrations, which is quicker than to run them again."""
        database = self.var / "postgres"
        if database.exists() or "DATABASE_URL" in self.environment:
            return
        with _shared_files():
            model = MIGRATED / _migrations()
            if not model.exists():
                shutil.rmtree(MIGRATED, ignore_errors=True)
                self.manage("migrate", "-v0")  # its server ends with it
                _copy(database, model)
            else:
                _copy(model, database)

    def __exit__(self, *exc):
        self.stop()

    def start(self):
        """Everything: database, web server, worker. Returns when it answers."""
        with self.log.open("a") as log:
            self.process = self._popen("manage.py", "serve", stdout=log, stderr=subprocess.STDOUT)
        self.wait_until_it_answers()

    def stop(self, number=signal.SIGTERM):
        """By a signal; returns the exit status."""
        self._end_shell()  # the database ends with its last user
        self.process.send_signal(number)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def kill(self):
        """As a power cut would, but for the database, which has its own test."""
        for process in [serve := psutil.Process(self.process.pid), *serve.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()

    def run(self, script):
        """Run Python as `manage.py shell` does and return what it printed; raises RuntimeError with its traceback."""
        if self._shell is None:
            self._shell = self._popen("-m", "tests.shell", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._shell.stdin.write(json.dumps(script) + "\n")
        self._shell.stdin.flush()
        printed, trouble = json.loads(self._shell.stdout.readline())
        if trouble:
            raise RuntimeError(trouble)
        return printed

    def _end_shell(self):
        if self._shell:
            self._shell.communicate()
            self._shell = None

    def manage(self, *arguments):
        """Run `manage.py` against this server and return what it printed; raises RuntimeError with its errors."""
        process = self._popen("manage.py", *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out, errors = process.communicate()
        if process.returncode:
            raise RuntimeError(errors)
        return out

    def _popen(self, *arguments, **options):
        return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=self.environment, **options)

    def make_user(self, username="lena", password="the-night-desk-9"):
        """A member of staff who can sign in; returns (username, password)."""
        script = (
            "from accounts.models import User;"
            f"User.objects.create_superuser({username!r}, password={password!r}, first_name='Lena', last_name='Moreau')"
        )
        self.run(script)
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


def _migrations():
    digest = hashlib.sha256()
    others = [ROOT / "config" / "embedded_database.py", ROOT / "requirements.txt"]
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), *others]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _copy(source, target):
    """Owners too, which Python's own copying forgets; whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    subprocess.run(["cp", "-a", source, partial], check=True)
    (partial / ".handle_pids.json").unlink(missing_ok=True)  # who uses the original
    partial.rename(target)


@contextmanager
def _shared_files():
    """A lock on the files that servers share: several test processes start servers at the same time."""
    COLLECTED.parent.mkdir(exist_ok=True)
    with COLLECTED.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
