"""The zone that Naviance recommends as the default for new district staff."""

import msgspec
from django.db import transaction

from schools.audit import Actor, record
from schools.models import District
from staffimport.services.import_settings import current_settings, save_settings

NO_SCHOOLS_ZONE = "No Schools Zone"


def use_no_schools_zone(district: District, actor: Actor) -> None:
    """Make the zone without schools if it is missing, and save it as the default zone.

    Nothing else of the settings is saved. Source: manual, "Run a Test Staff Import",
    step 8: new district staff then have restricted access.
    """
    with transaction.atomic():
        _zone, is_new = district.zones.get_or_create(name=NO_SCHOOLS_ZONE)
        if is_new:
            record(district, actor, "created zone", NO_SCHOOLS_ZONE)
        settings = current_settings(district)
        default = msgspec.structs.replace(
            settings.district_default, zone=NO_SCHOOLS_ZONE
        )
        wanted = msgspec.structs.replace(settings, district_default=default)
        save_settings(district, wanted, actor)
