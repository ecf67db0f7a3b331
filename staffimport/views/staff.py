"""The staff list: the district's people, with search, filters and a CSV."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Within, schools_in_reach
from accounts.forms import roles_within
from accounts.models import StaffAccount
from accounts.people import shown
from accounts.queries.people import site_managers
from schools.access import ConsoleRequest, may_manage_staff, opens_console
from schools.models import District
from staffimport.gate import sync_reasons
from staffimport.queries.filters import DISTRICT_LEVEL, kept
from staffimport.queries.staff_filters import (
    CLEVER,
    NO_ROLE,
    NO_ZONE,
    ORDER_WORDS,
    PINS,
    drifts,
    narrow,
    order_of,
)
from staffimport.queries.staff_list import (
    MOST_COUNTED,
    StaffLine,
    is_narrowed,
    staff_page,
)
from staffimport.queries.words import ACCOUNT_FIELDS
from staffimport.staff_export import staff_csv_lines
from staffimport.views.downloads import stream


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list, in words.

    `about` are the titles and e-mail addresses of all accounts, each once; `active` and
    `tied` count accounts. `pinned` names the fields edited by hand, `drifts` says what
    Clever says of them instead.
    """

    line: StaffLine
    name: str
    about: str
    origins: str
    active: int
    tied: int
    pinned: str
    drifts: list[str]

    @property
    def number(self) -> int:
        """Return how many accounts the person has."""
        return len(self.line.person.accounts)


@require_safe
@opens_console
def staff(request: ConsoleRequest) -> HttpResponse:
    """Show the people that somebody sees, one page of them."""
    district = request.district
    within = schools_in_reach(request.user, district)
    page = staff_page(district, request.GET, within)
    filters = kept(request.GET)
    context = {
        "page": page,
        "lines": [_line(line) for line in page.lines],
        "filters": filters,
        "is_narrowed": is_narrowed(request.GET),
        "most_counted": MOST_COUNTED,
        "choices": _choices(district, within),
        "managers": site_managers(district, but=request.user)
        if request.is_restricted
        else [],
        "drifts": shown(district, within).filter(drifts).count(),
        "sync_reasons": sync_reasons(district),
        "may_manage": may_manage_staff(request),
    }
    return render(request, "staff/list.html", context)


@require_safe
@opens_console
def staff_csv(request: ConsoleRequest) -> StreamingHttpResponse:
    """Return the accounts that the filter leaves as CSV, sent while they are read."""
    within = schools_in_reach(request.user, request.district)
    accounts = order_of(request.GET).sort(narrow(request.district, request.GET, within))
    return stream(staff_csv_lines(accounts), f"{request.district.slug}-staff.csv")


def name_of(account: StaffAccount) -> str:
    """Return a person as tables name them: "Lee, Jordan"."""
    last = account.last_name or "(no last name)"
    return f"{last}, {account.first_name}" if account.first_name else last


def _line(line: StaffLine) -> Line:
    accounts = line.person.accounts
    return Line(
        line=line,
        name=name_of(line.first),
        about=_each_once(
            [*(a.job_title for a in accounts), *(a.email for a in accounts)]
        ),
        origins=_each_once(account.get_origin_display() for account in accounts),
        active=sum(a.status == StaffAccount.Status.ACTIVE for a in accounts),
        tied=sum(bool(a.clever_id) for a in accounts),
        pinned=_each_once(
            ACCOUNT_FIELDS[name] for a in accounts for name in a.pinned_fields
        ),
        drifts=[
            f"{ACCOUNT_FIELDS[drift.field]}: Clever says “{drift.clever_value}”"
            for drift in line.drifts
        ],
    )


def _each_once(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, texts)))


def _choices(district: District, within: Within) -> dict[str, list[tuple[str, str]]]:
    """Return what each list of the filter offers."""
    schools = [
        (str(pk), name)
        for pk, name in district.schools.order_by("name").values_list("pk", "name")
        if within is None or pk in within
    ]
    roles = roles_within(district, within).order_by("name").values_list("pk", "name")
    zones = [
        (str(pk), name)
        for pk, name in district.zones.order_by("name").values_list("pk", "name")
        if within is None  # zones are of the district's own accounts
    ]
    return {
        "school": [
            *([(DISTRICT_LEVEL, "District level")] if within is None else []),
            *schools,
        ],
        "role": [*((str(pk), name) for pk, name in roles), (NO_ROLE, "No role")],
        "zone": [*zones, (NO_ZONE, "Full access")] if zones else [],
        "status": [
            (str(value), str(word)) for value, word in StaffAccount.Status.choices
        ],
        "clever": [*CLEVER.items()],
        "origin": [
            (str(value), str(word)) for value, word in StaffAccount.Origin.choices
        ],
        "pins": [*PINS.items()],
        "sort": [*ORDER_WORDS.items()],
    }
