"""Support's pages: every model is there, quick to list, and shows no secret."""

import uuid

import pytest
from django.apps import apps
from django.contrib.admin.sites import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import (
    ConsoleVisit,
    Invitation,
    JobFunction,
    Mail,
    StaffAccount,
    User,
    UserRole,
    Zone,
)
from schools.models import (
    AuditEntry,
    CleverSchool,
    District,
    School,
    SchoolMatch,
    SchoolMatchReset,
)
from staffimport.models import (
    DistrictExport,
    ExportPart,
    FieldDrift,
    ImportResult,
    ImportRun,
    ImportSettings,
    Inquiry,
    MatchDecision,
    RosterSnapshot,
    RunComparison,
    RunProgress,
    RunSummary,
    TitleKeyword,
)

TOKEN = "token-that-nobody-may-see"
BLOB = b"roster-that-nobody-may-see"
OURS = [
    model
    for app in ("schools", "accounts", "staffimport")
    for model in apps.get_app_config(app).get_models()
]
EDITABLE = [District, School, User, UserRole, JobFunction, Zone]


def make_everything(number):
    """One object of each model, all of one district."""
    district = District.objects.create(
        slug=f"d{number}", name=f"District {number}", clever_token=TOKEN
    )
    user = User.objects.create_user(f"person{number}@maple.example", "secret-password")
    school = School.objects.create(district=district, school_id="S", name="Lincoln")
    theirs = CleverSchool.objects.create(district=district, clever_id="c", name="L.")
    SchoolMatch.objects.create(
        district=district, school=school, clever_school=theirs, matched_by=user
    )
    SchoolMatchReset.objects.create(
        district=district, school=school, clever_school=theirs, reset_by=user
    )
    AuditEntry.objects.create(district=district, actor=user, actor_name="N", verb="x")
    ConsoleVisit.objects.create(district=district, visitor=user, ends_at=timezone.now())
    role = UserRole.objects.create(district=district, name="Teacher")
    function = JobFunction.objects.create(district=district, name="Teacher")
    zone = Zone.objects.create(district=district, name="North")
    Mail.objects.create(
        district=district,
        topic="launch",
        to="person@maple.example",
        subject="Launch",
        send_until=timezone.now(),
    )
    account = StaffAccount.objects.create(
        district=district, school=school, user=user, user_role=role, last_name="Lee"
    )
    FieldDrift.objects.create(account=account, field="last_name", clever_value="Li")
    account = StaffAccount.objects.create(
        district=district, school=school, user=user, user_role=role, last_name="Lee"
    )
    Invitation.objects.create(district=district, account=account, person="c1")
    settings = ImportSettings.objects.create(
        district=district, school_user_role=role, district_zone=zone
    )
    TitleKeyword.objects.create(
        settings=settings, position=0, keyword="dean", job_function=function
    )
    snapshot = RosterSnapshot.objects.create(district=district, blob=BLOB)
    run = ImportRun.objects.create(
        district=district, kind="test", requested_by=user, snapshot=snapshot
    )
    RunProgress.objects.create(run=run, step="pull")
    Inquiry.objects.create(run=run, kind="bundle", state="answered", content=BLOB)
    ImportResult.objects.create(
        run=run, position=1, outcome="created", state="held", school=school, reason="x"
    )
    MatchDecision.objects.create(
        district=district, kind="same_person", account_id=uuid.uuid4()
    )
    export = DistrictExport.objects.create(district=district)
    ExportPart.objects.create(export=export, number=0, data=BLOB)
    RunSummary.objects.create(
        run=run,
        facets=BLOB,
        by_outcome=BLOB,
        by_name=BLOB,
        by_place=BLOB,
        by_matched_by=BLOB,
    )
    RunComparison.objects.create(
        first=run, second=run, stamp="as-they-were", found=BLOB
    )


@pytest.fixture
def support(db, client, settings):
    """Somebody of ours, signed in, with a second factor not asked for."""
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("support@navsync.example", "secret-password")
    client.force_login(user)
    return client


def url(model, page, *args):
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def assert_shows_no_secret(text):
    assert TOKEN not in text
    assert BLOB.decode() not in text
    assert "nobody-may-see" not in text


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_is_listed_searched_filtered_and_shown(support, model):
    make_everything(1)
    make_everything(2)
    admin = site.get_model_admin(model)
    shown = model.objects.order_by("pk").last()

    listed = text_of(support.get(url(model, "changelist")))
    searched = text_of(support.get(url(model, "changelist"), {"q": "lincoln 7"}))
    page = text_of(support.get(url(model, "change", shown.pk)))

    assert url(model, "change", shown.pk) in listed
    assert 'id="changelist-filter"' in listed
    assert 'id="searchbar"' in searched
    assert admin.search_fields
    for text in (listed, searched, page):
        assert_shows_no_secret(text)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(support, model):
    make_everything(1)
    few = count_of_queries(support, model)
    for number in range(2, 6):
        make_everything(number)

    assert count_of_queries(support, model) == few


