"""What ever happened to a person's accounts: runs, edits, decisions; newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from accounts.models import StaffAccount
from accounts.people import Person
from accounts.services import load_trail
from schools.models import AuditEntry, District
from staffimport.models import ImportResult, ImportRun, MatchDecision
from staffimport.queries.words import ACCOUNT_FIELDS
from staffimport.settings.changes import Change

Outcome = ImportResult.Outcome
State = ImportResult.State
_NOT_SHOWN = (
    *("search_text", "candidates", "details"),
    *("run__timings", "run__notices", "run__counts", "run__proof"),
)
ALL_FIELDS = frozenset(ACCOUNT_FIELDS)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one account, or was decided about its person.

    `kind` is a badge's, `word` the badge's own words ("" for the kind's); `state` a
    second badge. `verb` is the audit trail's, of what no run did. `fields` are what it
    wrote. `run` and `row` are those that did it, if any, and `url` leads to that row.
    """

    at: datetime
    account: UUID | None
    kind: str
    by: str
    word: str = ""
    verb: str = ""
    state: str = ""
    text: str = ""
    note: str = ""
    changes: tuple[Change, ...] = ()
    fields: frozenset[str] = frozenset()
    run: ImportRun | None = None
    row: ImportResult | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """The same thing that happened to several accounts at once, told once."""

    events: tuple[Event, ...]

    @property
    def first(self) -> Event:
        """Return one of the events: all of them read the same."""
        return self.events[0]


def told_once(events: Iterable[Event]) -> list[Chapter]:
    """Return events, newest first, with those that read the same in one place."""
    chapters: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        at = event.run or event.at.replace(second=0, microsecond=0)
        alike = (event.kind, event.word, event.state, event.by, event.text, event.note)
        chapters.setdefault((at, *alike, event.changes), []).append(event)
    return [Chapter(tuple(same)) for same in chapters.values()]


