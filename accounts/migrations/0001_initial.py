import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import config.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "is_manager",
                    models.BooleanField(
                        default=False,
                        help_text="May overrule the calendar with a reason: overbook, set any state.",
                        verbose_name="manager",
                    ),
                ),
                (
                    "is_integration",
                    models.BooleanField(
                        default=False,
                        help_text="A program: it has tokens, and no password to sign in with.",
                        verbose_name="integration",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="SignInAttempts",
            fields=[
                (
                    "key",
                    models.CharField(
                        help_text="a digest: who and where cannot be read from it",
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField(help_text="UTC, by the database's clock")),
                ("blocked_until", models.DateTimeField(help_text="UTC, by the database's clock")),
            ],
            options={
                "indexes": [models.Index(fields=["last_at"], name="sign_in_attempts_by_age")],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="what it is for", max_length=80)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("availability", "See properties, rooms and what is free"),
                                ("reservations:read", "Read reservations, guests, closures and what happened to them"),
                                ("reservations:write", "Book and change reservations, guests and closures"),
                                ("notes:read", "Read and listen to voice notes"),
                                ("notes:write", "Add and delete voice notes"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "digest",
                    models.CharField(editable=False, help_text="sha256 of the secret, hex", max_length=64, unique=True),
                ),
                (
                    "hint",
                    models.CharField(
                        editable=False, help_text="how the secret begins, to tell tokens apart", max_length=12
                    ),
                ),
                ("created_at", models.DateTimeField(default=config.clock.now, editable=False, help_text="UTC")),
                ("expires_at", models.DateTimeField(help_text="UTC; null: never", null=True)),
                (
                    "last_used_at",
                    models.DateTimeField(editable=False, help_text="UTC, to within some minutes", null=True),
                ),
                ("revoked_at", models.DateTimeField(editable=False, help_text="UTC", null=True)),
                (
                    "form_key",
                    models.UUIDField(
                        editable=False,
                        help_text="of the form that made it, so that it makes no second one",
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tokens", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("first_name"),
                condition=models.Q(("is_integration", True)),
                name="integration_once_per_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes__len__gte", 1)), name="token_opens_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        ["availability", "reservations:read", "reservations:write", "notes:read", "notes:write"],
                    )
                ),
                name="token_scopes_known",
            ),
        ),
    ]
