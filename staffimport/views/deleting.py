"""Deleting a role or a zone: its page asks, and says what uses one that is in use."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.models import UserRole, Zone
from schools.access import ConsoleRequest, actor_of
from schools.audit import Actor
from schools.errors import RefusedError
from staffimport.queries.uses import Uses
from staffimport.services.renaming import InUseError

Deletable = TypeVar("Deletable", UserRole, Zone)


def ask_and_delete(
    request: ConsoleRequest,
    kind: str,
    found: Deletable,
    uses: Uses,
    delete: Callable[[Deletable, Actor], None],
) -> HttpResponse:
    """Ask before a role or zone is deleted; sent, do it with `delete`.

    `kind` is "role" or "zone": so its addresses, its templates and its sentence say.
    """
    if request.method != "POST" or uses.is_used:
        page = {kind: found, "uses": uses}
        return render(request, f"{kind}s/delete.html", page)
    name, pk = found.name, found.pk
    try:
        delete(found, actor_of(request))
    except InUseError:
        return redirect(f"staffimport:{kind}_delete", pk)
    except RefusedError as refusal:
        messages.error(request, refusal.user_message)
        return redirect(f"staffimport:{kind}", pk)
    messages.success(request, f"The {kind} {name} is deleted.")
    return redirect(f"staffimport:{kind}s")
