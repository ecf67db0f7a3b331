from datetime import UTC, datetime, timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from accounts.models import JobFunction, StaffAccount, User, UserRole, Zone
from schools.audit import Actor
from schools.models import SchoolMatch
from staffimport.core.snapshot import Snapshot
from staffimport.core.values import (
    Account,
    AppliesTo,
    Assignment,
    HeldReason,
    Keyword,
    Limits,
    Outcome,
    Place,
    Removal,
    RowState,
    Settings,
)
from staffimport.models import TitleKeyword
from staffimport.store import load
from staffimport.store.settings import make_settings, read_settings
from staffimport.tests.building import (
    decide_on,
    make_account,
    make_district,
    make_run,
    make_school,
    new_row,
    row_of,
    succeeded_test,
)

pytestmark = pytest.mark.django_db

DANA = Actor("Dana Whitfield")


@pytest.fixture
def oakdale():
    return make_district(uses_sso=False)


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


def given(run):
    return load.plan_input(run, Snapshot("x"), None)


def known_ids(run):
    return {account.id for account in given(run).accounts}


def test_an_account_comes_with_all_the_planner_needs(oakdale, school):
    account = make_account(
        school,
        middle_name="K",
        clever_id="a1",
        job_function=JobFunction.objects.get(),
        user_role=oakdale.user_roles.get(name="Teacher"),
        zone=Zone.objects.get(),
        teacher_list=True,
        status="inactive",
        inactive_cause="manual",
        inactive_by="Lee Ortiz",
        # In Los Angeles it is still the day before.
        inactive_at=datetime(2026, 10, 4, 3, tzinfo=UTC),
        origin="manual",
        pinned_fields=["email"],
        revision=3,
        user=User.objects.create_user("ada@oakdale.org"),
    )

    assert given(make_run(oakdale)).accounts == [
        Account(
            id=str(account.pk),
            school=school.pk,
            first_name="Ada",
            middle_name="K",
            last_name="Lovelace",
            job_title="Teacher",
            email="ada@oakdale.org",
            employee_id="417",
            clever_id="a1",
            job_function="Teacher",
            user_role="Teacher",
            teacher_list=True,
            counselor_list=False,
            zone="North",
            active=False,
            inactive_cause="manual",
            inactive_by="Lee Ortiz",
            inactive_on="Oct 3, 2026",
            added_by_hand=True,
            pinned=("email",),
            revision=3,
            has_sign_in=True,
        )
    ]


def test_accounts_come_from_matched_schools_and_the_district(oakdale, school):
    here, at_district = make_account(school), make_account(oakdale)
    make_account(make_school(oakdale, 2, matched=False))
    make_account(make_school(make_district("cedar")))

    assert known_ids(make_run(oakdale)) == {str(here.pk), str(at_district.pk)}


def test_accounts_come_from_included_schools_only(oakdale, school):
    here = make_account(school)
    make_account(make_school(oakdale, 2))
    chosen = make_settings(oakdale)
    chosen.all_schools = False
    chosen.save()
    chosen.schools.add(school)

    assert known_ids(make_run(oakdale)) == {str(here.pk)}


def test_accounts_take_one_query_however_many(
    oakdale, school, django_assert_max_num_queries
):
    run = make_run(oakdale)
    given(run)
    for number in range(30):
        make_account(school, first_name=f"Ada {number}")

    with django_assert_max_num_queries(24):
        found = given(run).accounts

    assert len(found) == 30


def test_places_say_what_is_included_and_covered(oakdale, school):
    second = make_school(oakdale, 2)
    third = make_school(oakdale, 3, matched=False)
    SchoolMatch.objects.filter(school=school).update(imported_at=timezone.now())
    chosen = make_settings(oakdale)
    chosen.all_schools = False
    chosen.save()
    chosen.schools.add(school)

    assert given(make_run(oakdale)).places == [
        Place(
            school.pk, "School 1", f"clever-{school.pk}", included=True, covered=True
        ),
        Place(second.pk, "School 2", f"clever-{second.pk}", included=False),
        Place(third.pk, "School 3", "", included=False),
    ]


def test_the_planner_knows_who_asked_by_their_accounts(oakdale, school):
    user = User.objects.create_user("dana@oakdale.org")
    own = make_account(oakdale, user=user)
    make_account(make_school(make_district("cedar")), user=user)

    run = make_run(oakdale, requested_by=user)

    assert given(run).asking_accounts == {str(own.pk)}
    SocialAccount.objects.create(user=user, provider="clever", uid="c-dana")
    reached = make_account(school, clever_id="c-dana")
    make_account(school, clever_id="c-eve")
    assert given(run).asking_accounts == {str(own.pk), str(reached.pk)}
    assert given(make_run(make_district("elm"))).asking_accounts == set()


def test_removals_are_what_runs_archived_in_the_last_day(oakdale, school):
    now = timezone.now()
    archived = {"status": "inactive", "inactive_cause": "run", "inactive_at": now}
    recent = make_account(school, **archived, user_role=oakdale.user_roles.first())
    make_account(school, **{**archived, "inactive_at": now - timedelta(hours=25)})
    make_account(school, **{**archived, "inactive_cause": "manual"})

    assert given(make_run(oakdale)).removals == [
        Removal(str(recent.pk), school.pk, "Teacher")
    ]


