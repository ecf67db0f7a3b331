from django.db import migrations, models
from django.utils import timezone


def keep_as_facts(apps, _schema_editor):
    """Write what a stored state said as the fact that a state now follows from."""
    districts = apps.get_model("schools", "District").objects
    now = timezone.now()
    for district in districts.exclude(state__in=["requested", "activated"]):
        first = district.school_matches.order_by("matched_at").first()
        begun = first.matched_at if first else district.activated_at or now
        facts = {"setup_begun_at": begun}
        if district.state == "disconnected":
            facts["disconnected_at"] = now
        elif district.activated_at is None:
            facts["activated_at"] = min(begun, district.created_at)
        if district.state == "launched" and district.launched_at is None:
            facts["launched_at"] = now
        districts.filter(pk=district.pk).update(**facts)


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0003_audit_about'),
    ]

    operations = [
        migrations.AddField(
            model_name='district',
            name='disconnected_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='district',
            name='setup_begun_at',
            field=models.DateTimeField(blank=True, help_text='When its first schools were matched or its settings saved.', null=True),
        ),
        migrations.RunPython(keep_as_facts, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(
            model_name='district',
            name='state',
        ),
    ]
