from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from staffimport.models import ImportRun
from tests.cast import make_admin, make_district, make_rows, make_run, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def history(client, query=""):
    return client.get(f"{reverse('staffimport:runs')}?{query}")


def shown(client, query=""):
    return [line.run.pk for line in history(client, query).context["lines"]]


@pytest.mark.parametrize("narrowed", ["", "state=failed", "kind=test&state=failed"])
def test_the_history_pages_through_runs_and_back(oak, client, narrowed):
    runs = [make_run(oak, state="failed", error="No network.") for _ in range(120)]
    newest_first = [run.pk for run in reversed(runs)]

    first = history(client, narrowed).context["page"]
    second = history(client, first.next).context["page"]
    third = history(client, second.next).context["page"]

    assert shown(client, narrowed) == newest_first[:50]
    assert shown(client, first.next) == newest_first[50:100]
    assert shown(client, second.next) == newest_first[100:]
    assert shown(client, third.previous) == newest_first[50:100]
    assert shown(client, first.last) == newest_first[70:]
    assert (first.previous, third.next) == ("", "")


def test_a_page_costs_the_same_queries_however_many_runs(
    oak, client, django_assert_num_queries
):
    for number in (1, 60):
        for _ in range(number):
            make_run(oak, state="failed")
        # Session, user, account, rights, runs, their counts, the one to undo; then what
        # the tabs tell of.
        with django_assert_num_queries(11):
            history(client)


@pytest.mark.parametrize(
    ("kind", "state", "fields", "sentence"),
    [
        ("test", "queued", {}, "Waits for its turn."),
        ("test", "running", {}, "Under way."),
        (
            "test",
            "failed",
            {"error": "Clever refused our token (401)."},
            "Clever refus",
        ),
        (
            "test",
            "succeeded",
            {
                "counts": {
                    "rows": 9,
                    "created": 2,
                    "skipped": 6,
                    "held": 1,
                    "conflict": 1,
                }
            },
            "9 rows: 2 created, 6 skipped and 1 in conflict. 1 of them is held.",
        ),
        (
            "test",
            "succeeded",
            {"counts": {"rows": 1, "created": 1}},
            "1 row: 1 created.",
        ),
        (
            "final",
            "succeeded",
            {"counts": {"rows": 1400, "matched": 1400, "held": 1200}},
            "1,400 rows: 1,400 matched. 1,200 of them are held.",
        ),
        (
            "sync",
            "succeeded",
            {"counts": {"rows": 9, "writes": 1, "held": 2}},
            "1 account changed. 2 rows are held.",
        ),
        (
            "sync",
            "succeeded",
            {"counts": {"rows": 9, "held": 1}},
            "Nothing changed. 1 row is held.",
        ),
        (
            "sync",
            "succeeded",
            {
                "counts": {"rows": 9, "writes": 3},
                "proof": {"sentence": "0 of 168 differ"},
            },
            "3 accounts changed. 0 of 168 differ.",
        ),
        ("sync", "succeeded", {"counts": {"rows": 9}}, "Nothing changed."),
    ],
)
def test_the_history_says_what_a_run_did(oak, client, kind, state, fields, sentence):
    make_run(oak, kind, state, **fields)

    page = client.get(reverse("staffimport:runs")).content.decode()

    assert sentence in page


@pytest.fixture
def of_every_kind(oak):
    """A run of every kind that succeeded, a sync and a test that failed."""
    kinds = ("check", "test", "final", "sync", "undo")
    made = {kind: make_run(oak, kind) for kind in kinds}
    made["failed sync"] = make_run(oak, "sync", "failed", error="No network.")
    made["failed test"] = make_run(oak, "test", "failed", error="No network.")
    return {name: run.pk for name, run in made.items()}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=final", ["final"]),
        ("kind=test", ["failed test", "test"]),
        ("kind=sync&state=succeeded", ["sync"]),
        ("state=failed", ["failed test", "failed sync"]),
        ("kind=undo", ["undo"]),
        ("kind=check", ["check"]),
        ("state=cancelled", []),
        ("kind=nonsense&before=x",
         ["failed test", "failed sync", "undo", "sync", "final", "test", "check"]),
    ],
)  # fmt: skip
def test_a_filter_leaves_runs_of_a_kind_and_state(client, of_every_kind, query, names):
    assert shown(client, query) == [of_every_kind[name] for name in names]


def test_chips_count_runs_and_keep_the_other_filter(client, of_every_kind):
    page = history(client, "kind=sync")

    kinds = {chip.word: (chip.count, chip.query) for chip in page.context["kinds"]}
    states = {chip.word: (chip.count, chip.query) for chip in page.context["states"]}
    assert kinds == {
        "All runs": (7, ""),
        "Test import": (2, "kind=test"),
        "Final import": (1, "kind=final"),
        "Sync": (2, ""),
        "Undo": (1, "kind=undo"),
        "Check": (1, "kind=check"),
    }
    assert states == {
        "Succeeded": (5, "kind=sync&state=succeeded"),
        "Failed": (2, "kind=sync&state=failed"),
        "Cancelled": (0, "kind=sync&state=cancelled"),
    }


def test_a_run_tells_who_asked_when_and_how_long_it_took(oak, client):
    began = timezone.now() - timedelta(minutes=40)
    run = make_run(
        oak,
        "final",
        base_run=make_run(oak),
        started_at=began,
        finished_at=began + timedelta(seconds=75),
        notices=[{"kind": "x", "text": "Clever has paused this district."}],
    )

    page = history(client, "kind=final").content.decode()

    assert "by Dana Whitfield" in page
    assert "75 seconds" in page
    assert f"after test {run.base_run_id}" in page
    assert "1 notice" in page
    assert "Clever has paused this district." in page


def test_the_last_import_says_that_it_can_be_undone_then_that_it_was(oak, client):
    run = make_run(oak, "final", applied_at=timezone.now())
    make_rows(run, {"state": "applied", "writes": True})

    before = history(client).content.decode()
    ImportRun.objects.filter(pk=run.pk).update(undone_at=timezone.now())
    after = history(client).content.decode()

    assert "Can be undone" in before
    assert "Undone today" in after
    assert "Can be undone" not in after


def test_runs_with_rows_lead_to_a_comparison(client, of_every_kind):
    page = history(client)

    compared = [line.run.kind for line in page.context["lines"] if line.can_compare]
    assert compared == ["sync", "final", "test"]


def test_the_run_to_compare_with_is_chosen_on_any_page(client, of_every_kind):
    final = of_every_kind["final"]

    page = history(client, f"with={final}")

    assert f"Choose the run to compare with Final import {final}." in (
        page.content.decode()
    )
    compared = [line.run.kind for line in page.context["lines"] if line.can_compare]
    assert compared == ["sync", "test"]
    assert all(f"with={final}" in chip.query for chip in page.context["kinds"])


def test_a_run_of_another_district_is_nothing_to_compare_with(client):
    elm = make_run(make_district("elm"))

    page = history(client, f"with={elm.pk}").content.decode()

    assert "Choose the run" not in page


def test_an_empty_history_says_what_to_do(client):
    assert "A test reads Clever and shows what an import would do" in (
        history(client).content.decode()
    )


def test_a_filter_or_a_page_without_runs_leads_back(oak, client):
    make_run(oak)

    assert "Clear the filter" in history(client, "kind=undo").content.decode()
    assert "Newest runs" in history(client, "before=1").content.decode()
