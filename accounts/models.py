from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Someone who works here. Guests have no account."""

    is_manager = models.BooleanField(
        "manager", default=False, help_text="May overrule the calendar with a reason: overbook, set any state."
    )

    def __str__(self):
        return self.get_full_name() or self.username

    @property
    def may_overrule(self):
        return self.is_manager or self.is_superuser
