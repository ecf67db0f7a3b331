"""Who is who at one place: the people placed there against its accounts.

Source: product.md, "Matching staff"; manual, "Prepare and Import Data". The order:
decisions, then ties to a Clever id, then last name with e-mail or employee id.
People and accounts that fit each other form a graph; only a pair that nobody else
fits is a match, everything larger is a conflict. So no order of input decides.
"""

from collections import defaultdict
from enum import StrEnum
from operator import attrgetter

import msgspec

from staffimport.core.decisions import Decided
from staffimport.core.fitting import Fits, Known, components
from staffimport.core.people import Person, Roster
from staffimport.core.placement import Placement
from staffimport.core.values import Decision, MatchedBy


class Match(msgspec.Struct, frozen=True, gc=False):
    """One person at one place who has one account, and what decided it."""

    placement: Placement
    known: Known
    by: MatchedBy


class ConflictKind(StrEnum):
    """What can't be decided."""

    TWO_ACCOUNTS = "two_accounts"
    TWO_PEOPLE = "two_people"
    SEVERAL = "several"
    HAS_A_PERSON = "account_has_a_person"


class Conflict(msgspec.Struct, frozen=True):
    """One placement of a conflict, its candidates, and the others in it."""

    placement: Placement
    kind: ConflictKind
    candidates: tuple[Known, ...]
    others: tuple[Person, ...] = ()


class SecondUser(msgspec.Struct, frozen=True):
    """A Clever user who is the same person as another one, by decision."""

    placement: Placement
    known: Known
    first: Person


class PlaceMatches(msgspec.Struct):
    """What became of everybody and every account at one place.

    `new` are placements no account fits; `left` the accounts, active and inactive,
    that nobody fits; `archived` those a decision archives in favour of another;
    `fits` what was known of the accounts before.
    """

    matches: list[Match]
    relinks: list[Match]
    conflicts: list[Conflict]
    seconds: list[SecondUser]
    new: list[Placement]
    left: list[Known]
    archived: list[tuple[Known, Decision]]
    fits: Fits


def match_place(
    placements: list[Placement],
    accounts: list[Known],
    roster: Roster,
    decided: Decided,
) -> PlaceMatches:
    """Match the people placed at one place with its accounts, active and inactive."""
    return _Place(placements, accounts, roster, decided).match()


