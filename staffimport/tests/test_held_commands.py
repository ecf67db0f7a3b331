import pytest
from django.core.management import CommandError, call_command

from accounts.models import StaffAccount
from staffimport.core.values import HeldReason, Outcome, RowState
from staffimport.models import ImportRun
from staffimport.tests.building import (
    applied_run,
    make_account,
    make_district,
    make_school,
    new_row,
    row_of,
    succeeded_test,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def ada(oakdale):
    return make_account(make_school(oakdale))


def leaver(account):
    row = row_of(account, Outcome.INACTIVE)
    row.state, row.held_reason = RowState.HELD, HeldReason.BRAKE
    return row


@pytest.fixture
def call(capsys):
    """Run a command; give its exit code, output and errors."""

    def run(*arguments):
        try:
            call_command(*arguments)
            code: object = 0
        except SystemExit as stop:
            code = stop.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_held_rows_are_listed_with_all_one_decides_by(oakdale, ada, call):
    run = applied_run(oakdale, leaver(ada))
    row = run.results.get()

    code, out, _err = call("held_rows", "oakdale")

    line = next(line for line in out.splitlines() if "Lovelace" in line)
    cells = [cell.strip() for cell in line.strip("│┃").split("│")]
    assert cells == [
        str(row.pk),
        str(run),
        "Inactive",
        "Ada Lovelace",
        "School 1",
        "Brake",
        "A reason.",
    ]
    assert code == 3


def test_without_held_rows_the_command_says_so(oakdale, call):
    assert call("held_rows", "oakdale") == (0, "No row of Oakdale is held.\n", "")


def test_rows_of_the_newest_test_are_listed_too(oakdale, ada, call):
    succeeded_test(oakdale, leaver(ada))

    code, out, _err = call("held_rows", "oakdale")

    assert (code, "Lovelace" in out) == (3, True)


def test_rows_are_approved_by_number(oakdale, ada, call):
    row = applied_run(oakdale, leaver(ada)).results.get()

    code, out, _err = call("held_rows", "oakdale", "--approve", str(row.pk))

    ada.refresh_from_db()
    assert (code, ada.status) == (0, "inactive")
    assert out == "1 row approved.\nNo row of Oakdale is held.\n"


def test_rows_are_dismissed_by_number(oakdale, ada, call):
    row = applied_run(oakdale, leaver(ada)).results.get()

    code, out, _err = call("held_rows", "oakdale", "--dismiss", str(row.pk))

    ada.refresh_from_db()
    assert (code, ada.status) == (0, "active")
    assert out.startswith("1 row dismissed.")


def test_a_row_that_can_not_be_decided_is_a_sentence_and_code_1(oakdale, call):
    code, _out, err = call("held_rows", "oakdale", "--approve", "77")

    assert code == 1
    assert err == "Row 77: Oakdale has no row 77. held_rows lists those there are.\n"


def test_an_import_is_undone_with_its_preview(oakdale, ada, call):
    run = applied_run(oakdale, row_of(ada, job_title="Dean"), new_row(ada.school, "g1"))

    code, out, _err = call("undo_import", "oakdale", str(run.pk))

    undone = ImportRun.objects.get(kind="undo")
    assert code == 0
    assert "  1 account: values as before the import\n" in out
    assert "  1 account: created and never used: removed\n" in out
    assert out.endswith(f"{undone} is done: {run} is taken back.\n")
    assert StaffAccount.objects.get().job_title == "Teacher"


def test_a_preview_changes_nothing(oakdale, ada, call):
    run = applied_run(oakdale, row_of(ada, job_title="Dean"))

    code, out, _err = call("undo_import", "oakdale", str(run.pk), "--preview")

    assert (code, StaffAccount.objects.get().job_title) == (0, "Dean")
    assert out.endswith("Nothing was changed: this is a preview.\n")
    assert not ImportRun.objects.filter(kind="undo").exists()


def test_what_can_not_be_undone_is_a_sentence(oakdale, ada):
    first = applied_run(oakdale, row_of(ada, job_title="Dean"))
    applied_run(oakdale, new_row(ada.school, "g1"))

    with pytest.raises(CommandError, match="Only the last import"):
        call_command("undo_import", "oakdale", str(first.pk))


@pytest.mark.parametrize("number", ["0", "of cedar"])
def test_runs_of_others_are_unknown(oakdale, number):
    other = applied_run(make_district("cedar")).pk
    number = str(other) if number == "of cedar" else number

    with pytest.raises(CommandError, match=f"Oakdale has no run {number}"):
        call_command("undo_import", "oakdale", number)


def test_an_undo_that_is_stopped_while_it_waits_undoes_nothing(
    oakdale, ada, monkeypatch
):
    run = applied_run(oakdale, row_of(ada, job_title="Dean"))

    def stopped(_run, _view):
        raise KeyboardInterrupt

    monkeypatch.setattr("staffimport.management.commands.undo_import.follow", stopped)

    with pytest.raises(CommandError, match=r"is cancelled\. Nothing was changed"):
        call_command("undo_import", "oakdale", str(run.pk))

    assert ImportRun.objects.get(kind="undo").state == "cancelled"
