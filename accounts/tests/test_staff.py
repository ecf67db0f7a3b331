"""Editing, deactivating and reactivating staff accounts by hand."""

import pytest

from accounts.services.staff import EditedMeanwhileError, edit_account, unpin
from accounts.services.staff_status import deactivate_account, reactivate_account
from accounts.staff_values import Pin
from accounts.tests.by_hand import MANAGER, fresh, last_entry, make, values
from schools.audit import Actor
from schools.errors import RefusedError

# Editing


def test_an_edit_writes_what_differs_and_says_what_was_before(maple, jordan, dana):
    counselor = maple.user_roles.get(name="Counselor")
    wanted = values(jordan, last_name="Vance", user_role=counselor, teacher_list=True)

    changes = edit_account(jordan, wanted, {}, dana)

    after = fresh(jordan)
    assert (after.last_name, after.user_role, after.teacher_list) == (
        "Vance",
        counselor,
        True,
    )
    assert (after.revision, after.search_text) == (
        2,
        "vance jordan\njlee@maple.example",
    )
    assert after.updated_at > jordan.updated_at
    assert changes == {
        "last_name": ["Lee", "Vance"],
        "user_role": ["Teacher", "Counselor"],
        "teacher_list": [False, True],
        "pinned_fields": [[], ["last_name"]],
    }
    assert last_entry(maple) == (
        "Dana Whitfield",
        "edited account",
        jordan.pk,
        changes,
    )


@pytest.mark.parametrize(
    ("pinned", "change", "pin", "expected"),
    [
        ([], {"email": "new@x"}, Pin.CHANGED, ["email"]),
        ([], {"email": "new@x"}, Pin.FOLLOWS, []),
        ([], {}, Pin.CHANGED, []),
        ([], {}, Pin.PINNED, ["email"]),
        (["email"], {}, Pin.CHANGED, ["email"]),
        (["email"], {}, Pin.FOLLOWS, []),
        (["email"], {"email": "new@x"}, Pin.FOLLOWS, []),
        (["last_name"], {"email": "new@x"}, Pin.CHANGED, ["last_name", "email"]),
    ],
)
def test_a_changed_field_is_pinned_unless_it_is_to_follow_clever(
    jordan, dana, pinned, change, pin, expected
):
    jordan.pinned_fields = pinned
    jordan.save()

    edit_account(jordan, values(jordan, **change), {"email": pin}, dana)

    assert fresh(jordan).pinned_fields == expected


def test_an_edit_of_nothing_writes_nothing(maple, jordan, dana):
    before = maple.audit_entries.count()

    assert edit_account(jordan, values(jordan), {}, dana) == {}

    assert fresh(jordan).revision == 1
    assert maple.audit_entries.count() == before


def test_an_edit_begun_before_another_is_refused_whole(maple, jordan, dana):
    edit_account(fresh(jordan), values(jordan, job_title="Dean"), {}, dana)

    with pytest.raises(EditedMeanwhileError, match="was changed meanwhile"):
        edit_account(jordan, values(jordan, email="new@x"), {}, dana)

    after = fresh(jordan)
    assert (after.job_title, after.email, after.revision) == (
        "Dean",
        "jlee@maple.example",
        2,
    )
    assert maple.audit_entries.filter(verb="edited account").count() == 1


def test_an_unpinned_field_follows_clever_again(maple, jordan, dana):
    jordan.pinned_fields = ["last_name", "email"]
    jordan.save()

    unpin(jordan, "email", dana)

    assert (fresh(jordan).pinned_fields, fresh(jordan).revision) == (["last_name"], 2)
    assert last_entry(maple)[1:] == (
        "unpinned field",
        jordan.pk,
        {"pinned_fields": [["last_name", "email"], ["last_name"]]},
    )
    with pytest.raises(RefusedError, match="not pinned any more"):
        unpin(fresh(jordan), "email", dana)


