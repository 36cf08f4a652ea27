import secrets

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from config import clock


class User(AbstractUser):
    """A member of staff, or a program (integration). Guests have no account."""

    is_manager = models.BooleanField(
        "manager", default=False, help_text="May overrule the calendar with a reason: overbook, set any state."
    )
    is_integration = models.BooleanField(
        "integration", default=False, help_text="A program: it has tokens, and no password to sign in with."
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            # The form for a token shows integrations by their names.
            models.UniqueConstraint(
                Lower("first_name"), condition=models.Q(is_integration=True), name="integration_once_per_name"
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    @property
    def may_overrule(self):
        return self.is_manager or self.is_superuser


class Scope(models.TextChoices):
    """What a token allows."""

    AVAILABILITY = "availability", "See properties, rooms and what is free"
    READ_RESERVATIONS = "reservations:read", "Read reservations, guests, closures and what happened to them"
    WRITE_RESERVATIONS = "reservations:write", "Book and change reservations, guests and closures"
    READ_NOTES = "notes:read", "Read and listen to voice notes"
    WRITE_NOTES = "notes:write", "Add and delete voice notes"


class TokenQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Tokens that `user` may revoke: their own, and for a manager those of integrations as well."""
        theirs = models.Q(user=user)
        return self.filter(theirs | models.Q(user__is_integration=True) if user.may_overrule else theirs)

    def for_list(self):
        """Newest first, but revoked and expired tokens at the end."""
        is_over = models.Q(revoked_at__isnull=False) | models.Q(expires_at__lte=clock.now())
        rank = models.Case(models.When(is_over, then=1), default=0)
        return self.select_related("user", "revoked_by").order_by(rank, "-created_at", "-pk")


class Token(models.Model):
    """A token of the API, which acts as `user`. Only the digest of its secret is stored; the secret is shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80, help_text="what it is for")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="sha256 of the secret, hex")
    hint = models.CharField(max_length=12, editable=False, help_text="how the secret begins, to tell tokens apart")
    created_at = models.DateTimeField(default=clock.now, editable=False, help_text="UTC")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True, help_text="UTC; null: never")
    last_used_at = models.DateTimeField(null=True, editable=False, help_text="UTC, to within some minutes")
    revoked_at = models.DateTimeField(null=True, editable=False, help_text="UTC")
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    form_key = models.UUIDField(
        unique=True, null=True, editable=False, help_text="of the form that made it, so that it makes no second one"
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(scopes__len__gte=1), name="token_opens_something"),
            models.CheckConstraint(condition=models.Q(scopes__contained_by=Scope.values), name="token_scopes_known"),
        ]

    def __str__(self):
        return self.name

    @property
    def has_expired(self):
        return self.expires_at is not None and self.expires_at <= clock.now()

    @property
    def scope_labels(self):
        """The labels of its scopes, in the order of Scope."""
        return [scope.label for scope in Scope if scope in self.scopes]

    @property
    def is_valid(self):
        return self.revoked_at is None and not self.has_expired


def make_secret():
    """A new secret that begins with rt_. It has 256 random bits, so a plain digest of it can be stored safely."""
    return f"rt_{secrets.token_urlsafe(32)}"


class SignInAttempts(models.Model):
    """Failed sign-ins of one account from one address, see `accounts.sign_in_throttle`."""

    key = models.CharField(max_length=64, primary_key=True, help_text="a digest: who and where cannot be read from it")
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(help_text="UTC, by the database's clock")
    blocked_until = models.DateTimeField(help_text="UTC, by the database's clock")

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="sign_in_attempts_by_age")]

    def __str__(self):
        return f"{self.count} until {self.last_at:%Y-%m-%d %H:%M}"
