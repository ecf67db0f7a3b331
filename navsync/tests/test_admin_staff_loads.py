"""Staff files on support's pages: who may load which rows, and what is on record."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.services.roles import create_built_in_roles
from accounts.staff_rows import OPTIONAL_COLUMNS, STAFF_COLUMNS
from navsync.support.groups import LEAD, SUPPORT
from navsync.tests.uploading import confirm, upload
from tests.cast import make_account, make_admin, make_district, make_school, signed_in

pytestmark = pytest.mark.django_db

KIND = "accounts_staffaccount"
HEADER = ",".join((*STAFF_COLUMNS, *OPTIONAL_COLUMNS))
MANAGER, TEACHER = "District Site Manager", "Teacher"


@pytest.fixture
def oak():
    district = make_district("oak")
    create_built_in_roles(district)
    return district


@pytest.fixture
def dana(oak):
    """The district's one site manager."""
    user = make_admin(oak)
    return oak.staff_accounts.get(user=user)


@pytest.fixture
def lee(oak):
    """A teacher."""
    role = oak.user_roles.get(name=TEACHER)
    return make_account(make_school(oak), user_role=role)


@pytest.fixture
def as_member(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False

    def sign_in(group):
        name = f"{group.split()[-1].lower()}@navsync.example"
        user = User.objects.create_user(name, "secret", is_staff=True)
        user.groups.set(Group.objects.filter(name=group))
        client.force_login(user)
        return client

    return sign_in


def row(account=None, **changes):
    """A row of a file: an account as it is, or Eve Ito at the district."""
    values = dict.fromkeys((*STAFF_COLUMNS, *OPTIONAL_COLUMNS), "")
    values |= {"level": "district", "first_name": "Eve", "last_name": "Ito"}
    values |= {"email": "eve@x.example", "status": "active"}
    if account is not None:
        names = ("first_name", "last_name", "job_title", "email", "status")
        values |= {name: getattr(account, name) for name in names}
        values |= {"user_role": str(account.user_role), "account_id": str(account.pk)}
    if account is not None and account.school is not None:
        values |= {"level": "school", "school_id": account.school.school_id}
    return ",".join((values | changes).values())


def load(client, district, *rows):
    """Load a file as a person does; return the preview and the page after it."""
    preview = upload(client, KIND, district, HEADER, *rows)
    return preview, confirm(client, KIND, preview)


def test_each_account_that_a_file_changes_is_on_record_and_in_its_history(
    as_member, oak, dana, lee
):
    load(as_member(SUPPORT), oak, row(lee, email="new@oak.example", user_role=""))

    entry = oak.audit_entries.get(about=lee.pk)
    assert (entry.verb, entry.actor_name, entry.address) == (
        *("edited account by file", "support@navsync.example", "127.0.0.1"),
    )
    assert entry.changes == {
        "email": ["jlee@oak.example", "new@oak.example"],
        "user_role": [TEACHER, None],
    }
    newest = oak.audit_entries.first()
    assert (newest.verb, newest.target) == ("loaded staff", "0 new, 1 changed")
    pages = signed_in(dana.user)
    trail = pages.get("/audit/").text
    person = pages.get(f"/staff/{lee.pk}/").text
    for page in (trail, person):
        assert "Edited account by file" in page
        assert "jlee@oak.example" in page
        assert "support@navsync.example" in page
    assert "Nothing happened yet" not in person
    assert "Loaded by support@navsync.example" in person


def test_a_new_account_with_rights_over_others_is_on_record_once(as_member, oak, dana):
    load(as_member(LEAD), oak, row(user_role=MANAGER), row(last_name="Bo"))

    eve = oak.staff_accounts.get(last_name="Ito")
    entry = oak.audit_entries.get(verb="loaded account")
    assert entry.about == eve.pk
    assert entry.changes["email"] == [None, "eve@x.example"]
    assert entry.changes["user_role"] == [None, MANAGER]
    assert oak.audit_entries.first().target == (
        "2 new (1 with rights over others), 0 changed"
    )
    person = signed_in(dana.user).get(f"/staff/{eve.pk}/").text
    assert "Loaded account" in person
    assert "Was in Naviance before the first import" not in person


def test_a_preview_and_a_file_that_changes_nothing_leave_no_entry(as_member, oak, lee):
    client = as_member(SUPPORT)

    upload(client, KIND, oak, HEADER, row(lee, email="new@oak.example"))
    load(client, oak, row(lee))

    assert not oak.audit_entries.exists()


# Who may load what


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "eve@x.example"},
        {"user_role": TEACHER},
        {"status": "inactive"},
        {"level": "school", "school_id": "Lincoln High School", "user_role": ""},
        {"last_name": "Ito"},
    ],
)
def test_support_changes_nobody_with_rights_over_others_by_a_file(
    as_member, oak, dana, lee, changes
):
    before = oak.staff_accounts.values().get(pk=dana.pk)
    client = as_member(SUPPORT)

    preview, page = load(client, oak, row(dana, **changes), row(lee, job_title="Dean"))

    who = f"{changes.get('last_name', 'Whitfield')}, Dana"
    assert f"Line 2, “{who}”: the role {MANAGER} has rights over other people" in (
        preview
    )
    assert "a support lead can load it" in preview
    assert "Confirm import" not in preview
    assert "Import finished" not in page
    assert oak.staff_accounts.values().get(pk=dana.pk) == before
    assert not oak.audit_entries.exists()


