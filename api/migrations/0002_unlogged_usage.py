from django.db import migrations

# The usage of the current minute: a crash may forget it, and a write-ahead log of it would cost each request a wait.
UNLOGGED = "ALTER TABLE api_usage SET UNLOGGED"


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [migrations.RunSQL(UNLOGGED, "ALTER TABLE api_usage SET LOGGED")]
