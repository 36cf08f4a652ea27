"""The command that runs the web server and the transcription worker, and restarts them when they end."""

import contextlib
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connections

from config import embedded_database
from config.demo.data import STAFF
from config.static_files import collect_changed

# Seconds after SIGTERM in which a part may end by itself; django-q2 sometimes does not. Docker kills after 10.
GRACE_SECONDS = 8
# Seconds to wait for a database that starts at the same time, as in compose.yaml.
DATABASE_SECONDS = 30
# Seconds between two checks of the parts, and between two sweeps of notes without a worker.
LOOK_SECONDS = 0.5
SWEEP_SECONDS = 15
# Seconds after its start in which a worker does not count as stuck, because it may be downloading its model.
WORKER_START_SECONDS = 300
# Seconds for which one request waits for the web server, which loads its code first.
ANSWER_SECONDS = 60
# Seconds from the start of a part after which it may be started again.
RESTART_PAUSE_SECONDS = 2


class Part:
    """A child process, the web server or the worker, with the processes that it starts itself."""

    process: subprocess.Popen[bytes]  # after `start`
    started_at: float  # time.monotonic()

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command

    def start(self) -> None:
        # In a session of its own, so that Ctrl-C in the terminal reaches only this command, which ends the parts.
        self.process = subprocess.Popen(self.command, cwd=settings.BASE_DIR, start_new_session=True)
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process.poll() is None

    def is_older_than(self, seconds: float) -> bool:
        return time.monotonic() - self.started_at > seconds

    def restart(self) -> None:
        """Start it again. Processes that it has left behind are killed first, so that they do not go on working."""
        self._kill_group()
        self.start()

    def stop(self) -> None:
        if self.is_running():
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Wait until it has ended, at most until the monotonic time `until`, then kill its process group."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
        self._kill_group()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Command(BaseCommand):
    help = "Prepare the database and static files, then run the web server and the transcription worker until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--only", choices=["web", "worker"], help="run one part; the other runs elsewhere")
        parser.add_argument("--no-prepare", action="store_true", help="skip migrations, static files and demo data")

    def handle(self, *, only, no_prepare, **options):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self._get_ready(only, no_prepare)
        except KeyboardInterrupt:
            raise CommandError("Stopped before Roomtone was ready.") from None
        self._stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        parts = [part for name, part in _parts().items() if only in (None, name)]
        for part in parts:
            part.start()
        answers = _when_web_answers() if only != "worker" else None
        try:
            self._watch(parts, sweeping=only != "web", answers=answers)
        finally:
            self._end(parts)

    def _get_ready(self, only, no_prepare):
        if only != "worker":
            _refuse_taken_port()
        _wait_for_database()
        if not no_prepare:
            self._prepare(web=only != "worker")

    def _prepare(self, *, web):
        call_command("migrate", verbosity=0, interactive=False)
        if web:
            collect_changed()
        if settings.DEMO:
            call_command("seed_demo", if_empty=True, verbosity=0)

    def _greet(self):
        self.stdout.write(self.style.SUCCESS(f"Roomtone is at http://{_address()}/"))
        account = settings.VAR_DIR / "demo-account"
        if settings.DEMO and account.exists():
            name, password = account.read_text().split()
            self.stdout.write(f"Sign in as:  {name}")
            user = get_user_model().objects.filter(username=name).first()
            if user and user.check_password(password):  # not if it was changed on the page
                self.stdout.write(f"Password:    {password}")
                others = ", ".join(f"{name} ({role})" for name, _, _, role in STAFF[1:])
                self.stdout.write(f"With the same password: {others}.")
        self.stdout.write("Ctrl-C ends it.")
        self.stdout.flush()

    def _watch(self, parts, *, sweeping, answers):
        """Keep the parts running until the end. Says where Roomtone is once the event `answers` is set."""
        next_sweep = time.monotonic()
        while not self._stopping:
            if answers and answers.is_set():
                self._greet()
                answers = None
            self._keep_database_up()
            for part in parts:
                if not part.is_running() and part.is_older_than(RESTART_PAUSE_SECONDS):
                    self.stderr.write(f"The {part.name} ended ({part.process.returncode}); starting it again.")
                    part.restart()
            if sweeping and time.monotonic() >= next_sweep:
                next_sweep = time.monotonic() + SWEEP_SECONDS
                self._sweep(parts)
            time.sleep(LOOK_SECONDS)

    def _keep_database_up(self):
        """Start the embedded database server again if it has died."""
        try:
            if embedded_database.revive():
                self.stderr.write("The database had ended; it is started again.")
        except Exception as error:  # such as a full disk; the next check tries again
            self.stderr.write(f"The database could not be started again ({type(error).__name__}); trying again.")

    def _sweep(self, parts):
        """Enqueue notes again that no worker works on. Restart the worker if it starts none of the waiting notes."""
        try:
            is_stuck = call_command("sweep_notes", verbosity=0, stdout=io.StringIO()) == "stuck"
        except Exception as error:  # such as a lost connection to the database; the web server must go on
            self.stderr.write(f"The sweep of notes failed ({type(error).__name__}); trying again.")
            connections.close_all()
            return
        for part in parts:
            if is_stuck and part.name == "worker" and part.is_older_than(WORKER_START_SECONDS):
                self.stderr.write("The transcription worker is stuck; starting it again.")
                part.stop()
                part.wait(time.monotonic() + GRACE_SECONDS)

    def _stop(self, number, frame):
        self._stopping = True

    def _end(self, parts):
        for part in parts:
            part.stop()
        until = time.monotonic() + GRACE_SECONDS
        for part in parts:
            part.wait(until)
        self.stdout.write("\nRoomtone has ended.")


def _wait_for_database():
    """Wait until the database accepts connections. Raises CommandError after DATABASE_SECONDS."""
    until = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            connections["default"].ensure_connection()
        except OperationalError as error:
            if time.monotonic() > until:
                where = connections["default"].settings_dict
                reason = str(error).strip().splitlines()[0]
                raise CommandError(f"The database at {where['HOST']} cannot be used: {reason}") from None
            time.sleep(LOOK_SECONDS)
        else:
            return


def _parts():
    return {
        "web": Part("web", [
            sys.executable, "-m", "gunicorn", "config.wsgi",
            "--bind", _address(),
            "--workers", str(settings.WEB_WORKERS),
            "--worker-class", "config.gunicorn_worker.Worker",
            "--threads", str(settings.WEB_THREADS),
            "--timeout", "60",
            "--log-level", "warning",
            "--no-control-socket",
        ]),
        "worker": Part("worker", [sys.executable, "manage.py", "qcluster"]),
    }  # fmt: skip


def _address():
    return f"{settings.HOST}:{settings.PORT}"


def _when_web_answers():
    """An event that is set when the web server has answered a request."""
    answers = threading.Event()
    threading.Thread(target=_ask_web, args=[answers], daemon=True).start()
    return answers


def _ask_web(answers):
    while not answers.is_set():
        connection = http.client.HTTPConnection(_own_host(), settings.PORT, timeout=ANSWER_SECONDS)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/healthz")
            connection.getresponse()
            answers.set()
        answers.wait(LOOK_SECONDS)


def _own_host():
    """The host by which this machine reaches its own web server."""
    return "127.0.0.1" if settings.HOST == "0.0.0.0" else settings.HOST  # noqa: S104  compared, and not listened on


def _refuse_taken_port():
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            message = f"Cannot listen on {_address()}: {error.strerror}. Set PORT to another number, such as PORT=8001."
            raise CommandError(message) from None
