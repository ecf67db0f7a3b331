"""Keeps what an admin decides about people and accounts, for every later run."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import StaffAccount
from schools.audit import Actor, record
from schools.models import District
from schools.written import NOTE_LENGTH, NOTE_TOO_LONG
from staffimport.core.decisions import Choice
from staffimport.core.folding import clean
from staffimport.core.values import DecisionKind
from staffimport.errors import Refused, TooLate
from staffimport.models import MatchDecision
from staffimport.services.decision_rights import (
    check_may_revoke,
    check_rights,
    with_roles,
)
from staffimport.services.replan import plan_again
from staffimport.services.ties import cut_tie, tie_again
from staffimport.store.parts import CHUNK, parts

# These are about an account and a person in Clever, the others about an account alone.
_OF_A_PERSON = frozenset(
    {DecisionKind.SAME_PERSON, DecisionKind.NOT_SAME, DecisionKind.KEEP_ONE}
)
_GIVES_ACCOUNT = frozenset({DecisionKind.SAME_PERSON, DecisionKind.KEEP_ONE})

NEEDS_PERSON = "This decision is about somebody in Clever: say who, by Clever ID."
NEEDS_NO_PERSON = "This decision is about an account alone: leave the Clever ID out."
NEEDS_OTHERS = "Keeping one account means archiving another: name at least one."
NEEDS_NO_OTHERS = "Only “keep this one, archive the other” archives other accounts."
OTHERS_ELSEWHERE = (
    "The accounts to archive must be others than the one you keep, at the same place."
)
SOMEBODY_ELSE = (
    "Somebody else has just decided about this person and account. Look at their "
    "decision first."
)

Accounts = dict[str, StaffAccount]


def decide(
    district: District, choices: Iterable[Choice], note: str, actor: Actor
) -> list[MatchDecision]:
    """Keep decisions, all or none, and have the newest test planned again with them.

    What they contradict is taken back; what stands already in the same words stays as
    it is. No account is changed, but that "not the same" unties an account from the
    person it is tied to, until it is taken back. Returns the decisions that stand now.
    Raises Refused if one makes no sense, or is about an account that may do more over
    others than the actor; TooLate if somebody else decided at the same moment.
    """
    note = clean(note, NOTE_LENGTH + 1)
    if len(note) > NOTE_LENGTH:
        raise Refused(NOTE_TOO_LONG)
    wanted = list({(c.clever_id, c.account_id): c for c in choices}.values())
    with transaction.atomic():
        accounts = _accounts(district, wanted)
        for choice in wanted:
            _check(choice, accounts)
            if choice.kind is not DecisionKind.LEAVE_ALONE:
                own = (choice.account_id, *choice.others)
                check_rights((accounts[pk] for pk in own), actor)
        standing = _Standing(district, wanted)
        kept = _keep(
            [
                _decision(choice, accounts[choice.account_id], note, actor)
                for choice in wanted
                if not standing.says(choice, note)
            ],
            standing,
            actor,
        )
        for decision in kept:
            _record(district, decision, accounts[str(decision.account_id)], actor)
        if kept:
            plan_again(district, actor)
    return kept


def take_back(
    district: District, decisions: Sequence[MatchDecision], actor: Actor
) -> None:
    """Take decisions back, all or none; the newest test is planned again without them.

    A tie that one of them cut is there again, unless somebody has another by now.
    Raises TooLate if one of them is taken back already, Refused if its account may do
    more over others than the actor.
    """
    with transaction.atomic():
        check_may_revoke(district, decisions, actor)
        own = [decision.pk for decision in decisions]
        if _revoke(district, own, actor, timezone.now()) < len(own):
            raise TooLate("This decision was taken back already.")
        for decision in decisions:
            words = f"{decision.get_kind_display()}: {_about(decision)}"
            verb = "took back decision"
            record(district, actor, verb, words, about=decision.account_id)
        plan_again(district, actor)


def _accounts(district: District, choices: list[Choice]) -> Accounts:
    """Return the accounts that the choices name. Raises Refused if one is unknown."""
    ids = {c.account_id for c in choices}.union(*(c.others for c in choices))
    known = {
        str(account.pk): account
        for part in parts(sorted(filter(_is_id, ids)))
        for account in with_roles(district).filter(pk__in=part)
    }
    for account_id in sorted(ids - known.keys()):
        sentence = (
            f"{district} has no account {account_id}. It may have been removed since; "
            "run a test to see who is there."
        )
        raise Refused(sentence)
    return known


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _check(choice: Choice, accounts: Accounts) -> None:
    """Raise Refused if the choice makes no sense."""
    if (choice.kind in _OF_A_PERSON) != bool(choice.clever_id):
        raise Refused(NEEDS_NO_PERSON if choice.clever_id else NEEDS_PERSON)
    if (choice.kind is DecisionKind.KEEP_ONE) != bool(choice.others):
        raise Refused(NEEDS_NO_OTHERS if choice.others else NEEDS_OTHERS)
    account = accounts[choice.account_id]
    for other in map(accounts.__getitem__, choice.others):
        if other == account or other.school_id != account.school_id:
            raise Refused(OTHERS_ELSEWHERE)


class _Standing:
    """The standing decisions about the people and accounts of some choices."""

    def __init__(self, district: District, choices: list[Choice]) -> None:
        self.district = district
        self._about: dict[str, list[MatchDecision]] = defaultdict(list)
        for decision in self._read(choices):
            self._about[decision.clever_id or str(decision.account_id)].append(decision)
        ids = {d.account_id for found in self._about.values() for d in found}
        ids.update(UUID(choice.account_id) for choice in choices)
        self._schools = {
            str(pk): school
            for part in parts(sorted(ids))
            for pk, school in StaffAccount.objects.filter(
                district=district, pk__in=part
            ).values_list("pk", "school_id")
        }

    def says(self, choice: Choice, note: str) -> bool:
        """Whether the same is decided already, with this note or one that can stay."""
        return any(
            decision.kind == choice.kind
            and _is_about(choice, decision)
            and set(decision.other_account_ids) == set(choice.others)
            and note in ("", decision.note)
            for decision in self._about[choice.clever_id or choice.account_id]
        )

    def contradicted_by(self, new: MatchDecision) -> Iterator[MatchDecision]:
        """Yield what can't stand beside a new decision."""
        for key in (new.clever_id, str(new.account_id), *new.other_account_ids):
            for decision in self._about.get(key, ()) if key else ():
                if self._contradicts(new, decision):
                    yield decision

    def _read(self, choices: list[Choice]) -> Iterator[MatchDecision]:
        for part in parts(choices):
            accounts = {c.account_id for c in part}.union(*(c.others for c in part))
            people = {c.clever_id for c in part} - {""}
            about = Q(clever_id__in=people) | Q(clever_id="", account_id__in=accounts)
            yield from _standing(self.district).filter(about)

    def _contradicts(self, new: MatchDecision, old: MatchDecision) -> bool:
        is_of_person = old.clever_id == new.clever_id
        if is_of_person and old.account_id == new.account_id:
            return True
        if new.kind in _GIVES_ACCOUNT and is_of_person and old.kind in _GIVES_ACCOUNT:
            places = self._schools
            # Whose else the person was there.
            return places.get(str(old.account_id)) == places[str(new.account_id)]
        if new.kind == DecisionKind.NOT_SAME and is_of_person:
            return str(new.account_id) in old.other_account_ids
        is_archived = str(old.account_id) in new.other_account_ids
        return is_archived and old.kind == DecisionKind.LEAVE_ALONE


