"""Disconnects a district and takes one back, in all of the apps at once."""

from django.db import transaction
from django.utils import timezone

from accounts.services.leaving import tell_disconnected
from navsync.leaving.export import ask_for_export
from schools.audit import Actor
from schools.models import District
from schools.services import leaving
from schools.written import visible_text
from staffimport.errors import TooLate
from staffimport.models import DistrictExport, ImportRun
from staffimport.services.cancel import cancel_run


def disconnect(district: District, actor: Actor, why: str) -> None:
    """Disconnect a district: its runs are cancelled, its admins told, its data written.

    Raises RefusedError as `schools.services.leaving.disconnect_district` does.
    """
    with transaction.atomic():
        leaving.disconnect_district(district, actor, why)
        _cancel_runs(district, actor)
        tell_disconnected(district, visible_text(why))
        ask_for_export(district, timezone.now())


def reconnect(district: District, actor: Actor, why: str, token: str = "") -> None:
    """Take a disconnected district back, which needs no copy of its data any more.

    Raises RefusedError and CleverError as `schools.services.leaving.
    reconnect_district` does.
    """
    leaving.reconnect_district(district, actor, why, token)
    DistrictExport.objects.filter(district=district).delete()


def _cancel_runs(district: District, actor: Actor) -> None:
    """Cancel what waits first, or one of them would get its turn."""
    states = [ImportRun.State.QUEUED, ImportRun.State.RUNNING]
    for run in district.import_runs.filter(state__in=states).order_by("state"):
        try:
            cancel_run(run, actor)
        except TooLate:
            continue  # it has just ended
