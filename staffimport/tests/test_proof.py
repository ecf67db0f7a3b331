import pytest

from staffimport.core.values import Level, Outcome, Plan, PlannedRow, RowState
from staffimport.proof import prove


def row(outcome=Outcome.MATCHED, **fields):
    return PlannedRow(outcome=outcome, level=Level.SCHOOL, **fields)


def prove_rows(rows, account_count):
    return prove(Plan(rows=rows, counts={}, notices=[]), account_count)


def test_a_run_that_did_its_work_leaves_no_difference():
    rows = [
        *[row()] * 4,
        *[row(writes=True, state=RowState.HELD)] * 2,
        row(Outcome.CONFLICT),
        row(Outcome.SKIPPED, reason_code="left_alone"),
        row(writes=True, state=RowState.DISMISSED),
    ]

    proof = prove_rows(rows, 4812)

    assert proof == {
        "accounts": 4812,
        "differ": 0,
        "waiting": 3,
        "left_alone": 2,
        "sentence": "0 of 4,812 differ; 3 wait for you, 2 left alone by your decision",
    }


@pytest.mark.parametrize(
    "outcome",
    [Outcome.CREATED, Outcome.MATCHED, Outcome.INACTIVE, Outcome.REACTIVATED],
)
def test_a_change_still_to_be_made_is_a_difference(outcome):
    proof = prove_rows([row(), row(outcome, writes=True)], 2)

    assert proof["differ"] == 1
    assert str(proof["sentence"]).startswith("1 of 2 differ")


def test_somebody_skipped_for_bad_data_counts_nowhere():
    proof = prove_rows([row(Outcome.SKIPPED, reason_code="no_last_name")], 0)

    assert (proof["differ"], proof["waiting"], proof["left_alone"]) == (0, 0, 0)
