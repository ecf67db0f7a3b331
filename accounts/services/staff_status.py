"""Deactivates and reactivates staff accounts by hand."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import StaffAccount
from accounts.services import staff_guards as guards
from accounts.staff_values import in_words
from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.services.facts import take_turns
from schools.written import given_note

Status = StaffAccount.Status
NOT_ONESELF = "you can't deactivate it yourself"


def deactivate_account(account: StaffAccount, note: str, actor: Actor) -> None:
    """Make an account inactive by hand: no import brings it back.

    History and role stay; sessions with the account end at their next request. Raises
    RefusedError for the actor's own account, the last District Site Manager's, one
    that may do more than the actor, one that is inactive already, and a long note.
    """
    note, now = given_note(note), timezone.now()
    with transaction.atomic():
        take_turns(account.district)
        found = _now(account)
        guards.check_not_oneself(found, actor, NOT_ONESELF)
        guards.check_may_touch(found, actor)
        guards.check_not_last_manager(found, "this account stays active")
        _change(
            found,
            Status.INACTIVE,
            inactive_cause=StaffAccount.InactiveCause.MANUAL,
            inactive_at=now,
            inactive_by=actor.name[:255],
        )
        _record(found, "deactivated account", Status.INACTIVE, note, actor)


def reactivate_account(account: StaffAccount, note: str, actor: Actor) -> None:
    """Make an inactive account active again, with the role it had.

    Raises RefusedError for one that may do more than the actor, or is active already,
    and for a long note.
    """
    note = given_note(note)
    with transaction.atomic():
        found = _now(account)
        guards.check_may_touch(found, actor)
        _change(
            found, Status.ACTIVE, inactive_cause="", inactive_at=None, inactive_by=""
        )
        _record(found, "reactivated account", Status.ACTIVE, note, actor)


def _now(account: StaffAccount) -> StaffAccount:
    """Return the account as it is now."""
    accounts = StaffAccount.objects.select_related("district", "school", "user_role")
    return accounts.get(pk=account.pk)


def _change(account: StaffAccount, status: Status, **fields: object) -> None:
    other = StaffAccount.objects.filter(pk=account.pk).exclude(status=status)
    now = timezone.now()
    if not other.update(
        status=status, **fields, revision=F("revision") + 1, updated_at=now
    ):
        sentence = f"{account} is {status.label.lower()} already. Nothing was changed."
        raise RefusedError(sentence)


def _record(
    account: StaffAccount, verb: str, status: Status, note: str, actor: Actor
) -> None:
    record(
        account.district,
        actor,
        verb,
        in_words(account),
        about=account.pk,
        changes={"status": [account.status, str(status)]},
        note=note,
    )
