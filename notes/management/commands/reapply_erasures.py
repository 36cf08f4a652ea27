from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from config import clock
from notes.erasure import erasing, reports, retention


class Command(BaseCommand):
    help = (
        "After a backup was restored: erase again what was erased since it was made, as the reports say, and what "
        "has been kept long enough. Harmless to repeat. Ends with an error when a report cannot be read."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            nargs="?",
            default=settings.ERASURE_LIST,
            type=Path,
            help="JSON, as the page of reports lets you save it; default: the list beside the database, %(default)s",
        )

    def handle(self, *, file, verbosity, **options):
        found = unread = 0
        for line in self._lines(file):
            try:
                erasure, keys = reports.read(line)
            except ValueError:
                unread += 1
                continue
            found += erasing.reapply(erasure=erasure, keys=keys)
        while retention.expire(clock.now()):
            pass
        if verbosity:
            self.stdout.write(f"{found} note{'' if found == 1 else 's'} erased again.")
        if unread:
            raise CommandError(f"{unread} of the reports could not be read; what they name may still be there.")

    def _lines(self, file):
        try:
            return reports.split(file.read_text())
        except (OSError, ValueError):
            raise CommandError(f"{file} cannot be read as reports of erasures.") from None
