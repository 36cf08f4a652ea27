from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReservationsConfig(AppConfig):
    name = "reservations"

    def ready(self):
        post_migrate.connect(schedule_expiry, sender=self)


def schedule_expiry(**_):
    """Every minute the queue writes down which holds have lapsed; their nights were free at once without it."""
    from django_q.models import Schedule

    facts = {"func": "reservations.tasks.expire_lapsed", "schedule_type": Schedule.MINUTES, "minutes": 1}
    Schedule.objects.update_or_create(name="expire lapsed holds", defaults=facts)
