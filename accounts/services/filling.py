"""Gives accounts the values that a row of a staff file says."""

import uuid
from datetime import datetime

from accounts.models import StaffAccount
from accounts.searching import search_text
from accounts.services.recognising import digest
from accounts.services.roles import Names
from accounts.staff_rows import TEXTS, StaffRow
from schools.audit import Actor
from schools.models import District

STATED = (
    "school_id",
    *TEXTS,
    "job_function_id",
    "user_role_id",
    "zone_id",
    "teacher_list",
    "counselor_list",
    "status",
)
"""The columns of an account that a row speaks of, in the order of `stated`."""

NEW_COLUMNS = (
    *STATED,
    "id",
    "district_id",
    "inactive_cause",
    "inactive_at",
    "inactive_by",
    "loaded_as",
    "search_text",
    "created_at",
    "updated_at",
    "origin",
    "clever_id",
    "pinned_fields",
    "revision",
)
"""The columns of a new account, in the order of `new_values`."""

_ACTIVE, _INACTIVE = (
    StaffAccount.Status.ACTIVE.value,
    StaffAccount.Status.INACTIVE.value,
)
_LOADED_INACTIVE = StaffAccount.InactiveCause.LOADED.value
_LOADED = StaffAccount.Origin.LOADED.value


def stated(row: StaffRow, names: Names) -> tuple[object, ...]:
    """Return what a row says of its account, as the columns of STATED hold it."""
    function = names.function(row.job_function)
    role = names.role(row.user_role)
    zone = names.zone(row.zone)
    return (
        row.school,
        *row.texts.values(),
        function and function.pk,
        role and role.pk,
        zone and zone.pk,
        row.teacher_list,
        row.counselor_list,
        _ACTIVE if row.is_active else _INACTIVE,
    )


def why_left(row: StaffRow, clever_id: str, inactive_cause: str) -> str:
    """Return why a file leaves an account as it is, for the end of a sentence, or "".

    Clever decides about a tied account; one that an import archived would come back for
    the next import to archive again.
    """
    if clever_id:
        return f"tied to the Clever id {clever_id}, so it is left as it is."
    if row.is_active and inactive_cause == StaffAccount.InactiveCause.RUN:
        return (
            "an import archived this account, so it is left as it is. Reactivate it on "
            "the Staff page if it should come back."
        )
    return ""


def changes_account(account: StaffAccount, row: StaffRow, names: Names) -> bool:
    """Return whether `fill` is to give an account a row's values, and changes it."""
    if why_left(row, account.clever_id, account.inactive_cause):
        return False
    return not account.revision or _before(account) != stated(row, names)


def new_values(
    district: District,
    row: StaffRow,
    names: Names,
    actor: Actor,
    created_at: datetime,
    now: datetime,
) -> tuple[object, ...]:
    """Return a row's new account as the columns of NEW_COLUMNS hold it.

    It is what `fill` makes of `new_account`, for a writer of many rows.
    """
    inactive = ("", None, "") if row.is_active else (_LOADED_INACTIVE, now, actor.name)
    return (
        *stated(row, names),
        row.account_id or uuid.uuid4(),
        district.pk,
        *inactive,
        digest(row),
        search_text(**row.texts),
        created_at,
        now,
        _LOADED,
        "",
        [],
        1,
    )


def new_account(
    district: District, row: StaffRow, created_at: datetime
) -> StaffAccount:
    """Return an account that has yet to be filled: its revision is 0."""
    return StaffAccount(
        id=row.account_id or uuid.uuid4(),
        district=district,
        created_at=created_at,
        revision=0,
    )


def fill(
    account: StaffAccount, row: StaffRow, names: Names, actor: Actor, now: datetime
) -> bool:
    """Give an account the values of a row; return whether anything changed.

    An account that turns inactive was "loaded as inactive"; one that is inactive
    already keeps its cause.
    """
    if account.revision and _before(account) == stated(row, names):
        return False
    account.school_id = row.school
    account.loaded_as = digest(row)
    for name, text in row.texts.items():
        setattr(account, name, text)
    account.search_text = search_text(**row.texts)
    # The things themselves, not their keys: a preview asks for their names.
    account.job_function = names.function(row.job_function)
    account.user_role = names.role(row.user_role)
    account.zone = names.zone(row.zone)
    account.teacher_list = row.teacher_list
    account.counselor_list = row.counselor_list
    _set_status(account, row, actor, now)
    account.revision += 1
    account.updated_at = now
    return True


def _before(account: StaffAccount) -> tuple[object, ...]:
    return tuple(getattr(account, name) for name in STATED)


def _set_status(
    account: StaffAccount, row: StaffRow, actor: Actor, now: datetime
) -> None:
    is_active = account.status == _ACTIVE
    if is_active and not row.is_active:
        account.status = _INACTIVE
        account.inactive_cause = _LOADED_INACTIVE
        account.inactive_at = now
        account.inactive_by = actor.name
    elif row.is_active and not is_active:
        account.status = _ACTIVE
        account.inactive_cause = ""
        account.inactive_at = None
        account.inactive_by = ""
