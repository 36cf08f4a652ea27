"""The child processes of `serve`, and a database that is away."""

import os
import subprocess
import sys

import psutil

from config.management.commands.serve import Part
from tests.server import ROOT

PARENT_AND_CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import signal; signal.pause()'])"


def test_what_a_killed_part_left_behind_is_ended_before_it_is_started_again():
    part = Part("worker", [sys.executable, "-c", PARENT_AND_CHILD])
    part.start()
    orphans = []
    while not orphans:
        orphans = psutil.Process(part.process.pid).children()
    part.process.kill()
    part.process.wait()

    part.restart()

    _, alive = psutil.wait_procs(orphans, timeout=10)
    assert all(process.status() == psutil.STATUS_ZOMBIE for process in alive)  # nobody collects them here
    assert part.is_running()
    part.wait(0)


def test_a_database_that_is_away_is_said_in_one_line(tmp_path):
    code = (
        "import django; django.setup(); from config.management.commands import serve; serve.DATABASE_SECONDS = 0;"
        "from django.core.management import execute_from_command_line as run; run(['manage.py', 'serve', *{args}])"
    )
    environment = os.environ | {
        "DATABASE_URL": "postgres://roomtone@127.0.0.1:1/roomtone",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PORT": "0",
        "VAR_DIR": str(tmp_path),
    }
    for args in (["--only", "web"], ["--only", "worker", "--no-prepare"]):
        ended = subprocess.run(
            [sys.executable, "-c", code.format(args=args)], cwd=ROOT, env=environment, capture_output=True, text=True
        )

        assert ended.returncode != 0
        assert "The database at 127.0.0.1 cannot be used" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert len(ended.stderr.splitlines()) == 1
