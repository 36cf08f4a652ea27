"""One folded line of text for each guest, with a trigram index; and what a merge changed, for its undo."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# unaccent is STABLE only because its dictionary could be swapped; a generated column needs a promise that ours is not.
# The extension is named with its schema, wherever an administrator has put it: a restore has no search path.
FOLDED = """
DO $do$
DECLARE
    home text := (SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                  WHERE extname = 'unaccent');
BEGIN
    EXECUTE format($make$
        CREATE FUNCTION folded(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        AS 'SELECT pg_catalog.lower(%1$s.unaccent(''%1$s.unaccent''::pg_catalog.regdictionary, $1))'
    $make$, home);
    EXECUTE format($make$
        CREATE FUNCTION guest_search(name text, email text, phone text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
        BEGIN
            RETURN E'\\n ' || %1$s.folded(name) || E' \\n ' || %1$s.folded(email)
                || E' \\n ' || pg_catalog.regexp_replace(pg_catalog.regexp_replace(phone, '\\D', '', 'g'), '^00', '') || E' \\n';
        END $body$
    $make$, quote_ident(current_schema));
END $do$;
"""
UNFOLDED = "DROP FUNCTION guest_search(text, text, text); DROP FUNCTION folded(text);"

# The planner trusts a histogram of more than 100 values for LIKE: with the default of 100 it guesses by the pattern's
# length, and walks a million newest-first rows for three letters that nobody has.
STATISTICS = "ALTER TABLE reservations_guest ALTER COLUMN search SET STATISTICS 1000"
PLAIN_STATISTICS = "ALTER TABLE reservations_guest ALTER COLUMN search SET STATISTICS DEFAULT"


class Migration(migrations.Migration):
    dependencies = [("reservations", "0006_who_is_taken_anywhere"), ("properties", "0001_initial")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(FOLDED, UNFOLDED),
        migrations.AddField(
            model_name="guest",
            name="merge",
            field=models.JSONField(help_text="what the merge moved and filled, for its undo", null=True),
        ),
        migrations.AddField(
            model_name="guest",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("name", "email", "phone", function="guest_search"),
                output_field=models.TextField(),
            ),
        ),
        migrations.RunSQL(STATISTICS, PLAIN_STATISTICS),
        migrations.AddIndex(
            model_name="guest",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="guest_by_part_of_search", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
