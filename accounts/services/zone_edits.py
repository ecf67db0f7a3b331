"""Makes, changes and deletes zones: the schools that a district account may see."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import Zone
from accounts.services.naming import NameRefusedError, name_fault, tidy
from accounts.services.staff_guards import check_has_full_access
from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.models import District
from schools.services.facts import take_turns

NO_SCHOOLS_ZONE = "No Schools Zone"
"""Manual, "Run a Test Staff Import", step 8: the zone that restricts to no school."""
MAKING_ZONES = "Making, changing and deleting zones"


@dataclass(frozen=True, slots=True)
class ZoneSetting:
    """What an admin sets of a zone: its name, and its schools by primary key."""

    name: str
    schools: frozenset[int] = frozenset()


def is_no_schools_zone(name: str) -> bool:
    """Return whether this is the name of the zone that never has schools."""
    return tidy(name).casefold() == NO_SCHOOLS_ZONE.casefold()


def setting_of(zone: Zone) -> ZoneSetting:
    """Return what is set of a zone now."""
    return ZoneSetting(zone.name, frozenset(zone.schools.values_list("pk", flat=True)))


def create_zone(district: District, wanted: ZoneSetting, actor: Actor) -> Zone:
    """Make a zone and return it.

    Raises NameRefusedError, and RefusedError for schools in No Schools Zone or of
    another district, and for whom a zone restricts.
    """
    check_has_full_access(district, actor, MAKING_ZONES)
    with transaction.atomic():
        take_turns(district)
        name = _checked(district, wanted)
        zone: Zone = district.zones.create(name=name)
        zone.schools.set(_own(district, wanted.schools))
        schools = _names(district, wanted.schools)
        changes: dict[str, list[object]] = {"schools": [None, schools]}
        record(district, actor, "created zone", name, changes=changes)
    return zone


def change_zone(
    zone: Zone, wanted: ZoneSetting, seen: ZoneSetting, actor: Actor
) -> dict[str, list[object]]:
    """Give a zone another name and other schools; return what changed, old to new.

    Only what differs from `seen` is changed, so that two people who edit one zone lose
    nothing. Raises as `create_zone`, and RefusedError if both gave it a name, or for a
    new name of No Schools Zone.
    """
    check_has_full_access(zone.district, actor, MAKING_ZONES)
    with transaction.atomic():
        take_turns(zone.district)
        zone.refresh_from_db()
        now = setting_of(zone)
        name = now.name if wanted.name == seen.name else wanted.name
        if now.name not in (name, seen.name):
            sentence = (
                f"Somebody else has renamed this zone: it is “{now.name}” now. Look, "
                "then save again."
            )
            raise RefusedError(sentence)
        added, left = wanted.schools - seen.schools, seen.schools - wanted.schools
        merged = ZoneSetting(name, (now.schools | added) - left)
        if is_no_schools_zone(now.name) and tidy(name) != now.name:
            sentence = (
                f"{now.name} keeps its name: it stands for access to no school. Make "
                "another zone instead."
            )
            raise NameRefusedError(sentence)
        name = _checked(zone.district, merged, zone)
        changes: dict[str, list[object]] = {}
        if name != now.name:
            changes["name"] = [now.name, name]
        if merged.schools != now.schools:
            changes["schools"] = [
                _names(zone.district, each.schools) for each in (now, merged)
            ]
        if changes:
            zone.name = name
            zone.save(update_fields=["name"])
            zone.schools.set(_own(zone.district, merged.schools))
            verb = "renamed zone" if "name" in changes else "changed zone"
            record(zone.district, actor, verb, name, changes=changes)
    return changes


def delete_zone(zone: Zone, actor: Actor) -> None:
    """Delete a zone that nothing uses; the caller has looked.

    Raises RefusedError for whom a zone restricts, as the others do.
    """
    check_has_full_access(zone.district, actor, MAKING_ZONES)
    schools = _names(zone.district, setting_of(zone).schools)
    changes: dict[str, list[object]] = {"schools": [schools, None]} if schools else {}
    record(zone.district, actor, "deleted zone", zone.name, changes=changes)
    zone.delete()


def _checked(district: District, wanted: ZoneSetting, zone: Zone | None = None) -> str:
    """Return the name as it is stored; raise if this can't be a zone."""
    others = district.zones.exclude(pk=zone.pk if zone else 0)
    name = tidy(wanted.name)
    fault = name_fault("zone", name, others.values_list("name", flat=True))
    if fault and (zone is None or name != zone.name):
        raise NameRefusedError(fault)
    if wanted.schools and is_no_schools_zone(name):
        sentence = (
            f"{NO_SCHOOLS_ZONE} stands for access to no school, so it gets none. Make "
            "another zone for these schools."
        )
        raise RefusedError(sentence)
    return name


def _own(district: District, schools: frozenset[int]) -> list[int]:
    """Return the schools; raise RefusedError if one is not the district's."""
    own = set(district.schools.values_list("pk", flat=True))
    if schools - own:
        sentence = "A school that was chosen is gone meanwhile. Look, then save again."
        raise RefusedError(sentence)
    return sorted(schools)


def _names(district: District, schools: frozenset[int]) -> list[object]:
    own = district.schools.order_by("name").values_list("pk", "name")
    return [name for pk, name in own if pk in schools]
