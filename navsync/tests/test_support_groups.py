"""Support and support leads: what each group may, and that nobody gets more by it."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from accounts.models import User
from accounts.password_reset import send_password_reset
from navsync.schedule import SYNC_TASK
from navsync.support.groups import GROUPS, LEAD, SUPPORT, keep_groups
from schools.models import AuditEntry, School
from schools.support_actions import all_actions
from schools.support_pages import action_address
from tests.cast import make_district, make_school

pytestmark = pytest.mark.django_db

ORDINARY = {
    "activate",
    "move-launch-date",
    "decline-wish",
    "mark-materials-reviewed",
    "take-back-materials-review",
    "start-test",
    "start-sync",
    "resend-invitations",
    "invite-admin",
}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.SUPPORT_MFA_REQUIRED = False


@pytest.fixture
def oak(db):
    soon = (timezone.now() + timedelta(days=20)).date()
    now = timezone.now()
    facts = {"first_final_at": now, "materials_reviewed_at": now}
    return make_district("oak", launch_date=soon, **facts)


def member(client, *groups, **fields):
    """Sign in somebody of support who is in the groups."""
    user = User.objects.create_user(
        "sam@navsync.example", "secret-password", is_staff=True, **fields
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return user


def names(permissions):
    pairs = permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in pairs}


@pytest.mark.parametrize("group", [SUPPORT, LEAD])
def test_each_permission_of_a_group_is_one_there_is(group):
    held = names(Group.objects.get(name=group).permissions)

    assert held >= GROUPS[group]
    assert {"schools.view_auditentry", "accounts.view_mail"} <= held
    assert (
        held - GROUPS[group]
        == {name for name in held if name.partition(".")[2].startswith("view_")}
        - GROUPS[group]
    )


def test_the_groups_are_set_back_by_a_migration_and_others_left(db):
    support = Group.objects.get(name=SUPPORT)
    own = Group.objects.create(name="Night shift")
    launch = Permission.objects.get(codename="launch_district")
    for group in (support, own):
        group.permissions.set([launch])

    keep_groups(apps.get_app_config("schools"))
    keep_groups(apps.get_app_config("schools"))

    assert "schools.launch_district" not in names(support.permissions)
    assert "schools.move_launch_date" in names(support.permissions)
    assert names(own.permissions) == {"schools.launch_district"}
    assert Group.objects.filter(name=SUPPORT).count() == 1


@pytest.mark.parametrize("action", [action.name for action in all_actions()], ids=str)
def test_support_does_what_is_ordinary_and_leads_do_all(client, oak, action):
    [wanted] = [found for found in all_actions() if found.name == action]
    address = action_address(wanted, [oak])
    user = member(client, SUPPORT)

    as_support = client.post(address, {})
    user.groups.set(Group.objects.filter(name=LEAD))
    as_lead = client.post(address, {})

    assert as_support.status_code == (200 if action in ORDINARY else 403)
    assert as_lead.status_code == 200


def test_a_button_nobody_may_press_is_not_there(client, oak):
    user = member(client, SUPPORT)
    page = f"/admin/schools/district/{oak.pk}/change/"

    as_support = client.get(page).content.decode()
    user.groups.set(Group.objects.filter(name=LEAD))
    as_lead = client.get(page).content.decode()

    assert "/action/move-launch-date/" in as_support
    assert "/action/launch/" not in as_support
    assert 'name="_save"' not in as_support
    assert "/action/launch/" in as_lead
    assert 'name="_save"' in as_lead


def test_who_is_no_member_of_support_is_not_let_in_whatever_their_group(client, oak):
    user = member(client, LEAD)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    pause = next(action for action in all_actions() if action.name == "pause")

    answer = client.post(action_address(pause, [oak]), {"why": "x"})

    oak.refresh_from_db()
    assert answer.status_code == 302
    assert not oak.is_paused


def test_support_edits_no_school_and_leads_do(client, oak):
    school = make_school(oak)
    page = f"/admin/schools/school/{school.pk}/change/"
    form = {"school_id": school.school_id, "name": "Lincoln Academy"}
    user = member(client, SUPPORT)

    as_support = client.post(page, form)
    user.groups.set(Group.objects.filter(name=LEAD))
    as_lead = client.post(page, form)

    assert (as_support.status_code, as_lead.status_code) == (403, 302)
    assert School.objects.get().name == "Lincoln Academy"


def test_support_loads_schools_from_files_and_leads_add_them_by_form(client, oak):
    user = member(client, SUPPORT)
    form = {"district": oak.pk, "school_id": "S1", "name": "Lincoln"}

    listed = client.get("/admin/schools/school/").text
    as_support = client.post("/admin/schools/school/add/", form)
    files = client.get("/admin/schools/school/import/")
    user.groups.set(Group.objects.filter(name=LEAD))
    as_lead = client.post("/admin/schools/school/add/", form)

    assert "/admin/schools/school/import/" in listed
    assert "/admin/schools/school/add/" not in listed
    assert (as_support.status_code, files.status_code) == (403, 200)
    assert as_lead.status_code == 302
    assert School.objects.get().name == "Lincoln"


def user_form(user, **changes):
    return {"email": user.email, "is_active": "on", "is_staff": "on", **changes}


def test_a_lead_gives_a_colleague_a_group_and_no_more_than_they_hold(client):
    member(client, LEAD)
    lee = User.objects.create_user("lee@navsync.example", "secret-password")
    all_of_it = Group.objects.create(name="Everything")
    all_of_it.permissions.set(Permission.objects.all())
    page = f"/admin/accounts/user/{lee.pk}/change/"
    lead = Group.objects.get(name=LEAD)

    too_much = client.post(page, user_form(lee, groups=[all_of_it.pk]))
    forged = client.post(
        page, user_form(lee, groups=[lead.pk], is_superuser="on", user_permissions=[1])
    )

    lee.refresh_from_db()
    assert "is not one of the available choices" in too_much.content.decode()
    assert forged.status_code == 302
    assert list(lee.groups.all()) == [lead]
    assert lee.is_staff
    assert not lee.is_superuser
    assert not lee.user_permissions.exists()


def test_a_lead_changes_nobody_who_holds_more(client):
    lead = member(client, LEAD)
    root = User.objects.create_superuser("root@navsync.example", "secret-password")
    other = User.objects.create_user("lee@navsync.example", "secret-password")
    other.user_permissions.add(Permission.objects.get(codename="delete_group"))

    for above in (root, other):
        page = f"/admin/accounts/user/{above.pk}/change/"
        assert 'name="_save"' not in client.get(page).content.decode()
        assert (
            client.post(page, user_form(above, email="x@x.example")).status_code == 403
        )
    own = f"/admin/accounts/user/{lead.pk}/change/"
    groups = [group.pk for group in lead.groups.all()]
    assert client.post(own, user_form(lead, groups=groups)).status_code == 302


def test_only_superusers_set_a_password_and_it_is_in_the_audit_trail(client):
    member(client, LEAD)
    lee = User.objects.create_user("lee@navsync.example", "secret-password")
    page = f"/admin/accounts/user/{lee.pk}/password/"
    sent = {"password1": "a horse of another color", "usable_password": "true"}
    sent["password2"] = sent["password1"]

    seen_by_lead = client.get(f"/admin/accounts/user/{lee.pk}/change/").text
    as_lead = client.post(page, sent)
    root = User.objects.create_superuser("root@navsync.example", "secret-password")
    client.force_login(root)
    as_root = client.post(page, sent)

    lee.refresh_from_db()
    assert "Reset password" not in seen_by_lead
    assert (as_lead.status_code, as_root.status_code) == (403, 302)
    assert lee.check_password(sent["password1"])
    entry = AuditEntry.objects.get(verb="set password")
    assert (entry.actor_name, entry.target) == (str(root), str(lee))
    assert sent["password1"] not in str(entry.changes)


def test_whom_a_lead_adds_sets_their_own_password_by_mail(client, mailoutbox):
    member(client, LEAD)

    asked = client.get("/admin/accounts/user/add/").text
    client.post("/admin/accounts/user/add/", {"email": "Lee@navsync.example"})
    send_password_reset("lee@navsync.example")

    assert 'type="password"' not in asked
    lee = User.objects.get(email="lee@navsync.example")
    assert not lee.has_usable_password()
    assert mailoutbox[0].to == ["lee@navsync.example"]


def task_page(task):
    return f"/admin/django_celery_beat/periodictask/{task.pk}/change/"


@pytest.fixture
def hourly(db):
    return CrontabSchedule.objects.create(minute="0", hour="*")


@pytest.fixture
def daily(db):
    return CrontabSchedule.objects.create(minute="0", hour="4")


def test_a_lead_changes_when_syncs_start_and_not_what_they_do(client, hourly, daily):
    member(client, LEAD)
    sync = PeriodicTask.objects.create(name="Sync", task=SYNC_TASK, crontab=daily)
    forged = {"name": "x", "task": "navsync.tasks.delete_departed_districts"}
    forged |= {"regtask": forged["task"], "args": "[1]", "queue": "nowhere"}

    page = client.get(task_page(sync)).content.decode()
    sent = client.post(task_page(sync), {**forged, "crontab": hourly.pk})

    fields = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page))
    assert {name for name in fields if not name.startswith(("_", "csrf"))} == {
        *("enabled", "interval", "crontab"),
    }
    assert sent.status_code == 302
    sync.refresh_from_db()
    assert (sync.name, sync.task, sync.args, sync.queue) == (
        *("Sync", SYNC_TASK, "[]", None),
    )
    assert (sync.crontab, sync.enabled) == (hourly, False)
    entry = AuditEntry.objects.get(verb="changed periodic task")
    assert entry.changes["enabled"] == [True, False]


def test_a_lead_switches_no_deletion_or_launch_off(client, daily):
    member(client, LEAD)
    task = PeriodicTask.objects.create(
        name="Delete", task="navsync.tasks.delete_departed_districts", crontab=daily
    )
    pages = "/admin/django_celery_beat/periodictask/"

    page = client.get(task_page(task))

    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(task_page(task), {"crontab": daily.pk}).status_code == 403
    assert client.get(f"{pages}add/").status_code == 403
    assert client.post(f"{pages}{task.pk}/delete/", {"post": "yes"}).status_code == 403
    task.refresh_from_db()
    assert task.enabled


def test_no_right_but_a_superusers_opens_the_tasks(client, daily):
    user = member(client)
    rights = Permission.objects.filter(content_type__model="periodictask")
    user.user_permissions.set(rights)
    task = PeriodicTask.objects.create(name="Launch", task="launch", crontab=daily)

    as_member = client.post(task_page(task), {"crontab": daily.pk})
    client.force_login(User.objects.create_superuser("root@navsync.example", "secret"))
    form = {"name": "Launches", "task": "launch", "regtask": "", "crontab": daily.pk}
    form |= {"args": "[]", "kwargs": "{}", "headers": "{}", "enabled": "on"}
    as_root = client.post(task_page(task), form)

    task.refresh_from_db()
    assert (as_member.status_code, as_root.status_code) == (403, 302)
    assert task.name == "Launches"
