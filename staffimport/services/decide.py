"""Keeps what an admin decides about a person and an account, for every later run."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import StaffAccount
from schools.audit import Actor, record
from schools.models import District
from staffimport.core.values import DecisionKind
from staffimport.errors import Refused, TooLate
from staffimport.models import MatchDecision

# These are about an account and a person in Clever, the others about an account alone.
_OF_A_PERSON = frozenset(
    {DecisionKind.SAME_PERSON, DecisionKind.NOT_SAME, DecisionKind.KEEP_ONE}
)
_GIVES_ACCOUNT = (DecisionKind.SAME_PERSON, DecisionKind.KEEP_ONE)

NEEDS_PERSON = "This decision is about somebody in Clever: say who, by Clever ID."
NEEDS_NO_PERSON = "This decision is about an account alone: leave the Clever ID out."
NEEDS_OTHERS = "Keeping one account means archiving another: name at least one."
NEEDS_NO_OTHERS = "Only “keep this one, archive the other” archives other accounts."
OTHERS_ELSEWHERE = (
    "The accounts to archive must be others than the one you keep, at the same place."
)


def record_decision(  # noqa: PLR0913, PLR0917 — what, about whom, by whom
    district: District,
    kind: str,
    account_id: str | UUID,
    clever_id: str,
    note: str,
    actor: Actor,
    others: Sequence[str | UUID] = (),
) -> MatchDecision:
    """Keep a decision; what it contradicts is taken back.

    `kind` is one of `DecisionKind`. `clever_id` names the person for "same person",
    "not the same" and "keep one", and is blank for "leave alone" and its opposite
    "should be in Clever". `others` are the accounts that "keep one" archives. No
    account is changed, but that "not the same" unties an account from the person it
    is tied to. Raises Refused if the decision makes no sense, TooLate if somebody
    else decided at the same moment.
    """
    decision = DecisionKind(kind)
    person = clever_id.strip()
    if (decision in _OF_A_PERSON) != bool(person):
        raise Refused(NEEDS_PERSON if not person else NEEDS_NO_PERSON)
    now = timezone.now()
    with transaction.atomic():
        account = _account(district, account_id)
        archived = [_account(district, other) for other in others]
        _check_others(decision, account, archived)
        _revoke_contradicted(decision, account, person, actor, now)
        kept = _keep(
            MatchDecision(
                district=district,
                kind=decision,
                clever_id=person,
                account_id=account.pk,
                other_account_ids=[str(other.pk) for other in archived],
                note=note.strip(),
                decided_by_id=actor.user_id,
                decided_by_name=actor.name,
                decided_at=now,
            )
        )
        is_untied = decision is DecisionKind.NOT_SAME and _untie(account, person, now)
        changes: dict[str, list[object]] = {"clever_id": [person, ""]}
        record(
            district,
            actor,
            "decided",
            f"{kept.get_kind_display()}: {account}",
            changes=changes if is_untied else None,
            note=kept.note,
        )
    return kept


def revoke_decision(decision: MatchDecision, actor: Actor) -> None:
    """Take a decision back; later runs know nothing of it. Raises TooLate if gone."""
    district = decision.district
    with transaction.atomic():
        own = _standing(district).filter(pk=decision.pk)
        if not _revoke(own, actor, timezone.now()):
            raise TooLate("This decision was taken back already.")
        decision.refresh_from_db()
        account = StaffAccount.objects.filter(
            district=district, pk=decision.account_id
        ).first()
        words = f"{decision.get_kind_display()}: {account or 'an account now gone'}"
        record(district, actor, "took back decision", words)


def _account(district: District, account_id: str | UUID) -> StaffAccount:
    try:
        found = StaffAccount.objects.filter(district=district, pk=account_id).first()
    except ValidationError:
        found = None
    if found is None:
        sentence = (
            f"{district} has no account {account_id}. It may have been removed since; "
            "run a test to see who is there."
        )
        raise Refused(sentence)
    return found


def _check_others(
    decision: DecisionKind, account: StaffAccount, archived: list[StaffAccount]
) -> None:
    if (decision is DecisionKind.KEEP_ONE) != bool(archived):
        raise Refused(NEEDS_OTHERS if not archived else NEEDS_NO_OTHERS)
    for other in archived:
        if other == account or other.school_id != account.school_id:
            raise Refused(OTHERS_ELSEWHERE)


def _revoke_contradicted(
    decision: DecisionKind,
    account: StaffAccount,
    person: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Take back what was decided on the pair, and whose else the person was there."""
    standing = _standing(account.district)
    contradicted = Q(clever_id=person, account_id=account.pk)
    if decision in _GIVES_ACCOUNT:
        given = standing.filter(kind__in=_GIVES_ACCOUNT, clever_id=person)
        here = StaffAccount.objects.filter(
            district=account.district,
            school=account.school_id,
            pk__in=list(given.values_list("account_id", flat=True)),
        )
        contradicted |= Q(
            kind__in=_GIVES_ACCOUNT,
            clever_id=person,
            account_id__in=list(here.values_list("pk", flat=True)),
        )
    _revoke(standing.filter(contradicted), actor, now)


def _standing(district: District) -> QuerySet[MatchDecision]:
    return MatchDecision.objects.filter(district=district, revoked_at__isnull=True)


def _revoke(decisions: QuerySet[MatchDecision], actor: Actor, now: datetime) -> int:
    return decisions.update(revoked_at=now, revoked_by_name=actor.name)


def _keep(decision: MatchDecision) -> MatchDecision:
    try:
        with transaction.atomic():
            decision.save()
    except IntegrityError as error:
        raise TooLate(
            "Somebody else has just decided about this person and account. Look at "
            "their decision first."
        ) from error
    return decision


def _untie(account: StaffAccount, person: str, now: datetime) -> bool:
    tied = StaffAccount.objects.filter(pk=account.pk, clever_id=person)
    return bool(tied.update(clever_id="", revision=F("revision") + 1, updated_at=now))
