"""Save a district's import settings, and give them as a settings file."""

from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from django.db import transaction
from django.utils import timezone

from accounts.models import Right
from accounts.services.roles import Names
from accounts.services.staff_guards import check_within_zone
from schools.audit import Actor, record
from schools.csv_files import clean
from schools.models import District, School
from schools.services.setting_up import note_setup_begun
from staffimport.core.values import Assignment, Limits
from staffimport.models import ImportSettings, TitleKeyword
from staffimport.services.role_giving import check_roles
from staffimport.services.role_levels import keep_to_levels
from staffimport.settings.file import (
    DistrictDefault,
    KeywordEntry,
    LimitsEntry,
    SchoolDefault,
    SettingsFile,
    SettingsRefusedError,
)
from staffimport.store.settings import get_settings, make_settings, read_settings


@dataclass(frozen=True, slots=True)
class SavedSettings:
    """What saving did: [old, new] of each key that changed; names created, in words.

    `told` are sentences on what is saved otherwise than it was wanted.
    """

    changes: dict[str, list[object]] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def current_settings(district: District) -> SettingsFile:
    """Return the district's settings as a settings file says them."""
    stored = get_settings(district)
    settings = read_settings(district, stored)
    return SettingsFile(
        keywords=tuple(
            _assigned(
                KeywordEntry(keyword=entry.keyword, applies_to=entry.applies_to),
                entry.assignment,
            )
            for entry in settings.keywords
        ),
        school_default=_assigned(SchoolDefault(), settings.school_default),
        district_default=_assigned(
            DistrictDefault(zone=settings.district_zone or None),
            settings.district_default,
        ),
        protected_roles=tuple(sorted(settings.protected_roles)),
        schools="all"
        if stored.all_schools
        else tuple(
            stored.schools.order_by("school_id").values_list("school_id", flat=True)
        ),
        teacher_fallback=settings.teacher_fallback,
        uses_sso=district.uses_sso,
        limits=msgspec.convert(msgspec.structs.asdict(settings.limits), LimitsEntry),
    )


def save_settings(
    district: District, wanted: SettingsFile, actor: Actor
) -> SavedSettings:
    """Make the district's settings those of a settings file, and say what changed.

    Roles, job functions and zones are found by name and created where missing. What
    changes nothing writes nothing. A keyword for both levels whose role is for one is
    saved for that one. Raises SettingsRefusedError for schools the district doesn't
    have, RolesRefusedError for roles that aren't the actor's to give or are for the
    other level, RefusedError for a default zone that reaches further than the actor's
    own.
    """
    schools = _schools(district, wanted)
    with transaction.atomic():
        stored = make_settings(district)
        before = current_settings(district)
        names = Names(district)
        wanted, told = keep_to_levels(before, _canonical(wanted, names), names)
        changes = _changes(before, wanted)
        if not changes:
            return SavedSettings(told=told)
        check_roles(district, before, wanted, names, actor)
        zone = wanted.district_default.zone
        if zone != before.district_default.zone:
            check_within_zone(
                district, None, names.zone(zone or ""), actor, Right.MANAGE_DATA_IMPORT
            )
        _write(stored, wanted, names, actor)
        stored.schools.set(schools)
        _write_answer(district, wanted)
        note_setup_begun(district, actor, "Import settings were saved.")
        record(district, actor, "saved import settings", changes=changes)
    return SavedSettings(changes, names.created, told)


Entry = TypeVar("Entry", KeywordEntry, SchoolDefault, DistrictDefault)


def _assigned(entry: Entry, assignment: Assignment) -> Entry:
    """Return an entry of a settings file with what a new account gets."""
    return msgspec.structs.replace(
        entry,
        job_function=assignment.job_function or None,
        user_role=assignment.user_role or None,
        teacher_list=assignment.teacher_list,
        counselor_list=assignment.counselor_list,
    )


