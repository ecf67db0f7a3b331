"""The roles every district starts with, and names that are created on demand."""

from importlib import import_module

from django.apps import apps

from accounts.models import OVER_OTHERS, Right, UserRole
from accounts.services.roles import Names, create_built_in_roles


def test_a_site_manager_may_everything_and_both_others_little(maple):
    rights = dict(maple.user_roles.values_list("name", "rights"))

    assert rights["District Site Manager"] == [right.value for right in Right]
    assert rights["Other School Staff"] == ["view_reports"]
    assert rights["Other District Staff"] == ["view_reports"]
    assert [name for name in rights if "manage_data_import" in rights[name]] == [
        "District Site Manager"
    ]


def test_no_built_in_role_of_schools_has_a_right_that_works_at_the_district(maple):
    rights = dict(maple.user_roles.filter(level="school").values_list("name", "rights"))

    assert rights["School Site Manager"] == [
        "view_students",
        "edit_students",
        "view_reports",
    ]
    assert not {right for each in rights.values() for right in each} & {*OVER_OTHERS}


def test_the_migration_takes_idle_rights_from_roles_of_schools_alone(maple):
    kept = ["manage_staff", "view_reports"]
    for level in UserRole.Level.values:
        maple.user_roles.create(name=f"Own {level}", level=level, rights=kept)
    migration = import_module(
        "accounts.migrations.0016_take_idle_rights_from_school_roles"
    )

    migration.take(apps, None)

    own = maple.user_roles.filter(name__startswith="Own")
    assert dict(own.values_list("level", "rights")) == {
        "school": ["view_reports"],
        "district": kept,
        "both": kept,
    }


def test_built_in_roles_know_their_level_and_which_are_essential(maple):
    levels = dict(maple.user_roles.values_list("name", "level"))
    essential = maple.user_roles.filter(is_essential=True)

    assert levels["Counselor"] == "school"
    assert levels["Counselor (D)"] == "district"
    assert [role.name for role in essential] == ["Counselor"]
    assert maple.user_roles.filter(is_built_in=False).count() == 0


def test_creating_them_again_keeps_what_a_district_edited(maple):
    maple.user_roles.filter(name="Teacher").update(rights=["view_reports"])
    count = maple.user_roles.count(), maple.job_functions.count()

    create_built_in_roles(maple)

    assert (maple.user_roles.count(), maple.job_functions.count()) == count
    assert maple.user_roles.get(name="Teacher").rights == ["view_reports"]


def test_a_role_that_was_there_only_by_name_gets_its_rights(maple):
    maple.user_roles.filter(name="Counselor").delete()
    maple.user_roles.create(name="Counselor")

    create_built_in_roles(maple)

    role = maple.user_roles.get(name="Counselor")
    assert (role.is_built_in, role.is_essential, role.level) == (True, True, "school")


def test_names_are_found_whatever_their_case_and_made_once(maple):
    names = Names(maple)

    teacher = names.role("TEACHER")
    new = names.role("Café Manager")

    assert teacher is not None
    assert teacher.name == "Teacher"
    assert names.role("café manager") == new
    assert (names.role(""), names.zone(""), names.function("")) == (None, None, None)
    assert names.created == ["user role “Café Manager”"]


def test_an_exact_name_goes_before_one_of_other_case(maple):
    maple.user_roles.create(name="teacher")

    found = Names(maple).role("teacher")

    assert found is not None
    assert found.name == "teacher"


def test_names_belong_to_one_district(maple, cedar):
    made = Names(maple).zone("North")

    found = Names(cedar).zone("North")

    assert made != found
    assert cedar.zones.get() == found
