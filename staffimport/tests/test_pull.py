import pytest

from clever.client import Client
from clever.errors import IncompleteList, TokenRefused
from staffimport.core.snapshot import RosterPerson, RosterSchool
from staffimport.errors import ClaimLost, SickSource
from staffimport.pull import Parts, pull


def person_of(pulled, clever_id):
    return next(p for p in pulled.snapshot.people if p.clever_id == clever_id)


def test_a_pull_returns_the_whole_roster_in_order_of_clever_ids(clever, standin, ids):
    pulled = pull(clever, standin.district_id)

    snapshot = pulled.snapshot
    assert snapshot.district_id == standin.district_id
    assert [s.clever_id for s in snapshot.schools] == [
        ids.school_id(n) for n in (1, 2, 3)
    ]
    assert [p.clever_id for p in snapshot.people] == [
        ids.user_id(n) for n in range(1, 31)
    ]
    assert snapshot.counts() == {
        "schools": 3,
        "people": 30,
        "with_title": 30,
        "with_email": 30,
        "with_employee_id": 27,
        "teachers": 20,
        "staff": 7,
        "district_admins": 3,
        "sections": 41,
    }


def test_a_school_and_a_person_are_kept_as_clever_sent_them(clever, standin, ids):
    pulled = pull(clever, standin.district_id)

    assert pulled.snapshot.schools[0] == RosterSchool(
        clever_id=ids.school_id(1),
        name="Maple Valley High School",
        nces_id="069998000101",
        address="1 Valley Rd",
        city="Maple Valley",
        state="CA",
        zip="95999",
    )
    assert person_of(pulled, ids.user_id(24)) == RosterPerson(
        clever_id=ids.user_id(24),
        first="Xenia",
        last="Xu",
        email="xenia.xu@maplevalley.example",
        is_staff=True,
        staff_title="School Counselor",
        staff_id="2024",
        staff_schools=(ids.school_id(1), ids.school_id(2)),
    )


def test_sections_are_reduced_to_who_teaches_where(clever, standin, ids):
    pulled = pull(clever, standin.district_id)

    teaching = pulled.snapshot.teaching
    assert len(teaching) == 20
    assert teaching[ids.user_id(1)] == (ids.school_id(1),)
    assert teaching[ids.user_id(10)] == (ids.school_id(1), ids.school_id(2))


def test_every_teacher_of_a_section_teaches_at_its_school(clever, standin, ids):
    standin.change(
        "update",
        kind="sections",
        id=ids.section_id(1),
        set={"teachers": [ids.user_id(1), ids.user_id(20), ids.user_id(21)]},
    )

    teaching = pull(clever, standin.district_id).snapshot.teaching

    assert teaching[ids.user_id(20)] == (ids.school_id(1), ids.school_id(3))
    assert teaching[ids.user_id(21)] == (ids.school_id(1),)


def test_a_teacher_whom_clever_does_not_share_teaches_nowhere(clever, standin, ids):
    standin.change("remove", kind="users", id=ids.user_id(1))

    pulled = pull(clever, standin.district_id)

    assert ids.user_id(1) not in pulled.snapshot.teaching
    assert len(pulled.snapshot.people) == 29


def test_somebody_with_several_roles_is_one_person(clever, standin, ids):
    standin.change(
        "update",
        kind="users",
        id=ids.user_id(1),
        set={
            "roles": {
                "staff": {"staff_id": "77", "schools": [ids.school_id(3)]},
                "district_admin": {"title": "Director"},
            }
        },
    )

    pulled = pull(clever, standin.district_id)

    person = person_of(pulled, ids.user_id(1))
    assert len(pulled.snapshot.people) == 30
    assert (person.is_teacher, person.is_staff, person.is_district_admin) == (
        True,
        True,
        True,
    )
    assert (person.teacher_title, person.admin_title) == ("Teacher, Math", "Director")
    assert (person.teacher_id, person.staff_id) == ("1001", "77")


@pytest.mark.parametrize(
    ("number", "sis_id", "expected"),
    [
        ("1042", "T9", "1042"),
        (None, "T9", "T9"),
        ("", "T9", "T9"),
        ("  ", "T9", "T9"),
        (None, None, ""),
    ],
)
def test_a_teachers_id_is_the_teacher_number_else_the_sis_id(
    clever, standin, ids, number, sis_id, expected
):
    standin.change(
        "update",
        kind="users",
        id=ids.user_id(1),
        set={"roles": {"teacher": {"teacher_number": number, "sis_id": sis_id}}},
    )

    pulled = pull(clever, standin.district_id)

    assert person_of(pulled, ids.user_id(1)).teacher_id == expected


def test_null_becomes_blank_and_no_text_holds_a_nul(clever, standin, ids):
    standin.change(
        "update",
        kind="users",
        id=ids.user_id(28),
        set={
            "email": None,
            "name": {"first": "Bo\0ris", "middle": None, "last": None},
            "roles": {"district_admin": {"title": None}},
        },
    )

    pulled = pull(clever, standin.district_id)

    assert person_of(pulled, ids.user_id(28)) == RosterPerson(
        clever_id=ids.user_id(28), first="Boris", is_district_admin=True
    )


def test_the_callback_sees_every_list_fill_up(clever, standin):
    seen: list[Parts] = []

    pull(clever, standin.district_id, seen.append)

    assert seen[-1] == [
        ("Schools", 3, 3),
        ("Teachers", 20, 20),
        ("Staff (School Admins in Clever)", 7, 7),
        ("District admins", 3, 3),
        ("Sections", 41, 41),
    ]
    first_list_done = next(parts for parts in seen if parts[0][1] == 3)
    assert first_list_done[:2] == [("Schools", 3, 3), ("Teachers", 0, 20)]


def test_what_the_callback_raises_ends_the_pull(clever, standin):
    def stop(parts):
        if parts[0][1]:
            raise ClaimLost

    with pytest.raises(ClaimLost):
        pull(clever, standin.district_id, stop)

    assert standin.requests["/v3.1/sections"] == 1  # only counted


def test_a_token_of_another_district_is_refused_by_name(standin):
    other = standin.add_district("messy")

    with (
        Client(other.token, base_url=standin.url) as client,
        pytest.raises(SickSource) as refusal,
    ):
        pull(client, standin.district_id)

    assert other.id in refusal.value.user_message
    assert "Store the token of this district" in refusal.value.user_message


def test_a_list_that_ends_early_is_no_roster(clever, standin):
    standin.fault("ends_early", path="/users?role=teacher", records=10)

    with pytest.raises(IncompleteList):
        pull(clever, standin.district_id)


def test_a_revoked_token_ends_the_pull(clever, standin):
    standin.fault("revoked")

    with pytest.raises(TokenRefused):
        pull(clever, standin.district_id)
