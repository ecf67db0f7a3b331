"""Is the source sick? Judged before anybody is said to have left.

Source: product.md, "A sick source"; Clever's failure stories of accidental
unsharing and mid-term clear-outs.
"""

import msgspec

from staffimport.core.placement import Basis
from staffimport.core.rows import hold
from staffimport.core.snapshot import Snapshot
from staffimport.core.values import (
    HeldReason,
    Level,
    Notice,
    Outcome,
    Place,
    PlannedRow,
    RowState,
)

# The kinds of the notices a plan gives.
NOTICES = (NOT_SHARED, BLANK) = ("school_not_shared", "field_blank")

_BY_RECORD = (Basis.TEACHER,)
# A list may be empty that held no more than this.
_FEW = 5
_LISTS = {
    "people": "people",
    "teachers": "teachers",
    "staff": "staff",
    "district_admins": "district admins",
}
_FIELDS = {
    "with_title": ("title", "job_title"),
    "with_email": ("e-mail", "email"),
    "with_employee_id": ("employee ID", "employee_id"),
}


def find_fault(
    snapshot: Snapshot,
    previous_counts: dict[str, int] | None,
    school_accounts: int,
    district_accounts: int,
) -> str:
    """Return why the snapshot can't be the truth, as a sentence; "" if it can.

    `previous_counts` are the `norm` of the pull before, None at the first run, when
    the numbers of active accounts say what is to be expected. A list that
    is empty and was not fails the run.
    """
    counts = snapshot.counts()
    if previous_counts is None:
        at_schools = counts["teachers"] + counts["staff"]
        if school_accounts > _FEW and not at_schools:
            return _nobody("teachers and staff", school_accounts, "school staff")
        if district_accounts > _FEW and not counts["district_admins"]:
            return _nobody("district admins", district_accounts, "district staff")
        return ""
    # A district with many people may have few schools.
    schools_before = previous_counts.get("schools", 0)
    if (
        previous_counts.get("people", 0) > _FEW
        and schools_before
        and not counts["schools"]
    ):
        return _none_left("schools", schools_before)
    for key, words in _LISTS.items():
        before = previous_counts.get(key, 0)
        if before > _FEW and not counts[key]:
            return _none_left(words, before)
    return ""


def _none_left(words: str, before: int) -> str:
    return (
        f"Clever returned no {words}; the last time it returned {before:,}. "
        "Check the sharing settings in Clever, then run it again."
    )


def _nobody(words: str, accounts: int, kind: str) -> str:
    return (
        f"Clever returned no {words}, but Naviance has {accounts:,} active accounts of "
        f"{kind}. Check in Clever that {words} are shared, then run it again."
    )


class SourceDoubts(msgspec.Struct):
    """What looks wrong with the source: schools not shared, fields gone blank.

    `unshared` are matched, included places whose Clever school is no longer shared;
    `blank` are (words, field) of fields most people had and have no more.
    """

    unshared: list[Place]
    blank: list[tuple[str, str]]

    @property
    def notices(self) -> list[Notice]:
        """Return one sentence per doubt."""
        found = [
            Notice(
                NOT_SHARED,
                f"{place.name} is matched, but Clever no longer shares the school. Its "
                "removals are held. Share it again in Clever.",
            )
            for place in self.unshared
        ]
        found.extend(
            Notice(
                BLANK,
                f"Most people had {_article(words)} in Clever and have none now. Rows "
                "that depend on it are held. Check which fields Clever shares.",
            )
            for words, _ in self.blank
        )
        return found


def _article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def norm(
    counts: dict[str, int], previous_counts: dict[str, int] | None
) -> dict[str, int]:
    """Return the counts that the next pull is judged by.

    A field that has gone blank counts as it did before: else the first pull without it
    would be what is usual to the second one.
    """
    found = dict(counts)
    for key in _FIELDS if previous_counts else ():
        if previous_counts and _went_blank(key, counts, previous_counts):
            found[key] = (
                previous_counts[key] * counts["people"] // previous_counts["people"]
            )
    return found


def find_doubts(
    snapshot: Snapshot, places: list[Place], previous_counts: dict[str, int] | None
) -> SourceDoubts:
    """Return what looks wrong with the snapshot, compared with the pull before.

    `previous_counts` are its `norm`, None at the first run.
    """
    shared = {school.clever_id for school in snapshot.schools}
    counts = snapshot.counts() if previous_counts else {}
    return SourceDoubts(
        unshared=[
            place
            for place in places
            if place.clever_id and place.included and place.clever_id not in shared
        ],
        blank=[
            words
            for key, words in _FIELDS.items()
            if previous_counts and _went_blank(key, counts, previous_counts)
        ],
    )


def _went_blank(key: str, now: dict[str, int], before: dict[str, int]) -> bool:
    """Whether most people had the field and most of those have it no more."""
    people_before, people_now = before.get("people", 0), now["people"]
    if not people_before or not people_now:
        return False
    share_before = before.get(key, 0) / people_before
    return share_before > 0.5 and now[key] / people_now < share_before / 2  # noqa: PLR2004


def hold_doubtful(rows: list[PlannedRow], doubts: SourceDoubts) -> None:
    """Hold the rows that the doubts concern.

    At a school no longer shared those are its removals, and elsewhere those of people
    who went with it, or whom the teacher record alone places there because no section
    of theirs is left; for a blank field the people who would be created without it, and
    removals where people are matched by it.
    """
    if doubts.unshared:
        _hold_of_unshared(rows, {p.school: p.name for p in doubts.unshared})
    if doubts.blank:
        _hold_of_blank(rows, doubts.blank)


def _hold_of_unshared(rows: list[PlannedRow], unshared: dict[int, str]) -> None:
    went_with = {
        row.clever_id: unshared[row.school]
        for row in rows
        if row.outcome is Outcome.INACTIVE and row.clever_id and row.school in unshared
    }
    for row in _writing(rows):
        name = went_with.get(row.clever_id)
        if row.outcome is Outcome.INACTIVE:
            name = unshared.get(row.school or 0) or name
        elif row.outcome is not Outcome.CREATED or row.details.bases != _BY_RECORD:
            continue
        if name:
            why = f"Held: Clever no longer shares {name}. Share it again in Clever."
            hold(row, HeldReason.SOURCE, why)


def _hold_of_blank(rows: list[PlannedRow], blank: list[tuple[str, str]]) -> None:
    for row in _writing(rows):
        for words, field in blank:
            if _depends(row, field):
                why = f"Held: since the last run most people lost their {words}."
                hold(row, HeldReason.SOURCE, why)
                break


def _writing(rows: list[PlannedRow]) -> list[PlannedRow]:
    return [row for row in rows if row.state is RowState.PLANNED and row.writes]


def _depends(row: PlannedRow, field: str) -> bool:
    if field == "employee_id" and row.level is Level.DISTRICT:
        return False  # district staff carry none
    if row.outcome is Outcome.CREATED:
        return not getattr(row, field)
    return row.outcome is Outcome.INACTIVE and field != "job_title"
