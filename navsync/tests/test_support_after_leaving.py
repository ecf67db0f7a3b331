"""A district that was disconnected: support looks at it, and changes nothing of it."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.staff_rows import STAFF_COLUMNS
from navsync.support.groups import LEAD
from navsync.tests.uploading import confirm, upload
from schools.connected import check_connected
from schools.models import District, School
from schools.services.loading import SCHOOL_COLUMNS
from tests.cast import make_district, make_school

pytestmark = pytest.mark.django_db

FILES = {
    "schools_school": (",".join(SCHOOL_COLUMNS), "S1,Lincoln,,,,,"),
    "accounts_staffaccount": (
        ",".join(STAFF_COLUMNS),
        "district,,Eve,,Ito,,eve@x.example,,,,no,no,,active",
    ),
}
REFUSED = "To one that was disconnected from Clever nothing is added any more"


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def lead(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_user("lou@navsync.example", "secret", is_staff=True)
    user.groups.set(Group.objects.filter(name=LEAD))
    client.force_login(user)
    return client


def leave(district):
    District.objects.filter(pk=district.pk).update(disconnected_at=timezone.now())


def assert_nothing_came(district):
    assert not district.staff_accounts.exists()
    assert not district.schools.exists()
    assert not district.audit_entries.exists()


@pytest.mark.parametrize("kind", FILES)
def test_the_forms_for_files_offer_no_district_that_left(lead, oak, kind):
    make_district("elm")
    leave(oak)

    page = lead.get(reverse(f"admin:{kind}_import")).text

    assert "Elm Unified" in page
    assert "Oak Unified" not in page


@pytest.mark.parametrize("kind", FILES)
def test_no_file_is_loaded_into_a_district_that_left(lead, oak, kind):
    leave(oak)

    page = upload(lead, kind, oak, *FILES[kind])

    assert REFUSED in page
    assert "Confirm import" not in page
    assert_nothing_came(oak)


@pytest.mark.parametrize("kind", FILES)
def test_no_file_is_loaded_that_was_previewed_before_the_district_left(lead, oak, kind):
    preview = upload(lead, kind, oak, *FILES[kind])
    leave(oak)

    page = confirm(lead, kind, preview)

    assert REFUSED in page
    assert_nothing_came(oak)


@pytest.mark.parametrize("kind", FILES)
def test_nor_that_is_being_loaded_when_the_district_leaves(
    lead, oak, kind, monkeypatch
):
    preview = upload(lead, kind, oak, *FILES[kind])

    def leave_meanwhile(district):
        leave(district)
        check_connected(district)

    monkeypatch.setattr("schools.csv_admin.check_connected", leave_meanwhile)
    page = confirm(lead, kind, preview)

    assert "Nothing was loaded. This district was disconnected from Clever" in page
    assert_nothing_came(oak)


def test_no_school_is_added_by_form_to_a_district_that_left(lead, oak):
    elm = make_district("elm")
    leave(oak)
    form = {"school_id": "S1", "name": "Lincoln"}
    choice = {"app_label": "schools", "model_name": "school", "field_name": "district"}

    offered = lead.get(reverse("admin:autocomplete"), {**choice, "term": ""}).text
    page = lead.post("/admin/schools/school/add/", {**form, "district": oak.pk})
    lead.post("/admin/schools/school/add/", {**form, "district": elm.pk})

    assert "Elm Unified" in offered
    assert "Oak Unified" not in offered
    assert REFUSED in page.text
    assert [school.district for school in School.objects.all()] == [elm]


@pytest.mark.parametrize("what", ["school", "district", "role", "zone", "function"])
def test_a_district_that_left_is_only_looked_at(lead, oak, what):
    things = {
        "school": make_school(oak),
        "district": oak,
        "role": oak.user_roles.create(name="Dean"),
        "zone": oak.zones.create(name="North"),
        "function": oak.job_functions.create(name="Deanery"),
    }
    opts = things[what]._meta
    name = f"admin:{opts.app_label}_{opts.model_name}_change"
    address = reverse(name, args=[things[what].pk])
    before = lead.get(address).text
    leave(oak)

    page = lead.get(address)
    sent = lead.post(address, {"name": "New name", "slug": "new", "school_id": "S9"})

    things[what].refresh_from_db()
    assert 'name="_save"' in before
    assert 'name="_save"' not in page.text
    assert "was disconnected from Clever: support looks at it and" in page.text
    assert sent.status_code == 403
    assert things[what].name != "New name"


def test_what_can_still_be_done_with_a_district_that_left_is_offered(lead, oak):
    leave(oak)

    page = lead.get(f"/admin/schools/district/{oak.pk}/change/").text

    for action in ("reconnect", "invite-admin"):
        assert f"/action/{action}/" in page
