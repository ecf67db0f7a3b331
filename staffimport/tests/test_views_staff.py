"""The staff list: people once, found, filtered, sorted, page by page, as CSV."""

import csv
import io
from datetime import timedelta
from itertools import chain

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User, UserRole
from staffimport.models import FieldDrift, ImportRun
from staffimport.queries import staff_list
from tests.cast import make_account, make_admin, make_district, make_school, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


@pytest.fixture
def lincoln(oak):
    return make_school(oak)


@pytest.fixture
def staff(oak, lincoln):
    """One account for each thing a filter can ask for, beside Dana's."""
    counselor = UserRole.objects.create(district=oak, name="Counselor")
    fields: dict[str, dict[str, object]] = {
        "Abbott": {"user_role": counselor, "clever_id": "c1"},
        "Becker": {"pinned_fields": ["email"], "employee_id": "00417"},
        "Castañeda": {
            "first_name": "José",
            "job_title": "Teacher, Spanish",
            "origin": "manual",
        },
        "Diaz": {"status": "inactive", "pinned_fields": ["job_title"]},
    }
    made = {
        name: make_account(
            lincoln, last_name=name, email=f"{name[0]}@oak.example", **changes
        )
        for name, changes in fields.items()
    }
    FieldDrift.objects.create(
        account=made["Diaz"], field="job_title", clever_value="Dean"
    )
    return made


def page(client, query=""):
    return client.get(f"{reverse('staffimport:staff')}?{query}")


def names(response):
    return [line.name.partition(",")[0] for line in response.context["lines"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Abbott", "Becker", "Castañeda", "Diaz", "Whitfield"]),
        ("sort=-name", ["Whitfield", "Diaz", "Castañeda", "Becker", "Abbott"]),
        ("q=jose+CASTANEDA", ["Castañeda"]),
        ("q=b@oak", ["Becker"]),
        ("q=00417", ["Becker"]),
        ("q=spanish", ["Castañeda"]),
        ("q=nobody", []),
        ("school=district", ["Whitfield"]),
        ("role=-", ["Becker", "Castañeda", "Diaz"]),
        ("status=inactive", ["Diaz"]),
        ("clever=tied", ["Abbott"]),
        ("clever=not", ["Becker", "Castañeda", "Diaz", "Whitfield"]),
        ("origin=manual", ["Castañeda"]),
        ("pins=pinned", ["Becker", "Diaz"]),
        ("pins=drifting", ["Diaz"]),
        ("pins=pinned&status=active", ["Becker"]),
        ("status=gone&school=x&sort=age", None),
    ],
)
def test_a_filter_leaves_whom_it_names(client, staff, query, expected):
    everybody = names(page(client))

    assert names(page(client, query)) == (everybody if expected is None else expected)


def test_schools_and_roles_filter_by_their_names(client, staff, lincoln):
    roosevelt = make_school(lincoln.district, "Roosevelt")
    make_account(roosevelt, last_name="Ellis")
    role = staff["Abbott"].user_role

    assert names(page(client, f"school={roosevelt.pk}")) == ["Ellis"]
    assert names(page(client, f"role={role.pk}")) == ["Abbott"]


def test_the_newest_change_comes_first_where_that_is_asked_for(client, staff):
    account = staff["Castañeda"]
    account.updated_at = timezone.now() + timedelta(minutes=1)
    account.save()

    assert names(page(client, "sort=-changed"))[0] == "Castañeda"
    assert names(page(client, "sort=changed"))[-1] == "Castañeda"


def test_a_person_is_listed_once_with_all_accounts(client, oak, lincoln):
    roosevelt = make_school(oak, "Roosevelt")
    at_lincoln = make_account(lincoln, clever_id="c1", last_name="Lee-Vance")
    at_roosevelt = make_account(roosevelt, clever_id="c1", status="inactive")

    found = page(client)

    lines = {line.name: line for line in found.context["lines"]}
    line = lines["Lee, Jordan"]  # the name that comes first
    assert "Lee-Vance, Jordan" not in lines
    assert line.line.person.accounts == (at_lincoln, at_roosevelt)
    assert (line.number, line.active, line.tied) == (2, 1, 2)
    assert "1 of 2" in found.text


def test_a_person_is_found_by_whichever_account_fits(client, oak, lincoln):
    roosevelt = make_school(oak, "Roosevelt")
    make_account(lincoln, last_name="Adams", clever_id="c1")
    make_account(roosevelt, last_name="Zhou", clever_id="c1")

    found = page(client, f"school={roosevelt.pk}")

    assert [line.name for line in found.context["lines"]] == ["Zhou, Jordan"]
    assert "Lincoln High School" in found.text


