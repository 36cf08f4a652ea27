from django.core.management import BaseCommand

from config import clock
from notes.sweep import sweep


class Command(BaseCommand):
    help = (
        "Bring back voice notes that nobody works on any more. `serve` does this every 15 seconds; where the worker "
        'runs without `serve`, let a timer do it each minute. Says "stuck" when notes wait and the worker starts none.'
    )

    def handle(self, *, verbosity, **options):
        swept = sweep(clock.read())
        if verbosity:
            notes = "note" if swept.requeued == 1 else "notes"
            self.stdout.write(f"{swept.requeued} {notes} queued again, {swept.given_up} given up.")
        return "stuck" if swept.is_stuck else ""
