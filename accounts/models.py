import functools
import secrets
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from accounts.access import NOTHING, Access, Action, Role
from config import clock


class StaffManager(UserManager["User"]):
    """Django's manager, which gives the first account of all something to do at the desk, too."""

    def create_superuser(self, username, email=None, password=None, **fields):
        """A user who may use the admin, and is a manager at all properties."""
        user = super().create_superuser(username, email, password, **fields)
        Membership.objects.create(user=user, role=Role.MANAGER)
        return user


class User(AbstractUser):
    """A member of staff, or a program (integration). Guests have no account.

    What they may do at the desk is in their memberships; `is_superuser` is about the admin alone.
    """

    is_integration = models.BooleanField(
        "integration", default=False, help_text="A program: it has tokens, and no password to sign in with."
    )

    objects: ClassVar = StaffManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            # The form for a token shows integrations by their names.
            models.UniqueConstraint(
                Lower("first_name"), condition=models.Q(is_integration=True), name="integration_once_per_name"
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    @functools.cached_property
    def access(self):
        """The Access of all memberships, none for an account that is not active. One query, once for each instance."""
        if not self.is_active:
            return NOTHING
        return Access.of_roles((Role(role), key) for role, key in self.memberships.values_list("role", "property"))

    def allows(self, action, *subject):
        """For templates: whether the action, a name of Action in any case, is allowed at the property of the subject.

        With None as the subject at properties that are to come, without one at one property at least.
        """
        wanted = Action[action.upper()]
        return self.access.may(wanted, *subject) if subject else self.access.may_somewhere(wanted)


class Membership(models.Model):
    """A role of somebody at one property, or at all of them. Several add up."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    property = models.ForeignKey(
        "properties.Property", null=True, on_delete=models.CASCADE, related_name="+", help_text="null: all properties"
    )
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "property"], nulls_distinct=False, name="one_role_per_property"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self):
        return f"{self.get_role_display()} at {self.property or 'all properties'}"


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
        return self.filter(
            theirs | models.Q(user__is_integration=True) if user.access.may(Action.PEOPLE, None) else theirs
        )

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
