"""The database's own functions: the text that finds a note, and erased notes that do not come back."""

import django.contrib.postgres.indexes
from django.db import migrations, models

# The text by which a note is found, folded by `searchable`, see `reservations/migrations/0002` for its form.
NOTE_SEARCH = r"""
DO $do$
BEGIN
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

# Looked at when the writer commits, not when it inserts: by then it has waited for the erasure, whose lock on the
# reservation is asked for by the foreign key. That check comes first because its trigger's name begins with "RI_".
REFUSE_ERASED = """
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
ALLOW_ERASED = """
DROP TRIGGER erased_note_stays_erased ON notes_recording;
DROP TRIGGER erased_note_stays_erased ON notes_voicenote;
DROP FUNCTION refuse_erased_note();
"""


class Migration(migrations.Migration):
    dependencies = [("notes", "0001_initial"), ("reservations", "0002_search_and_triggers")]
    operations = [
        migrations.RunSQL(NOTE_SEARCH, "DROP FUNCTION note_search(text, text)"),
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
        migrations.RunSQL(REFUSE_ERASED, ALLOW_ERASED),
    ]
