"""PostgreSQL refuses to change or remove a line of history, whoever asks."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reservations_event is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON reservations_event
    FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_history();
"""
BACKWARDS = """
DROP TRIGGER event_is_append_only ON reservations_event;
DROP FUNCTION refuse_to_rewrite_history();
"""


class Migration(migrations.Migration):
    dependencies = [("reservations", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
