#!/usr/bin/env python
"""Django's command-line entry point for Roomtone."""

import os
import sys
import warnings

from config.provisioning import provision

# Commands that look at the code alone, unless they are given a --database. All others find a secret key, and the
# embedded database unless DATABASE_URL names another.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "help",
    "makemigrations",
    "spectacular",
    "startapp",
    "version",
}
HELP = {"-h", "--help", "--version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    arguments = sys.argv[1:] or ["help"]
    needs_database = arguments[0] not in WITHOUT_DATABASE or any(each.startswith("--database") for each in arguments)
    if needs_database and HELP.isdisjoint(arguments):
        provision()
    else:
        # makemigrations compares the history of a database, where one answers.
        warnings.filterwarnings("ignore", "Got an error checking a consistent migration history", RuntimeWarning)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
