"""Saving edits of matches at once, from two people in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from schools.audit import Actor
from schools.models import District
from schools.services.match_edits import MatchEdit, Obstacle, save_edits
from schools.services.matches import match_automatically
from schools.tests.building import matched, our, pairs, their

DANA = Actor("Dana Whitfield")


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite in memory refuses a second writer where a file makes it wait",
)
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_in_one_moment_one_finds_the_other_there():
    oak = District.objects.create(slug="oak", name="Oak", clever_id="c")
    match = matched(their(oak, "Lincoln"), our(oak, "Lincoln"))
    clever, seen = match.clever_school_id, match.school_id
    wanted = [our(oak, "Adams").pk, our(oak, "Bell").pk]
    both = Barrier(2)

    def save(school):
        try:
            both.wait()
            edits = [MatchEdit(clever, base=seen, wanted=school)]
            return save_edits(oak, edits, DANA)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(save, wanted))

    saved = sorted(count for count, _judged in results)
    obstacles = [list(judged.obstacles.values()) for _count, judged in results]
    assert saved == [0, 1]
    assert sorted(obstacles) == [[], [Obstacle.CHANGED]]
    assert oak.school_matches.count() == 1


@pytest.mark.django_db
def test_what_was_reset_on_the_page_is_never_matched_again_by_itself(cedar):
    match = matched(their(cedar, "Lincoln"), our(cedar, "Lincoln"))
    edit = MatchEdit(match.clever_school_id, base=match.school_id, wanted=0)

    save_edits(cedar, [edit], DANA)

    assert match_automatically(cedar, DANA) == []


@pytest.mark.django_db
def test_one_obstacle_leaves_every_match_and_the_audit_as_they_were(cedar):
    locked = matched(
        their(cedar, "Lincoln"), our(cedar, "Lincoln"), imported_at=timezone.now()
    )
    free = matched(their(cedar, "Adams"), our(cedar, "Adams"))
    edits = [
        MatchEdit(match.clever_school_id, base=match.school_id, wanted=0)
        for match in (free, locked)
    ]

    saved, judged = save_edits(cedar, edits, DANA)

    assert (saved, judged.obstacles) == (0, {locked.clever_school_id: Obstacle.LOCKED})
    assert pairs(cedar) == {"Lincoln": "Lincoln", "Adams": "Adams"}
    assert cedar.audit_entries.count() == 0
