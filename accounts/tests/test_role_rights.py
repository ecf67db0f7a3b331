"""What roles may do: edited over nobody's head, and nobody locked out by it."""

import pytest
from django.contrib.auth import get_user_model

from accounts.models import OVER_OTHERS, Right, StaffAccount
from accounts.services.role_rights import (
    OwnAccessError,
    RoleEdit,
    RolesChangedError,
    RoleSetting,
    change_roles,
    reset_rights,
    setting_of,
)
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import School

SUPPORT = Actor("Naviance Support")
IMPORT, STAFF, ROLES = "manage_data_import", "manage_staff", "manage_roles"


@pytest.fixture
def role(maple):
    return lambda name: maple.user_roles.get(name=name)


@pytest.fixture
def holder(maple, role):
    """Makes a person who holds a role at the district; returns them as an actor."""

    def make(name="District Site Manager", **fields):
        user = get_user_model().objects.create_user(f"{name}@maple.example", "x")
        StaffAccount.objects.create(
            district=maple, user=user, user_role=role(name), last_name="Lee", **fields
        )
        return Actor("Dana Whitfield", user)

    return make


def change(role, actor, *rights, without=(), is_essential=None, **more):
    """Give a role rights more or less than it has, as somebody does who sees it."""
    seen = setting_of(role)
    wanted = RoleSetting(
        (seen.rights | set(rights)) - set(without),
        seen.is_essential if is_essential is None else is_essential,
    )
    return change_roles(role.district, {role.pk: RoleEdit(seen, wanted)}, actor, **more)


def test_a_role_of_schools_is_given_no_right_that_works_at_the_district(role):
    manager = role("School Site Manager")

    with pytest.raises(RefusedError, match="Manage staff accounts can’t be given"):
        change(manager, SUPPORT, STAFF)

    manager.refresh_from_db()
    assert STAFF not in manager.rights


def test_rights_are_given_and_taken_on_record(maple, role):
    teacher = role("Teacher")

    changed = change(teacher, SUPPORT, "view_reports", without=["view_students"])

    teacher.refresh_from_db()
    entry = maple.audit_entries.get()
    assert changed == [teacher]
    assert teacher.rights == ["view_reports"]
    assert (entry.verb, entry.target) == ("changed role", "Teacher")
    assert entry.changes == {"rights": [["View students"], ["View reports"]]}


def test_what_the_brake_guards_is_on_record_too(maple, role):
    change(role("Teacher"), SUPPORT, is_essential=True)

    assert role("Teacher").is_essential
    assert maple.audit_entries.get().changes == {
        "essential_for_the_brake": ["no", "yes"]
    }


def test_a_right_holds_from_the_next_question_on(maple, role, holder):
    holder()
    analyst = holder("District Analyst").user
    assert not analyst.has_perm(f"accounts.{IMPORT}", maple)

    change(role("District Analyst"), SUPPORT, IMPORT)

    assert analyst.has_perm(f"accounts.{IMPORT}", maple)


def test_what_changes_nothing_leaves_no_record(maple, role):
    assert change(role("Teacher"), SUPPORT, "view_students") == []
    assert not maple.audit_entries.exists()


def test_an_edit_of_what_somebody_else_has_changed_is_refused(maple, role):
    seen = setting_of(role("Teacher"))
    change(role("Teacher"), SUPPORT, "view_reports")
    edit = RoleEdit(seen, RoleSetting(frozenset({"edit_students"})))

    with pytest.raises(RolesChangedError):
        change_roles(maple, {role("Teacher").pk: edit}, SUPPORT)

    assert role("Teacher").rights == ["view_students", "view_reports"]


def test_an_edit_of_a_role_that_is_gone_changes_no_other(maple, role):
    gone = maple.user_roles.create(name="Gone")
    seen = setting_of(role("Teacher"))
    edits = {
        gone.pk: RoleEdit(RoleSetting(frozenset()), RoleSetting(frozenset({STAFF}))),
        role("Teacher").pk: RoleEdit(seen, RoleSetting(frozenset())),
    }
    gone.delete()

    with pytest.raises(RolesChangedError):
        change_roles(maple, edits, SUPPORT)

    assert role("Teacher").rights == ["view_students"]


