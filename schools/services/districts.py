"""Take on a district, activate it, and note that it has begun its setup."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from schools.audit import Actor, record
from schools.clever_connection import check_token
from schools.errors import RefusedError
from schools.models import District

DAYS_TO_LAUNCH = timedelta(days=28)
"""From activation to the launch date (product.md, "The district's way through")."""


def create_district(  # noqa: PLR0913 - one argument per fact about the district
    *,
    slug: str,
    name: str,
    clever_id: str,
    token: str,
    actor: Actor,
    nces_id: str = "",
    activate: bool = False,
) -> District:
    """Create a district whose token Clever has just confirmed, and return it.

    `clever_id` is the district's id in Clever. With `activate` it is activated from
    the start, else requested. Raises RefusedError when the slug or Clever id is taken,
    a value is no good or the token is another district's, and CleverError when Clever
    refuses the token or can't be reached; then nothing is created.
    """
    district = District(
        slug=slug,
        name=name.strip(),
        clever_id=clever_id.strip(),
        clever_token=token.strip(),
        nces_id=nces_id.strip(),
    )
    _refuse_taken(district)
    _refuse_invalid(district)
    found = check_token(district.clever_token, district.clever_id or "")
    district.clever_state = (found.state or "")[:16]
    district.clever_last_sync = _parsed(found.last_sync)
    district.clever_checked_at = timezone.now()
    if activate:
        _set_activated(district, timezone.now())
    try:
        with transaction.atomic():
            district.save(force_insert=True)
            record(
                district,
                actor,
                "created district",
                district.name,
                changes={"state": [None, str(district.state)]},
            )
    except IntegrityError:  # taken since it was looked for
        _refuse_taken(district)
        raise
    return district


def activate_district(district: District, actor: Actor, note: str = "") -> None:
    """Activate a requested district; the launch date is 28 days on, in its own time.

    `note` says with whom it was confirmed. Raises RefusedError in any other state.
    """
    if district.state != District.State.REQUESTED:
        sentence = (
            f"{district.name} is {district.get_state_display().lower()} already; only "
            "a requested district can be activated."
        )
        raise RefusedError(sentence)
    _set_activated(district, timezone.now())
    with transaction.atomic():
        district.save(update_fields=["state", "activated_at", "launch_date"])
        record(
            district,
            actor,
            "activated district",
            district.name,
            changes={
                "state": ["requested", "activated"],
                "launch_date": [None, f"{district.launch_date:%Y-%m-%d}"],
            },
            note=note,
        )


def note_setup_begun(district: District) -> None:
    """Move an activated district on to "setting up": its first schools are matched.

    Does nothing in any other state. Call it inside the transaction of the change.
    """
    begun = District.objects.filter(pk=district.pk, state=District.State.ACTIVATED)
    if begun.update(state=District.State.SETTING_UP):
        district.state = District.State.SETTING_UP


def launch_date_for(activated_at: datetime, time_zone: str) -> date:
    """Return the launch date of a district activated then, by its own calendar."""
    return activated_at.astimezone(ZoneInfo(time_zone)).date() + DAYS_TO_LAUNCH


def _set_activated(district: District, now: datetime) -> None:
    district.state = District.State.ACTIVATED
    district.activated_at = now
    district.launch_date = launch_date_for(now, district.time_zone)


def _refuse_taken(district: District) -> None:
    if District.objects.filter(slug=district.slug).exists():
        sentence = (
            f"There is a district “{district.slug}” already. Choose another short name."
        )
        raise RefusedError(sentence)
    holder = District.objects.filter(clever_id=district.clever_id).first()
    if holder is not None:
        sentence = (
            f"The Clever district {district.clever_id} is connected already, as "
            f"“{holder.slug}”. Use that district, or check the Clever id."
        )
        raise RefusedError(sentence)


def _refuse_invalid(district: District) -> None:
    if not district.clever_id:
        raise RefusedError(
            "The Clever id of the district is empty. Copy it from Clever."
        )
    try:
        district.clean_fields(exclude=["clever_token", "clever_id"])
    except ValidationError as error:
        sentence = " ".join(
            f"The {field.replace('_', ' ')} is not accepted: {' '.join(messages)}"
            for field, messages in error.message_dict.items()
        )
        raise RefusedError(sentence) from error


def _parsed(moment: str | None) -> datetime | None:
    """Return a time Clever sent, None when there is none or it is no time."""
    try:
        return parse_datetime(moment or "")
    except ValueError:
        return None
