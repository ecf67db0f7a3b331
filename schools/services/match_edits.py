"""Save several edits of school matches at once, all or none, over nobody's head."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from schools.audit import Actor, record
from schools.models import CleverSchool, District, School, SchoolMatch
from schools.services.matches import edit_matches


@dataclass(frozen=True, slots=True)
class MatchEdit:
    """What somebody wants one Clever school to be matched with.

    `clever_school`, `base` and `wanted` are primary keys: `base` is the school it was
    matched with when the edit was made, `wanted` the one it shall have; 0 is none.
    """

    clever_school: int
    base: int
    wanted: int


class Obstacle(StrEnum):
    """Why an edit can't be saved as it is."""

    LOCKED = "locked"
    CHANGED = "changed"
    TAKEN = "taken"
    SCHOOL_GONE = "school_gone"
    NOT_SHARED = "not_shared"


@dataclass(frozen=True, slots=True)
class Judged:
    """Edits against what is stored now.

    `open` are those that still change something, by Clever school; `obstacles` says
    which of them can't be saved; `gone` counts edits of Clever schools that are gone.
    """

    open: dict[int, MatchEdit]
    obstacles: dict[int, Obstacle]
    gone: int = 0


def judge(
    edits: Sequence[MatchEdit],
    clever_schools: Mapping[int, CleverSchool],
    matches: Mapping[int, SchoolMatch],
    schools: Mapping[int, School],
) -> Judged:
    """Compare edits with what is stored; what is so already is left out.

    Clever schools, matches (by Clever school) and schools are those of one district,
    by primary key.
    """
    known = {e.clever_school: e for e in edits if e.clever_school in clever_schools}
    held = {pk: match.school_id for pk, match in matches.items()}
    open_edits = {pk: e for pk, e in known.items() if held.get(pk, 0) != e.wanted}
    after = {**held, **{pk: edit.wanted for pk, edit in open_edits.items()}}
    holders: dict[int, list[int]] = {}
    for pk, school in after.items():
        holders.setdefault(school, []).append(pk)
    obstacles = {}
    for pk, edit in open_edits.items():
        match, wanted = matches.get(pk), edit.wanted
        if match is not None and match.is_locked:
            obstacles[pk] = Obstacle.LOCKED
        elif held.get(pk, 0) != edit.base:
            obstacles[pk] = Obstacle.CHANGED
        elif wanted and wanted not in schools:
            obstacles[pk] = Obstacle.SCHOOL_GONE
        elif wanted and not clever_schools[pk].is_shared:
            obstacles[pk] = Obstacle.NOT_SHARED
        elif wanted and len(holders[wanted]) > 1:
            obstacles[pk] = Obstacle.TAKEN
    gone = sum(edit.clever_school not in clever_schools for edit in edits)
    return Judged(open_edits, obstacles, gone)


def save_edits(
    district: District, edits: Iterable[MatchEdit], actor: Actor
) -> tuple[int, Judged]:
    """Save edits of a district's matches; return how many, and how they were judged.

    If one of them meets an obstacle nothing is saved. An edit that is so already (the
    second of two clicks) counts as none. Raises RefusedError as `edit_matches` does.
    """
    edits = tuple(edits)
    with transaction.atomic():
        # Takes the district's row, so that a second save waits and sees this one.
        District.objects.filter(pk=district.pk).update(created_at=F("created_at"))
        clever_schools = {school.pk: school for school in district.clever_schools.all()}
        matches = {
            match.clever_school_id: match for match in district.school_matches.all()
        }
        schools = {school.pk: school for school in district.schools.all()}
        judged = judge(edits, clever_schools, matches, schools)
        if judged.obstacles or judged.gone:
            return 0, judged
        changed = judged.open
        edit_matches(
            district,
            resets=[
                schools[matches[pk].school_id].school_id
                for pk in changed
                if pk in matches
            ],
            pairs=[
                (schools[edit.wanted].school_id, clever_schools[pk].clever_id)
                for pk, edit in changed.items()
                if edit.wanted
            ],
            actor=actor,
        )
    return len(changed), judged


def verify_matches(district: District, actor: Actor) -> None:
    """Keep that somebody has looked and says schools are matched correctly.

    Manual, "Run a Test Staff Import": "Verify schools are matched correctly, so staff
    accounts are created at the correct schools." It stands until a match changes;
    until then whoever says it again, such as by a double click, changes nothing.
    """
    with transaction.atomic():
        # Takes the district's row, so that a second click waits and sees the first.
        District.objects.filter(pk=district.pk).update(created_at=F("created_at"))
        district.refresh_from_db(fields=["matches_verified_at", "matches_verified_by"])
        if district.are_matches_verified():
            return
        matched = district.school_matches.count()
        district.matches_verified_at = timezone.now()
        district.matches_verified_by = actor.name[:255]
        district.save(update_fields=["matches_verified_at", "matches_verified_by"])
        record(district, actor, "verified school matches", f"{matched} matches")
