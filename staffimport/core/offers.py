"""What can be decided about a row, and what each decision does, in a few words.

Source: product.md, "Matching staff" ("this is the same person", "not the same", "keep
this one, archive the other", "never in Clever: leave alone").
"""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Protocol

import msgspec

from staffimport.core.decisions import Choice
from staffimport.core.explain import listed
from staffimport.core.matching import ConflictKind
from staffimport.core.values import Account, DecisionKind, Details, MatchedBy, Outcome

SAME, NOT_SAME, KEEP_ONE = (
    DecisionKind.SAME_PERSON,
    DecisionKind.NOT_SAME,
    DecisionKind.KEEP_ONE,
)
LEAVE_ALONE, IN_CLEVER = DecisionKind.LEAVE_ALONE, DecisionKind.IN_CLEVER

PAIR = "pair"
SECOND_ACCOUNT = "second_account"

# Those that may be made for many rows at a time, in the order of their buttons.
IN_BULK = (SAME, NOT_SAME, KEEP_ONE, LEAVE_ALONE, IN_CLEVER)


class Row(Protocol):
    """What an offer depends on; a planned row has it, and so has a stored one."""

    @property
    def outcome(self) -> str: ...

    @property
    def reason_code(self) -> str: ...

    @property
    def matched_by(self) -> str: ...

    @property
    def clever_id(self) -> str: ...

    @property
    def account_id(self) -> object: ...

    @property
    def candidates(self) -> Sequence[str]: ...

    @property
    def first_name(self) -> str: ...

    @property
    def last_name(self) -> str: ...


class Offer(msgspec.Struct, frozen=True):
    """One button: the decisions it makes, all about one account."""

    kind: DecisionKind
    account_id: str
    choices: tuple[Choice, ...]

    @property
    def value(self) -> str:
        """Return the word by which a form names the offer."""
        return f"{self.kind}:{self.account_id}"


class Seen(msgspec.Struct, frozen=True):
    """What the words say of an account: how it is called, and whether it is active.

    `stays_inactive` says that somebody made it so by hand. `changes` is how many
    fields would follow Clever if its person were the row's, None if that is unknown.
    """

    label: str
    active: bool = True
    stays_inactive: bool = False
    changes: int | None = None


def offers(row: Row, details: Details) -> list[Offer]:
    """Return what can be decided about a row, account by account."""
    match row.outcome:
        case Outcome.CONFLICT:
            return _of_conflict(row, details)
        case Outcome.CREATED:
            return _of_created(row, details)
        case Outcome.INACTIVE:
            return _of_inactive(row, details)
        case Outcome.RELINK:
            return [_of_pair(SAME, row), _of_pair(NOT_SAME, row)]
        case Outcome.MATCHED | Outcome.REACTIVATED:
            decided = row.matched_by == MatchedBy.DECISION
            return [] if decided else [_of_pair(NOT_SAME, row)]
        case _:
            return _of_skipped(row)


def bulk_kinds(row: Row, details: Details) -> frozenset[DecisionKind]:
    """Return what can be decided about a row and others at once."""
    kinds = {kind for kind in IN_BULK if in_bulk(row, details, kind)}
    if any(offer.kind is KEEP_ONE for offer in offers(row, details)):
        kinds.add(KEEP_ONE)
    return frozenset(kinds)


def in_use(person: str, accounts: Sequence[Account]) -> str:
    """Return which of a person's accounts is the one in use, "" if that is unclear.

    It is the one tied to the person, else the only one somebody signs in with, else
    the only active one. `person` is a Clever id.
    """
    tests: tuple[Callable[[Account], bool], ...] = (
        lambda account: account.clever_id == person,
        attrgetter("has_sign_in"),
        attrgetter("active"),
    )
    for is_in_use in tests:
        found = [account for account in accounts if is_in_use(account)]
        if len(found) == 1:
            return found[0].id
        accounts = found or accounts
    return ""


