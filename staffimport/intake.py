"""Takes in a district's roster: asks Clever, judges what came, keeps it."""

from django.utils import timezone

from accounts.models import StaffAccount
from clever.records import District as CleverDistrict
from schools.clever_connection import note_answer, open_client
from schools.models import District
from schools.services.clever_schools import record_clever_schools
from schools.services.tokens import ask_with_token
from staffimport import gate, runs
from staffimport.core.snapshot import Snapshot
from staffimport.core.source import find_fault
from staffimport.core.workbench import titles_in
from staffimport.errors import NotReady, SickSource
from staffimport.models import ImportRun
from staffimport.notices import new_titles
from staffimport.progress import Progress
from staffimport.pull import Pull, pull
from staffimport.store import snapshots


def take_in(
    run: ImportRun, progress: Progress, previous_counts: dict[str, int] | None
) -> Snapshot:
    """Return the roster of the run's district after it is stored.

    The run gets its snapshot, the time the pull began and Clever's notices; the
    district its Clever schools and what Clever says of its sync. Nothing is kept of a
    pull that fails: raises NotReady, SickSource, ClaimLost or a CleverError.
    `previous_counts` is what the pull is judged by: `snapshots.latest_counts`.
    """
    district, pulled_at = run.district, timezone.now()
    pulled = _ask_clever(district, progress)
    active = district.staff_accounts.filter(status=StaffAccount.Status.ACTIVE)
    at_district = active.filter(school=None).count()
    at_schools = active.count() - at_district
    if fault := find_fault(pulled.snapshot, previous_counts, at_schools, at_district):
        raise SickSource(fault)
    runs.fence(run)
    notices = [*_notices(pulled.district), *_new_titles(district, pulled.snapshot)]
    row = snapshots.save(district, pulled.snapshot, previous_counts)
    runs.fence(run, snapshot=row, pulled_at=pulled_at, notices=notices)
    staff_counts = pulled.snapshot.staff_counts()
    record_clever_schools(district, pulled.schools, pulled_at, staff_counts)
    note_answer(district, pulled.district, pulled_at)
    district.save(
        update_fields=["clever_state", "clever_last_sync", "clever_checked_at"]
    )
    return pulled.snapshot


def _ask_clever(district: District, progress: Progress) -> Pull:
    if reasons := gate.connection_reasons(district):
        raise NotReady(reasons[0])

    def ask(token: str) -> Pull:
        with open_client(token, sleep=progress.pause) as client:
            return pull(client, district.clever_id or "", progress.parts)

    return ask_with_token(district, ask)


def _notices(district: CleverDistrict) -> list[dict[str, object]]:
    """Return a notice where Clever serves data that stands still.

    Source: product.md, "A sick source"; https://dev.clever.com/docs/districts.
    """
    if district.state == "paused":
        until = f" until {district.pause_end[:10]}" if district.pause_end else ""
        text = (
            f"Clever has paused the sync of this district{until}: its data stands "
            "still. This run used the data as it is."
        )
        return [{"kind": "clever_paused", "text": text, "count": 0}]
    if district.state == "error":
        said = f" Clever says: {district.error}" if district.error else ""
        text = (
            "Clever reports an error in the sync of this district: its data stands "
            f"still. This run used the data as it is.{said}"
        )
        return [{"kind": "clever_error", "text": text, "count": 0}]
    return []


def _new_titles(district: District, snapshot: Snapshot) -> list[dict[str, object]]:
    """Return a notice of titles that the pull before this one lacked, if any."""
    before = snapshots.latest_titles(district)
    return [] if before is None else new_titles(before, titles_in(snapshot))
