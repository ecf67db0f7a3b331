"""Deletes districts whose retention time is over, once their data is written."""

import logging
from datetime import datetime

from django.conf import settings

from accounts import outbox
from accounts.services import deletion
from schools.leaving import disconnected_before
from staffimport.models import DistrictExport

logger = logging.getLogger(__name__)


def delete_departed(now: datetime) -> list[str]:
    """Delete the districts that are due; return their short names.

    One whose data could not be written is kept until it is: support is told by mail,
    once, and the log says so each time.
    """
    unwritten = DistrictExport.objects.filter(
        made_at=None,
        district__disconnected_at__lte=disconnected_before(now),
        district__deletion_begun_at=None,
    ).select_related("district")
    kept = [each.district for each in unwritten.defer("district__clever_token")]
    for district in kept:
        logger.error("%s is not deleted: its data is not written yet.", district)
        left = f"{district.disconnected_at:%Y-%m-%d}"
        topic, to = f"data not written since {left}", settings.SUPPORT_EMAIL
        outbox.post(district, topic, to, "data_not_written", {})
    return deletion.delete_departed(now, keep=[district.pk for district in kept])
