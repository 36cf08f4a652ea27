"""Prints how much processor time pages take, for `docs/figures.md`: median milliseconds through the whole of Django.

    DEMO=true VAR_DIR=var python -m benchmarks.processor_time

`VAR_DIR` is that of a server that runs with demo data (`bin/run`), and has its embedded database. Pages are not
compressed here. To compare two builds, run it in turn in the folders of both.
"""

import statistics
import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from config import embedded_database
from config.database import database_settings

WARMING_UP, REPEAT = 3, 15
PAGES = {
    "Today": "/",
    "Reservations": "/reservations/",
    "Calendar": "/calendar/",
    "Notes": "/notes/",
    "New reservation": "/reservations/new/",
    "`/healthz`": "/healthz",
}


def main():
    connection.settings_dict |= database_settings(embedded_database.address(settings.VAR_DIR / "postgres"))
    settings.ALLOWED_HOSTS.append("testserver")
    client = Client()
    client.force_login(get_user_model().objects.get(username="lena"))
    for name, path in PAGES.items():
        taken = [_milliseconds(client, path) for _ in range(WARMING_UP + REPEAT)][WARMING_UP:]
        print(f"| {name} | {statistics.median(taken):.1f} |")


def _milliseconds(client, path):
    before = time.process_time()
    client.get(path)
    return (time.process_time() - before) * 1000


if __name__ == "__main__":
    main()
