"""Roles of a district's own, and the names that roles and zones may have."""

import pytest

from accounts.models import StaffAccount
from accounts.services.role_edits import (
    RoleFaultsError,
    create_role,
    delete_role,
    rename_role,
)
from accounts.services.role_rights import RoleSetting
from schools.audit import Actor
from schools.errors import RefusedError

SUPPORT = Actor("Naviance Support")
LITTLE = RoleSetting(frozenset({"view_reports"}))


def create(district, name="Registrar", level="school"):
    return create_role(district, name, level, LITTLE, SUPPORT)


def rename(role, name, level=None):
    seen = role.name, role.level
    return rename_role(role, name, level or role.level, seen, SUPPORT)


def test_a_role_is_made_on_record(maple):
    made = create(maple, "  Front \n Office ")

    assert (made.name, made.level, made.rights) == (
        "Front Office",
        "school",
        ["view_reports"],
    )
    assert not made.is_built_in
    entry = maple.audit_entries.get()
    assert (entry.verb, entry.target) == ("created role", "Front Office")
    assert entry.changes["rights"] == [None, ["View reports"]]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Enter a name for the role."),
        (" \t ", "Enter a name for the role."),
        ("x" * 300, "has 300 characters; at most 128 fit"),
        ("Counselor 🎓", "“🎓” can’t be part of a role’s name"),
        ("\u200b\x07", "Enter a name for the role."),
        ("Coun\ue000selor", "“U+E000” can’t be part"),
        ("- / -", "has no letter or digit"),
        ("TEACHER", "There is a role “Teacher” already"),
        ("Teachér", "There is a role “Teacher” already"),
    ],
)
def test_a_name_that_is_none_is_refused_with_the_reason(maple, name, said):
    with pytest.raises(RoleFaultsError) as refused:
        create(maple, name)

    assert said in refused.value.by_field["name"]
    assert not maple.user_roles.filter(is_built_in=False).exists()


def test_a_name_may_have_accents_and_punctuation(maple):
    assert create(maple, "Édu. Coach (K–8), 2nd").name == "Édu. Coach (K–8), 2nd"


def test_what_nobody_can_see_is_taken_out_of_a_name(maple):
    assert create(maple, "Re\u200bgis\x07trar\u202e").name == "Registrar"


def test_another_districts_name_is_free(maple, cedar):
    create(cedar)

    assert create(maple).district == maple


def test_a_role_of_ones_own_gets_another_name_and_level(maple):
    role = create(maple)

    assert rename(role, "Records", "both") == {
        "name": ["Registrar", "Records"],
        "level": ["School", "School and district"],
    }
    assert maple.user_roles.get(name="Records").level == "both"
    assert maple.audit_entries.first().verb == "renamed role"


def test_a_name_may_change_in_case_alone(maple):
    role = create(maple)

    rename(role, "REGISTRAR")

    assert role.name == "REGISTRAR"


def test_what_came_with_naviance_is_neither_renamed_nor_deleted(maple):
    teacher = maple.user_roles.get(name="Teacher")

    with pytest.raises(RefusedError, match="can’t be renamed"):
        rename(teacher, "Educator")
    with pytest.raises(RefusedError, match="can’t be deleted"):
        delete_role(teacher, SUPPORT)

    assert maple.user_roles.filter(name="Teacher").exists()


def test_a_level_does_not_leave_holders_out(maple):
    role = create(maple)
    school = maple.schools.first()
    StaffAccount.objects.create(district=maple, school=school, user_role=role)

    with pytest.raises(RefusedError, match="1 account at schools has the role"):
        rename(role, "Registrar", "district")

    assert rename(role, "Registrar", "both")


def test_a_right_that_works_at_the_district_alone_is_refused_to_a_role_of_schools(
    maple,
):
    rights = RoleSetting(frozenset({"manage_staff", "view_reports"}))

    with pytest.raises(RoleFaultsError) as refused:
        create_role(maple, "Head", "school", rights, SUPPORT)

    assert refused.value.by_field == {
        "right-manage_staff": "“Manage staff accounts” works for accounts at the "
        "district alone. Untick it, or choose “The district” or “Both”."
    }
    assert create_role(maple, "Head", "both", rights, SUPPORT).pk


def test_a_role_with_rights_at_the_district_is_not_made_one_of_schools(maple):
    rights = RoleSetting(frozenset({"manage_staff"}))
    role = create_role(maple, "Head", "both", rights, SUPPORT)

    with pytest.raises(RoleFaultsError) as refused:
        rename(role, "Head", "school")

    assert refused.value.by_field == {
        "level": "The role Head has rights that work for accounts at the district "
        "alone: Manage staff accounts. Take them from it under Roles and rights first."
    }


def test_a_role_somebody_else_renamed_is_not_renamed_unseen(maple):
    role = create(maple)
    stale = maple.user_roles.get(pk=role.pk)
    rename(role, "Records")

    with pytest.raises(RefusedError, match="it is “Records” now"):
        rename(stale, "Files")


def test_a_role_is_deleted_on_record(maple):
    delete_role(create(maple), SUPPORT)

    assert not maple.user_roles.filter(name="Registrar").exists()
    assert maple.audit_entries.first().verb == "deleted role"
