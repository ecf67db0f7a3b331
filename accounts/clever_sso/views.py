"""To Clever and back: the sign-in's requests, and the portal's logins without state."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.clever.views import CleverOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2CallbackView,
    OAuth2LoginView,
)
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.access import PROVIDER
from accounts.clever_sso import refusals
from accounts.services.clever_sign_in import Visitor
from clever.client import Client
from clever.errors import CleverError
from clever.oauth import authorize_url, exchange_code
from clever.transport import Patience

# Somebody waits for the page; they can try again themselves.
PATIENCE = Patience(connect_timeout=5, read_timeout=15, retries=0, rereads=0)

ARRIVALS = "arrivals_from_clevers_portal"
"""Session key: when logins came without a state, as Unix seconds."""
CIRCLE_SECONDS = 60
CIRCLE_ARRIVALS = 3


class CleverFailedError(ProviderException):
    """Clever refused the sign-in or could not be read; the cause says how."""


@contextmanager
def _clever_may_fail() -> Iterator[None]:
    try:
        yield
    except CleverError as error:
        raise CleverFailedError(str(error)) from error


class CleverSsoClient(OAuth2Client):
    """Clever's sign-in addresses, with the errors of our own Clever package."""

    def get_redirect_url(self, *_: object) -> str:
        """Return where the person signs in with Clever."""
        return authorize_url(
            self.consumer_key, self.callback_url, self.state, settings.CLEVER_OAUTH_URL
        )

    def get_access_token(self, code: str, **_: object) -> dict[str, str]:
        """Return the token for a code; raises CleverFailedError."""
        with _clever_may_fail():
            signed_in = exchange_code(
                code,
                self.callback_url,
                self.consumer_key,
                self.consumer_secret,
                settings.CLEVER_OAUTH_URL,
                patience=PATIENCE,
            )
        return {"access_token": signed_in.access_token}


class CleverSsoAdapter(CleverOAuth2Adapter):
    """What of Clever's sign-in the settings say, and who has signed in."""

    client_class = CleverSsoClient

    def get_callback_url(self, request: HttpRequest, app: object) -> str:
        """Return the one address that is registered with Clever."""
        return f"{settings.SITE_URL}{reverse('clever_callback')}"

    def complete_login(
        self, request: HttpRequest, app: object, token: SocialToken, **_: object
    ) -> SocialLogin:
        """Return the sign-in of whom the token is, as `visitor`.

        Raises CleverFailedError.
        """
        visitor = _read(token.token)
        provider = self.get_provider()
        login = provider.sociallogin_from_response(request, asdict(visitor))
        login.visitor = visitor
        return login


def _read(token: str) -> Visitor:
    """Return whom Clever has signed in; a name it doesn't give stops nobody."""
    with (
        _clever_may_fail(),
        Client(
            token,
            base_url=settings.CLEVER_API_URL,
            version=settings.CLEVER_API_VERSION,
            patience=PATIENCE,
        ) as client,
    ):
        me = client.me()
        try:
            name = client.user(me.id).name
        except CleverError:
            return Visitor(me.id, me.district)
    words = (name.first or "", name.last or "")
    return Visitor(me.id, me.district, " ".join(filter(None, words)))


class CleverCallback(OAuth2CallbackView):
    """Where Clever sends people back to, from our sign-in page and from its portal."""

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Go on with a sign-in of ours; begin a new one for one that is not.

        A code that comes without a state is never exchanged: anybody could have sent
        it here (https://dev.clever.com/docs/il-design).
        """
        if "error" in request.GET:
            return refusals.sent_back(request, request.GET["error"])
        if not request.GET.get("state"):
            return _arrive_from_portal(request)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


begin = never_cache(OAuth2LoginView.adapter_view(CleverSsoAdapter))
callback = never_cache(CleverCallback.adapter_view(CleverSsoAdapter))


def _arrive_from_portal(request: HttpRequest) -> HttpResponse:
    """Note the arrival in the session; another request sees whether it is kept."""
    recent = time.time() - CIRCLE_SECONDS
    arrivals = [at for at in request.session.get(ARRIVALS, []) if at > recent]
    request.session[ARRIVALS] = [*arrivals, time.time()]
    return redirect("clever_from_portal")


@never_cache
def from_portal(request: HttpRequest) -> HttpResponse:
    """Begin the sign-in of somebody who clicked the icon in Clever's portal.

    They are signed in to Clever, so they are back at once, with a state. It can't go
    in circles: whoever keeps coming without one, or without a session, gets a page.
    """
    arrivals: list[Any] = request.session.get(ARRIVALS, [])
    if not arrivals:
        return refusals.no_cookies(request)
    if len(arrivals) > CIRCLE_ARRIVALS:
        del request.session[ARRIVALS]
        return refusals.in_circles(request)
    provider = get_adapter().get_provider(request, PROVIDER)
    response: HttpResponse = provider.redirect(request, process=AuthProcess.LOGIN)
    return response
