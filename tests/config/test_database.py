"""The embedded server, from nothing, in a folder of its own."""

import os
import subprocess
import sys

import pytest

from tests.server import ROOT

FAILING = (
    "INSERT INTO reservations_guest (id, name, phone, email, language, remarks, version)"
    " SELECT 1, 'Zebedee Canary', '', '', '', '', 1 FROM generate_series(1, 2)"
)
SCRIPT = f"""
import django
from config.provisioning import provision
provision()
django.setup()
from django.core.management import call_command
from django.db import IntegrityError, connection
call_command("migrate", verbosity=0)
with connection.cursor() as cursor:
    try:
        cursor.execute("{FAILING}")
    except IntegrityError:
        pass
    cursor.execute("SELECT lower('É')")
    print(cursor.fetchone()[0])
"""


@pytest.mark.full
def test_it_starts_from_nothing_knows_letters_and_logs_no_names(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"VAR_DIR": str(tmp_path / "var"), "LC_ALL": "C", "DJANGO_SETTINGS_MODULE": "config.settings"}

    printed = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", SCRIPT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout.strip() == "é"
    log = (tmp_path / "var" / "postgres" / "log").read_text()
    assert "duplicate key value" in log
    assert "Zebedee" not in log
