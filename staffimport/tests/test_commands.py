import csv
import json
import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import StaffAccount
from schools.models import District
from staffimport import runs, sweeping
from staffimport.exports import FIELDS
from staffimport.management.commands.import_staff import Command
from staffimport.models import ImportRun
from staffimport.services.start import start_check, start_sync
from staffimport.tests.conftest import DANA

State = ImportRun.State


def import_staff(*arguments):
    """Run the command; return what it wrote to stdout, and its exit code."""
    out = StringIO()
    try:
        call_command("import_staff", "maple", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


@pytest.fixture
def held(maple):
    """Makes the next test hold rows: two accounts whose people Clever doesn't have.

    They are all of their school, which the brake guards.
    """
    school = maple.schools.get(school_id="S3")
    for number in range(6):
        StaffAccount.objects.create(
            id=uuid.UUID(int=number + 1),
            district=maple,
            school=school,
            first_name="Gone",
            last_name=f"Leaver{number}",
            email=f"gone{number}@maplevalley.example",
        )


def test_a_test_and_a_final_run_here_and_now_without_a_worker(maple, capsys):
    test_text, test_code = import_staff("--test")
    final_text, final_code = import_staff("--final")

    assert (test_code, final_code) == (0, 0)
    test = ImportRun.objects.get(kind="test")
    assert f"Test import {test.pk} is done, in " in test_text
    assert "32 rows: 32 created." in test_text
    assert "0 of 32 differ" in final_text
    assert StaffAccount.objects.count() == 32
    assert "Pull from Clever\n  Schools: 3\n  Teachers: 20\n" in capsys.readouterr().out


def test_a_sync_needs_a_final_import_first(maple):
    with pytest.raises(CommandError, match="Complete a final import first") as refusal:
        import_staff("--sync")

    assert refusal.value.returncode == 1


def test_a_final_without_a_test_is_refused_with_the_gates_sentence(maple):
    with pytest.raises(CommandError, match="There is no completed test import yet"):
        import_staff("--final")

    assert not ImportRun.objects.exists()


def test_held_rows_end_in_exit_code_3_and_include_held_lets_them_go(maple, held):
    text, code = import_staff("--test")
    final_text, final_code = import_staff("--final", "--include-held")

    assert code == 3
    assert "6 held rows wait to be approved or dismissed." in text
    assert final_code == 0, final_text
    assert StaffAccount.objects.filter(status="inactive").count() == 6


def test_the_json_file_has_the_contracts_shape(maple, tmp_path):
    path = tmp_path / "results.json"

    import_staff("--test", "--json", str(path))

    content = json.loads(path.read_text())
    run = ImportRun.objects.get()
    assert content["run"] == {
        "id": run.pk,
        "kind": "test",
        "state": "succeeded",
        "counts": run.counts,
    }
    assert len(content["results"]) == 32
    assert list(content["results"][0]) == list(FIELDS)


def test_a_failed_run_is_a_sentence_on_stderr_and_still_a_file(
    maple, standin, tmp_path
):
    path = tmp_path / "results.json"
    standin.fault("revoked")

    with pytest.raises(CommandError, match="did not accept") as failure:
        import_staff("--test", "--json", str(path))

    assert failure.value.returncode == 1
    content = json.loads(path.read_text())
    assert (content["run"]["state"], content["results"]) == ("failed", [])


def test_a_notice_is_shown(maple, standin):
    standin.fault("paused")

    text, code = import_staff("--test")

    assert code == 0
    assert "Notice: Clever has paused the sync" in text


@pytest.mark.parametrize("place", ["missing/results.json", "."])
def test_a_file_that_can_not_be_written_is_found_before_the_import(
    maple, tmp_path, place
):
    with pytest.raises(CommandError, match="can't be written"):
        import_staff("--test", "--json", str(tmp_path / place))

    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["maple"],
        ["--test"],
        ["maple", "--test", "--final"],
        ["maple", "--undo"],
        ["no slug!", "--test"],
    ],
)
def test_wrong_use_ends_in_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "import_staff", *arguments])

    assert end.value.code == 2
    assert "import_staff" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["--test", "--sync"])
def test_include_held_goes_with_a_final_only(maple, kind):
    with pytest.raises(CommandError, match="goes with --final only") as refusal:
        import_staff(kind, "--include-held")

    assert refusal.value.returncode == 2


def test_an_unknown_district_is_named_with_those_there_are(maple):
    with pytest.raises(CommandError, match="Use one of: maple"):
        call_command("import_staff", "mapel", "--test")


def test_a_run_whose_program_died_is_carried_out_before_the_next(maple, sent, capsys):
    dead = start_check(maple, DANA, send=False)
    runs.claim(dead.pk, timezone.now() - sweeping.HEARTBEAT_LIMIT * 2)

    _text, code = import_staff("--test")

    dead.refresh_from_db()
    test = ImportRun.objects.get(kind="test")
    assert (code, dead.state, test.state) == (0, State.SUCCEEDED, State.SUCCEEDED)
    assert str(dead.finished_at) <= str(test.started_at)
    assert f"{dead} was asked for before" in capsys.readouterr().out
    assert sent() == []


def test_an_import_waits_for_the_run_that_is_in_its_way(maple, monkeypatch, capsys):
    District.objects.update(first_final_at=timezone.now())
    maple.refresh_from_db()
    sync = runs.claim(start_sync(maple, DANA, send=False).pk, timezone.now())
    assert sync is not None

    def end_the_sync(_seconds):
        runs.succeed(sync, timezone.now())

    monkeypatch.setattr("time.sleep", end_the_sync)

    _text, code = import_staff("--test")

    assert code == 0
    assert "Another import of this district is running" in capsys.readouterr().out


def test_ctrl_c_cancels_the_import_that_was_asked_for_here(maple, monkeypatch):
    check = start_check(maple, DANA, send=False)
    runs.claim(check.pk, timezone.now())

    def press_ctrl_c(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", press_ctrl_c)

    with pytest.raises(CommandError, match="is cancelled"):
        import_staff("--test")

    assert ImportRun.objects.get(kind="test").state == State.CANCELLED


# The results of a run


def test_results_are_written_in_all_three_forms_and_counted(maple, tmp_path):
    import_staff("--test")
    run = ImportRun.objects.get()
    paths = {kind: tmp_path / f"results.{kind}" for kind in ("json", "csv", "xlsx")}
    files = [f"--{kind}={path}" for kind, path in paths.items()]
    out = StringIO()

    call_command("import_results", str(run.pk), *files, stdout=out)

    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["created", "planned", "district", "3"] in lines
    assert ["created", "planned", "school", "29"] in lines
    assert len(json.loads(paths["json"].read_text())["results"]) == 32
    with paths["csv"].open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 32
    assert paths["xlsx"].read_bytes().startswith(b"PK")


def test_results_of_an_unknown_run_are_refused(db):
    with pytest.raises(CommandError, match="There is no run 4711"):
        call_command("import_results", "4711")


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_results_need_a_place_that_can_be_written(maple, tmp_path, kind):
    run = start_check(maple, DANA, send=False)

    with pytest.raises(CommandError, match="can't be written"):
        call_command("import_results", str(run.pk), f"--{kind}={tmp_path}/no/file")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Needs Linux's /dev/full")
@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_a_full_disk_is_a_sentence(maple, kind):
    run = start_check(maple, DANA, send=False)

    with pytest.raises(CommandError, match="can't be written: No space left on dev"):
        call_command("import_results", str(run.pk), f"--{kind}=/dev/full")
