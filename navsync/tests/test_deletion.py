"""What left is deleted when its time is over: all of it, and nothing of others."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from model_bakery import baker

from accounts.models import ConsoleVisit, Invitation, Mail, StaffAccount, User
from accounts.services import deletion
from navsync import tasks
from navsync.leaving.export import ask_for_export, make_export
from schools.audit import Actor, record
from schools.models import AuditEntry, District
from schools.owned import owned_models
from tests.cast import make_account, make_district, make_run, make_school

pytestmark = pytest.mark.django_db

SAM = Actor("Sam Ortiz", address="10.0.0.9")


@pytest.fixture(autouse=True)
def retention(settings):
    settings.RETENTION_DAYS = 90


def left(district, days=91):
    """The district was disconnected so many days ago."""
    at = timezone.now() - timedelta(days=days)
    District.objects.filter(pk=district.pk).update(disconnected_at=at)
    return district


def fill(district, user):
    """Make a row of each model that belongs to the district, tied to each other."""
    made: dict[type[models.Model], models.Model] = {District: district, User: user}
    for owned in reversed(owned_models()):
        keys: dict[str, Any] = {
            field.name: made[field.related_model]
            for field in owned.model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model in made
        }
        made[owned.model] = baker.make(owned.model, **keys)
    return made


def counts(district):
    return {owned.model: owned.rows(district.pk).count() for owned in owned_models()}


def person(district, email, **changes):
    user = User.objects.create_user(email, "secret", **changes)
    make_account(district, user=user, email=email, last_name=email)
    return user


def test_nothing_is_left_of_a_district_and_nothing_of_another_is_touched():
    oak, elm = left(make_district("oak")), make_district("elm")
    fill(oak, person(oak, "dana@oak.example"))
    fill(elm, person(elm, "dana@elm.example"))
    before = counts(elm)
    assert all(counts(oak).values()), "each model has a row to delete"

    assert deletion.delete_departed(timezone.now()) == ["oak"]

    assert not any(counts(oak).values())
    assert counts(elm) == before
    assert list(District.objects.values_list("slug", flat=True)) == ["elm"]


def test_models_are_in_an_order_in_which_no_key_is_in_the_way():
    order = [owned.model for owned in owned_models()]

    for place, model in enumerate(order):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model in order:
                later = order.index(field.related_model)
                assert later > place or field.related_model is model, field


def test_one_entry_stays_that_names_none_of_its_people():
    oak = left(make_district("oak"))
    fill(oak, person(oak, "dana@oak.example"))
    record(oak, SAM, "disconnected district", "Oak", note="Dana asked for it")

    deletion.delete_departed(timezone.now())

    entry = AuditEntry.objects.get(verb="deleted district")
    assert (entry.district, entry.target) == (None, "Oak Unified")
    assert entry.actor_name == "Schedule"
    assert entry.changes == {"clever_id": ["clever-oak", None]}
    assert "Dana" not in f"{entry.note}{entry.target}{entry.changes}"
    assert not AuditEntry.objects.exclude(pk=entry.pk).exists()


@pytest.mark.parametrize(("days", "is_there"), [(89, True), (90, False)])
def test_a_district_is_kept_for_the_retention_time(days, is_there):
    left(make_district("oak"), days)

    tasks.delete_departed_districts()

    assert District.objects.exists() is is_there


def test_a_district_is_kept_until_its_data_is_written_and_support_is_told_once(
    settings,
):
    oak, elm = left(make_district("oak")), left(make_district("elm"))
    export = ask_for_export(oak, timezone.now())

    tasks.delete_departed_districts()
    tasks.delete_departed_districts()

    assert list(District.objects.values_list("slug", flat=True)) == ["oak"]
    told = Mail.objects.get()
    assert (told.district, told.to) == (oak, settings.SUPPORT_EMAIL)
    assert told.subject == "Oak Unified is not deleted: its data is not written"

    make_export(export.pk)
    tasks.delete_departed_districts()

    assert not District.objects.filter(pk__in=[oak.pk, elm.pk]).exists()


def test_a_district_that_is_connected_is_never_deleted():
    make_district("oak", created_at=timezone.now() - timedelta(days=999))

    tasks.delete_departed_districts()

    assert District.objects.exists()


def test_identities_without_an_account_elsewhere_go_and_support_stays():
    oak, elm = left(make_district("oak")), make_district("elm")
    gone = person(oak, "gone@oak.example")
    make_account(make_school(oak), user=gone)
    SocialAccount.objects.create(user=gone, provider="clever", uid="u1")
    both = person(oak, "both@oak.example")
    make_account(elm, user=both)
    person(oak, "sam@navsync.example", is_staff=True)
    person(oak, "root@navsync.example", is_superuser=True)
    User.objects.create_user("nobody@navsync.example", "secret")
    gones = record(elm, Actor("Gone", user=gone), "saw", "Elm")

    deletion.delete_departed(timezone.now())

    assert set(User.objects.values_list("email", flat=True)) == {
        "both@oak.example",
        "sam@navsync.example",
        "root@navsync.example",
        "nobody@navsync.example",
    }
    assert StaffAccount.objects.get().user == both
    assert not SocialAccount.objects.exists()
    gones.refresh_from_db()
    assert (gones.actor, gones.actor_name) == (None, "Gone")


@pytest.fixture
def traced():
    """People without an account, tied to the departed Oak by a trace each."""
    oak = left(make_district("oak"))
    account = make_account(oak, last_name="Free", clever_id="u1")
    used, came, acted = (
        User.objects.create_user(f"{name}@oak.example", "secret")
        for name in ("used", "came", "acted")
    )
    baker.make(Invitation, district=oak, account=account, used_by=used)
    SocialAccount.objects.create(user=came, provider="clever", uid="u1")
    record(oak, Actor("Acted", user=acted), "set password")
    return {"used": used, "came": came, "acted": acted}


def emails():
    return set(User.objects.values_list("email", flat=True))


def test_an_identity_that_lost_its_only_account_goes_by_what_is_left_of_it(traced):
    deletion.delete_departed(timezone.now())

    assert not District.objects.exists()
    assert emails() == set()
    assert not SocialAccount.objects.exists()


def test_who_has_an_account_elsewhere_stays_whatever_their_traces(traced):
    for user in traced.values():
        make_account(make_district(f"elm-{user.pk}"), user=user)

    deletion.delete_departed(timezone.now())

    assert len(emails()) == len(traced)


def test_who_has_left_a_trace_elsewhere_goes_with_the_last_of_them(traced):
    elm = make_district("elm")
    record(elm, Actor("Acted", user=traced["acted"]), "set password")

    deletion.delete_departed(timezone.now())
    assert emails() == {"acted@oak.example"}

    left(elm)
    deletion.delete_departed(timezone.now())
    assert emails() == set()


@pytest.mark.parametrize("how", ["is_staff", "is_superuser", "group", "permission"])
def test_support_stays_whatever_they_did_in_the_district(traced, how):
    for user in traced.values():
        if how == "group":
            user.groups.add(Group.objects.first())
        elif how == "permission":
            user.user_permissions.add(Permission.objects.first())
        else:
            User.objects.filter(pk=user.pk).update(**{how: True})
    make_account(District.objects.get(), user=traced["used"])

    deletion.delete_departed(timezone.now())

    assert len(emails()) == len(traced)


def test_who_once_was_of_support_takes_no_record_of_others_along(traced):
    elm = make_district("elm")
    LogEntry.objects.create(
        user=traced["acted"],
        content_type=ContentType.objects.get_for_model(elm),
        object_id=str(elm.pk),
        object_repr="Elm",
        action_flag=CHANGE,
    )
    baker.make(ConsoleVisit, district=elm, visitor=traced["used"])

    deletion.delete_departed(timezone.now())

    assert emails() == {"used@oak.example", "acted@oak.example"}
    assert LogEntry.objects.exists()
    assert ConsoleVisit.objects.exists()


def test_the_admins_log_forgets_its_people_too():
    oak, elm = left(make_district("oak")), make_district("elm")
    sam = User.objects.create_superuser("sam@navsync.example", "secret")
    user = person(oak, "dana@oak.example")
    kept = StaffAccount.objects.get(user=person(elm, "dana@elm.example"))
    for changed in (user, StaffAccount.objects.get(user=user), kept):
        LogEntry.objects.create(
            user=sam,
            content_type=ContentType.objects.get_for_model(changed),
            object_id=str(changed.pk),
            object_repr=str(changed),
            action_flag=CHANGE,
        )

    deletion.delete_departed(timezone.now())

    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(kept.pk)]


def test_rows_are_deleted_some_at_a_time(monkeypatch):
    monkeypatch.setattr(deletion, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(deletion, "PEOPLE_AT_ONCE", 2)
    oak = left(make_district("oak"))
    for number in range(5):
        person(oak, f"{number}@oak.example")
        earlier = oak.import_runs.first()
        make_run(oak, base_run=earlier)

    deletion.delete_departed(timezone.now())

    assert not District.objects.exists()
    assert not User.objects.exists()
    assert not StaffAccount.objects.exists()


def test_a_deletion_that_broke_off_is_taken_up(monkeypatch):
    oak = left(make_district("oak"))
    fill(oak, person(oak, "dana@oak.example"))

    def break_off(_district):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(deletion, "finish_deletion", break_off)
        with pytest.raises(ConnectionError):
            deletion.delete_departed(timezone.now())
    assert District.objects.get().deletion_begun_at is not None

    deletion.delete_departed(timezone.now())
    deletion.delete_departed(timezone.now())

    assert not District.objects.exists()
    assert AuditEntry.objects.filter(verb="deleted district").count() == 1