def in_bulk(
    row: Row, details: Details, kind: DecisionKind, kept: str = ""
) -> tuple[Choice, ...]:
    """Return the decisions a button for many rows makes for one of them, if any.

    Only where it says one thing: none for a conflict of several accounts or two near
    accounts that one person might have, and a match is never doubted in passing. Of
    two accounts `kept` names the one to keep.
    """
    if kind is KEEP_ONE:
        return _kept(row, details, kept)
    if row.outcome in (Outcome.MATCHED, Outcome.REACTIVATED):
        return ()
    if row.outcome == Outcome.CREATED and kind is LEAVE_ALONE:
        return ()  # it is about the near account, which has a row of its own
    found = [offer for offer in offers(row, details) if offer.kind is kind]
    is_near_miss = row.outcome == Outcome.CREATED and kind is NOT_SAME
    if len(found) > 1 and not is_near_miss:
        return ()
    return tuple(choice for offer in found for choice in offer.choices)


def _kept(row: Row, details: Details, kept: str) -> tuple[Choice, ...]:
    found = (offer for offer in offers(row, details) if offer.kind is KEEP_ONE)
    wanted = (offer.choices for offer in found if offer.account_id == kept)
    return next(wanted, ())


def _of_conflict(row: Row, details: Details) -> list[Offer]:
    found = []
    for account in row.candidates:
        others = tuple(other for other in row.candidates if other != account)
        if row.reason_code == ConflictKind.TWO_ACCOUNTS:
            found.append(_offer(KEEP_ONE, account, (_person(row),), others))
        elif row.reason_code == ConflictKind.HAS_A_PERSON:
            owners = [(p.clever_id, p.name) for p in details.other_people]
            found.append(_offer(SAME, account, (_person(row), *owners)))
        else:
            found.append(_offer(SAME, account, (_person(row),)))
        found.append(_offer(NOT_SAME, account, (_person(row),)))
    return found


def _of_created(row: Row, details: Details) -> list[Offer]:
    return [
        _offer(
            kind, near.account_id, (_person(row),) if kind is not LEAVE_ALONE else ()
        )
        for near in details.near
        if near.account_id
        for kind in (SAME, NOT_SAME, LEAVE_ALONE)
    ]


def _of_inactive(row: Row, details: Details) -> list[Offer]:
    account, names = str(row.account_id), {n.clever_id: n.name for n in details.near}
    found = []
    for person in details.pair:
        who = ((person, names.get(person, "")),)
        found += [_offer(SAME, account, who), _offer(NOT_SAME, account, who)]
    if row.reason_code == SECOND_ACCOUNT and not found:
        found += [
            _offer(SAME, account, ((near.clever_id, near.name),))
            for near in details.near[:1]
        ]
    if row.reason_code != "archived_by_decision":
        found.append(_offer(LEAVE_ALONE, account))
    return found


def _of_skipped(row: Row) -> list[Offer]:
    account = str(row.account_id)
    match row.reason_code:
        case "left_alone":
            return [_offer(IN_CLEVER, account)]
        case "protected_by_undecided":
            return [_offer(LEAVE_ALONE, account)]
        case "deactivated_by_hand":
            return [_of_pair(NOT_SAME, row)]
        case _:
            return []


def _of_pair(kind: DecisionKind, row: Row) -> Offer:
    return _offer(kind, str(row.account_id), (_person(row),))


def _offer(
    kind: DecisionKind,
    account: str,
    people: tuple[tuple[str, str], ...] = (),
    others: tuple[str, ...] = (),
) -> Offer:
    """Return an offer about an account and people, each a Clever id with a name."""
    choices = [Choice(kind, account, person, name, others) for person, name in people]
    return Offer(kind, account, tuple(choices) or (Choice(kind, account),))


def _person(row: Row) -> tuple[str, str]:
    return row.clever_id, name_of(row)


def name_of(row: Row) -> str:
    """Return a row's person as a sentence says the name."""
    name = f"{row.first_name} {row.last_name}".strip()
    return name or "this person"


