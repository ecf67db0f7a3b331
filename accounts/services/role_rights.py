"""Edits what user roles may do, and lets nobody be locked out by it.

Rights are read anew at each request (`accounts.access`), so an edit holds from the
next page on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.access import active_accounts, rights_in
from accounts.models import OVER_OTHERS, Right, StaffAccount, User, UserRole
from accounts.services.roles import BUILT_IN_ROLES
from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.models import District
from schools.services.facts import take_turns

CHANGED_ROLE = "changed role"
ESSENTIAL = "essential_for_the_brake"

# Whoever has both can open the console and mend everything else there.
_TO_OPEN = frozenset({Right.MANAGE_DATA_IMPORT.value})
_TO_MEND = _TO_OPEN | {Right.MANAGE_ROLES.value}


@dataclass(frozen=True, slots=True)
class RoleSetting:
    """What an admin sets of a role: its rights, and whether the brake guards it."""

    rights: frozenset[str]
    is_essential: bool = False


@dataclass(frozen=True, slots=True)
class RoleEdit:
    """A role as somebody saw it, and as it is to be."""

    seen: RoleSetting
    wanted: RoleSetting


class RolesChangedError(RefusedError):
    """Somebody else has changed or deleted a role since it was seen."""


class OwnAccessError(RefusedError):
    """The edit takes the actor's own access, which they have not said they know."""


def setting_of(role: UserRole) -> RoleSetting:
    """Return what is set of a role now; a right that is none any more is left out."""
    return RoleSetting(frozenset(role.rights) & set(Right.values), role.is_essential)


def built_in_setting(role: UserRole) -> RoleSetting | None:
    """Return what Naviance ships a built-in role with, None for a role of one's own."""
    if not role.is_built_in:
        return None
    for shipped in BUILT_IN_ROLES:
        if shipped.name == role.name:
            rights = frozenset(right.value for right in shipped.rights)
            return RoleSetting(rights, shipped.is_essential)
    return None


def change_roles(
    district: District,
    edits: Mapping[int, RoleEdit],
    actor: Actor,
    *,
    knows: bool = False,
) -> list[UserRole]:
    """Give roles, by primary key, the settings wanted; return those that changed.

    `knows` says that the actor knows what they lose by it themselves.

    Raises RolesChangedError where an edited role is not as it was seen, OwnAccessError,
    and RefusedError for a right that is not the actor's to give or take, or if nobody
    were left who may open this page. Then nothing is changed.
    """
    wanted = {pk: edit for pk, edit in edits.items() if edit.seen != edit.wanted}
    if not wanted:
        return []
    with transaction.atomic():
        take_turns(district)
        roles = {role.pk: role for role in district.user_roles.all()}
        for pk, edit in wanted.items():
            if pk not in roles or setting_of(roles[pk]) != edit.seen:
                sentence = "Somebody else has changed the roles. Nothing was saved."
                raise RolesChangedError(sentence)
        changed = [(roles[pk], edit.wanted) for pk, edit in wanted.items()]
        _check(district, roles, changed, actor, knows=knows)
        for role, setting in changed:
            _write(role, setting, actor)
    return [role for role, _setting in changed]


def reset_rights(role: UserRole, actor: Actor, *, knows: bool = False) -> bool:
    """Give a built-in role the rights it came with; return whether that changes any.

    Raises as `change_roles` does, RefusedError for a role of the district's own.
    """
    shipped = built_in_setting(role)
    if shipped is None:
        sentence = f"{role} is your own role: there are no rights it came with."
        raise RefusedError(sentence)
    edit = RoleEdit(setting_of(role), shipped)
    return bool(change_roles(role.district, {role.pk: edit}, actor, knows=knows))


def rights_beyond(
    district: District, rights: frozenset[str], actor: Actor
) -> frozenset[str]:
    """Return which of the rights over others the actor doesn't have."""
    if not isinstance(actor.user, User):
        return frozenset()
    return rights.intersection(OVER_OTHERS) - rights_in(actor.user, district)


def idle_rights(rights: frozenset[str], level: str) -> frozenset[str]:
    """Return which rights work for no account that has a role of the level.

    Product.md, "People": school staff see their own account alone.
    """
    at_schools = level == UserRole.Level.SCHOOL
    return rights.intersection(OVER_OTHERS) if at_schools else frozenset()


def check_somebody_is_left(role: UserRole, rights: frozenset[str]) -> None:
    """Raise RefusedError if, with these rights, nobody could mend the district's roles.

    `role` is one that is stored already, with the rights it is to lose.
    """
    roles = {each.pk: each for each in role.district.user_roles.all()}
    before = {pk: setting_of(each).rights for pk, each in roles.items()}
    after = before | {role.pk: rights}
    _check_somebody_is_left(role.district, roles, before, after)


