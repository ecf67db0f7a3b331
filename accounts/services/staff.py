"""Edits staff accounts by hand, and says which fields stay so whatever Clever says.

Each edit raises the account's revision, so that an import which planned before holds
its row instead of overwriting, and is on record with what was before.
"""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import StaffAccount
from accounts.searching import search_text
from accounts.services import staff_guards as guards
from accounts.staff_rows import TEXTS
from accounts.staff_values import Pin, Values, in_words, plain
from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.services.facts import take_turns

PINNED = "pinned_fields"


class EditedMeanwhileError(RefusedError):
    """Somebody else, or an import, has changed the account since it was read."""


def edit_account(
    account: StaffAccount, values: Values, pins: Mapping[str, Pin], actor: Actor
) -> dict[str, list[object]]:
    """Give an account new values; return what changed: old and new by field.

    `pins` says for each field of TEXTS what becomes of it. Raises EditedMeanwhileError
    if the account has another revision by now, RefusedError for what can't be done.
    """
    wanted = values.columns()
    changes = {
        name: [plain(getattr(account, name)), plain(value)]
        for name, value in wanted.items()
        if getattr(account, name) != value
    }
    pinned = [name for name in TEXTS if _is_pinned(account, name, changes, pins)]
    if set(pinned) != set(account.pinned_fields):
        changes[PINNED] = [account.pinned_fields, pinned]
    if not changes:
        return changes
    with transaction.atomic():
        _check(account, values, actor, changes)
        texts = {name: getattr(values, name) for name in TEXTS}
        found = search_text(**texts)
        _write(account, **wanted, pinned_fields=pinned, search_text=found)
        _record(account, actor, "edited account", changes)
    return changes


def unpin(account: StaffAccount, field: str, actor: Actor) -> None:
    """Let a pinned field follow Clever again: the next import writes Clever's value.

    Raises RefusedError if it isn't pinned, EditedMeanwhileError as `edit_account`.
    """
    pinned = [name for name in account.pinned_fields if name != field]
    if pinned == account.pinned_fields:
        sentence = "This field is not pinned any more: it follows Clever."
        raise RefusedError(sentence)
    guards.check_may_touch(account, actor)
    with transaction.atomic():
        _write(account, pinned_fields=pinned)
        changes: dict[str, list[object]] = {PINNED: [account.pinned_fields, pinned]}
        _record(account, actor, "unpinned field", changes)


def _check(
    account: StaffAccount, values: Values, actor: Actor, changes: Iterable[str]
) -> None:
    guards.check_may_touch(account, actor)
    if "user_role" in changes:
        guards.check_not_oneself(account, actor, "you can't change its role yourself")
        take_turns(account.district)
        guards.check_not_last_manager(account, "this account keeps it")
    if "zone" in changes and values.zone is not None:
        guards.check_not_oneself(account, actor, "you can't restrict it yourself")
        take_turns(account.district)
        guards.check_not_last_manager(account, "this account keeps its full access")
    role = values.user_role if "user_role" in changes else None
    guards.check_place(account.district, account.school, role, values.zone, actor)


def _is_pinned(
    account: StaffAccount,
    name: str,
    changes: Iterable[str],
    pins: Mapping[str, Pin],
) -> bool:
    match pins.get(name, Pin.CHANGED):
        case Pin.PINNED:
            return True
        case Pin.FOLLOWS:
            return False
    return name in changes or name in account.pinned_fields


def _write(account: StaffAccount, **fields: object) -> None:
    """Write fields of an account unless it has changed since it was read."""
    unchanged = StaffAccount.objects.filter(pk=account.pk, revision=account.revision)
    now = timezone.now()
    if not unchanged.update(**fields, revision=F("revision") + 1, updated_at=now):
        sentence = f"{account} was changed meanwhile. Nothing was saved."
        raise EditedMeanwhileError(sentence)


def _record(
    account: StaffAccount, actor: Actor, verb: str, changes: dict[str, list[object]]
) -> None:
    name = in_words(account)
    record(account.district, actor, verb, name, about=account.pk, changes=changes)
