from django.db import migrations
from django.db.models import F


def forget(apps, _schema_editor):
    """Delete addresses that identities had before: they lead to them no more."""
    addresses = apps.get_model("account", "EmailAddress").objects
    addresses.exclude(email=F("user__email")).delete()
    addresses.filter(user__email=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_one_index_by_clever_id"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
