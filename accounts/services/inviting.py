"""Inviting one person by hand: who came without an import, or has a new address."""

from django.db import transaction

from accounts.mailable import why_unmailed
from accounts.models import Invitation, StaffAccount, person_key
from accounts.services import staff_guards as guards
from accounts.services.invitations import (
    IS_SET_UP,
    NOT_ACTIVE,
    put_back,
    send_soon,
)
from schools.audit import Actor, record
from schools.errors import RefusedError

WITH_CLEVER = (
    "Your district uses Clever SSO: people sign in from the Clever portal, and nobody "
    "is invited."
)
NOT_SAID = (
    "Say first on the Staff Import Settings page whether your district uses Clever SSO."
)


def can_be_invited(account: StaffAccount) -> bool:
    """Return whether somebody could be invited to the account by its state."""
    is_active = account.status == StaffAccount.Status.ACTIVE
    return account.district.uses_sso is False and is_active and not _signs_in(account)


def invite_by_hand(account: StaffAccount, actor: Actor) -> Invitation:
    """Invite the account's person to a Naviance ID, by the e-mail it has now.

    The link opens the person's accounts that have that address. Whoever has a Naviance
    ID of another address adds them to it. Raises RefusedError when nobody is to be
    invited, can be mailed, or the account may do more than the actor.
    """
    district = account.district
    if district.uses_sso is not False:
        raise RefusedError(NOT_SAID if district.uses_sso is None else WITH_CLEVER)
    if account.status != StaffAccount.Status.ACTIVE:
        raise RefusedError(NOT_ACTIVE)
    if _signs_in(account):
        raise RefusedError(IS_SET_UP)
    guards.check_may_touch(account, actor)
    if problem := why_unmailed(account):
        sentence = f"{problem} Correct the e-mail of the account, then invite again."
        raise RefusedError(sentence)
    with transaction.atomic():
        invitation, is_new = Invitation.objects.get_or_create(
            district=district,
            person=_free_key(account),
            defaults={"account": account, "email": account.email.strip()},
        )
        if not is_new and (sentence := put_back(invitation, account)):
            raise RefusedError(sentence)
        record(district, actor, "invited", str(account), about=account.pk)
        send_soon(district.pk)
    invitation.refresh_from_db()
    return invitation


def _signs_in(account: StaffAccount) -> bool:
    return account.user is not None and account.user.has_usable_password()


def _free_key(account: StaffAccount) -> str:
    """Return whom to invite: the account alone where its person has used a link.

    What became of that link stays on record.
    """
    key = person_key(account)
    used = account.district.invitations.filter(person=key)
    if used.filter(state=Invitation.State.USED).exists():
        return f"account {account.pk}"
    return key
