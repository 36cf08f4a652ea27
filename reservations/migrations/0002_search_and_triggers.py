"""The database's own functions: the text that finds a guest, append-only events, and occupancies that cover their stay."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# The text by which a guest is found, folded by `searchable`, with telephone numbers in each form. The function names the
# schema of `searchable`, because a restore has no search path; in plpgsql, because a plain one is put into the
# statement, where the other may not be found.
GUEST_SEARCH = """
DO $do$
BEGIN
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
# The planner trusts a histogram of more than 100 values for LIKE: with the default of 100 it guesses by the pattern's
# length, and walks a million newest-first rows for three letters that nobody has.
STATISTICS = "ALTER TABLE reservations_guest ALTER COLUMN search SET STATISTICS 1000"
DEFAULT_STATISTICS = "ALTER TABLE reservations_guest ALTER COLUMN search SET STATISTICS DEFAULT"

# PostgreSQL refuses to change or remove an event, whoever asks.
APPEND_ONLY = """
CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reservations_event is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON reservations_event
    FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_history();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER event_is_append_only ON reservations_event;
DROP FUNCTION refuse_to_rewrite_history();
"""

# The occupancies of a reservation adjoin and cover exactly its nights. Deferred: inside a transaction a verb may take
# some away and put others there; at its end they must fit. Only a reservation that blocks has occupancies; they are in
# its property, and they end when its hold ends.
COVERED_STAYS = """
CREATE FUNCTION parts_must_cover_the_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stay reservations_reservation%ROWTYPE;
    fits boolean;
BEGIN
    IF TG_TABLE_NAME = 'reservations_reservation' THEN
        SELECT * INTO stay FROM reservations_reservation WHERE id = NEW.id;
    ELSE
        SELECT * INTO stay FROM reservations_reservation WHERE id = COALESCE(NEW.reservation_id, OLD.reservation_id);
    END IF;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT count(*) = 0 OR range_agg(nights) = datemultirange(daterange(stay.arrival, stay.departure))
       AND stay.status IN ('held', 'confirmed', 'in_house', 'checked_out')
       AND bool_and(property_id = stay.property_id)
       AND bool_and(expires_at IS NOT DISTINCT FROM CASE WHEN stay.status = 'held' THEN stay.hold_expires_at END)
      INTO fits FROM reservations_occupancy WHERE reservation_id = stay.id;
    IF NOT fits THEN
        RAISE EXCEPTION 'the occupancies of reservation % are not its nights', stay.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'occupancy_covers_the_stay';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER occupancy_covers_the_stay AFTER INSERT OR UPDATE OR DELETE ON reservations_occupancy
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION parts_must_cover_the_stay();
CREATE CONSTRAINT TRIGGER stay_is_covered_by_its_parts
    AFTER UPDATE OF status, arrival, departure, hold_expires_at, property_id ON reservations_reservation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION parts_must_cover_the_stay();
"""
UNCOVERED_STAYS = """
DROP TRIGGER stay_is_covered_by_its_parts ON reservations_reservation;
DROP TRIGGER occupancy_covers_the_stay ON reservations_occupancy;
DROP FUNCTION parts_must_cover_the_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("reservations", "0001_initial"), ("properties", "0002_search_functions")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(GUEST_SEARCH, "DROP FUNCTION guest_search(text, text, text, text)"),
        migrations.AddField(
            model_name="guest",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("name", "email", "phone", "phone_numbers", function="guest_search"),
                output_field=models.TextField(),
            ),
        ),
        migrations.RunSQL(STATISTICS, DEFAULT_STATISTICS),
        migrations.AddIndex(
            model_name="guest",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="guest_by_part_of_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(COVERED_STAYS, UNCOVERED_STAYS),
    ]
