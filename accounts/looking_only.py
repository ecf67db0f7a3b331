"""On a visit nothing is written: neither what is asked for nor by the way.

The district's audit trail alone tells of the files that the visitor takes along.

Two locks, so that a page nobody thought of stays shut: a request that could change
something is refused before its view is asked, and a page that would write to the
database while it is shown is refused as it tries. Pages that are sent to show something
not yet saved pass the first.
"""

from collections.abc import Callable, Container
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts import visiting
from accounts.middleware import AccountRequest
from accounts.models import ConsoleVisit

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Both end the visit.
_OPEN_VIEWS = frozenset({"end_visit", "account_logout", "admin:logout"})
_PREVIEWS = frozenset({"schools:match_schools", "staffimport:settings_preview"})
_READING = ("SELECT", "WITH", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")
_SESSIONS = '"django_session"'


class WriteRefused(Exception):  # noqa: N818 — a state of things, as ClaimLost is
    """A page tried to write to the database on a visit; nothing was written."""


class LookingOnly:
    """Middleware, after `CurrentAccount`: holds a visit to looking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: AccountRequest) -> HttpResponse:
        """Answer the request and tell of a file it takes along.

        Whoever signed out on a visit has ended it.
        """
        visit = request.visit
        if visit is None:
            return self.get_response(request)
        with connection.execute_wrapper(_Lock(request)):
            response = self.get_response(request)
        visiting.tell_of_download(request, visit, response)
        if not visiting.is_on(request):
            visiting.leave(request, visit, ConsoleVisit.End.SIGNED_OUT)
        return response

    def process_view(
        self, request: AccountRequest, *_view: object
    ) -> HttpResponse | None:
        """Refuse whatever could change something, also right after a visit's end."""
        if request.method in _SAFE_METHODS or _ends_visit(request):
            return None
        if request.visit is None and not request.visit_is_over:
            return None
        if request.visit and request.method == "POST" and _is_of(request, _PREVIEWS):
            return None
        return _refused(request)

    def process_exception(
        self, request: AccountRequest, error: Exception
    ) -> HttpResponse | None:
        """Say so where a page would have written."""
        return _refused(request) if isinstance(error, WriteRefused) else None


class _Lock:
    """Lets a request on a visit read the database, and write its session alone."""

    def __init__(self, request: AccountRequest) -> None:
        self._request = request

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: object,
        many: bool,  # noqa: FBT001 — Django's signature
        context: dict[str, Any],
    ) -> Any:
        if self._is_locked() and not _only_reads(sql):
            raise WriteRefused
        return execute(sql, params, many, context)

    def _is_locked(self) -> bool:
        # Somebody else's signing in flushes the session first, which ends the visit.
        return visiting.is_on(self._request) and not _ends_visit(self._request)


def _only_reads(sql: str) -> bool:
    return sql.lstrip(" (\n").upper().startswith(_READING) or _SESSIONS in sql


def _ends_visit(request: HttpRequest) -> bool:
    return _is_of(request, _OPEN_VIEWS)


def _is_of(request: HttpRequest, views: Container[str]) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in views


def _refused(request: HttpRequest) -> HttpResponse:
    """Return the page that says so; where htmx asked for a part, lead to it."""
    if HtmxDetails(request):
        response = HttpResponseClientRedirect(reverse("visit"))
        response.status_code = 403
        return response
    return render(request, "looking_only.html", status=403)
