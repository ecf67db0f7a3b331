"""Who may make a sign-in identity, and how support proves who it is."""

from collections.abc import Callable

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody signs up: identities come from invitations, Clever and support."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False, whoever asks."""
        return False


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
        if not (settings.SUPPORT_MFA_REQUIRED and match and match.app_name == "admin"):
            return None
        if not request.user.is_staff or is_mfa_enabled(request.user):
            return None
        messages.warning(
            request, "Support needs a second factor: set one up here, then go on."
        )
        return redirect("mfa_activate_totp")
