"""What support needs of a district at a call: short lists, each leading to all of it.

Everything is read anew; times are in the district's own zone, as its people name them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.access import may_manage_import
from accounts.models import Invitation, StaffAccount
from accounts.queries import invitations
from navsync.facts import Overview, read_overview
from navsync.support.fleet import Line, line_of
from navsync.templatetags.console import moment
from schools.clock import zone_of
from schools.models import AuditEntry, CleverSchool, District, SchoolMatch
from staffimport.models import ImportResult, ImportRun, ImportSettings
from staffimport.queries.audit import changes_of
from staffimport.queries.audit_words import verb_in_words
from staffimport.queries.runs import latest_runs, rows_waiting
from staffimport.wording import counted, summary

SHOWN = 8
"""Entries of a short list."""


_TOLD = 3
"""Changes of one entry of the audit trail; its own page has all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: what it is, where that leads, and what there is to say."""

    name: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A short list with a heading; `all_url` leads to all of it, `all` says so."""

    title: str
    entries: list[Entry]
    empty: str
    all: str
    all_url: str


@dataclass(frozen=True, slots=True)
class DistrictPage:
    """Where a district stands, what waits for its people, and the short lists."""

    line: Line
    overview: Overview
    sections: list[Section]


def read_page(district: District, request: HttpRequest, now: datetime) -> DistrictPage:
    """Return what the page shows of a district to this person.

    A list whose objects they may not look at is left out.
    """
    with timezone.override(zone_of(district)):
        overview = read_overview(district, now)
        sections = [
            build(district, overview)
            for permission, build in _SECTIONS
            if request.user.has_perm(permission)
        ]
        return DistrictPage(line_of(district, overview.facts.now), overview, sections)


def _list_of(model: type[Model], district: District, **narrowed: str) -> str:
    """Return the address of an admin's list with the rows of a district."""
    opts = model._meta  # noqa: SLF001 - Django's own API
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return f"{address}?{urlencode({'district': str(district.pk), **narrowed})}"


def _page_of(shown: Model) -> str:
    """Return the address of an object's page in the admin."""
    opts = shown._meta  # noqa: SLF001 - Django's own API
    name = f"admin:{opts.app_label}_{opts.model_name}_change"
    return reverse(name, args=[shown.pk])


def _runs(district: District, _: Overview) -> Section:
    entries = [
        Entry(
            str(run),
            f"{moment(run.requested_at)}, {run.requested_by_name}: "
            f"{run.get_state_display()}. {summary(run)}",
            _page_of(run),
        )
        for run in latest_runs(district, SHOWN)
    ]
    url = _list_of(ImportRun, district)
    return Section("Runs", entries, "No run yet.", "All runs", url)


def _held(district: District, overview: Overview) -> Section:
    rows = rows_waiting(district, overview.facts.test)
    entries = [
        Entry(
            _name(row),
            f"{row.get_held_reason_display()}. {row.reason}",
            _page_of(row),
        )
        for row in rows.order_by("-run_id", "position")[:SHOWN]
    ]
    title = f"Held rows ({overview.facts.held:,})"
    url = _list_of(ImportResult, district, state__exact=ImportResult.State.HELD)
    return Section(title, entries, "No held row waits.", "All held rows", url)


def _conflicts(district: District, overview: Overview) -> Section:
    run = overview.facts.test or overview.applied
    entries: list[Entry] = []
    if run is not None and overview.facts.conflicts:
        rows = run.results.filter(outcome=ImportResult.Outcome.CONFLICT)
        entries = [
            Entry(_name(row), row.reason, _page_of(row))
            for row in rows.order_by("position")[:SHOWN]
        ]
    title = f"Conflicts ({overview.facts.conflicts:,})"
    url = _list_of(ImportResult, district, outcome__exact=ImportResult.Outcome.CONFLICT)
    return Section(title, entries, "No conflict waits.", "All conflicts", url)


def _settings(district: District, _: Overview) -> Section:
    chosen = (
        ImportSettings.objects.filter(district=district)
        .select_related("school_user_role", "district_user_role", "district_zone")
        .first()
    )
    sso = {True: "Yes", False: "No, people are invited", None: "Not said yet"}
    entries = [Entry("Uses Clever SSO", sso[district.uses_sso])]
    if chosen is not None:
        saved = f"{moment(chosen.saved_at)} by {chosen.saved_by}"
        schools = "All matched" if chosen.all_schools else "Chosen ones"
        entries += [
            Entry("Saved", saved if chosen.saved_at else "Not yet", _page_of(chosen)),
            Entry("Schools", schools),
            Entry("Title keywords", f"{chosen.keywords.count():,}"),
            Entry("School default", str(chosen.school_user_role or "No role")),
            Entry("District default", str(chosen.district_user_role or "No role")),
            Entry("Zone", str(chosen.district_zone or "Not restricted")),
        ]
    url = _list_of(ImportSettings, district)
    return Section("Import settings", entries, "", "Import settings", url)


