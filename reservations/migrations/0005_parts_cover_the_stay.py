"""The one rate goes, and the database sees to it that parts of a stay adjoin and cover exactly its nights."""

import django.contrib.postgres.fields
from django.db import migrations, models

# Deferred: inside a transaction a verb may take parts away and put others there; at its end they must fit. Nothing but
# what blocks has nights, they are the reservation's own, in its property, and they end when its hold ends.
FORWARDS = """
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
BACKWARDS = """
DROP TRIGGER stay_is_covered_by_its_parts ON reservations_reservation;
DROP TRIGGER occupancy_covers_the_stay ON reservations_occupancy;
DROP FUNCTION parts_must_cover_the_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("reservations", "0004_rates_of_each_night")]
    operations = [
        migrations.RemoveField(model_name="reservation", name="nightly_rate"),
        migrations.AlterField(
            model_name="reservation",
            name="nightly_rates",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DecimalField(decimal_places=2, max_digits=10),
                help_text="one for each night, as agreed, in `currency`",
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Func(
                    output_field=models.BooleanField(), template="(cardinality(nightly_rates) = departure - arrival)"
                ),
                name="reservation_rate_for_each_night",
            ),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
