"""Renames and deletes zones, and makes the one Naviance recommends as the default."""

import msgspec
from django.db import transaction

from accounts.models import Zone
from accounts.services import zone_edits
from accounts.services.zone_edits import (
    NO_SCHOOLS_ZONE,
    ZoneSetting,
    is_no_schools_zone,
)
from schools.audit import Actor
from schools.models import District
from schools.services.facts import take_turns
from staffimport.queries.uses import zone_uses
from staffimport.services.import_settings import current_settings, save_settings
from staffimport.services.renaming import carry, check_no_run, check_unused


def change_zone(
    zone: Zone, wanted: ZoneSetting, seen: ZoneSetting, actor: Actor
) -> dict[str, list[object]]:
    """Change a zone, as `accounts.services.zone_edits.change_zone` does and raises.

    Raises RefusedError, too, for another name while a run is at work.
    """
    with transaction.atomic():
        take_turns(zone.district)
        changes = zone_edits.change_zone(zone, wanted, seen, actor)
        if "name" in changes:
            check_no_run(zone.district, "renamed")
            old, new = map(str, changes["name"])
            carry(zone.district, "zone", old, new)
    return changes


def delete_zone(zone: Zone, actor: Actor) -> None:
    """Delete a zone. Raises InUseError, and RefusedError while a run is at work."""
    with transaction.atomic():
        take_turns(zone.district)
        check_no_run(zone.district, "deleted")
        check_unused(f"The zone {zone}", zone_uses(zone.district)[zone.pk])
        zone_edits.delete_zone(zone, actor)


def use_no_schools_zone(district: District, actor: Actor) -> Zone:
    """Make the zone without schools if it is missing, save it as the default zone.

    One that a file made is known whatever its case; schools that it has are taken out.
    Nothing else of the settings is saved. Returns the zone. Source: manual, "Run a
    Test Staff Import", step 8: new district staff then have restricted access.
    """
    with transaction.atomic():
        take_turns(district)
        zones = district.zones.all()
        zone = next((z for z in zones if is_no_schools_zone(z.name)), None)
        if zone is None:
            wanted_zone = ZoneSetting(NO_SCHOOLS_ZONE)
            zone = zone_edits.create_zone(district, wanted_zone, actor)
        seen = zone_edits.setting_of(zone)
        zone_edits.change_zone(zone, ZoneSetting(zone.name), seen, actor)
        settings = current_settings(district)
        default = msgspec.structs.replace(settings.district_default, zone=zone.name)
        wanted = msgspec.structs.replace(settings, district_default=default)
        save_settings(district, wanted, actor)
    return zone
