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

from clever.errors import CleverError
from schools.audit import Actor
from schools.csv_admin import actor_of
from schools.errors import RefusedError
from schools.keys import is_key
from schools.models import District
from schools.support_actions import (
    Given,
    SupportAction,
    allowed_actions,
    find_action,
)

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


def list_actions(request: HttpRequest) -> dict[str, ListAction]:
    """Return the actions as those of an admin list: each leads to its page."""
    allowed = [a for a in allowed_actions(request.user) if not a.is_for_one]
    return {action.name: _list_action(action) for action in allowed}


def _list_action(action: SupportAction) -> ListAction:
    def lead(
        _admin: object, _request: HttpRequest, chosen: QuerySet[District]
    ) -> HttpResponse:
        return redirect(action_address(action, list(chosen.defer("clever_token"))))

    return lead, action.name, f"{action.label} …"


def action_page(model_admin: Admin, request: HttpRequest, name: str) -> HttpResponse:
    """Ask for what an action needs; sent, carry it out for each district chosen.

    Raises Http404 for what is not there, PermissionDenied for who may not.
    """
    action = find_action(name)
    if action is None:
        raise Http404
    if "district" not in request.GET:
        messages.error(request, "Tick the districts first, then choose what to do.")
        return HttpResponseRedirect(_way_back(request, []))
    districts = _chosen(model_admin, request, action)
    # Where a link names what is meant, the form has it already.
    form = action.form(
        request.POST or None, districts=districts, initial=request.GET.dict()
    )
    if request.method == "POST" and form.is_valid():
        done, problems = _carry_out(
            action, districts, actor_of(request), form.cleaned_data
        )
        for sentence in done:
            messages.success(request, sentence)
        if done:
            for problem in problems:
                messages.error(request, problem)
            return HttpResponseRedirect(_way_back(request, districts))
        for problem in problems:
            form.add_error(None, problem)
    # Who was refused reads why above the form.
    suited = [each for each in districts if action.suits(each)]
    asks = not form.non_field_errors()
    unsuited = [each for each in districts if asks and each not in suited]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": action.label,
        "action": action,
        "districts": districts,
        "unsuited": unsuited,
        "why_not": _told(action.why_not, unsuited),
        "about": _told(action.about, suited),
        # Who has sent a reason and is refused keeps what they typed.
        "is_shut": request.method != "POST" and len(unsuited) == len(districts),
        "form": form,
        "back": _way_back(request, districts),
    }
    return render(request, "admin/schools/district/action.html", context)


def _told(
    tell: Callable[[District], list[str]], districts: list[District]
) -> list[str]:
    """Return what there is to tell of some districts, each named if there are more."""
    return [
        sentence if len(districts) == 1 else _named(district, sentence)
        for district in districts
        for sentence in tell(district)
    ]


def _chosen(
    model_admin: Admin, request: HttpRequest, action: SupportAction
) -> list[District]:
    """Return the districts of the address. Raises PermissionDenied, Http404."""
    may_act = request.user.has_perm(action.permission)
    if not (may_act and model_admin.has_view_permission(request)):
        raise PermissionDenied
    given = request.GET.getlist("district")
    numbers = [int(n) for n in given if is_key(n)]
    found = model_admin.get_queryset(request).defer("clever_token")
    districts = list(found.filter(pk__in=numbers[:MOST_CHOSEN]))
    if not districts or (action.is_for_one and len(districts) > 1):
        raise Http404
    return districts


def _carry_out(
    action: SupportAction, districts: list[District], actor: Actor, given: Given
) -> tuple[list[str], list[str]]:
    """Carry an action out for each district; return what was done, and what not."""
    done, problems = [], []
    for district in districts:
        try:
            done.append(action.carry_out(district, actor, given))
        except RefusedError as error:
            told = error.user_message
            problems.append(told if len(districts) == 1 else _named(district, told))
        except CleverError as error:
            problems.append(_named(district, error.user_message))
    return done, problems


def _named(district: District, sentence: str) -> str:
    """Return a sentence with the district before it, unless it begins with it."""
    name = str(district)
    return sentence if sentence.startswith(name) else f"{name}: {sentence}"


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
