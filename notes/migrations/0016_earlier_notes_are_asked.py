"""Notes from before renditions: whether browsers play them is asked by a worker, a few at a time."""

from django.db import migrations


def ask(apps, schema_editor):
    apps.get_model("notes", "VoiceNote").objects.exclude(audio="").update(playable="unknown")


class Migration(migrations.Migration):
    dependencies = [("notes", "0015_what_browsers_play")]
    operations = [migrations.RunPython(ask, migrations.RunPython.noop, elidable=True)]
