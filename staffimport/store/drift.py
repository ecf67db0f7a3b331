"""Keeps where Clever says something else than a field that is pinned by hand."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import StaffAccount
from schools.models import District
from staffimport.core.values import Plan
from staffimport.models import FieldDrift
from staffimport.store.parts import CHUNK, parts

_Drift = dict[tuple[str, str], str]
"""What Clever says, by account and field."""


def keep(district: District, plan: Plan, now: datetime) -> None:
    """Keep what a plan found Clever to say of pinned fields.

    What it says nothing of, since their school was left out, stays as it was.
    """
    found = {
        (row.account_id, field): value
        for row in plan.rows
        for field, value in row.details.drift
    }
    stored = FieldDrift.objects.filter(account__district=district)
    _replace(stored, found, {row.account_id for row in plan.rows}, now)


def keep_of_account(
    account: StaffAccount, drift: Iterable[tuple[str, str]], now: datetime
) -> None:
    """Keep what Clever says of the pinned fields of one account."""
    pk = str(account.pk)
    found = {(pk, field): value for field, value in drift}
    _replace(account.drifts.all(), found, {pk}, now)


def forget_untied(district: District) -> None:
    """Forget it of accounts an undo has untied: Clever says nothing of them now."""
    FieldDrift.objects.filter(
        account__district=district, account__clever_id=""
    ).delete()


def _replace(
    stored: QuerySet[FieldDrift], found: _Drift, concerned: set[str], now: datetime
) -> None:
    outdated = []
    for pk, account, field, value in stored.values_list(
        "pk", "account_id", "field", "clever_value"
    ):
        key = str(account), field
        if found.get(key) == value:
            del found[key]
        elif key[0] in concerned:
            outdated.append(pk)
    with transaction.atomic():
        for part in parts(outdated):
            FieldDrift.objects.filter(pk__in=part).delete()
        FieldDrift.objects.bulk_create(
            (
                FieldDrift(
                    account_id=UUID(account),
                    field=field,
                    clever_value=value,
                    seen_at=now,
                )
                for (account, field), value in sorted(found.items())
            ),
            batch_size=CHUNK,
        )
