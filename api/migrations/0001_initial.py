import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Usage",
            fields=[
                (
                    "who",
                    models.CharField(
                        help_text="token:7, or user:7 for a signed-in browser",
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("minute", models.DateTimeField(help_text="UTC, its beginning")),
                ("count", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="IdempotentResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255)),
                (
                    "fingerprint",
                    models.CharField(help_text="sha256 of method, address and what was sent, hex", max_length=64),
                ),
                ("status", models.PositiveSmallIntegerField(help_text="of HTTP")),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(blank=True, help_text="JSON, as it was sent")),
                ("created_at", models.DateTimeField(db_index=True, default=config.clock.now, help_text="UTC")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="idempotent_response_unique_key")
                ],
            },
        ),
    ]
