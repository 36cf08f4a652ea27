"""Reports of what was erased, keys that do not come back, and files that are still to be deleted."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Looked at when the writer commits, not when it inserts: by then it has waited for the erasure, whose lock on the
# reservation is asked for by the foreign key. That check comes first because its trigger's name begins with "RI_".
REFUSE = """
CREATE FUNCTION refuse_erased_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_there boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM notes_erasednote WHERE key = NEW.id) THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I WHERE id = $1)', TG_TABLE_SCHEMA, TG_TABLE_NAME)
        INTO is_there USING NEW.id;
    IF is_there THEN  -- not made and erased in one transaction
        RAISE EXCEPTION 'note was erased'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erased_note_stays_erased', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER erased_note_stays_erased AFTER INSERT ON notes_voicenote
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_erased_note();
CREATE CONSTRAINT TRIGGER erased_note_stays_erased AFTER INSERT ON notes_recording
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_erased_note();
"""
ALLOW = """
DROP TRIGGER erased_note_stays_erased ON notes_recording;
DROP TRIGGER erased_note_stays_erased ON notes_voicenote;
DROP FUNCTION refuse_erased_note();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notes", "0009_recordings_come_in_by_chunks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="FileToDelete",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("since", models.DateTimeField(default=django.utils.timezone.now, help_text="UTC")),
                ("attempts", models.PositiveIntegerField(default=0, help_text="that failed")),
            ],
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("guest", "A guest’s notes"), ("retention", "Days to keep were over")], max_length=12
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, help_text="UTC")),
                ("guest_key", models.BigIntegerField(help_text="of the guest's profile", null=True)),
                ("reason", models.CharField(blank=True, help_text="without names", max_length=200)),
                (
                    "counts",
                    models.JSONField(
                        default=dict, help_text='how many of each kind went: {"notes": 3, "audio": 2, …}'
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-at", "-pk"]},
        ),
        migrations.CreateModel(
            name="ErasedNote",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "erasure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="notes.erasure"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="erasure",
            index=models.Index(fields=["-at"], name="erasure_by_age"),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "guest"), _negated=True),
                    models.Q(("guest_key__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="erasure_of_a_guest_says_whose_and_why",
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
