"""The gate of the console: who may open a page, and for which district."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeGuard
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from schools.audit import Actor
from schools.clock import zone_of
from schools.models import District

MANAGE_DATA_IMPORT = "accounts.manage_data_import"
MANAGE_STAFF = "accounts.manage_staff"
MANAGE_ROLES = "accounts.manage_roles"

NOT_DONE = (
    "You were signed out, so what you pressed was not done. Sign in, then press it "
    "again."
)

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

P = ParamSpec("P")


class ConsoleRequest(HttpRequest):
    """A request that passed the gate: its person is in `district`'s console.

    With `is_restricted` a zone leaves them only the staff of its schools.
    """

    district: District
    is_restricted: bool
    htmx: HtmxDetails


def opens_console(
    view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only people open a page who are let into the console, restricted or not.

    The view gets a ConsoleRequest and starts every query at `request.district`; times
    are in the district's zone while it runs. It must show somebody whom a zone
    restricts its schools alone. Anybody signed out goes to sign-in, anybody without
    the right gets a page that says what to do. In a disconnected district people
    look, and change nothing.
    """

    @wraps(view)
    def gate(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method not in _SAFE_METHODS and not HtmxDetails(request):
                messages.warning(request, NOT_DONE)
            return to_sign_in(request)
        if not _is_in_console(request):
            return render(request, "no_access.html", status=403)
        if _would_change_what_leaves(request):
            return _only_to_look_at(request)
        with timezone.override(zone_of(request.district)):
            return view(request, *args, **kwargs)

    return gate


def manages_import(
    view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only people open a page who may manage the whole district's data import.

    The view gets what `opens_console` gives it; so does whoever is not let in.
    """
    return _with_right(opens_console, view, _may_manage_import, "restricted.html")


def manages_staff(
    view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only people open a page who are in the console and may manage accounts.

    The view gets what `opens_console` gives it; so does whoever is not let in.
    """
    return _with_right(opens_console, view, may_manage_staff, "staff/no_right.html")


def manages_roles(
    view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only people open a page who may manage the import and user roles.

    The view gets what `manages_import` gives it; so does whoever is not let in.
    """
    return _with_right(manages_import, view, may_manage_roles, "roles/no_right.html")


def _with_right(
    behind: Callable[
        [Callable[Concatenate[ConsoleRequest, P], HttpResponseBase]],
        Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ],
    view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
    may: Callable[[ConsoleRequest], bool],
    refusal: str,
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Ask for one more right behind another gate; `refusal` is the page without."""

    @behind
    @wraps(view)
    def gate(
        request: ConsoleRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not may(request):
            return render(request, refusal, status=403)
        return view(request, *args, **kwargs)

    return gate


def may_manage_roles(request: ConsoleRequest) -> bool:
    """Return whether the signed-in person may edit user roles and zones."""
    return request.user.has_perm(MANAGE_ROLES, request.district)


def may_manage_staff(request: ConsoleRequest) -> bool:
    """Return whether the signed-in person may add and edit staff accounts."""
    return request.user.has_perm(MANAGE_STAFF, request.district)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to sign-in and back; a fragment's page goes there as a whole.

    Back is the page itself, or the one whose button was pressed.
    """
    htmx = HtmxDetails(request)
    if htmx:
        page = htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    if request.method in _SAFE_METHODS:
        return redirect_to_login(request.get_full_path())
    # What a button sends to shows nothing by itself.
    return redirect_to_login(_page_it_came_from(request))


def _page_it_came_from(request: HttpRequest) -> str:
    """Return the path and query of the page whose form was sent, the home page's else.

    Browsers tell it within one site (Referrer-Policy).
    """
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return "/"
    parts = urlsplit(page)
    if not parts.netloc:  # no browser's
        return "/"
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def actor_of(request: ConsoleRequest) -> Actor:
    """Return who asks, for the audit trail and as the requester of a run."""
    user = request.user if request.user.is_authenticated else None
    return Actor(name=str(user), user=user, address=remote_address(request))


def remote_address(request: HttpRequest) -> str:
    """Return whose request it is, by IP address, as the trusted proxy tells it."""
    address: str = get_adapter().get_client_ip(request)
    return address


def _would_change_what_leaves(request: ConsoleRequest) -> bool:
    is_leaving = request.district.disconnected_at is not None
    return is_leaving and request.method not in _SAFE_METHODS


def _only_to_look_at(request: ConsoleRequest) -> HttpResponse:
    """Say that nothing is changed any more; where htmx asked, lead to what happens."""
    if HtmxDetails(request):
        return HttpResponseClientRedirect(reverse("leaving"))
    return render(request, "read_only.html", status=403)


def _is_in_console(request: HttpRequest) -> TypeGuard[ConsoleRequest]:
    return isinstance(getattr(request, "district", None), District)


def _may_manage_import(request: ConsoleRequest) -> bool:
    return request.user.has_perm(MANAGE_DATA_IMPORT, request.district)
