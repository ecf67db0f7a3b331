"""Deeds on other packages' pages and with passwords are in the audit trail, too."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from accounts.models import User
from accounts.password_reset import send_password_reset
from schools.audited_admin import AuditedAdmin
from schools.models import AuditEntry
from tests.cast import PASSWORD, make_admin, make_district, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(settings, client):
    settings.SUPPORT_MFA_REQUIRED = False
    client.force_login(User.objects.create_superuser("ann@navsync.example", "secret"))
    return client


def newest():
    entry = AuditEntry.objects.first()
    assert entry is not None
    return entry


def test_every_page_of_the_admin_keeps_the_trail():
    assert [
        model.__name__
        for model, page in site._registry.items()
        if not isinstance(page, AuditedAdmin)
    ] == []


def test_whoever_changes_a_group_is_on_record(support):
    group = Group.objects.create(name="Trainees")
    right = Permission.objects.get(codename="view_district")

    support.post(
        reverse("admin:auth_group_change", args=[group.pk]),
        {"name": "Trainees", "permissions": [right.pk]},
    )

    entry = newest()
    assert (entry.verb, entry.target) == ("changed group", "Trainees")
    assert (entry.actor_name, entry.address) == ("ann@navsync.example", "127.0.0.1")
    assert entry.changes == {"permissions": [[], [str(right)]]}


def test_whoever_takes_a_second_factor_away_is_on_record(support):
    lee = User.objects.create_superuser("lee@navsync.example", "secret")
    factor = Authenticator.objects.create(user=lee, type="totp", data={"secret": "S3"})

    support.post(
        reverse("admin:mfa_authenticator_delete", args=[factor.pk]), {"post": "yes"}
    )

    assert newest().verb == "deleted authenticator"
    assert newest().district is None
    assert "S3" not in str(newest().changes)


@pytest.mark.parametrize("model", [EmailAddress, Authenticator, SocialAccount])
def test_a_district_reads_what_is_taken_from_a_person_of_its_own(support, model):
    oak = make_district("oak")
    dana = make_admin(oak)
    fields = {
        EmailAddress: {"email": dana.email},
        Authenticator: {"type": "totp", "data": {"secret": "S3"}},
        SocialAccount: {"provider": "clever", "uid": "person-1"},
    }
    taken = model.objects.create(user=dana, **fields[model])
    name = f"{model._meta.app_label}_{model._meta.model_name}"

    support.post(reverse(f"admin:{name}_delete", args=[taken.pk]), {"post": "yes"})

    assert not model.objects.filter(pk=taken.pk)
    assert newest().verb.startswith("deleted ")
    assert newest().district == oak


def test_whoever_stops_a_schedule_is_on_record(support):
    every = IntervalSchedule.objects.create(every=5, period="minutes")
    task = PeriodicTask.objects.create(name="Sync", task="sync", interval=every)

    answer = support.post(
        reverse("admin:django_celery_beat_periodictask_change", args=[task.pk]),
        {
            "name": "Sync",
            "regtask": "",
            "task": "sync",
            "interval": every.pk,
            "args": "[]",
            "kwargs": "{}",
            "headers": "{}",
        },
    )

    assert answer.status_code == 302
    task.refresh_from_db()
    assert not task.enabled
    assert newest().verb == "changed periodic task"
    assert newest().changes["enabled"] == [True, False]


def test_several_deleted_at_once_are_an_entry_each(support):
    people = [User.objects.create_user(f"{n}@oak.example") for n in range(2)]
    kept = [EmailAddress.objects.create(user=p, email=p.email) for p in people]

    support.post(
        reverse("admin:account_emailaddress_changelist"),
        {
            "action": "delete_selected",
            "_selected_action": [address.pk for address in kept],
            "post": "yes",
        },
    )

    assert not EmailAddress.objects.exists()
    assert AuditEntry.objects.filter(verb="deleted email address").count() == 2


def test_lists_offer_no_action_that_goes_past_the_trail(support):
    PeriodicTask.objects.create(
        name="Sync",
        task="sync",
        interval=IntervalSchedule.objects.create(every=5, period="minutes"),
    )

    page = support.get(reverse("admin:django_celery_beat_periodictask_changelist"))

    for action in ("enable_tasks", "disable_tasks", "toggle_tasks", "run_tasks"):
        assert action not in page.content.decode()


# Passwords and second factors


@pytest.fixture(autouse=True)
def _no_throttle():
    cache.clear()


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def dana(oak):
    return make_admin(oak)


def test_a_changed_password_is_on_record_in_the_district(oak, dana):
    signed_in(dana).post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "a brand new horse",
            "password2": "a brand new horse",
        },
    )

    entry = oak.audit_entries.get()
    assert (entry.verb, entry.actor_name) == ("set own password", "Dana Whitfield")
    assert entry.address == "127.0.0.1"
    assert "horse" not in str(entry.__dict__)


def test_a_second_factor_is_on_record_and_its_secret_is_not(
    oak, dana, django_capture_on_commit_callbacks
):
    client = signed_in(dana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session[totp.SECRET_SESSION_KEY]
    code = totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))

    with django_capture_on_commit_callbacks(execute=True):
        given = {"code": totp.format_hotp_value(code)}
        client.post(reverse("mfa_activate_totp"), given)

    entry = oak.audit_entries.get(target="TOTP Authenticator")
    assert entry.verb == "added second factor"
    assert (entry.actor_name, entry.address) == ("Dana Whitfield", "127.0.0.1")
    assert secret not in str(entry.__dict__)


def test_asking_for_a_new_password_keeps_nobody_from_a_second_factor(oak, dana):
    """Whoever asks: a stranger knows the address of support."""
    send_password_reset(dana.email)
    client = signed_in(dana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_an_address_that_an_identity_had_before_resets_its_password_no_more(
    dana, mailoutbox
):
    old = dana.email
    EmailAddress.objects.create(user=dana, email=old)
    User.objects.filter(pk=dana.pk).update(email="dana@new.example")

    send_password_reset(old)
    send_password_reset("dana@new.example")

    assert [message.to for message in mailoutbox] == [["dana@new.example"]]


def test_a_password_that_is_reset_by_a_mailed_link_is_on_record(oak, dana, mailoutbox):
    client = Client()
    send_password_reset(dana.email)
    [link] = re.findall(rf"{settings.SITE_URL}(/\S+)", str(mailoutbox[0].body))
    form = client.get(link, follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": "a new horse", "password2": "a new horse"})

    entry = oak.audit_entries.get(verb="set own password")
    assert (entry.actor_name, entry.address) == ("Dana Whitfield", "127.0.0.1")
