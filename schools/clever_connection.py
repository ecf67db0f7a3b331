"""A district's connection to Clever: its client, and whether its token fits it."""

import time
from collections.abc import Callable

from django.conf import settings

from clever.client import Client
from clever.records import District as CleverDistrict
from clever.transport import Patience
from schools.errors import RefusedError
from schools.models import District


class NotConnectedError(RefusedError):
    """The district has no Clever access token stored."""


class WrongDistrictError(RefusedError):
    """The token is good, but it is another district's."""


def open_client(token: str, sleep: Callable[[float], None] = time.sleep) -> Client:
    """Return a client for one district's token; addresses come from the settings.

    `sleep` is called with the seconds to wait before Clever is asked again. Raises
    TokenRefused for what can't be a token, BadAddress for a wrong setting.
    """
    return Client(
        token,
        base_url=settings.CLEVER_API_URL,
        version=settings.CLEVER_API_VERSION,
        sleep=sleep,
        patience=Patience(backoff=settings.CLEVER_BACKOFF),
    )


def client_of(district: District) -> Client:
    """Return the client of a district, with its stored token.

    Raises NotConnectedError when none is stored.
    """
    if not district.clever_token:
        sentence = (
            f"{district.name} has no Clever access token. Store the district's token, "
            "then try again."
        )
        raise NotConnectedError(sentence)
    return open_client(district.clever_token)


def check_token(token: str, clever_id: str) -> CleverDistrict:
    """Ask Clever whose token this is and return that district as Clever has it.

    Raises WrongDistrictError unless it is the district `clever_id`, and CleverError
    (the token is refused, Clever can't be reached, …).
    """
    with open_client(token) as client:
        found = client.district()
    if found.id != clever_id:
        name = f" ({found.name})" if found.name else ""
        sentence = (
            f"The Clever access token belongs to the Clever district {found.id}{name}, "
            f"not to {clever_id}. Check the district's Clever id, and that the token "
            "is this district's own."
        )
        raise WrongDistrictError(sentence)
    return found
