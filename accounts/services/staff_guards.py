"""What nobody may do to a staff account, whoever asks: each with its sentence."""

from django.db.models import QuerySet

from accounts.access import Within, is_own, rights_in, schools_in_reach
from accounts.models import OVER_OTHERS, Right, StaffAccount, User, UserRole, Zone
from accounts.services.roles import SITE_MANAGER
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District, School


class RoleRefusedError(RefusedError):
    """The role can't be given; the sentence belongs beside its field."""


def lacking_rights(district: District, role: UserRole | None, actor: Actor) -> str:
    """Return in words which of a role's rights over others the actor does not have.

    "" if none; a process lacks none.
    """
    asked = [right for right in OVER_OTHERS if role and right in role.rights]
    if not asked or not isinstance(actor.user, User):
        return ""
    own = rights_in(actor.user, district)
    return ", ".join(str(right.label).lower() for right in asked if right not in own)


def is_over_others(school_id: int | None, role: UserRole | None) -> bool:
    """Return whether an account at a place has rights over others by its role.

    `school_id` is None at the district; at a school no right over others works.
    """
    rights = role.rights if role and school_id is None else ()
    return any(right in rights for right in OVER_OTHERS)


def check_has_full_access(district: District, actor: Actor, what: str) -> None:
    """Raise RefusedError if a zone restricts the actor; `what` needs full access.

    It is done with the right to manage roles.
    """
    if reach_of(actor, district, Right.MANAGE_ROLES) is not None:
        sentence = (
            f"{what} is for accounts with full access, and yours is restricted to a "
            "zone. Ask somebody who has full access."
        )
        raise RefusedError(sentence)


def check_within_zone(
    district: District,
    school: School | None,
    zone: Zone | None,
    actor: Actor,
    right: Right = Right.MANAGE_STAFF,
) -> None:
    """Raise RefusedError if a place reaches further than the actor's right does.

    At the district it is the zone that says how far; without one it is all of it.
    """
    own = reach_of(actor, district, right)
    if own is None:
        return
    if school is not None:
        is_within, where = school.pk in own, str(school)
    elif zone is not None:
        is_within = own.issuperset(zone.schools.values_list("pk", flat=True))
        where = f"the zone {zone}"
    else:
        is_within, where = False, "full access to the district"
    if not is_within:
        sentence = (
            f"Your account is restricted to a zone, which is less than {where}. Ask "
            "somebody who has full access."
        )
        raise RefusedError(sentence)


def reach_of(
    actor: Actor, district: District, right: Right = Right.MANAGE_STAFF
) -> Within:
    """Return the schools the actor's right reaches, None for all; a process has all.

    Of those they see in the console: nobody changes what they don't see.
    """
    user = actor.user
    if not isinstance(user, User):
        return None
    seen = schools_in_reach(user, district)
    of_right = schools_in_reach(user, district, right)
    if seen is None or of_right is None:
        return of_right if seen is None else seen
    return seen & of_right


def check_may_touch(account: StaffAccount, actor: Actor) -> None:
    """Raise RefusedError if the account may do more over others than the actor.

    Or if it reaches schools that the actor doesn't.
    """
    check_within_zone(account.district, account.school, account.zone, actor)
    check_rights_over(account, actor)


def check_rights_over(account: StaffAccount, actor: Actor) -> None:
    """Raise RefusedError if the account may do more over others than the actor."""
    role = account.user_role
    if lacking := _lacking_at(account.school, account.district, role, actor):
        sentence = (
            f"{account} has the role {role}, which may do what you may not: {lacking}. "
            "Ask somebody who may."
        )
        raise RefusedError(sentence)


def check_place(
    district: District,
    school: School | None,
    role: UserRole | None,
    zone: Zone | None,
    actor: Actor,
) -> None:
    """Raise RefusedError if a role or zone doesn't fit, or isn't the actor's to give.

    It is a RoleRefusedError if it is the role. No role is refused, and no zone only to
    whom a zone restricts.
    """
    if zone is not None and school is not None:
        sentence = "A zone is for accounts at the district. Leave it empty."
        raise RefusedError(sentence)
    check_within_zone(district, school, zone, actor)
    if role is None:
        return
    if misfit := role_misfit(role, at_district=school is None):
        raise RoleRefusedError(misfit)
    if lacking := _lacking_at(school, district, role, actor):
        sentence = (
            f"The role {role} may do what you may not: {lacking}. You can't give a "
            "right that you don't have. Choose another role."
        )
        raise RoleRefusedError(sentence)


def role_misfit(role: UserRole, *, at_district: bool) -> str:
    """Return why an account can't have the role where it is, "" if it can."""
    there, elsewhere = "the district", "schools"
    other = UserRole.Level.SCHOOL
    if not at_district:
        there, elsewhere, other = "a school", "the district", UserRole.Level.DISTRICT
    if role.level != other:
        return ""
    return (
        f"The role {role} is for accounts at {elsewhere}, and this account is at "
        f"{there}. Choose a role for accounts at {there}."
    )


def _lacking_at(
    school: School | None, district: District, role: UserRole | None, actor: Actor
) -> str:
    """Return what `lacking_rights` does; at a school no right over others works."""
    return "" if school else lacking_rights(district, role, actor)


def check_not_oneself(account: StaffAccount, actor: Actor, what: str) -> None:
    """Raise RefusedError if it is the actor's own account; `what` says what can't be.

    It stands after "so": "you can't deactivate it yourself".
    """
    if isinstance(actor.user, User) and is_own(account, actor.user):
        sentence = (
            f"This is your own account, so {what}: you might lock yourself out. Ask "
            f"a {SITE_MANAGER} other than you."
        )
        raise RefusedError(sentence)


def check_not_last_manager(account: StaffAccount, what: str) -> None:
    """Raise RefusedError if the district would be without a District Site Manager.

    Whoever a zone restricts is none who could manage the district's import.
    Call `take_turns` first, or the last two go at the same moment. `what` as in
    `check_not_oneself`.
    """
    if not _is_manager(account):
        return
    if not full_managers(account.district).exclude(pk=account.pk).exists():
        sentence = (
            f"{account} is the last active {SITE_MANAGER} of {account.district} with "
            f"full access, so {what}. Give somebody else that role first, without a "
            "zone."
        )
        raise RefusedError(sentence)


def full_managers(district: District) -> QuerySet[StaffAccount]:
    """Return a district's active District Site Managers with full access."""
    return district.staff_accounts.filter(
        school__isnull=True,
        zone__isnull=True,
        status=StaffAccount.Status.ACTIVE,
        user_role__name=SITE_MANAGER,
    )


def _is_manager(account: StaffAccount) -> bool:
    role, is_active = account.user_role, account.status == StaffAccount.Status.ACTIVE
    has_full_access = account.school_id is None and account.zone_id is None
    return bool(is_active and has_full_access and role and role.name == SITE_MANAGER)
