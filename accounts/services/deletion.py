"""Deletes what is left of a district when its retention time is over.

In many small transactions, so that nobody else waits, and in an order in which no key
is in the way. A deletion that breaks off is taken up by the next one.
"""

import logging
import time
from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.queries.belonging import people_with_accounts, people_with_traces
from schools.bulk import PAUSE
from schools.models import District
from schools.owned import Owned, owned_models
from schools.services.leaving import begin_deletion, finish_deletion

logger = logging.getLogger(__name__)

ROWS_AT_ONCE = 5_000
PEOPLE_AT_ONCE = 200
_KEYS_AT_ONCE = 500


def delete_departed(now: datetime, keep: Collection[int] = ()) -> list[str]:
    """Delete the districts whose retention time is over; return their short names.

    Those with the keys in `keep` stay, unless they are half gone already.
    """
    return [d.slug for d in begin_deletion(now, keep) if _delete(d)]


def _delete(district: District) -> bool:
    """Delete everything of a district; False if somebody still wrote to it."""
    owned = owned_models()
    people = _delete_people(district)
    logger.info("%s: %s sign-in identities deleted.", district.slug, people)
    for each in owned:
        _delete_log(each, district)
    for each in owned:
        rows = _delete_rows(each, district)
        logger.info("%s: %s %s deleted.", district.slug, rows, each.model.__name__)
    try:
        return finish_deletion(district)
    except IntegrityError:
        logger.warning("%s is not quite deleted: the next time.", district.slug)
        return False


def _delete_people(district: District) -> int:
    """Delete the identities that belong to this district alone.

    Before all that ties them to it, by which they are found.
    """
    kind = ContentType.objects.get_for_model(User)
    deleted = 0
    for people in (people_with_accounts(district), people_with_traces(district)):
        while batch := list(people.values_list("pk", flat=True)[:PEOPLE_AT_ONCE]):
            with transaction.atomic():
                _entries_about(kind, batch).delete()
                User.objects.filter(pk__in=batch).delete()
            deleted += len(batch)
            _breathe()
    return deleted


def _delete_log(owned: Owned, district: District) -> None:
    """Delete what the Django admin's own log says of a district's rows, by name."""
    kind = ContentType.objects.get_for_model(owned.model)
    logged = LogEntry.objects.filter(content_type=kind)
    if not logged.exists():
        return
    keys = [key for key in logged.values_list("object_id", flat=True) if key]
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys[start : start + _KEYS_AT_ONCE]
        mine = owned.rows(district.pk).filter(pk__in=some)
        _entries_about(kind, list(mine.values_list("pk", flat=True))).delete()


def _entries_about(kind: ContentType, keys: Sequence[object]) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(content_type=kind, object_id__in=map(str, keys))


def _delete_rows(owned: Owned, district: District) -> int:
    """Delete a district's rows of one model; nothing that is left refers to them."""
    manager = owned.model._base_manager  # noqa: SLF001 - Django's public name
    # Newest first: a run may refer to an earlier one.
    newest = owned.rows(district.pk).order_by("-pk").values("pk")[:ROWS_AT_ONCE]
    deleted = 0
    while True:
        with transaction.atomic():
            rows = manager.filter(pk__in=newest)
            # Without asking for what hangs on each row: it is gone already.
            some = rows._raw_delete(rows.db)  # noqa: SLF001
        deleted += some
        if some < ROWS_AT_ONCE:
            return deleted
        _breathe()


def _breathe() -> None:
    """Let others write, where only one can at a time."""
    if connection.vendor == "sqlite":
        time.sleep(PAUSE)