def _schools(district: District, wanted: SettingsFile) -> list[School]:
    if wanted.schools == "all":
        return []
    known = {school.school_id: school for school in district.schools.all()}
    problems = [
        f"“schools[{position}]” is “{school_id}”, which is no school of {district}. "
        "Use the school_ids of the district's schools in Naviance."
        for position, school_id in enumerate(wanted.schools)
        if school_id not in known
    ]
    if problems:
        raise SettingsRefusedError(problems)
    return [known[school_id] for school_id in wanted.schools]


def _canonical(wanted: SettingsFile, names: Names) -> SettingsFile:
    """Return the settings as they will read when stored: names as they are spelled."""
    protected = (names.role(clean(name)) for name in wanted.protected_roles)
    roles = {role.name for role in protected if role}
    zone = names.zone(clean(wanted.district_default.zone or ""))
    return msgspec.structs.replace(
        wanted,
        keywords=tuple(
            msgspec.structs.replace(
                _spelled(entry, names), keyword=clean(entry.keyword)
            )
            for entry in wanted.keywords
        ),
        school_default=_spelled(wanted.school_default, names),
        district_default=msgspec.structs.replace(
            _spelled(wanted.district_default, names), zone=zone and zone.name
        ),
        protected_roles=tuple(sorted(roles)),
        schools=wanted.schools
        if wanted.schools == "all"
        else tuple(sorted(set(wanted.schools))),
    )


def _spelled(entry: Entry, names: Names) -> Entry:
    function = names.function(clean(entry.job_function or ""))
    role = names.role(clean(entry.user_role or ""))
    return msgspec.structs.replace(
        entry,
        job_function=function and function.name,
        user_role=role and role.name,
    )


def _changes(before: SettingsFile, after: SettingsFile) -> dict[str, list[object]]:
    """Return [old, new] of each key that differs, as JSON values."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return {key: [old[key], new[key]] for key in old if old[key] != new[key]}


def _write(
    stored: ImportSettings, wanted: SettingsFile, names: Names, actor: Actor
) -> None:
    school, district = wanted.school_default, wanted.district_default
    stored.school_job_function = names.function(school.job_function or "")
    stored.school_user_role = names.role(school.user_role or "")
    stored.school_teacher_list = school.teacher_list
    stored.school_counselor_list = school.counselor_list
    stored.district_job_function = names.function(district.job_function or "")
    stored.district_user_role = names.role(district.user_role or "")
    stored.district_teacher_list = district.teacher_list
    stored.district_counselor_list = district.counselor_list
    stored.district_zone = names.zone(district.zone or "")
    stored.all_schools = wanted.schools == "all"
    stored.teacher_fallback = wanted.teacher_fallback
    # Only what differs is stored, so that a district follows a default that changes.
    given, default = msgspec.to_builtins(wanted.limits), msgspec.to_builtins(Limits())
    stored.limits = {key: given[key] for key in given if given[key] != default[key]}
    stored.saved_at = timezone.now()
    stored.saved_by = actor.name
    stored.save()
    stored.protected_roles.set(
        role for role in map(names.role, wanted.protected_roles) if role
    )
    stored.keywords.all().delete()
    TitleKeyword.objects.bulk_create(
        _keyword(stored, position, entry, names)
        for position, entry in enumerate(wanted.keywords)
    )


def _keyword(
    stored: ImportSettings, position: int, entry: KeywordEntry, names: Names
) -> TitleKeyword:
    return TitleKeyword(
        settings=stored,
        position=position,
        keyword=entry.keyword,
        applies_to=entry.applies_to.value,
        job_function=names.function(entry.job_function or ""),
        user_role=names.role(entry.user_role or ""),
        teacher_list=entry.teacher_list,
        counselor_list=entry.counselor_list,
    )


def _write_answer(district: District, wanted: SettingsFile) -> None:
    district.uses_sso = wanted.uses_sso
    district.save(update_fields=["uses_sso"])
