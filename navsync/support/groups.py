"""Who of support may what: two groups that come with NavSync, told apart by deeds.

"Support" reads everything and does what a district's way through asks for every day.
"Support lead" does besides what reaches into accounts, opens or stops something for a
whole district, or can't be taken back. Superusers may all. docs/support-guide.md says
it in words.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as global_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions

SUPPORT, LEAD = "Support", "Support lead"

READ_APPS = frozenset({"schools", "accounts", "staffimport", "mfa"})
"""Support may look at every object of these."""

ORDINARY = frozenset(
    {
        "schools.activate_district",
        "schools.move_launch_date",
        "schools.review_materials",
        "schools.add_district",
        "schools.add_school",  # from a file; the form takes change_school, too
        "accounts.add_staffaccount",  # from a file; there is no form
        "accounts.send_invitation",
        "staffimport.add_inquiry",  # replays and redacted bundles
        "accounts.add_consolevisit",  # view a district's console as its admin
        "staffimport.start_importrun",
    }
)
OF_LEADS = frozenset(
    {
        "schools.launch_district",
        "schools.pause_district",
        "schools.rotate_token",
        "schools.disconnect_district",
        "schools.unlock_schoolmatch",
        "schools.change_district",
        "schools.change_school",
        "accounts.add_user",
        "accounts.change_user",
        "accounts.change_staffaccount",  # by a file, with rights over others, too
        "accounts.add_userrole",
        "accounts.change_userrole",
        "accounts.add_jobfunction",
        "accounts.change_jobfunction",
        "accounts.add_zone",
        "accounts.change_zone",
        "auth.view_group",
        "mfa.delete_authenticator",  # somebody lost their second factor
        "django_celery_beat.view_periodictask",
        "django_celery_beat.change_periodictask",
    }
)
GROUPS = {SUPPORT: ORDINARY, LEAD: ORDINARY | OF_LEADS}

_APPS = READ_APPS | {name.partition(".")[0] for name in ORDINARY | OF_LEADS}


def keep_groups(sender: AppConfig, **kwargs: Any) -> None:
    """Give both groups their permissions on the models of one app.

    A receiver of `post_migrate`, so that new permissions are given with the migration
    that brings them. What somebody has changed in the two groups is set back: whoever
    wants another division makes groups of their own.
    """
    if sender.label not in _APPS:
        return
    apps: Apps = kwargs.get("apps", global_apps)
    using = kwargs.get("using", "default")
    # Django's own receiver, which makes them, comes after this one.
    create_permissions(sender, verbosity=0, using=using, apps=apps)
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:  # migrated to a time before them
        return
    of_app = permission_model.objects.using(using).filter(
        content_type__app_label=sender.label
    )
    for name, wanted in GROUPS.items():
        group, _ = group_model.objects.using(using).get_or_create(name=name)
        held = [p for p in of_app if _is_held(sender.label, p.codename, wanted)]
        group.permissions.remove(*(p for p in of_app if p not in held))
        group.permissions.add(*held)


def _is_held(app: str, codename: str, wanted: frozenset[str]) -> bool:
    is_read = app in READ_APPS and codename.startswith("view_")
    return is_read or f"{app}.{codename}" in wanted
