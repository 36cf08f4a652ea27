from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate

from config import task_queue
from notes.queue import EXPIRE

# Hour of the day in UTC; few notes are recorded then.
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
    """Start the worker's transcription subprocess, so that the model is loaded before the first task."""
    from notes.speech import get_transcriber

    get_transcriber().start()


def schedule_retention(**_):
    """Schedule retention each night, and further attempts to delete files that could not be deleted."""
    task_queue.schedule_daily("expire notes", EXPIRE, hour=EXPIRY_HOUR)
    task_queue.schedule_minutes("delete erased files", "notes.tasks.delete_files", minutes=FILES_EVERY_MINUTES)
