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
