"""From the database to the core: everything a plan depends on, in a few queries."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.access import accounts_in
from accounts.models import JobFunction, StaffAccount, UserRole, Zone
from schools.models import District, School
from staffimport.core.decisions import Decided
from staffimport.core.naming import without_names
from staffimport.core.planning import PlanInput
from staffimport.core.snapshot import Snapshot
from staffimport.core.values import Account, Decision, DecisionKind, Place, Removal
from staffimport.models import ImportRun, ImportSettings, MatchDecision
from staffimport.store import earlier
from staffimport.store.settings import get_settings, make_settings, read_settings

RECENT = timedelta(hours=24)  # what the brake counts with the run


def plan_input(
    run: ImportRun,
    snapshot: Snapshot,
    previous_counts: dict[str, int] | None,
    review: earlier.Review | None = None,
) -> PlanInput:
    """Return all a plan of the run depends on.

    `previous_counts` is what the pull is judged by (`snapshots.latest_counts` before
    it). `review` is for whoever has read the run's already. Accounts are those at
    included matched schools and at the district.
    """
    district = run.district
    settings = make_settings(district)
    review = review or earlier.review(run, base_test(run))
    decided = decisions(district)
    day_ago = (run.started_at or timezone.now()) - RECENT
    return PlanInput(
        district=district.slug,
        kind=run.kind,
        snapshot=snapshot,
        places=places(district, settings),
        accounts=list(accounts(district, in_scope(district, settings))),
        settings=read_settings(district, settings),
        decisions=decided,
        reviewed=review.reviewed,
        braked=review.braked,
        approved=review.approved,
        dismissed=earlier.dismissed(district),
        dismissed_lately=earlier.dismissed(district, day_ago),
        waiting=earlier.waiting(run, Decided(decided)),
        include_held=run.include_held,
        removals=_removals(district, day_ago),
        asking_accounts=_accounts_of_asker(run),
        covered_roles=frozenset(settings.covered_roles),
        previous_counts=previous_counts,
    )


def fingerprint(district: District) -> str:
    """Return a digest of what the admin sets: settings, matches and decisions.

    A final follows a test only if this is the same as it was then. What a final
    itself writes (matches imported, roles covered) is no part of it, nor what roles
    and zones are called.
    """
    settings = get_settings(district)
    matches = [
        (place.school, place.clever_id)
        for place in places(district, settings)
        if place.clever_id and place.included
    ]
    wanted = without_names(read_settings(district, settings))
    chosen = (wanted, matches, decisions(district))
    canonical = msgspec.json.encode(chosen, order="deterministic")
    return hashlib.sha256(canonical).hexdigest()


def places(district: District, settings: ImportSettings) -> list[Place]:
    """Return all the district's Naviance schools with their matches."""
    schools = School.objects.filter(district=district).order_by("pk")
    is_all = settings.all_schools
    chosen = set() if is_all else set(settings.schools.values_list("pk", flat=True))
    return [
        Place(
            school=pk,
            name=name,
            clever_id=clever_id or "",
            included=is_all or pk in chosen,
            covered=imported_at is not None,
        )
        for pk, name, clever_id, imported_at in schools.values_list(
            "pk", "name", "match__clever_school__clever_id", "match__imported_at"
        )
    ]


# Ids and lists come as text: 100,000 UUID objects and JSON lists would take longer
# than everything else.
_ACCOUNT_COLUMNS = (
    Cast("pk", TextField()),
    "school_id",
    "first_name",
    "middle_name",
    "last_name",
    "job_title",
    "email",
    "employee_id",
    "clever_id",
    "job_function_id",
    "user_role_id",
    "teacher_list",
    "counselor_list",
    "zone_id",
    "status",
    "inactive_cause",
    "inactive_by",
    "inactive_at",
    "origin",
    Cast("pinned_fields", TextField()),
    "revision",
    "user_id",
)


def in_scope(district: District, settings: ImportSettings) -> QuerySet[StaffAccount]:
    """Return the accounts at included matched schools and at the district."""
    at_schools = Q(school__match__isnull=False)
    if not settings.all_schools:
        at_schools &= Q(school__in=settings.schools.values("pk"))
    return StaffAccount.objects.filter(
        Q(school__isnull=True) | at_schools, district=district
    )


