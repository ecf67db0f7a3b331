from django.db import migrations

OVER_OTHERS = {"manage_data_import", "manage_staff", "manage_roles"}


def take(apps, _schema_editor):
    """Take rights that work at the district alone from roles that are for schools."""
    roles = apps.get_model("accounts", "UserRole").objects.filter(level="school")
    for role in roles.iterator():
        working = [right for right in role.rights if right not in OVER_OTHERS]
        if working != role.rights:
            role.rights = working
            role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_forget_other_addresses")]

    operations = [migrations.RunPython(take, migrations.RunPython.noop)]
