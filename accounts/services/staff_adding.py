"""Adds staff accounts by hand, and no second one for a person unnoticed."""

from dataclasses import replace

from django.db import transaction

from accounts.access import Within
from accounts.addresses import folded
from accounts.look_alikes import Alike, look_alikes, same_at
from accounts.models import StaffAccount, User
from accounts.searching import search_text
from accounts.services import staff_guards as guards
from accounts.services.invitations import invite_new
from accounts.staff_rows import TEXTS
from accounts.staff_values import Values, in_words, plain
from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.models import District, School
from schools.services.facts import take_turns


class AlikeError(RefusedError):
    """There may be an account of this person already; `alike` are who it could be."""

    def __init__(self, user_message: str, alike: list[Alike]) -> None:
        super().__init__(user_message)
        self.alike = alike


class HasAccountError(RefusedError):
    """The person has an account at that place already: `account`."""

    def __init__(self, user_message: str, account: StaffAccount) -> None:
        super().__init__(user_message)
        self.account = account


def add_account(  # noqa: PLR0913 — who adds what where, and what was said about it
    district: District,
    school: School | None,
    values: Values,
    actor: Actor,
    *,
    is_pinned: bool = True,
    same_as: StaffAccount | None = None,
    is_another: bool = False,
) -> StaffAccount:
    """Add an account by hand, at a school or (None) at the district, and return it.

    An import leaves it alone until Clever has its person there. With `is_pinned` what
    was entered stays as it is even then. `same_as` is an account of the same person
    elsewhere, whose e-mail the new one gets if none is given; they sign in to both if
    it is the one they sign in with. `is_another` says that whoever looks alike is
    somebody else. Whoever is new in a district without Clever SSO is invited.

    Raises AlikeError while that has not been said, HasAccountError where the person
    has an account at that place, RefusedError for a role or zone that can't be given.
    """
    if same_as is not None and not values.email:
        values = replace(values, email=same_as.email)
    texts = {name: getattr(values, name) for name in TEXTS}
    with transaction.atomic():
        take_turns(district)
        guards.check_place(district, school, values.user_role, values.zone, actor)
        if same_as is not None:
            guards.check_may_touch(same_as, actor)
        _check_is_new(district, school, values, same_as)
        if not is_another:
            _check_is_nobody(
                district, values, same_as, guards.reach_of(actor, district)
            )
        account = StaffAccount.objects.create(
            district=district,
            school=school,
            user=_identity_of(same_as, values.email),
            origin=StaffAccount.Origin.MANUAL,
            pinned_fields=[name for name in TEXTS if is_pinned and texts[name]],
            search_text=search_text(**texts),
            **values.columns(),
        )
        record(
            district,
            actor,
            "added account",
            in_words(account),
            about=account.pk,
            changes={
                name: [None, plain(value)]
                for name, value in values.columns().items()
                if value
            },
        )
        invite_new(account)
    return account


def _identity_of(known: StaffAccount | None, email: str) -> User | None:
    """Return the identity that a new account with this e-mail belongs to at once."""
    user = known.user if known else None
    if user is None or not user.email or user.email != folded(email):
        return None
    return user


def _check_is_new(
    district: District,
    school: School | None,
    values: Values,
    same_as: StaffAccount | None,
) -> None:
    there = same_at(district, school, values, same_as)
    if there is None:
        return
    is_active = there.status == StaffAccount.Status.ACTIVE
    where = school.name if school else "the district level"
    what = "Edit it" if is_active else "It is inactive: reactivate it"
    sentence = (
        f"{there.first_name} {there.last_name} has an account at {where} already. "
        f"{what} instead of adding a second one."
    )
    raise HasAccountError(sentence.lstrip(), there)


def _check_is_nobody(
    district: District, values: Values, same_as: StaffAccount | None, within: Within
) -> None:
    alike = [
        one
        for one in look_alikes(district, values, within)
        if one.reasons and same_as not in one.person.accounts
    ]
    if alike:
        sentence = "Somebody like this person is here already. Say who this is."
        raise AlikeError(sentence, alike)