@pytest.mark.parametrize(
    ("at_school", "role", "sentence"),
    [
        (True, MANAGER, "is for accounts at the district"),
        (False, "Teacher", "is for accounts at schools"),
    ],
)
def test_a_role_fits_the_place(maple, school, dana, at_school, role, sentence):
    account = make(maple, school if at_school else None)
    wanted = values(account, user_role=maple.user_roles.get(name=role))

    with pytest.raises(RefusedError, match=sentence):
        edit_account(account, wanted, {}, dana)


def test_a_zone_is_for_the_district_alone(maple, jordan, dana):
    zone = maple.zones.create(name="North")

    with pytest.raises(RefusedError, match="A zone is for accounts at the district"):
        edit_account(jordan, values(jordan, zone=zone), {}, dana)


def test_nobody_gives_a_right_over_others_that_they_lack(maple, clerk):
    account = make(maple, role="District Analyst")
    wanted = values(account, user_role=maple.user_roles.get(name=MANAGER))

    with pytest.raises(RefusedError, match="manage data import, manage user roles"):
        edit_account(account, wanted, {}, clerk)


def test_nobody_edits_an_account_that_may_do_more_over_others(maple, dana, clerk):
    manager = fresh(maple.staff_accounts.get(last_name="Whitfield"))

    for deed in (
        lambda: edit_account(manager, values(manager, email="mine@x"), {}, clerk),
        lambda: deactivate_account(manager, "", clerk),
        lambda: reactivate_account(manager, "", clerk),
    ):
        with pytest.raises(RefusedError, match="may do what you may not"):
            deed()


def test_nobody_changes_their_own_role(maple, dana):
    own = fresh(maple.staff_accounts.get(last_name="Whitfield"))
    make(maple, role=MANAGER, last_name="Other")
    wanted = values(own, user_role=maple.user_roles.get(name="District Analyst"))

    with pytest.raises(RefusedError, match="you can't change its role yourself"):
        edit_account(own, wanted, {}, dana)


def test_the_last_site_manager_keeps_role_and_account(maple):
    last = make(maple, role=MANAGER)
    make(maple, role=MANAGER, last_name="Gone", status="inactive")
    process = Actor("Naviance Support")
    analyst = maple.user_roles.get(name="District Analyst")

    with pytest.raises(RefusedError, match="last active District Site Manager"):
        edit_account(last, values(last, user_role=analyst), {}, process)
    with pytest.raises(RefusedError, match="last active District Site Manager"):
        deactivate_account(last, "", process)
    make(maple, role=MANAGER, last_name="Next")
    deactivate_account(last, "", process)

    assert fresh(last).status == "inactive"


# Deactivate, reactivate


def test_a_deactivated_account_says_by_whom_and_why(maple, jordan, dana):
    deactivate_account(jordan, " Left in June ", dana)

    after = fresh(jordan)
    assert (after.status, after.inactive_cause, after.inactive_by, after.revision) == (
        "inactive",
        "manual",
        "Dana Whitfield",
        2,
    )
    assert after.inactive_at > jordan.updated_at
    entry = maple.audit_entries.first()
    assert (entry.verb, entry.note, entry.changes) == (
        "deactivated account",
        "Left in June",
        {"status": ["active", "inactive"]},
    )
    with pytest.raises(RefusedError, match="is inactive already"):
        deactivate_account(jordan, "", dana)


def test_a_reactivated_account_has_nothing_left_of_it(jordan, dana):
    deactivate_account(jordan, "", dana)

    reactivate_account(jordan, "Back", dana)

    after = fresh(jordan)
    assert (after.status, after.inactive_cause, after.inactive_at) == (
        "active",
        "",
        None,
    )
    assert (after.inactive_by, after.revision) == ("", 3)
    assert after.user_role.name == "Teacher"
    with pytest.raises(RefusedError, match="is active already"):
        reactivate_account(jordan, "", dana)


def test_nobody_deactivates_their_own_account(maple, dana):
    make(maple, role=MANAGER, last_name="Other")
    own = maple.staff_accounts.get(last_name="Whitfield")

    with pytest.raises(RefusedError, match="This is your own account"):
        deactivate_account(own, "", dana)
