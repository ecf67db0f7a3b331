"""The main job by commands alone: create, load, match, test, final, sync, undo."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import StaffAccount
from clever.standin import Standin
from schools.audit import COMMAND_LINE
from schools.models import District
from staffimport import runs
from staffimport.models import ImportRun
from staffimport.services.start import start_sync
from tests.contract import TEXTS, counted, results, without_bookkeeping
from tests.stage import done, make_stage, manage, served_by


@pytest.fixture
def stage(db, tmp_path):
    """The small district, set up to its matched schools."""
    with Standin("small") as standin, served_by(standin):
        stage = make_stage("maple", standin, "small", tmp_path)
        stage.load()
        yield stage


# The small district, row by row


def test_a_test_import_says_what_a_final_then_does(stage, tmp_path):
    before = stage.accounts()

    tested = stage.import_staff("test", "--json", tmp_path / "test.json")
    after_test = stage.accounts()
    final = stage.import_staff("final", "--json", tmp_path / "final.json")

    assert (tested.code, tested.err, final.code, final.err) == (0, "", 0, "")
    assert after_test == before
    test, made = results(tmp_path / "test.json"), results(tmp_path / "final.json")
    expected = {"created": 3, "matched": 29, "inactive": 1, "skipped": 1}
    assert counted(test) == counted(made) == expected
    assert counted(test, "state") == {"planned": 34}
    assert counted(made, "state") == {"applied": 33, "planned": 1}
    assert [row | {"state": ""} for row in made["results"]] == [
        row | {"state": ""} for row in test["results"]
    ]
    assert "0 of 34 differ; 0 wait for you, 0 left alone" in final.out


def test_the_accounts_are_what_the_rows_of_the_final_say(stage, tmp_path):
    done("import_staff", "maple", "--test")
    stage.import_staff("final", "--json", tmp_path / "final.json")

    rows = results(tmp_path / "final.json")["results"]

    assert len(rows) == StaffAccount.objects.count() == 34
    for row in rows:
        account = StaffAccount.objects.get(pk=row["account_id"])
        for name in TEXTS[:6]:
            assert getattr(account, name) == (row[name] or ""), name
        for name in ("job_function", "user_role", "zone"):
            named = getattr(account, name)
            assert (str(named) if named else None) == row[name]
        assert account.clever_id == (row["clever_id"] or "")
        assert account.teacher_list is row["teacher_list"]
        assert account.counselor_list is row["counselor_list"]
        assert (account.school.school_id if account.school else None) == row[
            "school_id"
        ]
        is_gone = row["outcome"] == "inactive"
        assert account.status == ("inactive" if is_gone else "active")


def test_rows_of_each_outcome_in_the_contracts_words(stage, tmp_path):
    stage.import_staff("test", "--json", tmp_path / "test.json")

    rows = results(tmp_path / "test.json")["results"]

    [changed] = [row for row in rows if row["changes"] and row["outcome"] == "matched"]
    assert changed["changes"] == {"job_title": ["Teacher", "Teacher, Spanish"]}
    assert (changed["matched_by"], changed["keyword"]) == (
        "email_and_employee_id",
        None,
    )
    [gone] = [row for row in rows if row["outcome"] == "inactive"]
    assert (gone["last_name"], gone["clever_id"], gone["email"]) == (
        "Gone",
        None,
        "walt.gone@maplevalley.example",
    )
    assert gone["changes"] == {"status": ["active", "inactive"]}
    new = {row["last_name"]: row for row in rows if row["outcome"] == "created"}
    assert set(new) == {"Shah", "Toro", "Dunn"}
    assert (new["Shah"]["keyword"], new["Shah"]["teacher_list"]) == ("teacher", True)
    assert (new["Dunn"]["level"], new["Dunn"]["school_id"], new["Dunn"]["zone"]) == (
        "district",
        None,
        "No Schools Zone",
    )
    assert new["Dunn"]["employee_id"] is None
    [kept] = [row for row in rows if row["outcome"] == "skipped"]
    assert (kept["last_name"], kept["user_role"]) == ("Site", "District Site Manager")


@pytest.mark.parametrize("kind", ["test", "final", "sync"])
def test_import_results_writes_what_import_staff_wrote(stage, tmp_path, kind):
    for before in ("test", "final", "sync")[: ("test", "final", "sync").index(kind)]:
        stage.import_staff(before)
    stage.import_staff(kind, "--json", tmp_path / "now.json")
    number = ImportRun.objects.latest("pk").pk

    done("import_results", number, "--json", tmp_path / "later.json")

    assert results(tmp_path / "later.json") == results(tmp_path / "now.json")


def test_matches_are_written_in_the_contracts_shape(stage, tmp_path):
    done("match_schools", "maple", "--reset", "1003")

    done("match_schools", "maple", "--json", tmp_path / "matches.json")

    entries = json.loads((tmp_path / "matches.json").read_text())["matches"]
    assert [list(entry) for entry in entries] == [
        ["school_id", "clever_id", "method", "suggestions"]
    ] * 4
    assert [(entry["school_id"], entry["method"]) for entry in entries] == [
        ("1001", "nces_id"),
        ("1002", "nces_id"),
        ("1003", None),
        (None, None),
    ]
    assert entries[2]["clever_id"] is None
    assert entries[3]["clever_id"] is not None


def test_loading_again_changes_nothing_before_the_first_final(stage):
    before = stage.accounts()

    for what in ("schools", "staff"):
        assert (
            " 0 updated"
            in done(f"load_{what}", "maple", stage.files / f"{what}.csv").out
        )
    settings = stage.files / "settings.json"
    assert "nothing changed" in done("load_import_settings", "maple", settings).out

    assert stage.accounts() == before


def test_dumped_settings_load_back_as_they_were(stage, tmp_path):
    done("dump_import_settings", "maple", tmp_path / "dumped.json")

    loaded = done("load_import_settings", "maple", tmp_path / "dumped.json")

    assert "nothing changed" in loaded.out


def test_a_second_final_and_a_sync_write_no_account(stage):
    for kind in ("test", "final"):
        stage.import_staff(kind)
    before = stage.accounts()

    for kind in ("test", "final", "sync"):
        assert stage.import_staff(kind).code == 0

    assert stage.accounts() == before
    assert ImportRun.objects.latest("pk").counts["writes"] == 0


def test_a_sync_brings_in_who_came_went_and_changed(stage, tmp_path):
    for kind in ("test", "final"):
        stage.import_staff(kind)
    stage.standin.sync(
        [
            {
                "do": "add",
                "kind": "users",
                "record": {
                    "name": {"first": "New", "last": "Comer"},
                    "email": "new.comer@maplevalley.example",
                    "roles": {
                        "staff": {
                            "staff_id": "9",
                            "title": "School Counselor",
                            "schools": [stage.clever_school(2)],
                        }
                    },
                },
            },
            {"do": "remove", "kind": "users", "id": stage.clever_user(25)},
            {
                "do": "update",
                "kind": "users",
                "id": stage.clever_user(1),
                "set": {"name": {"last": "Okoye"}},
            },
        ]
    )

    ended = stage.import_staff("sync", "--json", tmp_path / "sync.json")

    assert ended.code == 0
    rows = {row["outcome"]: row for row in results(tmp_path / "sync.json")["results"]}
    assert set(rows) == {"created", "matched", "inactive"}
    assert rows["created"]["keyword"] == "counselor"
    assert rows["matched"]["changes"] == {"last_name": ["Abara", "Okoye"]}
    assert rows["matched"]["matched_by"] == "clever_id"
    assert rows["inactive"]["last_name"] == "Yates"
    assert "3 accounts changed. 0 of 35 differ" in ended.out


# Undo


def test_an_undo_is_previewed_and_then_gives_every_account_back(stage):
    before = stage.accounts()
    for kind in ("test", "final", "sync"):
        assert stage.import_staff(kind).code == 0
    imported = stage.accounts()
    final = ImportRun.objects.get(kind="final")

    preview = manage("undo_import", "maple", final.pk, "--preview")
    after_preview = stage.accounts()
    undone = manage("undo_import", "maple", final.pk)

    assert (preview.code, undone.code) == (0, 0), undone
    assert "Nothing was changed: this is a preview." in preview.out
    assert "3 accounts: created and never used: removed" in preview.out
    assert "1 account: archived: active again" in preview.out
    assert after_preview == imported
    assert without_bookkeeping(stage.accounts()) == without_bookkeeping(before)
    district = District.objects.get(slug="maple")
    assert district.sync_paused_at is not None
    assert not district.school_matches.filter(imported_at__isnull=False).exists()


@pytest.mark.parametrize("is_dead", [True, False], ids=["dead", "queued"])
def test_an_undo_carries_out_first_what_nobody_carries_out(stage, is_dead):
    for kind in ("test", "final"):
        stage.import_staff(kind)
    final = ImportRun.objects.get(kind="final")
    waiting = start_sync(final.district, COMMAND_LINE, send=False)
    if is_dead:
        runs.claim(waiting.pk, timezone.now() - timedelta(hours=1))

    undone = manage("undo_import", "maple", final.pk)

    waiting.refresh_from_db()
    assert undone.code == 0, undone
    assert f"{waiting} was asked for before, so it comes first." in undone.out
    assert waiting.state == "succeeded"


def test_a_run_is_not_taken_back_twice(stage):
    for kind in ("test", "final"):
        stage.import_staff(kind)
    final = ImportRun.objects.get(kind="final")
    done("undo_import", "maple", final.pk)
    before = stage.accounts()

    again = manage("undo_import", "maple", final.pk)

    assert again.code == 1
    assert again.err.startswith("CommandError: ")
    assert stage.accounts() == before


def test_after_an_undo_the_way_leads_through_test_and_final_again(stage):
    for kind in ("test", "final"):
        stage.import_staff(kind)
    imported = stage.accounts()
    done("undo_import", "maple", ImportRun.objects.get(kind="final").pk)

    codes = [stage.import_staff(kind).code for kind in ("test", "final", "sync")]

    assert codes == [0, 0, 0]
    assert len(stage.accounts()) == len(imported)
    assert District.objects.get(slug="maple").sync_paused_at is None


def test_an_undo_of_a_run_that_is_not_there_or_changed_nothing_is_refused(stage):
    stage.import_staff("test")
    test = ImportRun.objects.get()

    refused = [manage("undo_import", "maple", number) for number in (test.pk, 10**6)]

    assert [ended.code for ended in refused] == [1, 1]
    assert "has no run 1000000" in refused[1].err
