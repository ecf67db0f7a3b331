"""The page behind an invitation's link: it sets up a Naviance ID, once."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.middleware import open_without_account
from accounts.models import Invitation, User
from accounts.password_forms import FirstPassword
from accounts.queries.people import site_managers
from accounts.refusal_notes import note_refusal
from accounts.services.acceptance import (
    Closed,
    LinkClosedError,
    Opened,
    add_accounts,
    open_link,
    set_up,
)
from accounts.services.invitations import renew
from schools.access import remote_address
from schools.models import District

_NOTES = {
    Closed.UNKNOWN: "The link is unknown.",
    Closed.USED: "The link is used.",
    Closed.EXPIRED: "The link is expired.",
    Closed.NOT_ACTIVE: "The account is no longer active.",
    Closed.OTHER_ADDRESS: "The account has another address by now.",
    Closed.WITH_CLEVER: "The district has come to sign in with Clever.",
    Closed.LEFT: "The district has left.",
    Closed.OF_SUPPORT: "The address is one of support.",
    Closed.HAS_ID: "The address has a Naviance ID already.",
}
_RENEWED = frozenset({Closed.EXPIRED, Closed.OTHER_ADDRESS})
_NOTED_WHEN_OPENED = frozenset(
    set(Closed) - {Closed.NOT_ACTIVE, Closed.HAS_ID, Closed.WITH_CLEVER}
)


@open_without_account
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever has the link set up a Naviance ID, or add the account to theirs."""
    try:
        opened = open_link(token, _signed_in(request))
        if opened.holder is not None:
            return _add(request, token, opened)
        return _set_up(request, token, opened)
    except LinkClosedError as error:
        return _closed(request, error)


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _set_up(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """Ask for a password; with a good one, set up the identity and sign it in."""
    sent = request.POST if request.method == "POST" else None
    form = FirstPassword(opened.newcomer, sent)
    if not form.is_valid():
        context = {"opened": opened, "form": form}
        return render(request, "account/invitation.html", context)
    user = set_up(token, form.cleaned_data["password1"], remote_address(request))
    logout(request)  # whoever was signed in on this device
    response: HttpResponse = perform_login(request, user)
    messages.success(
        request,
        f"Your Naviance ID is set up. From now on sign in with {user.email} and the "
        "password you chose.",
    )
    return response


def _add(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """Let the identity that has the address add the account, once it is signed in."""
    is_holder = request.user == opened.holder
    if request.method != "POST" or not is_holder or opened.holder is None:
        if request.method == "POST":
            _note(request, opened.invitation, Closed.HAS_ID)
        context = {"opened": opened, "is_holder": is_holder}
        return render(request, "account/invitation_add.html", context)
    add_accounts(token, opened.holder, remote_address(request))
    messages.success(request, "The account is part of your Naviance ID.")
    return redirect("choose_account")


def _closed(request: HttpRequest, error: LinkClosedError) -> HttpResponse:
    """Say why a link sets nothing up; an expired one can be sent again from here."""
    found = error.invitation
    if error.why in _RENEWED and found and request.method == "POST":
        is_sent = renew(found, remote_address(request))
        context = {"is_sent": is_sent, "managers": site_managers(found.district)}
        return render(request, "account/invitation_renewed.html", context)
    if error.why in _NOTED_WHEN_OPENED or request.method == "POST":
        _note(request, found, error.why)
    context = {
        "why": error.why.name,
        "invitation": found,
        "managers": site_managers(found.district) if found else [],
        "now": timezone.now(),
    }
    return render(request, "account/invitation_closed.html", context, status=403)


def _note(request: HttpRequest, found: Invitation | None, why: Closed) -> None:
    """Keep that an invitation was refused, the one `found` by its link, if any."""
    note_refusal(
        request,
        "refused invitation",
        str(found or ""),
        _NOTES[why],
        district=found.district if found else _own_district(request),
        about=found.account_id if found else None,
    )


def _own_district(request: HttpRequest) -> District | None:
    """Return the district of who is signed in, in whose trail their deeds belong."""
    account = getattr(request, "account", None)
    return account.district if account is not None else None