def says(offer: Offer, row: Row, details: Details, seen: Mapping[str, Seen]) -> str:
    """Return what an offer does, in a few words; `seen` are the accounts by id."""
    if offer.kind is KEEP_ONE:
        return _keeps(offer, row, seen)
    situation = _situation(offer, row, details)
    if offer.kind is SAME and situation in (Outcome.CREATED, PAIR):
        return _takes_over(seen.get(offer.account_id))
    return _SAYS[offer.kind][situation].format(
        who=offer.choices[0].person or "the new person",
        others=listed(person.name for person in details.other_people),
        row=name_of(row),
    )


def _situation(offer: Offer, row: Row, details: Details) -> str:
    if row.outcome == Outcome.CONFLICT:
        is_known = row.reason_code in set(ConflictKind)
        return row.reason_code if is_known else ConflictKind.SEVERAL
    if row.reason_code == SECOND_ACCOUNT and not details.pair:
        return row.reason_code
    if row.outcome == Outcome.CREATED and offer.account_id in details.pair:
        return PAIR
    return row.outcome


_STAYS = "Stays active, now and in every later run."
_WITHOUT = "{who} is judged without this account."
_SAYS: dict[DecisionKind, dict[str, str]] = {
    SAME: {
        Outcome.INACTIVE: "The account stays, for {who}; no second one is created.",
        SECOND_ACCOUNT: "{who} gets this account instead of the one that matched.",
        Outcome.RELINK: "Tied to the new Clever ID; role and history stay.",
        ConflictKind.HAS_A_PERSON: (
            "One person with two Clever users: one account is enough."
        ),
        ConflictKind.TWO_PEOPLE: (
            "{who} gets this account; {others} is judged without it."
        ),
        ConflictKind.SEVERAL: "{who} gets this account.",
    },
    NOT_SAME: {
        PAIR: "Creates one, makes the other inactive.",
        Outcome.CREATED: "Creates one, leaves the other as it is.",
        Outcome.INACTIVE: "Makes this one inactive, creates one for {who}.",
        Outcome.RELINK: "Makes this one inactive, creates one for {who}.",
        Outcome.SKIPPED: "Creates one for {who}; this one stays inactive.",
        ConflictKind.HAS_A_PERSON: (
            "The account stays with {others}; {who} gets a new one."
        ),
        ConflictKind.TWO_PEOPLE: (
            "{who} gets a new account; this one is left to {others}."
        ),
        ConflictKind.TWO_ACCOUNTS: f"Somebody else’s account: {_WITHOUT}",
        ConflictKind.SEVERAL: f"Somebody else’s account: {_WITHOUT}",
        Outcome.MATCHED: f"A wrong match: {_WITHOUT}",
        Outcome.REACTIVATED: f"A wrong match: {_WITHOUT}",
    },
    LEAVE_ALONE: {
        PAIR: "{row} gets a new account; this one stays active.",
        Outcome.CREATED: "{row} gets a new account; this one stays active.",
        Outcome.INACTIVE: _STAYS,
        SECOND_ACCOUNT: _STAYS,
        Outcome.SKIPPED: _STAYS,
    },
    IN_CLEVER: {
        Outcome.SKIPPED: "Becomes inactive as long as nobody in Clever holds it.",
    },
}


def _keeps(offer: Offer, row: Row, seen: Mapping[str, Seen]) -> str:
    others = offer.choices[0].others
    words = listed(seen[o].label if o in seen else "the other" for o in others)
    if not any(o not in seen or seen[o].active for o in others):
        end = f"{words} stay{'s' if len(others) == 1 else ''} inactive"
    else:
        end = f"{words} become{'s' if len(others) == 1 else ''} inactive"
    return f"{name_of(row)} has this one; {end}."


def _takes_over(account: Seen | None) -> str:
    if account is None:
        return "Keeps the account with its role."
    if account.stays_inactive:
        return "The account stays inactive: somebody deactivated it by hand."
    keeps = "Keeps" if account.active else "Brings back"
    number = account.changes
    if number is None:
        return f"{keeps} the account with its role."
    follow = "no field changes" if not number else f"{number} fields follow Clever"
    if number == 1:
        follow = "1 field follows Clever"
    return f"{keeps} the account with its role; {follow}."
