from staffimport.core.tests.builders import (
    ELM_ID,
    OAK_ID,
    district_admin,
    person,
    snapshot_of,
    staff,
    teacher,
)


def test_staff_are_counted_once_at_each_school_clever_places_them():
    both = person("b1", is_teacher=True, is_staff=True, staff_schools=(ELM_ID, OAK_ID))
    people = [
        both,
        teacher("t1", OAK_ID),
        teacher("t2", OAK_ID),
        staff("s1", ELM_ID),
        district_admin("d1"),
    ]
    in_sections = {"b1": (ELM_ID,), "t1": (ELM_ID,)}

    counts = snapshot_of(people, in_sections).staff_counts()

    # t1 teaches at Elm whatever the teacher record says, t2 in no section at all.
    assert counts == {OAK_ID: 2, ELM_ID: 3}
