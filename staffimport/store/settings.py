"""Import settings: read as core values, and made with their defaults."""

import msgspec

from accounts.models import UserRole
from accounts.services.roles import create_built_in_roles
from schools.models import District
from staffimport.core.keywords import at_level_of_role
from staffimport.core.values import (
    AppliesTo,
    Assignment,
    Keyword,
    Limits,
    Settings,
)
from staffimport.models import ImportSettings, TitleKeyword

SCHOOL_ROLE = "Other School Staff"
DISTRICT_ROLE = "Other District Staff"
SITE_MANAGER_ROLE = "District Site Manager"


def get_settings(district: District) -> ImportSettings:
    """Return the district's import settings; while it has none, unsaved defaults.

    The defaults are the built-in roles "Other School Staff" and "Other District
    Staff"; "District Site Manager" is protected (product.md, "Roles and lists").
    """
    return _stored(district) or _defaults(district)


def make_settings(district: District) -> ImportSettings:
    """Return the district's import settings, made with the defaults if missing.

    For what writes: the roles that the defaults name are there from then on.
    """
    return _stored(district) or _make(district)


def read_settings(district: District, settings: ImportSettings) -> Settings:
    """Return the settings as the planner takes them; roles and the like by name.

    Unsaved ones are the defaults. Raises msgspec.ValidationError if the stored limits
    are none.
    """
    roles = list(UserRole.objects.filter(district=district))
    return Settings(
        keywords=_keywords(settings),
        school_default=Assignment(
            job_function=_name(settings.school_job_function),
            user_role=_name(settings.school_user_role),
            teacher_list=settings.school_teacher_list,
            counselor_list=settings.school_counselor_list,
        ),
        district_default=Assignment(
            job_function=_name(settings.district_job_function),
            user_role=_name(settings.district_user_role),
            teacher_list=settings.district_teacher_list,
            counselor_list=settings.district_counselor_list,
        ),
        district_zone=_name(settings.district_zone),
        protected_roles=_protected(settings),
        essential_roles=frozenset(role.name for role in roles if role.is_essential),
        site_manager_role=SITE_MANAGER_ROLE,
        teacher_fallback=settings.teacher_fallback,
        # Unanswered is no "no": nobody is e-mailed before the admin has said so.
        sends_invitations=district.uses_sso is False,
        limits=msgspec.convert(settings.limits, Limits),
        role_ids={role.name: role.pk for role in roles},
        district_zone_id=settings.district_zone_id or 0,
    )


_NAMED = (
    "school_job_function",
    "school_user_role",
    "district_job_function",
    "district_user_role",
    "district_zone",
)
_KEYWORD_NAMED = ("job_function", "user_role")


def _stored(district: District) -> ImportSettings | None:
    found = ImportSettings.objects.filter(district=district)
    return found.select_related(*_NAMED).first()


def _defaults(district: District) -> ImportSettings:
    return ImportSettings(
        district_id=district.pk,
        school_user_role=UserRole(district=district, name=SCHOOL_ROLE),
        district_user_role=UserRole(district=district, name=DISTRICT_ROLE),
    )


def _make(district: District) -> ImportSettings:
    create_built_in_roles(district)
    roles = {
        name: UserRole.objects.get(district=district, name=name)
        for name in (SCHOOL_ROLE, DISTRICT_ROLE, SITE_MANAGER_ROLE)
    }
    settings, is_new = ImportSettings.objects.get_or_create(
        district=district,
        defaults={
            "school_user_role": roles[SCHOOL_ROLE],
            "district_user_role": roles[DISTRICT_ROLE],
        },
    )
    if is_new:
        settings.protected_roles.add(roles[SITE_MANAGER_ROLE])
    return settings


def _keywords(settings: ImportSettings) -> tuple[Keyword, ...]:
    if not settings.pk:
        return ()
    return tuple(map(_keyword, settings.keywords.select_related(*_KEYWORD_NAMED)))


def _protected(settings: ImportSettings) -> frozenset[str]:
    if not settings.pk:
        return frozenset([SITE_MANAGER_ROLE])
    return frozenset(settings.protected_roles.values_list("name", flat=True))


def _keyword(keyword: TitleKeyword) -> Keyword:
    role = keyword.user_role
    read = Keyword(
        keyword=keyword.keyword,
        applies_to=AppliesTo(keyword.applies_to),
        assignment=Assignment(
            job_function=_name(keyword.job_function),
            user_role=_name(role),
            teacher_list=keyword.teacher_list,
            counselor_list=keyword.counselor_list,
        ),
    )
    return at_level_of_role(read, role.level) if role else read


def _name(named: object) -> str:
    return "" if named is None else str(named)
