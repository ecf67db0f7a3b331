"""What a load of staff did to single accounts, for the district's audit trail.

A first load brings accounts by the ten thousand, so a new one is told by itself only
if its role has rights over others; what a load changes always is.
"""

from accounts.models import StaffAccount
from accounts.services.staff_guards import is_over_others
from accounts.staff_values import FIELDS, named_at, plain
from schools.audit import Actor, Deed, record, record_each
from schools.models import District

SUMMARY = "loaded staff"
LOADED = "loaded account"
EDITED = "edited account by file"
DEACTIVATED = "deactivated account by file"
REACTIVATED = "reactivated account by file"
BY_FILE = frozenset({LOADED, EDITED, DEACTIVATED, REACTIVATED})
_OF_STATUS = {
    StaffAccount.Status.INACTIVE.value: DEACTIVATED,
    StaffAccount.Status.ACTIVE.value: REACTIVATED,
}

State = dict[str, object]


class LoadTrail:
    """Collects what one load of a district does; `keep` writes it at the end."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._schools = {school.pk: school for school in district.schools.all()}
        self._deeds: list[Deed] = []
        self._created = self._over_others = 0

    def state(self, account: StaffAccount) -> State:
        """Return what a file says of an account, as the trail keeps it."""
        school = self._schools.get(account.school_id or 0)
        fields = {name: plain(getattr(account, name)) for name in FIELDS}
        return {"school": plain(school), **fields, "status": str(account.status)}

    def add_new(self, account: StaffAccount) -> None:
        """Note a new account, by itself if its role has rights over others."""
        self._created += 1
        if is_over_others(account.school_id, account.user_role):
            self._over_others += 1
            state = self.state(account)
            self._add(account, LOADED, {k: [None, v] for k, v in state.items() if v})

    def add_other_new(self) -> None:
        """Note a new account whose role has no rights over others."""
        self._created += 1

    def add_changed(self, account: StaffAccount, before: State) -> None:
        """Note an account that had another state before."""
        changes = {
            name: [before[name], value]
            for name, value in self.state(account).items()
            if before[name] != value
        }
        verb = _OF_STATUS[str(account.status)] if "status" in changes else EDITED
        self._add(account, verb, changes)

    def keep(self, actor: Actor) -> None:
        """Write an entry for each account noted by itself, and one of how many all are.

        Nothing is written of a load that did nothing. Call it inside its transaction.
        """
        changed = len(self._deeds) - self._over_others
        if self._created or changed:
            record_each(self._district, actor, self._deeds)
            record(self._district, actor, SUMMARY, self._counts(changed))

    def _counts(self, changed: int) -> str:
        deactivated = sum(deed.verb == DEACTIVATED for deed in self._deeds)
        over = f" ({self._over_others} with rights over others)"
        inactive = f" ({deactivated} deactivated)"
        return (
            f"{self._created} new{over if self._over_others else ''}, "
            f"{changed} changed{inactive if deactivated else ''}"
        )

    def _add(
        self, account: StaffAccount, verb: str, changes: dict[str, list[object]]
    ) -> None:
        school = self._schools.get(account.school_id or 0)
        self._deeds.append(Deed(verb, named_at(account, school), account.pk, changes))
