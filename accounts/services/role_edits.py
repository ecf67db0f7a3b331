"""Makes roles of a district's own, gives them other names and levels, deletes them."""

from django.db import transaction

from accounts.models import Right, UserRole
from accounts.services.naming import NameRefusedError, name_fault, tidy
from accounts.services.role_rights import (
    CHANGED_ROLE,
    ESSENTIAL,
    RoleSetting,
    check_may_give,
)
from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.models import District
from schools.services.facts import take_turns

Level = UserRole.Level


def create_role(
    district: District, name: str, level: str, setting: RoleSetting, actor: Actor
) -> UserRole:
    """Make a role of the district's own and return it.

    Raises NameRefusedError, and RefusedError for a right that isn't the actor's to
    give. `level` is one of UserRole.Level.
    """
    with transaction.atomic():
        take_turns(district)
        name = _checked(district, name)
        check_may_give(district, setting.rights, actor, "give")
        rights = [right for right in Right if right.value in setting.rights]
        role: UserRole = district.user_roles.create(
            name=name,
            level=level,
            rights=[right.value for right in rights],
            is_essential=setting.is_essential,
        )
        record(
            district,
            actor,
            "created role",
            name,
            changes={
                "level": [None, str(Level(level).label)],
                "rights": [None, [str(right.label) for right in rights]],
                ESSENTIAL: [None, "yes" if setting.is_essential else "no"],
            },
        )
    return role


def rename_role(
    role: UserRole, name: str, level: str, seen: tuple[str, str], actor: Actor
) -> dict[str, list[object]]:
    """Give a role of one's own another name or level; return what changed, old to new.

    `seen` are the name and level that somebody saw. Raises NameRefusedError, and
    RefusedError for a built-in role, one that changed meanwhile, or a level that an
    account with it doesn't have.
    """
    with transaction.atomic():
        take_turns(role.district)
        role.refresh_from_db()
        _check_own(role, "renamed")
        if (role.name, role.level) != seen:
            sentence = (
                f"Somebody else has changed this role: it is “{role}” now, "
                f"{role.get_level_display()}. Look, then save again."
            )
            raise RefusedError(sentence)
        name = _checked(role.district, name, role)
        changes: dict[str, list[object]] = {}
        if name != role.name:
            changes["name"] = [role.name, name]
        if level != role.level:
            _check_level(role, level)
            old, new = role.get_level_display(), str(Level(level).label)
            changes["level"] = [old, new]
        if changes:
            role.name, role.level = name, level
            role.save(update_fields=["name", "level"])
            verb = "renamed role" if "name" in changes else CHANGED_ROLE
            record(role.district, actor, verb, name, changes=changes)
    return changes


def delete_role(role: UserRole, actor: Actor) -> None:
    """Delete a role of one's own that nothing uses; the caller has looked.

    Raises RefusedError for a built-in role.
    """
    _check_own(role, "deleted")
    name = role.name
    record(role.district, actor, "deleted role", name)
    role.delete()


def _check_own(role: UserRole, what: str) -> None:
    if role.is_built_in:
        sentence = (
            f"{role} comes with Naviance, so it can’t be {what}. You can edit its "
            "rights."
        )
        raise RefusedError(sentence)


def _check_level(role: UserRole, level: str) -> None:
    if level == Level.BOTH:
        return
    at_district = level == Level.DISTRICT
    misfits = role.staff_accounts.filter(school__isnull=not at_district).count()
    if misfits:
        where = "at schools" if at_district else "at the district"
        accounts = "1 account" if misfits == 1 else f"{misfits:,} accounts"
        sentence = (
            f"{accounts} {where} {'has' if misfits == 1 else 'have'} the role {role}, "
            "so its level can’t leave them out. Give them another role first."
        )
        raise RefusedError(sentence)


def _checked(district: District, name: str, role: UserRole | None = None) -> str:
    """Return the name as it is stored; raise NameRefusedError if it can't be."""
    others = district.user_roles.exclude(pk=role.pk if role else 0)
    name = tidy(name)
    if fault := name_fault("role", name, others.values_list("name", flat=True)):
        raise NameRefusedError(fault)
    return name
