"""A note belongs to a property; to a reservation there, or to whoever works there next."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0003_who_has_heard"), ("properties", "0003_room_types_and_rates")]
    operations = [
        migrations.AddField(
            model_name="voicenote",
            name="property",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="voice_notes",
                to="properties.property",
            ),
        ),
        migrations.AlterField(
            model_name="voicenote",
            name="reservation",
            field=models.ForeignKey(
                help_text="in the same property; without one, the note is for whoever works there next",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="voice_notes",
                to="reservations.reservation",
            ),
        ),
    ]
