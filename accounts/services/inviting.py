"""Inviting by hand, an account's person or an admin, and taking out of a sign-in."""

from django.db import transaction

from accounts.access import Within, may_manage_import, opens_console
from accounts.addresses import folded
from accounts.mailable import whose_else, why_unmailed
from accounts.models import Invitation, StaffAccount, User, person_key
from accounts.reach import has_address, signs_in
from accounts.services import staff_guards as guards
from accounts.services.invitations import (
    IS_SET_UP,
    NOT_ACTIVE,
    WITH_CLEVER,
    put_back,
    send_soon,
)
from accounts.staff_values import in_words
from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.models import District
from schools.written import given_note

NOT_ONESELF = "you can't take it out of your sign-in"
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
    _refuse_unmailed(account, guards.reach_of(actor, district))
    with transaction.atomic():
        invitation, is_new = Invitation.objects.get_or_create(
            district=district,
            person=_free_key(account),
            defaults={"account": account, "email": account.email.strip()},
        )
        if not is_new and (sentence := put_back(invitation, account)):
            raise RefusedError(sentence)
        to: dict[str, list[object]] = {"invited": [None, account.email.strip()]}
        whose = in_words(account)
        record(district, actor, "invited", whose, about=account.pk, changes=to)
        send_soon(district.pk)
    invitation.refresh_from_db()
    return invitation


def take_out_of_identity(account: StaffAccount, note: str, actor: Actor) -> User:
    """Take an account out of the Naviance ID that has it; return that identity.

    For when the wrong person signs in to it: they lose it at their next request, and
    the right one can be invited. The account is not edited. Raises RefusedError for an
    account nobody signs in to, the actor's own, one that may do more than they, and a
    long note.
    """
    note = given_note(note)
    guards.check_not_oneself(account, actor, NOT_ONESELF)
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
            in_words(account),
            about=account.pk,
            changes={"naviance_id": [str(identity), None]},
            note=note,
        )
    return identity


def invite_to_console(
    district: District, email: str, actor: Actor, why: str = ""
) -> Invitation | None:
    """Return the invitation of the active district-level account with this address.

    It lets its person into the console, with Clever SSO or without; sending it is up
    to the caller; `why` is the reason support gives. None when the person signs in by
    password already. Raises RefusedError when there is no such account, several share
    the address, the address can't get mail, or the account may not manage the data
    import.
    """
    account = _district_account(district, email)
    _refuse_powerless(account)
    if signs_in(account):
        return None
    _refuse_unmailed(account, None)
    with transaction.atomic():
        invitation, _ = Invitation.objects.update_or_create(
            district=district,
            person=_free_key(account),
            defaults={
                "account": account,
                "email": account.email.strip(),
                "state": Invitation.State.WAITING,
                "problem": "",
                "attempts": 0,
                "retry_at": None,
                "token_digest": "",
            },
        )
        record(
            district,
            actor,
            "invited",
            in_words(account),
            about=account.pk,
            changes={"invited": [None, account.email.strip()]},
            note=why,
        )
    return invitation


def _refuse_unmailed(account: StaffAccount, within: Within) -> None:
    """Raise RefusedError if the account's person can't be mailed, and say why."""
    if problem := why_unmailed(account):
        who = whose_else(account, within)
        also = f" It is also the e-mail of {who}." if who else ""
        sentence = (
            f"{problem}{also} Correct the address that is wrong, then invite again."
        )
        raise RefusedError(sentence)


def _free_key(account: StaffAccount) -> str:
    """Return whom to invite: the account alone where its person has a link already.

    One that was used, of which what became stays on record, or one to another address
    by another account, which stays good.
    """
    key = person_key(account)
    there = account.district.invitations.filter(person=key).first()
    if there is None or there.account_id == account.pk:
        is_free = there is None or there.state != Invitation.State.USED
    else:
        is_used = there.state == Invitation.State.USED
        is_free = not is_used and has_address(account, there.email)
    return key if is_free else f"account {account.pk}"


def _district_account(district: District, email: str) -> StaffAccount:
    wanted = folded(email)
    # Folded here, because SQLite's iexact folds ASCII only.
    active = district.staff_accounts.filter(
        school__isnull=True, status=StaffAccount.Status.ACTIVE
    ).exclude(email="")
    found = [
        account
        for account in active.select_related("user", "user_role", "district")
        if folded(account.email) == wanted
    ]
    if not wanted or not found:
        sentence = (
            f"{district} has no active district account with the e-mail “{email}”. "
            "Load or add the account first, or check the address."
        )
        raise RefusedError(sentence)
    if len(found) > 1:
        sentence = (
            f"{len(found)} district accounts share the e-mail “{email}”, so it is not "
            "clear who is meant. Give each account its own address first."
        )
        raise RefusedError(sentence)
    return found[0]


def _refuse_powerless(account: StaffAccount) -> None:
    if not opens_console(account):
        sentence = (
            f"The role of {account} is {account.user_role or 'empty'}, which may not "
            "manage the data import. Give the account the role District Site Manager, "
            "or its role that right, then invite again."
        )
        raise RefusedError(sentence)
    if not may_manage_import(account):
        sentence = (
            f"{account} is restricted to the zone {account.zone}, so it may not manage "
            "the district's data import. Give the account full access, then invite "
            "again."
        )
        raise RefusedError(sentence)
