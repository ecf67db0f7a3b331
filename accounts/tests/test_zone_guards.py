"""A zone restricts whom its holder may edit, and what they may give."""

import pytest

from accounts.access import rights_in, schools_in_reach
from accounts.models import OVER_OTHERS, Right, StaffAccount, User
from accounts.recipients import import_managers
from accounts.services.staff import edit_account
from accounts.services.staff_guards import reach_of
from accounts.services.zone_edits import (
    ZoneSetting,
    change_zone,
    create_zone,
    delete_zone,
    setting_of,
)
from accounts.tests.by_hand import MANAGER, fresh, make, values
from schools.audit import Actor
from schools.errors import RefusedError


def change(account, actor, **changes):
    edit_account(fresh(account), values(fresh(account), **changes), {}, actor)


@pytest.fixture
def north(maple, school):
    zone = maple.zones.create(name="North")
    zone.schools.set([school])
    return zone


@pytest.fixture
def nora(maple, north):
    """A District Site Manager whose zone is North."""
    user = User.objects.create_user("nora@maple.example", first_name="Nora")
    make(maple, role=MANAGER, user=user, last_name="Ek", zone=north)
    return Actor("Nora Ek", user)


def test_accounts_of_the_zones_schools_alone_are_edited(maple, school, nora):
    other = maple.schools.exclude(pk=school.pk).get()
    within, beyond = (make(maple, at, "Teacher") for at in (school, other))

    change(within, nora, job_title="Dean")
    with pytest.raises(RefusedError) as refused:
        change(beyond, nora, job_title="Dean")

    assert fresh(within).job_title == "Dean"
    assert fresh(beyond).job_title == ""
    assert str(refused.value) == (
        f"Your account is restricted to a zone, which is less than {other}. Ask "
        "somebody who has full access."
    )


def test_nobody_lifts_their_own_zone(maple, nora):
    own = StaffAccount.objects.get(user=nora.user)

    with pytest.raises(RefusedError, match="may do what you may not"):
        change(own, nora, zone=None)

    assert fresh(own).zone is not None


def test_a_zone_within_ones_own_is_given_and_no_wider_one(maple, school, north, nora):
    none = maple.zones.create(name="No Schools Zone")
    all_of_it = maple.zones.create(name="All")
    all_of_it.schools.set(maple.schools.all())
    other = make(maple, role="Other District Staff", zone=north)

    change(other, nora, zone=none)
    with pytest.raises(RefusedError, match="less than the zone All"):
        change(other, nora, zone=all_of_it)

    assert fresh(other).zone == none


def test_a_right_reaches_as_far_as_the_account_that_gives_it(maple, school, nora):
    """An account without a zone, but without the right, lifts the zone of none."""
    make(maple, role="Other District Staff", user=nora.user, last_name="Ek")
    beyond = make(maple, maple.schools.exclude(pk=school.pk).get(), "Teacher")

    with pytest.raises(RefusedError, match="restricted to a zone"):
        change(beyond, nora, job_title="Dean")

    assert schools_in_reach(nora.user, maple) == frozenset([school.pk])


def test_nobody_adds_or_edits_where_they_see_nothing(maple, school, north):
    """Import rights in a zone, and rights over staff everywhere, by two accounts."""
    user = User.objects.create_user("ida@maple.example")
    for name, right, zone in (
        ("Importer", Right.MANAGE_DATA_IMPORT, north),
        ("Clerk", Right.MANAGE_STAFF, None),
    ):
        maple.user_roles.create(name=name, rights=[right])
        make(maple, role=name, user=user, last_name="Ek", zone=zone)

    assert reach_of(Actor("Ida Ek", user), maple) == frozenset([school.pk])


def test_without_a_zone_one_account_gives_its_rights_everywhere(maple, school, nora):
    importer = maple.user_roles.create(
        name="Importer", rights=[Right.MANAGE_DATA_IMPORT]
    )
    own = make(maple, user=nora.user, last_name="Ek")
    StaffAccount.objects.filter(pk=own.pk).update(user_role=importer)
    beyond = make(maple, maple.schools.exclude(pk=school.pk).get(), "Teacher")

    with pytest.raises(RefusedError, match="restricted to a zone"):
        change(beyond, nora, job_title="Dean")

    assert schools_in_reach(nora.user, maple) is None
    assert schools_in_reach(nora.user, maple, Right.MANAGE_STAFF) == frozenset(
        [school.pk]
    )


def test_whoever_has_full_access_is_not_edited(maple, nora, dana):
    free = make(maple, role="Other District Staff")

    with pytest.raises(RefusedError, match="full access"):
        change(free, nora, job_title="Dean")
    change(free, dana, job_title="Dean")

    assert fresh(free).job_title == "Dean"


def test_zones_are_made_and_changed_by_full_access_alone(maple, north, nora):
    wider = ZoneSetting("North", frozenset(maple.schools.values_list("pk")[0]))

    for deed in (
        lambda: create_zone(maple, ZoneSetting("East"), nora),
        lambda: change_zone(north, wider, setting_of(north), nora),
        lambda: delete_zone(north, nora),
    ):
        with pytest.raises(RefusedError, match="yours is restricted to a zone"):
            deed()
    assert maple.zones.get() == north


def test_nobody_restricts_themselves(maple, dana, north):
    own = StaffAccount.objects.get(user=dana.user)

    with pytest.raises(RefusedError, match="you can't restrict it yourself"):
        change(own, dana, zone=north)

    assert fresh(own).zone is None


def test_the_last_manager_with_full_access_keeps_it(maple, dana, nora, north):
    support = Actor("Naviance Support")
    own = StaffAccount.objects.get(user=dana.user)

    with pytest.raises(RefusedError) as refused:
        change(own, support, zone=north)
    make(maple, role=MANAGER, last_name="Ruiz")
    change(own, support, zone=north)

    assert str(refused.value) == (
        f"{own} is the last active District Site Manager of Maple Valley with full "
        "access, so this account keeps its full access. Give somebody else that role "
        "first, without a zone."
    )
    assert fresh(own).zone == north


def test_what_is_over_the_whole_district_takes_full_access(maple, nora, dana):
    assert rights_in(dana.user, maple) >= set(OVER_OTHERS)
    assert rights_in(nora.user, maple) & set(OVER_OTHERS) == {Right.MANAGE_STAFF}


def test_no_mail_about_the_import_goes_to_whom_a_zone_restricts(maple, nora, dana):
    own = StaffAccount.objects.get(user=nora.user)
    StaffAccount.objects.filter(pk=own.pk).update(email="nora@maple.example")

    addresses = [each.address for each in import_managers(maple)]

    assert "nora@maple.example" not in addresses
    assert addresses
