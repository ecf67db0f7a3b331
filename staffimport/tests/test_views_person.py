"""One person's page: accounts side by side, Clever's side, what ever happened."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, JobFunction, Right, User, UserRole
from schools.audit import Actor, record
from staffimport.core.decisions import Choice
from staffimport.core.snapshot import RosterPerson, RosterSchool, Snapshot
from staffimport.core.values import DecisionKind
from staffimport.services.decide import decide, take_back
from staffimport.store import snapshots
from tests.cast import (
    make_account,
    make_admin,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
    signed_in,
)

pytestmark = pytest.mark.django_db

KIM = Actor("Kim Marsh")


@pytest.fixture
def oak():
    return make_district("oak", first_final_at=timezone.now())


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


@pytest.fixture
def lincoln(oak):
    school = make_school(oak)
    make_match(school)
    return school


@pytest.fixture
def jordan(oak, lincoln):
    role = UserRole.objects.create(district=oak, name="Teacher")
    function = JobFunction.objects.create(district=oak, name="Teaching")
    return make_account(
        lincoln,
        clever_id="c1",
        job_title="Teacher",
        user_role=role,
        job_function=function,
        origin="import",
    )


def page(client, account, query=""):
    address = reverse("staffimport:staff_person", args=[account.pk])
    return client.get(f"{address}?{query}")


def pull(district, *people, **teaching):
    """Store a snapshot with Lincoln and these people."""
    match = district.school_matches.get()
    school = RosterSchool(match.clever_school.clever_id, "Lincoln High (Clever)")
    unmatched = RosterSchool("s2", "Harbor Academy")
    found = Snapshot("d", schools=[school, unmatched], people=[*people])
    found.teaching = teaching
    return snapshots.save(district, found)


def in_clever(clever_id="c1", **changes):
    fields = {
        "first": "Jordan",
        "last": "Lee",
        "email": "jlee@oak.example",
        "is_staff": True,
        "staff_title": "Teacher",
        **changes,
    }
    return RosterPerson(clever_id, **fields)


def applied(district, *rows, kind="final", **changes):
    run = make_run(district, kind, applied_at=timezone.now(), **changes)
    return run, make_rows(run, *({"state": "applied", **row} for row in rows))


def cells(response, field):
    """A field of each account: value and where it comes from."""
    (row,) = [row for row in response.context["rows"] if row.name == field]
    return [(cell.value, cell.source) for cell in row.cells]


def told(response):
    return [(event.kind, event.text) for event, _ in response.context["chapters"]]


def test_accounts_stand_side_by_side_with_clever_on_the_left(client, oak, jordan):
    roosevelt = make_school(oak, "Roosevelt")
    make_account(roosevelt, clever_id="c1", email="lee@oak.example")
    pull(oak, in_clever())

    found = page(client, jordan)

    assert [place for _, place in found.context["accounts"]] == [
        "Lincoln High School",
        "Roosevelt",
    ]
    (row,) = [row for row in found.context["rows"] if row.name == "E-mail"]
    assert row.clever == "jlee@oak.example"
    assert [cell.value for cell in row.cells] == ["jlee@oak.example", "lee@oak.example"]


def test_a_field_says_which_run_and_which_keyword_it_comes_from(client, oak, jordan):
    created = {
        "outcome": "created",
        "account_id": jordan.pk,
        "keyword": "teacher",
        "writes": True,
    }
    changed = {"account_id": jordan.pk, "changes": {"job_title": ["Sub", "Teacher"]}}
    final, (row,) = applied(oak, created)
    sync, _ = applied(oak, {**changed, "writes": True}, kind="sync")

    found = page(client, jordan)

    assert cells(found, "Last name") == [("Lee", f"Clever, Final import {final.pk}")]
    assert cells(found, "Job title") == [("Teacher", f"Clever, Sync {sync.pk}")]
    assert cells(found, "User role") == [
        ("Teacher", f"Keyword “teacher”, Final import {final.pk}")
    ]
    assert f'href="/runs/{final.pk}/rows/{row.pk}/"' in found.text


def test_the_default_is_named_where_no_keyword_fitted(client, oak, jordan):
    row = {"outcome": "created", "account_id": jordan.pk, "writes": True}
    final, _ = applied(oak, row)

    found = page(client, jordan)

    assert cells(found, "Job function") == [
        ("Teaching", f"Default, Final import {final.pk}")
    ]


def test_what_support_loaded_and_what_somebody_typed_is_told_apart(client, oak, jordan):
    jordan.origin = "loaded"
    jordan.created_at = timezone.now() - timedelta(days=9)
    jordan.save()
    changes = {"email": ["old@oak.example", jordan.email]}
    record(oak, KIM, "edited account", "Lee", about=jordan.pk, changes=changes)

    found = page(client, jordan)

    assert cells(found, "Last name") == [("Lee", "Loaded by Naviance Support")]
    assert cells(found, "E-mail") == [("jlee@oak.example", "By hand, Kim Marsh")]


def test_an_undo_is_named_as_what_put_a_value_back(client, oak, jordan):
    row = {"account_id": jordan.pk, "writes": True}
    sync, _ = applied(oak, {**row, "changes": {"job_title": ["Teacher", "X"]}})
    undo, _ = applied(
        oak,
        {**row, "changes": {"job_title": ["X", "Teacher"]}},
        kind="undo",
        base_run=sync,
    )

    found = page(client, jordan)

    assert cells(found, "Job title") == [("Teacher", f"Put back by Undo {undo.pk}")]
    assert f"Undone by Undo {undo.pk}." in found.text
    assert 'data-kind="undo"' in found.text


def test_a_pinned_field_shows_what_clever_says_instead(client, oak, jordan):
    jordan.pinned_fields = ["email"]
    jordan.save()
    pull(oak, in_clever(email="jordan@clever.example", staff_title="Dean"))

    found = page(client, jordan)

    assert "Clever says “jordan@clever.example”" in found.text
    assert "Clever says “Dean”: the next import brings it" in found.text
    (row,) = [row for row in found.context["rows"] if row.name == "E-mail"]
    assert [cell.is_pinned for cell in row.cells] == [True]


def test_clevers_side_tells_roles_schools_and_sections(client, oak, jordan):
    school = oak.school_matches.get().clever_school.clever_id
    person = in_clever(
        is_teacher=True,
        teacher_title="Teacher, Math",
        teacher_id="0042",
        teacher_schools=(school,),
        staff_schools=("s2",),
    )
    pull(oak, person, c1=(school,))

    found = page(client, jordan)

    (user,) = found.context["side"].users
    assert [(r.name, r.title, r.employee_id, r.schools) for r in user.roles] == [
        ("Teacher", "Teacher, Math", "0042", ("Lincoln High (Clever)",)),
        ("Staff (School Admins in Clever)", "Teacher", "", ("Harbor Academy",)),
    ]
    assert user.section_schools == ("Lincoln High (Clever)",)
    assert user.places == (("Lincoln High School", "Teacher of a section"),)
    assert user.nowhere == (
        "Harbor Academy is not matched to a Naviance school, so nobody there is "
        "imported. Match it on Match Schools.",
    )


def test_somebody_gone_from_clever_is_said_to_be(client, oak, jordan):
    pull(oak, in_clever("c2"))

    assert "No longer in Clever" in page(client, jordan).text


def test_without_a_pull_or_a_tie_the_page_says_what_is_missing(client, oak, jordan):
    assert "Nothing read from Clever yet" in page(client, jordan).text
    pull(oak)
    jordan.clever_id = ""
    jordan.save()

    assert "An import ties an account when it finds a person" in (
        page(client, jordan).text
    )


def test_at_the_district_a_tie_goes_by_last_name_and_e_mail_alone(client, oak, jordan):
    dana = make_account(oak, first_name="Dana", last_name="Cruz")
    pull(oak)

    shown = page(client, dana).text

    assert "finds district staff in Clever with the same last name and e-mail." in shown
    assert "at the same school" not in shown


def test_what_somebody_may_do_is_told_even_where_it_is_nothing(client, oak):
    dana = make_account(oak, first_name="Dana", last_name="Cruz", user_role=None)

    rows = {row.name: row.cells[0].value for row in page(client, dana).context["rows"]}

    assert (rows["User role"], rows["Zone"]) == ("No role", "Full access: all schools")


def test_the_history_tells_runs_edits_and_decisions_newest_first(client, oak, jordan):
    now = timezone.now()
    row = {"account_id": jordan.pk, "writes": True}
    run, _ = applied(oak, {**row, "outcome": "created", "reason": "New. Teacher."})
    run.applied_at = now - timedelta(days=3)
    run.save()
    held, _ = applied(
        oak, {**row, "state": "held", "outcome": "inactive", "reason": "All would go."}
    )
    held.applied_at = now - timedelta(days=2)
    held.save()
    record(oak, KIM, "edited account", "Lee", about=jordan.pk, note="Typo")
    choice = Choice(DecisionKind.LEAVE_ALONE, str(jordan.pk))
    take_back(oak, decide(oak, [choice], "On leave", KIM), KIM)

    found = page(client, jordan)

    assert told(found) == [
        ("decided", "Never in Clever: leave alone."),
        ("decided", "Never in Clever: leave alone."),
        ("edited", ""),
        ("inactive", "All would go."),
        ("created", "New. Teacher."),
    ]
    assert f"Waits for you in Final import {held.pk}." in found.text
    assert "“On leave”" in found.text


def test_rows_of_tests_and_of_other_accounts_are_no_history(client, oak, jordan):
    row = {"account_id": jordan.pk, "writes": True, "outcome": "created"}
    make_rows(make_run(oak), row)
    applied(oak, {"outcome": "created", "writes": True})

    assert told(page(client, jordan)) == []


def test_what_one_run_did_to_several_accounts_is_told_once(client, oak, jordan):
    other = make_account(make_school(oak, "Roosevelt"), clever_id="c1", origin="import")
    rows = [
        {"account_id": account.pk, "writes": True, "previous_clever_id": ""}
        for account in (jordan, other)
    ]
    applied(oak, *rows)

    ((event, places),) = page(client, jordan).context["chapters"]

    assert event.text == "Tied to this person in Clever. Nothing else changes."
    assert sorted(place for place, _ in places) == ["Lincoln High School", "Roosevelt"]


def test_an_invitation_is_part_of_the_history(client, oak, jordan):
    now = timezone.now()
    user = User.objects.create_user("jlee@oak.example", first_name="Jordan")
    sent = {"state": "used", "sent_at": now - timedelta(days=2), "used_at": now}
    Invitation.objects.create(
        district=oak, account=jordan, email="jlee@oak.example", used_by=user, **sent
    )

    events = [event for event, _ in page(client, jordan).context["chapters"]]

    assert [(event.word, event.text, event.by) for event in events] == [
        ("Naviance ID set up", "", "Jordan"),
        ("", "To jlee@oak.example.", "NavSync"),
    ]


def test_an_invitation_that_went_to_nobody_says_why(client, oak, jordan):
    Invitation.objects.create(
        district=oak, account=jordan, state="unmailed", problem="No e-mail."
    )

    ((event, _),) = page(client, jordan).context["chapters"]

    assert (event.word, event.text) == ("Nobody to mail", "No e-mail.")


def test_a_long_history_is_shown_in_part_first(client, oak, jordan):
    for number in range(25):
        record(oak, KIM, "edited account", about=jordan.pk, note=f"Edit {number}")

    assert len(told(page(client, jordan))) == 20
    assert len(told(page(client, jordan, "all=1"))) == 25


def test_another_districts_person_is_not_there(client):
    other = make_account(make_district("cedar"))

    assert page(client, other).status_code == 404


def test_an_account_added_by_hand_is_said_to_be_left_alone_until_it_is_tied(
    client, oak, jordan
):
    jordan.origin, jordan.clever_id = "manual", ""
    jordan.save()
    before = page(client, jordan)
    jordan.clever_id = "c1"
    jordan.save()

    assert before.context["left_alone"] == {jordan.pk}
    assert page(client, jordan).context["left_alone"] == set()


@pytest.mark.parametrize("is_open", [True, False])
def test_what_is_reached_with_clever_alone_is_told_where_that_is_open(
    client, oak, jordan, is_open
):
    user = User.objects.create_user("lee@oak.example")
    make_account(make_school(oak, "Adams"), clever_id="c1", user=user)
    oak.uses_sso, oak.launched_at = True, timezone.now() if is_open else None
    oak.save()

    page = client.get(reverse("staffimport:staff_person", args=[jordan.pk]))

    told = "Reached by signing in with Clever" in page.content.decode()
    assert told is is_open


def test_nobody_is_offered_to_deactivate_what_they_came_with(oak):
    oak.uses_sso, oak.launched_at = True, timezone.now()
    oak.save()
    dana = make_admin(oak, rights=list(Right))
    own = dana.staff_accounts.get()
    type(own).objects.filter(pk=own.pk).update(user=None, clever_id="c-dana")
    client = signed_in(dana)
    session = client.session
    session["signed_in_with_clever"] = [oak.pk, "c-dana"]
    session.save()

    page = client.get(reverse("staffimport:staff_person", args=[own.pk]))

    assert page.status_code == 200
    assert "/deactivate/" not in page.content.decode()
    assert "only somebody else can deactivate it" in page.content.decode()
