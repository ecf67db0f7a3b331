"""Match schools by themselves and by hand, and take matches apart again."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.matching import SchoolFacts, SchoolMatching, match_schools
from schools.models import (
    CleverSchool,
    District,
    School,
    SchoolMatch,
    SchoolMatchReset,
)
from schools.services.setting_up import note_setup_begun
from schools.written import given_reason


class MatchLockedError(RefusedError):
    """A final import has used the match, so it can't be edited any more."""


def find_matches(district: District) -> SchoolMatching:
    """Return what could be matched now, and suggestions for the rest; writes nothing.

    Keys of the result are primary keys of School and Clever school ids. Clever schools
    no longer shared take no part, unless they are matched.
    """
    pairs = district.school_matches.values_list("school_id", "clever_school__clever_id")
    taken = [(str(school), clever) for school, clever in pairs]
    resets = district.school_match_resets.values_list(
        "school_id", "clever_school__clever_id"
    )
    matched = {clever for _, clever in taken}
    theirs = [
        school
        for school in district.clever_schools.all()
        if school.is_shared or school.clever_id in matched
    ]
    return match_schools(
        (facts_of(str(school.pk), school) for school in district.schools.all()),
        (facts_of(school.clever_id, school) for school in theirs),
        taken=taken,
        refused=[(str(school), clever) for school, clever in resets],
    )


def match_automatically(district: District, actor: Actor) -> list[SchoolMatch]:
    """Match what is certain by NCES id or name; return the new matches.

    Pairs reset by hand stay apart, and existing matches as they are.
    """
    with transaction.atomic():
        found = find_matches(district).matches
        schools = {str(school.pk): school for school in district.schools.all()}
        theirs = {school.clever_id: school for school in district.clever_schools.all()}
        matches = [
            SchoolMatch(
                district=district,
                school=schools[pair.naviance],
                clever_school=theirs[pair.clever],
                method=pair.method.value,
                reason=pair.reason[:500],
                matched_by_id=actor.user_id,
            )
            for pair in found
        ]
        # Somebody else's match of the same school, made meanwhile, stands.
        SchoolMatch.objects.bulk_create(matches, ignore_conflicts=True)
        if matches:
            note_setup_begun(district, actor, "Schools were matched.")
            record(
                district,
                actor,
                "matched schools",
                f"{len(matches)} by NCES ID or name",
                changes={
                    _told(match.school): [None, _told(match.clever_school)]
                    for match in matches
                },
            )
    return matches


def set_match(
    district: District, school: School, clever_school: CleverSchool, actor: Actor
) -> SchoolMatch:
    """Match a school by hand and return the match; an earlier one of it is replaced.

    Raises MatchLockedError when a final import has used the school's match, and
    RefusedError when the Clever school is not shared any more or is matched elsewhere.
    """
    _refuse_strangers(district, school, clever_school)
    if not clever_school.is_shared:
        sentence = (
            f"{clever_school} is no longer shared by Clever. Share it in the Clever "
            "Dashboard, then match it."
        )
        raise RefusedError(sentence)
    try:
        with transaction.atomic():
            return _replace_match(district, school, clever_school, actor)
    except IntegrityError as error:
        sentence = (
            f"Somebody else has just matched {school} or {clever_school}. Look at the "
            "list again."
        )
        raise RefusedError(sentence) from error


def reset_match(district: District, school: School, actor: Actor) -> None:
    """Take a school's match apart, for good: the pair is not matched again by itself.

    Raises MatchLockedError when a final import has used it, RefusedError when the
    school has no match.
    """
    with transaction.atomic():
        match = _match_of(district, school)
        if match is None:
            sentence = f"{school} has no match, so there is nothing to reset."
            raise RefusedError(sentence)
        _delete_unlocked(match)
        SchoolMatchReset.objects.update_or_create(
            school=school,
            clever_school=match.clever_school,
            defaults={
                "district": district,
                "reset_by_id": actor.user_id,
                "reset_at": timezone.now(),
            },
        )
        record(
            district,
            actor,
            "reset match",
            school.name,
            changes={"clever_school": [_told(match.clever_school), None]},
        )


