"""Deciding one thing about many rows: what the buttons say, what each row gets."""

from collections.abc import Collection, Iterator, Sequence

from schools.models import District
from staffimport.core.decisions import Choice
from staffimport.core.offers import IN_BULK, in_bulk, in_use
from staffimport.core.values import Account, DecisionKind
from staffimport.models import ImportResult, MatchDecision
from staffimport.queries.story import Button, details_of
from staffimport.store import load
from staffimport.store.parts import parts

SAYS = {
    DecisionKind.SAME_PERSON: "Each person has the one account that comes near.",
    DecisionKind.NOT_SAME: "Each person gets a new account and none that comes near.",
    DecisionKind.KEEP_ONE: (
        "Each person has the account that is tied to them, that somebody signs in with "
        "or that alone is active; the others become inactive."
    ),
    DecisionKind.LEAVE_ALONE: "Each account stays active, now and in every later run.",
    DecisionKind.IN_CLEVER: (
        "Each account becomes inactive as long as nobody in Clever holds it."
    ),
}


def bulk_buttons(kinds: Collection[DecisionKind]) -> tuple[Button, ...]:
    """Return the buttons of some decisions, in their order."""
    return tuple(
        Button(str(kind), _label(kind), SAYS[kind]) for kind in IN_BULK if kind in kinds
    )


def choices_of(
    district: District, rows: Sequence[ImportResult], kind: DecisionKind
) -> list[tuple[Choice, ...]]:
    """Return for each row the decisions of one kind; empty where it says nothing."""
    kept = _kept(district, rows) if kind is DecisionKind.KEEP_ONE else {}
    return [in_bulk(row, details_of(row), kind, kept.get(row.pk, "")) for row in rows]


def _label(kind: DecisionKind) -> str:
    if kind is DecisionKind.KEEP_ONE:
        return "Keep the one in use, archive the other"
    return str(MatchDecision.Kind(kind).label)


def _kept(district: District, rows: Sequence[ImportResult]) -> dict[int, str]:
    """Return for each row which of its candidates is in use."""
    ids = sorted({account for row in rows for account in row.candidates})
    known = {account.id: account for account in _accounts(district, ids)}
    return {
        row.pk: in_use(row.clever_id, [known[a] for a in row.candidates if a in known])
        for row in rows
    }


def _accounts(district: District, ids: Sequence[str]) -> Iterator[Account]:
    for part in parts(ids):
        rows = district.staff_accounts.filter(pk__in=part)
        yield from load.accounts(district, rows)
