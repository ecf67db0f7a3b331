import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.looks import LOOKS, faults, fits
from tests.browser.steps import asked, expect_asked
from tests.cast import make_rows, make_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def counted(page):
    """What the head of the table says of its rows."""
    return page.locator(".panel__head [role=status]")


def shown(page):
    return page.locator("table.rows > tbody > tr > th")


def people(page):
    """The people of the table, as it shows them."""
    expect(shown(page).first).to_be_visible()
    return shown(page).all_inner_texts()


def expect_people(page, names):
    expect(shown(page)).to_have_text(names, use_inner_text=True)


def top_of(row):
    """How far below the top of the page an element is."""
    return row.evaluate("row => row.getBoundingClientRect().top + scrollY")


def spot(locator):
    """Where on the page an element is seen."""
    box = locator.bounding_box()
    assert box is not None
    return box


def sort_by(page, word):
    page.get_by_role("columnheader", name=word).get_by_role("link").click()


def test_a_click_on_a_head_sorts_and_the_back_button_takes_it_back(page, run):
    page.goto(f"/runs/{run.pk}/")
    as_planned = people(page)
    head = page.get_by_role("columnheader", name="Person")

    sort_by(page, "Person")
    expect(head).to_have_attribute("aria-sort", "ascending")
    ascending = people(page)
    sort_by(page, "Person")
    expect(head).to_have_attribute("aria-sort", "descending")

    expect_asked(page, sort="-name")
    assert ascending == sorted(ascending, key=str.casefold) != as_planned
    page.go_back()
    expect_people(page, ascending)
    page.go_back()
    expect_people(page, as_planned)
    expect(head).not_to_have_attribute("aria-sort", re.compile(".*"))


def test_filters_add_up_in_the_address_and_each_comes_off(page, run):
    page.goto(f"/runs/{run.pk}/?sort=name")
    page.get_by_role("link", name="Created 2").click()
    expect_asked(page, outcome="created", sort="name")
    page.get_by_role("link", name="Held 2").click()
    expect_asked(page, outcome="created", state="held", sort="name")
    page.get_by_label("Search name, e-mail").fill("vance")
    page.keyboard.press("Enter")

    expect(counted(page)).to_contain_text("1 row, by name, A to Z")
    expect_asked(page, outcome="created", state="held", q="vance", sort="name")

    page.get_by_role("link", name="Take off: Search").click()
    expect_asked(page, outcome="created", state="held", sort="name")
    page.get_by_role("link", name="Take off: Outcome").click()
    expect(counted(page)).to_contain_text("2 rows")
    page.get_by_role("link", name="Clear the filter").click()
    expect_asked(page, sort="name")


def test_pages_turn_by_keyboard_from_the_first_to_the_last_and_back(page, run):
    page.goto(f"/runs/{run.pk}/?sort=name")

    def turn(name):
        page.get_by_role("link", name=name, exact=True).press("Enter")

    first = people(page)
    turn("Next")
    expect(page.get_by_text("Rows 51 to 66 of 66")).to_be_visible()
    turn("Previous")
    expect(page.get_by_text("Rows 1 to 50 of 66")).to_be_visible()
    expect_people(page, first)
    turn("Last")
    expect(page.get_by_text("Rows 17 to 66 of 66")).to_be_visible()
    turn("First")
    expect_people(page, first)


def test_an_open_row_is_in_the_address_and_moves_none_above_it(page, run):
    page.goto(f"/runs/{run.pk}/?sort=name&outcome=matched")
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.get_by_text(re.compile("Rows 51 to"))).to_be_visible()
    row = page.locator("table.rows tbody").nth(5)
    before = top_of(row)
    details = row.get_by_role("link", name="Details")

    details.press("Enter")
    expect(row.locator(".story")).to_be_visible()

    assert top_of(row) == before
    page.wait_for_url(lambda url: "row" in asked(url))
    place = asked(page.url)
    assert place["row"]
    assert place["n"] == "50"
    page.reload()
    expect(row.locator(".story")).to_be_visible()
    row.get_by_role("link", name="Close").press("Enter")
    expect(row.get_by_role("link", name="Details")).to_be_focused()
    expect_asked(page, **{k: v for k, v in place.items() if k != "row"})


