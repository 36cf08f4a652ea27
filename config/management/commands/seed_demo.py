from django.core.management import BaseCommand, CommandError

from config.demo import seeding
from properties.models import Property


class Command(BaseCommand):
    help = "Fill an empty Roomtone with two hotels, four apartments, six weeks of stays and a few voice notes."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is data already")

    def handle(self, *, if_empty, verbosity, **options):
        if Property.objects.exists():
            if if_empty:
                return
            raise CommandError("There are properties already. Demo data goes into an empty database only.")
        self.stdout.write("Making demo data ...")
        name, password = seeding.seed()
        seeding.keep_account(name, password)
        if verbosity:
            self.stdout.write(f"Sign in as {name} with the password {password}")
