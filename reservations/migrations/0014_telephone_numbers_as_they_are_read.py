"""Room for the numbers that are read in a guest's telephone, and for two of them. Searching comes back with 0016."""

from django.db import migrations, models

import reservations.guest_search


class Migration(migrations.Migration):
    dependencies = [("reservations", "0013_instants_by_the_databases_clock"), ("properties", "0006_one_folding_for_every_search")]
    operations = [
        migrations.RemoveIndex(model_name="guest", name="guest_by_part_of_search"),
        migrations.RemoveField(model_name="guest", name="search"),
        migrations.AlterField(
            model_name="guest", name="phone", field=models.CharField(blank=True, max_length=100)
        ),
        migrations.AddField(
            model_name="guest",
            name="phone_numbers",
            field=reservations.guest_search.PhoneNumbersField(
                blank=True,
                db_default="",
                editable=False,
                help_text="each in E.164 and in its national form, as `phone` could be read",
            ),
        ),
    ]
