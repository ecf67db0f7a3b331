import itertools
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import StaffAccount
from schools import bulk
from staffimport.models import ImportRun
from staffimport.tests.building import make_district, make_school

COLUMNS = (
    "id",
    "district_id",
    "school_id",
    "last_name",
    "teacher_list",
    "counselor_list",
    "pinned_fields",
    "revision",
    "inactive_at",
    "created_at",
    "updated_at",
    *("clever_id", "first_name", "middle_name", "job_title", "email", "employee_id"),
    *("status", "inactive_cause", "inactive_by", "origin"),
)
BLANKS = ("",) * 10


def account_row(district, **fields):
    now = timezone.now()
    row = {
        "id": str(uuid4()),
        "district_id": district.pk,
        "school_id": None,
        "last_name": "Lovelace",
        "teacher_list": True,
        "counselor_list": False,
        "pinned_fields": [],
        "revision": 1,
        "inactive_at": None,
        "created_at": now,
        "updated_at": now,
    }
    return (*{**row, **fields}.values(), *BLANKS)


@pytest.fixture
def oakdale(db):
    return make_district()


def test_values_of_every_kind_arrive_as_they_are(oakdale):
    school = make_school(oakdale)
    account_id, at = uuid4(), timezone.now()
    row = account_row(
        oakdale,
        id=account_id,
        school_id=school.pk,
        pinned_fields=["email", 'a "quoted" one'],
        revision=7,
        inactive_at=at,
    )

    written = bulk.write_rows(StaffAccount, COLUMNS, [row])

    account = StaffAccount.objects.get()
    assert written == 1
    assert (account.pk, account.school, account.revision) == (account_id, school, 7)
    assert (account.teacher_list, account.counselor_list) == (True, False)
    assert account.pinned_fields == ["email", 'a "quoted" one']
    assert (account.inactive_at, account.zone) == (at, None)


def test_an_id_may_be_text(oakdale):
    account_id = uuid4()

    bulk.write_rows(StaffAccount, COLUMNS, [account_row(oakdale, id=str(account_id))])

    assert StaffAccount.objects.get().pk == account_id


def test_no_rows_are_no_work(oakdale, django_assert_num_queries):
    with django_assert_num_queries(0):
        written = bulk.write_rows(StaffAccount, COLUMNS, [])

    assert written == 0


def test_progress_tells_rows_written_so_far(oakdale, monkeypatch):
    monkeypatch.setattr(bulk, "COPY_ROWS", 2)
    monkeypatch.setattr(bulk, "INSERT_ROWS", 2)
    told: list[int] = []

    bulk.write_rows(
        StaffAccount, COLUMNS, [account_row(oakdale) for _ in range(5)], told.append
    )

    assert told == [2, 4, 5]


def test_rows_are_taken_as_they_are_needed(oakdale, monkeypatch):
    monkeypatch.setattr(bulk, "COPY_ROWS", 10)
    monkeypatch.setattr(bulk, "INSERT_ROWS", 10)
    endless = (account_row(oakdale) for _ in itertools.count())

    class EnoughError(Exception):
        pass

    def stop(done):
        if done >= 20:
            raise EnoughError

    with pytest.raises(EnoughError):
        bulk.write_rows(StaffAccount, COLUMNS, endless, stop)

    assert StaffAccount.objects.count() == 20


def test_a_row_the_table_refuses_is_an_integrity_error(oakdale):
    row = account_row(oakdale)

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.write_rows(StaffAccount, COLUMNS, [row, row])

    assert not StaffAccount.objects.exists()


@pytest.mark.parametrize("name", ["nonsense", "invitation_set", "results"])
def test_a_name_that_is_no_column_is_an_error(oakdale, name):
    with pytest.raises(FieldDoesNotExist):
        bulk.write_rows(ImportRun, [name], [("x",)])


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NASTY = st.text("\\\t\n\r\0N.u0'\"é🎓", max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-(2**31), 2**31) | TEXTS | NASTY
JSON = st.recursive(
    st.lists(SCALARS, max_size=3),
    lambda inner: (
        st.lists(inner | SCALARS, max_size=3)
        | st.dictionaries(NASTY, inner | SCALARS, max_size=3)
    ),
    max_leaves=6,
)


def without_nul(value):
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [without_nul(item) for item in value]
        case dict():
            return {without_nul(key): without_nul(item) for key, item in value.items()}
    return value


class TestAnyText(TestCase):
    """Whatever text comes arrives, but for NUL, in company of other rows."""

    @given(st.lists(st.tuples(TEXTS | NASTY, JSON), min_size=1, max_size=4))
    def test_text_and_json_arrive_without_nul(self, values):
        rows = [
            account_row(self.district, last_name=text, pinned_fields=json)
            for text, json in values
        ]

        bulk.write_rows(StaffAccount, COLUMNS, rows)

        for row, (text, json) in zip(rows, values, strict=True):
            account = StaffAccount.objects.get(pk=UUID(row[0]))
            assert account.last_name == without_nul(text)
            assert account.pinned_fields == without_nul(json)

    def setUp(self):
        self.district = make_district()


@pytest.mark.django_db(transaction=True)
def test_between_two_portions_nothing_is_locked(monkeypatch):
    district = make_district()
    monkeypatch.setattr(bulk, "COPY_ROWS", 2)
    monkeypatch.setattr(bulk, "INSERT_ROWS", 2)
    is_free = []

    bulk.write_rows(
        StaffAccount,
        COLUMNS,
        [account_row(district) for _ in range(5)],
        lambda _done: is_free.append(not connection.in_atomic_block),
    )

    assert is_free == [True, True, True]
