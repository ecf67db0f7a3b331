"""A person's bad data never fails a run: the messy district, by commands."""

import pytest

from accounts.models import StaffAccount
from clever.standin import Standin
from clever.standin.messy import MESSES
from schools.columns import column_lengths
from staffimport.models import ImportResult, ImportRun
from tests.contract import results
from tests.stage import done, kept, make_stage, served_by

TEXTS = ("first_name", "middle_name", "last_name", "job_title", "email")
# Students and parents hold no role that is pulled; who holds none is nobody's.
NOT_STAFF = {"student", "parent_of_plain", "no_roles"}
STAFF = sorted(set(MESSES) - NOT_STAFF)


@pytest.fixture(scope="module", params=["tidy accounts", "no accounts"])
def imported(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """The messy district after its final: (stage, the final's rows by Clever id)."""
    folder = tmp_path_factory.mktemp("messy")
    with (
        Standin("messy") as standin,
        served_by(standin),
        kept(django_db_blocker, "thorn"),
    ):
        with django_db_blocker.unblock():
            stage = make_stage("thorn", standin, "messy", folder)
            stage.load()
            if request.param == "no accounts":
                StaffAccount.objects.all().delete()
            # Its NCES id stands at two schools, so nobody matches it unasked.
            school = stage.clever_school(1)
            done("match_schools", "thorn", "--set", f"1001={school}")
            codes = []
            for kind in ("test", "final"):
                path = folder / f"{kind}.json"
                codes.append(stage.import_staff(kind, "--json", path).code)
        rows: dict[str, list[dict[str, object]]] = {}
        for row in results(folder / "final.json")["results"]:
            rows.setdefault(row["clever_id"], []).append(row)
        yield stage, rows, codes


@pytest.fixture
def stage(imported, db):
    """The messy district's stage."""
    return imported[0]


def test_test_and_final_succeed(stage, imported):
    assert set(imported[2]) <= {0, 3}
    states = ImportRun.objects.values_list("state", flat=True)
    assert set(states) == {ImportRun.State.SUCCEEDED}


@pytest.mark.parametrize("mess", STAFF)
def test_everybody_has_a_row_that_says_what_becomes_of_them(stage, imported, mess):
    rows = imported[1].get(stage.clever_user(MESSES[mess]), [])

    assert rows
    for row in rows:
        assert len(row["reason"]) > len("Nothing.")
        if row["outcome"] in ("conflict", "skipped"):
            assert row["reason"].count(". ") + row["reason"].count(", ") >= 1


@pytest.mark.parametrize("mess", sorted(NOT_STAFF))
def test_who_is_no_staff_has_no_row(stage, imported, mess):
    assert stage.clever_user(MESSES[mess]) not in imported[1]


def test_nothing_differs_after_the_final(stage):
    run = ImportRun.objects.get(kind="final")

    assert run.proof["differ"] == 0
    waiting = run.results.filter(state="held") | run.results.filter(outcome="conflict")
    assert run.proof["waiting"] == waiting.count()


def test_a_second_final_and_a_sync_write_no_account(stage):
    before = stage.accounts()

    for kind in ("test", "final", "sync"):
        assert stage.import_staff(kind).code in (0, 3)

    assert stage.accounts() == before
    runs = ImportRun.objects.filter(kind__in=["final", "sync"]).order_by("pk")[1:]
    assert [run.counts["writes"] for run in runs] == [0, 0]


def test_nobody_is_archived_for_a_mess_of_their_own(stage):
    archived = ImportResult.objects.filter(run__kind="final", outcome="inactive")

    assert [row.reason for row in archived if row.state == "applied"] == []


def test_no_two_accounts_of_one_school_are_one_person(stage):
    tied = StaffAccount.objects.exclude(clever_id="")
    places = list(tied.values_list("school_id", "clever_id"))

    assert len(places) == len(set(places))
    assert len(places) > 40


ENDLESS = ("\N{HUNDRED POINTS SYMBOL}e\N{COMBINING ACUTE ACCENT}\t'\"\\ " * 700).strip()


def endless(stage):
    """Return a teacher and a staff member, every text of theirs without end."""
    role = {
        "title": ENDLESS,
        "teacher_number": f"1{ENDLESS}",
        "sis_id": f"2{ENDLESS}",
        "staff_id": f"3{ENDLESS}",
        "schools": [stage.clever_school(1)],
    }
    return {
        "name": {"first": ENDLESS, "middle": ENDLESS, "last": f"Zz{ENDLESS}"},
        "email": f"a@{ENDLESS}",
        "roles": {"teacher": role, "staff": role, "district_admin": role},
    }


def test_texts_without_end_are_cut_to_what_an_account_can_hold(stage):
    with Standin("messy") as standin, served_by(standin):
        standin.change("add", kind="users", record=endless(stage))
        changed = stage.with_standin(standin)
        codes = [changed.import_staff(kind).code for kind in ("test", "final", "sync")]
        again = changed.import_staff("sync")

    assert set(codes) <= {0, 3}
    run = ImportRun.objects.latest("pk")
    assert (run.counts["writes"], run.proof["differ"]) == (0, 0), again
    found = StaffAccount.objects.filter(last_name__startswith="Zz")
    assert {account.school is None for account in found} == {True, False}
    limits = column_lengths(StaffAccount, TEXTS)
    for account in found:
        assert all(len(getattr(account, field)) <= limits[field] for field in TEXTS)
