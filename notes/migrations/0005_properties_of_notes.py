"""Each note that is there is on a reservation, which knows its property."""

from django.db import migrations

FILL = """
UPDATE notes_voicenote AS note SET property_id = stay.property_id
FROM reservations_reservation AS stay WHERE stay.id = note.reservation_id
"""


class Migration(migrations.Migration):
    dependencies = [("notes", "0004_notes_of_properties")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
