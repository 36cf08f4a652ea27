from django.core.management import BaseCommand
from django.utils import timezone

from notes.erasure import orphans


class Command(BaseCommand):
    help = (
        "Find files of audio that belong to no note and are older than a day, as a crash or a restored backup leaves "
        "them. Says which; deletes them with --delete."
    )

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help="delete them for good")

    def handle(self, *, delete, verbosity, **options):
        count = 0
        for name in orphans.orphans(timezone.now()):
            count += 1
            if delete:
                orphans.delete(name)
            self.stdout.write(name)
        if verbosity:
            files = "file belongs" if count == 1 else "files belong"
            self.stderr.write(f"{count} {files} to no note{' any more; deleted' if delete and count else ''}.")
