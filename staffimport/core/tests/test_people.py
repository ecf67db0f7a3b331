"""From what Clever sent to people with values fit to store."""

import pytest

from staffimport.core.people import read_roster
from staffimport.core.tests.builders import OAK_ID, person, snapshot_of, staff, teacher


def read(*people):
    return read_roster(snapshot_of(people))


def test_a_middle_name_comes_from_a_teacher_record_only():
    found = read(teacher("p1", middle="Q"), staff("p2", middle="Q")).people

    assert [one.middle for one in found] == ["Q", ""]


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        (teacher(number="1042"), ("1042",)),
        (staff(number="S-889"), ("S-889",)),
        (teacher(number="1042", is_staff=True, staff_id="S-889"), ("1042", "S-889")),
        (teacher(number="1042", is_staff=True, staff_id=" 1042 "), ("1042",)),
        (teacher(number="", is_staff=True, staff_id="S-889"), ("S-889",)),
        (teacher(number="n/a"), ()),
        (teacher(number="000"), ()),
        (teacher(number="7" * 129), ()),
        (person(is_district_admin=True, teacher_id="9", staff_id="8"), ()),
    ],
)
def test_employee_ids_are_the_teachers_then_the_staff_members(given, ids):
    (found,) = read(given).people

    assert found.employee_ids == ids
    assert len(found.id_keys) == len(ids)


@pytest.mark.parametrize(
    ("email", "kept", "notes"),
    [
        ("a@x.org ", "a@x.org", ()),
        ("", "", ()),
        ("jlee", "jlee", ("“jlee” is no e-mail address.",)),
        ("n/a", "", ("“n/a” is no e-mail address.",)),
        (
            "a" * 320 + "@x.org",
            "",
            ("The e-mail in Clever is longer than 320 characters.",),
        ),
    ],
)
def test_an_unusable_email_is_noted(email, kept, notes):
    (found,) = read(teacher(email=email)).people

    assert (found.email, found.notes) == (kept, notes)


@pytest.mark.parametrize("role", [{"is_teacher": True}, {"is_staff": True}])
def test_an_employee_id_too_long_to_be_one_is_left_out_and_noted(role):
    (found,) = read(person(teacher_id="7" * 129, staff_id="7" * 129, **role)).people
    (padded,) = read(person(teacher_id=f"7{' ' * 200}", is_teacher=True)).people

    assert found.employee_ids == ()
    assert found.notes == (
        "The employee ID in Clever is longer than 128 characters, so it is left out.",
    )
    assert (padded.employee_ids, padded.notes) == (("7",), ())


def test_very_long_names_are_cut_and_control_characters_vanish():
    (found,) = read(teacher(first="A\u0000na\n", last="L" * 999)).people

    assert found.first == "A na"
    assert found.last == "L" * 255


def test_what_several_people_share_is_known():
    found = read(
        teacher("p1", email="Office@x.org", number="7"),
        teacher("p2", email="office@x.org ", number="7"),
        teacher("p3", email="", number="07"),
        teacher("p4", email=""),
    )

    assert found.shared_emails == {"office@x.org"}
    assert found.shared_ids == {"7"}
    assert found.shared_loose_ids == {"7"}


def test_one_person_with_two_ids_that_differ_in_zeros_shares_them_with_nobody():
    found = read(teacher(number="7", is_staff=True, staff_id="007"))

    assert found.shared_ids == frozenset()
    assert found.shared_loose_ids == frozenset()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"first": "Ana", "last": "Lee"}, "Ana Lee"),
        ({"first": "", "last": "Lee"}, "Lee"),
        ({"first": "", "last": ""}, "Somebody without a name"),
    ],
)
def test_a_sentence_has_a_name_for_everybody(given, name):
    (found,) = read(teacher(**given)).people

    assert found.name == name


def test_user_types_are_said_as_pages_call_them():
    (found,) = read(
        teacher(is_staff=True, staff_schools=(OAK_ID,), is_district_admin=True)
    ).people

    assert found.user_types == "Teacher and Staff and District Admin"
