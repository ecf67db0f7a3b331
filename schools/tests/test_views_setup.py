import re

import pytest
from django.urls import reverse
from django.utils import timezone

from schools.audit import Actor
from schools.services.lifecycle import (
    Confirmation,
    activate_district,
    record_activation,
)
from schools.tests.building import matched, our, their
from tests.cast import make_admin, make_district, make_rows, make_run, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def text_of(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def test_the_gear_leads_to_data_import_and_from_there_to_set_up_clever(client):
    home = client.get("/").content.decode()
    setup = client.get(reverse("schools:setup")).content.decode()

    assert re.search(r'<a href="/setup/">\s*Data Import\s*</a>', home)
    assert re.search(
        r'href="/setup/match-schools/"[^>]*>\s*Import Data via Clever\s*</a>', setup
    )


def test_data_import_shows_where_the_district_stands_and_who_acts_next(oak, client):
    matched(their(oak, "Lincoln"), our(oak, "Lincoln"))

    text = text_of(client.get(reverse("schools:setup")))

    for words in ("1 of 1 matched", "Your turn: you", "You act next"):
        assert words in text


def test_prerequisites_say_what_is_met_and_whom_to_ask(oak, client):
    oak.clever_checked_at = timezone.now()
    oak.activated_at = None
    oak.save()
    confirmed = Confirmation("Lee Park", clever_account=True, subscription=True)
    activate_district(oak, Actor("Sam Ortiz"), confirmed, "By telephone.")

    answer = client.get(reverse("schools:match_schools"))

    text = text_of(answer)
    assert "Clever answered for Oak Unified today" in text
    assert "Confirmed with Lee Park by Sam Ortiz, today. By telephone." in text
    assert "Customer Success Manager (CSM) or Education Impact Consultant (EIC)" in text
    assert "Both are met" in text


def test_an_activation_that_nobody_confirmed_is_told_as_such(oak, client):
    record_activation(oak, Actor("Command line"), None, "Activated when created.")

    text = text_of(client.get(reverse("schools:match_schools")))

    assert "Taken as met: your district was activated by Command line" in text
    assert "Confirmed" not in text


def test_prerequisites_that_are_not_met_stand_open(oak, client):
    oak.activated_at = None
    oak.save()

    answer = client.get(reverse("schools:match_schools"))

    assert "To integrate Clever with Naviance, you must have both" in text_of(answer)
    assert '<details class="panel" open>' in answer.content.decode()


def test_an_account_that_support_confirmed_is_not_denied(oak, client):
    oak.activated_at = None
    oak.save()
    confirmed = Confirmation("Lee Park", clever_account=True, subscription=True)
    activate_district(oak, Actor("Sam Ortiz"), confirmed)

    text = text_of(client.get(reverse("schools:match_schools")))

    assert "Sam Ortiz confirmed with Lee Park that there is one, but NavSync" in text


def test_tabs_of_set_up_clever_say_how_much_waits_where(oak, client):
    their(oak, "Virtual Academy")
    test = make_run(oak)
    make_rows(test, {"outcome": "conflict"}, {"state": "held", "held_reason": "pair"})

    page = client.get(reverse("schools:match_schools")).content.decode()

    tabs = page[page.index('<nav class="tabs"') :]
    links = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', tabs)[:5]
    said = [(url, re.sub(r"<[^>]+>", " ", words).split()) for url, words in links]
    assert said == [
        ("/setup/match-schools/", ["Match", "Schools", "1", "unmatched"]),
        (reverse("staffimport:settings"), ["Import", "Staff", "Data"]),
        (f"/runs/{test.pk}/", ["Results", "2", "wait", "for", "you"]),
        ("/decisions/", ["Decisions"]),
        ("/runs/", ["Import", "history"]),
    ]


def test_the_parts_of_a_page_share_what_they_read(
    oak, client, django_assert_max_num_queries
):
    for number in range(20):
        matched(their(oak, f"School {number}"), our(oak, f"School {number}"))

    with django_assert_max_num_queries(21) as asked:
        client.get(reverse("schools:match_schools"))

    read = [query["sql"] for query in asked.captured_queries]
    assert sorted(read) == sorted(set(read))


def test_data_import_is_shut_for_people_without_the_right(oak):
    nobody = signed_in(make_admin(oak, rights=()))

    assert nobody.get(reverse("schools:setup")).status_code == 403
    assert nobody.get(reverse("schools:verify_matches")).status_code == 403