@pytest.mark.parametrize("look", ["light 390"])
def test_on_a_phone_filters_start_closed_and_hold_the_order(page, run):
    page.goto(f"/runs/{run.pk}/?outcome=matched")
    search = page.get_by_label("Search name, e-mail")
    expect(search).to_be_hidden()
    expect(page.get_by_role("link", name="Take off: Outcome")).to_be_visible()

    page.get_by_text("Filter and sort the rows").click()
    page.get_by_label("Sort").select_option(label="By name, Z to A")
    page.get_by_role("button", name="Filter").click()

    expect(counted(page)).to_contain_text("by name, Z to A")
    assert asked(page.url)["outcome"] == "matched"
    found = people(page)
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("look", ["light 390"])
def test_on_a_phone_heads_of_columns_show_while_the_keyboard_is_in_them(page, run):
    page.goto(f"/runs/{run.pk}/")
    head = page.get_by_role("columnheader", name="Person").get_by_role("link")

    head.focus()

    assert head.bounding_box()["height"] > 10
    assert fits(page)


def test_paper_has_the_rows_and_no_controls(page, run):
    page.goto(f"/runs/{run.pk}/?state=held&row={run.results.first().pk}")
    page.set_viewport_size({"width": 703, "height": 900})  # A4 between its margins
    page.emulate_media(media="print")

    for hidden in (
        page.get_by_role("navigation", name="Main"),
        page.get_by_role("navigation", name="Set Up Clever"),
        page.get_by_role("navigation", name="Pages"),
        page.get_by_role("search"),
        page.get_by_role("button", name="Approve"),
        page.get_by_role("link", name="CSV"),
        page.locator("table.rows").get_by_role("link", name="Close"),
    ):
        expect(hidden).to_be_hidden()
    expect(page.get_by_role("columnheader", name="Person")).to_be_visible()
    expect(page.locator(".story")).to_be_visible()
    head = page.locator("table.rows > thead")
    assert head.evaluate("head => getComputedStyle(head).display") == (
        "table-header-group"
    )
    assert fits(page)


@LOOKS
def test_results_and_history_are_accessible_and_fit(page, oak, run):
    final = make_run(
        oak,
        "final",
        base_run=run,
        applied_at=timezone.now(),
        proof={"sentence": "0 of 168 differ; 2 wait for you"},
        notices=[{"kind": "x", "text": "Clever has paused this district."}],
    )
    changed = {"state": "held", "held_reason": "changed_since_test"}
    make_rows(
        final, changed, {"state": "applied", "writes": True}, {"job_title": "x" * 255}
    )
    sync = make_run(oak, "sync", applied_at=timezone.now())
    addresses = [
        f"/runs/{run.pk}/?outcome=created&q=an&sort=-place&school=district",
        f"/runs/{run.pk}/?sort=name&last=1",
        f"/runs/{run.pk}/?after=9999",
        f"/runs/{final.pk}/",
        f"/runs/{sync.pk}/",
        f"/runs/?with={run.pk}",
        "/runs/?kind=final&state=succeeded",
        "/runs/?kind=undo",
    ]

    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = (faults(page), fits(page))

    assert found == dict.fromkeys(addresses, ([], True))


@pytest.mark.parametrize("look", ["light 390", "light 1280"])
def test_on_a_rows_page_each_value_stands_under_its_own_heading(page, run):
    row = run.results.exclude(changes={}).first()
    page.goto(f"/runs/{run.pk}/rows/{row.pk}/")
    table = page.locator("table.sides").first
    heads = table.locator("thead th")
    line = table.locator("tbody tr").filter(has_text="Job title")

    for head, value in ((heads.nth(1), 0), (heads.nth(2), 1)):
        above, below = spot(head), spot(line.locator("td").nth(value))
        assert above["x"] == pytest.approx(below["x"], abs=1)
        assert above["width"] == pytest.approx(below["width"], abs=1)
