"""Says, by a fresh plan over the same snapshot, whether an applied run did its work."""

from staffimport.core.values import Outcome, Plan, RowState

LEFT_ALONE = "left_alone"


def prove(plan: Plan, account_count: int) -> dict[str, int | str]:
    """Return how many accounts still differ from Clever after a run, and a sentence.

    `plan` is made after the apply, of the same snapshot and the accounts as they are
    now; `account_count` is the number of those. "differ" counts rows that would
    change an account unasked, "waiting" held rows and conflicts, "left_alone" rows
    that stay as they are by somebody's decision (product.md, "Test, final, sync").
    """
    differ = waiting = left_alone = 0
    for row in plan.rows:
        if row.state is RowState.HELD or row.outcome is Outcome.CONFLICT:
            waiting += 1
        elif row.state is RowState.DISMISSED or row.reason_code == LEFT_ALONE:
            left_alone += 1
        elif row.writes:
            differ += 1
    sentence = f"{differ:,} of {account_count:,} differ"
    return {
        "accounts": account_count,
        "differ": differ,
        "waiting": waiting,
        "left_alone": left_alone,
        "sentence": f"{sentence}; {waiting:,} wait for you, "
        f"{left_alone:,} left alone by your decision",
    }
