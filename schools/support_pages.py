"""The page of the Django admin on which support gives an action's reason."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from schools.audit import Actor
from schools.csv_admin import actor_of
from schools.errors import RefusedError
from schools.models import District
from schools.support_actions import ACTIONS, Given, SupportAction, find_action

Admin: TypeAlias = "admin.ModelAdmin[District]"
MOST_CHOSEN = 200
PAGE = "schools_district_action"
"""Name of the page's address in the admin; it takes the action's name."""


def action_address(
    action: SupportAction, districts: Sequence[District], back: str = ""
) -> str:
    """Return the address of an action's page for some districts.

    Afterwards support comes back to `back`, an address of ours; without it to the
    district's own page, or to the list of districts.
    """
    query = {"district": [str(district.pk) for district in districts]}
    if back:
        query["next"] = [back]
    page = reverse(f"admin:{PAGE}", args=[action.name])
    return f"{page}?{urlencode(query, doseq=True)}"


ListAction: TypeAlias = tuple[Callable[..., HttpResponse], str, str]


def list_actions() -> dict[str, ListAction]:
    """Return the actions as those of an admin list: each leads to its page."""
    return {action.name: _list_action(action) for action in ACTIONS}


def _list_action(action: SupportAction) -> ListAction:
    def lead(
        _admin: object, _request: HttpRequest, chosen: QuerySet[District]
    ) -> HttpResponse:
        return redirect(action_address(action, list(chosen.defer("clever_token"))))

    return lead, action.name, f"{action.label} …"


def action_page(model_admin: Admin, request: HttpRequest, name: str) -> HttpResponse:
    """Ask for what an action needs; sent, carry it out for each district chosen."""
    action, districts = find_action(name), _chosen(model_admin, request)
    if action is None or not districts:
        raise Http404
    form = action.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        problems = _carry_out(action, districts, actor_of(request), form.cleaned_data)
        for district in districts:
            if district.pk not in problems:
                messages.success(request, action.done.format(district))
        if len(problems) < len(districts):
            for problem in problems.values():
                messages.error(request, problem)
            return HttpResponseRedirect(_way_back(request, districts))
        for problem in problems.values():
            form.add_error(None, problem)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": action.label,
        "action": action,
        "districts": districts,
        "unsuited": [d for d in districts if not action.suits(d)],
        "form": form,
        "back": _way_back(request, districts),
    }
    return render(request, "admin/schools/district/action.html", context)


def _chosen(model_admin: Admin, request: HttpRequest) -> list[District]:
    """Return the districts of the address. Raises PermissionDenied."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    numbers = [int(n) for n in request.GET.getlist("district") if n.isdecimal()]
    found = model_admin.get_queryset(request).defer("clever_token")
    districts = list(found.filter(pk__in=numbers[:MOST_CHOSEN]))
    if not all(model_admin.has_change_permission(request, d) for d in districts):
        raise PermissionDenied
    return districts


def _carry_out(
    action: SupportAction, districts: list[District], actor: Actor, given: Given
) -> dict[int, str]:
    """Carry an action out for each district; return why not, by district."""
    problems = {}
    for district in districts:
        try:
            action.carry_out(district, actor, given)
        except RefusedError as error:
            problems[district.pk] = error.user_message
    return problems


def _way_back(request: HttpRequest, districts: list[District]) -> str:
    back = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    )
    if back and is_ours:
        return back
    if len(districts) == 1:
        return reverse("admin:schools_district_change", args=[districts[0].pk])
    return reverse("admin:schools_district_changelist")
