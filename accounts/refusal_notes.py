"""Refused sign-ins in the audit trail: noted, but not so often that they fill it."""

import hashlib
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest

from schools.access import remote_address
from schools.audit import Actor, record
from schools.models import District

SAME_PER_HOUR = 3
ADDRESS_PER_HOUR = 60
_HOUR = 3600

SOMEBODY = "Somebody"


def note_refusal(  # noqa: PLR0913 — who was refused what, where and why
    request: HttpRequest,
    verb: str,
    target: str,
    note: str,
    *,
    who: str = "",
    district: District | None = None,
    about: UUID | None = None,
) -> None:
    """Append a refusal to the audit trail, unless it has been told enough.

    `who` is what we know of a person who is not signed in, `note` the reason; the
    others are as in `schools.audit.record`. The same refusal of the same person is told
    three times an hour, of one address sixty.
    """
    actor = _actor_of(request, who)
    if _is_more_than(SAME_PER_HOUR, f"{actor.user_id} {verb} {target} {note}"):
        return
    if _is_more_than(ADDRESS_PER_HOUR, str(actor.address)):
        return
    record(district, actor, verb, target, about=about, note=note)


def _actor_of(request: HttpRequest, who: str) -> Actor:
    address = remote_address(request)
    if request.user.is_authenticated:
        return Actor(str(request.user), request.user, address)
    return Actor(who[:255] or SOMEBODY, address=address)


def _is_more_than(times: int, what: str) -> bool:
    digest = hashlib.sha256(what.encode()).hexdigest()
    key = f"refusal-{digest}"
    cache.add(key, 0, _HOUR)
    try:
        return cache.incr(key) > times
    except ValueError:  # it has just run out
        return False
