"""Take on a district that support knows by name."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from schools.audit import Actor, record
from schools.clever_connection import check_token, note_answer
from schools.errors import RefusedError
from schools.launch import first_launch_date
from schools.models import District
from schools.nces import is_district_id
from schools.services.lifecycle import Confirmation, record_activation
from schools.written import visible_line


def create_district(  # noqa: PLR0913 - one argument per fact about the district
    *,
    slug: str,
    name: str,
    clever_id: str,
    token: str,
    actor: Actor,
    nces_id: str = "",
    activate: bool = False,
    confirmed_with: str = "",
) -> District:
    """Create a district whose token Clever has just confirmed, and return it.

    `clever_id` is the district's id in Clever. With `activate` it is activated from
    the start, else requested; `confirmed_with` is who in the district said that it has
    both prerequisites, if anybody was asked. Raises RefusedError when the slug or
    Clever id is taken, a value is no good or the token is another district's, and
    CleverError when Clever refuses the token or can't be reached; then nothing is
    created.
    """
    district = District(
        slug=slug,
        name=visible_line(name),
        clever_id=clever_id.strip(),
        clever_token=token.strip(),
        nces_id=nces_id.strip(),
    )
    _refuse_taken(district)
    _refuse_invalid(district)
    found = check_token(district.clever_token, district.clever_id or "")
    now = timezone.now()
    note_answer(district, found, now)
    if activate:
        district.activated_at = now
        district.launch_date = first_launch_date(district, now)
    try:
        with transaction.atomic():
            district.save(force_insert=True)
            record(district, actor, "created district", district.name)
            if activate:
                asked = visible_line(confirmed_with)
                both = Confirmation(asked, clever_account=True, subscription=True)
                note = "Activated when created."
                record_activation(district, actor, both if asked else None, note)
    except IntegrityError:  # taken since it was looked for
        _refuse_taken(district)
        raise
    return district


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
    if district.nces_id and not is_district_id(district.nces_id):
        sentence = (
            f"“{district.nces_id}” is no NCES id of a district. Write its 7 digits, "
            "leading zeros included, or leave it out."
        )
        raise RefusedError(sentence)
    try:
        district.clean_fields(exclude=["clever_token", "clever_id"])
    except ValidationError as error:
        sentence = " ".join(
            f"The {field.replace('_', ' ')} is not accepted: {' '.join(messages)}"
            for field, messages in error.message_dict.items()
        )
        raise RefusedError(sentence) from error
