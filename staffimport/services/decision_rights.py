"""Whose accounts somebody may decide about: none that may do more over others.

Or who runs imports could give themselves a site manager's account by a decision.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import StaffAccount
from accounts.services.staff_guards import check_rights_over
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District
from staffimport.core.values import DecisionKind, Outcome
from staffimport.errors import Refused
from staffimport.models import ImportResult, MatchDecision
from staffimport.store.parts import parts

# What they do says who is behind the account, or whether anybody is.
_TOUCHING = frozenset({Outcome.RELINK, Outcome.INACTIVE, Outcome.REACTIVATED})


def with_roles(district: District) -> QuerySet[StaffAccount]:
    """Return a district's accounts with what says how much each may do."""
    return district.staff_accounts.select_related("user_role", "school", "district")


def check_rights(accounts: Iterable[StaffAccount], actor: Actor) -> None:
    """Raise Refused if one of the accounts may do more over others than the actor."""
    for account in accounts:
        try:
            check_rights_over(account, actor)
        except RefusedError as error:
            raise Refused(error.user_message) from error


def check_may_revoke(
    district: District, decisions: Iterable[MatchDecision], actor: Actor
) -> None:
    """Raise Refused if a decision touches an account that may do more over others."""
    about = {
        pk
        for decision in decisions
        if decision.kind != DecisionKind.LEAVE_ALONE
        for pk in (decision.account_id, *map(UUID, decision.other_account_ids))
    }
    for part in parts(sorted(about)):
        check_rights(with_roles(district).filter(pk__in=part), actor)


def beyond_rights(
    district: District, rows: Sequence[ImportResult], actor: Actor
) -> dict[int, str]:
    """Return which held rows the actor may not approve, by primary key, and why."""
    touched = {
        row.pk: row.account_id
        for row in rows
        if row.account_id and row.outcome in _TOUCHING
    }
    accounts = {
        account.pk: account
        for part in parts(sorted(set(touched.values())))
        for account in with_roles(district).filter(pk__in=part)
    }
    beyond = {}
    for row_id, account_id in touched.items():
        try:
            check_rights(filter(None, [accounts.get(account_id)]), actor)
        except Refused as error:
            beyond[row_id] = error.user_message
    return beyond
