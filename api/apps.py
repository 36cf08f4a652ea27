from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from api import schema  # noqa: F401  registers how the schema says who asks

        post_migrate.connect(schedule_deletion, sender=self)


def schedule_deletion(**_):
    """Each hour the answers that no repetition will ask for any more are forgotten."""
    from django_q.models import Schedule

    facts = {"func": "api.tasks.delete_expired_responses", "schedule_type": Schedule.HOURLY}
    Schedule.objects.update_or_create(name="delete expired idempotent responses", defaults=facts)