def count_of_queries(support, model):
    with CaptureQueriesContext(connection) as queries:
        support.get(url(model, "changelist"))
    return len(queries)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_only_what_no_run_wrote_can_be_changed_and_nothing_deleted(support, model):
    make_everything(1)
    shown = model.objects.order_by("pk").last()

    page = text_of(support.get(url(model, "change", shown.pk)))
    added = support.get(url(model, "add"))
    deleted = support.post(url(model, "delete", shown.pk), {"post": "yes"})

    assert ('name="_save"' in page) == (model in EDITABLE)
    assert added.status_code == (200 if model in EDITABLE else 403)
    assert deleted.status_code == 403
    assert model.objects.filter(pk=shown.pk).exists()


def test_the_keyword_list_of_the_settings_only_shows(support):
    make_everything(1)
    settings = ImportSettings.objects.get()

    page = text_of(support.get(url(ImportSettings, "change", settings.pk)))

    assert "dean" in page
    assert 'name="keywords-0-keyword"' not in page


def test_a_district_admin_has_no_way_in(client, db):
    make_everything(1)
    client.force_login(User.objects.get())

    assert client.get(url(District, "changelist")).status_code == 302


@pytest.fixture
def maple(db):
    return District.objects.create(
        slug="maple", name="Maple Valley", clever_id="m1", clever_token=TOKEN
    )


def test_a_new_identity_is_kept_in_lower_case_and_once(support):
    form = {
        "email": "New@Maple.example",
        "usable_password": "false",
        "password1": "",
        "password2": "",
    }

    support.post(url(User, "add"), form)
    again = support.post(url(User, "add"), {**form, "email": "new@maple.example"})

    user = User.objects.get(email="new@maple.example")
    assert not user.has_usable_password()
    assert "is another identity" in text_of(again)


def test_a_roles_rights_are_ticked(support, maple):
    role = maple.user_roles.create(name="Dean")

    support.post(
        url(UserRole, "change", role.pk),
        {"level": "school", "rights": ["view_students", "view_reports"]},
    )

    role.refresh_from_db()
    assert (role.level, role.rights) == ("school", ["view_students", "view_reports"])
    assert maple.audit_entries.get().changes["rights"] == [
        [],
        ["view_students", "view_reports"],
    ]


def test_a_role_of_schools_gets_no_right_that_works_at_the_district(support, maple):
    role = maple.user_roles.create(name="Dean", level="school")
    form = {"level": "school", "rights": ["view_students", "manage_staff"]}

    answer = support.post(url(UserRole, "change", role.pk), form)

    role.refresh_from_db()
    sentence = "These work for accounts at the district alone: Manage staff accounts."
    assert sentence in text_of(answer)
    assert role.rights == []


def test_the_last_role_with_console_access_keeps_it(support, maple):
    role = maple.user_roles.create(
        name="Site Manager", level="district", rights=["manage_data_import"]
    )
    StaffAccount.objects.create(district=maple, user_role=role, last_name="Lee")
    form = {"level": "district", "rights": []}

    answer = support.post(url(UserRole, "change", role.pk), form)

    role.refresh_from_db()
    assert "Nobody would be left with “Manage data import”" in text_of(answer)
    assert role.rights == ["manage_data_import"]


def test_no_schools_zone_takes_no_school(support, maple):
    school = School.objects.create(district=maple, school_id="S1", name="Lincoln")
    form = {"district": maple.pk, "name": "No Schools Zone", "schools": [school.pk]}

    answer = support.post(url(Zone, "add"), form)

    assert "stands for access to no school. Choose none." in text_of(answer)
    assert not maple.zones.exists()


def test_a_zone_takes_no_school_of_another_district(support, maple):
    zone = maple.zones.create(name="North")
    other = District.objects.create(slug="cedar", name="Cedar Ridge")
    foreign = School.objects.create(district=other, school_id="1", name="Cedar High")

    answer = support.post(url(Zone, "change", zone.pk), {"schools": [foreign.pk]})

    assert "Not schools of Maple Valley: Cedar High." in text_of(answer)
    assert zone.schools.count() == 0


def test_an_identity_that_came_with_clever_is_shown_and_saved_without_an_address(
    support,
):
    users = [User.objects.create_user(None, first_name=name) for name in ("Ada", "Bo")]

    for user in users:
        page = text_of(support.get(url(User, "change", user.pk)))
        assert "Ada" in page or "Bo" in page
        saved = support.post(
            url(User, "change", user.pk),
            {"email": "", "first_name": user.first_name, "is_active": "on"},
        )
        assert saved.status_code == 302, saved.content.decode()

    assert not User.objects.filter(email="").exists()


def test_support_makes_no_identity_without_an_address(support):
    page = text_of(
        support.post(url(User, "add"), {"email": "", "usable_password": "false"})
    )

    assert "This field is required" in page
