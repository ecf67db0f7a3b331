"""The decisions of a district, in words: what each is about, and what it does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from accounts.models import StaffAccount
from accounts.searching import fold
from schools.models import District
from staffimport.core.explain import listed
from staffimport.models import ImportResult, ImportRun, MatchDecision
from staffimport.queries.runs import open_test

ON_PAGE = 50
EARLIER_SHOWN = 50
Kind = MatchDecision.Kind

EFFECTS = {
    Kind.SAME_PERSON: "Matched with each other, whatever their fields say.",
    Kind.NOT_SAME: "Never matched with each other.",
    Kind.KEEP_ONE: "Matched with each other; {others} is archived.",
    Kind.LEAVE_ALONE: "Stays active, whether or not somebody in Clever holds it.",
    Kind.IN_CLEVER: (
        "Made inactive while nobody in Clever holds it, though it was added by hand."
    ),
}
REMOVED = "The account was removed since, so the decision does nothing."


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision: account and person in words, what it does, the row that shows it.

    `account` is None if it was removed since, `row` if the newest results have none.
    """

    decision: MatchDecision
    account: StaffAccount | None
    name: str
    person: str
    effect: str
    row: ImportResult | None = None


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One page of standing decisions, and the numbers of its neighbours.

    `run` is the run with the newest results, None before the first.
    """

    lines: list[DecisionLine]
    total: int
    number: int
    pages: int
    run: ImportRun | None


def decisions_page(
    district: District, *, kind: str, q: str, number: int | None
) -> DecisionPage:
    """Return a page of the standing decisions of a kind ("" for all), newest first.

    `q` is looked for in names, e-mails and notes.
    """
    found = district.match_decisions.filter(revoked_at=None)
    if kind in Kind.values:
        found = found.filter(kind=kind)
    paginator = Paginator(_search(district, found, q), ON_PAGE)
    page = paginator.get_page(number)
    run = newest_results(district)
    return DecisionPage(
        _lines(district, list(page.object_list), run),
        paginator.count,
        page.number,
        paginator.num_pages,
        run,
    )


def earlier(district: District) -> tuple[list[DecisionLine], int]:
    """Return the decisions taken back last, and how many there are in all."""
    found = district.match_decisions.filter(revoked_at__isnull=False)
    newest = found.order_by("-revoked_at", "-pk")[:EARLIER_SHOWN]
    return _lines(district, list(newest), None), found.count()


def newest_results(district: District) -> ImportRun | None:
    """Return the run whose rows tell of all: the open test, else the last final."""
    ended = district.import_runs.filter(state=ImportRun.State.SUCCEEDED)
    return open_test(district) or ended.filter(kind=ImportRun.Kind.FINAL).first()


def _search(
    district: District, found: QuerySet[MatchDecision], q: str
) -> QuerySet[MatchDecision]:
    if not q.strip():
        return found
    accounts = district.staff_accounts.order_by()
    for word in fold(q).split():
        accounts = accounts.filter(search_text__contains=word)
    text = q.strip()
    return found.filter(
        Q(account_id__in=accounts.values("pk"))
        | Q(person_name__icontains=text)
        | Q(account_name__icontains=text)
        | Q(note__icontains=text)
    )


def _lines(
    district: District, decisions: Sequence[MatchDecision], run: ImportRun | None
) -> list[DecisionLine]:
    accounts = _accounts(district, decisions)
    rows = _rows(run, accounts) if run else {}
    return [
        DecisionLine(
            decision,
            account := accounts.get(decision.account_id),
            str(account or decision.account_name or "An account"),
            decision.person_name or decision.clever_id,
            _effect(decision, accounts),
            rows.get(decision.account_id),
        )
        for decision in decisions
    ]


def _accounts(
    district: District, decisions: Iterable[MatchDecision]
) -> dict[UUID, StaffAccount]:
    ids = {decision.account_id for decision in decisions}
    ids.update(UUID(other) for d in decisions for other in d.other_account_ids)
    found = district.staff_accounts.filter(pk__in=ids).select_related("school")
    return {account.pk: account for account in found}


def _rows(run: ImportRun, accounts: Iterable[UUID]) -> dict[UUID, ImportResult]:
    found = run.results.filter(account_id__in=list(accounts)).order_by("-position")
    told = found.only("account_id", "outcome", "state", "run_id", "position")
    return {row.account_id: row for row in told if row.account_id}


def _effect(decision: MatchDecision, accounts: Mapping[UUID, StaffAccount]) -> str:
    if decision.account_id not in accounts:
        return REMOVED
    others = (accounts.get(UUID(other)) for other in decision.other_account_ids)
    names = listed(str(o.email or o) if o else "one removed since" for o in others)
    return EFFECTS[Kind(decision.kind)].format(others=names)