def test_a_final_knows_what_its_test_showed(oakdale, school):
    ada, bob = make_account(school), make_account(school, first_name="Bob")
    planned = row_of(ada, job_title="Dean")
    idle = row_of(bob, writes=False)
    held = row_of(bob, Outcome.INACTIVE)
    held.state, held.held_reason = RowState.HELD, HeldReason.BRAKE
    relink = row_of(ada, Outcome.RELINK)
    relink.state, relink.held_reason = RowState.HELD, HeldReason.RELINK
    test = succeeded_test(oakdale, planned, idle, held, relink)

    found = given(make_run(oakdale, base_run=test, include_held=True))

    assert found.reviewed == {planned.change_key}
    assert found.braked == {held.change_key}
    assert (found.approved, found.dismissed) == (set(), set())
    assert (found.kind, found.include_held, found.district) == (
        "final",
        True,
        "oakdale",
    )


@pytest.mark.parametrize("kind", ["test", "sync"])
def test_only_a_final_knows_what_was_reviewed(oakdale, school, kind):
    succeeded_test(oakdale, new_row(school, "g1"))

    assert given(make_run(oakdale, kind)).reviewed is None


def test_dismissals_of_another_district_are_unknown(oakdale, school):
    cedar = make_district("cedar")
    row = new_row(make_school(cedar), "g1", state=RowState.DISMISSED)
    succeeded_test(cedar, row)

    assert given(make_run(oakdale)).dismissed == set()
    assert given(make_run(cedar)).dismissed == {row.change_key}


def test_settings_have_their_defaults_on_first_need(oakdale):
    settings = read_settings(oakdale, make_settings(oakdale))

    assert settings == Settings(
        school_default=Assignment(user_role="Other School Staff"),
        district_default=Assignment(user_role="Other District Staff"),
        protected_roles=frozenset({"District Site Manager"}),
        essential_roles=frozenset({"Counselor"}),
        sends_invitations=True,
        role_ids=dict(oakdale.user_roles.values_list("name", "pk")),
    )
    assert make_settings(oakdale) == make_settings(oakdale)


@pytest.mark.parametrize(
    ("uses_sso", "sends"), [(False, True), (True, False), (None, False)]
)
def test_invitations_go_out_only_after_a_no_to_sso(uses_sso, sends):
    district = make_district(uses_sso=uses_sso)

    settings = read_settings(district, make_settings(district))

    assert settings.sends_invitations is sends


def test_settings_are_read_by_name_and_in_order(oakdale):
    chosen = make_settings(oakdale)
    counselor = UserRole.objects.create(district=oakdale, name="Adviser")
    TitleKeyword.objects.create(
        settings=chosen, position=2, keyword="teacher", applies_to="school"
    )
    TitleKeyword.objects.create(
        settings=chosen,
        position=1,
        keyword="adviser",
        user_role=counselor,
        job_function=JobFunction.objects.get(name="Teacher"),
        counselor_list=True,
    )
    chosen.district_zone = Zone.objects.get()
    chosen.limits = {"removal_percent": 20}
    chosen.save()

    settings = read_settings(oakdale, make_settings(oakdale))

    assert settings.keywords == (
        Keyword(
            "adviser",
            AppliesTo.BOTH,
            Assignment("Teacher", "Adviser", counselor_list=True),
        ),
        Keyword("teacher", AppliesTo.SCHOOL),
    )
    assert (settings.district_zone, settings.limits) == ("North", Limits(20))


def save_settings(district):
    chosen = make_settings(district)
    chosen.teacher_fallback = False
    chosen.save()


def add_keyword(district):
    TitleKeyword.objects.create(
        settings=make_settings(district), position=1, keyword="dean"
    )


def protect_role(district):
    make_settings(district).protected_roles.add(district.user_roles.get(name="Teacher"))


def drop_match(district):
    district.school_matches.all().delete()


def decide(district):
    account = StaffAccount.objects.filter(district=district).get()
    decide_on(district, "leave_alone", account)


def answer_sso(district):
    district.uses_sso = True


@pytest.mark.parametrize(
    "change",
    [save_settings, add_keyword, protect_role, drop_match, decide, answer_sso],
)
def test_whatever_an_admin_sets_changes_the_fingerprint(oakdale, school, change):
    make_account(school)
    before = load.fingerprint(oakdale)

    change(oakdale)

    assert load.fingerprint(oakdale) != before


def test_what_a_final_writes_leaves_the_fingerprint(oakdale, school):
    chosen = make_settings(oakdale)
    before = load.fingerprint(oakdale)

    SchoolMatch.objects.update(imported_at=timezone.now())
    chosen.covered_roles = ["Teacher"]
    chosen.save()

    assert load.fingerprint(oakdale) == before


def test_new_names_of_roles_and_zones_leave_the_fingerprint(oakdale, school):
    chosen = make_settings(oakdale)
    chosen.district_zone = oakdale.zones.get(name="North")
    chosen.school_user_role = oakdale.user_roles.get(name="Teacher")
    chosen.save()
    chosen.protected_roles.add(chosen.school_user_role)
    chosen.keywords.create(
        keyword="teacher", position=1, user_role=chosen.school_user_role
    )
    before = load.fingerprint(oakdale)

    oakdale.zones.update(name="Up")
    oakdale.user_roles.filter(name="Teacher").update(name="Educator")

    assert load.fingerprint(oakdale) == before


def test_a_decision_taken_back_restores_the_fingerprint(oakdale, school):
    account = make_account(school)
    before = load.fingerprint(oakdale)

    [decision] = decide_on(oakdale, "leave_alone", account)
    decision.delete()

    assert load.fingerprint(oakdale) == before
