"""Renames and deletes user roles, over nothing that an import has planned."""

from django.db import transaction

from accounts.models import UserRole
from accounts.services import role_edits
from schools.audit import Actor
from schools.models import District
from schools.services.facts import take_turns
from staffimport.core.explain import listed
from staffimport.models import ImportSettings, TitleKeyword
from staffimport.queries.uses import role_uses
from staffimport.services.renaming import carry, check_no_run, check_unused


def rename_role(
    role: UserRole, name: str, level: str, seen: tuple[str, str], actor: Actor
) -> dict[str, list[object]]:
    """Rename a role, as `accounts.services.role_edits.rename_role` does and raises.

    Raises RefusedError, too, while a run is at work, and RoleFaultsError for a level
    that doesn't fit what the import settings give the role to.
    """
    with transaction.atomic():
        take_turns(role.district)
        fault = _level_fault(role, level) if level != seen[1] else ""
        changes = role_edits.rename_role(
            role, name, level, seen, actor, level_fault=fault
        )
        if "name" in changes:
            check_no_run(role.district, "renamed")
            old, new = map(str, changes["name"])
            carry(role.district, "user_role", old, new)
            _carry_protection(role.district, old, new)
    return changes


def delete_role(role: UserRole, actor: Actor) -> None:
    """Delete a role of the district's own.

    Raises InUseError, and RefusedError for a built-in one or while a run is at work.
    """
    with transaction.atomic():
        take_turns(role.district)
        check_no_run(role.district, "deleted")
        check_unused(f"The role {role}", role_uses(role.district)[role.pk])
        role_edits.delete_role(role, actor)


_OTHER = {
    UserRole.Level.SCHOOL.value: "district",
    UserRole.Level.DISTRICT.value: "school",
}


def _level_fault(role: UserRole, level: str) -> str:
    """Return what is wrong if the import settings give a role to the other level."""
    where = _OTHER.get(level)
    if where is None:
        return ""
    keywords = TitleKeyword.objects.filter(settings__district=role.district)
    named = keywords.filter(user_role=role, applies_to__in=[where, "both"])
    given = [f"keyword “{text}”" for text in named.values_list("keyword", flat=True)]
    default = {f"{where}_user_role": role}
    if ImportSettings.objects.filter(district=role.district, **default).exists():
        given.append("the default")
    if not given:
        return ""
    return (
        f"The Staff Import Settings give the role {role} to {where} staff: "
        f"{listed(given)}. Change them first."
    )


def _carry_protection(district: District, old: str, new: str) -> None:
    """Rename a role among those that the last final protected."""
    for chosen in ImportSettings.objects.filter(district=district):
        if old in chosen.covered_roles:
            names = {new if name == old else name for name in chosen.covered_roles}
            chosen.covered_roles = sorted(names)
            chosen.save(update_fields=["covered_roles"])
