from django.db import migrations

# A stay's currency never changed so far, so that of its row was the one of each of its events. The trigger that keeps
# history from being rewritten is for the app; this adds what was left out, once.
ADD_CURRENCY = """
ALTER TABLE reservations_event DISABLE TRIGGER event_is_append_only;
UPDATE reservations_event AS event
SET data = event.data || jsonb_build_object('currency', jsonb_build_array(
    CASE WHEN jsonb_typeof(event.data #> '{nightly_rates,0}') = 'array' THEN stay.currency END, stay.currency))
FROM reservations_reservation AS stay
WHERE stay.id = event.reservation_id AND event.data ? 'nightly_rates' AND NOT event.data ? 'currency'
  AND jsonb_typeof(event.data -> 'nightly_rates') = 'array';
ALTER TABLE reservations_event ENABLE TRIGGER event_is_append_only;
"""


class Migration(migrations.Migration):
    """Amounts in the history say of which currency they are: a stay may be agreed anew in another one."""

    dependencies = [("reservations", "0011_prices_up_to_a_trillion")]

    # Going back, the app passes over what it does not know.
    operations = [migrations.RunSQL(ADD_CURRENCY, migrations.RunSQL.noop)]
