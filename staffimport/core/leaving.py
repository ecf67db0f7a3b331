"""What becomes of an active account that nobody in Clever holds.

Source: product.md, "Matching staff" and "Roles and lists"; manual, "Inactive".
Protections come first, in this order: left alone by decision or because added by
hand, protected role, somebody at the place who could not be decided, a teacher on
holiday. Whoever remains is made inactive.
"""

from staffimport.core import explain
from staffimport.core.decisions import Decided
from staffimport.core.fitting import Known
from staffimport.core.nearness import NearPeople, near_person
from staffimport.core.people import Person
from staffimport.core.rows import RowMaker, hold
from staffimport.core.values import HeldReason, Level, Outcome, PlannedRow


class Undecided:
    """People who could not be decided, and the accounts they therefore protect."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._keys: dict[tuple[str, str], Person] = {}

    def add(self, person: Person) -> None:
        """Let the person protect accounts that share e-mail, employee id or name."""
        keys = [
            ("tie", person.clever_id),
            ("email", person.email_key),
            ("name", person.name_key),
            *(("id", key) for key in person.id_keys),
            *(("loose id", key) for key in person.loose_ids),
        ]
        for key in keys:
            if key[1]:
                self._keys.setdefault(key, person)

    def protector(self, known: Known) -> Person | None:
        """Return the person who protects the account, if any."""
        keys = [
            ("tie", known.account.clever_id),
            ("email", known.email_key),
            ("name", known.name_key),
            ("id", known.id_key),
            ("loose id", known.loose_id),
        ]
        return next((self._keys[key] for key in keys if key in self._keys), None)


class Leavers:
    """Decides on the accounts nobody holds, over all places of a plan."""

    def __init__(
        self,
        maker: RowMaker,
        decided: Decided,
        protected_roles: frozenset[str],
        near: NearPeople,
        sectionless: frozenset[str],
    ) -> None:
        """Take what the decision depends on; see `placement.Placements`."""
        self._maker = maker
        self._decided = decided
        self._protected_roles = protected_roles
        self._near = near
        self._sectionless = sectionless

    def row(self, known: Known, here: str, undecided: list[Undecided]) -> PlannedRow:
        """Return the row of an active account that nobody at its place fits.

        `here` is the place's name; `undecided` are the people who could not be
        decided there and everywhere.
        """
        return self._protected(known, undecided) or self._leaving(known, here)

    def _protected(self, known: Known, undecided: list[Undecided]) -> PlannedRow | None:
        account = known.account
        decision = self._decided.left_alone.get(account.id)
        by_hand = account.added_by_hand and account.id not in self._decided.in_clever
        if decision or by_hand:
            by = decision.by if decision else ""
            reason = explain.left_alone(by, by_hand=decision is None)
            return self._stays(known, "left_alone", reason)
        if account.user_role in self._protected_roles:
            reason = explain.protected_role(account.user_role)
            return self._stays(known, "protected_role", reason)
        for group in undecided:
            protector = group.protector(known)
            if protector is not None:
                reason = explain.protected_by(protector.name)
                row = self._stays(known, "protected_by_undecided", reason)
                row.details.near = (near_person(protector, ()),)
                return row
        return None

    def _stays(self, known: Known, code: str, reason: str) -> PlannedRow:
        return self._maker.of_account(known.account, Outcome.SKIPPED, code, reason)

    def _leaving(self, known: Known, here: str) -> PlannedRow:
        person, agrees = self._nearest(known)
        level = Level.DISTRICT if known.account.school is None else Level.SCHOOL
        if person is None and known.account.clever_id:
            code, reason = "gone_from_clever", explain.gone()
        else:
            where = self._near.where(person) if person else ""
            code = "not_in_clever" if person is None else "elsewhere_in_clever"
            reason = explain.leaver(person, where, here, level)
        row = self._maker.of_account(known.account, Outcome.INACTIVE, code, reason)
        if person is not None:
            row.details.near = (near_person(person, agrees),)
            if self._is_on_holiday(person, known):
                hold(row, HeldReason.ROLLOVER, explain.rollover(person))
        return row

    def _nearest(self, known: Known) -> tuple[Person | None, tuple[str, ...]]:
        tied = self._near.tied_to(known)
        if tied is not None:
            return tied, ("clever_id",)
        if known.account.clever_id:
            return None, ()
        return self._near.nearest(known) or (None, ())

    def _is_on_holiday(self, person: Person, known: Known) -> bool:
        """Whether only vanished sections say that the person has left the school."""
        if known.account.school is None or person.clever_id not in self._sectionless:
            return False
        same = known.account.clever_id == person.clever_id
        return same or known.last_key == person.last_key
