from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles_of_today")]

    operations = [migrations.RemoveField(model_name="user", name="is_manager")]
