"""Districts' Clever tokens, read again when Clever has given out new ones.

A district's id in Clever stays, its token may be replaced at any time
(https://dev.clever.com/docs/oauth-implementation).
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from clever.errors import CleverError, TokenRefused
from clever.oauth import DistrictToken
from schools.audit import SCHEDULE, Actor, record
from schools.clever_connection import (
    check_token,
    district_tokens,
    has_application,
    stored_token,
)
from schools.encryption import UnreadableSecretError, decrypt
from schools.errors import RefusedError
from schools.models import District
from schools.written import given_reason

logger = logging.getLogger(__name__)

T = TypeVar("T")


def ask_with_token(district: District, ask: Callable[[str], T]) -> T:
    """Return what `ask` brings from Clever with the district's token.

    If Clever refuses the token, the district's newest is read by its Clever id, stored
    and tried once. What Clever says of the token is noted. Raises NotConnectedError,
    and whatever `ask` raises.
    """
    try:
        found = _ask_twice(district, ask)
    except TokenRefused:
        _note_token(district, refused_at=timezone.now())
        raise
    _note_token(district, refused_at=None)
    return found


def _ask_twice(district: District, ask: Callable[[str], T]) -> T:
    try:
        return ask(stored_token(district))
    except TokenRefused:
        if not read_token_again(district, SCHEDULE):
            raise
        return ask(stored_token(district))


def _note_token(district: District, refused_at: datetime | None) -> None:
    """Note since when Clever refuses the district's token, or that it takes it."""
    if (district.token_refused_at is None) is (refused_at is None):
        return
    District.objects.filter(pk=district.pk).update(token_refused_at=refused_at)
    district.token_refused_at = refused_at


# A token of whom Clever does not know opens nothing.
_NO_TOKEN = Q(clever_token="") | Q(clever_id=None)


def without_token() -> set[int]:
    """Return the keys of the districts that have no token, read from none of them."""
    return set(District.objects.filter(_NO_TOKEN).values_list("pk", flat=True))


def lacks_token(district: District) -> bool:
    """Return whether a district has no token, which is not read."""
    return District.objects.filter(_NO_TOKEN, pk=district.pk).exists()


def read_token_again(district: District, actor: Actor) -> bool:
    """Ask Clever for the district's token; return whether it is another one now.

    A Clever that can't be asked counts as no. The token is stored at once.
    """
    if not has_application() or not district.clever_id:
        return False
    try:
        tokens = district_tokens(district.clever_id)
    except CleverError as error:
        logger.warning("The token of %s can't be read again: %s", district.slug, error)
        return False
    renewed = renew_tokens(tokens, actor)
    district.refresh_from_db(fields=["clever_token", "token_refused_at"])
    return district in renewed


def rotate_token(district: District, actor: Actor, why: str) -> bool:
    """Store the token Clever has for a district now; return whether it is another one.

    Clever must take it. Raises RefusedError where Clever can't be asked or has no token
    for the district, CleverError where it can't be reached or refuses the token; then
    the stored one stays.
    """
    why = given_reason(why)
    clever_id = _asked_for(district)
    tokens = [t for t in district_tokens(clever_id) if t.district_id == clever_id]
    if not tokens:
        sentence = (
            f"Clever has no access token for {district}. The district connects NavSync "
            "in the Clever Dashboard; then try again."
        )
        raise RefusedError(sentence)
    check_token(tokens[-1].access_token, clever_id)
    with transaction.atomic():
        record(district, actor, "asked Clever for token", district.name, note=why)
        is_another = bool(renew_tokens(tokens, actor))
        _note_token(district, refused_at=None)
    return is_another


def _asked_for(district: District) -> str:
    """Return the id by which Clever is asked for a district's token."""
    if not has_application():
        sentence = (
            "NavSync has no Clever application, so it can’t ask for tokens. Set "
            "CLEVER_CLIENT_ID and CLEVER_CLIENT_SECRET."
        )
        raise RefusedError(sentence)
    if district.disconnected_at is not None or not district.clever_id:
        sentence = f"{district} is not connected with Clever, so it has no token there."
        raise RefusedError(sentence)
    return str(district.clever_id)


def renew_tokens(tokens: list[DistrictToken], actor: Actor) -> list[District]:
    """Store the tokens that are no longer those we have; return their districts.

    A district that was disconnected from NavSync gets none.
    """
    by_id = {token.district_id: token for token in tokens}
    known = District.objects.filter(clever_id__isnull=False, disconnected_at=None)
    # As it is stored: one that can't be read must not hide the others.
    stored = Cast("clever_token", TextField())
    secrets = known.annotate(secret=stored).values_list("pk", "clever_id", "secret")
    stale = {
        pk: by_id[clever_id]
        for pk, clever_id, secret in secrets
        if clever_id in by_id and by_id[clever_id].access_token != _opened(secret)
    }
    renewed = (_store(pk, token, actor) for pk, token in stale.items())
    return [district for district in renewed if district is not None]


def _store(pk: int, token: DistrictToken, actor: Actor) -> District | None:
    """Store a new token; return its district, None if it was disconnected meanwhile."""
    with transaction.atomic():
        connected = District.objects.filter(pk=pk, disconnected_at=None)
        stored = {"clever_token": token.access_token, "token_refused_at": None}
        if not connected.update(**stored):
            return None
        district = connected.defer("clever_token").get()
        record(
            district,
            actor,
            "replaced Clever token",
            district.name,
            changes={"clever_token": ["(secret)", "(replaced)"]},
            note="Clever has given out a new one.",
        )
    return district


def _opened(secret: str) -> str | None:
    """Return a stored token in clear, None if no key of ours opens it."""
    try:
        return decrypt(secret) if secret else ""
    except UnreadableSecretError:
        return None
