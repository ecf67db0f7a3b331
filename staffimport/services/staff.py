"""Edits staff accounts by hand, and keeps what an import has to know of it."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import StaffAccount
from accounts.services import staff as accounts
from accounts.services.staff_status import reactivate_account
from accounts.staff_values import Pin, Values
from schools.audit import Actor
from staffimport.core.decisions import Choice
from staffimport.core.values import DecisionKind
from staffimport.services.decide import decide
from staffimport.store import drift
from staffimport.store.clever_says import CleverSays


def edit(
    account: StaffAccount, values: Values, pins: Mapping[str, Pin], actor: Actor
) -> dict[str, list[object]]:
    """Edit an account, as `accounts.services.staff.edit_account` does and raises.

    Where Clever says something else than a field that is pinned now is kept at once,
    as of the newest snapshot.
    """
    says = _listen(account)
    with transaction.atomic():
        changes = accounts.edit_account(account, values, pins, actor)
        if changes:
            _keep_drift(account, says)
    return changes


def unpin(account: StaffAccount, field: str, actor: Actor) -> None:
    """Unpin a field, as `accounts.services.staff.unpin` does and raises."""
    says = _listen(account)
    with transaction.atomic():
        accounts.unpin(account, field, actor)
        _keep_drift(account, says)


def reactivate(
    account: StaffAccount, note: str, actor: Actor, *, leave_alone: bool
) -> None:
    """Reactivate an account; with `leave_alone` no import archives it again.

    Without it the next one does, unless its person is in Clever at that place. Raises
    schools.errors.RefusedError, or Refused where the decision can't be kept.
    """
    with transaction.atomic():
        reactivate_account(account, note, actor)
        if leave_alone:
            choice = Choice(DecisionKind.LEAVE_ALONE, str(account.pk))
            decide(account.district, [choice], note.strip(), actor)


def _listen(account: StaffAccount) -> CleverSays:
    return CleverSays(account.district, filter(None, [account.clever_id]))


def _keep_drift(account: StaffAccount, says: CleverSays) -> None:
    own = account.district.staff_accounts.filter(pk=account.pk)
    (pinned,) = own.values_list("pinned_fields", flat=True)
    differing = says.instead(own).get(account.pk, {})
    found = [(field, differing[field]) for field in pinned if field in differing]
    drift.keep_of_account(account, found, timezone.now())
