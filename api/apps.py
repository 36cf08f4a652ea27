from django.apps import AppConfig
from django.db.models.signals import post_migrate

from config import task_queue


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from api import schema  # noqa: F401  registers extensions of drf-spectacular

        post_migrate.connect(schedule_deletion, sender=self)


def schedule_deletion(**_):
    """Delete expired responses of idempotent requests every hour."""
    task_queue.schedule_hourly("delete expired idempotent responses", "api.tasks.delete_expired_responses")
