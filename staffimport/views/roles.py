"""Roles and rights: all roles, what each may do, and saving that."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import Right, UserRole
from accounts.services.role_rights import (
    OwnAccessError,
    RoleEdit,
    RolesChangedError,
    RoleSetting,
    change_roles,
    idle_rights,
    setting_of,
)
from schools.access import ConsoleRequest, actor_of, manages_roles
from schools.errors import RefusedError
from schools.models import District
from staffimport.core.explain import listed
from staffimport.queries.uses import Uses, role_uses

ESSENTIAL = "essential"
HEADS = [
    *((str(right.value), str(right.label)) for right in Right),
    (ESSENTIAL, "Essential for the brake"),
]
_WORDS = dict(HEADS)

Seen = dict[int, RoleSetting]


@dataclass(frozen=True, slots=True)
class Cell:
    """One box of the grid: ticked as on the page, and as it is saved.

    One that `is_idle` is no box: the right works for no account with the role.
    """

    name: str
    label: str
    is_ticked: bool
    was_ticked: bool
    is_idle: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One role of the grid."""

    role: UserRole
    uses: Uses
    cells: list[Cell]

    @property
    def is_changed(self) -> bool:
        """Whether a box of it isn't saved."""
        return any(cell.is_ticked != cell.was_ticked for cell in self.cells)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page says of what was sent."""

    refusal: str = ""
    asks_own: bool = False
    joined_by: str = ""
    taken: tuple[str, ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@manages_roles
def roles(request: ConsoleRequest) -> HttpResponse:
    """Show all roles with their rights; sent, save what was ticked or unticked.

    Boxes that somebody else has changed since the page was shown are taken over, and
    nothing is saved before that was seen.
    """
    district = request.district
    if request.method != "POST":
        now = _now(district)
        return _page(request, now, now)
    seen = _seen(request.POST)
    wanted = {pk: _wanted(request.POST, pk) for pk in seen}
    edits = {pk: RoleEdit(seen[pk], wanted[pk]) for pk in seen}
    knows = "knows" in request.POST
    try:
        changed = change_roles(district, edits, actor_of(request), knows=knows)
    except RolesChangedError:
        return _join(request, seen, wanted)
    except OwnAccessError as refusal:
        told = _Told(refusal.user_message, asks_own=True)
        return _page(request, seen, wanted, told)
    except RefusedError as refusal:
        return _page(request, seen, wanted, _Told(refusal.user_message))
    if changed:
        names = listed(role.name for role in changed)
        messages.success(
            request, f"Saved: {names}. This holds from everybody’s next page on."
        )
    else:
        messages.info(request, "Nothing to save: nothing was changed.")
    return redirect("staffimport:roles")


def _now(district: District) -> Seen:
    return {role.pk: setting_of(role) for role in district.user_roles.all()}


def _seen(sent: QueryDict) -> Seen:
    """Return what the page showed when it was made; nothing where it doesn't say."""
    try:
        base = json.loads(sent.get("base", ""))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(base, dict):
        return {}
    return {
        int(pk): _setting(names)
        for pk, names in base.items()
        if pk.isdecimal() and len(pk) < _DIGITS and isinstance(names, list)
    }


_DIGITS = 18


def _wanted(sent: QueryDict, pk: int) -> RoleSetting:
    return _setting(sent.getlist(f"role-{pk}"))


def _setting(names: list[str]) -> RoleSetting:
    known = {name for name in names if name in Right.values}
    return RoleSetting(frozenset(known), ESSENTIAL in names)


def _names(setting: RoleSetting) -> frozenset[str]:
    """Return the boxes that are ticked for a setting."""
    return setting.rights | ({ESSENTIAL} if setting.is_essential else set())


def _join(request: ConsoleRequest, seen: Seen, wanted: Seen) -> HttpResponse:
    """Show the grid with what both have changed, and what that is.

    A box has two states, so two edits of it can't clash.
    """
    now = _now(request.district)
    joined, taken = dict(now), []
    roles = dict(request.district.user_roles.values_list("pk", "name"))
    for pk in sorted(seen, key=lambda pk: roles.get(pk, "")):
        if pk not in now:
            taken.append("A role you saw was deleted; so are your changes to it.")
            continue
        was, theirs, yours = (_names(each[pk]) for each in (seen, now, wanted))
        mine_alone = (was ^ yours) - (was ^ theirs)
        joined[pk] = _setting(sorted(theirs ^ mine_alone))
        gained = [_WORDS[name] for name in _WORDS if name in theirs - was]
        lost = [_WORDS[name] for name in _WORDS if name in was - theirs]
        taken += [f"{roles[pk]} got {listed(gained)}."] if gained else []
        taken += [f"{roles[pk]} lost {listed(lost)}."] if lost else []
    newest = request.district.audit_entries.filter(verb__endswith=" role").first()
    by = newest.actor_name if newest else "Somebody"
    return _page(request, now, joined, _Told(joined_by=by, taken=tuple(taken)))


def _page(
    request: ConsoleRequest, seen: Seen, wanted: Seen, told: _Told | None = None
) -> HttpResponse:
    uses = role_uses(request.district)
    rows = [
        _row(role, uses[role.pk], seen, wanted)
        for role in request.district.user_roles.order_by("level", "name")
    ]
    context = {
        "levels": [
            (label, [row for row in rows if row.role.level == level])
            for level, label in UserRole.Level.choices
        ],
        "heads": HEADS,
        "base": json.dumps({pk: sorted(_names(s)) for pk, s in seen.items()}),
        "told": told or _Told(),
        "changes": sum(row.is_changed for row in rows),
    }
    return render(request, "roles/list.html", context)


def _row(role: UserRole, uses: Uses, seen: Seen, wanted: Seen) -> Row:
    now = setting_of(role)
    was, ticked = _names(seen.get(role.pk, now)), _names(wanted.get(role.pk, now))
    idle = idle_rights(frozenset(_WORDS), role.level) - was - ticked
    cells = [
        Cell(name, label, name in ticked, name in was, name in idle)
        for name, label in HEADS
    ]
    return Row(role, uses, cells)
