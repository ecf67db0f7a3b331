"""One role: making it, its name and level, its built-in rights again, deleting it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Right, UserRole
from accounts.services.role_edits import RoleFaultsError, create_role
from accounts.services.role_rights import (
    OwnAccessError,
    RoleSetting,
    built_in_setting,
    in_words,
    reset_rights,
    setting_of,
)
from schools.access import ConsoleRequest, actor_of, manages_roles
from schools.errors import RefusedError
from staffimport.queries.uses import role_uses
from staffimport.services.roles import delete_role, rename_role
from staffimport.views.deleting import ask_and_delete
from staffimport.views.roles import ESSENTIAL, HEADS

_LEVELS = UserRole.Level.choices


@require_http_methods(["GET", "HEAD", "POST"])
@manages_roles
def add(request: ConsoleRequest) -> HttpResponse:
    """Show the form of a new role; sent, make it."""
    if request.method != "POST":
        return _add_page(request, {})
    name, level = request.POST.get("name", ""), request.POST.get("level", "")
    ticked = request.POST.getlist("right")
    rights = frozenset(right for right in ticked if right in Right.values)
    setting = RoleSetting(rights, ESSENTIAL in ticked)
    try:
        role = create_role(request.district, name, level, setting, actor_of(request))
    except RoleFaultsError as refusal:
        return _add_page(request, refusal.by_field)
    messages.success(request, f"The role {role} is made. Give it to people on Staff.")
    return redirect("staffimport:roles")


@require_http_methods(["GET", "HEAD", "POST"])
@manages_roles
def role(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one role with what uses it; sent, save its name and level."""
    found = _role(request, pk)
    if request.method != "POST":
        return _page(request, found, {})
    seen = request.POST.get("seen-name", ""), request.POST.get("seen-level", "")
    name, level = request.POST.get("name", ""), request.POST.get("level", "")
    try:
        changes = rename_role(found, name, level, seen, actor_of(request))
    except RoleFaultsError as refusal:
        return _page(request, _role(request, pk), refusal.by_field)
    except RefusedError as refusal:
        return _page(request, _role(request, pk), {"form": refusal.user_message})
    if not changes:
        messages.info(request, "Nothing to save: nothing was changed.")
    elif "name" in changes:
        old, new = changes["name"]
        messages.success(
            request, f"{old} is called {new} now. Accounts and settings keep the role."
        )
    else:
        messages.success(request, f"Saved: the level of {found}.")
    return redirect("staffimport:role", found.pk)


@require_POST
@manages_roles
def reset(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give a built-in role the rights it came with."""
    found = _role(request, pk)
    knows = "knows" in request.POST
    try:
        is_changed = reset_rights(found, actor_of(request), knows=knows)
    except OwnAccessError as refusal:
        return _page(request, found, {"own": refusal.user_message})
    except RefusedError as refusal:
        messages.error(request, f"Nothing was changed. {refusal.user_message}")
    else:
        if is_changed:
            messages.success(request, f"{found} has its built-in rights again.")
        else:
            messages.info(request, f"{found} has its built-in rights already.")
    return redirect("staffimport:role", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@manages_roles
def delete(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask before a role is deleted; sent, do it."""
    found = _role(request, pk)
    if found.is_built_in:
        messages.error(request, f"{found} comes with Naviance, so it can’t be deleted.")
        return redirect("staffimport:role", found.pk)
    uses = role_uses(request.district)[found.pk]
    return ask_and_delete(request, "role", found, uses, delete_role)


def _role(request: ConsoleRequest, pk: int) -> UserRole:
    return get_object_or_404(request.district.user_roles, pk=pk)


def _add_page(request: ConsoleRequest, faults: dict[str, str]) -> HttpResponse:
    sent = request.POST
    context = {
        "name": sent.get("name", ""),
        "level": sent.get("level", ""),
        "levels": _LEVELS,
        "boxes": [
            (name, label, name in sent.getlist("right"), faults.get(f"right-{name}"))
            for name, label in HEADS
        ],
        "faults": faults,
    }
    return render(request, "roles/add.html", context)


def _page(
    request: ConsoleRequest, found: UserRole, faults: dict[str, str]
) -> HttpResponse:
    shipped, now = built_in_setting(found), setting_of(found)
    context = {
        "role": found,
        "name": request.POST.get("name", found.name),
        "level": request.POST.get("level", found.level),
        "levels": _LEVELS,
        "uses": role_uses(request.district)[found.pk],
        "rights": in_words(now.rights),
        "built_in": in_words(shipped.rights) if shipped else "",
        "differs": shipped is not None and shipped != now,
        "faults": faults,
    }
    return render(request, "roles/role.html", context)
