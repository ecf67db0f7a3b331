"""What the rows of earlier runs say to a plan: what was seen, decided, and waits."""

from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from schools.models import District
from staffimport.core.decisions import Decided
from staffimport.models import ImportResult, ImportRun

State = ImportResult.State


class Review(msgspec.Struct, frozen=True):
    """What an admin made of the test that a run follows, as keys of its changes.

    The fields are those of `planning.PlanInput`.
    """

    reviewed: frozenset[str] | None = None
    approved: frozenset[str] = frozenset()
    braked: frozenset[str] = frozenset()


def review(run: ImportRun, test: ImportRun | None) -> Review:
    """Return what an admin made of the test; nothing without one.

    Only a final is bound to what was seen.
    """
    if test is None:
        return Review()
    rows = ImportResult.objects.filter(run=test)
    # The final's dialog names what the test's brake held.
    braked = _keys(
        rows.filter(state=State.HELD, held_reason=ImportResult.HeldReason.BRAKE)
    )
    to_be_applied = rows.filter(state=State.PLANNED, writes=True)
    if run.kind != ImportRun.Kind.FINAL:
        approved = _keys(to_be_applied.filter(resolved_at__isnull=False))
        return Review(None, approved, braked)
    seen = _keyed(to_be_applied).values_list("change_key", "resolved_at")
    at_by_key = list(seen.iterator())
    return Review(
        frozenset([key for key, _ in at_by_key]),
        frozenset([key for key, resolved_at in at_by_key if resolved_at]),
        braked,
    )


def dismissed(district: District, since: datetime | None = None) -> frozenset[str]:
    """Return the changes that somebody dismissed, ever or since a moment.

    Approving such a change later leaves no dismissed row of it, so the newest word
    wins.
    """
    rows = ImportResult.objects.filter(
        run__in=district.import_runs.order_by().values("pk"), state=State.DISMISSED
    )
    if since is not None:
        rows = rows.filter(resolved_at__gte=since)
    return _keys(rows)


# What holds these may be past at the next run; the others are found anew each time.
_LAPSING = ("brake", "source", "edited", "pair")


def waiting(run: ImportRun, decided: Decided) -> dict[str, tuple[str, str]]:
    """Return held reason and sentence of the rows applied runs hold, by change key.

    Once the run itself is applied, for its proof, its own rows are among them. For a
    run of the past, which is replayed, those count that newer runs have replaced since.
    """
    applied = run.district.import_runs.filter(applied_at__isnull=False, pk__lte=run.pk)
    waits = Q(state=State.HELD)
    if run.finished_at is not None:
        waits |= Q(state=State.SUPERSEDED, resolved_at__gt=run.finished_at)
    held = ImportResult.objects.filter(
        waits,
        run__in=applied.order_by().values("pk"),
        held_reason__in=_LAPSING,
    ).exclude(change_key="")
    return {
        row.change_key: (row.held_reason, row.reason)
        for row in held.order_by("run", "position")
        if not _is_told_apart(row, decided)
    }


def _is_told_apart(row: ImportResult, decided: Decided) -> bool:
    """Whether decisions say that the two of a pair are two people, or part them."""
    pair = row.details.get("pair", ())
    if row.outcome == ImportResult.Outcome.CREATED:
        told = [
            (row.clever_id, account) in decided.different
            or account in decided.left_alone
            for account in pair
        ]
    else:
        told = [(person, str(row.account_id)) in decided.different for person in pair]
    return bool(told) and all(told)


def _keyed(rows: QuerySet[ImportResult]) -> QuerySet[ImportResult]:
    return rows.exclude(change_key="").order_by()


def _keys(rows: QuerySet[ImportResult]) -> frozenset[str]:
    return frozenset(_keyed(rows).values_list("change_key", flat=True))
