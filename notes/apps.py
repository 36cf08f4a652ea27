from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate

from config import task_queue
from notes.queue import EXPIRE

# UTC. Any hour will do; in this one few people speak.
EXPIRY_HOUR = 3
FILES_EVERY_MINUTES = 15


class NotesConfig(AppConfig):
    name = "notes"

    def ready(self):
        from notes import slots
        from notes.checks import the_speech_engine_is_set

        slots.register()

        register(the_speech_engine_is_set)
        task_queue.on_worker_start(warm_up)
        post_migrate.connect(schedule_retention, sender=self)


def warm_up(**kwargs):
    """Have a child load the model while a fresh worker waits for its first task; each has one of its own."""
    from notes.speech import get_transcriber

    get_transcriber().start()


def schedule_retention(**_):
    """Each night what was kept long enough is erased; files that could not be deleted are tried again and again."""
    task_queue.schedule_daily("expire notes", EXPIRE, hour=EXPIRY_HOUR)
    task_queue.schedule_minutes("delete erased files", "notes.tasks.delete_files", minutes=FILES_EVERY_MINUTES)
