from contextlib import suppress

from django.apps import AppConfig
from django.apps import apps as installed
from django.core.exceptions import FieldDoesNotExist
from django.db.models.signals import post_migrate

from config import task_queue


class ReservationsConfig(AppConfig):
    name = "reservations"

    def ready(self):
        from reservations import slots

        slots.register()
        post_migrate.connect(schedule_expiry, sender=self)
        post_migrate.connect(adopt_restored_events, sender=self)


def adopt_restored_events(apps=installed, **_):
    """A database that was restored from a dump is migrated before anything works on it."""
    from reservations.history import feed

    with suppress(LookupError, FieldDoesNotExist):  # migrated backwards: there is nothing to adopt yet
        apps.get_model("reservations", "Event")._meta.get_field("written_in")
        feed.adopt_restored()


def schedule_expiry(**_):
    """Every minute the queue writes down which holds have lapsed; their nights were free at once without it."""
    task_queue.schedule_minutes("expire lapsed holds", "reservations.tasks.expire_lapsed", minutes=1)
