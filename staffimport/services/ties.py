"""Cuts the tie of an account to somebody in Clever by decision, and ties it again."""

from datetime import datetime

from django.db.models import F, Q

from accounts.models import StaffAccount
from schools.audit import Actor, record
from staffimport.models import MatchDecision


def cut_tie(account: StaffAccount, decision: MatchDecision) -> bool:
    """Untie an account from the person a decision says it is not; say if it was."""
    tied = StaffAccount.objects.filter(pk=account.pk, clever_id=decision.clever_id)
    now = decision.decided_at
    if not tied.update(clever_id="", revision=F("revision") + 1, updated_at=now):
        return False
    MatchDecision.objects.filter(pk=decision.pk).update(cut_tie=True)
    return True


def tie_again(decision: MatchDecision, actor: Actor, now: datetime) -> None:
    """Give an account the tie back that a decision cut, now that it is taken back.

    Not if somebody is tied to the account, or the person to another one there, by now.
    """
    if not decision.cut_tie:
        return
    account = StaffAccount.objects.filter(pk=decision.account_id, clever_id="").first()
    if account is None:
        return
    at_place = Q(school=account.school_id)
    if account.school_id is None:
        at_place = Q(school__isnull=True, district=account.district_id)
    person = decision.clever_id
    if StaffAccount.objects.filter(at_place, clever_id=person).exists():
        return
    StaffAccount.objects.filter(pk=account.pk, clever_id="").update(
        clever_id=person, revision=F("revision") + 1, updated_at=now
    )
    record(
        account.district,
        actor,
        "tied again",
        str(account),
        about=account.pk,
        changes={"clever_id": ["", person]},
    )
