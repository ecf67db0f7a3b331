"""Zones: their names and schools, and the one that never has any."""

import pytest

from accounts.services.naming import NameRefusedError
from accounts.services.zone_edits import (
    NO_SCHOOLS_ZONE,
    ZoneSetting,
    change_zone,
    create_zone,
    setting_of,
)
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import School

DANA = Actor("Dana Whitfield")


@pytest.fixture
def schools(maple):
    return list(maple.schools.order_by("name"))


@pytest.fixture
def north(maple, schools):
    return create_zone(maple, ZoneSetting("North", frozenset({schools[0].pk})), DANA)


def names(zone):
    return [school.name for school in zone.schools.order_by("name")]


def test_a_zone_is_made_with_its_schools_on_record(maple, north):
    entry = maple.audit_entries.get()

    assert names(north) == ["S1"]
    assert (entry.verb, entry.target) == ("created zone", "North")
    assert entry.changes == {"schools": [None, ["S1"]]}


def test_a_zone_gets_another_name_and_other_schools(maple, north, schools):
    wanted = ZoneSetting("Upper", frozenset({schools[1].pk}))

    changes = change_zone(north, wanted, setting_of(north), DANA)

    assert changes == {"name": ["North", "Upper"], "schools": [["S1"], ["S2"]]}
    assert (maple.zones.get().name, names(north)) == ("Upper", ["S2"])
    assert maple.audit_entries.first().changes == changes


def test_two_people_who_edit_a_zone_lose_nothing(north, schools):
    seen = setting_of(north)
    change_zone(north, ZoneSetting("North", frozenset()), seen, DANA)
    both = frozenset({schools[0].pk, schools[1].pk})

    change_zone(north, ZoneSetting("Upper", both), seen, DANA)

    assert (north.name, names(north)) == ("Upper", ["S2"])


def test_two_names_for_one_zone_are_told(north):
    seen = setting_of(north)
    change_zone(north, ZoneSetting("Upper", seen.schools), seen, DANA)

    with pytest.raises(RefusedError, match="it is “Upper” now"):
        change_zone(north, ZoneSetting("Lower", seen.schools), seen, DANA)


def test_no_schools_zone_gets_no_school_and_keeps_its_name(maple, schools):
    some = frozenset({schools[0].pk})
    for name in (NO_SCHOOLS_ZONE, "no schools  ZONE"):
        with pytest.raises(RefusedError, match="so it gets none"):
            create_zone(maple, ZoneSetting(name, some), DANA)
    zone = create_zone(maple, ZoneSetting(NO_SCHOOLS_ZONE), DANA)
    seen = setting_of(zone)

    with pytest.raises(RefusedError, match="so it gets none"):
        change_zone(zone, ZoneSetting(NO_SCHOOLS_ZONE, some), seen, DANA)
    with pytest.raises(NameRefusedError, match="keeps its name"):
        change_zone(zone, ZoneSetting("Empty"), seen, DANA)

    assert (maple.zones.get().name, names(zone)) == (NO_SCHOOLS_ZONE, [])


def test_a_zone_with_schools_does_not_become_the_one_without(north):
    seen = setting_of(north)

    with pytest.raises(RefusedError, match="so it gets none"):
        change_zone(north, ZoneSetting(NO_SCHOOLS_ZONE, seen.schools), seen, DANA)


@pytest.mark.parametrize("name", ["", "NORTH", "x" * 300, "🧭"])
def test_a_name_that_is_none_is_refused(maple, north, name):
    with pytest.raises(NameRefusedError):
        create_zone(maple, ZoneSetting(name), DANA)


def test_another_districts_school_is_refused(maple, cedar):
    theirs = School.objects.create(district=cedar, school_id="C1", name="C1")

    with pytest.raises(RefusedError, match="is gone meanwhile"):
        create_zone(maple, ZoneSetting("North", frozenset({theirs.pk})), DANA)

    assert not maple.zones.exists()
