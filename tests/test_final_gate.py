"""What a final import needs, and that it applies what was reviewed and nothing else."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.models import StaffAccount
from clever.standin import Standin
from schools.models import District
from staffimport.models import ImportResult, ImportRun
from tests.stage import done, kept, make_stage, manage, served_by

MONDAY = datetime(2026, 10, 12, 17, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small district, set up to its matched schools, for this module."""
    folder = tmp_path_factory.mktemp("gate")
    with kept(django_db_blocker, "maple"):
        with (
            django_db_blocker.unblock(),
            Standin("small") as standin,
            served_by(standin),
            time_machine.travel(MONDAY - timedelta(days=1)),
        ):
            stage = make_stage("maple", standin, "small", folder)
            stage.load()
        yield stage


@pytest.fixture
def stage(loaded, db):
    """The small district on a Monday, with a Clever of this test's own."""
    with (
        Standin("small") as standin,
        served_by(standin),
        time_machine.travel(MONDAY),
    ):
        yield loaded.with_standin(standin)


@pytest.fixture
def imported(stage):
    """The small district after its first final, a day later."""
    for kind in ("test", "final"):
        assert stage.import_staff(kind).code == 0
    with time_machine.travel(MONDAY + timedelta(days=2)):
        yield stage


def is_refused(stage, words):
    """Ask for a final that must be refused before it becomes a run."""
    before, runs = stage.accounts(), ImportRun.objects.count()

    ended = stage.import_staff("final")

    assert ended.code == 1
    assert ended.err == f"CommandError: {words}\n"
    assert stage.accounts() == before
    assert ImportRun.objects.count() == runs


def held(kind):
    """Return what the newest run of a kind holds: last names by reason."""
    run = ImportRun.objects.filter(kind=kind).latest("pk")
    found: dict[str, set[str]] = {}
    for row in run.results.filter(state=ImportResult.State.HELD):
        found.setdefault(row.held_reason, set()).add(row.last_name)
    return found


def written(kind):
    """Return the last names of whom the newest run of a kind has changed."""
    run = ImportRun.objects.filter(kind=kind).latest("pk")
    rows = run.results.filter(state=ImportResult.State.APPLIED, writes=True)
    return set(rows.values_list("last_name", flat=True))


def update(stage, number, **values):
    stage.standin.change(
        "update", kind="users", id=stage.clever_user(number), set=values
    )


def remove(stage, *numbers):
    ids = [stage.clever_user(number) for number in numbers]
    stage.standin.sync([{"do": "remove", "kind": "users", "id": i} for i in ids])


# The gate


def test_without_a_test_there_is_no_final(stage):
    is_refused(stage, "There is no completed test import yet. Run one first.")


def test_a_failed_test_is_no_test(stage):
    stage.standin.fault("revoked", path="/users*")
    assert stage.import_staff("test").code == 1
    stage.standin.clear_faults()

    is_refused(stage, "There is no completed test import yet. Run one first.")


def test_a_test_lasts_for_48_hours_from_its_pull(stage):
    stage.import_staff("test")

    with time_machine.travel(MONDAY + timedelta(hours=49)):
        is_refused(
            stage,
            "This test is older than 48 hours (Oct 12, 10:00 AM). Run it again.",
        )
        assert stage.import_staff("test").code == 0
        assert stage.import_staff("final").code == 0


def test_a_test_of_47_hours_is_young_enough(stage):
    stage.import_staff("test")

    with time_machine.travel(MONDAY + timedelta(hours=47)):
        assert stage.import_staff("final").code == 0


def test_settings_saved_after_the_test_ask_for_a_new_one(stage, tmp_path):
    stage.import_staff("test")
    settings = json.loads((stage.files / "settings.json").read_text())
    (tmp_path / "new.json").write_text(json.dumps(settings | {"keywords": []}))

    with time_machine.travel(MONDAY + timedelta(hours=20)):
        done("load_import_settings", "maple", tmp_path / "new.json")
        is_refused(
            stage,
            "Settings were saved after this test, on Oct 13 by Command line. "
            "Run it again.",
        )
        assert stage.import_staff("test").code == 0
        assert stage.import_staff("final").code == 0


def test_settings_saved_as_they_were_ask_for_nothing(stage):
    stage.import_staff("test")

    done("load_import_settings", "maple", stage.files / "settings.json")

    assert stage.import_staff("final").code == 0


def test_matches_changed_after_the_test_ask_for_a_new_one(stage):
    stage.import_staff("test")

    done("match_schools", "maple", "--reset", "1003")

    is_refused(
        stage,
        "School matches were saved after this test, on Oct 12. Run it again.",
    )


def test_a_paused_district_is_not_imported(stage):
    stage.import_staff("test")
    District.objects.filter(slug="maple").update(paused_at=MONDAY)

    is_refused(
        stage,
        "Maple Valley is paused, so no final import or sync can start. Contact "
        "Naviance Support to have it resumed.",
    )


def test_who_has_not_said_whether_they_use_clever_sso_is_asked(stage):
    stage.import_staff("test")
    District.objects.filter(slug="maple").update(uses_sso=None)

    ended = stage.import_staff("final")

    assert ended.code == 1
    assert "“uses_sso”" in ended.err
    assert not ImportRun.objects.filter(kind="final").exists()


