"""Districts that asked for NavSync in Clever: unknown owners of a token there.

Manual, "Staff Integration Prerequisites": the district requests the application from
its Clever dashboard, Naviance hears of it and confirms it with the district.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from typing import Self

from django.utils import timezone
from django.utils.text import slugify

from clever.errors import CleverError
from clever.oauth import DistrictToken
from clever.records import District as CleverDistrict
from schools.audit import Actor, record
from schools.clever_connection import check_token, note_answer
from schools.errors import RefusedError
from schools.models import AuditEntry, District
from schools.services.leaving import DELETED

logger = logging.getLogger(__name__)

_SLUG_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Owner:
    """An unknown owner of a token, and what Clever says of them, if it does."""

    token: DistrictToken
    found: CleverDistrict | None

    @classmethod
    def of(cls, token: DistrictToken) -> Self:
        """Ask Clever who owns a token. Raises CleverError where asking later helps."""
        try:
            return cls(token, check_token(token.access_token, token.district_id))
        except RefusedError as error:
            logger.warning("%s", error)
        except CleverError as error:
            if error.can_retry:
                raise
            logger.warning("%s", error)
        return cls(token, None)

    @property
    def name(self) -> str:
        """Return the district's name, the best there is without one."""
        said = " ".join((self.found.name or "").split()) if self.found else ""
        return said[:255] or f"Clever district {self.token.district_id}"


def unknown_owners(tokens: list[DistrictToken]) -> list[DistrictToken]:
    """Return the tokens whose owner is none of our districts, each owner once.

    Nor one that left and was deleted, by a token from before: Clever lists that for as
    long as the district has not removed NavSync there.
    """
    ids = District.objects.filter(clever_id__isnull=False)
    known = set(ids.values_list("clever_id", flat=True))
    # Read after the districts: one that is being deleted now is in either of the two.
    departed = _departed()
    unknown = {
        token.district_id: token
        for token in tokens
        if token.district_id not in known
        and not _is_left_over(token, departed.get(token.district_id))
    }
    return list(unknown.values())


def _departed() -> dict[str, datetime]:
    """Return the Clever ids of districts that left, and when each was deleted last."""
    entries = AuditEntry.objects.filter(district=None, verb=DELETED).order_by("at")
    told = entries.values_list("changes", "at")
    return {changes.get("clever_id", [""])[0]: at for changes, at in told}


def _is_left_over(token: DistrictToken, deleted_at: datetime | None) -> bool:
    """Whether a token is of a connection that ended: not made since the deletion."""
    if deleted_at is None:
        return False
    made_at = _made_at(token)
    return made_at is None or made_at <= deleted_at


def _made_at(token: DistrictToken) -> datetime | None:
    """Return when Clever made a token, None where it doesn't say so legibly."""
    try:
        made_at = datetime.fromisoformat(token.created or "")
    except ValueError:
        return None
    return made_at if made_at.tzinfo else made_at.replace(tzinfo=UTC)


def record_request(owner: Owner, actor: Actor) -> District:
    """Create a requested district for an unknown owner of a token, and return it.

    Call it inside a transaction. Raises IntegrityError when somebody was faster.
    """
    clever_id = owner.token.district_id
    district = District(
        slug=_free_slug(owner.name, clever_id),
        name=owner.name,
        clever_id=clever_id,
        clever_token=owner.token.access_token,
    )
    if owner.found is not None:
        district.nces_id = (owner.found.nces_id or "")[:64]
        note_answer(district, owner.found, timezone.now())
    district.save(force_insert=True)
    note = "Its token has appeared in Clever's list."
    record(district, actor, "recorded request", district.name, note=note)
    return district


def _free_slug(name: str, clever_id: str) -> str:
    """Return the name as a slug, with an ending if it is taken."""
    slug = slugify(name)[:_SLUG_LENGTH].strip("-") or "district"
    alike = District.objects.filter(slug__startswith=slug)
    taken = set(alike.values_list("slug", flat=True))
    ending = slugify(clever_id)[-8:].strip("-")
    endings = chain([f"-{ending}"] if ending else [], (f"-{n}" for n in count(2)))
    tried = chain([slug], (f"{slug}{ending}" for ending in endings))
    return next(each for each in tried if each not in taken)