def _is_about(choice: Choice, decision: MatchDecision) -> bool:
    pair = choice.clever_id, choice.account_id
    return pair == (decision.clever_id, str(decision.account_id))


def _decision(
    choice: Choice, account: StaffAccount, note: str, actor: Actor
) -> MatchDecision:
    return MatchDecision(
        district_id=account.district_id,
        kind=choice.kind,
        clever_id=choice.clever_id,
        person_name=choice.person[:255],
        account_id=account.pk,
        account_name=str(account)[:255],
        other_account_ids=list(choice.others),
        note=note,
        decided_by_id=actor.user_id,
        decided_by_name=actor.name,
        decided_at=timezone.now(),
    )


def _keep(
    decisions: list[MatchDecision], standing: _Standing, actor: Actor
) -> list[MatchDecision]:
    contradicted = {old for new in decisions for old in standing.contradicted_by(new)}
    check_may_revoke(standing.district, contradicted, actor)
    own = sorted(decision.pk for decision in contradicted)
    _revoke(standing.district, own, actor, timezone.now())
    try:
        with transaction.atomic():
            return MatchDecision.objects.bulk_create(decisions, CHUNK)
    except IntegrityError as error:
        raise TooLate(SOMEBODY_ELSE) from error


def _record(
    district: District, decision: MatchDecision, account: StaffAccount, actor: Actor
) -> None:
    changes: dict[str, list[object]] | None = None
    if decision.kind == DecisionKind.NOT_SAME and cut_tie(account, decision):
        changes = {"clever_id": [decision.clever_id, ""]}
    record(
        district,
        actor,
        "decided",
        f"{decision.get_kind_display()}: {_about(decision)}",
        about=account.pk,
        changes=changes,
        note=decision.note,
    )


def _about(decision: MatchDecision) -> str:
    """Return whom a decision is about, for the audit trail."""
    name = decision.account_name or "an account"
    return f"{name}, {decision.person_name} in Clever" if decision.person_name else name


def _standing(district: District) -> QuerySet[MatchDecision]:
    return MatchDecision.objects.filter(district=district, revoked_at__isnull=True)


def _revoke(
    district: District, decisions: list[int], actor: Actor, now: datetime
) -> int:
    """Take decisions back that still stand; return how many did."""
    cut_ties = [
        decision
        for part in parts(decisions)
        for decision in _standing(district).filter(pk__in=part, cut_tie=True)
    ]
    revoked = sum(
        _standing(district)
        .filter(pk__in=part)
        .update(revoked_at=now, revoked_by_name=actor.name)
        for part in parts(decisions)
    )
    for decision in cut_ties:
        tie_again(decision, actor, now)
    return revoked
