"""What allauth asks of us while somebody signs in with Clever."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import Provider
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest

from accounts.access import PROVIDER
from accounts.clever_sso import refusals
from accounts.services.clever_sign_in import (
    NotSignedInError,
    Visitor,
    identify,
)
from accounts.sessions import CleverSignIn, begin_with_clever
from clever.errors import CleverError, CodeRefused
from schools.access import remote_address

# In what is kept of a sign-in, which survives a second factor.
_DISTRICT = "district_id"
_STATE = "state"


class CleverSignInAdapter(DefaultSocialAccountAdapter):
    """Finds people by their accounts, and shows our pages where that fails.

    Sign-up stays closed and addresses link nobody: `identify` alone says who it is.
    """

    def list_apps(
        self,
        request: HttpRequest,
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        """Return the one application there is, from the environment, if it is set."""
        app = SocialApp(
            provider=PROVIDER,
            name="Clever",
            client_id=settings.CLEVER_CLIENT_ID,
            secret=settings.CLEVER_CLIENT_SECRET,
        )
        is_asked = provider in (None, PROVIDER) and client_id in (None, app.client_id)
        return [app] if app.client_id and is_asked else []

    def get_app(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> SocialApp:
        """Return the application; without one there is no such page."""
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Say who has signed in with Clever, or end it with a page.

        Whoever was signed in on this device is not, whatever comes of it.
        """
        visitor: Visitor = sociallogin.visitor
        try:
            known = identify(visitor, remote_address(request))
        except NotSignedInError as error:
            logout(request)
            page = refusals.not_signed_in(request, visitor, error)
            raise ImmediateHttpResponse(page) from error
        sociallogin.user = known.user
        sociallogin.token = None  # it has done its work, and is kept nowhere
        sociallogin.state[_DISTRICT] = known.district.pk
        sociallogin.state[_STATE] = request.GET["state"]

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Show our page of what went wrong; every one of them comes by here."""
        cause = exception.__cause__ if exception else None
        if isinstance(cause, CleverError) and not isinstance(cause, CodeRefused):
            page = refusals.clever_failed(request, cause)
        else:
            page = refusals.used_or_too_old(request)
        raise ImmediateHttpResponse(page)


def note_sign_in(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Limit the session of somebody who has just signed in with Clever.

    It also remembers by which state, to know the back button by.
    """
    sign_in = CleverSignIn(sociallogin.state[_DISTRICT], sociallogin.account.uid)
    begin_with_clever(request, sign_in)
    request.session[refusals.SIGNED_IN_BY] = sociallogin.state.get(_STATE)
