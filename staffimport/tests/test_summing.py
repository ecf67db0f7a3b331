"""What is kept of a run's rows once it has ended, whoever carried it out."""

import pytest

from staffimport.models import RunComparison, RunSummary
from staffimport.queries.comparison import differences
from staffimport.queries.facets import count_rows, facets, state_counts
from staffimport.queries.orders import COLUMNS, Order, ranked, sort_rows
from staffimport.services.held import dismiss
from staffimport.services.start import start_final, start_sync, start_test
from staffimport.store import results
from staffimport.summing import sum_up
from staffimport.tests.building import DANA
from staffimport.tests.running import carry_out
from tests.cast import make_district, make_rows, make_run


@pytest.mark.parametrize("start", [start_test, start_final, start_sync])
def test_rows_are_counted_and_sorted_before_anybody_looks(
    imported, start, django_assert_num_queries
):
    if start is start_final:
        carry_out(start_test, imported)

    run = carry_out(start, imported)

    with django_assert_num_queries(1 + len(COLUMNS)):
        found = facets(run)
        orders = {column: ranked(run, Order(column)) for column in COLUMNS}
    assert found == count_rows(run)
    assert found.rows == run.results.count()
    assert orders == {column: sort_rows(run, column) for column in COLUMNS}


def test_a_final_is_compared_with_its_test_before_anybody_looks(
    tested, django_assert_num_queries
):
    run = carry_out(start_final, tested)

    with django_assert_num_queries(3):  # both runs' held rows, and what was kept
        found = differences(run.base_run, run)

    assert found.same == run.counts["rows"]
    RunComparison.objects.all().delete()
    assert differences(run.base_run, run) == found


def test_a_fault_while_rows_are_summed_up_leaves_the_run_succeeded(
    tested, monkeypatch, caplog
):
    def break_down(_run):
        raise RuntimeError

    monkeypatch.setattr("staffimport.summing.sum_up", break_down)

    run = carry_out(start_final, tested)

    assert run.state == "succeeded"
    assert "Summing up run" in caplog.text
    assert facets(run).rows == run.counts["rows"]


@pytest.mark.django_db
def test_rows_that_go_take_their_summary_along():
    run = make_run(make_district("oak"))
    make_rows(run, {}, {})
    sum_up(run)

    results.delete(run)

    assert not RunSummary.objects.exists()
    assert facets(run).rows == 0


@pytest.mark.django_db
def test_counts_by_state_follow_what_is_decided_later():
    oak = make_district("oak")
    run = make_run(oak, "final")
    run.applied_at = run.finished_at
    run.save()
    held = {"state": "held", "held_reason": "brake"}
    rows = make_rows(
        run,
        {"state": "applied"},
        {"outcome": "skipped"},
        held,
        {**held, "state": "dismissed"},
        {**held, "state": "superseded"},
    )
    sum_up(run)

    counts = [state_counts(run, facets(run))]
    dismiss(oak, [rows[2].pk], DANA)
    counts.append(state_counts(run, facets(run)))
    run.results.filter(state="dismissed").update(state="applied")
    counts.append(state_counts(run, facets(run)))

    assert counts == [
        {"applied": 1, "held": 1, "dismissed": 1, "superseded": 1},
        {"applied": 1, "dismissed": 2, "superseded": 1},
        {"applied": 3, "superseded": 1},
    ]