def accounts(district: District, rows: QuerySet[StaffAccount]) -> Iterator[Account]:
    """Yield the district's accounts in `rows` as the core takes them."""
    functions = _names(JobFunction, district)
    roles = _names(UserRole, district)
    zones = _names(Zone, district)
    here = ZoneInfo(district.time_zone)
    # Names and titles repeat; each is kept in memory once.
    same = dict[str, str]().setdefault
    for (
        pk, school, first, middle, last, title, email, employee_id, clever_id,
        function, role, teacher_list, counselor_list, zone, status,
        cause, by, at, origin, pinned, revision, user,
    ) in rows.order_by().values_list(*_ACCOUNT_COLUMNS).iterator():  # fmt: skip
        # In the order of the fields: by name it would take ten times as long.
        yield Account(
            _hyphenated(pk),
            school,
            same(first, first),
            same(middle, middle),
            same(last, last),
            same(title, title),
            email,
            employee_id,
            clever_id,
            functions[function],
            roles[role],
            teacher_list,
            counselor_list,
            zones[zone],
            status == StaffAccount.Status.ACTIVE,
            cause,
            by,
            _day(at, here),
            origin == StaffAccount.Origin.MANUAL,
            () if pinned == "[]" else tuple(json.loads(pinned)),
            revision,
            user is not None,
        )


def _hyphenated(text: str) -> str:
    """Return a UUID's text with hyphens; SQLite keeps it without."""
    return text if "-" in text else str(UUID(text))


def _names(
    model: type[JobFunction] | type[UserRole] | type[Zone], district: District
) -> dict[int | None, str]:
    rows = model.objects.filter(district=district).values_list("pk", "name")
    return {None: "", **dict(rows)}


def _day(moment: datetime | None, here: ZoneInfo) -> str:
    """Return a day as sentences say it: "Oct 3, 2026"."""
    if moment is None:
        return ""
    local = moment.astimezone(here)
    return f"{local:%b} {local.day}, {local.year}"


def decisions(district: District) -> list[Decision]:
    """Return the district's standing decisions."""
    standing = MatchDecision.objects.filter(district=district, revoked_at=None)
    return [
        Decision(
            kind=DecisionKind(decision.kind),
            account_id=str(decision.account_id),
            clever_id=decision.clever_id,
            others=tuple(decision.other_account_ids),
            by=decision.decided_by_name,
        )
        for decision in standing.order_by("clever_id", "account_id")
    ]


def base_test(run: ImportRun) -> ImportRun | None:
    """Return the test a final follows, or the newest plan of the one a test repeats."""
    base = run.base_run
    if base is None or base.kind != ImportRun.Kind.TEST:
        return None
    if run.kind != ImportRun.Kind.TEST:
        return base
    return plans_of(base).filter(pk__lt=run.pk).first()


def plans_of(test: ImportRun) -> QuerySet[ImportRun]:
    """Return a test and those that planned it again, as far as succeeded; newest first.

    `test` is the one that asked Clever.
    """
    return ImportRun.objects.filter(
        Q(pk=test.pk) | Q(base_run=test),
        kind=ImportRun.Kind.TEST,
        state=ImportRun.State.SUCCEEDED,
    )


def _removals(district: District, since: datetime) -> list[Removal]:
    archived = StaffAccount.objects.filter(
        district=district,
        status=StaffAccount.Status.INACTIVE,
        inactive_cause=StaffAccount.InactiveCause.RUN,
        inactive_at__gte=since,
    )
    roles = _names(UserRole, district)
    return [
        Removal(str(pk), school, roles[role], clever_id or "")
        for pk, school, role, clever_id in archived.order_by("pk").values_list(
            "pk", "school_id", "user_role_id", "clever_id"
        )
    ]


def _accounts_of_asker(run: ImportRun) -> frozenset[str]:
    if run.requested_by is None:
        return frozenset()
    own = accounts_in(run.district, run.requested_by)
    return frozenset(str(pk) for pk in own.values_list("pk", flat=True))
