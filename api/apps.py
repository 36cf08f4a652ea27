from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from api import schema  # noqa: F401  registers extensions of drf-spectacular

        post_migrate.connect(schedule_deletion, sender=self)


def schedule_deletion(**_):
    """Delete expired responses of idempotent requests every hour."""
    from django_q.models import Schedule

    facts = {"func": "api.tasks.delete_expired_responses", "schedule_type": Schedule.HOURLY}
    Schedule.objects.update_or_create(name="delete expired idempotent responses", defaults=facts)
