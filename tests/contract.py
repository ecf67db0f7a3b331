"""The contract of result files, and what two dumps of accounts have in common."""

import json
import uuid
from collections import Counter

RUN_KEYS = ["id", "kind", "state", "counts"]
TEXTS = (
    "first_name",
    "middle_name",
    "last_name",
    "job_title",
    "email",
    "employee_id",
    "job_function",
    "user_role",
    "zone",
    "matched_by",
    "keyword",
    "held_reason",
    "clever_id",
)
KEYS = (
    *("outcome", "state", "held_reason", "reason", "level", "school_id"),
    *("clever_id", "account_id", "candidates", "first_name", "middle_name"),
    *("last_name", "job_title", "email", "employee_id", "job_function", "user_role"),
    *("teacher_list", "counselor_list", "zone", "matched_by", "keyword", "changes"),
)
OUTCOMES = {
    *("created", "matched", "inactive", "reactivated", "relink", "conflict"),
    "skipped",
}
STATES = {"planned", "applied", "held", "dismissed", "superseded"}
# What an import may leave different in an account that is as it was before.
BOOKKEEPING = ("revision", "updated_at")


def results(path):
    """Return a results file, once its shape is that of the contract."""
    content = json.loads(path.read_text(encoding="utf-8"))
    assert list(content) == ["run", "results"]
    assert list(content["run"]) == RUN_KEYS
    for row in content["results"]:
        assert tuple(row) == KEYS
        check_values(row)
    return content


def check_values(row):
    """Check the types of one row's values, and what they have to do with another."""
    assert row["outcome"] in OUTCOMES
    assert row["state"] in STATES
    assert (row["held_reason"] is not None) or row["state"] != "held"
    assert row["reason"].endswith((".", "?"))
    assert row["level"] in ("school", "district")
    assert row["school_id"] is None or row["level"] == "school"
    assert (
        row["school_id"] is not None
        or row["level"] == "district"
        or (row["outcome"] == "skipped")
    )
    for name in TEXTS:
        assert row[name] is None or (isinstance(row[name], str) and row[name]), name
    assert isinstance(row["teacher_list"], bool)
    assert isinstance(row["counselor_list"], bool)
    for account_id in [row["account_id"], *row["candidates"]]:
        assert account_id is None or str(uuid.UUID(account_id)) == account_id
    assert (row["candidates"] != []) == (row["outcome"] == "conflict")
    for field, (old, new) in row["changes"].items():
        assert field in KEYS or field == "status"
        assert old != new
        assert "" not in (old, new)


def counted(content, key="outcome"):
    """Return how many rows have each outcome, or each value of another key."""
    return dict(Counter(row[key] for row in content["results"]))


def without_bookkeeping(accounts):
    """Return a dump of accounts without what says only that they were written."""
    return [
        {name: value for name, value in account.items() if name not in BOOKKEEPING}
        for account in accounts
    ]
