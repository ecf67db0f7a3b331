"""The whole story of a row: both sides, what matched, what would change it."""

import pytest

from accounts.models import StaffAccount
from staffimport.core.tests.builders import district_admin, staff, teacher
from staffimport.queries.story import tell
from staffimport.tests.building import decide_on
from staffimport.tests.planned import account_of, crowd, plan_waiting, planned_test
from tests.cast import make_district, make_match, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def lincoln(oak):
    return make_match(make_school(oak)).school


@pytest.fixture
def here(lincoln):
    """The Clever id of the school."""
    return lincoln.match.clever_school.clever_id


@pytest.fixture
def others(lincoln, here):
    """People of Clever who hold the accounts of a crowd."""
    return [
        staff(account.clever_id, here, first=account.first_name, last=account.last_name,
              email=account.email)
        for account in crowd(lincoln)
    ]  # fmt: skip


def story_of(run, **which):
    row = run.results.select_related("school", "run__district").get(**which)
    return tell(run.district, row)


def lines(side):
    """Per field: Clever, Naviance, what it becomes or else what there is to say."""
    return {
        line.name: (line.clever, line.naviance, line.becomes or line.remark)
        for line in side.lines
    }


def buttons(story):
    return [button.label for group in story.groups for button in group.buttons]


def test_a_near_miss_shows_what_would_follow_if_they_were_one(
    oak, lincoln, here, others
):
    role = oak.user_roles.create(name="Counselor")
    account_of(lincoln, employee_id="20418", job_title="Counselor", user_role=role)
    maria = teacher(
        "p1", here, last="Lee-Ruiz", number="20418", title="School Counselor"
    )
    run = planned_test(oak, [maria, *others])

    story = story_of(run, clever_id="p1")

    assert story.sides[0].caption == "Each field, if this is the same person"
    assert lines(story.sides[0]) == {
        "Account": ("Teacher, p1", "Active", "Tied to this Clever ID"),
        "First name": ("Ana", "Ana", "stays"),
        "Last name": ("Lee-Ruiz", "Lee", "Lee-Ruiz"),
        "Job title": ("School Counselor", "Counselor", "School Counselor"),
        "E-mail": ("p1@x.org", "old@oak.example", "p1@x.org"),
        "Employee ID": ("20418", "20418", "stays"),
        "User role": ("", "Counselor", "stays: imports never touch it"),
    }
    assert buttons(story) == [
        "This is the same person",
        "Not the same",
        "Never in Clever: leave alone",
    ]
    assert story.groups[0].buttons[0].says == (
        "Keeps the account with its role; 3 fields follow Clever."
    )
    assert "change the last name in Naviance to “Lee-Ruiz”" in story.remedy
    facts = dict(story.facts)
    assert facts["Nearest"] == "Ana Lee: same employee ID"
    assert facts["Matched by"] == (
        "Nobody: no account here has this last name with this e-mail or employee ID."
    )
    assert facts["If new"] == "Other School Staff"


def test_the_account_of_a_pair_shows_the_same_and_names_the_person(
    oak, lincoln, here, others
):
    account = account_of(lincoln)
    run = planned_test(oak, [teacher("p1", here), *others])

    story = story_of(run, account_id=account.pk)

    assert story.sides[0].caption == "Each field, if this is the same person"
    assert story.groups[0].buttons[1].says == (
        "Makes this one inactive, creates one for Ana Lee."
    )


def test_both_accounts_of_a_conflict_are_shown_and_told_apart(oak, lincoln, here):
    same = {"email": "p1@x.org", "job_title": "Aide"}
    first, second = account_of(lincoln, **same), account_of(lincoln, **same)
    run = planned_test(oak, [teacher("p1", here)])

    story = story_of(run, clever_id="p1")

    ids = sorted([str(first.pk), str(second.pk)])
    assert sorted(side.account_id for side in story.sides) == ids
    names = [group.account for group in story.groups]
    assert len(set(names)) == 2
    assert all("no employee ID, account" in name for name in names)
    assert buttons(story) == ["Keep this one, archive the other", "Not the same"] * 2


def test_a_match_shows_blanks_in_clever_and_pinned_fields(oak, lincoln, here):
    account_of(
        lincoln,
        clever_id="p1",
        first_name="Anna",
        job_title="Aide",
        pinned_fields=["first_name"],
    )
    run = planned_test(oak, [teacher("p1", here)])

    shown = lines(story_of(run, clever_id="p1").sides[0])

    assert shown["First name"] == ("Ana", "Anna", "pinned: stays")
    assert shown["Job title"] == ("", "Aide", "blank in Clever: stays")
    assert shown["E-mail"] == ("p1@x.org", "old@oak.example", "p1@x.org")
    assert shown["Account"] == ("Teacher, p1", "Active", "stays")


