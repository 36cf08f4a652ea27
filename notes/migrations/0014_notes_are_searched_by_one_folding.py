"""The text by which a note is found, as all searches fold it (`searchable`)."""

import django.contrib.postgres.indexes
from django.db import migrations, models

FUNCTION = r"""
DO $do$
BEGIN
    DROP FUNCTION note_search(text, text);
    EXECUTE format($make$
        CREATE FUNCTION note_search(words text, earlier text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
        BEGIN
            RETURN ' ' || %1$s.searchable(pg_catalog.regexp_replace(words, '\s+', ' ', 'g')) || E' \n '
                || %1$s.searchable(pg_catalog.regexp_replace(earlier, '\s+', ' ', 'g')) || ' ';
        END $body$
    $make$, quote_ident(current_schema));
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notes", "0013_instants_by_the_databases_clock"),
        ("reservations", "0016_guests_are_searched_by_one_folding"),
    ]
    operations = [
        migrations.RemoveIndex(model_name="transcript", name="transcript_by_part_of_text"),
        migrations.RemoveField(model_name="transcript", name="search"),
        migrations.RunSQL(FUNCTION),
        migrations.RunSQL("DROP FUNCTION folded(text)"),
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
    ]
