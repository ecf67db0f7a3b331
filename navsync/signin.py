"""How people sign in: nobody signs up, where it leads, and what it takes."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import sessions
from accounts.access import lacks_second_factor
from accounts.clever_sso.adapter import note_sign_in
from accounts.models import User
from accounts.services.belonging import add_new_accounts
from schools.access import remote_address

_CREDENTIALS = frozenset({"account_change_password", "account_reauthenticate"})


_TOO_MANY = "Too many tries. Wait five minutes, then try again."


class SignIn(DefaultAccountAdapter):
    """allauth's rules of signing in, as ours.

    Nobody signs up: identities come from invitations, Clever and support.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "This e-mail and password do not go together. Check both, or choose "
            "“Forgot your password?”."
        ),
        "enter_current_password": "This is not the password you sign in with now.",
        "incorrect_password": "This is not your password.",
        "rate_limited": _TOO_MANY,
        "too_many_login_attempts": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False, whoever asks."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the page to go on with: who changed it came from their account."""
        return reverse("own_account")

    def post_login(
        self,
        request: HttpRequest,
        user: User,
        *,
        signal_kwargs: dict[str, Any] | None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Lead somebody who has just signed in to the account they work with."""
        response: HttpResponse = super().post_login(
            request, user, signal_kwargs=signal_kwargs, **kwargs
        )
        if login := (signal_kwargs or {}).get("sociallogin"):
            note_sign_in(request, login)
        else:
            for new in add_new_accounts(user, remote_address(request)):
                where = new.school or f"{new.district}, district level,"
                sentence = f"Your account at {where} is part of your Naviance ID now."
                messages.info(request, sentence)
        accounts = sessions.reachable(request)
        usual = (a for a in accounts if a.pk == user.usual_account_id)
        account = accounts[0] if len(accounts) == 1 else next(usual, None)
        if account is not None:
            sessions.use(request, account)
        elif accounts:
            after = urlencode({"next": response.headers["Location"]})
            return redirect(f"{reverse('choose_account')}?{after}")
        return response


class SecondFactor(DefaultMFAAdapter):
    """allauth's rules of a second factor, in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": (
            "Recovery codes stand in for an authenticator app. Set one up first."
        ),
        "incorrect_code": (
            "This code is wrong, too old or used already. Enter the one your app shows "
            "now."
        ),
    }


class SupportSecondFactor:
    """Middleware: with SUPPORT_MFA_REQUIRED the Django admin wants a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as usual; the check waits until the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Send support without a second factor to the page that sets one up."""
        match = request.resolver_match
        if not match or match.app_name != "admin" or not request.user.is_staff:
            return None
        if not lacks_second_factor(request.user):
            return None
        messages.warning(
            request, "Support needs a second factor: set one up here, then go on."
        )
        return redirect("mfa_activate_totp")


class CleverChangesNoCredentials:
    """Middleware: who came with Clever changes no password and no second factor.

    The identity may also sign in by password, in other districts too; whoever looks
    after Clever in one of them must not get at that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as usual; the check waits until the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Lead people from those pages to their own account."""
        match = request.resolver_match
        name = (match.url_name if match else None) or ""
        if name not in _CREDENTIALS and not name.startswith("mfa_"):
            return None
        if not request.user.is_authenticated:
            return None
        if sessions.clever_sign_in(request) is None:
            return None
        messages.info(
            request,
            "You signed in with Clever. It needs neither a password nor a second "
            "factor here. If you have them too, sign out and sign in with them to "
            "change them.",
        )
        return redirect("own_account")
