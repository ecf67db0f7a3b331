"""What of import settings stays the same when a role or a zone gets another name."""

from msgspec.structs import replace

from staffimport.core.values import Assignment, Settings


def without_names(settings: Settings) -> Settings:
    """Return settings that are equal whatever the roles and the zone are called.

    Ids stand in for the names they are known for.
    """

    def id_of(role: str) -> str:
        return str(settings.role_ids.get(role) or role)

    def unnamed(given: Assignment) -> Assignment:
        return replace(given, user_role=id_of(given.user_role))

    return replace(
        settings,
        keywords=tuple(
            replace(keyword, assignment=unnamed(keyword.assignment))
            for keyword in settings.keywords
        ),
        school_default=unnamed(settings.school_default),
        district_default=unnamed(settings.district_default),
        district_zone="" if settings.district_zone_id else settings.district_zone,
        protected_roles=frozenset(map(id_of, settings.protected_roles)),
        essential_roles=frozenset(map(id_of, settings.essential_roles)),
        role_ids={},
    )
