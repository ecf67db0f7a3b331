import re

import pytest
from playwright.sync_api import expect

from tests.browser.looks import LOOKS, faults, fits
from tests.cast import make_rows, make_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def later(oak, run):
    """A test after `run`: Tran is known now, Vance no longer waits, Haskell is gone."""
    later = make_run(oak)
    people = list(run.results.exclude(last_name="Haskell").order_by("position"))
    make_rows(
        later,
        *(
            {
                "clever_id": row.clever_id,
                "account_id": row.account_id,
                "first_name": row.first_name,
                "last_name": row.last_name,
                "outcome": "matched" if row.last_name == "Tran" else row.outcome,
                "state": "planned" if row.last_name == "Vance" else row.state,
                "held_reason": row.held_reason,
                "reason": row.reason,
                "change_key": row.change_key,
            }
            for row in people
        ),
    )
    return later


def test_from_the_results_to_what_differs_and_to_a_rows_story(page, run, later):
    page.goto(f"/runs/{later.pk}/")
    page.get_by_role("link", name=f"Compare with run {run.pk}").click()

    expect(page.get_by_role("heading", name="Compare runs", level=1)).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("3 differences")
    page.get_by_role("link", name="Another outcome 1").click()
    row = page.get_by_role("row", name=re.compile("Tran, Jordan"))
    expect(row).to_contain_text("Created")
    expect(row).to_contain_text("Matched")
    page.get_by_label("Search name, e-mail").fill("vance")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No differences fit this filter")).to_be_visible()
    page.get_by_role("link", name="Clear the filter").first.click()
    row.get_by_role("link", name=f"Details in Test import {run.pk}").click()

    expect(page).to_have_url(re.compile(rf"/runs/{run.pk}/\?from=3&row=\d+#row-\d+"))
    expect(page.locator(".story")).to_be_visible()
    expect(page.locator("table.rows tbody").first).to_contain_text("Tran, Jordan")


def test_any_run_of_the_history_can_be_chosen_to_compare_with(page, oak, run, later):
    page.goto("/runs/")
    page.get_by_role("link", name="Compare two runs").click()
    page.get_by_role("link", name="Choose from the history").click()
    expect(page.get_by_text("Choose the run to compare with")).to_be_visible()

    page.get_by_role(
        "link", name=f"Compare Test import {run.pk} with Test import {later.pk}"
    ).click()

    expect(page.get_by_label("Earlier run")).to_have_value(str(run.pk))
    expect(page.get_by_label("Later run")).to_have_value(str(later.pk))
    page.get_by_label("Earlier run").select_option(str(later.pk))
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("can’t be compared with itself")).to_be_visible()


@LOOKS
def test_the_comparison_is_accessible_and_fits(page, oak, run, later):
    sync = make_run(oak, "sync")
    alike = make_run(oak, "final")
    make_rows(alike, *({"clever_id": f"x{n}"} for n in range(60)))
    addresses = [
        f"/runs/compare/?first={run.pk}&second={later.pk}",
        f"/runs/compare/?first={later.pk}&second={alike.pk}&at=50",
        f"/runs/compare/?first={run.pk}&second={sync.pk}",
        f"/runs/compare/?first={run.pk}&second={later.pk}&q=nobody",
        f"/runs/compare/?first={run.pk}&second={run.pk}",
        "/runs/compare/",
    ]

    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = (faults(page), fits(page))

    assert found == dict.fromkeys(addresses, ([], True))
