"""Read the numbers that profiles have."""

from django.db import migrations

BATCH = 2000


def read(apps, schema_editor):
    from properties.regions import region_of
    from reservations.telephones import forms_of

    Guest, Property = apps.get_model("reservations", "Guest"), apps.get_model("properties", "Property")
    zones = Property.objects.filter(archived_at=None).order_by().values_list("time_zone", flat=True).distinct()
    regions = list(dict.fromkeys(filter(None, map(region_of, zones))))
    known, batch = Guest.objects.exclude(phone="").only("pk", "phone"), []
    for guest in known.iterator(BATCH):
        guest.phone_numbers = " ".join(forms_of(guest.phone, lambda: regions))
        batch.append(guest)
        if len(batch) == BATCH:
            Guest.objects.bulk_update(batch, ["phone_numbers"])
            batch = []
    Guest.objects.bulk_update(batch, ["phone_numbers"])


class Migration(migrations.Migration):
    dependencies = [("reservations", "0014_telephone_numbers_as_they_are_read")]
    operations = [migrations.RunPython(read, migrations.RunPython.noop)]
