"""With which Naviance ID an account is signed in to: inviting by hand, taking out."""

from django.db import transaction

from accounts.mailable import why_unmailed
from accounts.models import Invitation, StaffAccount, User, person_key
from accounts.services import staff_guards as guards
from accounts.services.invitations import (
    IS_SET_UP,
    NOT_ACTIVE,
    put_back,
    send_soon,
    signs_in,
)
from schools.audit import Actor, record
from schools.errors import RefusedError

WITH_CLEVER = (
    "Your district uses Clever SSO: people sign in from the Clever portal, and nobody "
    "is invited."
)
TOOK_OUT = "took account out of Naviance ID"
NOT_SAID = (
    "Say first on the Staff Import Settings page whether your district uses Clever SSO."
)


def can_be_invited(account: StaffAccount) -> bool:
    """Return whether somebody could be invited to the account by its state."""
    is_active = account.status == StaffAccount.Status.ACTIVE
    return account.district.uses_sso is False and is_active and not signs_in(account)


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
    if signs_in(account):
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


def take_out_of_identity(account: StaffAccount, note: str, actor: Actor) -> User:
    """Take an account out of the Naviance ID that has it; return that identity.

    For when the wrong person signs in to it: they lose it at their next request, and
    the right one can be invited. The account is not edited. Raises RefusedError for an
    account nobody signs in to, the actor's own, and one that may do more than they.
    """
    guards.check_not_oneself(account, actor, "you can't take it out of your sign-in")
    guards.check_may_touch(account, actor)
    identity = account.user
    with transaction.atomic():
        # Not an edit of the account: no import has to look at it again.
        held = StaffAccount.objects.filter(pk=account.pk, user=identity)
        if identity is None or not held.update(user=None):
            sentence = "Nobody signs in to this account, so there is nothing to take."
            raise RefusedError(sentence)
        record(
            account.district,
            actor,
            TOOK_OUT,
            str(account),
            about=account.pk,
            changes={"naviance_id": [str(identity), None]},
            note=note.strip(),
        )
    return identity


def _free_key(account: StaffAccount) -> str:
    """Return whom to invite: the account alone where its person has used a link.

    What became of that link stays on record.
    """
    key = person_key(account)
    used = account.district.invitations.filter(person=key)
    if used.filter(state=Invitation.State.USED).exists():
        return f"account {account.pk}"
    return key
