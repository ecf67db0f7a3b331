import csv
import io

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.cast import make_admin, make_district, make_rows, make_run, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget():
    cache.clear()


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def compared(client, query=""):
    return client.get(f"{reverse('staffimport:compare')}?{query}")


def of(first, second):
    return f"first={first.pk}&second={second.pk}"


@pytest.fixture
def two(oak):
    """Two tests: one person left, one changes otherwise, one stays as they are."""
    first, second = make_run(oak), make_run(oak)
    title = {"changes": {"job_title": ["Teacher", "Dean"]}, "reason_code": "changes"}
    make_rows(
        first,
        {"clever_id": "p1", "last_name": "=Gone", "reason": "New."},
        {"clever_id": "p2", "last_name": "Lee", "reason": "Nothing changes."},
        {"clever_id": "p3", "last_name": "Same"},
    )
    make_rows(
        second,
        {"clever_id": "p2", "last_name": "Lee", "reason": "Title changes to Dean.",
         "change_key": "x", "job_title": "Dean", **title},
        {"clever_id": "p3", "last_name": "Same"},
    )  # fmt: skip
    return first, second


def test_each_difference_shows_both_rows_with_their_reasons(client, two):
    page = compared(client, of(*two))

    html = page.content.decode()
    assert [(line.word, line.person) for line in page.context["lines"]] == [
        (f"Only in Test import {two[0].pk}", "=Gone, Jordan"),
        ("Another change", "Lee, Jordan"),
    ]
    for words in ("Nothing changes.", "Title changes to Dean.", "Not in this run"):
        assert words in html
    assert "Job title:" in html
    assert "1 row says the same in both" in html
    row = two[1].results.get(last_name="Lee")
    url = reverse("staffimport:run", args=[two[1].pk])
    assert f'href="{url}?from=0&amp;row={row.pk}#row-{row.pk}"' in html


def test_the_earlier_run_is_the_first_in_whatever_order_they_are_asked_for(client, two):
    page = compared(client, of(two[1], two[0]))

    assert (page.context["first"], page.context["second"]) == two
    assert [line.word for line in page.context["lines"]] == [
        f"Only in Test import {two[0].pk}",
        "Another change",
    ]


def test_one_run_is_compared_with_the_one_before_it(oak, client, two):
    final = make_run(oak, "final", base_run=two[0])
    make_rows(final, {})

    assert compared(client, f"second={two[1].pk}").context["first"] == two[0]
    assert compared(client, f"second={final.pk}").context["first"] == two[0]
    assert compared(client, f"first={two[0].pk}").context["second"] == two[1]
    assert compared(client).context["second"] == final


def test_runs_that_agree_say_so(oak, client):
    runs = make_run(oak), make_run(oak)
    for run in runs:
        make_rows(run, {}, {})

    page = compared(client, of(*runs)).content.decode()

    assert "Nothing differs." in page
    assert "2 rows say the same in both runs." in page


def test_a_chip_narrows_to_a_kind_and_keeps_the_search(client, two):
    page = compared(client, f"{of(*two)}&q=lee&at=0")

    chips = {chip.word: chip for chip in page.context["chips"]}
    assert chips["All differences"].count == 2
    assert chips["Another change"].query == f"{of(*two)}&q=lee&kind=another_change"
    narrowed = compared(client, chips["Another change"].query)
    assert [line.person for line in narrowed.context["lines"]] == ["Lee, Jordan"]


def test_a_filter_that_finds_nothing_offers_to_clear_it(client, two):
    page = compared(client, f"{of(*two)}&q=nobody").content.decode()

    assert "No differences fit this filter" in page
    assert "Clear the filter" in page


def test_a_sync_says_what_its_rows_mean_for_the_comparison(oak, client, two):
    sync = make_run(oak, "sync")

    page = compared(client, of(two[0], sync)).content.decode()

    assert "A sync keeps only the rows that change something" in page
    assert "3 rows are left out" in page


def test_other_settings_and_the_same_pull_are_told(oak, client, two):
    first, second = two
    second.settings_fingerprint = "other"
    second.save()

    page = compared(client, of(first, second)).content.decode()

    assert "Settings, school matches or decisions were saved between the two." in page


@pytest.mark.parametrize(
    ("kind", "state", "sentence"),
    [
        ("test", "failed", "has no results to compare"),
        ("check", "succeeded", "has no results to compare"),
        ("test", "succeeded", "are no longer kept"),
    ],
)
def test_a_run_without_rows_is_refused_with_the_reason(
    oak, client, two, kind, state, sentence
):
    run = make_run(oak, kind, state)

    page = compared(client, of(two[0], run))

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert "found" not in page.context


def test_a_run_is_not_compared_with_itself(client, two):
    page = compared(client, of(two[0], two[0])).content.decode()

    assert "can’t be compared with itself" in page


def test_without_a_second_run_there_is_nothing_to_compare(oak, client):
    assert "No runs yet" in compared(client).content.decode()

    make_run(oak)

    assert "Only one run" in compared(client).content.decode()


@pytest.mark.parametrize("name", ["compare", "compare_csv"])
def test_runs_of_another_district_or_of_none_are_not_there(client, two, name):
    elm = make_run(make_district("elm"))

    for query in (of(two[0], elm), f"first={two[0].pk}&second=999999"):
        answer = client.get(f"{reverse(f'staffimport:{name}')}?{query}")
        assert answer.status_code == 404


def test_the_csv_has_what_the_filter_leaves_and_no_formula(client, two):
    url = reverse("staffimport:compare_csv")

    everything = client.get(f"{url}?{of(*two)}")
    narrowed = client.get(f"{url}?{of(*two)}&kind=another_change")

    rows = read(everything)
    assert [row["last_name"] for row in rows] == ["'=Gone", "Lee"]
    assert rows[1]["values"] == "Job title:  → Dean"
    assert (rows[1]["reason_first"], rows[1]["reason_second"]) == (
        "Nothing changes.",
        "Title changes to Dean.",
    )
    assert (rows[0]["outcome_first"], rows[0]["outcome_second"]) == ("matched", "")
    assert [row["last_name"] for row in read(narrowed)] == ["Lee"]
    assert (
        f"oak-runs-{two[0].pk}-and-{two[1].pk}.csv"
        in (everything.headers["Content-Disposition"])
    )


def read(answer):
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_results_lead_to_the_comparison_with_the_run_before(client, two):
    url = reverse("staffimport:run", args=[two[1].pk])

    page = client.get(url).content.decode()

    assert f"{reverse('staffimport:compare')}?{of(*two).replace('&', '&amp;')}" in page
