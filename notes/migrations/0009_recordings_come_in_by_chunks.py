"""A recording while it is spoken: chunks of sound, pieces of text."""

import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0008_what_a_transcript_keeps")]
    operations = [
        migrations.CreateModel(
            name="Chunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("index", models.PositiveIntegerField(help_text="from 0, without gaps")),
                (
                    "segment",
                    models.PositiveSmallIntegerField(default=0, help_text="one more when the recorder was restarted"),
                ),
                ("data", models.BinaryField()),
                ("sha256", models.CharField(help_text="hex", max_length=64)),
            ],
            options={
                "ordering": ["index"],
            },
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("index", models.PositiveIntegerField(help_text="from 0, without gaps")),
                ("start", models.FloatField()),
                ("end", models.FloatField(help_text="where the next piece starts")),
                ("segments", models.JSONField(default=list, help_text="as in a transcript")),
                ("language", models.CharField(blank=True, help_text="ISO 639-1, as spoken", max_length=8)),
                ("engine", models.CharField(max_length=40)),
                ("model", models.CharField(max_length=120)),
                ("version", models.CharField(blank=True, max_length=40)),
                ("settings", models.JSONField(default=dict)),
                ("took_seconds", models.FloatField(default=0)),
                ("loudness", models.JSONField(default=list, help_text="of equal slices, see notes.listening")),
                ("is_damaged", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["index"],
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, help_text="UTC")),
                ("last_chunk_at", models.DateTimeField(default=django.utils.timezone.now, help_text="UTC")),
                ("stopped_at", models.DateTimeField(help_text="UTC; nothing more is expected", null=True)),
                ("recovered_at", models.DateTimeField(help_text="UTC; when we stopped waiting for its browser", null=True)),
                (
                    "chunks_received",
                    models.PositiveIntegerField(default=0, help_text="the index that is expected next"),
                ),
                ("size", models.PositiveBigIntegerField(default=0, help_text="bytes of all chunks")),
                ("seconds", models.FloatField(default=0, help_text="the recorder's own clock, without pauses")),
                ("heard_seconds", models.FloatField(default=0, help_text="there are pieces of text up to here")),
                (
                    "look_at_seconds",
                    models.FloatField(default=0, help_text="when there is this much sound, a worker looks for a piece"),
                ),
                ("is_heard", models.BooleanField(default=False, help_text="stopped, and its pieces are all of it")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="in a row without a piece; counted before the work"
                    ),
                ),
                (
                    "claim",
                    models.UUIDField(help_text="the worker's token; only its holder may write pieces", null=True),
                ),
                (
                    "lease_until",
                    models.DateTimeField(help_text="UTC; after it another worker may take over", null=True),
                ),
            ],
        ),
        migrations.AddField(
            model_name="recording",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="property",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="properties.property"
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="reservation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reservations.reservation"
            ),
        ),
        migrations.AddField(
            model_name="piece",
            name="recording",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="notes.recording"
            ),
        ),
        migrations.AddField(
            model_name="chunk",
            name="recording",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="notes.recording"
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(fields=["last_chunk_at"], name="recording_by_age"),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_heard", False), ("stopped_at__isnull", False), _connector="OR"),
                name="recording_heard_is_stopped",
            ),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(("claim", None), ("lease_until__isnull", False), _connector="OR"),
                name="recording_claim_has_a_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.UniqueConstraint(fields=("recording", "index"), name="piece_once"),
        ),
        migrations.AddConstraint(
            model_name="chunk",
            constraint=models.UniqueConstraint(fields=("recording", "index"), name="chunk_once"),
        ),
    ]
