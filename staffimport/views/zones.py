"""Zones: all of them, making one, its name and schools, deleting it."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Zone
from accounts.services.naming import NameRefusedError
from accounts.services.zone_edits import (
    NO_SCHOOLS_ZONE,
    ZoneSetting,
    create_zone,
    is_no_schools_zone,
    setting_of,
)
from schools.access import ConsoleRequest, actor_of, manages_roles
from schools.errors import RefusedError
from staffimport.queries.uses import zone_uses
from staffimport.services.zones import change_zone, delete_zone
from staffimport.views.deleting import ask_and_delete

_NAMED = 5  # schools of a zone that the list names


@require_safe
@manages_roles
def zones(request: ConsoleRequest) -> HttpResponse:
    """Show the district's zones with their schools and what uses them."""
    uses = zone_uses(request.district)
    own = request.district.zones.annotate(number=Count("schools"))
    found = own.order_by("name").prefetch_related("schools")
    staff = request.district.staff_accounts.filter(school__isnull=True, status="active")
    context = {
        "rows": [
            (
                zone,
                [school.name for school in zone.schools.all()][:_NAMED],
                max(0, zone.number - _NAMED),
                uses[zone.pk],
                is_no_schools_zone(zone.name),
            )
            for zone in found
        ],
        "unrestricted": staff.filter(zone__isnull=True).count(),
        "has_no_schools_zone": any(is_no_schools_zone(zone.name) for zone in found),
        "no_schools_zone": NO_SCHOOLS_ZONE,
    }
    return render(request, "zones/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manages_roles
def add(request: ConsoleRequest) -> HttpResponse:
    """Show the form of a new zone; sent, make it."""
    if request.method != "POST":
        return _page(request, None, ZoneSetting(request.GET.get("name", "")), {})
    wanted = _sent(request.POST)
    try:
        zone = create_zone(request.district, wanted, actor_of(request))
    except NameRefusedError as refusal:
        return _page(request, None, wanted, {"name": refusal.user_message})
    except RefusedError as refusal:
        return _page(request, None, wanted, {"schools": refusal.user_message})
    messages.success(request, f"The zone {zone} is made.")
    return redirect("staffimport:zones")


@require_http_methods(["GET", "HEAD", "POST"])
@manages_roles
def zone(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one zone; sent, save its name and schools."""
    found = _zone(request, pk)
    if request.method != "POST":
        return _page(request, found, setting_of(found), {})
    wanted, seen = _sent(request.POST), _seen(request.POST)
    try:
        changes = change_zone(found, wanted, seen, actor_of(request))
    except NameRefusedError as refusal:
        fault = {"name": refusal.user_message}
        return _page(request, _zone(request, pk), wanted, fault, seen)
    except RefusedError as refusal:
        fault = {"form": refusal.user_message}
        return _page(request, _zone(request, pk), wanted, fault)
    if changes:
        messages.success(request, f"Saved: {found}. This holds from now on.")
    else:
        messages.info(request, "Nothing to save: nothing was changed.")
    return redirect("staffimport:zones")


@require_http_methods(["GET", "HEAD", "POST"])
@manages_roles
def delete(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask before a zone is deleted; sent, do it."""
    found = _zone(request, pk)
    uses = zone_uses(request.district)[found.pk]
    return ask_and_delete(request, "zone", found, uses, delete_zone)


def _zone(request: ConsoleRequest, pk: int) -> Zone:
    return get_object_or_404(request.district.zones, pk=pk)


_DIGITS = 18


def _sent(sent: QueryDict) -> ZoneSetting:
    """Return the name and the schools that a form sent."""
    return ZoneSetting(sent.get("name", ""), _keys(sent.getlist("school")))


def _seen(sent: QueryDict) -> ZoneSetting:
    """Return what the form showed when it was made."""
    schools = sent.get("seen-schools", "").split(",")
    return ZoneSetting(sent.get("seen-name", ""), _keys(schools))


def _keys(texts: list[str]) -> frozenset[int]:
    return frozenset(int(pk) for pk in texts if pk.isdecimal() and len(pk) < _DIGITS)


def _page(
    request: ConsoleRequest,
    found: Zone | None,
    shown: ZoneSetting,
    faults: dict[str, str],
    seen: ZoneSetting | None = None,
) -> HttpResponse:
    """Show a zone's form: what was typed, beside what its sender had seen."""
    known = request.district.schools.order_by("name").values_list("pk", "name")
    if seen is None:
        seen = setting_of(found) if found else ZoneSetting("")
    context = {
        "zone": found,
        "name": shown.name,
        "schools": [(pk, name, pk in shown.schools) for pk, name in known],
        "number": len(shown.schools),
        "seen_name": seen.name,
        "seen_schools": ",".join(map(str, sorted(seen.schools))),
        "uses": zone_uses(request.district)[found.pk] if found else None,
        "is_no_schools": found is not None
        and is_no_schools_zone(found.name)
        and not setting_of(found).schools,
        "faults": faults,
    }
    return render(request, "zones/zone.html", context)
