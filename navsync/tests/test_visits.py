"""Support looks at a district's console as its admin sees it, and only looks."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.access import may_visit
from accounts.models import ConsoleVisit, Right, StaffAccount, User
from accounts.tasks import end_overdue_visits
from schools.erasing import erase
from schools.models import District
from staffimport.models import ImportRun
from tests.cast import (
    PASSWORD,
    make_account,
    make_admin,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
    signed_in,
)

WHY = "Dana asked why Mr. Lee is not in the test."
BANNER = "Kim Marsh, you look at Oak Unified as its admin sees it."
REFUSED = "You are only looking"
PREVIEWS = ["/setup/match-schools/", "/setup/import-staff-data/preview/"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SUPPORT_MFA_REQUIRED = False


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def kim():
    """Somebody of support who may look at consoles and at districts, nothing else."""
    user = User.objects.create_user(
        "kim@navsync.example",
        PASSWORD,
        first_name="Kim",
        last_name="Marsh",
        is_staff=True,
    )
    codes = ["add_consolevisit", "view_district"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return user


@pytest.fixture
def support(kim):
    return signed_in(kim)


def begin(client, district, **sent):
    address = reverse("admin:accounts_consolevisit_begin", args=[district.pk])
    return client.post(address, {"reason": WHY, **sent})


@pytest.fixture
def visitor(support, oak):
    """Kim's browser, on a visit to Oak."""
    assert begin(support, oak).url == "/"
    return support


def trail(district):
    entries = district.audit_entries.order_by("pk")
    return [(entry.actor_name, entry.verb, entry.note) for entry in entries]


def test_support_sees_the_console_as_the_districts_admin_sees_it(visitor, oak):
    run = make_run(oak)
    make_rows(run, {"outcome": "conflict", "last_name": "Haskell"})
    admin = signed_in(make_admin(oak, rights=list(Right)))

    for address in ("/", "/runs/", f"/runs/{run.pk}/", "/staff/", "/setup/"):
        seen, shown = admin.get(address), visitor.get(address)
        assert seen.status_code == shown.status_code == 200
        assert BANNER in shown.content.decode()
        assert "as its admin sees it" not in seen.content.decode()
    assert "Haskell" in visitor.get(f"/runs/{run.pk}/").content.decode()
    assert "Add an account" in visitor.get("/staff/").content.decode()


def test_the_district_reads_who_looked_why_and_from_where(support, oak):
    begin(support, oak, REMOTE_ADDR="203.0.113.9")
    support.post("/visit/end/")

    assert trail(oak) == [
        ("Kim Marsh", "began to view as admin", WHY),
        ("Kim Marsh", "ended to view as admin", "Ended by the visitor."),
    ]
    assert all(entry.address for entry in oak.audit_entries.all())
    page = signed_in(make_admin(oak)).get("/audit/").content.decode()
    assert "Began to look at the console" in page
    assert WHY in page


def test_without_a_reason_nobody_looks(support, oak):
    page = begin(support, oak, reason="  ")

    assert "Say why: the district reads it." in page.content.decode()
    assert not ConsoleVisit.objects.exists()
    assert trail(oak) == []


def pages(resolver):
    return [p for p in resolver.url_patterns if isinstance(p, URLPattern)]


