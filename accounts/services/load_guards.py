"""What no file changes on support's pages, whatever stands in its rows."""

from collections.abc import Iterable, Iterator, Sequence

from accounts.models import StaffAccount, User, UserRole
from accounts.models.staff import listed_name
from accounts.services.filling import changes_account
from accounts.services.roles import SITE_MANAGER, Names
from accounts.services.staff_guards import full_managers, is_over_others
from accounts.staff_rows import StaffRow
from schools.audit import Actor
from schools.csv_files import Problem
from schools.models import District

LOADS_ALL = "accounts.change_staffaccount"
"""The permission to load also accounts whose roles have rights over others."""

Placed = tuple[StaffRow, StaffAccount]
"""A row and the account it is about, which is yet to be filled if it is new."""


def refused_rows(
    district: District, placed: Iterable[Placed], names: Names, actor: Actor
) -> list[Problem]:
    """Return the rows of a file that the actor may not load, or nobody may.

    Call `check_connected` first, or the last site managers go by two files at once.
    """
    writing = [(row, of) for row, of in placed if changes_account(of, row, names)]
    user = actor.user
    is_limited = isinstance(user, User) and not user.has_perm(LOADS_ALL)
    return [
        *(_over_others(writing, names) if is_limited else ()),
        *_last_managers(district, writing, names),
    ]


def _over_others(writing: Sequence[Placed], names: Names) -> Iterator[Problem]:
    for row, account in writing:
        role = _role_over_others(row, account, names)
        if role is not None:
            text = (
                f"the role {role} has rights over other people. Take the row out of "
                "the file: a support lead can load it."
            )
            yield _about(row, text)


def _role_over_others(
    row: StaffRow, account: StaffAccount, names: Names
) -> UserRole | None:
    """Return the role by which an account has rights over others, before or after."""
    before = (account.school_id, account.user_role)
    after = (row.school, names.role(row.user_role))
    over = (role for school, role in (before, after) if is_over_others(school, role))
    return next(over, None)


def _last_managers(
    district: District, writing: Sequence[Placed], names: Names
) -> list[Problem]:
    """Return the rows that together leave nobody who could manage the district."""
    known = set(full_managers(district).values_list("pk", flat=True))
    after = {account.pk for row, account in writing if _manages(row, names)}
    taken = [
        (row, account)
        for row, account in writing
        if account.pk in known and account.pk not in after
    ]
    if (known | after) - {account.pk for _, account in taken}:
        return []
    text = (
        f"no active {SITE_MANAGER} of {district} with full access would be left. Give "
        "somebody else that role first, without a zone."
    )
    return [_about(row, text) for row, _ in taken]


def _manages(row: StaffRow, names: Names) -> bool:
    role = names.role(row.user_role)
    has_full_access = row.school is None and not row.zone
    return bool(
        row.is_active and has_full_access and role and role.name == SITE_MANAGER
    )


def _about(row: StaffRow, text: str) -> Problem:
    name = listed_name(row.texts["first_name"], row.texts["last_name"])
    return Problem(row.line, "", name, text)
