"""The chart looks for stays without a room by this index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0007_guests_are_found_by_part_of_a_name")]
    operations = [
        migrations.RemoveIndex(model_name="reservation", name="reservation_by_departure"),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                fields=["property", "departure", "arrival"],
                include=("id", "status", "hold_expires_at"),
                name="reservation_by_departure",
            ),
        ),
    ]
