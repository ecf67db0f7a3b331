"""Keeps what import settings give to the level that a role is for.

What was saved before stays as it is: an import does without it and says so.
"""

import msgspec

from accounts.services.roles import Names
from staffimport.core.keywords import role_fault
from staffimport.core.values import AppliesTo
from staffimport.services.role_giving import Place, RolesRefusedError
from staffimport.settings.file import KeywordEntry, SettingsFile


def keep_to_levels(
    before: SettingsFile, wanted: SettingsFile, names: Names
) -> tuple[SettingsFile, list[str]]:
    """Return the settings with each new keyword for both levels where its role can be.

    And a sentence for each that was kept to one level. A file may leave out whom a
    keyword is for. Raises RolesRefusedError for a role that is for the other level
    alone. Both settings have role names as they are spelled.
    """
    refused: dict[Place, str] = {}
    keywords, told = [], []
    for position, entry in enumerate(wanted.keywords):
        kept = entry
        fault = "" if entry in before.keywords else _keyword_fault(entry, names)
        if fault and entry.applies_to is AppliesTo.BOTH:
            kept = msgspec.structs.replace(
                entry, applies_to=AppliesTo(_level(entry.user_role, names))
            )
            told.append(f"{fault} It is saved for {kept.applies_to} staff alone.")
        elif fault:
            refused[position] = fault
        keywords.append(kept)
    for level, was, default in (
        ("school", before.school_default, wanted.school_default),
        ("district", before.district_default, wanted.district_default),
    ):
        role, what = default.user_role, f"The default of {level} accounts"
        fault = role_fault(what, level, role or "", _level(role, names))
        if fault and role != was.user_role:
            refused[level] = fault
    if refused:
        raise RolesRefusedError(refused)
    return msgspec.structs.replace(wanted, keywords=tuple(keywords)), told


def _keyword_fault(entry: KeywordEntry, names: Names) -> str:
    what, role = f"The keyword “{entry.keyword}”", entry.user_role
    return role_fault(what, entry.applies_to, role or "", _level(role, names))


def _level(role: str | None, names: Names) -> str:
    found = names.role(role or "")
    return found.level if found else AppliesTo.BOTH.value
