"""A redacted bundle of the messy district plans as the run did, and tells of nobody."""

import json
import zipfile
from collections import Counter
from io import BytesIO

import msgspec
import pytest

from accounts.models import StaffAccount
from clever.standin import Standin
from clever.standin.messy import DOMAIN
from schools.audit import Actor
from staffimport.core.planning import plan
from staffimport.core.redaction import wordless
from staffimport.inquiries.answering import answer
from staffimport.inquiries.bundle import read_bundle
from staffimport.models import ImportRun, Inquiry
from staffimport.services.inquiries import ask
from tests.stage import done, make_stage, manage, served_by

KIM = Actor("Kim Marsh")


@pytest.fixture(params=["tidy accounts", "no accounts"])
def run(request, db, tmp_path, sent):
    """The test of the messy district."""
    with Standin("messy") as standin, served_by(standin):
        stage = make_stage("thorn", standin, "messy", tmp_path)
        stage.load()
        if request.param == "no accounts":
            StaffAccount.objects.all().delete()
        done("match_schools", "thorn", "--set", f"1001={stage.clever_school(1)}")
        stage.import_staff("test", "--json", tmp_path / "test.json")
    return ImportRun.objects.get(kind="test")


@pytest.fixture
def bundle(run):
    """The bundle's ZIP."""
    inquiry = ask(run, Inquiry.Kind.BUNDLE, KIM)
    answer(inquiry.pk)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.error) == ("answered", "")
    return bytes(inquiry.content)


def facts(rows):
    """What rows say, but for sentences, places in the list and new accounts' ids."""
    return Counter(
        (
            *(row.clever_id or row.account_id, row.school, row.details.clever_school),
            *(row.outcome, row.state, row.held_reason, row.reason_code),
            *(row.matched_by, row.keyword, row.candidates, row.writes),
            *(row.first_name, row.last_name, row.email, row.employee_id, row.job_title),
            *(row.user_role, str(sorted(row.changes.items()))),
            *(msgspec.json.encode(wordless(row).details), row.gets_invitation),
        )
        for row in rows
    )


def test_the_bundle_of_a_messy_run_plans_as_the_run_did(run, bundle):
    given, stored = read_bundle(bundle)
    assert given is not None

    made = plan(given)

    assert len(stored) == run.counts["rows"]
    assert facts(made.rows) == facts(stored)
    assert made.counts == run.counts


def test_the_bundle_tells_of_nobody(run, bundle):
    told: set[str] = set()
    for names in run.results.values_list("first_name", "last_name"):
        told.update(name for name in names if len(name) > 3 and name.isascii())
    told.update(run.results.exclude(clever_id="").values_list("clever_id", flat=True))
    told.update(address for address in run.results.values_list("email", flat=True))
    text = b"".join(parts(bundle).values()).decode()
    found = {word for word in told - {""} if f'"{word}"' in text}

    assert len(told) > 50
    assert found <= {"n/a", "-", "none", "office"}
    assert DOMAIN not in text
    assert run.district.name not in text
    assert run.requested_by_name not in text


def test_the_bundle_tells_what_the_run_was(run, bundle):
    about = json.loads(parts(bundle)["run.json"])

    assert (about["run"], about["kind"], about["state"]) == (
        run.pk,
        "test",
        "succeeded",
    )
    assert about["counts"] == run.counts
    assert about["timings"] == run.timings
    assert about["versions"]["schema"].startswith("00")
    assert json.loads(parts(bundle)["settings.json"])["schools"] == "all"


def parts(bundle):
    with zipfile.ZipFile(BytesIO(bundle)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_command_plans_a_bundle_again(run, bundle, tmp_path):
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundle)

    ended = manage("plan_bundle", file)

    assert ended.code == 0
    assert f"rows {run.counts['rows']}" in ended.out
    assert "0 of" in ended.out


def test_a_file_that_is_no_bundle_gets_a_sentence(db, tmp_path):
    file = tmp_path / "bundle.zip"
    file.write_text("hello")

    ended = manage("plan_bundle", file)

    assert ended.code == 1
    assert "is no bundle of a run" in ended.err
