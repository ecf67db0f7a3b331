"""The demo district after its final: what is held, and what becomes of it."""

import pytest

from accounts.models import StaffAccount
from clever.standin import Standin
from schools.models import District
from staffimport.models import ImportResult, ImportRun
from tests.contract import OUTCOMES, counted, results, without_bookkeeping
from tests.stage import kept, make_stage, manage, served_by


@pytest.fixture(scope="module")
def imported(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo district after its final: (stage, accounts before, folder of results).

    It is committed for this module; each test's own changes are rolled back.
    """
    folder = tmp_path_factory.mktemp("demo")
    with (
        Standin("demo") as standin,
        served_by(standin),
        kept(django_db_blocker, "cedar"),
    ):
        with django_db_blocker.unblock():
            stage = make_stage("cedar", standin, "demo", folder)
            stage.load()
            before = stage.accounts()
            for kind in ("test", "final"):
                ended = stage.import_staff(kind, "--json", folder / f"{kind}.json")
                assert ended.code == 3, ended
        yield stage, before, folder


@pytest.fixture
def demo(imported, db):
    """The demo district's stage."""
    return imported[0]


def held_rows():
    """Return the open held rows of the final, the braked ones first."""
    rows = ImportResult.objects.filter(run__kind="final", state="held")
    return rows.order_by("held_reason", "position")


def statuses(rows):
    """Return the statuses of the rows' accounts that exist."""
    ids = [row.account_id for row in rows]
    accounts = StaffAccount.objects.filter(pk__in=ids)
    return set(accounts.values_list("status", flat=True))


def test_a_realistic_district_has_rows_of_every_kind(demo, imported):
    _, _, folder = imported

    test, final = (results(folder / f"{kind}.json") for kind in ("test", "final"))

    assert set(counted(final)) == OUTCOMES - {"relink"}
    assert counted(test) == counted(final)
    held = counted(final, "state")["held"]
    assert held == counted(test, "state")["held"] == final["run"]["counts"]["held"]
    assert {row["held_reason"] for row in final["results"]} == {None, "brake", "pair"}
    run = ImportRun.objects.get(kind="final")
    waiting = held + final["run"]["counts"]["conflict"]
    assert (run.proof["differ"], run.proof["waiting"]) == (0, waiting)


def test_a_final_changes_no_account_of_a_row_that_is_held(demo, imported):
    _, before, _ = imported
    held = {row.account_id for row in held_rows() if row.outcome != "created"}
    then = [account for account in before if account["id"] in held]

    now = [account for account in demo.accounts() if account["id"] in held]

    assert now == then
    assert len(held) > 5


def test_an_undo_gives_every_account_of_the_district_back(demo, imported):
    _, before, _ = imported
    final = ImportRun.objects.get(kind="final")

    undone = manage("undo_import", "cedar", final.pk)

    assert undone.code == 0, undone
    assert without_bookkeeping(demo.accounts()) == without_bookkeeping(before)


def test_held_rows_are_listed_approved_and_dismissed(demo):
    approved, dismissed, *rest = held_rows()
    waiting = len(rest) + 2

    listed = manage("held_rows", "cedar")
    after_approval = manage("held_rows", "cedar", "--approve", approved.pk)
    after_dismissal = manage("held_rows", "cedar", "--dismiss", dismissed.pk)
    again = manage("held_rows", "cedar", "--approve", approved.pk)

    assert listed.code == after_approval.code == after_dismissal.code == 3
    assert f"{waiting} rows held." in listed.out
    assert f"{waiting - 1} rows held." in after_approval.out
    assert f"{waiting - 2} rows held." in after_dismissal.out
    assert (again.code, "This row is not held" in again.err) == (1, True)
    assert statuses([approved]) == {"inactive"}
    assert statuses([dismissed]) == {"active"}


def test_a_dismissed_change_stays_away(demo):
    rows = list(held_rows())
    numbers = [row.pk for row in rows]

    dismissed = manage("held_rows", "cedar", "--dismiss", *numbers)
    synced = demo.import_staff("sync")

    assert (dismissed.code, synced.code) == (0, 0)
    assert "No row of Maple Valley is held." in dismissed.out
    assert statuses(row for row in rows if row.outcome == "inactive") == {"active"}


def test_rows_of_another_district_or_of_nothing_are_refused(demo):
    District.objects.create(slug="other", name="Other", clever_id="x")
    row = held_rows()[0]

    foreign = manage("held_rows", "other", "--approve", row.pk)
    unknown = manage("held_rows", "cedar", "--dismiss", 10**9)

    assert (foreign.code, unknown.code) == (1, 1)
    assert f"Row {row.pk}: Other has no row {row.pk}." in foreign.err
    row.refresh_from_db()
    assert row.state == "held"


def test_a_sync_takes_no_row_that_the_brake_of_a_final_held(demo):
    rows = list(held_rows().filter(held_reason="brake"))

    demo.import_staff("sync")

    assert statuses(rows) == {"active"}
