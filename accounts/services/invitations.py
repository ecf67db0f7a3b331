"""Ask for invitations and for sending them again. One per person, whatever the schools.

They are sent after commit by `accounts.invitation_mail`; nothing here sends a mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import invitation_mail
from accounts.access import Within
from accounts.mailable import whose_else, why_unmailed
from accounts.models import Invitation, StaffAccount, person_key
from accounts.people import people_of
from accounts.reach import has_address, signs_in
from schools import refusals
from schools.audit import Actor, record
from schools.models import District

State = Invitation.State

ON_ITS_WAY = "This invitation is on its way already."
JUST_SENT = (
    "This invitation was e-mailed less than a minute ago; a new link would make that "
    "one worthless."
)
JUST_NOW = timedelta(minutes=1)
IS_SET_UP = "This person has set up a Naviance ID; there is nothing to send."
WITH_CLEVER = (
    "Your district uses Clever SSO: people sign in from the Clever portal, and nobody "
    "is invited."
)
NOT_ACTIVE = "The account is not active, so nobody is invited to it."


@dataclass(frozen=True, slots=True)
class SentAgain:
    """What became of invitations to send again: how many go, and why others don't."""

    number: int
    refused: dict[int, str]


def invite_new(account: StaffAccount) -> Invitation | None:
    """Invite the person of a new account, if the district doesn't use Clever SSO.

    Somebody who has another account, an identity or an invitation is not invited
    again. An address that gets no mail is kept as such. Call it inside the
    transaction that makes the account; the mail goes out after it.
    """
    if account.district.uses_sso is not False or _is_known(account):
        return None
    return _ask(account)


def told_of(account: StaffAccount, within: Within = None) -> str:
    """Return what became of inviting the person of a new account, "" if nothing.

    It tells of no account but those `within` what somebody sees.
    """
    asked = Invitation.objects.filter(account=account).first()
    if asked is None:
        return ""
    if asked.state == State.UNMAILED:
        who = whose_else(account, within)
        also = f" It is also the e-mail of {who}." if who else ""
        return f"Nobody was e-mailed. {asked.problem}{also}"
    return f"An invitation to set up a Naviance ID goes to {asked.email}."


def send_again(
    district: District, invitation_ids: Iterable[int], actor: Actor, why: str = ""
) -> SentAgain:
    """Send invitations again, each with a new link to the account's present address.

    Also those nobody could be mailed before. `invitation_ids` are primary keys; one
    of another district is not there. `why` is the reason support gives.
    """
    wanted = district.invitations.filter(pk__in=list(invitation_ids))
    return _send_again(district, wanted, actor, why)


def send_all_again(
    district: District, state: str, actor: Actor, why: str = ""
) -> SentAgain:
    """Send all "expired" or all "failed" invitations of the district again.

    `why` is the reason support gives; the district's own admins need none.
    """
    return _send_again(district, in_state(district, state), actor, why)


def in_state(district: District, state: str) -> QuerySet[Invitation]:
    """Return the district's invitations of a state; "expired" is one here."""
    now = timezone.now()
    if state == "expired":
        return district.invitations.filter(state=State.SENT, expires_at__lte=now)
    if state == State.SENT:
        return district.invitations.filter(state=State.SENT, expires_at__gt=now)
    if state == State.WAITING:
        return district.invitations.filter(state__in=[State.WAITING, State.SENDING])
    return district.invitations.filter(state=state)


def renew(invitation: Invitation, address: str) -> bool:
    """Send an invitation again because whoever has its old link asks for it.

    The link has expired, or went to another address than the account has now: there
    the new one goes. `address` is the remote IP address. Returns whether it is sent.
    """
    district = invitation.district
    done = _send_again(
        district,
        district.invitations.filter(pk=invitation.pk, state=State.SENT),
        Actor("The invited person", address=address),
    )
    return bool(done.number)


def send_soon(district_id: int) -> None:
    """Have the district's waiting invitations sent once this transaction is committed.

    A broker that can't be reached is no failure: the next minute's sweep sends them.
    """
    transaction.on_commit(partial(invitation_mail.ask_worker, district_id))


