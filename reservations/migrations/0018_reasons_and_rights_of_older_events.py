from django.db import migrations

# What was left out of older events is added, once, from the labels in their reasons, which stay as they are. An event
# that undoes takes back the latest one that did something: the trigger that keeps history from being rewritten is for
# the app.
ADD_CODES_AND_RIGHTS = """
ALTER TABLE reservations_event DISABLE TRIGGER event_is_append_only;
UPDATE reservations_event SET needs_manager = true WHERE action = 'overruled' OR (action = 'booked' AND reason <> '');
UPDATE reservations_event AS undoing SET needs_manager = true
FROM (
    SELECT undone.id, done.needs_manager FROM reservations_event AS undone, LATERAL (
        SELECT needs_manager FROM reservations_event AS earlier
        WHERE earlier.reservation_id = undone.reservation_id AND earlier.id < undone.id AND earlier.action <> 'undone'
        ORDER BY earlier.id DESC LIMIT 1
    ) AS done
    WHERE undone.action = 'undone'
) AS found
WHERE undoing.id = found.id AND found.needs_manager;
UPDATE reservations_event AS event SET reason_code = known.code
FROM (VALUES
    ('cancelled', 'guest', 'Guest’s plans changed'),
    ('cancelled', 'illness', 'Illness'),
    ('cancelled', 'travel', 'Travel fell through'),
    ('cancelled', 'price', 'Price'),
    ('cancelled', 'elsewhere', 'Found another place'),
    ('cancelled', 'mistake', 'Booked by mistake'),
    ('cancelled', 'house', 'We cannot host them'),
    ('cancelled', 'payment', 'Not paid'),
    ('cancelled', 'other', 'Other'),
    ('undone', 'booked', 'Booked'),
    ('undone', 'changed', 'Changed'),
    ('undone', 'moved', 'Moved'),
    ('undone', 'split', 'Split'),
    ('undone', 'joined', 'Joined'),
    ('undone', 'swapped', 'Swapped'),
    ('undone', 'locked', 'Locked to its room'),
    ('undone', 'unlocked', 'Unlocked'),
    ('undone', 'extended', 'Hold extended'),
    ('undone', 'confirmed', 'Confirmed'),
    ('undone', 'checked_in', 'Checked in'),
    ('undone', 'checked_out', 'Checked out'),
    ('undone', 'cancelled', 'Cancelled'),
    ('undone', 'no_show', 'No-show'),
    ('undone', 'expired', 'Hold expired'),
    ('undone', 'reinstated', 'Reinstated'),
    ('undone', 'overruled', 'Overruled by a manager'),
    ('undone', 'undone', 'Undone'),
    ('undone', 'closed', 'Closed'),
    ('undone', 'reopened', 'Reopened')
) AS known (action, code, label)
WHERE event.action = known.action AND event.reason_code = ''
  AND (event.reason = known.label OR (event.action = 'cancelled' AND starts_with(event.reason, known.label || ': ')));
ALTER TABLE reservations_event ENABLE TRIGGER event_is_append_only;
"""


class Migration(migrations.Migration):
    """Statistics and rights need not read English words."""

    dependencies = [("reservations", "0017_reasons_as_codes_and_rights_of_acts")]

    operations = [migrations.RunSQL(ADD_CODES_AND_RIGHTS, migrations.RunSQL.noop)]
