"""Whom an import invites beside its plan: approved later, or with no good address."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT

from accounts.models import Invitation, StaffAccount
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


def note_unmailed(run: ImportRun, state: str, now: datetime) -> None:
    """Keep of whom the run's new accounts are that nobody can be mailed, and why.

    `state` is that of the rows just written to the accounts, at `now`; inside their
    transaction. Whoever had an account before is not among them.
    """
    if run.district.uses_sso is not False:
        return
    before = StaffAccount.objects.filter(
        district=run.district_id, clever_id=OuterRef("clever_id"), created_at__lt=now
    )
    rows = ImportResult.objects.filter(
        ~Exists(before),
        run=run,
        state=state,
        outcome=ImportResult.Outcome.CREATED,
        details__has_key="unmailed",
    ).order_by("clever_id", "position")
    found = rows.values_list(
        "clever_id", "account_id", "email", KT("details__unmailed")
    )
    Invitation.objects.bulk_create(
        (
            Invitation(
                district_id=run.district_id,
                account_id=account_id,
                person=clever_id,
                email=email,
                state=Invitation.State.UNMAILED,
                problem=problem,
                created_at=now,
            )
            for clever_id, account_id, email, problem in found.iterator()
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


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