def _send_again(
    district: District, wanted: QuerySet[Invitation], actor: Actor, why: str = ""
) -> SentAgain:
    if closed := refusals.disconnected(district):
        ids = wanted.values_list("pk", flat=True)
        return SentAgain(0, dict.fromkeys(ids, " ".join(closed)))
    refused: dict[int, str] = {}
    sent: list[str] = []
    with transaction.atomic():
        invitations = wanted.select_related(
            "account__user", "account__user_role", "account__district"
        )
        for invitation in invitations.order_by("pk"):
            if sentence := put_back(invitation, _present_account(invitation)):
                refused[invitation.pk] = sentence
            else:
                sent.append(str(invitation))
        if sent:
            target = sent[0] if len(sent) == 1 else f"{len(sent):,} people"
            record(district, actor, "sent invitation again", target, note=why)
            send_soon(district.pk)
    return SentAgain(len(sent), refused)


def put_back(invitation: Invitation, account: StaffAccount) -> str:
    """Let an invitation wait to be sent; return why it can't, "" if it does.

    `account` is its person's, by whose e-mail they are invited.
    """
    if sentence := _why_not_now(invitation, account):
        return sentence
    problem = why_unmailed(account)
    unchanged = Invitation.objects.filter(pk=invitation.pk, state=invitation.state)
    if problem and _leads_there(invitation, account):
        return problem
    if problem:
        unchanged.update(
            account=account,
            state=State.UNMAILED,
            problem=problem,
            email=account.email,
            token_digest="",  # an older link may have gone to another address
        )
        return problem
    is_back = unchanged.update(
        account=account,
        state=State.WAITING,
        email=account.email.strip(),
        problem="",
        attempts=0,
        retry_at=None,
        token_digest="",
        used_at=None,
        used_by=None,
    )
    return "" if is_back else ON_ITS_WAY


def _why_not_now(invitation: Invitation, account: StaffAccount) -> str:
    if invitation.state in (State.WAITING, State.SENDING):
        return ON_ITS_WAY
    if _is_just_sent(invitation, account):
        return JUST_SENT
    if signs_in(account):
        return IS_SET_UP
    if account.status != StaffAccount.Status.ACTIVE:
        return NOT_ACTIVE
    by_clever = account.district.uses_sso
    if by_clever and not invitation_mail.lets_into_console(account):
        return WITH_CLEVER
    return ""


def _leads_there(invitation: Invitation, account: StaffAccount) -> bool:
    """Whether a good link has gone to the account's present address."""
    is_good = invitation.state == State.SENT and not invitation.has_expired(
        timezone.now()
    )
    return is_good and has_address(account, invitation.email)


def _is_just_sent(invitation: Invitation, account: StaffAccount) -> bool:
    """Whether such a link has just gone: a second would make it worthless."""
    sent_at = invitation.sent_at
    if sent_at is None or not _leads_there(invitation, account):
        return False
    return sent_at > timezone.now() - JUST_NOW


def _present_account(invitation: Invitation) -> StaffAccount:
    """Return the account to invite by: who has moved has an active one elsewhere."""
    account = invitation.account
    if account.status == StaffAccount.Status.ACTIVE:
        return account
    [person] = people_of(account.district, [account])
    active = (a for a in person.accounts if a.status == StaffAccount.Status.ACTIVE)
    return next(active, account)


def _ask(account: StaffAccount) -> Invitation | None:
    problem = why_unmailed(account)
    invitation, is_new = Invitation.objects.get_or_create(
        district=account.district,
        person=person_key(account),
        defaults={
            "account": account,
            "email": account.email.strip(),
            "state": State.UNMAILED if problem else State.WAITING,
            "problem": problem,
        },
    )
    if is_new and not problem:
        send_soon(account.district_id)
    return invitation if is_new else None


def _is_known(account: StaffAccount) -> bool:
    """Whether the account's person has another account or signs in already."""
    [person] = people_of(account.district, [account])
    return account.user_id is not None or len(person.accounts) > 1
