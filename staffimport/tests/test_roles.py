"""Roles and zones under what an import has planned: renamed with it, kept from it."""

import pytest
from django.utils import timezone

from accounts.models import Right
from accounts.services.role_rights import (
    RoleEdit,
    RoleSetting,
    change_roles,
    setting_of,
)
from accounts.services.roles import create_built_in_roles
from accounts.services.zone_edits import ZoneSetting
from accounts.services.zone_edits import setting_of as zone_setting
from schools.audit import Actor
from schools.errors import RefusedError
from staffimport.gate import final_gate
from staffimport.queries.uses import role_uses, zone_uses
from staffimport.services.renaming import InUseError
from staffimport.services.roles import delete_role, rename_role
from staffimport.services.zones import change_zone, delete_zone, use_no_schools_zone
from staffimport.store.settings import make_settings
from tests.cast import make_account, make_district, make_rows, make_run, make_school

pytestmark = pytest.mark.django_db

DANA = Actor("Dana Whitfield")


@pytest.fixture
def oak():
    district = make_district("oak")
    create_built_in_roles(district)
    return district


@pytest.fixture
def registrar(oak):
    return oak.user_roles.create(name="Registrar", level="school")


@pytest.fixture
def north(oak):
    return oak.zones.create(name="North")


def rename(role, name, level=None):
    seen = role.name, role.level
    return rename_role(role, name, level or role.level, seen, DANA)


def new(**changes):
    return {"outcome": "created", "writes": True, **changes}


def held(**changes):
    return new(state="held", held_reason="brake", **changes)


def use_everywhere(oak, registrar):
    settings = make_settings(oak)
    settings.keywords.create(keyword="records", position=0, user_role=registrar)
    settings.school_user_role = registrar
    settings.save()
    settings.protected_roles.add(registrar)
    school = make_school(oak)
    make_account(school, user_role=registrar)
    make_account(school, user_role=registrar)
    make_account(school, user_role=registrar, status="inactive")
    run = make_run(oak, "sync", applied_at=timezone.now())
    make_rows(run, held(user_role="Registrar"), new(user_role="Registrar"))
    return run


def test_everything_that_uses_a_role_is_told(oak, registrar):
    run = use_everywhere(oak, registrar)

    uses = list(role_uses(oak)[registrar.pk])

    keyword = next(use for use in uses if use.text.startswith("keyword"))
    assert keyword.url == "/setup/import-staff-data/#keyword-1"
    assert [use.text for use in uses] == [
        "2 active accounts",
        "1 inactive account",
        "keyword “records”",
        "default of school accounts",
        "protected: staff in Naviance but not in the Clever",
        f"1 new account held in run {run.pk}",
    ]


def test_what_is_undone_or_of_another_district_uses_nothing(oak, registrar):
    elm = make_district("elm")
    create_built_in_roles(elm)
    theirs = elm.user_roles.create(name="Registrar")
    make_account(elm, user_role=theirs)
    now = timezone.now()
    run = make_run(oak, "sync", applied_at=now, undone_at=now)
    make_rows(run, held(user_role="Registrar"))

    assert not role_uses(oak)[registrar.pk].is_used


def test_a_role_in_use_is_not_deleted(oak, registrar):
    account = make_account(oak, user_role=registrar, status="inactive")

    with pytest.raises(InUseError) as refused:
        delete_role(registrar, DANA)

    assert [use.text for use in refused.value.uses] == ["1 inactive account"]
    account.delete()
    delete_role(registrar, DANA)
    assert not oak.user_roles.filter(name="Registrar").exists()


def test_what_waits_and_is_protected_is_renamed_with_its_role(oak, registrar):
    settings = make_settings(oak)
    settings.covered_roles = ["District Site Manager", "Registrar"]
    settings.save()
    applied = make_run(oak, "final", applied_at=timezone.now())
    waits, done = make_rows(
        applied,
        held(user_role="Registrar"),
        new(state="applied", user_role="Registrar"),
    )
    [planned] = make_rows(make_run(oak), new(user_role="Registrar"))

    rename(registrar, "Records")

    for row in (waits, done, planned):
        row.refresh_from_db()
    settings.refresh_from_db()
    assert (waits.user_role, planned.user_role) == ("Records", "Records")
    assert done.user_role == "Registrar"
    assert settings.covered_roles == ["District Site Manager", "Records"]


