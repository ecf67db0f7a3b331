import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clever import decoding
from clever.decoding import record_of
from clever.errors import UnreadableAnswer
from clever.records import (
    District,
    DistrictAdminRole,
    Event,
    Location,
    Name,
    Roles,
    School,
    Section,
    StaffRole,
    TeacherRole,
    User,
)

PLAIN = User("u1", email="a@example.org", roles=Roles(staff=StaffRole(title="Clerk")))


def user(**fields):
    return {
        "id": "u1",
        "email": "a@example.org",
        "roles": {"staff": {"title": "Clerk"}},
    } | fields


def page_of(*records):
    return json.dumps({"data": [{"data": record} for record in records]}).encode()


def read(*records):
    return decoding.USERS.page(page_of(*records))[0]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, PLAIN),
        ({"lms_status": {"synced_in_lms": 1}, "new": [{}]}, PLAIN),
        ({"email": None, "name": None, "roles": None}, User("u1")),
        ({"email": 5, "name": "Pat", "roles": []}, User("u1", email="5")),
        ({"email": True, "name": 1, "roles": "staff"}, User("u1")),
        (
            {"roles": {"staff": {"title": 7, "staff_id": 10.50, "schools": None}}},
            User(
                "u1", "a@example.org", roles=Roles(staff=StaffRole("10.5", title="7"))
            ),
        ),
        (
            {"roles": {"teacher": {"schools": ["s1", None, 2, {}], "school": []}}},
            User("u1", "a@example.org", roles=Roles(TeacherRole(schools=("s1", "2")))),
        ),
        (
            {"roles": {"teacher": "yes", "staff": {}, "district_admin": {"title": ""}}},
            User(
                "u1",
                "a@example.org",
                roles=Roles(staff=StaffRole(), district_admin=DistrictAdminRole("")),
            ),
        ),
        (
            {"name": {"first": "", "middle": 3, "last": ["x"]}},
            User("u1", "a@example.org", Name("", "3", None), PLAIN.roles),
        ),
    ],
)
def test_bad_fields_never_cost_a_person_or_their_neighbours(fields, expected):
    found = read(user(id="u0"), user(**fields), user(id="u2"))

    assert [person.id for person in found] == ["u0", "u1", "u2"]
    assert found[1] == expected
    assert found[2].roles == PLAIN.roles


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        (r'"Ana\u0000 Lee"', "Ana Lee"),
        (r'"Lee \ud83d"', "Lee \ufffd"),
        (r'"\ude00 Lee"', "\ufffd Lee"),
        (r'"Lee \ud83d\ude00"', "Lee \U0001f600"),
        ('"Zoë"', "Zoë"),
        ('"tab\tbed"', "tab\tbed"),
        (r'"a\\u0000"', r"a\u0000"),
        ("3.60008E+11", "3.60008E+11"),
        ("360008000000", "360008000000"),
        ("1" * 30, "1" * 30),
        ("NaN", "NaN"),
    ],
)
def test_odd_text_is_kept_as_far_as_text_can_hold_it(sent, seen):
    body = f'{{"data":[{{"data":{{"id":"u1","email":{sent}}}}}]}}'.encode()

    (person,) = decoding.USERS.page(body)[0]

    assert person.email == seen


def test_bytes_that_are_not_utf_8_are_replaced():
    body = page_of(user(email="X")).replace(b'"X"', b'"Zo\xeb"')

    assert decoding.USERS.page(body)[0][0].email == "Zo\ufffd"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"data":null}',
        b'{"data":{}}',
        b'{"data":"none"}',
        b'{"data":[null]}',
        b'{"data":[{"uri":"/v3.1/users/1"}]}',
        b'{"data":[{"data":null}]}',
        b'{"data":[{"data":[]}]}',
        b'{"data":[{"data":{}}]}',
        b'{"data":[{"data":{"id":null}}]}',
        b'{"data":[{"data":{"id":""}}]}',
        b'{"data":[{"data":{"id":["u1"]}}]}',
        b'{"data":[],"links":{}}',
        b'{"data":[],"links":[{"rel":"next"}]}',
        b'{"data":[],"links":[{"rel":"next","uri":5}]}',
        b'{"data":[',
        b'{"data":[{"data":{"id":"u1","x":' + b"[" * 100_000,
        b"\xff\xfe",
        b"  <!DOCTYPE html><title>Sign in</title>",
    ],
)
def test_answer_of_another_shape_is_unreadable(body):
    with pytest.raises(UnreadableAnswer):
        decoding.USERS.page(body)


