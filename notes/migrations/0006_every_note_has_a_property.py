"""No note without a property, and their lists by index."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0005_properties_of_notes")]
    operations = [
        migrations.AlterField(
            model_name="voicenote",
            name="property",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="voice_notes", to="properties.property"
            ),
        ),
        migrations.AddIndex(
            model_name="voicenote",
            index=models.Index(fields=["property", "-recorded_at"], name="note_by_property"),
        ),
        migrations.AddIndex(
            model_name="voicenote",
            index=models.Index(fields=["-recorded_at"], name="note_by_age"),
        ),
    ]
