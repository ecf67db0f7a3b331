"""A district's connection to Clever: its client, and whether its token fits it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.utils.dateparse import parse_datetime

from clever import oauth
from clever.client import Client
from clever.records import District as CleverDistrict
from clever.transport import Patience
from schools.errors import RefusedError
from schools.models import District


class NotConnectedError(RefusedError):
    """The district has no Clever access token stored."""


class WrongDistrictError(RefusedError):
    """The token is good, but it is another district's."""


def has_application() -> bool:
    """Whether this installation has the client id and secret of a Clever application.

    Without them Clever can't be asked which districts connected.
    """
    return bool(settings.CLEVER_CLIENT_ID and settings.CLEVER_CLIENT_SECRET)


def district_tokens(clever_id: str | None = None) -> list[oauth.DistrictToken]:
    """Ask Clever for the tokens of all districts that connected, or of one.

    Addresses, client id and secret come from the settings. Raises CleverError.
    """
    return oauth.district_tokens(
        settings.CLEVER_CLIENT_ID,
        settings.CLEVER_CLIENT_SECRET,
        settings.CLEVER_OAUTH_URL,
        clever_id,
        patience=Patience(backoff=settings.CLEVER_BACKOFF),
    )


def note_answer(district: District, found: CleverDistrict, at: datetime) -> None:
    """Set on a district what Clever said of it at that time; saving is the caller's.

    A last sync that is missing or no time leaves the one that was known.
    """
    district.clever_state = (found.state or "")[:16]
    district.clever_last_sync = _time(found.last_sync) or district.clever_last_sync
    district.clever_checked_at = at


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


def stored_token(district: District) -> str:
    """Return the district's token. Raises NotConnectedError when none is stored."""
    if not district.clever_token:
        sentence = (
            f"{district.name} has no Clever access token. Store the district's token, "
            "then try again."
        )
        raise NotConnectedError(sentence)
    return str(district.clever_token)


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


def _time(text: str | None) -> datetime | None:
    """Return the time Clever wrote, None if it is none."""
    try:
        at = parse_datetime(text or "")
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
