"""What would change the outcome of a row: in Clever, in Naviance, or by a decision.

Voice: the console's writing rules; labels are the manual's.
"""

from typing import Protocol

from staffimport.core.explain import listed
from staffimport.core.offers import Row
from staffimport.core.values import Details, HeldReason, Level, MatchedBy, Outcome


class Whole(Row, Protocol):
    """A row with what a remedy names besides."""

    @property
    def held_reason(self) -> str: ...

    @property
    def level(self) -> str: ...

    @property
    def job_title(self) -> str: ...

    @property
    def email(self) -> str: ...

    @property
    def employee_id(self) -> str: ...

    @property
    def user_role(self) -> str: ...

    @property
    def keyword(self) -> str: ...


DECIDE = "Say below that they are one person."
SINCE = (
    "Nothing is left to decide here: the account has changed since. Run a test to see "
    "where it stands now."
)
_BELOW = " below"

_HELD = {
    HeldReason.BRAKE: (
        "Approve it if it is right. If it is not, share what is missing in Clever "
        "again and run the test again. The limits are on Import Staff Data."
    ),
    HeldReason.SOURCE: (
        "Share it in Clever again, then run the test again. Approve it if it was taken "
        "away on purpose."
    ),
    HeldReason.CHANGED: (
        "Approve it here, or run the test again and review it there. The next sync "
        "takes it by itself."
    ),
    HeldReason.EDITED: (
        "Approve it to write Clever’s values over the edit, or dismiss it to keep the "
        "edit until something else changes in Clever."
    ),
}
_SKIPPED = {
    "no_last_name": "Enter a last name in Clever.",
    "unmatched_school": "Match the school on Match Schools.",
    "school_not_shared": "Share the school with Naviance in the Clever Dashboard.",
    "school_not_included": "Include the school on Import Staff Data.",
    "school_awaits_final": "Run a test and a final import that include the school.",
    "no_placement": "Add this person to a school or a section in Clever.",
    "left_alone": "Say below that the account should be in Clever.",
    "deactivated_by_hand": (
        "Make the account active in Naviance. If it is somebody else’s, say so below."
    ),
    "second_user": "Take the decision back that the two are one person.",
    "protected_role": (
        "Take the role {role} off the protected ones on Import Staff Data."
    ),
    "protected_by_undecided": (
        "Decide or mend {name} first; then the account is judged again."
    ),
}
_SIMPLE = {
    Outcome.REACTIVATED: (
        "Without this person at {where} in Clever the account stays inactive."
    ),
    Outcome.RELINK: (f"{DECIDE} Approving the row does the same for this run alone."),
}
_INACTIVE = {
    HeldReason.PAIR: f"{DECIDE} Without a decision this account stays active.",
    HeldReason.ROLLOVER: "Give {name} a section at {where} in Clever.",
    "archived_by_decision": "Take the decision back.",
    "second_account": "Say below that this is the account of {name}.",
    "no_district_admin": "Give {name} the user type District Admin in Clever.",
    "elsewhere_in_clever": "Add {name} to {where} in Clever.",
    "gone_from_clever": "Share the person at {where} in Clever again. {leave}",
}


def would_change(
    row: Whole, details: Details, where: str, *, can_decide: bool = True
) -> str:
    """Return what would change the row's outcome; `where` is its place's name.

    Without anything to decide, as when the account is inactive by now or removed, the
    words don't lead to a decision.
    """
    if row.held_reason in _HELD:
        return _HELD[HeldReason(row.held_reason)]
    if row.outcome in _SIMPLE:
        told = _SIMPLE[Outcome(row.outcome)].format(where=where)
    elif row.outcome == Outcome.INACTIVE:
        told = _of_inactive(row, details, where, can_leave=can_decide)
    else:
        told = _TOLD.get(Outcome(row.outcome), _of_skipped)(row, details, where)
    return told if can_decide or _BELOW not in told else SINCE


