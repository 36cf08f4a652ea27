"""A whole Roomtone with some reservations in it, and the ways in: a program's token, a browser's session."""

import re
import tempfile
from contextlib import contextmanager
from pathlib import Path

from accounts.models import Scope
from tests.server import RunningServer

HERE = Path(__file__).parent
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "bare_settings",
    "PYTHONPATH": str(HERE / "server"),
    "TRANSCRIPTION_WORKERS": "1",
    "API_REQUESTS_PER_MINUTE": "1000000",  # counted as ever, and never too many
}
SEED = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT set_config('roomtone.count', %s, false)", ["{count}"])
    cursor.execute(open("{path}").read())
    cursor.execute("VACUUM (ANALYZE)")
"""
TOKEN = """
from accounts import tokens
from accounts.models import User
user = User.objects.get()
print("secret", tokens.issue(user=user, name="Benchmark", scopes={scopes!r}, actor=user)[1])
"""


@contextmanager
def open_server(count):
    """Yields (server, account, secret of a token) of a server with `count` reservations."""
    with tempfile.TemporaryDirectory(prefix="roomtone-") as folder, RunningServer(folder, **SETTINGS) as server:
        account = server.make_user()
        server.run(SEED.format(count=count, path=HERE / "seed.sql"))
        printed = server.run(TOKEN.format(scopes=Scope.values))
        yield server, account, re.search(r"secret (\S+)", printed)[1]


def make_flats(server, count):
    """Keys of apartments in which nobody stays."""
    script = f"from tests.factories import *; print('keys', *(make_apartment().pk for _ in range({count})))"
    return [int(key) for key in re.search(r"keys ([\d ]+)", server.run(script))[1].split()]