def console_addresses():
    """Every address of ours, with arguments that fit its pattern."""
    made = {"number": 1, "row": 1, "code": "x", "account": uuid4(), "token": "t"}
    made["pk"] = 1
    resolvers = {"": get_resolver()}
    for name in ("staffimport", "schools"):
        resolvers[f"{name}:"] = get_resolver().namespace_dict[name][1]
    for prefix, resolver in resolvers.items():
        for page in pages(resolver):
            args = {key: made[key] for key in page.pattern.converters}
            if page.name != "end_visit":
                yield reverse(f"{prefix}{page.name}", kwargs=args)
    yield from ("/staff/invitations/", "/staff/invitations/send-again/")
    yield from ("/accounts/choose/", "/accounts/password/change/", "/admin/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_whatever_could_change_something_is_refused(visitor, method):
    addresses = list(console_addresses())
    answers = {address: getattr(visitor, method)(address) for address in addresses}

    assert len(addresses) > 40
    shows = {a for a in PREVIEWS if method == "post"}
    assert {a: r.status_code for a, r in answers.items()} == {
        address: 200 if address in shows else 403 for address in addresses
    }
    refused = [r for address, r in answers.items() if address not in shows]
    assert all(REFUSED in r.content.decode() for r in refused)
    assert not ImportRun.objects.exists()


def test_support_turns_the_pages_of_match_schools_and_saves_nothing(visitor, oak):
    match = make_match(make_school(oak, "Oak High"))
    address = reverse("schools:match_schools")
    sent = {"edits": f"{match.clever_school_id}:{match.school_id}:0"}

    shown = visitor.post(address, {**sent, "do": "apply", "show": "all"})
    saved = visitor.post(address, {**sent, "do": "save"})

    assert (shown.status_code, saved.status_code) == (200, 403)
    assert "Oak High" in shown.content.decode()
    assert "1 unsaved change" in shown.content.decode()
    assert REFUSED in saved.content.decode()
    assert oak.school_matches.get() == match


def test_the_pages_of_roles_and_zones_are_offered_on_a_visit(visitor):
    page = visitor.get("/setup/").content.decode()

    assert "/setup/roles/" in page
    assert "/setup/zones/" in page


def test_a_part_of_a_page_that_is_refused_leads_to_the_page_that_says_so(visitor):
    answer = visitor.post("/runs/start-test/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (403, "/visit/")
    assert REFUSED in visitor.get("/visit/").content.decode()


def test_support_pages_announce_the_visit_and_change_nothing_either(visitor, oak, kim):
    kim.is_superuser = True
    kim.save()
    address = reverse("admin:schools_district_change", args=[oak.pk])

    assert "You look at Oak Unified" in visitor.get(address).content.decode()
    assert visitor.post(address, {"name": "Elm"}).status_code == 403
    oak.refresh_from_db()
    assert oak.name == "Oak Unified"


def is_write(sql):
    writes = re.match(r"\W*(INSERT|UPDATE|DELETE|REPLACE)", sql)
    return bool(writes) and "django_session" not in sql


def test_looking_writes_nothing_not_even_a_districts_defaults(support):
    elm = make_district("elm")
    begin(support, elm)
    school = make_school(elm)
    make_match(school)
    account = make_account(school)
    role = elm.user_roles.create(name="Registrar")
    run = make_run(elm)
    (row,) = make_rows(run, {"account_id": account.pk})
    addresses = [
        *("/", "/launch/", "/setup/", "/setup/match-schools/", "/runs/", "/audit/"),
        *("/setup/match-schools/verify/", "/setup/import-staff-data/", "/decisions/"),
        "/setup/import-staff-data/settings.json",
        *(f"/runs/{run.pk}/{page}" for page in ("", "results.csv", "results.xlsx")),
        *(f"/runs/{run.pk}/rows/{row.pk}/", "/runs/compare/", "/runs/start-import/"),
        *("/staff/", "/staff/add/", f"/staff/{account.pk}/", "/readiness/"),
        f"/staff/{account.pk}/edit/",
        *("/setup/roles/", f"/setup/roles/{role.pk}/", "/setup/zones/"),
        *("/staff/invitations/", "/accounts/me/", "/accounts/choose/"),
    ]
    with CaptureQueriesContext(connection) as asked:
        answers = {a: visitor_status(support, a) for a in addresses}

    assert {a for a, status in answers.items() if status not in (200, 302)} == set()
    written = [q["sql"] for q in asked if is_write(q["sql"])]
    told = [sql for sql in written if "schools_auditentry" in sql]
    assert written == told  # of the three downloads
    assert len(told) == 3
    assert mail.outbox == []


def visitor_status(client, address):
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


@pytest.mark.django_db(transaction=True)
def test_a_page_that_would_write_is_refused_as_it_tries(visitor, oak, monkeypatch):
    def write_by_the_way(district, now):
        District.objects.filter(pk=district.pk).update(name="Elm")

    monkeypatch.setattr("navsync.dashboard.read_overview", write_by_the_way)

    answer = visitor.get("/")

    assert answer.status_code == 403
    assert REFUSED in answer.content.decode()
    oak.refresh_from_db()
    assert oak.name == "Oak Unified"


def test_another_district_stays_shut(visitor):
    run = make_run(make_district("elm"))

    assert visitor.get(f"/runs/{run.pk}/").status_code == 404


def test_the_visitors_own_accounts_play_no_part(visitor, kim):
    elm = make_district("elm")
    make_admin(elm)
    StaffAccount.objects.filter(district=elm).update(user=kim)

    page = visitor.get("/").content.decode()

    assert "Oak Unified" in page
    assert "Elm Unified" not in page


def test_after_an_hour_the_visit_ends_by_itself(visitor, oak, an_hour_passes):
    an_hour_passes()

    page = visitor.get("/staff/")

    assert page.status_code == 403
    assert "The hour is over: you no longer look at Oak Unified." in (
        page.content.decode()
    )
    assert trail(oak)[-1][1:] == ("ended to view as admin", "The time was up.")
    assert "admin sees it" not in visitor.get("/staff/").content.decode()


@pytest.fixture
def an_hour_passes():
    """Lets the visits there are grow older."""

    def passes():
        for visit in ConsoleVisit.objects.all():
            visit.ends_at -= timedelta(minutes=61)
            visit.save()

    return passes


def test_a_form_sent_after_the_hour_is_refused_once(visitor, oak, kim, an_hour_passes):
    make_admin(oak)
    StaffAccount.objects.filter(district=oak).update(user=kim)
    an_hour_passes()

    answer = visitor.post("/runs/start-test/")

    assert answer.status_code == 403
    assert "Your look at a district has ended" in answer.content.decode()
    assert not oak.import_runs.exists()


def test_a_visit_nobody_came_back_to_is_ended_by_the_clock(
    visitor, oak, an_hour_passes
):
    end_overdue_visits()
    assert len(trail(oak)) == 1
    an_hour_passes()
    end_overdue_visits()
    visitor.get("/")
    end_overdue_visits()

    assert [entry[2] for entry in trail(oak)] == [WHY, "The time was up."]


@pytest.mark.parametrize(
    "address", ["/accounts/logout/", "/admin/logout/"], ids=["console", "admin"]
)
def test_signing_out_ends_the_visit(visitor, oak, address):
    assert visitor.post(address).status_code in (200, 302)

    assert trail(oak)[-1][::2] == ("Kim Marsh", "The visitor signed out.")
    assert ConsoleVisit.objects.get().ended_by == "signed_out"


@pytest.mark.parametrize(
    "lose",
    [
        lambda kim: User.objects.filter(pk=kim.pk).update(is_staff=False),
        lambda kim: User.objects.filter(pk=kim.pk).update(is_active=False),
        lambda kim: kim.user_permissions.clear(),
    ],
    ids=["support", "identity", "permission"],
)
def test_whoever_loses_the_right_looks_no_longer(visitor, oak, kim, lose):
    lose(kim)

    assert BANNER not in visitor.get("/").content.decode()
    assert trail(oak)[-1][2] == "The visitor may no longer look."


def test_a_district_that_is_deleted_ends_the_visit(visitor, oak):
    erase(District.objects.filter(pk=oak.pk))

    page = visitor.get("/staff/")

    assert page.status_code == 403
    assert "You have no access to Data Import" in page.content.decode()


def test_where_a_second_factor_is_asked_nobody_looks_without(
    settings, support, oak, kim
):
    settings.SUPPORT_MFA_REQUIRED = True
    assert begin(support, oak).url == reverse("mfa_activate_totp")
    assert not may_visit(kim)
    factor = Authenticator.objects.create(user=kim, type="totp", data={})
    assert begin(support, oak).url == "/"
    assert support.get("/").status_code == 200

    factor.delete()

    assert support.get("/").url == reverse("admin:index")
    assert trail(oak)[-1][2] == "The visitor may no longer look."


def test_only_support_that_may_look_begins(oak, kim, client):
    assert begin(client, oak).status_code == 302
    assert begin(signed_in(make_admin(oak)), oak).status_code == 302
    kim.user_permissions.clear()
    assert begin(signed_in(kim), oak).status_code == 403
    assert not ConsoleVisit.objects.exists()


def test_one_visit_is_ended_before_another_begins(visitor, oak):
    elm = make_district("elm")
    address = reverse("admin:accounts_consolevisit_begin", args=[elm.pk])

    assert "You look at Oak Unified" in visitor.get(address).content.decode()
    assert begin(visitor, elm).status_code == 403
    assert ConsoleVisit.objects.get().district == oak


def test_ending_leads_back_to_the_districts_page_once_or_twice(visitor, oak):
    page = reverse("admin:schools_district_change", args=[oak.pk])

    assert visitor.post("/visit/end/").url == page
    assert visitor.post("/visit/end/").url == "/admin/"
    assert len(trail(oak)) == 2
    assert ConsoleVisit.objects.filter(ended_at__lte=timezone.now()).count() == 1
