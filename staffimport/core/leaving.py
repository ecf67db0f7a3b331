"""What becomes of an active account that nobody in Clever holds.

Source: product.md, "Matching staff" and "Roles and lists"; manual, "Inactive".
Protections come first, in this order: left alone by decision or because added by
hand, protected role, somebody at the place who could not be decided, a teacher on
holiday (held), somebody whom Clever places nowhere. Whoever remains is made inactive.
"""

from staffimport.core import explain
from staffimport.core.decisions import Decided
from staffimport.core.fitting import Known
from staffimport.core.folding import first_name_key
from staffimport.core.nearness import NearPeople, near_person
from staffimport.core.people import Person
from staffimport.core.placement import Placements
from staffimport.core.rows import RowMaker, hold
from staffimport.core.values import HeldReason, Level, Outcome, PlannedRow

PROTECTED_BY_UNDECIDED = "protected_by_undecided"


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
            ("name", _whole_name(person.first, person.last_key)),
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
            ("name", _whole_name(known.account.first_name, known.last_key)),
            ("id", known.id_key),
            ("loose id", known.loose_id),
        ]
        return next((self._keys[key] for key in keys if key in self._keys), None)


def _whole_name(first: str, last_key: str) -> str:
    """Return a key that is the same if all of the name is in one of its fields."""
    return first_name_key(first) + last_key


class Leavers:
    """Decides on the accounts nobody holds, over all places of a plan."""

    def __init__(
        self,
        maker: RowMaker,
        decided: Decided,
        protected_roles: frozenset[str],
        near: NearPeople,
        placed: Placements,
    ) -> None:
        """Take what the decision depends on."""
        self._maker = maker
        self._decided = decided
        self._protected_roles = protected_roles
        self._near = near
        self._placed = placed

    def row(
        self, known: Known, here: str, undecided: Undecided, nowhere: Undecided
    ) -> PlannedRow:
        """Return the row of an active account that nobody at its place fits.

        `here` is the place's name; `undecided` are the people who could not be
        decided there, `nowhere` those whom Clever places nowhere.
        """
        return (
            self._left_alone(known)
            or self._protected(known, undecided)
            or self._on_holiday(known, here)
            or self._protected(known, nowhere)
            or self._leaving(known, here)
        )

    def _left_alone(self, known: Known) -> PlannedRow | None:
        account = known.account
        if self._decided.leaves_alone(
            account.id, account.clever_id, added_by_hand=account.added_by_hand
        ):
            decision = self._decided.left_alone.get(account.id)
            by = decision.by if decision else ""
            reason = explain.left_alone(by, by_hand=decision is None)
            return self._stays(known, "left_alone", reason)
        if account.user_role in self._protected_roles:
            reason = explain.protected_role(account.user_role)
            return self._stays(known, "protected_role", reason)
        return None

    def _protected(self, known: Known, undecided: Undecided) -> PlannedRow | None:
        protector = undecided.protector(known)
        if protector is None:
            return None
        reason = explain.protected_by(protector.name)
        row = self._stays(known, PROTECTED_BY_UNDECIDED, reason)
        row.details.near = (near_person(protector, ()),)
        return row

    def _on_holiday(self, known: Known, here: str) -> PlannedRow | None:
        """Return a held row where only vanished sections say that a teacher left."""
        person, _ = self._nearest(known)
        if person is None or not self._lost_sections(person, known):
            return None
        row = self._leaving(known, here)
        hold(row, HeldReason.ROLLOVER, explain.rollover(person, here))
        return row

    def _stays(self, known: Known, code: str, reason: str) -> PlannedRow:
        return self._maker.of_account(known.account, Outcome.SKIPPED, code, reason)

    def _leaving(self, known: Known, here: str) -> PlannedRow:
        person, agrees = self._nearest(known)
        level = Level.DISTRICT if known.account.school is None else Level.SCHOOL
        if person is None and known.account.clever_id:
            code, reason = "gone_from_clever", explain.gone()
        else:
            code, reason = self._not_here(known, person, here, level)
        row = self._maker.of_account(known.account, Outcome.INACTIVE, code, reason)
        if person is not None:
            row.details.near = (near_person(person, agrees),)
        return row

    def _not_here(
        self, known: Known, person: Person | None, here: str, level: Level
    ) -> tuple[str, str]:
        """Return reason code and sentence for an account no person holds."""
        if person is None:
            return "not_in_clever", explain.leaver_unknown(level)
        if self._near.is_at(person, known.account.school):
            return "second_account", explain.leaver_second(person)
        where = self._near.where(person)
        return "elsewhere_in_clever", explain.leaver(person, where, here, level)

    def _nearest(self, known: Known) -> tuple[Person | None, tuple[str, ...]]:
        tied = self._near.tied_to(known)
        if tied is not None:
            return tied, ("clever_id",)
        if known.account.clever_id:
            return None, ()
        return self._near.nearest(known) or (None, ())

    def _lost_sections(self, person: Person, known: Known) -> bool:
        """Whether only vanished sections say that the person has left the school.

        A teacher in sections elsewhere has left, unless tied here and named here by
        the teacher record.
        """
        school, clever_id = known.account.school, person.clever_id
        if school is None or self._near.is_at(person, school):
            return False
        tied = known.account.clever_id == clever_id
        if tied and (clever_id, school) in self._placed.unsectioned:
            return True
        same = tied or known.last_key == person.last_key
        return same and clever_id in self._placed.sectionless
