"""Clever's OAuth side: which districts gave us a token, and how people sign in.

Addresses and fields: https://dev.clever.com/docs/oauth-implementation. In all
functions `oauth_url` is scheme and host, and `client_id` and `client_secret` are what
Clever gave the application.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec
from msgspec import Struct
from requests.auth import HTTPBasicAuth

from clever.decoding import Link, decoded, next_uri
from clever.errors import CodeRefused, IncompleteList, RequestRefused, TokenRefused
from clever.transport import DEFAULT_PATIENCE, Patience, Transport, is_sendable

OAUTH_URL = "https://clever.com"

_APP_REFUSED = (
    "Clever did not accept this application's client id and secret. Copy both from the "
    "application's settings on https://apps.clever.com and configure them again."
)


@dataclass(frozen=True, slots=True)
class DistrictToken:
    """The token a district gave us; it may be replaced, the district's id is not."""

    district_id: str
    access_token: str = field(repr=False)
    scopes: tuple[str, ...] = ()
    created: str | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a sign-in code was exchanged for: tokens for that person's own record."""

    access_token: str = field(repr=False)
    id_token: str | None = field(default=None, repr=False)


class _Owner(Struct):
    type: str | None = None
    id: str | None = None


class _Token(Struct):
    owner: _Owner | None = None
    access_token: str | None = None
    scopes: tuple[str, ...] | None = None
    created: str | None = None


class _TokenPage(Struct):
    data: list[_Token]
    links: list[Link] | None = None


class _Exchange(Struct):
    access_token: str
    id_token: str | None = None


_TOKENS = msgspec.json.Decoder(_TokenPage)
_EXCHANGE = msgspec.json.Decoder(_Exchange)


def district_tokens(
    client_id: str,
    client_secret: str,
    oauth_url: str = OAUTH_URL,
    district: str | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    patience: Patience = DEFAULT_PATIENCE,
) -> list[DistrictToken]:
    """Return the tokens of all districts that connected, or only of one Clever id.

    A district that is missing here has disconnected, or never connected. Raises
    TokenRefused for a wrong client id or secret, and every other CleverError.
    """
    transport = _transport(client_id, client_secret, oauth_url, sleep, patience)
    query = {"owner_type": "district"} | ({"district": district} if district else {})
    url = transport.url("/oauth/tokens", query)
    seen = set()
    tokens: list[DistrictToken] = []
    try:
        while url not in seen:
            seen.add(url)
            page = transport.get(url, lambda body: decoded(_TOKENS, body))
            tokens += _of_districts(page.data)
            following = next_uri(page.links)
            if following is None:
                return tokens
            url = transport.follow(following)
    except TokenRefused as error:
        raise TokenRefused(error.detail, _APP_REFUSED) from error
    finally:
        transport.close()
    raise IncompleteList("/oauth/tokens: a page leads back to an earlier one")


def authorize_url(
    client_id: str,
    redirect_uri: str,
    state: str,
    oauth_url: str = OAUTH_URL,
    district: str | None = None,
) -> str:
    """Return where a person signs in with Clever, to come back to `redirect_uri`.

    `state` comes back too and must be checked: a code that arrives without it (from
    Clever's portal) is not to be exchanged, but answered with this address. With
    `district`, a Clever id, Clever does not ask which district it is.
    """
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": state,
    }
    if district:
        query["district_id"] = district
    return f"{oauth_url.rstrip('/')}/oauth/authorize?{urlencode(query)}"


def instant_login_url(client_id: str, district: str, oauth_url: str = OAUTH_URL) -> str:
    """Return the link that signs people of one district (its Clever id) in at once.

    Source: https://dev.clever.com/docs/il-design. They arrive without `state`.
    """
    query = urlencode({"client_id": client_id, "district_id": district})
    return f"{oauth_url.rstrip('/')}/oauth/instant-login?{query}"


def exchange_code(
    code: str,
    redirect_uri: str,
    client_id: str,
    client_secret: str,
    oauth_url: str = OAUTH_URL,
    *,
    patience: Patience = DEFAULT_PATIENCE,
) -> SignIn:
    """Exchange a sign-in code for tokens; a code is good for one try only.

    `redirect_uri` is the one given to `authorize_url`. Raises CodeRefused for a code
    that was used or is too old, TokenRefused for a wrong client id or secret, and every
    other CleverError.
    """
    transport = _transport(client_id, client_secret, oauth_url, time.sleep, patience)
    form = {
        "code": code,
        "grant_type": "authorization_code",
        "redirect_uri": redirect_uri,
    }
    try:
        answer = transport.post(
            transport.url("/oauth/tokens", {}),
            form,
            lambda body: decoded(_EXCHANGE, body),
        )
    except TokenRefused as error:
        raise TokenRefused(error.detail, _APP_REFUSED) from error
    except RequestRefused as error:
        raise CodeRefused(error.detail) from error
    finally:
        transport.close()
    return SignIn(answer.access_token, answer.id_token)


def _transport(
    client_id: str,
    client_secret: str,
    oauth_url: str,
    sleep: Callable[[float], None],
    patience: Patience,
) -> Transport:
    if not (is_sendable(client_id) and is_sendable(client_secret)):
        raise TokenRefused("client id or secret is empty or malformed", _APP_REFUSED)
    return Transport(
        oauth_url,
        HTTPBasicAuth(client_id, client_secret),
        secret=client_secret,
        patience=patience,
        sleep=sleep,
    )


def _of_districts(tokens: list[_Token]) -> list[DistrictToken]:
    return [
        DistrictToken(
            token.owner.id, token.access_token, token.scopes or (), token.created
        )
        for token in tokens
        if token.owner and token.owner.type == "district"
        if token.owner.id and token.access_token
    ]