@pytest.mark.parametrize("sort", ["name", "-name", "changed", "-changed"])
def test_pages_hold_everybody_once_whichever_way_they_are_turned(
    client, oak, lincoln, monkeypatch, sort
):
    monkeypatch.setattr(staff_list, "PEOPLE_ON_PAGE", 3)
    roosevelt = make_school(oak, "Roosevelt")
    for number in range(8):
        person = {"first_name": f"P{number}", "email": f"{number}@oak.example"}
        make_account(
            lincoln, last_name=f"Able{number}", clever_id=f"c{number}", **person
        )
        make_account(
            roosevelt, last_name=f"Zed{number}", clever_id=f"c{number}", **person
        )
    forwards: list[list[str]] = []
    backwards: list[list[str]] = []
    query = f"sort={sort}"
    while query:
        found = page(client, query)
        forwards.append(names(found))
        query = found.context["page"].next
    query = f"sort={sort}&last=1"
    while query:
        found = page(client, query)
        backwards.insert(0, names(found))
        query = found.context["page"].previous

    everybody = [*chain(*forwards)]
    assert [len(some) for some in forwards] == [3, 3, 3]
    assert len(set(everybody)) == 9
    assert [*chain(*backwards)] == everybody
    assert len(backwards[0]) == 3


def test_a_page_costs_the_same_few_queries_whoever_is_on_it(
    client, oak, lincoln, django_assert_max_num_queries
):
    roosevelt = make_school(oak, "Roosevelt")
    user = User.objects.create_user("p0@oak.example")
    for number in range(60):
        person = {"first_name": f"P{number}", "clever_id": f"c{number}"}
        make_account(lincoln, **person)
        make_account(roosevelt, user=user if number == 0 else None, **person)

    with django_assert_max_num_queries(20):
        found = page(client)

    assert len(found.context["lines"]) == 50


def test_a_district_sees_its_own_people_only(client, staff):
    make_account(make_district("cedar"), last_name="Foreign")

    assert "Foreign" not in names(page(client))
    assert "Foreign" not in _csv(client)[1]


def _csv(client, query=""):
    response = client.get(f"{reverse('staffimport:staff_csv')}?{query}")
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text))), text


def test_the_csv_holds_the_filtered_accounts_and_no_formula(client, staff):
    account = staff["Diaz"]
    account.job_title = "=HYPERLINK(1)"
    account.save()

    (row,), _text = _csv(client, "status=inactive")

    assert row["job_title"] == "'=HYPERLINK(1)"
    assert (row["last_name"], row["school"], row["status"]) == (
        "Diaz",
        "Lincoln High School",
        "inactive",
    )
    assert (row["pinned"], row["clever_says"]) == ("job_title", "job_title: Dean")


def test_the_list_names_what_is_pinned_and_what_clever_says_instead(client, staff):
    found = page(client)

    lines = {line.name.partition(",")[0]: line for line in found.context["lines"]}
    assert lines["Becker"].pinned == "E-mail"
    assert lines["Diaz"].drifts == ["Job title: Clever says “Dean”"]
    assert "Job title: Clever says “Dean”" in found.text
    assert (lines["Abbott"].pinned, lines["Abbott"].drifts) == ("", [])


def test_drift_is_told_and_leads_to_the_accounts(client, staff):
    found = page(client)

    assert "1 account drifts from Clever." in found.text
    assert "?pins=drifting" in found.text


def test_nobody_fitting_offers_to_clear_the_filter(client, staff):
    assert "Nobody fits this filter" in page(client, "q=nobody").text


def test_staff_is_a_place_of_the_navigation(client):
    assert '<a href="/staff/" aria-current="page">Staff</a>' in page(client).text


# Sync now


def sync_now(client, **data):
    return client.post(reverse("staffimport:start_sync"), data, follow=True)


def test_sync_now_starts_one_sync_and_shows_its_progress(client, oak):
    oak.first_final_at = timezone.now()
    oak.save()

    first, second = sync_now(client, **{"from": "staff"}), sync_now(client)

    run = ImportRun.objects.get(kind="sync")
    address = reverse("staffimport:run", args=[run.pk])
    assert first.redirect_chain == second.redirect_chain == [(address, 302)]
    assert run.requested_by_name == "Dana Whitfield"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"first_final_at": None}, "Complete a final import first."),
        ({"paused_at": timezone.now()}, "is paused, so no final import or sync"),
        ({"clever_token": ""}, "has no access token for Clever"),
    ],
)
def test_sync_now_waits_and_says_why(client, oak, changes, sentence):
    values = {"first_final_at": timezone.now(), **changes}
    for name, value in values.items():
        setattr(oak, name, value)
    oak.save()

    shown, sent = page(client), sync_now(client, **{"from": "staff"})

    assert "disabled" in shown.text
    assert sentence in shown.text
    assert sentence in sent.text
    assert sent.redirect_chain == [(reverse("staffimport:staff"), 302)]
    assert not ImportRun.objects.exists()


def test_a_district_that_left_can_look_but_sync_nothing(client, oak):
    oak.first_final_at = oak.disconnected_at = timezone.now()
    oak.save()

    shown, sent = page(client), sync_now(client, **{"from": "staff"})

    assert "was disconnected from Clever" in shown.text
    assert sent.status_code == 403
    assert not ImportRun.objects.exists()


def test_a_sync_after_an_undo_is_told_to_be_one(client, oak):
    oak.first_final_at = oak.sync_paused_at = timezone.now()
    oak.save()

    assert "Sync now applies once what Clever says now." in page(client).text