def in_words(rights: frozenset[str]) -> str:
    """Return rights as people read them, in the order of the grid."""
    return ", ".join(str(right.label) for right in Right if right.value in rights)


Changed = list[tuple[UserRole, RoleSetting]]


def _check(
    district: District,
    roles: Mapping[int, UserRole],
    changed: Changed,
    actor: Actor,
    *,
    knows: bool,
) -> None:
    for role, setting in changed:
        held = setting_of(role).rights
        moved = setting.rights ^ held
        _check_may_give(district, moved, actor)
        _check_work(role, setting.rights - held)
        if moved.intersection(OVER_OTHERS):
            # Or whoever may do less shuts out those who may more.
            _check_may_edit(role, held, actor)
    before = {pk: setting_of(role).rights for pk, role in roles.items()}
    after = before | {role.pk: setting.rights for role, setting in changed}
    _check_somebody_is_left(district, roles, before, after)
    if not knows:
        _check_own_access(district, before, after, actor)


def _check_may_give(district: District, moved: frozenset[str], actor: Actor) -> None:
    if lacking := rights_beyond(district, moved, actor):
        sentence = (
            "You can’t give or take a right over others that you don’t have: "
            f"{in_words(lacking)}. Ask somebody who has it."
        )
        raise RefusedError(sentence)


def _check_work(role: UserRole, gained: frozenset[str]) -> None:
    if idle := idle_rights(gained, role.level):
        sentence = (
            f"The role {role} is for accounts at schools, which see their own account "
            f"alone: {in_words(idle)} can’t be given to it."
        )
        raise RefusedError(sentence)


def _check_may_edit(role: UserRole, held: frozenset[str], actor: Actor) -> None:
    if lacking := rights_beyond(role.district, held, actor):
        sentence = (
            f"The role {role} may do what you may not: {in_words(lacking)}. So you "
            "can’t change its rights over others. Ask somebody who has them."
        )
        raise RefusedError(sentence)


Rights = Mapping[int, frozenset[str]]


def _check_somebody_is_left(
    district: District, roles: Mapping[int, UserRole], before: Rights, after: Rights
) -> None:
    held = set(
        district.staff_accounts.filter(
            school__isnull=True,
            zone__isnull=True,
            status=StaffAccount.Status.ACTIVE,
            user_role__isnull=False,
        ).values_list("user_role_id", flat=True)
    )
    for needed in (_TO_OPEN, _TO_MEND):
        had = [pk for pk in held if needed <= before[pk]]
        if had and not any(needed <= after[pk] for pk in held):
            names = ", ".join(sorted(str(roles[pk]) for pk in had))
            sentence = (
                f"Nobody would be left with “{in_words(needed)}”: {names} is the last "
                "role with active, unrestricted district accounts that has it. Give "
                "it to another role that somebody holds first."
            )
            raise RefusedError(sentence)


def _check_own_access(
    district: District, before: Rights, after: Rights, actor: Actor
) -> None:
    if not isinstance(actor.user, User):
        return
    own = active_accounts(actor.user).filter(district=district, school__isnull=True)
    held = [pk for pk in own.values_list("user_role_id", flat=True) if pk in before]
    now: frozenset[str] = frozenset().union(*(before[pk] for pk in held))
    then: frozenset[str] = frozenset().union(*(after[pk] for pk in held))
    if lost := (now - then) & _TO_MEND:
        where = "the console" if lost & _TO_OPEN else "the pages of roles and zones"
        sentence = (
            f"You would lose “{in_words(lost)}” yourself, and with it {where}. Say "
            "below that you know, and save again."
        )
        raise OwnAccessError(sentence)


def _write(role: UserRole, setting: RoleSetting, actor: Actor) -> None:
    old = setting_of(role)
    changes: dict[str, list[object]] = {}
    if old.rights != setting.rights:
        changes["rights"] = [_labels(old.rights), _labels(setting.rights)]
    if old.is_essential != setting.is_essential:
        changes[ESSENTIAL] = [
            "yes" if each.is_essential else "no" for each in (old, setting)
        ]
    role.rights = [right for right in Right.values if right in setting.rights]
    role.is_essential = setting.is_essential
    role.save(update_fields=["rights", "is_essential"])
    record(role.district, actor, CHANGED_ROLE, role.name, changes=changes)


def _labels(rights: frozenset[str]) -> list[str]:
    return [str(right.label) for right in Right if right.value in rights]