def history(district: District, person: Person) -> list[Event]:
    """Return everything that happened to a person's accounts, newest first."""
    accounts = {account.pk: account for account in person.accounts}
    by_hand = list(_by_hand(accounts))
    told = {event.account for event in by_hand if event.verb == load_trail.LOADED}
    events = [
        *_by_runs(district, accounts),
        *by_hand,
        *_decisions(district, person),
        *_invitations(district, accounts),
        *_loaded(account for account in person.accounts if account.pk not in told),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _by_runs(district: District, accounts: Iterable[UUID]) -> Iterator[Event]:
    # Found by account alone, which is the district's: by its runs SQLite would read
    # every row of each.
    rows = ImportResult.objects.filter(
        account_id__in=list(accounts),
        writes=True,
        state__in=[State.APPLIED, State.HELD, State.DISMISSED],
        run__applied_at__isnull=False,
    ).order_by()
    shown = rows.select_related("run").defer(*_NOT_SHOWN)
    undos = district.import_runs.filter(kind=ImportRun.Kind.UNDO)
    undo_of = {undo.base_run_id: undo for undo in undos.exclude(applied_at=None)}
    for row in shown:
        run = row.run
        undone = f" Undone by {undo_of[run.pk]}." if run.pk in undo_of else ""
        yield Event(
            at=_when(row),
            account=row.account_id,
            kind="undo" if run.kind == ImportRun.Kind.UNDO else row.outcome,
            state="" if row.state == State.APPLIED else row.state,
            by=run.requested_by_name,
            text=_told(row) + undone,
            changes=tuple(_changes(row.changes)),
            fields=_written(row),
            run=run,
            row=row,
            url=reverse("staffimport:row", args=[run.pk, row.pk]),
        )


def _told(row: ImportResult) -> str:
    """Return the row's sentence; where only the tie changed, that one."""
    is_tied = row.clever_id and row.clever_id != row.previous_clever_id
    if is_tied and row.outcome == Outcome.MATCHED and not row.changes:
        return "Tied to this person in Clever. Nothing else changes."
    return row.reason


def _when(row: ImportResult) -> datetime:
    """Return when a row took effect: approved ones after their run."""
    applied = row.run.applied_at or row.run.requested_at
    return max(applied, row.resolved_at) if row.resolved_at else applied


def _written(row: ImportResult) -> frozenset[str]:
    """Return the fields that a row gave their value; a held one gave none."""
    if row.state != State.APPLIED:
        return frozenset()
    return ALL_FIELDS if row.outcome == Outcome.CREATED else frozenset(row.changes)


def _by_hand(accounts: Iterable[UUID]) -> Iterator[Event]:
    entries = AuditEntry.objects.filter(about__in=list(accounts)).order_by()
    for entry in entries.exclude(verb__in=_OF_DECISIONS):
        yield Event(
            at=entry.at,
            account=entry.about,
            kind=_KINDS.get(entry.verb, "edited"),
            word=entry.verb.capitalize(),
            verb=entry.verb,
            by=entry.actor_name,
            note=entry.note,
            changes=tuple(_changes(entry.changes)),
            fields=frozenset(entry.changes) & ALL_FIELDS,
        )


# Decisions tell more of themselves, such as that another one took them back.
_OF_DECISIONS = ("decided", "took back decision")
_KINDS = {
    "added account": "created",
    "deactivated account": "inactive",
    "reactivated account": "reactivated",
    load_trail.LOADED: "created",
    load_trail.DEACTIVATED: "inactive",
    load_trail.REACTIVATED: "reactivated",
}


def _decisions(district: District, person: Person) -> Iterator[Event]:
    ids = [account.pk for account in person.accounts]
    about = Q(account_id__in=ids)
    if person.clever_ids:
        about |= Q(clever_id__in=person.clever_ids)
    for decision in MatchDecision.objects.filter(about, district=district):
        account = decision.account_id if decision.account_id in ids else None
        words = decision.get_kind_display()
        yield Event(
            at=decision.decided_at,
            account=account,
            kind="decided",
            by=decision.decided_by_name,
            text=f"{words}.",
            note=decision.note,
        )
        if decision.revoked_at:
            yield Event(
                at=decision.revoked_at,
                account=account,
                kind="decided",
                word="Took back decision",
                by=decision.revoked_by_name,
                text=f"{words}.",
            )


def _invitations(district: District, accounts: Iterable[UUID]) -> Iterator[Event]:
    """Yield when somebody was invited, or why nobody was, and when they came."""
    found = district.invitations.filter(account__in=list(accounts))
    for invitation in found.select_related("account", "used_by"):
        account, kind = invitation.account_id, "invited"
        to = f"To {invitation.email}." if invitation.email else ""
        if invitation.used_at:
            by, word = str(invitation.used_by or invitation), "Naviance ID set up"
            yield Event(invitation.used_at, account, kind, by, word)
        if invitation.sent_at:
            yield Event(invitation.sent_at, account, kind, "NavSync", text=to)
        elif invitation.problem:
            at = invitation.claimed_at or invitation.created_at
            word, text = invitation.get_state_display(), f"{to} {invitation.problem}"
            yield Event(at, account, kind, "NavSync", word, text=text.strip())


def _loaded(accounts: Iterable[StaffAccount]) -> Iterator[Event]:
    for account in accounts:
        if account.origin == StaffAccount.Origin.LOADED:
            yield Event(
                at=account.created_at,
                account=account.pk,
                kind="created",
                word="Loaded",
                verb=load_trail.LOADED,
                by="Naviance Support",
                text="Was in Naviance before the first import.",
                fields=ALL_FIELDS,
            )


def _changes(stored: dict[str, list[object]]) -> Iterator[Change]:
    for name, pair in stored.items():
        old, new = (_text(value) for value in pair[:2])
        yield Change(_named(name), old, new)


def _named(field: str) -> str:
    return ACCOUNT_FIELDS.get(field, field.replace("_", " ").capitalize())


def _text(value: object) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_named(str(v)) for v in value)
    return str(value)
