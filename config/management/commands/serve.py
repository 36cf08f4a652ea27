"""Web server and transcription worker under one command that Ctrl-C ends cleanly."""

import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connections

from config import embedded_database
from config.static_files import collect_changed

# Seconds a part gets to end by itself after SIGTERM; django-q2 sometimes never does. Docker kills after 10.
GRACE_SECONDS = 8
# Seconds that a database of your own may take to come up, as it does beside us in compose.yaml.
DATABASE_SECONDS = 30
# Seconds between two looks at the parts and at notes nobody works on.
LOOK_SECONDS = 0.5
SWEEP_SECONDS = 15
# A worker that has just started may still be fetching its model; only an older one is taken for stuck.
WORKER_START_SECONDS = 300
# A part that dies at once is started again, but not in a tight loop.
RESTART_PAUSE_SECONDS = 2


class Part:
    """One child process: started, started again when it dies, ended."""

    process: subprocess.Popen[bytes]  # once it was started
    started_at: float  # time.monotonic()

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches only us, and we end the parts in order.
        self.process = subprocess.Popen(self.command, cwd=settings.BASE_DIR, start_new_session=True)
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process.poll() is None

    def is_older_than(self, seconds: float) -> bool:
        return time.monotonic() - self.started_at > seconds

    def restart(self) -> None:
        """What a killed part left behind goes first: its orphans would work on beside the new ones."""
        self._kill_group()
        self.start()

    def stop(self) -> None:
        if self.is_running():
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Wait for the end until the monotonic time `until`, then end the whole group by force."""
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
        if only != "worker":
            self._greet()
        try:
            self._watch(parts, sweeping=only != "web")
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
            if user and user.check_password(password):  # it can be changed in the app
                self.stdout.write(f"Password:    {password}")
        self.stdout.write("Ctrl-C ends it.")
        self.stdout.flush()

    def _watch(self, parts, *, sweeping):
        next_sweep = time.monotonic()
        while not self._stopping:
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
        """Nobody else looks after the embedded server."""
        try:
            if embedded_database.revive():
                self.stderr.write("The database had ended; it is started again.")
        except Exception as error:  # a full disk, say: the next look may do better
            self.stderr.write(f"The database could not be started again ({type(error).__name__}); trying again.")

    def _sweep(self, parts):
        """Bring lost notes back; a worker that starts nothing although notes wait is stuck, and is replaced."""
        try:
            is_stuck = call_command("sweep_notes", verbosity=0, stdout=io.StringIO()) == "stuck"
        except Exception as error:  # the database may be away for a moment; the desk must go on
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
    """One line says that it is away, instead of a traceback of each part."""
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


def _refuse_taken_port():
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            message = f"Cannot listen on {_address()}: {error.strerror}. Set PORT to another number, such as PORT=8001."
            raise CommandError(message) from None
