"""Loading schools and staff on support's pages; nothing goes out there."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from accounts.services.loading import load_staff
from accounts.staff_rows import OPTIONAL_COLUMNS, STAFF_COLUMNS
from navsync.tests.uploading import confirm, upload
from schools.audit import Actor
from schools.models import District, School
from schools.services.loading import SCHOOL_COLUMNS

DANA = Actor("Dana Whitfield")
SCHOOLS = ",".join(SCHOOL_COLUMNS)
STAFF = ",".join((*STAFF_COLUMNS, *OPTIONAL_COLUMNS))
ADA = "school,S1,Ada,,Abara,Teacher,ada@x.example,7,Teacher,Teacher,yes,no,,active,"
BO = "district,,Bo,,Bauer,Boss,bo@x.example,,,District Site Manager,no,no,,inactive,"


@pytest.fixture
def support(db, client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("support@navsync.example", "secret-password")
    client.force_login(user)
    return client


@pytest.fixture
def maple(db):
    return District.objects.create(slug="maple", name="Maple Valley")


@pytest.fixture
def with_school(maple):
    School.objects.create(district=maple, school_id="S1", name="Lincoln")
    return maple


def test_schools_are_previewed_then_loaded_once_confirmed(support, maple):
    preview = upload(support, "schools_school", maple, SCHOOLS, "S1,Lincoln,,,,,")
    before = School.objects.count()

    confirm(support, "schools_school", preview)

    assert "Confirm import" in preview
    assert before == 0
    assert maple.schools.get().name == "Lincoln"
    entry = maple.audit_entries.get()
    assert (entry.verb, entry.actor_name) == (
        "loaded schools",
        "support@navsync.example",
    )


def test_a_known_school_is_updated_in_its_own_district_only(support, with_school):
    cedar = District.objects.create(slug="cedar", name="Cedar Ridge")
    School.objects.create(district=cedar, school_id="S1", name="Cedar High")

    preview = upload(support, "schools_school", with_school, SCHOOLS, "S1,Abe,,,,,")
    confirm(support, "schools_school", preview)

    assert with_school.schools.get().name == "Abe"
    entry = with_school.audit_entries.get()
    assert entry.changes == {"name of Lincoln (S1)": ["Lincoln", "Abe"]}
    assert cedar.schools.get().name == "Cedar High"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((SCHOOLS, "S1,ok,,,,,", ",no id,,,,,"), "Line 3, school_id “”: it is empty."),
        ((SCHOOLS, "S1,a,,,,,", "S1,b,,,,,"), "line 2 has the same school_id"),
        ((SCHOOLS, "S1,a"), "the row has 2 values, the header has 7 columns"),
        (("school_id,name", "S1,a"), "columns missing: nces_id, address"),
        ((SCHOOLS,), "has a header and no rows"),
    ],
)
def test_a_bad_file_is_told_as_the_command_tells_it(support, maple, rows, told):
    preview = upload(support, "schools_school", maple, *rows)

    assert told in preview
    assert "Confirm import" not in preview
    assert not School.objects.exists()


def test_a_file_that_is_not_utf_8_is_refused(support, maple):
    preview = upload(
        support, "schools_school", maple, SCHOOLS, "S1,Zoë,,,,,", encoding="latin-1"
    )

    assert "The file is not UTF-8: line 2" in preview


def test_staff_are_recognised_as_the_command_does(support, with_school):
    load_staff(with_school, "\n".join([STAFF, ADA, BO]).encode(), DANA)
    promoted = ADA.replace(",Teacher,ada@", ",Dean,ada@")

    preview = upload(
        support, "accounts_staffaccount", with_school, STAFF, promoted, promoted, BO
    )
    confirm(support, "accounts_staffaccount", preview)

    accounts = with_school.staff_accounts.order_by("created_at")
    assert [(a.first_name, a.job_title, a.revision) for a in accounts] == [
        ("Ada", "Dean", 2),
        ("Bo", "Boss", 1),
        ("Ada", "Dean", 1),
    ]
    assert with_school.audit_entries.first().verb == "loaded staff"


def test_an_account_tied_to_clever_is_left_as_it_is(support, with_school):
    load_staff(with_school, "\n".join([STAFF, ADA]).encode(), DANA)
    with_school.staff_accounts.update(clever_id="c1")

    preview = upload(
        support,
        "accounts_staffaccount",
        with_school,
        STAFF,
        ADA.replace(",Teacher,ada@", ",Dean,ada@"),
    )
    confirm(support, "accounts_staffaccount", preview)

    assert with_school.staff_accounts.get().job_title == "Teacher"


def test_a_preview_leaves_no_account_role_or_function_behind(support, with_school):
    row = ADA.replace(",Teacher,Teacher,", ",Deanery,Dean,")

    preview = upload(support, "accounts_staffaccount", with_school, STAFF, row)

    assert "Confirm import" in preview
    assert not with_school.staff_accounts.exists()
    assert not with_school.user_roles.filter(name="Dean").exists()


def test_a_bad_staff_row_is_told_as_the_command_tells_it(support, with_school):
    preview = upload(
        support,
        "accounts_staffaccount",
        with_school,
        STAFF,
        ADA,
        ADA.replace("S1", "S9"),
    )

    assert "Line 3, school_id “S9”: the district has no such school." in preview
    assert "Confirm import" not in preview
    assert not with_school.staff_accounts.exists()


def test_what_changed_since_the_preview_is_not_loaded_unseen(support, with_school):
    preview = upload(support, "accounts_staffaccount", with_school, STAFF, ADA, BO)
    with_school.schools.all().delete()

    page = confirm(support, "accounts_staffaccount", preview)

    assert "Nothing was loaded: something has changed since the preview." in page
    assert not with_school.staff_accounts.exists()


def test_an_upload_that_is_gone_is_asked_for_again(support, maple, settings):
    preview = upload(support, "schools_school", maple, SCHOOLS, "S1,Lincoln,,,,,")
    cache.clear()

    page = confirm(support, "schools_school", preview)

    assert "The file is not kept any more. Upload it again." in page


@pytest.mark.parametrize("kind", ["schools/school", "accounts/staffaccount"])
def test_nobody_downloads_the_data_of_all_districts_at_once(support, kind):
    page = support.get(f"/admin/{kind}/").content.decode()

    assert "/import/" in page
    assert "/export/" not in page
    for send in (support.get, support.post):
        answer = send(f"/admin/{kind}/export/", follow=True)
        assert "Content-Disposition" not in answer.headers
        assert answer.resolver_match.url_name != "export"


@pytest.mark.parametrize("kind", ["schools/school", "accounts/staffaccount"])
@pytest.mark.parametrize("page", ["", "import/", "export/"])
def test_an_unknown_parameter_in_the_address_breaks_no_page(support, kind, page):
    answer = support.get(f"/admin/{kind}/{page}?foo=1", follow=True)

    assert answer.status_code == 200


def test_loading_needs_the_permission_to_add(client, maple, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_user("reader@navsync.example", is_staff=True)
    client.force_login(user)

    assert client.get(reverse("admin:schools_school_import")).status_code == 403
