import re
from collections import Counter

import msgspec
import pytest

from clever.standin.demo_cast import CAST
from clever.standin.messy import GONE_TEACHER, MESSES
from clever.standin.rosters import build_roster
from clever.standin.wire import Maker

NAMES = ("demo", "small", "messy", "large:200")
THORNBURY = Maker(1, "thornbury.example")


def loaded(name, number=1):
    roster = build_roster(name, number)
    lists = {
        kind: list(getattr(roster, kind)) for kind in ("schools", "users", "sections")
    }
    return {"districts": [roster.district], **lists}


@pytest.mark.parametrize("name", NAMES)
def test_a_roster_is_the_same_each_time(name):
    assert msgspec.json.encode(loaded(name)) == msgspec.json.encode(loaded(name))


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_24_hex_and_ascend(name):
    roster = loaded(name)
    ids = [record["id"] for records in roster.values() for record in records]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[0-9a-f]{24}", record_id) for record_id in ids)
    for records in roster.values():
        listed = [record["id"] for record in records]
        assert listed == sorted(listed)


def test_two_districts_of_one_roster_share_no_id():
    first, second = (
        {record["id"] for records in loaded("demo", n).values() for record in records}
        for n in (1, 2)
    )

    assert not first & second


@pytest.mark.parametrize("name", NAMES)
def test_every_address_is_one_that_nobody_can_have(name):
    addresses = re.findall(rb"[\w.+-]+@[\w.-]+", msgspec.json.encode(loaded(name)))

    # One mess is to lose the ".example"; its domain is nobody's all the same.
    assert {a.lower().split(b"@")[1].removesuffix(b".example") for a in addresses} <= {
        b"cedarridge",
        b"maplevalley",
        b"thornbury",
        b"grandplains",
    }


def test_the_demo_district_has_the_size_it_is_said_to_have():
    roster = loaded("demo")
    roles = Counter(role for user in roster["users"] for role in user["roles"])

    assert {kind: len(records) for kind, records in roster.items()} == {
        "districts": 1,
        "schools": 16,
        "users": 912,
        "sections": 2431,
    }
    assert roles == {"teacher": 614, "staff": 287, "district_admin": 24}


def test_the_demo_district_knows_its_cast():
    names = Counter(
        (user["name"]["first"], user["name"]["last"])
        for user in loaded("demo")["users"]
    )

    assert all(names[part.first, part.last] == 1 for part in CAST)


def is_well_formed(email):
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", email))


def role_of(user):
    return user["roles"].get("teacher") or user["roles"].get("staff") or {}


def number_of(user):
    return role_of(user).get("teacher_number") or role_of(user).get("staff_id")


# What it is, who has it, and how many in the demo district do: (least, most).
DEMO_DIRT = [
    ("no e-mail", lambda u: not u.get("email"), (4, 10)),
    ("e-mail left out", lambda u: "email" not in u, (1, 3)),
    (
        "malformed e-mail",
        lambda u: u.get("email") and not is_well_formed(u["email"].strip().lower()),
        (2, 6),
    ),
    ("no last name", lambda u: not u["name"]["last"], (2, 6)),
    ("stray spaces", lambda u: (u["name"]["last"] or "").endswith("  "), (5, 12)),
    ("suffix", lambda u: re.search(r"(Jr\.|III)$", u["name"]["last"] or ""), (3, 8)),
    ("apostrophe", lambda u: "\u2019" in (u["name"]["last"] or ""), (2, 8)),
    ("accent", lambda u: not (u["name"]["last"] or "").isascii(), (3, 12)),
    ("emoji", lambda u: "🍎" in (u["name"]["first"] or ""), (1, 3)),
    ("very long title", lambda u: len(role_of(u).get("title") or "") > 255, (1, 3)),
    ("leading zeros", lambda u: (number_of(u) or "").startswith("0"), (10, 40)),
    ("merged roles", lambda u: len(u["roles"]) > 1, (10, 20)),
    ("no title", lambda u: role_of(u).get("title", "") is None, (8, 16)),
    ("no school", lambda u: role_of(u).get("schools") == [], (1, 4)),
    ("all schools", lambda u: len(role_of(u).get("schools", [])) == 16, (2, 5)),
]


@pytest.mark.parametrize(
    ("has_it", "bounds"),
    [mess[1:] for mess in DEMO_DIRT],
    ids=[m[0] for m in DEMO_DIRT],
)
def test_the_demo_district_is_dirty_in_natural_proportion(has_it, bounds):
    count = sum(1 for user in loaded("demo")["users"] if has_it(user))

    assert bounds[0] <= count <= bounds[1]


def test_the_demo_district_shares_addresses_and_employee_ids():
    users = loaded("demo")["users"]
    emails = Counter((u.get("email") or "").strip().lower() for u in users)
    numbers = Counter(number_of(u) for u in users)

    assert emails["office@cedarridge.example"] == 3
    assert numbers["21145"] == 2
    assert numbers["29999"] == 2


def test_some_demo_teachers_have_no_section_and_some_sections_odd_teachers():
    roster = loaded("demo")
    known = {user["id"] for user in roster["users"]}
    named = {t for section in roster["sections"] for t in section["teachers"]}
    teachers = {u["id"] for u in roster["users"] if "teacher" in u["roles"]}

    assert 10 <= len(teachers - named) <= 16
    assert len(named - known) == 1
    assert sum(1 for section in roster["sections"] if not section["teachers"]) == 3


@pytest.mark.parametrize(("people", "schools"), [(1, 1), (59, 1), (600, 10), (200, 3)])
def test_a_large_district_has_three_sections_for_everyone(people, schools):
    roster = loaded(f"large:{people}")
    teachers = {u["id"] for u in roster["users"] if "teacher" in u["roles"]}

    assert len(roster["users"]) == people
    assert len(roster["schools"]) == schools
    assert len(roster["sections"]) == 3 * people
    assert len(teachers) == people - people // 10
    assert {s["teacher"] for s in roster["sections"]} == teachers


def test_everyone_in_a_large_district_teaches_where_they_work():
    roster = loaded("large:600")
    school_of = {user["id"]: role_of(user)["schools"] for user in roster["users"]}

    assert all(school_of[s["teacher"]] == [s["school"]] for s in roster["sections"])


def test_every_mess_has_a_user_of_its_own():
    users = {user["id"] for user in loaded("messy")["users"]}

    assert len(set(MESSES.values())) == len(MESSES) == len(users)
    assert {THORNBURY.user_id(n) for n in MESSES.values()} == users


def test_messy_sections_name_people_and_schools_that_are_not_there():
    roster = loaded("messy")
    schools = {school["id"] for school in roster["schools"]}
    sections = roster["sections"]

    assert any(THORNBURY.user_id(GONE_TEACHER) in s["teachers"] for s in sections)
    assert any(s["school"] not in schools for s in sections)
    assert any(s["teacher"] is None for s in sections)


@pytest.mark.parametrize("name", ["", "tiny", "large", "large:", "large:0", "large:-3"])
def test_an_unknown_roster_is_refused_with_the_names_there_are(name):
    with pytest.raises(ValueError, match="demo, small, messy or large:N"):
        build_roster(name)