def test_a_test_stays_good_when_a_role_and_a_zone_get_new_names(oak, registrar, north):
    settings = make_settings(oak)
    settings.school_user_role, settings.district_zone = registrar, north
    settings.save()
    make_run(oak)
    assert final_gate(oak).reasons == ()

    rename(registrar, "Records")
    seen = zone_setting(north)
    change_zone(north, ZoneSetting("Upper", seen.schools), seen, DANA)

    assert final_gate(oak).reasons == ()


def test_a_test_is_out_of_date_when_the_brake_guards_another_role(oak):
    make_run(oak)
    teacher = oak.user_roles.get(name="Teacher")
    seen = setting_of(teacher)
    edit = RoleEdit(seen, RoleSetting(seen.rights, is_essential=True))

    change_roles(oak, {teacher.pk: edit}, DANA)

    [reason] = final_gate(oak).reasons
    assert reason.startswith("What the brake guards was changed after this test, on ")
    assert reason.endswith(" by Dana Whitfield. Run it again.")


def test_other_rights_leave_a_test_good(oak):
    make_run(oak)
    teacher = oak.user_roles.get(name="Teacher")
    wanted = RoleSetting(frozenset({Right.VIEW_REPORTS.value}))

    change_roles(oak, {teacher.pk: RoleEdit(setting_of(teacher), wanted)}, DANA)

    assert final_gate(oak).reasons == ()


def test_while_a_run_is_at_work_names_stay(oak, registrar, north):
    make_run(oak, "sync", "running")
    seen = zone_setting(north)

    with pytest.raises(RefusedError, match="An import is at work"):
        rename(registrar, "Records")
    with pytest.raises(RefusedError, match="An import is at work"):
        delete_role(registrar, DANA)
    with pytest.raises(RefusedError, match="An import is at work"):
        change_zone(north, ZoneSetting("Upper"), seen, DANA)
    with pytest.raises(RefusedError, match="An import is at work"):
        delete_zone(north, DANA)

    assert oak.user_roles.filter(name="Registrar").exists()
    assert oak.zones.get().name == "North"
    assert not oak.audit_entries.exists()


@pytest.mark.parametrize("applies_to", ["school", "both"])
def test_a_level_fits_what_the_settings_give_the_role_to(oak, registrar, applies_to):
    settings = make_settings(oak)
    settings.keywords.create(
        keyword="Records", position=0, user_role=registrar, applies_to=applies_to
    )

    with pytest.raises(RefusedError, match="to school staff: keyword “Records”"):
        rename(registrar, "Registrar", "district")

    registrar.refresh_from_db()
    assert registrar.level == "school"


def test_everything_that_uses_a_zone_is_told(oak, north):
    settings = make_settings(oak)
    settings.district_zone = north
    settings.save()
    make_account(oak, zone=north)
    run = make_run(oak, "sync", applied_at=timezone.now())
    make_rows(run, held(zone="North"))

    with pytest.raises(InUseError) as refused:
        delete_zone(north, DANA)

    assert [use.text for use in refused.value.uses] == [
        "1 active account",
        "default of new district staff",
        f"1 new account held in run {run.pk}",
    ]
    assert list(zone_uses(oak)) == [north.pk]


def test_an_unused_zone_is_deleted_on_record(oak, north):
    north.schools.set([make_school(oak)])

    delete_zone(north, DANA)

    assert not oak.zones.exists()
    entry = oak.audit_entries.get()
    assert entry.verb == "deleted zone"
    assert entry.changes == {"schools": [["Lincoln High School"], None]}


def test_no_schools_zone_is_taken_as_it_is_spelled_and_emptied(oak):
    make_settings(oak)
    zone = oak.zones.create(name="NO SCHOOLS ZONE")
    zone.schools.add(make_school(oak))

    use_no_schools_zone(oak, DANA)

    assert oak.zones.get() == zone
    assert not zone.schools.exists()
    assert make_settings(oak).district_zone == zone
    verbs = {entry.verb for entry in oak.audit_entries.all()}
    assert verbs == {"changed zone", "saved import settings"}
