"""The Roles and rights pages: the grid, and one role."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Right
from accounts.services.role_rights import (
    RoleEdit,
    RoleSetting,
    change_roles,
    setting_of,
)
from accounts.services.roles import create_built_in_roles
from schools.audit import Actor
from staffimport.store.settings import make_settings
from tests.cast import (
    make_account,
    make_admin,
    make_district,
    make_run,
    make_school,
    signed_in,
)

pytestmark = pytest.mark.django_db

KIM = Actor("Kim Marsh")
URL = reverse("staffimport:roles")
ADD = reverse("staffimport:role_add")


@pytest.fixture
def oak():
    district = make_district("oak", first_final_at=timezone.now())
    create_built_in_roles(district)
    return district


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak, rights=list(Right)))


@pytest.fixture
def role(oak):
    return lambda name: oak.user_roles.get(name=name)


def url_of(role, do=""):
    return reverse(f"staffimport:role{do}", args=[role.pk])


def form(client, **changes):
    """What a browser would send of the grid; `changes` by name of the role."""
    shown = client.get(URL).context
    rows = [row for _level, rows in shown["levels"] for row in rows]
    sent = {"base": shown["base"]}
    for row in rows:
        ticked = [cell.name for cell in row.cells if cell.is_ticked]
        sent[f"role-{row.role.pk}"] = changes.get(row.role.name, ticked)
    return sent


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_grid_shows_each_role_with_its_rights_and_uses(oak, client):
    make_account(make_school(oak), user_role=oak.user_roles.get(name="Teacher"))

    response = client.get(URL)

    rows = {
        row.role.name: (level, [c.name for c in row.cells if c.is_ticked], row.uses)
        for level, rows in response.context["levels"]
        for row in rows
    }
    level, ticked, uses = rows["Teacher"]
    assert (level, ticked, uses.active) == ("School", ["view_students"], 1)
    assert rows["Counselor"][1][-1] == "essential"
    assert rows["District Site Manager"][1] == Right.values
    assert "Other District Staff" in rows
    assert "1 active account" in text_of(response)


def test_ticked_rights_are_saved(oak, client, role):
    sent = form(client, Teacher=["view_students", "view_reports", "essential"])

    response = client.post(URL, sent, follow=True)

    assert "Saved: Teacher. This holds from everybody’s next page on." in text_of(
        response
    )
    assert role("Teacher").rights == ["view_students", "view_reports"]
    assert role("Teacher").is_essential
    assert oak.audit_entries.get().actor_name == "Dana Whitfield"


def test_nothing_ticked_is_nothing_saved(oak, client):
    response = client.post(URL, form(client), follow=True)

    assert "Nothing to save" in text_of(response)
    assert not oak.audit_entries.exists()


def test_what_two_admins_change_is_joined_and_shown_before_it_is_saved(client, role):
    sent = form(client, Teacher=["view_students", "view_reports"])
    teacher = role("Teacher")
    seen = setting_of(teacher)
    theirs = RoleSetting(frozenset({"edit_students"}))
    change_roles(teacher.district, {teacher.pk: RoleEdit(seen, theirs)}, KIM)

    response = client.post(URL, sent)

    text = text_of(response)
    assert "Not saved yet: Kim Marsh changed roles while you were editing." in text
    assert "Teacher got Edit students." in text
    assert "Teacher lost View students." in text
    assert role("Teacher").rights == ["edit_students"]
    shown = response.context
    row = next(
        row
        for _level, rows in shown["levels"]
        for row in rows
        if row.role.name == "Teacher"
    )
    ticked = [cell.name for cell in row.cells if cell.is_ticked]
    assert ticked == ["edit_students", "view_reports"]

    again = {"base": shown["base"], f"role-{teacher.pk}": ticked}
    client.post(URL, sent | again)
    assert role("Teacher").rights == ["edit_students", "view_reports"]


def test_an_edit_beside_somebody_elses_of_another_role_is_saved(client, role):
    sent = form(client, Teacher=["view_reports"])
    other = role("Counselor")
    edit = RoleEdit(setting_of(other), RoleSetting(frozenset()))
    change_roles(other.district, {other.pk: edit}, KIM)

    client.post(URL, sent)

    assert role("Teacher").rights == ["view_reports"]
    assert role("Counselor").rights == []


def test_a_role_deleted_meanwhile_is_told(oak, client):
    gone = oak.user_roles.create(name="Registrar")
    sent = form(client, Registrar=["view_reports"])
    gone.delete()

    response = client.post(URL, sent)

    assert "A role you saw was deleted; so are your changes to it." in text_of(response)
    assert "Nothing of yours is left to save." in text_of(response)
    assert "click Save again" not in text_of(response)


@pytest.mark.parametrize(
    "base",
    [
        *("", "x", "[]", '{"x": []}', '{"1": 3}', '{"99999999999": ["y"]}', None),
        json.dumps({"9" * 5000: []}),
        "[" * 100_000,
    ],
)
def test_a_form_without_its_base_saves_nothing(oak, client, role, base):
    sent = form(client, Teacher=["view_reports"]) | {"base": base}

    response = client.post(URL, {k: v for k, v in sent.items() if v is not None})

    assert response.status_code in (200, 302)
    assert role("Teacher").rights == ["view_students"]


def test_the_last_way_into_the_console_stays(client, role):
    sent = form(client, **{"District Site Manager": ["manage_staff"]})

    text = text_of(client.post(URL, sent))

    assert "Nobody would be left with “Manage data import”" in text
    assert "What you ticked is kept." in text
    assert role("District Site Manager").rights == Right.values


def test_ones_own_access_goes_only_when_one_says_so(oak, client, role):
    analyst = role("District Analyst")
    analyst.rights = Right.values
    analyst.save()
    make_account(oak, user_role=analyst)
    sent = form(client, **{"District Site Manager": ["manage_data_import"]})

    response = client.post(URL, sent)
    assert "I know that I lose this myself" in text_of(response)
    assert "manage_roles" in role("District Site Manager").rights

    client.post(URL, sent | {"knows": "yes"})
    assert role("District Site Manager").rights == ["manage_data_import"]
    assert client.get(URL).status_code == 403


def test_the_grid_offers_a_school_site_manager_no_right_that_has_no_effect(client):
    page = client.get(URL)

    rows = {row.role.name: row for _l, rows in page.context["levels"] for row in rows}
    cells = {cell.name: cell for cell in rows["School Site Manager"].cells}
    idle = [name for name in cells if cells[name].is_idle]
    assert idle == ["manage_data_import", "manage_staff", "manage_roles"]
    assert not cells["manage_staff"].is_ticked
    assert not any(cell.is_idle for cell in rows["District Analyst"].cells)
    text = text_of(page)
    assert "School staff see their own account alone" in text
    pk = rows["School Site Manager"].role.pk
    assert f'name="role-{pk}" value="view_students"' in text
    assert f'name="role-{pk}" value="manage_staff"' not in text


def test_a_right_that_has_no_effect_at_schools_is_refused_and_shown(client, role):
    sent = form(client, Teacher=["view_students", "manage_staff"])

    page = client.post(URL, sent)

    assert "Manage staff accounts can’t be given to it." in text_of(page)
    assert f'name="role-{role("Teacher").pk}" value="manage_staff"' in text_of(page)
    assert role("Teacher").rights == ["view_students"]


def test_a_new_role_keeps_what_was_typed_until_it_is_right(oak, client):
    sent = {"name": "teacher", "level": "school", "right": ["view_reports"]}

    text = text_of(client.post(ADD, sent))
    assert "There is a role “Teacher” already" in text
    assert 'value="teacher"' in text
    assert 'value="view_reports" checked' in text
    text = text_of(client.post(ADD, {"name": "Registrar", "level": "moon"}))
    assert "Choose where accounts with this role are." in text

    client.post(ADD, sent | {"name": "Registrar"})
    made = oak.user_roles.get(name="Registrar")
    assert (made.level, made.rights) == ("school", ["view_reports"])


def test_an_empty_form_of_a_new_role_tells_all_its_faults_at_once(oak, client):
    page = client.post(ADD, {})

    assert page.context["faults"] == {
        "name": "Enter a name for the role.",
        "level": "Choose where accounts with this role are.",
    }
    text = text_of(page)
    assert '<a href="#name">Enter a name for the role.</a>' in text
    assert '<a href="#level">Choose where accounts with this role are.</a>' in text
    assert 'aria-invalid="true" aria-describedby="name-error"' in text
    described = 'aria-invalid="true" aria-describedby="level-error"'
    assert f'role="radiogroup" {described}' in text
    assert 'type="radio" id="level"' in text


def test_a_right_that_is_not_ones_own_is_told_at_its_box_beside_other_faults(oak):
    little = signed_in(make_admin(oak, rights=["manage_data_import", "manage_roles"]))

    page = little.post(ADD, {"level": "moon", "right": ["manage_staff"]})

    assert list(page.context["faults"]) == ["name", "level", "right-manage_staff"]
    box = 'value="manage_staff" checked aria-invalid="true" aria-describedby='
    assert f'{box}"right-manage_staff-error"' in text_of(page)
    assert "You don’t have “Manage staff accounts” yourself" in text_of(page)
    assert not oak.user_roles.filter(name="").exists()


def test_all_faults_of_a_roles_name_and_level_are_told_at_once(oak, client):
    own = oak.user_roles.create(name="Registrar", level="school")
    make_account(make_school(oak), user_role=own)
    settings = make_settings(oak)
    settings.school_user_role = own
    settings.save()
    seen = {"seen-name": "Registrar", "seen-level": "school"}

    page = client.post(url_of(own), {**seen, "name": "", "level": "district"})
    empty = client.post(url_of(own), seen)

    faults = page.context["faults"]
    assert faults["name"] == "Enter a name for the role."
    assert "1 account at schools has the role Registrar" in faults["level"]
    assert "The Staff Import Settings give the role Registrar to" in faults["level"]
    assert list(empty.context["faults"]) == ["name", "level"]


def test_a_role_of_ones_own_is_renamed_on_its_page(oak, client, role):
    own = oak.user_roles.create(name="Registrar", level="school")
    seen = {"seen-name": "Registrar", "seen-level": "school", "level": "school"}

    text = text_of(client.post(url_of(own), seen | {"name": "Teacher"}))
    assert "There is a role “Teacher” already" in text
    response = client.post(url_of(own), seen | {"name": "Records"}, follow=True)

    assert "Registrar is called Records now." in text_of(response)
    text = text_of(client.post(url_of(own), seen | {"name": "Files"}))
    assert "it is “Records” now" in text
    assert 'value="Files"' in text
    assert role("Records") == own


def test_a_built_in_role_is_reset_but_not_renamed_or_deleted(client, role):
    teacher = role("Teacher")
    teacher.rights = []
    teacher.save()
    assert "Reset to built-in rights" in text_of(client.get(url_of(teacher)))

    client.post(url_of(teacher, "_reset"))
    assert role("Teacher").rights == ["view_students"]
    assert "Reset to built-in rights" not in text_of(client.get(url_of(teacher)))

    sent = {"seen-name": "Teacher", "seen-level": "school", "level": "school"}
    client.post(url_of(teacher), sent | {"name": "Educator"})
    response = client.post(url_of(teacher, "_delete"), follow=True)
    assert "comes with Naviance, so it can’t be deleted" in text_of(response)
    assert role("Teacher") == teacher


def test_deleting_asks_first_and_says_what_uses_the_role(oak, client):
    own = oak.user_roles.create(name="Registrar")
    account = make_account(oak, user_role=own, status="inactive")

    for response in (
        client.get(url_of(own, "_delete")),
        client.post(url_of(own, "_delete")),
    ):
        assert "Registrar can’t be deleted" in text_of(response)
        assert f"/staff/?role={own.pk}&amp;status=inactive" in text_of(response)
    account.delete()
    assert "Nothing uses this role." in text_of(client.get(url_of(own, "_delete")))

    make_run(oak, "sync", "running")
    response = client.post(url_of(own, "_delete"), follow=True)
    assert "An import is at work" in text_of(response)
    oak.import_runs.all().delete()
    client.post(url_of(own, "_delete"))
    assert not oak.user_roles.filter(name="Registrar").exists()


def addresses(role, zone):
    names = ["roles", "role_add", "zones", "zone_add"]
    return [
        *(reverse(f"staffimport:{name}") for name in names),
        *(url_of(role, do) for do in ("", "_delete")),
        reverse("staffimport:zone", args=[zone.pk]),
        reverse("staffimport:zone_delete", args=[zone.pk]),
    ]


def test_it_takes_the_right_to_manage_roles(oak, client, role):
    manager = role("District Site Manager")
    manager.rights = ["manage_data_import", "manage_staff"]
    manager.save()
    zone = oak.zones.create(name="North")

    for address in addresses(role("Teacher"), zone):
        response = client.get(address)
        assert response.status_code == 403
        assert "You can’t open roles and zones" in text_of(response)
        assert client.post(address).status_code in (403, 405)
    assert client.post(url_of(role("Teacher"), "_reset")).status_code == 403
    assert URL not in text_of(client.get("/"))


def test_another_districts_role_or_zone_is_not_there(oak, client):
    elm = make_district("elm")
    create_built_in_roles(elm)
    theirs = elm.user_roles.get(name="Teacher")
    zone = elm.zones.create(name="North")

    for address in addresses(theirs, zone)[4:]:
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert client.post(url_of(theirs, "_reset")).status_code == 404
    assert client.get(f"/setup/roles/{'9' * 40}/").status_code == 404
    sent = {"base": json.dumps({theirs.pk: []}), f"role-{theirs.pk}": Right.values}
    client.post(URL, sent)
    assert elm.user_roles.get(name="Teacher").rights == ["view_students"]


def test_without_its_token_no_form_is_taken(oak, client, role):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    sent = form(client, Teacher=["view_reports"])

    for address in addresses(role("Teacher"), oak.zones.create(name="North")):
        assert strict.post(address, sent).status_code in (403, 405)
    assert role("Teacher").rights == ["view_students"]
