"""What admins decided about people and accounts, ready to look up."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from staffimport.core.values import Decision, DecisionKind


class Choice(msgspec.Struct, frozen=True):
    """One decision that can be made about a person and an account.

    `clever_id` and `person` (a name) are the person of "same person", "not the same"
    and "keep one"; both are blank where it is about the account alone. `others` are
    the accounts that "keep one" archives.
    """

    kind: DecisionKind
    account_id: str
    clever_id: str = ""
    person: str = ""
    others: tuple[str, ...] = ()


class Decided:
    """Standing decisions, by person and by account."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        """Index the decisions."""
        self.same: dict[str, set[str]] = defaultdict(set)
        self.different: set[tuple[str, str]] = set()
        self.archived: dict[str, Decision] = {}
        self.left_alone: dict[str, Decision] = {}
        self.in_clever: set[str] = set()
        self.with_person: set[str] = set()
        for decision in sorted(decisions, key=_decision_order):
            self._add(decision)
        # Of two words that contradict each other the one that takes nothing away.
        for account in self.left_alone.keys() & self.archived.keys():
            del self.archived[account]

    def leaves_alone(
        self, account_id: str, clever_id: str, *, added_by_hand: bool
    ) -> bool:
        """Whether no run makes an account inactive that nobody in Clever holds.

        One added by hand starts so (product.md, "Matching staff"): until it is tied to
        somebody in Clever, or an admin says who it is or that it should be there.
        """
        if account_id in self.left_alone:
            return True
        has_person = bool(clever_id) or account_id in self.with_person
        return added_by_hand and not has_person and account_id not in self.in_clever

    def _add(self, decision: Decision) -> None:
        match decision.kind:
            case DecisionKind.SAME_PERSON:
                self._tie(decision)
            case DecisionKind.KEEP_ONE:
                self._tie(decision)
                self.archived.update(dict.fromkeys(decision.others, decision))
            case DecisionKind.NOT_SAME:
                self.different.add((decision.clever_id, decision.account_id))
            case DecisionKind.LEAVE_ALONE:
                self.left_alone[decision.account_id] = decision
            case DecisionKind.IN_CLEVER:
                self.in_clever.add(decision.account_id)

    def _tie(self, decision: Decision) -> None:
        self.same[decision.clever_id].add(decision.account_id)
        self.with_person.add(decision.account_id)


def _decision_order(decision: Decision) -> tuple[str, str, str, tuple[str, ...], str]:
    return (
        decision.kind,
        decision.clever_id,
        decision.account_id,
        decision.others,
        decision.by,
    )