@pytest.mark.parametrize("status", ["active", "inactive"])
def test_support_loads_no_new_account_with_rights_over_others(as_member, oak, status):
    eve = row(user_role=MANAGER.upper(), status=status)

    preview, _ = load(as_member(SUPPORT), oak, eve)

    assert f"Line 2, “Ito, Eve”: the role {MANAGER} has rights over" in preview
    assert not oak.staff_accounts.exists()


def test_support_gives_nobody_a_role_with_rights_over_others_by_a_file(
    as_member, oak, lee
):
    oak.user_roles.create(name="Staff Editor", rights=["manage_staff"])
    moved = {"level": "district", "school_id": "", "user_role": "Staff Editor"}
    client = as_member(SUPPORT)

    preview, _ = load(client, oak, row(lee, **moved))
    at_school, _ = load(client, oak, row(lee, user_role="Staff Editor"))

    assert "the role Staff Editor has rights over other people" in preview
    assert "Confirm import" in at_school


def test_support_loads_a_file_again_in_which_admins_stand_unchanged(
    as_member, oak, dana, lee
):
    _, page = load(as_member(SUPPORT), oak, row(dana), row(lee, job_title="Dean"))

    lee.refresh_from_db()
    assert "Import finished" in page
    assert lee.job_title == "Dean"


def test_what_a_lead_previewed_support_does_not_confirm(as_member, oak):
    preview = upload(as_member(LEAD), KIND, oak, HEADER, row(user_role=MANAGER))

    page = confirm(as_member(SUPPORT), KIND, preview)

    assert "Nothing was loaded" in page
    assert not oak.staff_accounts.exists()


def test_a_lead_changes_admins_by_a_file(as_member, oak, dana):
    eve = row(user_role=MANAGER)

    load(as_member(LEAD), oak, eve, row(dana, user_role="", status="inactive"))

    dana.refresh_from_db()
    assert (dana.status, dana.user_role) == ("inactive", None)
    assert oak.staff_accounts.get(last_name="Ito").user_role.name == MANAGER


@pytest.mark.parametrize(
    "changes",
    [
        {"user_role": "District Analyst"},
        {"status": "inactive"},
        {"zone": "North"},
        {"level": "school", "school_id": "Lincoln High School"},
    ],
)
def test_no_file_takes_the_last_site_managers(as_member, oak, dana, lee, changes):
    role = dana.user_role
    kim = make_account(oak, first_name="Kim", last_name="Marsh", user_role=role)
    client = as_member(LEAD)

    preview, _ = load(client, oak, row(dana, **changes), row(kim, **changes))
    _, page = load(client, oak, row(kim, **changes))

    for line, name in ((2, "Whitfield, Dana"), (3, "Marsh, Kim")):
        assert (
            f"Line {line}, “{name}”: no active {MANAGER} of Oak Unified with full "
            "access would be left"
        ) in preview
    assert "Confirm import" not in preview
    assert "Import finished" in page


def test_the_last_site_manager_is_kept_who_is_alone_only_since_the_preview(
    as_member, oak, dana
):
    kim = make_account(oak, last_name="Marsh", user_role=dana.user_role)
    client = as_member(LEAD)
    preview = upload(client, KIND, oak, HEADER, row(dana, status="inactive"))
    oak.staff_accounts.filter(pk=kim.pk).update(status="inactive")

    page = confirm(client, KIND, preview)

    dana.refresh_from_db()
    assert "Nothing was loaded: something has changed since the preview." in page
    assert dana.status == "active"


def test_the_right_to_load_admins_opens_no_form(as_member, oak, dana):
    page = as_member(LEAD).get(f"/admin/accounts/staffaccount/{dana.pk}/change/")

    assert page.status_code == 200
    assert 'name="_save"' not in page.text
