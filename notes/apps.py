import datetime as dt

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate

# UTC. Any hour will do; in this one few people speak.
EXPIRY_HOUR = 3
FILES_EVERY_MINUTES = 15


class NotesConfig(AppConfig):
    name = "notes"

    def ready(self):
        from django_q.signals import post_spawn

        from notes import slots
        from notes.checks import the_speech_engine_is_set

        slots.register()

        register(the_speech_engine_is_set)
        post_spawn.connect(warm_up, dispatch_uid="notes.warm_up")
        post_migrate.connect(schedule_retention, sender=self)


def warm_up(**kwargs):
    """Have a child load the model while a fresh worker waits for its first task; each has one of its own."""
    from notes.speech import get_transcriber

    get_transcriber().start()


def schedule_retention(**_):
    """Each night what was kept long enough is erased; files that could not be deleted are tried again and again."""
    from django.utils import timezone
    from django_q.models import Schedule

    tonight = (timezone.now() + dt.timedelta(days=1)).replace(hour=EXPIRY_HOUR, minute=0, second=0, microsecond=0)
    daily = {"func": "notes.tasks.expire", "schedule_type": Schedule.DAILY}
    Schedule.objects.update_or_create(
        name="expire notes", defaults=daily, create_defaults=daily | {"next_run": tonight}
    )
    often = {"func": "notes.tasks.delete_files", "schedule_type": Schedule.MINUTES, "minutes": FILES_EVERY_MINUTES}
    Schedule.objects.update_or_create(name="delete erased files", defaults=often)