def test_a_new_person_shows_what_the_account_gets_and_by_which_keyword(
    oak, lincoln, here
):
    run = planned_test(oak, [teacher("p1", here, title="Dean")])

    story = story_of(run, clever_id="p1")

    shown = lines(story.sides[0])
    assert shown["Account"] == ("Teacher, p1", "", "Created")
    assert shown["Last name"] == ("Lee", "", "Lee")
    assert shown["User role"] == ("", "", "Other School Staff")
    assert dict(story.facts)["Keyword"] == "None fits: the default applies."
    assert "A keyword that fits “Dean” would decide the role" in story.remedy
    assert story.groups == ()


def test_a_leaver_is_shown_beside_whoever_comes_nearest(oak, lincoln, others):
    account = account_of(lincoln)
    account.school = None  # at the district
    account.save()
    run = planned_test(oak, [staff("p1", (), email="old@oak.example"), *others])

    story = story_of(run, account_id=account.pk)

    assert story.sides[0].caption == (
        "Each field, beside Ana Lee, who comes nearest in Clever"
    )
    assert lines(story.sides[0])["E-mail"] == (
        "old@oak.example",
        "old@oak.example",
        "stays",
    )


def test_a_leaver_nobody_comes_near_to_is_shown_alone(oak, lincoln, others):
    account = account_of(lincoln)
    run = planned_test(oak, others)

    story = story_of(run, account_id=account.pk)

    assert lines(story.sides[0])["Account"] == ("", "Active", "Becomes inactive")
    assert buttons(story) == ["Never in Clever: leave alone"]


def test_without_the_pull_a_near_miss_is_told_from_its_row(oak, lincoln, here, others):
    account_of(lincoln)
    run = planned_test(oak, [teacher("p1", here), *others])
    run.snapshot.delete()

    story = story_of(run, clever_id="p1")

    assert lines(story.sides[0])["E-mail"] == (
        "p1@x.org",
        "old@oak.example",
        "p1@x.org",
    )


def test_an_account_removed_since_offers_nothing(oak, lincoln, others):
    account = account_of(lincoln)
    run = planned_test(oak, others)
    pk = account.pk
    account.delete()

    story = story_of(run, account_id=pk)

    assert story.groups == ()
    assert "say so below" not in story.remedy


def test_an_account_made_inactive_leads_to_its_page_and_not_to_a_decision(
    oak, lincoln, others
):
    account = account_of(lincoln)
    run = planned_test(oak, others)
    StaffAccount.objects.filter(pk=account.pk).update(status="inactive")

    story = story_of(run, account_id=account.pk)

    assert story.groups == ()
    assert "make the account active on its page" in story.remedy
    assert "below" not in story.remedy


def test_a_district_placement_leaves_employee_ids_out(oak):
    run = planned_test(oak, [district_admin("p1", title="Superintendent")])

    shown = lines(story_of(run, clever_id="p1").sides[0])

    assert "Employee ID" not in shown
    assert shown["Job title"] == ("Superintendent", "", "Superintendent")


# Decisions in the story


def test_a_decision_is_pending_until_the_test_is_planned_again(
    oak, lincoln, here, others
):
    account = account_of(lincoln)
    run = planned_test(oak, [teacher("p1", here), *others])
    decide_on(oak, "same_person", account, "p1", note="Married.")

    for which in ({"clever_id": "p1"}, {"account_id": account.pk}):
        story = story_of(run, **which)
        assert story.is_pending
        assert [each.decision.note for each in story.decided] == ["Married."]

    story = story_of(plan_waiting(oak), clever_id="p1")
    assert [each.is_pending for each in story.decided] == [False]
    assert story.groups == ()
    assert story.remedy == "Take the decision back, and the rules decide again."


def test_the_account_a_decision_archives_tells_of_it(oak, lincoln, here, others):
    kept, other = (account_of(lincoln, email="p1@x.org") for _ in range(2))
    planned_test(oak, [teacher("p1", here), *others])
    decide_on(oak, "keep_one", kept, "p1", others=[other])

    story = story_of(plan_waiting(oak), account_id=other.pk)

    assert [each.decision.kind for each in story.decided] == ["keep_one"]
    assert story.remedy == "Take the decision back."


def test_whoever_was_told_apart_tells_of_it(oak, lincoln, here, others):
    account = account_of(lincoln)
    planned_test(oak, [teacher("p1", here), *others])
    decide_on(oak, "not_same", account, "p1")
    run = plan_waiting(oak)

    for which in ({"clever_id": "p1"}, {"account_id": account.pk}):
        told = story_of(run, **which).decided
        assert [each.decision.kind for each in told] == ["not_same"]


def test_what_was_decided_about_somebody_else_is_not_told(oak, lincoln, here, others):
    account = account_of(lincoln)
    run = planned_test(oak, [teacher("p1", here), *others])
    decide_on(oak, "not_same", account, "p9")

    assert story_of(run, clever_id="p1").decided == ()