def test_web_page_is_called_one():
    with pytest.raises(UnreadableAnswer, match="a web page instead of data"):
        decoding.USERS.page(b"<html></html>")


def test_errors_do_not_show_what_people_are_called():
    body = b'{"data":[{"data":{"id":[],"email":"a@example.org"}}]}'

    with pytest.raises(UnreadableAnswer) as caught:
        decoding.USERS.page(body)

    assert "example.org" not in str(caught.value)


def test_school_without_a_location_has_an_empty_one():
    body = b'{"data":{"id":"s1","location":null,"nces_id":null,"ext":{"a":1}}}'

    assert decoding.SCHOOLS.single(body) == School("s1", location=Location())


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b'{"count":7,"links":[]}', 7),
        (b'{"data":[],"links":[]}', None),
        (b'{"count":null}', None),
    ],
)
def test_count_is_a_number_or_absent(body, number):
    assert decoding.count(body) == number


@pytest.mark.parametrize("body", [b'{"count":"7"}', b"[]", b"<html>", b""])
def test_count_of_another_shape_is_unreadable(body):
    with pytest.raises(UnreadableAnswer):
        decoding.count(body)


@pytest.mark.parametrize(
    "fields",
    [
        {"previous_attributes": {"email": "old@example.org"}},
        {"data": {"previous_attributes": {"email": "old@example.org"}}},
    ],
)
def test_previous_attributes_are_found_beside_and_inside_data(fields):
    sent = {"id": "e1", "type": "users.updated", "data": {}} | fields

    (event,) = decoding.EVENTS.page(page_of(sent))[0]

    assert event.previous_attributes == {"email": "old@example.org"}


def test_event_without_previous_attributes_has_none():
    (event,) = decoding.EVENTS.page(page_of({"id": "e1", "type": "users.created"}))[0]

    assert event == Event("e1", "users.created")
    assert event.previous_attributes == {}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("users.created", User("x1")),
        ("schools.updated", School("x1")),
        ("sections.deleted", Section("x1")),
        ("districts.updated", District("x1")),
        ("terms.created", None),
        ("resources.deleted", None),
    ],
)
@pytest.mark.parametrize("created", ["2026-09-02T06:15:00.000Z", 5])
def test_event_carries_its_record(kind, expected, created):
    sent = {"id": "e1", "type": kind, "data": {"object": {"id": "x1", "students": [1]}}}
    (event,) = decoding.EVENTS.page(page_of(sent | {"created": created}))[0]

    assert record_of(event) == expected


def test_record_of_an_event_is_mended_like_any_other():
    data = {"object": {"id": "u1", "email": 5}, "previous_attributes": ["?"]}
    event = {"id": "e1", "type": "users.updated", "data": data}
    (found,) = decoding.EVENTS.page(page_of(event))[0]

    assert record_of(found) == User("u1", email="5")
    assert found.previous_attributes == {}


def test_event_without_a_record_is_unreadable_only_when_it_is_read():
    (event,) = decoding.EVENTS.page(page_of({"id": "e1", "type": "users.created"}))[0]

    with pytest.raises(UnreadableAnswer):
        record_of(event)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    max_leaves=8,
)


@given(anything, anything, anything, anything)
def test_nothing_in_optional_fields_makes_a_person_unreadable(email, name, staff, more):
    teacher = {"schools": staff, "title": more}
    sent = user(email=email, name=name, roles={"staff": staff, "teacher": teacher})

    (person,) = read(sent | {"extra": more})

    assert person.id == "u1"
    assert isinstance(person.name, Name)
    assert all(isinstance(school, str) for school in person.roles.teacher.schools)


@given(st.binary() | anything.map(lambda value: json.dumps(value).encode()))
def test_no_answer_breaks_the_decoder(body):
    try:
        people, _ = decoding.USERS.page(body)
    except UnreadableAnswer:
        return
    assert all(person.id for person in people)


@given(st.binary(max_size=3), st.integers(0, 200), st.integers(0, 3))
def test_no_damage_to_a_page_breaks_the_decoder(damage, at, cut):
    body = page_of(user(), user(id="u2"))
    body = body[:at] + damage + body[at + cut :]
    try:
        people, _ = decoding.USERS.page(body)
    except UnreadableAnswer:
        return
    assert all(person.id for person in people)
