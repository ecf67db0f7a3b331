"""The file a leaving district takes along: what is in it, and how it is made."""

import csv
import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.utils import timezone

from navsync.leaving import export
from navsync.leaving.export import as_download, ask_for_export, make, make_missing
from navsync.leaving.files import files_of
from schools.audit import Actor, record
from schools.models import District
from staffimport.models import DistrictExport, ExportPart, MatchDecision
from staffimport.settings.file import parse
from tests.cast import (
    make_account,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
)

pytestmark = pytest.mark.django_db

SAM = Actor("Sam Ortiz", address="10.0.0.9")


@pytest.fixture
def oak(sent):
    oak = make_district("oak", disconnected_at=timezone.now())
    school = make_school(oak)
    make_match(school)
    make_account(school, last_name="=cmd()", job_title="@SUM(A1)")
    other = make_school(make_district("elm"), "Elm High")
    make_account(other, last_name="Stranger")
    return oak


def made(district):
    """The files of the district's export, by name."""
    wanted = ask_for_export(district, timezone.now())
    assert make(wanted.pk, timezone.now())
    wanted.refresh_from_db()
    body = b"".join(as_download(wanted))
    assert len(body) == wanted.size
    with ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_it_holds_everything_of_the_district_and_nothing_of_another(oak):
    run = make_run(oak, "final", counts={"created": 2})
    make_rows(run, {"last_name": "New"}, {"last_name": "Same"})
    MatchDecision.objects.create(
        district=oak, kind="leave_alone", account_id=run.results.first().account_id,
        account_name="Lee, Jordan", decided_by_name="Dana", note="Substitute",
    )  # fmt: skip
    invited = oak.staff_accounts.get()
    invited.invitations.create(district=oak, email="lee@oak.example", state="sent")
    record(oak, SAM, "moved date", "Oak", changes={"launch_date": [None, "2026"]})

    files = made(oak)

    assert [row["school_id"] for row in rows(files["schools.csv"])] == [
        "Lincoln High School"
    ]
    [match] = rows(files["school_matches.csv"])
    assert (match["school"], match["matched_by"]) == ("Lincoln High School", "name")
    assert len(rows(files["staff.csv"])) == 1
    [invitation] = rows(files["invitations.csv"])
    assert (invitation["account_id"], invitation["email"], invitation["state"]) == (
        str(invited.pk),
        "lee@oak.example",
        "sent",
    )
    parse(files["import_settings.json"].encode())  # it can be loaded again
    [about_run] = rows(files["runs.csv"])
    assert (about_run["kind"], json.loads(about_run["counts"])["rows"]) == ("final", 2)
    results = rows(files[f"results_final_{run.pk}.csv"])
    assert [row["last_name"] for row in results] == ["New", "Same"]
    [decision] = rows(files["decisions.csv"])
    assert (decision["decision"], decision["note"]) == ("leave_alone", "Substitute")
    [entry] = rows(files["audit_trail.csv"])
    assert (entry["who"], entry["address"]) == ("Sam Ortiz", "10.0.0.9")
    assert json.loads(entry["changes"]) == {"launch_date": [None, "2026"]}
    assert "The data of Oak Unified" in files["README.txt"]
    assert "Stranger" not in str(files)
    assert "Elm" not in str(files)


def test_no_cell_is_a_formula(oak):
    record(oak, SAM, "=1+1", "+2", note="@x")

    files = made(oak)

    [person] = rows(files["staff.csv"])
    assert (person["last_name"], person["job_title"]) == ("'=cmd()", "'@SUM(A1)")
    [entry] = rows(files["audit_trail.csv"])
    assert (entry["what"], entry["target"], entry["note"]) == ("'=1+1", "'+2", "'@x")


def test_of_each_kind_the_newest_run_that_succeeded_brings_its_rows(oak):
    old, new = make_run(oak), make_run(oak)
    make_run(oak, state="failed")
    sync = make_run(oak, "sync")

    files = made(oak)

    assert f"results_test_{old.pk}.csv" not in files
    assert {f"results_test_{new.pk}.csv", f"results_sync_{sync.pk}.csv"} <= set(files)
    assert len(rows(files["runs.csv"])) == 4


def test_it_says_how_many_lines_each_file_has(oak):
    made(oak)

    contents = oak.export.contents
    assert (contents["schools.csv"], contents["decisions.csv"]) == (1, 0)


def test_it_is_kept_in_pieces(oak, monkeypatch):
    monkeypatch.setattr(export, "PART_SIZE", 500)

    made(oak)

    assert ExportPart.objects.count() > 2


def test_it_is_made_once(oak):
    wanted, now = ask_for_export(oak, timezone.now()), timezone.now()

    assert [make(wanted.pk, now), make(wanted.pk, now)] == [True, False]
    assert make_missing(now + timedelta(days=1)) == 0


def test_one_whose_worker_died_is_made_again(oak, monkeypatch):
    wanted, now = ask_for_export(oak, timezone.now()), timezone.now()
    DistrictExport.objects.update(begun_at=now)
    ExportPart.objects.create(export=wanted, number=0, data=b"half")

    soon = make_missing(now + timedelta(minutes=59))
    later = make_missing(now + timedelta(minutes=61))

    assert (soon, later) == (0, 1)
    assert bytes(wanted.parts.get(number=0).data).startswith(b"PK")


def test_a_new_one_takes_the_place_of_an_old_one(oak):
    made(oak)

    ask_for_export(oak, timezone.now())

    export_now = DistrictExport.objects.get()
    assert export_now.made_at is None
    assert not ExportPart.objects.exists()


def test_a_district_that_comes_back_meanwhile_costs_no_error(oak, monkeypatch):
    wanted = ask_for_export(oak, timezone.now())

    def come_back(district: District):
        DistrictExport.objects.all().delete()
        return files_of(district)

    monkeypatch.setattr(export, "files_of", come_back)

    assert not make(wanted.pk, timezone.now())
