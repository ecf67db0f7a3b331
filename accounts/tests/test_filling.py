"""A new account is the same whether it is written by the thousand or one by one."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import StaffAccount
from accounts.services.filling import NEW_COLUMNS, fill, new_account, new_values
from accounts.services.roles import Names
from accounts.staff_rows import TEXTS, StaffRow
from schools import bulk
from schools.audit import Actor

DANA = Actor("Dana Whitfield")


def row(at, /, **changes):
    given = {
        "line": 2,
        "account_id": uuid.uuid4(),
        "school": at.pk,
        "texts": {name: f"{name} É" for name in TEXTS},
        "job_function": "Dean",
        "user_role": "Teacher",
        "zone": "North",
        "teacher_list": True,
        "counselor_list": False,
        "is_active": True,
    }
    return StaffRow(**{**given, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"is_active": False},
        {"school": None, "zone": "", "job_function": "", "user_role": ""},
    ],
)
def test_a_new_account_is_the_same_by_either_way(maple, changes):
    told = row(maple.schools.first(), **changes)
    now = timezone.now()
    at, names = now + timedelta(microseconds=3), Names(maple)
    by_itself = new_account(maple, told, at)
    fill(by_itself, told, names, DANA, now)
    by_itself.save()
    [saved] = StaffAccount.objects.values()
    by_itself.delete()

    values = new_values(maple, told, names, DANA, at, now)
    bulk.write_rows(StaffAccount, NEW_COLUMNS, [values])

    assert list(StaffAccount.objects.values()) == [saved]


def test_a_thousand_rows_are_as_few_queries_as_ten(
    maple, django_assert_max_num_queries
):
    school = maple.schools.first()
    names = Names(maple)
    now = timezone.now()
    rows = [new_values(maple, row(school), names, DANA, now, now) for _ in range(1000)]

    with django_assert_max_num_queries(4):
        bulk.write_rows(StaffAccount, NEW_COLUMNS, rows)

    assert StaffAccount.objects.count() == 1000
