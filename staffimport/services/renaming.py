"""What holds for roles and zones alike when they are renamed or deleted.

Rows of a run keep both by name. What waits for somebody's word is renamed with its
role or zone; while a run is at work neither is renamed nor deleted.
"""

from collections.abc import Iterable

from django.db.models import Q

from schools.errors import RefusedError
from schools.models import District
from staffimport.models import ImportResult, ImportRun
from staffimport.queries.runs import open_test
from staffimport.queries.uses import Use, Uses, waiting_rows


class InUseError(RefusedError):
    """It can't be deleted: `uses` are what uses it."""

    def __init__(self, user_message: str, uses: Iterable[Use]) -> None:
        super().__init__(user_message)
        self.uses = list(uses)


def check_no_run(district: District, what: str) -> None:
    """Raise RefusedError while a run of the district is at work.

    `what` ("renamed") says what is not done.
    """
    if district.import_runs.filter(state=ImportRun.State.RUNNING).exists():
        sentence = (
            f"An import is at work with the names as they are, so nothing is {what} "
            "now. Try again when it has ended."
        )
        raise RefusedError(sentence)


def check_unused(what: str, uses: Uses) -> None:
    """Raise InUseError if anything uses it; `what` ("The role Teacher") names it."""
    if uses.is_used:
        sentence = f"{what} is in use, so it can’t be deleted."
        raise InUseError(sentence, uses)


def carry(district: District, column: str, old: str, new: str) -> None:
    """Rename a role or zone (`column`) in the rows that wait.

    These are what the open test plans, and new accounts that wait in applied runs. All
    other rows tell what was.
    """
    named = Q(**{column: old})
    waiting_rows(district).filter(named).update(**{column: new})
    if (test := open_test(district)) is not None:
        planned = ImportResult.objects.filter(named, run=test)
        planned.filter(outcome=ImportResult.Outcome.CREATED).update(**{column: new})