class _Place:
    """The state of matching one place; each step takes people and accounts out."""

    def __init__(
        self,
        placements: list[Placement],
        accounts: list[Known],
        roster: Roster,
        decided: Decided,
    ) -> None:
        self.roster = roster
        self.decided = decided
        self.waiting = {
            placement.person.clever_id: placement
            for placement in sorted(placements, key=attrgetter("person.clever_id"))
        }
        self.free = {
            known.id: known for known in sorted(accounts, key=attrgetter("id"))
        }
        self.of_account: dict[str, tuple[Person, MatchedBy]] = {}
        # Whoever a decision gave another account than the one tied to them.
        self.moved: set[str] = set()
        self.fits = Fits(accounts, roster)
        self.result = PlaceMatches([], [], [], [], [], [], [], self.fits)

    def match(self) -> PlaceMatches:
        self._by_decision()
        self._by_clever_id()
        self._by_rules()
        self._doubt_ties()
        self.result.new = list(self.waiting.values())
        self._set_archived_apart()
        self.result.left = list(self.free.values())
        return self.result

    def _by_decision(self) -> None:
        claims: dict[str, list[str]] = defaultdict(list)
        for clever_id in [c for c in self.waiting if c in self.decided.same]:
            wanted = self.decided.same[clever_id] & self.free.keys()
            if len(wanted) == 1:
                claims[next(iter(wanted))].append(clever_id)
            elif wanted:
                candidates = tuple(self.free[account] for account in sorted(wanted))
                self._conflict(clever_id, ConflictKind.TWO_ACCOUNTS, candidates)
        self._set_candidates_apart()
        for account, people in sorted(claims.items()):
            if account in self.free:
                self._claim(self.free[account], people)
                continue
            for clever_id in people:
                candidate = (self.fits.by_id[account],)
                self._conflict(clever_id, ConflictKind.SEVERAL, candidate)

    def _claim(self, known: Known, people: list[str]) -> None:
        """Give the account to the person it is tied to, else to the lowest id."""
        tied = known.account.clever_id
        owner = tied if tied in people else min(people)
        first = self.waiting[owner].person
        self._pair(owner, known, MatchedBy.DECISION)
        for other in people:
            if other != owner:
                second = SecondUser(self.waiting.pop(other), known, first)
                self.result.seconds.append(second)

    def _by_clever_id(self) -> None:
        tied = {k.account.clever_id: k for k in self.free.values()}
        tied.pop("", None)
        for clever_id in [c for c in self.waiting if c in tied]:
            known = tied[clever_id]
            if (clever_id, known.id) not in self.decided.different:
                self._pair(clever_id, known, MatchedBy.CLEVER_ID)

    def _doubt_ties(self) -> None:
        """Make a tie a conflict where a second active account fits the person too.

        Else the second one, perhaps the one in use, would be made inactive. Only
        accounts that nobody else fits are second ones.
        """
        twins = {
            account
            for account, known in self.free.items()
            if known.account.active
            and self._is_open(known)
            and account not in self.decided.left_alone
        }
        if not twins:
            return
        for match in list(self.result.matches):
            if match.by is MatchedBy.CLEVER_ID:
                self._doubt_tie(match, twins)
        self._set_candidates_apart()

    def _doubt_tie(self, match: Match, twins: set[str]) -> None:
        clever_id = match.placement.person.clever_id
        fitting = self._not_refused(clever_id, self.fits.of(match.placement))
        if rivals := sorted(twins & fitting.keys()):
            self.result.matches.remove(match)
            self.waiting[clever_id] = match.placement
            candidates = (match.known, *(self.free[account] for account in rivals))
            self._conflict(clever_id, ConflictKind.TWO_ACCOUNTS, candidates)

    def _is_open(self, known: Known) -> bool:
        """Whether the account is nobody's: a decision may have voided its tie."""
        tie = known.account.clever_id
        return not tie or tie in self.moved or (tie, known.id) in self.decided.different

    def _by_rules(self) -> None:
        edges: dict[str, dict[str, MatchedBy]] = {}
        any_gone = bool(self.waiting) and self.fits.any_gone
        for clever_id, placement in list(self.waiting.items()):
            fitting = self.fits.of(placement)
            if not fitting and not any_gone:
                continue  # somebody new, as nearly all are in a first import
            fitting = self._not_refused(clever_id, fitting)
            relinks = self._relinks(clever_id, placement) if any_gone else {}
            preferred = self._preferred(fitting, relinks)
            if preferred:
                edges[clever_id] = preferred
            elif fitting:
                self._refuse_taken(clever_id, fitting)
        for people, accounts in components(edges):
            if len(people) == len(accounts) == 1:
                self._take_pair(people[0], accounts[0], edges)
            else:
                self._conflict_all(people, edges)
        self._set_candidates_apart()

    def _set_candidates_apart(self) -> None:
        """Take the candidates of conflicts out of play: nothing happens to them."""
        for conflict in self.result.conflicts:
            for known in conflict.candidates:
                self.free.pop(known.id, None)

    def _not_refused(
        self, clever_id: str, fitting: dict[str, MatchedBy]
    ) -> dict[str, MatchedBy]:
        different = self.decided.different
        if not fitting or not different:
            return fitting
        return {a: by for a, by in fitting.items() if (clever_id, a) not in different}

    def _relinks(self, clever_id: str, placement: Placement) -> dict[str, MatchedBy]:
        relinks = self._not_refused(clever_id, self.fits.relinks_of(placement))
        return {a: by for a, by in relinks.items() if a in self.free}

    def _preferred(
        self, fitting: dict[str, MatchedBy], relinks: dict[str, MatchedBy]
    ) -> dict[str, MatchedBy]:
        """Return the accounts that may be this person's: active before inactive."""
        free, open_to = self.free, relinks
        for account, by in fitting.items():
            known = free.get(account)
            if known is not None and self._is_open(known):
                open_to.setdefault(account, by)
        if len(open_to) < 2:  # noqa: PLR2004
            return open_to
        active = {a: by for a, by in open_to.items() if self.free[a].account.active}
        return active or open_to

    def _refuse_taken(self, clever_id: str, fitting: dict[str, MatchedBy]) -> None:
        """Report a second person for an account that is another's by its Clever id.

        Where a decision gave the account away the admin has said whose it is, so
        this person is simply new; so is somebody who got the address or employee id
        that its owner has no more.
        """
        placement = self.waiting[clever_id]
        taken = []
        for account in sorted(fitting):
            owner, by = self.of_account.get(account, (None, None))
            if owner is None or by is not MatchedBy.CLEVER_ID:
                continue
            if self.fits.still_fits(placement, self.fits.by_id[account], owner):
                taken.append(account)
        if taken:
            candidates = tuple(self.fits.by_id[account] for account in taken)
            owners = tuple(self.of_account[account][0] for account in taken)
            self._conflict(clever_id, ConflictKind.HAS_A_PERSON, candidates, owners)

    def _take_pair(
        self, clever_id: str, account: str, edges: dict[str, dict[str, MatchedBy]]
    ) -> None:
        known = self.free[account]
        if self._is_open(known):
            self._pair(clever_id, known, edges[clever_id][account])
        else:
            placement = self.waiting.pop(clever_id)
            relink = Match(placement, known, edges[clever_id][account])
            self.result.relinks.append(relink)
            del self.free[account]

    def _conflict_all(
        self, people: list[str], edges: dict[str, dict[str, MatchedBy]]
    ) -> None:
        everybody = [self.waiting[clever_id].person for clever_id in people]
        for clever_id in people:
            candidates = tuple(self.free[a] for a in sorted(edges[clever_id]))
            others = tuple(p for p in everybody if p.clever_id != clever_id)
            kind = _kind_of(len(candidates), len(others))
            self._conflict(clever_id, kind, candidates, others)

    def _pair(self, clever_id: str, known: Known, by: MatchedBy) -> None:
        placement = self.waiting.pop(clever_id)
        self.result.matches.append(Match(placement, known, by))
        self.of_account[known.id] = (placement.person, by)
        if by is MatchedBy.DECISION and not known.stays_inactive:
            self.moved.add(clever_id)
        del self.free[known.id]

    def _conflict(
        self,
        clever_id: str,
        kind: ConflictKind,
        candidates: tuple[Known, ...],
        others: tuple[Person, ...] = (),
    ) -> None:
        placement = self.waiting.pop(clever_id)
        self.result.conflicts.append(Conflict(placement, kind, candidates, others))

    def _set_archived_apart(self) -> None:
        for account, decision in self.decided.archived.items():
            known = self.free.get(account)
            kept_id = decision.account_id
            kept = self.of_account.get(kept_id)
            keeps = kept and kept[0].clever_id == decision.clever_id
            # Only beside the one that is kept: else nobody would have an account.
            if known and keeps and not self.fits.by_id[kept_id].stays_inactive:
                del self.free[account]
                if known.account.active:
                    self.result.archived.append((known, decision))


def _kind_of(accounts: int, other_people: int) -> ConflictKind:
    if not other_people:
        return ConflictKind.TWO_ACCOUNTS
    return ConflictKind.TWO_PEOPLE if accounts == 1 else ConflictKind.SEVERAL
