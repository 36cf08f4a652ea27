"""The line by which a guest is found, as all searches fold it (`searchable`), with telephone numbers in each form."""

import django.contrib.postgres.indexes
from django.db import migrations, models

FUNCTION = """
DO $do$
BEGIN
    DROP FUNCTION guest_search(text, text, text);
    EXECUTE format($make$
        CREATE FUNCTION guest_search(name text, email text, phone text, phone_numbers text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
        BEGIN
            RETURN E'\\n ' || %1$s.searchable(name) || E' \\n ' || %1$s.searchable(email) || E' \\n '
                || pg_catalog.regexp_replace(pg_catalog.regexp_replace(
                    %1$s.searchable(phone) COLLATE "C", '[^0-9]', '', 'g'), '^00', '')
                || E' \\n ' || pg_catalog.replace(phone_numbers, ' ', E' \\n ') || E' \\n';
        END $body$
    $make$, quote_ident(current_schema));
END $do$;
"""
# The planner trusts a histogram of more than 100 values for LIKE, see 0007.
STATISTICS = "ALTER TABLE reservations_guest ALTER COLUMN search SET STATISTICS 1000"


class Migration(migrations.Migration):
    dependencies = [("reservations", "0015_read_the_telephone_numbers")]
    operations = [
        migrations.RunSQL(FUNCTION),
        migrations.AddField(
            model_name="guest",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("name", "email", "phone", "phone_numbers", function="guest_search"),
                output_field=models.TextField(),
            ),
        ),
        migrations.RunSQL(STATISTICS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="guest",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="guest_by_part_of_search", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
