"""How the machine heard it, how staff found it, and one folded text that is searched."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# `folded` is the guests' function. In plpgsql, because a plain one is put into the statement, where it may not be found.
SEARCH = r"""
DO $do$
BEGIN
    EXECUTE format($make$
        CREATE FUNCTION note_search(words text, earlier text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
        BEGIN
            RETURN ' ' || %1$s.folded(pg_catalog.regexp_replace(words, '\s+', ' ', 'g')) || E' \n '
                || %1$s.folded(pg_catalog.regexp_replace(earlier, '\s+', ' ', 'g')) || ' ';
        END $body$
    $make$, quote_ident(current_schema));
END $do$;
"""
UNSEARCH = "DROP FUNCTION note_search(text, text)"


class Migration(migrations.Migration):
    dependencies = [("notes", "0007_notes_without_audio"), ("reservations", "0008_stays_without_a_room_by_index")]
    operations = [
        migrations.RunSQL(SEARCH, UNSEARCH),
        migrations.AddField(
            model_name="transcript",
            name="earlier_text",
            field=models.TextField(
                blank=True, help_text="the machine's text before a later pass changed it: still found, no longer shown"
            ),
        ),
        migrations.AddField(
            model_name="transcript",
            name="from_pieces",
            field=models.BooleanField(
                default=False, help_text="heard while it was spoken; a pass over the whole recording may know better"
            ),
        ),
        migrations.AddField(
            model_name="transcript",
            name="heard_seconds",
            field=models.FloatField(help_text="of that audio, by decoded samples", null=True),
        ),
        migrations.AddField(
            model_name="transcript",
            name="heard_sha256",
            field=models.CharField(blank=True, help_text="hex, of the audio that this was heard in", max_length=64),
        ),
        migrations.AddField(
            model_name="transcript",
            name="passes",
            field=models.PositiveSmallIntegerField(default=0, help_text="attempts at that pass"),
        ),
        migrations.AddField(
            model_name="transcript",
            name="rated_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="transcript",
            name="rating",
            field=models.SmallIntegerField(help_text="1 or -1, as staff found the machine's text", null=True),
        ),
        migrations.AddField(
            model_name="transcript",
            name="settings",
            field=models.JSONField(default=dict, help_text="what the engine was told"),
        ),
        migrations.AddField(
            model_name="transcript",
            name="version",
            field=models.CharField(blank=True, help_text="of the engine", max_length=40),
        ),
        migrations.AddField(
            model_name="transcript",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("text", "earlier_text", function="note_search"),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="transcript",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="transcript_by_part_of_text", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="transcript",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating", None), ("rating__in", (-1, 1)), _connector="OR"),
                name="transcript_rating_known",
            ),
        ),
    ]
