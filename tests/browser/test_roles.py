"""Roles, rights and zones in a browser: ticked with keys, kept, never lost."""

import pytest
from playwright.sync_api import expect

from accounts.models import Right
from accounts.services.role_rights import (
    RoleEdit,
    RoleSetting,
    change_roles,
    setting_of,
)
from accounts.services.roles import create_built_in_roles
from schools.audit import Actor
from tests.browser.looks import LOOKS, faults, fits
from tests.browser.steps import end_session, press_until, sign_in
from tests.cast import make_account, make_admin, make_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KIM = Actor("Kim Marsh")


@pytest.fixture
def dana(oak):
    create_built_in_roles(oak)
    return make_admin(oak, rights=list(Right))


@pytest.fixture
def role(oak, dana):
    return lambda name: oak.user_roles.get(name=name)


def saves(page):
    """The bar that saves the grid."""
    return page.get_by_role("region", name="Save")


def box(page, name, right):
    return page.get_by_role("checkbox", name=f"{name} {right}", exact=True)


def test_the_grid_is_ticked_and_saved_with_keys_alone(page, role):
    page.goto("/")
    page.locator("details.menu > summary").click()
    page.get_by_role("link", name="Roles and rights").click()
    page.get_by_role("link", name="Teacher", exact=True).focus()
    press_until(page, box(page, "Teacher", "View reports"))
    expect(saves(page)).to_be_hidden()
    page.keyboard.press("Space")
    expect(saves(page)).to_contain_text("1 row changed, not saved")
    expect(page.get_by_role("status")).to_have_text("1 row changed, not saved")
    page.keyboard.press("Space")
    expect(saves(page)).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("Nothing changed")
    page.keyboard.press("Space")
    press_until(page, page.get_by_role("button", name="Save"), limit=100)
    page.keyboard.press("Enter")

    expect(page.get_by_text("Saved: Teacher.")).to_be_visible()
    expect(page.get_by_text("What you ticked before is back")).to_be_hidden()
    expect(saves(page)).to_be_hidden()
    expect(box(page, "Teacher", "View reports")).to_be_checked()
    assert role("Teacher").rights == ["view_students", "view_reports"]


def test_without_scripts_the_bar_is_there_once_something_is_changed(
    page, open_page, role
):
    session = page.context.storage_state()
    plain = open_page(java_script_enabled=False, storage_state=session)
    plain.goto("/setup/roles/")

    expect(saves(plain)).to_be_hidden()
    box(plain, "Teacher", "View reports").check()
    expect(saves(plain)).to_contain_text("Not saved yet")
    plain.get_by_role("button", name="Save").click()

    expect(plain.get_by_text("Saved: Teacher.")).to_be_visible()
    assert role("Teacher").rights == ["view_students", "view_reports"]


def test_leaving_with_a_box_that_is_not_saved_asks_first(page, role):
    asked = []

    def leave(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto("/setup/roles/")
    box(page, "Teacher", "Edit students").check()
    page.get_by_role("link", name="Discard").click()
    expect(box(page, "Teacher", "Edit students")).not_to_be_checked()
    assert asked == []

    box(page, "Teacher", "Edit students").check()
    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_role("heading", name="Last runs")).to_be_visible()
    assert asked == ["beforeunload"]


def test_what_was_ticked_outlives_a_session_that_has_ended(page, role, dana):
    page.goto("/setup/roles/")
    box(page, "Teacher", "Edit students").check()
    end_session(page)
    page.get_by_role("button", name="Save").click()
    sign_in(page, dana.email)

    expect(page.get_by_text("What you ticked before is back")).to_be_visible()
    expect(box(page, "Teacher", "Edit students")).to_be_checked()
    expect(saves(page)).to_contain_text("1 row changed, not saved")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: Teacher.")).to_be_visible()
    assert "edit_students" in role("Teacher").rights


