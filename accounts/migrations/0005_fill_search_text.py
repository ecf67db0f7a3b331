from itertools import islice

from django.db import migrations

from accounts.searching import search_text

BATCH = 500
TEXTS = ("first_name", "middle_name", "last_name", "job_title", "email", "employee_id")


def fill(apps, schema_editor):
    accounts = apps.get_model("accounts", "StaffAccount").objects
    unfilled = accounts.filter(search_text="").only(*TEXTS).iterator(BATCH)
    while batch := list(islice(unfilled, BATCH)):
        for account in batch:
            texts = [getattr(account, name) for name in TEXTS]
            account.search_text = search_text(*texts)
        accounts.bulk_update(batch, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_search_text")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
