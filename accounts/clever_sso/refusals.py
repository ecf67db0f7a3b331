"""The pages of a sign-in with Clever that came to nothing: why, and what to do."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import StaffAccount
from accounts.queries.people import site_managers
from accounts.refusal_notes import note_refusal
from accounts.services.clever_sign_in import NotSignedInError, Reason, Visitor
from accounts.sessions import CleverSignIn, clever_sign_in
from clever.errors import CleverError
from schools.models import District

REFUSED = "refused sign-in with Clever"
SIGNED_IN_BY = "state_of_sign_in_with_clever"
"""Session key: the state with which Clever sent back whom it has signed in."""

_TITLES = {
    Reason.UNKNOWN_DISTRICT: "Your district is not with Naviance",
    Reason.NOT_LAUNCHED: "{district} has not launched yet",
    Reason.NOT_USED: "{district} does not sign in with Clever",
    Reason.DISCONNECTED: "{district} is no longer connected",
    Reason.NO_ACCOUNT: "Naviance has no account for you",
    Reason.INACTIVE: "Your Naviance account is not active",
    Reason.SWITCHED_OFF: "Your sign-in is switched off",
    Reason.SUPPORT: "Naviance Support signs in by e-mail",
    Reason.ANOTHERS: "Your account is part of somebody else’s Naviance ID",
}
_TEXTS = {
    Reason.UNKNOWN_DISTRICT: (
        "Clever says that you belong to a district that has not connected Naviance. "
        "Ask whoever looks after Clever in your district."
    ),
    Reason.NOT_LAUNCHED: (
        "Signing in with Clever opens when the district launches{on_launch_date}. "
        "Until then there is nothing for you to do. If you set up Data Import, sign in "
        "with your e-mail address and password; Naviance Support sends you a link if "
        "you have none."
    ),
    Reason.NOT_USED: (
        "Its staff sign in with their e-mail address and a password. Whoever has none "
        "yet sets one by an e-mailed invitation."
    ),
    Reason.DISCONNECTED: (
        "It has ended its use of Naviance through Clever, so nobody signs in this way "
        "any more."
    ),
    Reason.NO_ACCOUNT: (
        "{district} has none that belongs to your Clever user. New staff get theirs "
        "with the district’s next import, unless an admin must first decide something "
        "about them."
    ),
    Reason.INACTIVE: "It was archived: {places}.",
    Reason.SWITCHED_OFF: "Naviance Support has switched it off.",
    Reason.SUPPORT: "Use your e-mail address, password and second factor.",
    Reason.ANOTHERS: (
        "Somebody else signs in to it: {places}. A site manager takes it out of their "
        "sign-in on your page under Staff; then log in with Clever again."
    ),
}
_BY_EMAIL = frozenset({Reason.NOT_LAUNCHED, Reason.NOT_USED, Reason.SUPPORT})
_ASK_THE_DISTRICT = frozenset(
    {
        Reason.NOT_LAUNCHED,
        Reason.NOT_USED,
        Reason.NO_ACCOUNT,
        Reason.INACTIVE,
        Reason.ANOTHERS,
    }
)


def not_signed_in(
    request: HttpRequest, visitor: Visitor, error: NotSignedInError
) -> HttpResponse:
    """Say why somebody whom Clever signed in is not signed in, and whom to ask."""
    district, reason = error.district, error.reason
    _note(request, visitor, error)
    words = {
        "district": district.name if district else "",
        "on_launch_date": _on_launch_date(district),
        "places": _places(error.accounts),
    }
    return _page(
        request,
        _TITLES[reason].format(**words),
        _TEXTS[reason].format(**words),
        visitor=visitor,
        managers=site_managers(district)
        if district and reason in _ASK_THE_DISTRICT
        else [],
        by_email=reason in _BY_EMAIL,
    )


def sent_back(request: HttpRequest, error: str) -> HttpResponse:
    """Say that Clever sent somebody back without signing them in."""
    if error == "access_denied":
        title = "You did not log in with Clever"
        text = "Clever was told to stop, so nothing has happened."
    else:
        title = "Clever did not let you in"
        text = (
            "It sent you back without saying who you are. It may be that your district "
            "has not opened Naviance to you in Clever: ask whoever looks after Clever "
            "there."
        )
    return _page(request, title, text, again=True, by_email=True)


def used_or_too_old(request: HttpRequest) -> HttpResponse:
    """Say that a sign-in came a second time, or is none that began here.

    By the state that signed somebody in it was the back button, and they just go on.
    Any other is on record, and may be another person's than who is signed in.
    """
    sign_in = clever_sign_in(request) if request.user.is_authenticated else None
    state = request.GET.get("state")
    if sign_in is not None and state == request.session.get(SIGNED_IN_BY):
        return redirect("home")
    title = "This sign-in is used or too old"
    note_refusal(request, REFUSED, "", title, district=_district_of(sign_in))
    return _page(
        request,
        title,
        "It came here a second time, or took longer than ten minutes, or began in "
        "another browser. Nothing has happened: log in with Clever once more.",
        again=True,
    )


def no_cookies(request: HttpRequest) -> HttpResponse:
    """Say that the browser keeps no cookies, so that nobody can sign in with it."""
    return _page(
        request,
        "Your browser keeps no cookies",
        "Signing in needs them. Allow cookies for this site, or use another browser, "
        "then choose Naviance in Clever again.",
    )


def in_circles(request: HttpRequest) -> HttpResponse:
    """Say that Clever keeps sending somebody here without what a sign-in needs."""
    return _page(
        request,
        "Clever keeps sending you back",
        "It has done so several times in a minute, each time without what a safe "
        "sign-in needs. Wait a minute, then log in with Clever from here.",
        again=True,
    )


def clever_failed(request: HttpRequest, error: CleverError) -> HttpResponse:
    """Say that Clever could not be asked who somebody is."""
    return _page(
        request,
        "Clever could not sign you in",
        "It did not answer as it should when asked who you are."
        if not error.can_retry
        else "It did not answer when asked who you are. Try again in a few minutes.",
        again=error.can_retry,
        status=502,
    )


def _page(  # noqa: PLR0913 — what a page may offer
    request: HttpRequest,
    title: str,
    text: str,
    *,
    visitor: Visitor | None = None,
    managers: Sequence[str] = (),
    again: bool = False,
    by_email: bool = False,
    status: int = 403,
) -> HttpResponse:
    context = {
        "title": title,
        "text": text,
        "visitor": visitor,
        "managers": managers,
        "again": again,
        "by_email": by_email,
    }
    return render(request, "account/clever_refused.html", context, status=status)


def _district_of(sign_in: CleverSignIn | None) -> District | None:
    if sign_in is None:
        return None
    return District.objects.filter(pk=sign_in.district_id).first()


def _on_launch_date(district: District | None) -> str:
    if district is None or district.launch_date is None:
        return ""
    return f", on {district.launch_date:%B} {district.launch_date.day}"


def _places(accounts: Sequence[StaffAccount]) -> str:
    places = {str(account.school or account.district) for account in accounts}
    return ", ".join(sorted(places))


def _note(request: HttpRequest, visitor: Visitor, error: NotSignedInError) -> None:
    note_refusal(
        request,
        REFUSED,
        f"Clever user {visitor.clever_id}",
        error.reason.replace("_", " "),
        who=visitor.name or f"Clever user {visitor.clever_id}",
        district=error.district,
        about=error.accounts[0].pk if error.accounts else None,
    )
