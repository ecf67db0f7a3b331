"""Accounts that somebody with a Naviance ID got after setting it up.

An import gives people an account wherever Clever places them, and invites nobody who
has another one: theirs by now, or inactive since they left that school. The next
sign-in by e-mail gives their identity what is theirs; Clever's own sign-in goes by the
Clever id (`accounts.services.clever_sign_in`).
"""

from collections.abc import Iterator

from django.db import transaction

from accounts.models import StaffAccount, User
from accounts.people import people_of, shown
from accounts.reach import has_address
from accounts.staff_values import in_words
from schools.audit import Actor, record
from schools.models import District

ADDED = "added account to Naviance ID"


def add_new_accounts(user: User, address: str | None) -> list[StaffAccount]:
    """Give somebody who has just signed in by e-mail the accounts that are theirs.

    They are those of one person with an account the identity has (`accounts.people`),
    active, nobody's, and with the e-mail that the person signs in with. Support has no
    accounts in districts. `address` is the remote IP address. Returns what is new.
    """
    added: list[StaffAccount] = []
    if user.is_staff or user.is_superuser or not user.email:
        return added
    for district in District.objects.filter(staff_accounts__user=user).distinct():
        own = list(shown(district).filter(user=user))
        # All are of one identity, and so of one person.
        [person] = people_of(district, own)
        for account in person.accounts:
            is_free = account.user_id is None
            is_active = account.status == StaffAccount.Status.ACTIVE
            if is_free and is_active and has_address(account, user.email):
                added += _add(user, account, address)
    return added


def _add(
    user: User, account: StaffAccount, address: str | None
) -> Iterator[StaffAccount]:
    with transaction.atomic():
        # Not an edit of the account: no import has to look at it again.
        free = StaffAccount.objects.filter(pk=account.pk, user=None)
        if free.update(user=user):
            actor = Actor(str(user), user=user, address=address)
            record(account.district, actor, ADDED, in_words(account), about=account.pk)
            yield account
