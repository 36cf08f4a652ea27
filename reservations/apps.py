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
    """Adopt the events of a restored dump after a migration: a restored database is migrated before it is used."""
    from reservations.history import feed

    with suppress(LookupError, FieldDoesNotExist):  # migrated backwards, to where there are no such events
        apps.get_model("reservations", "Event")._meta.get_field("written_in")
        feed.adopt_restored()


def schedule_expiry(**_):
    """Let the queue set lapsed holds to expired every minute. Their nights are free from the moment of the lapse."""
    task_queue.schedule_minutes("expire lapsed holds", "reservations.tasks.expire_lapsed", minutes=1)
