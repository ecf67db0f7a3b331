"""The codes of result rows in words, as filters and details show them."""

from staffimport.core import explain
from staffimport.core.placement import Basis
from staffimport.core.values import MatchedBy
from staffimport.models import ImportResult

Outcome = ImportResult.Outcome

MATCHED_BY = {
    MatchedBy.DECISION: "Your decision",
    MatchedBy.CLEVER_ID: "Clever ID",
    MatchedBy.EMAIL_AND_ID: "Last name, e-mail, employee ID",
    MatchedBy.EMAIL: "Last name, e-mail",
    MatchedBy.EMPLOYEE_ID: "Last name, employee ID",
    MatchedBy.LOOSE_ID: "Last name, employee ID without zeros",
}

BASES = {
    Basis.STAFF: "Staff (School Admins in Clever)",
    Basis.SECTION: "Teacher of a section",
    Basis.TEACHER: "Teacher without sections",
    Basis.DISTRICT_ADMIN: "District Admin",
}

REASONS = {
    "new": "New, by keyword",
    "default_role": "New, by default",
    "changes": "Something changes",
    "no_change": "Nothing changes",
    "back_in_clever": "Back in Clever",
    "new_clever_id": "New Clever ID",
    "not_in_clever": "Not in Clever",
    "elsewhere_in_clever": "Elsewhere in Clever",
    "gone_from_clever": "Gone from Clever",
    "archived_by_decision": "Archived by decision",
    "left_alone": "Left alone",
    "protected_role": "Protected role",
    "protected_by_undecided": "Protected by an undecided person",
    "deactivated_by_hand": "Deactivated by hand",
    "second_user": "Second user of one person",
    "no_last_name": "No last name",
    "unmatched_school": "School not matched",
    "school_not_shared": "School not shared",
    "school_not_included": "School not included",
    "school_awaits_final": "School waits for a final import",
    "no_placement": "At no school",
    "two_accounts": "Two accounts fit",
    "two_people": "Two people fit",
    "restored": "Values put back",
    "removed": "Removed again",
    "archived": "Archived, used since",
    "archived_again": "Archived again",
    "reactivated": "Back from the archive",
    "left": "Left as it is",
    "account_has_a_person": "Account has another person",
    "several": "Several fit",
}

FIELDS = {
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "job_title": "Job title",
    "email": "E-mail",
    "employee_id": "Employee ID",
}

# What an account has besides: no import touches it after the account was created.
ACCOUNT_FIELDS = {
    **FIELDS,
    "job_function": "Job function",
    "user_role": "User role",
    "teacher_list": "Teacher List",
    "counselor_list": "Counselor List",
    "zone": "Zone",
}

AGREES = explain.AGREES


def matched_by(row: ImportResult) -> str:
    """Return what decided a row's match, or why nothing did."""
    if row.matched_by:
        return MATCHED_BY.get(MatchedBy(row.matched_by), row.matched_by)
    if row.outcome == Outcome.CONFLICT:
        number = len(row.candidates)
        return f"{number} accounts fit" if number > 1 else "Several people fit"
    return "Not tried" if row.outcome == Outcome.SKIPPED else "Nobody"


def reason(code: str) -> str:
    """Return a held reason or reason code in words."""
    held = dict(ImportResult.HeldReason.choices)
    return str(
        held.get(code) or REASONS.get(code) or code.replace("_", " ").capitalize()
    )


def person(row: ImportResult) -> str:
    """Return a row's person as tables name them: "Lee, Jordan"."""
    last = row.last_name or "(no last name)"
    return f"{last}, {row.first_name}" if row.first_name else last


def place(row: ImportResult) -> str:
    """Return where a row is: its school's name, or "District"."""
    if row.school is not None:
        return row.school.name
    return "District" if row.level == "district" else "No matched school"
