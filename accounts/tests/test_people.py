"""Which accounts are one person's."""

from itertools import permutations

import pytest

from accounts.models import StaffAccount, User
from accounts.people import one_person_each, people_of
from accounts.searching import search_text
from accounts.staff_rows import TEXTS

JORDAN = {"first_name": "Jordan", "last_name": "Lee", "email": "jlee@maple.example"}


def account(district, school=None, **fields):
    fields = {**JORDAN, **fields}
    user = fields.pop("identity", "")
    made = StaffAccount.objects.create(
        district=district,
        school=school,
        user=User.objects.get_or_create(email=user)[0] if user else None,
        search_text=search_text(*(fields.get(name, "") for name in TEXTS)),
        **fields,
    )
    made.refresh_from_db()
    return made


# What each account is, and who belongs together: numbers are accounts in their order.
CASES: dict[str, tuple[list[dict[str, str]], list[set[int]]]] = {
    "the same name and e-mail": ([{}, {}], [{0, 1}]),
    "e-mails that differ in case and spaces": (
        [{}, {"email": " JLee@Maple.example "}],
        [{0, 1}],
    ),
    "names that differ in case and accents": (
        [{}, {"first_name": "jordán", "last_name": "LEE"}],
        [{0, 1}],
    ),
    "the same e-mail under two names": ([{}, {"first_name": "Kim"}], [{0}, {1}]),
    "the same name with two e-mails": ([{}, {"email": "j@x.example"}], [{0}, {1}]),
    "no e-mail at all": ([{"email": ""}, {"email": ""}], [{0}, {1}]),
    "no first name": ([{"first_name": ""}, {"first_name": ""}], [{0}, {1}]),
    "one Clever id, whatever else": (
        [{"clever_id": "c1"}, {"clever_id": "c1", "last_name": "Vance", "email": ""}],
        [{0, 1}],
    ),
    "one identity, whatever else": (
        [{"identity": "j@x"}, {"identity": "j@x", "last_name": "Vance", "email": ""}],
        [{0, 1}],
    ),
    "two Clever ids under one name and e-mail": (
        [{"clever_id": "c1"}, {"clever_id": "c2"}],
        [{0}, {1}],
    ),
    "two identities under one name and e-mail": (
        [{"identity": "a@x"}, {"identity": "b@x"}],
        [{0}, {1}],
    ),
    "one tied, one not yet": ([{"clever_id": "c1"}, {}], [{0, 1}]),
    "one tied, one that signs in": (
        [{"clever_id": "c1"}, {"identity": "a@x"}],
        [{0, 1}],
    ),
    "two people who share an address, and two accounts of nobody": (
        [{"clever_id": "c1"}, {}, {"clever_id": "c2"}, {}],
        [{0}, {1, 3}, {2}],
    ),
    "two Clever ids of one identity": (
        [
            {"clever_id": "c1", "identity": "j@x"},
            {"clever_id": "c2", "identity": "j@x"},
            {},
        ],
        [{0, 1, 2}],
    ),
    "a chain: Clever id, then identity, then name": (
        [
            {"clever_id": "c1", "last_name": "Vance"},
            {"clever_id": "c1", "identity": "j@x", "email": ""},
            {"identity": "j@x"},
            {},
        ],
        [{0, 1, 2, 3}],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_whose_accounts_belong_together(case, maple, cedar):
    given, expected = CASES[case]
    schools = [None, *maple.schools.all(), *make_more(maple)]
    accounts = [
        account(maple, school, **fields)
        for school, fields in zip(schools, given, strict=False)
    ]
    number = {made.pk: n for n, made in enumerate(accounts)}
    account(cedar)

    for order in permutations(accounts):
        groups = one_person_each(order)
        assert sorted(map(sorted, _numbers(groups, number))) == [*map(sorted, expected)]
    for n, made in enumerate(accounts):
        # Whoever is asked for, all accounts of the person are found, and no others.
        (person,) = people_of(maple, [made])
        (found,) = _numbers([person.accounts], number)
        assert n in found
        assert found in expected


def make_more(district):
    names = ("S3", "S4")
    return [district.schools.create(school_id=name, name=name) for name in names]


def _numbers(groups, number):
    return [{number[account.pk] for account in group} for group in groups]


def test_people_come_once_in_the_order_asked_for(maple, django_assert_max_num_queries):
    north, south = maple.schools.all()
    at_south = account(maple, south, clever_id="c1")
    kim = account(maple, south, first_name="Kim", email="kim@maple.example")
    at_district = account(maple, clever_id="c1")
    at_north = account(maple, north)

    with django_assert_max_num_queries(3):
        people = people_of(maple, [at_south, kim, at_north])
        places = [[str(a.school) for a in person.accounts] for person in people]

    assert [person.accounts for person in people] == [
        (at_district, at_north, at_south),
        (kim,),
    ]
    assert places == [["None", "S1", "S2"], ["S2"]]
    assert [person.clever_ids for person in people] == [["c1"], []]
