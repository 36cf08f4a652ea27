"""What one nightly rate said becomes one rate for each night, so that a night may cost what its season asks."""

from django.db import migrations

FORWARDS = """
UPDATE reservations_reservation SET nightly_rates = array_fill(nightly_rate, ARRAY[departure - arrival]);
"""
BACKWARDS = "UPDATE reservations_reservation SET nightly_rate = nightly_rates[1];"


class Migration(migrations.Migration):
    dependencies = [("reservations", "0003_calendar_is_one_table")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
