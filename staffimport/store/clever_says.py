"""What Clever says of some people's accounts, as of the newest snapshot."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import StaffAccount
from schools.models import District
from staffimport.core.differences import differences
from staffimport.core.fitting import know
from staffimport.core.people import read_roster
from staffimport.core.placement import Placement
from staffimport.core.snapshot import Snapshot
from staffimport.core.titles import TitleRules
from staffimport.store import load, snapshots
from staffimport.store.settings import get_settings, read_settings


class CleverSays:
    """A district's newest snapshot as if only these people were in it.

    `taken_at` is when it was pulled, None before anything was: then nobody is there.
    Raises msgspec.DecodeError if the snapshot is broken.
    """

    def __init__(self, district: District, clever_ids: Iterable[str]) -> None:
        """Read the snapshot; it is not read where nobody is asked for."""
        wanted = set(clever_ids)
        newest = district.snapshots.only("taken_at").first()
        self.taken_at = newest.taken_at if newest else None
        self.snapshot = Snapshot("")
        if newest is not None and wanted:
            self.snapshot = _only(snapshots.load(newest), wanted)
        self.roster = read_roster(self.snapshot)
        self.people = {person.clever_id: person for person in self.roster.people}
        self.settings = get_settings(district)
        self._district = district

    def instead(self, accounts: QuerySet[StaffAccount]) -> dict[UUID, dict[str, str]]:
        """Return by account and field what an update would write, pinned or not."""
        rules = TitleRules(read_settings(self._district, self.settings))
        says = {}
        for account in load.accounts(self._district, accounts):
            person = self.people.get(account.clever_id)
            if person is not None:
                placement = Placement(person, account.school, ())
                found = differences(placement, know(account), rules)
                says[UUID(account.id)] = {field: new for field, _old, new in found}
        return says


def _only(snapshot: Snapshot, wanted: set[str]) -> Snapshot:
    return Snapshot(
        snapshot.district_id,
        schools=snapshot.schools,
        people=[p for p in snapshot.people if p.clever_id in wanted],
        teaching={i: snapshot.teaching[i] for i in wanted if i in snapshot.teaching},
    )
