from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Right, StaffAccount
from tests.cast import make_admin, make_district, make_rows, make_run, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def elm_client():
    return signed_in(make_admin(make_district("elm")))


def pages_of(run, row):
    """Every address about one run, with the method it takes."""
    return [
        ("get", reverse("staffimport:run", args=[run.pk])),
        ("get", reverse("staffimport:progress", args=[run.pk])),
        ("get", reverse("staffimport:csv", args=[run.pk])),
        ("get", reverse("staffimport:xlsx", args=[run.pk])),
        ("get", reverse("staffimport:row", args=[run.pk, row.pk])),
        ("post", reverse("staffimport:cancel", args=[run.pk])),
        ("post", reverse("staffimport:held", args=[run.pk])),
        ("get", reverse("staffimport:undo", args=[run.pk])),
        ("post", reverse("staffimport:undo", args=[run.pk])),
    ]


PLACES = [
    ("get", "home"),
    ("get", "staffimport:runs"),
    ("get", "staffimport:compare"),
    ("get", "staffimport:compare_csv"),
    ("post", "staffimport:start_test"),
    ("get", "staffimport:start_final"),
    ("post", "staffimport:start_final"),
]


def test_another_districts_run_is_not_there(oak, elm_client):
    run = make_run(oak)
    [row] = make_rows(run, {})

    answers = [getattr(elm_client, method)(url) for method, url in pages_of(run, row)]

    assert [answer.status_code for answer in answers] == [404] * 9


def test_a_number_too_large_for_a_run_is_not_there(elm_client):
    assert elm_client.get(f"/runs/{'9' * 40}/").status_code == 404


def test_a_row_is_not_there_under_another_run(elm_client):
    elm = elm_client.get("/").context["request"].district
    run = make_run(elm)
    [row] = make_rows(make_run(elm), {})

    answer = elm_client.get(reverse("staffimport:row", args=[run.pk, row.pk]))

    assert answer.status_code == 404


def test_the_history_shows_the_own_runs_alone(oak, elm_client):
    elm = elm_client.get("/").context["request"].district
    make_run(oak)
    mine = make_run(elm)

    page = elm_client.get(reverse("staffimport:runs"))

    assert [line.run for line in page.context["lines"]] == [mine]


@pytest.mark.parametrize(("method", "name"), PLACES)
def test_anybody_signed_out_goes_to_sign_in_and_back(method, name):
    url = reverse(name)
    page = "/runs/?kind=test"
    came_from = {"Referer": f"http://testserver{page}"}

    answer = getattr(Client(), method)(url, headers=came_from)

    back = url if method == "get" else "/runs/%3Fkind%3Dtest"
    login = f"{reverse('account_login')}?next={back}"
    assert (answer.status_code, answer.url) == (302, login)


@pytest.mark.parametrize("referer", ["", "https://evil.example/runs/", "//evil/", "x"])
def test_no_page_elsewhere_is_gone_back_to(referer):
    url = reverse("staffimport:start_test")

    answer = Client().post(url, headers={"Referer": referer})

    login = f"{reverse('account_login')}?next=/"
    assert answer.headers["Location"] == login


def test_whoever_was_signed_out_reads_that_the_button_did_nothing(oak):
    client = Client()

    answer = client.post(reverse("staffimport:start_test"), follow=True)

    assert "so what you pressed was not done" in answer.content.decode()
    assert not oak.import_runs.exists()


def test_a_fragment_sends_the_whole_page_to_sign_in(oak):
    run = make_run(oak, state="running")

    answer = Client().get(
        reverse("staffimport:progress", args=[run.pk]),
        headers={
            "HX-Request": "true",
            "HX-Current-URL": f"http://testserver/runs/{run.pk}/",
        },
    )

    login = reverse("account_login")
    assert answer.headers["HX-Redirect"] == f"{login}?next=/runs/{run.pk}/"


@pytest.mark.parametrize(("method", "name"), PLACES[1:])
def test_a_role_without_the_right_gets_a_page_that_says_so(oak, method, name):
    client = signed_in(make_admin(oak, rights=[Right.VIEW_REPORTS]))

    answer = getattr(client, method)(reverse(name))

    assert answer.status_code == 403
    assert "You have no access to Data Import" in answer.content.decode()


def test_a_role_without_the_right_is_led_to_the_own_account(oak):
    client = signed_in(make_admin(oak, rights=[Right.VIEW_REPORTS]))

    assert client.get("/").url == reverse("own_account")


@pytest.mark.parametrize(("method", "name"), PLACES)
def test_a_session_ends_with_the_next_request_once_the_account_is_archived(
    oak, method, name
):
    user = make_admin(oak)
    client = signed_in(user)
    assert client.get("/").status_code == 200
    StaffAccount.objects.filter(user=user).update(status="inactive")

    answer = getattr(client, method)(reverse(name), follow=True)

    assert "Your account is no longer active" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_times_are_the_districts(oak):
    oak.time_zone = "America/New_York"
    oak.save()
    at = timezone.now().replace(month=1, day=12, hour=21, minute=2) - timedelta(
        days=365
    )
    make_run(oak, requested_at=at)

    page = signed_in(make_admin(oak)).get(reverse("staffimport:runs")).content.decode()

    assert "4:02 PM" in page
    assert "Times are Eastern Time (district time)" in page
