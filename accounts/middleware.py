"""The account and district a signed-in person works with, on every request."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from accounts import sessions, visiting
from accounts.access import may_manage_import, opens_console
from accounts.models import ConsoleVisit, StaffAccount
from schools.access import to_sign_in
from schools.models import District

LOST = (
    "Your account is no longer active, so you are signed out. Ask your district’s site "
    "manager if that is a mistake."
)
CLEVER_CLOSED = (
    "Nobody signs in with Clever in your district any more, so you are signed out. Ask "
    "your district’s site manager if that is a mistake."
)


class AccountRequest(HttpRequest):
    """A request that has passed `CurrentAccount`.

    `accounts` are all the session reaches, `account` the one in use; `district` is its
    district where it opens the console, else None; `is_restricted` says that a zone
    leaves only the staff of its schools of it. On a `visit` support only looks:
    `district` is the visited one, and accounts of the visitor's own play no part;
    `visit_is_over` says that this request is the first after one.
    """

    accounts: list[StaffAccount]
    account: StaffAccount | None
    district: District | None
    is_restricted: bool
    visit: ConsoleVisit | None
    visit_is_over: bool


def open_without_account(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Keep a view open to people who are signed in but have no active account."""
    view.open_without_account = True  # type: ignore[attr-defined]
    return view


class CurrentAccount:
    """Middleware: sets what an `AccountRequest` has.

    It is looked up anew each time, so a right that is taken away is gone at once,
    and a session whose account was made inactive ends. Anonymous requests cost no
    query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: AccountRequest) -> HttpResponse:
        """Set all of it, then answer the request."""
        was_visiting = visiting.is_on(request)
        request.visit = visiting.current(request)
        request.visit_is_over = was_visiting and request.visit is None
        if request.visit is None:
            _set_own(request)
        else:
            request.accounts, request.account = [], None
            request.district, request.is_restricted = request.visit.district, False
        return self.get_response(request)

    def process_view(
        self, request: AccountRequest, view: Callable[..., object], *_: object
    ) -> HttpResponse | None:
        """End a session that has lost its account."""
        if getattr(view, "open_without_account", False):
            return None
        if not sessions.is_lost(request, request.accounts):
            return None
        why = CLEVER_CLOSED if sessions.is_clever_closed(request) else LOST
        logout(request)
        messages.warning(request, why)
        return to_sign_in(request)


def _set_own(request: AccountRequest) -> None:
    """Let somebody work with their own account."""
    request.accounts = sessions.reachable(request)
    request.account = sessions.in_use(request, request.accounts)
    request.district, request.is_restricted = None, False
    if request.account and opens_console(request.account):
        request.district = request.account.district
        own = [a for a in request.accounts if a.district == request.district]
        request.is_restricted = not any(map(may_manage_import, own))