def _of_created(row: Whole, details: Details, where: str) -> str:
    if details.near:
        mend = _mend(row, details.near[0].agrees)
        return (
            f"{DECIDE} Or {mend}: the next test then matches them." if mend else DECIDE
        )
    keys = _keys(row)
    matches = (
        f"An account at {where} with the last name “{row.last_name}” and {keys} would "
        "match instead."
        if keys
        else "Without an e-mail or employee ID in Clever nobody can match."
    )
    if row.keyword or not row.job_title:
        return matches
    return (
        f"{matches} A keyword that fits “{row.job_title}” would decide the role: add "
        "one on Import Staff Data."
    )


def _mend(row: Whole, agrees: tuple[str, ...]) -> str:
    """Return the change in Naviance after which a near account matches by a rule."""
    is_name_same = "name" in agrees or "last_name" in agrees
    if not is_name_same and row.last_name:
        return f"change the last name in Naviance to “{row.last_name}”"
    keys = _keys(row)
    return f"enter {keys} in Naviance" if keys and is_name_same else ""


def _keys(row: Whole) -> str:
    """Return the values beside the last name of which one is enough to match."""
    keys = [f"the e-mail “{row.email}”"] if row.email else []
    if row.employee_id and row.level == Level.SCHOOL:
        keys.append(f"the employee ID “{row.employee_id}”")
    return listed(keys, "or")


def _of_inactive(row: Whole, details: Details, where: str, *, can_leave: bool) -> str:
    code = row.reason_code
    if row.held_reason in _INACTIVE:
        code = row.held_reason
    elif code == "elsewhere_in_clever" and row.level == Level.DISTRICT:
        code = "no_district_admin"
    if code not in _INACTIVE:
        return _unknown(row, where, can_leave=can_leave)
    name = details.near[0].name if details.near else "this person"
    leave = _leave(row, can_leave=can_leave)
    return _INACTIVE[code].format(name=name, where=where, leave=leave)


def _unknown(row: Whole, where: str, *, can_leave: bool) -> str:
    keys, leave = _keys(row), _leave(row, can_leave=can_leave)
    if not keys or not row.last_name:
        return (
            "Complete the account in Naviance: without a last name and an e-mail or "
            f"employee ID nobody can match it. {leave}"
        )
    return (
        f"Somebody at {where} in Clever with the last name “{row.last_name}” and "
        f"{keys} would match it. {leave}"
    )


def _leave(row: Whole, *, can_leave: bool) -> str:
    if not can_leave:
        return (
            "If the person is never in Clever, make the account active on its page, "
            "and say so on its row in the next test."
        )
    role = f", or protect the role {row.user_role}" if row.user_role else ""
    return f"If the person is never in Clever, say so below{role}."


def _of_matched(row: Whole, details: Details, _where: str) -> str:
    if row.matched_by == MatchedBy.DECISION:
        return "Take the decision back, and the rules decide again."
    pinned = (
        " The pinned fields follow Clever once they are unpinned."
        if details.drift
        else ""
    )
    if row.matched_by == MatchedBy.CLEVER_ID:
        return (
            "The account is tied to this Clever user, so they match whatever changes. "
            f"If that is wrong, say so below.{pinned}"
        )
    keys = "e-mail" if row.level == Level.DISTRICT else "e-mail and employee ID"
    return (
        f"With another last name, or another {keys}, on one side nobody would match. "
        f"If the match is wrong, say so below.{pinned}"
    )


def _of_conflict(_row: Whole, details: Details, _where: str) -> str:
    if details.other_people:
        people = listed(person.name for person in details.other_people)
        return (
            f"Decide below. Or mend Clever, so that this person and {people} share "
            "neither e-mail nor employee ID, or are one user."
        )
    return (
        "Decide below. Or mend Naviance, so that one of the accounts alone has this "
        "last name with this e-mail or employee ID."
    )


def _of_skipped(row: Whole, details: Details, _where: str) -> str:
    name = details.near[0].name if details.near else "that person"
    told = _SKIPPED.get(row.reason_code, "")
    return told.format(name=name, role=row.user_role)


_TOLD = {
    Outcome.CREATED: _of_created,
    Outcome.MATCHED: _of_matched,
    Outcome.CONFLICT: _of_conflict,
}
