from django.db import migrations
from django.db.models import Q


def give_roles(apps, schema_editor):
    """Whoever could do everything but overrule is at the reception of all properties; who could overrule is a manager."""
    User, Membership = apps.get_model("accounts", "User"), apps.get_model("accounts", "Membership")
    managers = User.objects.filter(Q(is_manager=True) | Q(is_superuser=True))
    for role, users in (("manager", managers), ("reception", User.objects.exclude(pk__in=managers.values("pk")))):
        Membership.objects.bulk_create([Membership(user=user, role=role) for user in users])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_memberships")]

    operations = [migrations.RunPython(give_roles, migrations.RunPython.noop)]
