"""The readiness report: judged by runs, kept with the snapshot; the first check."""

import pytest
from django.utils import timezone

from schools.models import District
from staffimport import runner, runs, tasks
from staffimport.core.readiness import PARTS
from staffimport.models import ImportRun
from staffimport.queries.readiness import is_outdated
from staffimport.services.start import (
    start_check,
    start_final,
    start_sync,
    start_test,
)
from staffimport.store import readiness
from staffimport.tests.building import make_account
from staffimport.tests.conftest import DANA

pytestmark = pytest.mark.django_db

CODES = [c.code for part in PARTS for line in part.lines for c in line.checks]


def carry_out(start, district):
    run = runner.carry_out(start(district, DANA, send=False).pk, beat_every=None)
    district.refresh_from_db()
    return run


def report_of(district):
    report = readiness.latest(district)
    assert report is not None
    return report


def test_every_pull_is_judged_and_the_newest_report_counts(maple):
    numbers = []
    for start in (start_check, start_test, start_final, start_sync):
        run = carry_out(start, maple)
        report = report_of(maple)
        numbers.append(report.snapshot == run.snapshot_id)
        assert sorted(report.findings) == sorted(CODES)

    assert numbers == [True] * 4


def test_a_report_counts_whom_it_can_name(maple):
    school = maple.schools.get(school_id="S1")
    make_account(school, last_name="Nowhere", email="gone@gmail.com")
    carry_out(start_check, maple)

    report = report_of(maple)

    for code, found in report.findings.items():
        assert len(readiness.people(maple, report, code)) == found.count
    (gone,) = readiness.people(maple, report, "personal_emails")
    assert (gone.name, gone.where) == ("Nowhere, Ada", "Maple Valley High School")
    assert readiness.people(maple, report, "made_up") == ()


def test_a_sync_judges_schools_that_wait_for_their_final_too(maple):
    for start in (start_test, start_final):
        carry_out(start, maple)
    maple.school_matches.update(imported_at=None)
    carry_out(start_sync, maple)

    found = report_of(maple).findings["default_role"]

    # Nobody is new: their accounts are there, though the sync leaves them alone.
    assert (found.count, found.text) == (0, "0 of 0 new accounts.")


def test_without_a_pull_there_is_no_report(maple, cedar):
    carry_out(start_check, maple)

    assert readiness.latest(cedar) is None


@pytest.mark.parametrize("change", ["sso", "account", "match", "settings"])
def test_what_is_saved_after_a_check_makes_it_outdated(maple, change):
    carry_out(start_check, maple)
    report = report_of(maple)
    before = is_outdated(maple, report)

    match change:
        case "sso":
            maple.uses_sso = True
        case "account":
            make_account(maple.schools.first(), updated_at=timezone.now())
        case "match":
            maple.school_matches.first().delete()
        case "settings":
            maple.import_settings.keywords.create(position=1, keyword="nurse")

    assert (before, is_outdated(maple, report)) == (False, True)


# The first check of a district that has just connected


def activated(district, **fields):
    fields = {"activated_at": timezone.now(), **fields}
    District.objects.filter(pk=district.pk).update(**fields)
    return district


def test_a_district_that_has_connected_gets_one_check(cedar, sent):
    activated(cedar)

    tasks.check_new_districts()
    tasks.check_new_districts()

    (run,) = cedar.import_runs.all()
    assert (run.kind, run.state) == (ImportRun.Kind.CHECK, ImportRun.State.QUEUED)
    assert run.requested_by_name == "Schedule"
    assert sent() == [("carry_out", run.pk)]


@pytest.mark.parametrize(
    "fields",
    [
        {"activated_at": None},
        {"clever_token": ""},
        {"clever_id": None},
        {"disconnected_at": timezone.now()},
    ],
)
def test_a_district_that_is_not_connected_or_activated_gets_none(cedar, fields):
    activated(cedar, **fields)

    assert list(runs.districts_to_check()) == []


def test_a_district_that_was_asked_about_before_gets_no_check_by_itself(maple):
    activated(maple)
    due = list(runs.districts_to_check())
    carry_out(start_check, maple)

    assert (due, list(runs.districts_to_check())) == ([maple], [])