# What was reviewed is what is applied


@pytest.fixture
def changed(stage):
    """The small district, whose Clever has changed since its test."""
    assert stage.import_staff("test").code == 0
    update(stage, 1, name={"first": "Adaora"})
    update(stage, 3, roles={"teacher": {"title": "Teacher, Latin"}})
    update(stage, 19, email="sven.shah2@maplevalley.example")
    remove(stage, 5)
    stage.standin.change(
        "add",
        kind="users",
        record={
            "name": {"first": "New", "last": "Comer"},
            "email": "new.comer@maplevalley.example",
            "roles": {
                "staff": {
                    "staff_id": "9",
                    "title": "Registrar",
                    "schools": [stage.clever_school(2)],
                }
            },
        },
    )
    return stage


CHANGED = {"Abara", "Cruz", "Shah", "Eklund", "Comer"}


def test_a_final_applies_what_the_test_showed_and_holds_the_rest(changed):
    ended = changed.import_staff("final")

    assert ended.code == 3
    assert held("final") == {"changed_since_test": CHANGED}
    # To be created, to be archived, and ties to Clever of all who are as they were.
    assert {"Toro", "Dunn", "Gone", "Bell"} <= written("final")
    assert not written("final") & CHANGED
    reasons = ImportResult.objects.filter(state="held").values_list("reason", flat=True)
    assert all(reason.startswith("Changed since your test: ") for reason in reasons)
    assert "5 held rows wait to be approved or dismissed." in ended.out
    assert "0 of 33 differ; 5 wait for you" in ended.out


def test_the_next_sync_takes_exactly_what_changed_since_the_test(changed):
    changed.import_staff("final")

    ended = changed.import_staff("sync")

    assert ended.code == 0, ended
    assert written("sync") == CHANGED
    assert "0 of 35 differ; 0 wait for you" in ended.out
    states = ImportResult.objects.filter(held_reason="changed_since_test")
    assert set(states.values_list("state", flat=True)) == {"superseded"}


def test_a_row_that_changed_since_the_test_can_be_approved_at_once(changed):
    changed.import_staff("final")
    row = ImportResult.objects.get(run__kind="final", last_name="Comer")

    approved = manage("held_rows", "maple", "--approve", row.pk)
    synced = changed.import_staff("sync")

    assert (approved.code, synced.code) == (3, 0)
    assert "1 row approved." in approved.out
    assert "4 rows held." in approved.out
    assert StaffAccount.objects.filter(last_name="Comer").count() == 1
    assert written("sync") == CHANGED - {"Comer"}


def test_a_change_taken_back_before_the_final_is_no_change(stage):
    stage.import_staff("test")
    update(stage, 1, name={"last": "Okoye"})
    update(stage, 1, name={"last": "Abara"})

    assert stage.import_staff("final").code == 0


def test_a_sync_takes_no_row_that_waits_for_another_reason(imported):
    imported.standin.change("new_id", id=imported.clever_user(2))
    assert imported.import_staff("test").code == 3
    update(imported, 1, name={"last": "Okoye"})
    imported.import_staff("final")
    both = held("final")

    ended = imported.import_staff("sync")

    assert both == {"relink": {"Bell"}, "changed_since_test": {"Okoye"}}
    assert ended.code == 3
    assert written("sync") == {"Okoye"}
    assert held("sync") == {"relink": {"Bell"}}


def test_a_row_approved_in_the_test_is_applied_by_its_final(imported):
    new_id = imported.standin.change("new_id", id=imported.clever_user(2))
    imported.import_staff("test")
    row = ImportResult.objects.get(state="held", held_reason="relink")
    account = StaffAccount.objects.get(clever_id=imported.clever_user(2))

    approved = manage("held_rows", "maple", "--approve", row.pk)
    final = imported.import_staff("final")

    assert (approved.code, final.code) == (0, 0)
    account.refresh_from_db()
    assert account.clever_id == new_id
    assert written("final") == {"Bell"}


def test_include_held_lets_go_what_the_test_showed_as_held_and_no_more(imported):
    remove(imported, 17, 18, 19, 20)
    tested = imported.import_staff("test")
    remove(imported, 23)

    final = imported.import_staff("final", "--include-held")

    assert (tested.code, final.code) == (3, 3)
    assert held("test") == {"brake": {"Quist", "Reyes", "Shah", "Toro"}}
    assert written("final") == {"Quist", "Reyes", "Shah", "Toro"}
    assert [*held("final").values()] == [{"Ware"}]


def test_what_the_brake_holds_stays_until_somebody_decides(imported):
    remove(imported, 17, 18, 19, 20)
    active = StaffAccount.objects.filter(status="active").count()

    codes = [imported.import_staff(kind).code for kind in ("test", "final", "sync")]

    assert codes == [3, 3, 3]
    assert held("sync") == {"brake": {"Quist", "Reyes", "Shah", "Toro"}}
    assert StaffAccount.objects.filter(status="active").count() == active