def test_two_admins_at_the_grid_lose_nothing(page, role):
    page.goto("/setup/roles/")
    box(page, "Teacher", "View reports").check()
    teacher = role("Teacher")
    edit = RoleEdit(setting_of(teacher), RoleSetting(frozenset({"edit_students"})))
    change_roles(teacher.district, {teacher.pk: edit}, KIM)
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Not saved yet: Kim Marsh changed roles")).to_be_visible()
    expect(page.get_by_text("Teacher got Edit students.")).to_be_visible()
    expect(box(page, "Teacher", "View students")).not_to_be_checked()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: Teacher.")).to_be_visible()
    assert role("Teacher").rights == ["edit_students", "view_reports"]


@pytest.mark.parametrize("look", ["light 390"])
def test_on_a_phone_a_word_ticks_its_box(page, role):
    page.goto("/setup/roles/")
    page.locator("tr", has_text="Counselor (D)").get_by_text(
        "Manage user roles"
    ).click()

    expect(box(page, "Counselor (D)", "Manage user roles")).to_be_checked()
    assert box(page, "Counselor (D)", "Manage user roles").bounding_box()["width"] >= 24


def test_a_role_of_ones_own_is_made_renamed_and_deleted(page, oak):
    page.goto("/setup/roles/")
    page.get_by_role("link", name="Add a role").click()
    page.get_by_label("Name", exact=True).fill("teacher")
    page.get_by_label("Schools").check()
    page.get_by_label("View reports").check()
    page.get_by_role("button", name="Add the role").click()
    alert = page.get_by_role("alert")
    alert.get_by_role("link", name="There is a role “Teacher” already").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(page.get_by_label("View reports")).to_be_checked()
    page.get_by_label("Name", exact=True).fill("Registrar")
    page.get_by_role("button", name="Add the role").click()
    expect(page.get_by_text("The role Registrar is made.")).to_be_visible()

    page.get_by_role("link", name="Registrar", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Records")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Registrar is called Records now.")).to_be_visible()
    expect(page.get_by_text("What you typed before is back")).to_be_hidden()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete the role").click()
    expect(page.get_by_text("The role Records is deleted.")).to_be_visible()
    assert not oak.user_roles.filter(is_built_in=False).exists()


def test_a_zone_is_made_with_its_schools(page, oak):
    make_school(oak)
    page.goto("/setup/zones/")
    page.get_by_role("link", name="Add a zone").click()
    page.get_by_label("Name", exact=True).fill("North")
    page.get_by_label("Lincoln High School").check()
    page.get_by_role("button", name="Add the zone").click()

    expect(page.get_by_role("row", name="North")).to_contain_text("Lincoln")
    assert oak.zones.get().schools.count() == 1


@LOOKS
def test_pages_of_roles_and_zones_are_accessible_and_fit(page, oak, role):
    used = oak.user_roles.create(name="Registrar with a name as long as they come")
    free = oak.user_roles.create(name="Free")
    north, nowhere = (oak.zones.create(name=n) for n in ("North", "No Schools Zone"))
    north.schools.add(make_school(oak))
    make_account(oak, user_role=used, zone=north)
    addresses = [
        "/setup/",
        "/setup/roles/",
        "/setup/roles/add/",
        f"/setup/roles/{used.pk}/",
        f"/setup/roles/{used.pk}/delete/",
        f"/setup/roles/{free.pk}/delete/",
        f"/setup/roles/{role('Teacher').pk}/",
        "/setup/zones/",
        "/setup/zones/add/",
        f"/setup/zones/{north.pk}/",
        f"/setup/zones/{north.pk}/delete/",
        f"/setup/zones/{nowhere.pk}/",
    ]

    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = (faults(page), fits(page))
    page.goto("/setup/roles/")
    box(page, "District Site Manager", "Manage user roles").uncheck()
    page.get_by_role("button", name="Save").click()
    found["refused"] = (faults(page), fits(page))
    page.goto("/setup/roles/add/")
    page.get_by_role("button", name="Add the role").click()
    found["faults"] = (faults(page), fits(page))

    assert found == dict.fromkeys(found, ([], True))