def unlock_match(
    district: District, match: SchoolMatch, actor: Actor, why: str
) -> None:
    """Let a match be edited again that a final import has used, for a reason.

    Syncs leave its school alone until the next final import, which locks it again
    (product.md: "support can unlock, with a reason"). Raises RefusedError without a
    reason, for a match that isn't locked, and in a district that was disconnected.
    """
    why = given_reason(why)
    if district.disconnected_at is not None:
        sentence = (
            f"{district} was disconnected from Clever, so no final import would lock "
            "the match again. Connect the district first."
        )
        raise RefusedError(sentence)
    locked = district.school_matches.filter(pk=match.pk, imported_at__isnull=False)
    with transaction.atomic():
        if not locked.update(imported_at=None):
            sentence = f"{match} is not locked: it can be edited on Match Schools."
            raise RefusedError(sentence)
        record(
            district,
            actor,
            "unlocked match",
            match.school.name,
            changes={"locked": [True, False]},
            note=why,
        )


def edit_matches(
    district: District,
    *,
    resets: Iterable[str],
    pairs: Iterable[tuple[str, str]],
    actor: Actor,
) -> None:
    """Reset matches, then set others, all or none; schools are named by their ids.

    `resets` are school_ids, `pairs` are (school_id, Clever school id). Raises
    RefusedError, as `set_match` and `reset_match` do, also for an unknown id.
    """
    with transaction.atomic():
        for school_id in resets:
            reset_match(district, _school(district, school_id), actor)
        for school_id, clever_id in pairs:
            school = _school(district, school_id)
            set_match(district, school, _clever_school(district, clever_id), actor)


def facts_of(key: str, school: School | CleverSchool) -> SchoolFacts:
    """Return what matching looks at of a school of either side; `key` names it."""
    return SchoolFacts(
        key=key,
        name=school.name,
        nces_id=school.nces_id,
        address=school.address,
        city=school.city,
        state=school.state,
        zip=school.zip,
    )


def _replace_match(
    district: District, school: School, clever_school: CleverSchool, actor: Actor
) -> SchoolMatch:
    old = _match_of(district, school)
    if old is not None and old.clever_school == clever_school:
        return old
    holder = district.school_matches.filter(clever_school=clever_school).first()
    if holder is not None:
        sentence = (
            f"{clever_school} is matched to {holder.school} already. Reset that match "
            "first."
        )
        raise RefusedError(sentence)
    if old is not None:
        _delete_unlocked(old)
    district.school_match_resets.filter(
        school=school, clever_school=clever_school
    ).delete()
    match = SchoolMatch.objects.create(
        district=district,
        school=school,
        clever_school=clever_school,
        method=SchoolMatch.Method.MANUAL,
        reason=f"Matched by hand by {actor.name}."[:500],
        matched_by_id=actor.user_id,
    )
    note_setup_begun(district, actor, "Schools were matched.")
    record(
        district,
        actor,
        "set match",
        school.name,
        changes={
            "clever_school": [
                None if old is None else _told(old.clever_school),
                _told(clever_school),
            ]
        },
    )
    return match


def _match_of(district: District, school: School) -> SchoolMatch | None:
    matches = district.school_matches.select_related("school", "clever_school")
    return matches.filter(school=school).first()


def _delete_unlocked(match: SchoolMatch) -> None:
    """Delete a match unless it is locked, even since it was read."""
    unlocked = SchoolMatch.objects.filter(pk=match.pk, imported_at__isnull=True)
    if not unlocked.delete()[0]:
        sentence = (
            f"The match of {match.school} with {match.clever_school} can't be edited "
            "any more: a final import has used it. Ask Naviance Support to unlock it."
        )
        raise MatchLockedError(sentence)


def _refuse_strangers(
    district: District, school: School, clever_school: CleverSchool
) -> None:
    if {school.district_id, clever_school.district_id} != {district.pk}:
        sentence = f"{school} and {clever_school} are not both of {district}."
        raise RefusedError(sentence)


def _school(district: District, school_id: str) -> School:
    school = district.schools.filter(school_id=school_id).first()
    if school is None:
        sentence = (
            f"There is no school “{school_id}” in {district}. Use a school_id that was "
            "loaded with load_schools."
        )
        raise RefusedError(sentence)
    return school


def _clever_school(district: District, clever_id: str) -> CleverSchool:
    school = district.clever_schools.filter(clever_id=clever_id).first()
    if school is None:
        sentence = (
            f"There is no Clever school “{clever_id}” in {district}. Use the id of a "
            "school the district shares in Clever."
        )
        raise RefusedError(sentence)
    return school


def _told(school: School | CleverSchool) -> str:
    """Return how the audit trail names a school: several may share a name."""
    own = school.school_id if isinstance(school, School) else school.clever_id
    return f"{school.name} ({own})"
