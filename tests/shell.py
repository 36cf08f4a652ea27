"""Runs scripts in the Django of a server, one after the other: `python -m tests.shell`, one JSON string a line.

Each is answered with a line of JSON: what it printed, and how it failed. To start Django for each script would take
seconds.
"""

import contextlib
import io
import json
import os
import sys
import traceback

import django

from config.provisioning import provision


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    provision()
    django.setup()
    from django.core.management.commands.shell import Command
    from django.db import connections

    answers = sys.stdout
    for line in sys.stdin:
        printed, trouble = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(printed):
                exec(json.loads(line), Command().get_namespace())
        except Exception:
            trouble = traceback.format_exc()
        connections.close_all()  # tests kill the database
        answers.write(json.dumps([printed.getvalue(), trouble]) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