def test_another_districts_role_is_out_of_reach(maple, cedar):
    theirs = cedar.user_roles.get(name="Teacher")
    edit = RoleEdit(setting_of(theirs), RoleSetting(frozenset({IMPORT})))

    with pytest.raises(RolesChangedError):
        change_roles(maple, {theirs.pk: edit}, SUPPORT)


@pytest.mark.parametrize("right", [IMPORT, ROLES])
def test_the_last_role_with_holders_keeps_what_opens_the_console(right, role, holder):
    holder()

    with pytest.raises(RefusedError, match="District Site Manager is the last role"):
        change(role("District Site Manager"), SUPPORT, without=[right])

    assert right in role("District Site Manager").rights


def test_a_role_that_somebody_else_holds_lets_the_last_one_go(role, holder):
    holder()
    holder("District Analyst")
    change(role("District Analyst"), SUPPORT, IMPORT, ROLES)

    change(role("District Site Manager"), SUPPORT, without=[IMPORT])

    assert IMPORT not in role("District Site Manager").rights


@pytest.mark.parametrize(
    "fields", [{"status": "inactive"}, {"school": True}], ids=["inactive", "school"]
)
def test_only_active_holders_at_the_district_count(maple, role, holder, fields):
    if "school" in fields:
        fields = {"school": School.objects.filter(district=maple).first()}
    holder()
    holder("District Analyst", **fields)
    change(role("District Analyst"), SUPPORT, IMPORT, ROLES)

    with pytest.raises(RefusedError, match="Give it to another role"):
        change(role("District Site Manager"), SUPPORT, without=[ROLES])


def test_nobody_cuts_off_their_own_access_unknowingly(role, holder):
    dana = holder()
    holder("District Analyst")
    change(role("District Analyst"), SUPPORT, IMPORT, ROLES)

    with pytest.raises(OwnAccessError, match="You would lose “Manage user roles”"):
        change(role("District Site Manager"), dana, without=[ROLES])
    assert ROLES in role("District Site Manager").rights

    change(role("District Site Manager"), dana, without=[ROLES], knows=True)
    assert ROLES not in role("District Site Manager").rights


def test_nobody_gives_or_takes_a_right_over_others_that_they_lack(role, holder):
    holder()
    clerk = holder("Other (D)")
    change(role("Other (D)"), SUPPORT, IMPORT, ROLES)

    with pytest.raises(RefusedError, match="that you don’t have: Manage staff"):
        change(role("Other (D)"), clerk, STAFF)
    with pytest.raises(RefusedError, match="that you don’t have: Manage staff"):
        change(role("District Site Manager"), clerk, without=[STAFF])
    with pytest.raises(RefusedError, match="may do what you may not: Manage staff"):
        change(role("District Site Manager"), clerk, without=[IMPORT, ROLES])
    change(role("District Site Manager"), clerk, without=["edit_students"])
    change(role("Teacher"), clerk, "edit_students")

    assert role("Teacher").rights == ["view_students", "edit_students"]


def test_a_built_in_role_gets_its_own_rights_again(role):
    more = set(Right.values) - set(OVER_OTHERS)
    change(role("Counselor"), SUPPORT, *more, is_essential=False)
    change(role("Counselor"), SUPPORT, without=["edit_students"])

    assert reset_rights(role("Counselor"), SUPPORT)

    assert role("Counselor").rights == [
        "view_students",
        "edit_students",
        "view_reports",
    ]
    assert role("Counselor").is_essential
    assert not reset_rights(role("Counselor"), SUPPORT)


def test_a_role_of_ones_own_came_with_no_rights(maple):
    own = maple.user_roles.create(name="Registrar")

    with pytest.raises(RefusedError, match="your own role"):
        reset_rights(own, SUPPORT)