def _matches(district: District, overview: Overview) -> Section:
    matches = district.school_matches.select_related("school", "clever_school")
    locked = matches.filter(imported_at__isnull=False)
    entries = [
        Entry(school.name, "In Clever, not matched", _page_of(school))
        for school in CleverSchool.objects.filter(
            district=district, is_shared=True, match=None
        )[:SHOWN]
    ]
    entries += [
        Entry(str(match), "Locked", _page_of(match))
        for match in locked.order_by("school__name")[: SHOWN - len(entries)]
    ]
    title = (
        f"School matches ({overview.facts.matched_schools:,} of "
        f"{counted(overview.facts.clever_schools, 'Clever school')}, "
        f"{locked.count():,} locked)"
    )
    url = _list_of(SchoolMatch, district)
    return Section(title, entries, "Nothing unmatched or locked.", "All matches", url)


def _admins(district: District, _: Overview) -> Section:
    accounts = StaffAccount.objects.filter(
        district=district, school=None, status=StaffAccount.Status.ACTIVE
    ).select_related("user_role", "user")
    entries = [
        Entry(
            _name(account),
            ", ".join(
                filter(None, [account.email, str(account.user_role), _seen(account)])
            ),
            _page_of(account),
        )
        for account in accounts.order_by("last_name", "first_name", "pk")
        if may_manage_import(account)
    ]
    url = _list_of(StaffAccount, district)
    nobody = "Nobody may manage the data import."
    return Section("Admins", entries[:SHOWN], nobody, "All staff accounts", url)


def _name(person: ImportResult | StaffAccount) -> str:
    """Return whose row or account it is, by what there is of a name."""
    name = f"{person.first_name} {person.last_name}".strip()
    return name or person.email or "No name"


def _seen(account: StaffAccount) -> str:
    if account.user is None:
        return "no Naviance ID yet"
    last = account.user.last_login
    return f"last signed in {moment(last)}" if last else "has never signed in"


def _invitations(district: District, _: Overview) -> Section:
    counts = invitations.counts(district, timezone.now())
    entries = [
        Entry(word, counted(counts[state], "person", "people"))
        for state, word in invitations.WORDS.items()
        if counts[state]
    ]
    url = _list_of(Invitation, district)
    nobody = "Nobody was invited."
    if district.uses_sso:
        nobody = "Nobody was invited: the district uses Clever SSO."
    return Section("Invitations", entries, nobody, "All invitations", url)


def _audit(district: District, _: Overview) -> Section:
    entries = [
        Entry(
            f"{entry.actor_name} {verb_in_words(entry.verb)}",
            ". ".join(
                filter(
                    None,
                    [moment(entry.at), entry.target, _changed(entry), entry.note],
                )
            ),
            _page_of(entry),
        )
        for entry in AuditEntry.objects.filter(district=district)[:SHOWN]
    ]
    url = _list_of(AuditEntry, district)
    return Section("Audit trail", entries, "No entry yet.", "The whole trail", url)


def _changed(entry: AuditEntry) -> str:
    """Return what an entry changed: "launch date: Nov 9, 2026 → Dec 5, 2026"."""
    changes = changes_of(entry, timezone.get_current_timezone())
    told = [f"{c.part}: {c.old or '–'} → {c.new or '–'}" for c in changes[:_TOLD]]
    if len(changes) > _TOLD:
        told.append(f"and {len(changes) - _TOLD} more")
    return "; ".join(told)


_Build = Callable[[District, Overview], Section]
_SECTIONS: Iterable[tuple[str, _Build]] = (
    ("staffimport.view_importrun", _runs),
    ("staffimport.view_importresult", _held),
    ("staffimport.view_importresult", _conflicts),
    ("schools.view_schoolmatch", _matches),
    ("staffimport.view_importsettings", _settings),
    ("accounts.view_staffaccount", _admins),
    ("accounts.view_invitation", _invitations),
    ("schools.view_auditentry", _audit),
)
