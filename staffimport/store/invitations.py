"""Lets people whose new account was held be invited when it is approved."""

from collections.abc import Sequence

from accounts.models import StaffAccount
from staffimport.core.review import one_invitation_each
from staffimport.models import ImportResult, ImportRun

_IDS_IN_A_QUERY = 500


def invite_approved(run: ImportRun, row_ids: Sequence[int]) -> None:
    """Mark which of a run's approved rows get an invitation, as the run would have.

    To be called before the rows are applied: whoever has an account by then has had
    the invitation, or signs in already. `row_ids` are primary keys of ImportResult.
    """
    if run.district.uses_sso is not False:
        return
    for start in range(0, len(row_ids), _IDS_IN_A_QUERY):
        _invite(run, row_ids[start : start + _IDS_IN_A_QUERY])


def _invite(run: ImportRun, row_ids: Sequence[int]) -> None:
    rows = {
        (row.clever_id, row.school_id or 0): row
        for row in ImportResult.objects.filter(run=run, pk__in=row_ids)
        if row.details.get("invites")
    }
    known = _known(run, {clever_id for clever_id, _ in rows})
    chosen = [rows[place].pk for place in one_invitation_each(rows, known)]
    ImportResult.objects.filter(pk__in=chosen).update(gets_invitation=True)


def _known(run: ImportRun, clever_ids: set[str]) -> set[str]:
    """Return whose account there is, or who is invited by another row of the run."""
    accounts = StaffAccount.objects.filter(
        district=run.district_id, clever_id__in=clever_ids
    )
    invited = ImportResult.objects.filter(
        run=run, gets_invitation=True, clever_id__in=clever_ids
    )
    return {
        *accounts.values_list("clever_id", flat=True),
        *invited.values_list("clever_id", flat=True),
    }
