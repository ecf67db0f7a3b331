"""Makes roles of a district's own, gives them other names and levels, deletes them."""

from django.db import transaction

from accounts.models import Right, UserRole
from accounts.services.naming import name_fault, tidy
from accounts.services.role_rights import (
    CHANGED_ROLE,
    ESSENTIAL,
    RoleSetting,
    idle_rights,
    in_words,
    rights_beyond,
    setting_of,
)
from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.models import District
from schools.services.facts import take_turns

Level = UserRole.Level
NO_LEVEL = "Choose where accounts with this role are."


class RoleFaultsError(RefusedError):
    """A role can't be so: all its faults, a sentence each, by field.

    The fields are "name", "level", and "right-" with the right that is refused.
    """

    def __init__(self, by_field: dict[str, str]) -> None:
        super().__init__(" ".join(by_field.values()))
        self.by_field = by_field


def create_role(
    district: District, name: str, level: str, setting: RoleSetting, actor: Actor
) -> UserRole:
    """Make a role of the district's own and return it.

    Raises RoleFaultsError for its name, a level that is none of UserRole.Level, and
    rights that aren't the actor's to give or don't work at the level.
    """
    with transaction.atomic():
        take_turns(district)
        name = tidy(name)
        _check(
            {
                "name": _name_fault(district, name),
                "level": _level_fault(level),
                **_rights_faults(district, level, setting.rights, actor),
            }
        )
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
    role: UserRole,
    name: str,
    level: str,
    seen: tuple[str, str],
    actor: Actor,
    *,
    level_fault: str = "",
) -> dict[str, list[object]]:
    """Give a role of one's own another name or level; return what changed, old to new.

    `seen` are the name and level that somebody saw, `level_fault` what else speaks
    against the level. Raises RoleFaultsError for a name or level it can't have, and
    RefusedError for a built-in role or one that changed meanwhile.
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
        name = tidy(name)
        _check(
            {
                "name": _name_fault(role.district, name, role),
                "level": _level_fault(level)
                or " ".join(
                    filter(
                        None, [_misfits(role, level), _idle(role, level), level_fault]
                    )
                ),
            }
        )
        changes: dict[str, list[object]] = {}
        if name != role.name:
            changes["name"] = [role.name, name]
        if level != role.level:
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


def _check(faults: dict[str, str]) -> None:
    """Raise RoleFaultsError if a field has a fault; "" is none."""
    if found := {field: fault for field, fault in faults.items() if fault}:
        raise RoleFaultsError(found)


def _name_fault(district: District, name: str, role: UserRole | None = None) -> str:
    others = district.user_roles.exclude(pk=role.pk if role else 0)
    return name_fault("role", name, others.values_list("name", flat=True))


def _level_fault(level: str) -> str:
    return "" if level in Level.values else NO_LEVEL


def _rights_faults(
    district: District, level: str, rights: frozenset[str], actor: Actor
) -> dict[str, str]:
    """Return what is wrong with each right, by its field."""
    idle = idle_rights(rights, level)
    faults = {
        right: f"“{_word(right)}” works for accounts at the district alone. Untick it, "
        "or choose “The district” or “Both”."
        for right in sorted(idle)
    }
    for right in sorted(rights_beyond(district, rights - idle, actor)):
        faults[right] = (
            f"You don’t have “{_word(right)}” yourself, so you can’t give it. Untick "
            "it, or ask somebody who has it."
        )
    return {f"right-{right}": fault for right, fault in faults.items()}


def _word(right: str) -> str:
    return in_words(frozenset({right}))


def _idle(role: UserRole, level: str) -> str:
    """Return what is wrong with a new level at which rights of the role don't work."""
    idle = idle_rights(setting_of(role).rights, level)
    if not idle or level == role.level:
        return ""
    return (
        f"The role {role} has rights that work for accounts at the district alone: "
        f"{in_words(idle)}. Take them from it under Roles and rights first."
    )


def _misfits(role: UserRole, level: str) -> str:
    """Return what is wrong with a new level if it leaves holders out, "" if nothing."""
    if level in (Level.BOTH, role.level):
        return ""
    at_district = level == Level.DISTRICT
    misfits = role.staff_accounts.filter(school__isnull=not at_district).count()
    if not misfits:
        return ""
    where = "at schools" if at_district else "at the district"
    accounts = "1 account" if misfits == 1 else f"{misfits:,} accounts"
    return (
        f"{accounts} {where} {'has' if misfits == 1 else 'have'} the role {role}, so "
        "its level can’t leave them out. Give them another role first."
    )
