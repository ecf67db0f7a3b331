"""What is kept of pinned fields of which Clever says something else."""

import pytest
from django.utils import timezone

from staffimport.core.values import Outcome
from staffimport.models import FieldDrift
from staffimport.runner import carry_out
from staffimport.services.start import start_final, start_sync, start_test
from staffimport.store import drift
from staffimport.tests.building import (
    a_plan,
    make_account,
    make_district,
    make_school,
    row_of,
)
from staffimport.tests.conftest import DANA

pytestmark = pytest.mark.django_db


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def ada(oakdale):
    return make_account(make_school(oakdale), pinned_fields=["email", "job_title"])


def keep(district, *rows):
    drift.keep(district, a_plan(*rows), timezone.now())


def drifting(account, **says):
    row = row_of(account)
    row.details.drift = tuple(says.items())
    return row


def kept():
    drifts = FieldDrift.objects.order_by("account__last_name", "field")
    return [(d.account.last_name, d.field, d.clever_value) for d in drifts]


def test_the_newest_plan_says_where_clever_differs(oakdale, ada):
    keep(oakdale, drifting(ada, email="a@clever.example", job_title="Dean"))
    keep(oakdale, drifting(ada, email="b@clever.example"))

    assert kept() == [("Lovelace", "email", "b@clever.example")]


def test_nothing_is_kept_of_an_account_that_agrees_or_leaves(oakdale, ada):
    keep(oakdale, drifting(ada, email="a@clever.example"))
    keep(oakdale, row_of(ada, Outcome.INACTIVE))

    assert kept() == []


def test_an_account_a_plan_leaves_out_stays_as_it_was(oakdale, ada):
    keep(oakdale, drifting(ada, email="a@clever.example"))
    keep(oakdale)

    assert kept() == [("Lovelace", "email", "a@clever.example")]


def test_another_districts_drift_is_no_business_of_a_plan(oakdale, ada):
    cedar = make_district("cedar")
    keep(oakdale, drifting(ada, email="a@clever.example"))
    keep(cedar, drifting(ada))

    assert kept() == [("Lovelace", "email", "a@clever.example")]


def test_a_sync_keeps_the_drift_of_a_field_that_was_pinned(maple):
    for start in (start_test, start_final):
        maple.refresh_from_db()
        carry_out(start(maple, DANA, send=False).pk, beat_every=None)
    account = maple.staff_accounts.filter(school__isnull=False).first()
    in_clever = account.email
    account.email, account.pinned_fields = "typed@maple.example", ["email"]
    account.save()
    maple.refresh_from_db()

    carry_out(start_sync(maple, DANA, send=False).pk, beat_every=None)

    found = FieldDrift.objects.get()
    assert (found.account, found.clever_value) == (account, in_clever)
    account.refresh_from_db()
    assert account.email == "typed@maple.example"
