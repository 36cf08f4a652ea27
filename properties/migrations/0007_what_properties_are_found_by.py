"""The folded text of a property, kept: folding a long description takes as long as a hundred names."""

from django.db import migrations, models

FUNCTION = """
DO $do$
BEGIN
    EXECUTE format($make$
        CREATE FUNCTION property_search(name text, location text, description text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
        BEGIN
            RETURN %1$s.searchable(name || E'\\n' || location || E'\\n' || description);
        END $body$
    $make$, quote_ident(current_schema));
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [("properties", "0006_one_folding_for_every_search")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION property_search(text, text, text)"),
        migrations.AddField(
            model_name="property",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("name", "location", "description", function="property_search"),
                output_field=models.TextField(),
            ),
        ),
    ]
