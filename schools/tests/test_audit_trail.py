"""The audit trail: append-only, and for support to look through."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from schools.audit import COMMAND_LINE, SCHEDULE, Actor, record
from schools.models import AuditEntry, District
from schools.models.audit import AppendOnlyError

pytestmark = pytest.mark.django_db

TRAIL = "/admin/schools/auditentry/"


@pytest.fixture
def ann():
    return User.objects.create_superuser("ann@navsync.example", "secret")


@pytest.fixture
def support(client, settings, ann):
    settings.SUPPORT_MFA_REQUIRED = False
    client.force_login(ann)
    return client


@pytest.fixture
def entry(maple, ann):
    return record(maple, Actor("Ann", ann, "10.0.0.9"), "moved date", "Maple")


def change(entry):
    entry.note = "Something else"
    entry.save()


@pytest.mark.parametrize(
    "deed",
    [
        change,
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.all().delete(),
        lambda entry: AuditEntry.objects.update(note="Something else"),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["note"]),
        lambda entry: entry.district.audit_entries.all().delete(),
    ],
    ids=["save", "delete", "delete all", "update", "bulk update", "of a district"],
)
def test_no_program_of_ours_changes_or_deletes_an_entry(entry, deed):
    with pytest.raises(AppendOnlyError):
        deed(entry)

    assert AuditEntry.objects.get().note == ""


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="only PostgreSQL has the trigger"
)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE schools_auditentry SET note = 'x'",
        "UPDATE schools_auditentry SET actor_id = NULL, actor_name = 'x'",
        "DELETE FROM schools_auditentry",
    ],
)
def test_nobody_at_the_database_changes_or_deletes_an_entry(entry, sql):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)

    assert AuditEntry.objects.count() == 1


def test_an_entry_outlives_the_identity_of_its_actor(entry, ann):
    ann.delete()

    kept = AuditEntry.objects.get()
    assert (kept.actor, kept.actor_name) == (None, "Ann")


def test_the_entries_of_a_district_go_with_it_once_its_deletion_has_begun(entry, maple):
    District.objects.update(deletion_begun_at=timezone.now())

    maple.delete()

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("actor", "origin"),
    [
        (Actor("Ann", None, "10.0.0.9"), "10.0.0.9"),
        (COMMAND_LINE, "the command line"),
        (SCHEDULE, "by itself"),
        (Actor("Ann"), ""),
    ],
)
def test_an_entry_says_from_where_it_was_done(maple, actor, origin):
    assert record(maple, actor, "moved date").origin == origin


# Support's list


@pytest.fixture
def some(maple, cedar, ann):
    """Entries of each kind, in two districts."""
    dana = User.objects.create_user("dana@maple.example", first_name="Dana")
    record(maple, Actor("Dana", dana, "10.0.0.7"), "edited account", "by Dana")
    record(cedar, Actor("Ann", ann, "10.0.0.9"), "moved date", "by Ann")
    record(maple, COMMAND_LINE, "loaded staff", "by command")
    record(maple, SCHEDULE, "launched district", "by itself")
    record(None, Actor("Somebody", None, "10.9.9.9"), "refused invitation", "by who")


def targets(support, query):
    page = support.get(f"{TRAIL}?{query}")
    assert page.status_code == 200
    return {entry.target for entry in page.context["cl"].queryset}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=support", {"by Ann"}),
        ("actor=district", {"by Dana"}),
        ("actor=nobody", {"by who"}),
        ("actor=Schedule", {"by itself"}),
        ("actor=Command+line", {"by command"}),
        ("actor_name__exact=Dana", {"by Dana"}),
        ("verb=moved+date", {"by Ann"}),
        ("at__gte=2999-01-01+00:00:00%2B00:00", set()),
        ("q=itself", {"by itself"}),
    ],
)
def test_support_finds_entries_by_actor_verb_and_date(support, some, query, found):
    assert targets(support, query) == found


def test_support_finds_entries_by_district(support, some, cedar):
    assert targets(support, f"district={cedar.pk}") == {"by Ann"}


def test_a_name_leads_to_all_its_person_did(support, some):
    page = support.get(TRAIL).content.decode()

    assert '<a href="?actor_name__exact=Dana">Dana</a>' in page
    assert "the command line" in page
