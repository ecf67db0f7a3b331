import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from schools.audit import Actor, record
from staffimport.core.values import AppliesTo
from staffimport.models import RunProgress
from staffimport.services.import_settings import save_settings
from staffimport.settings.file import KeywordEntry, SettingsFile
from tests.browser.looks import LOOKS, faults, fits
from tests.cast import make_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@LOOKS
def test_every_page_is_accessible_and_fits(page, oak, run):
    running = make_run(oak, "final", "running")
    RunProgress.objects.create(
        run=running,
        step="pull",
        step_started_at=timezone.now(),
        done=5,
        total=10,
        parts=[["Schools", 5, 5], ["Sections", 0, 5]],
    )
    failed = make_run(oak, state="failed", error="Clever refused our token (401).")
    addresses = [
        "/",
        "/runs/",
        f"/runs/{run.pk}/",
        f"/runs/{run.pk}/?row={run.results.first().pk}",
        f"/runs/{run.pk}/?q=nobody",
        f"/runs/{running.pk}/",
        f"/runs/{failed.pk}/",
        "/runs/start-import/",
    ]

    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = (faults(page), fits(page))

    assert found == dict.fromkeys(addresses, ([], True))


@LOOKS
def test_pages_of_signing_in_are_accessible_and_fit(page, complaints):
    page.context.clear_cookies()
    addresses = [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/invitation/made-up/",
        "/accounts/signup/",
    ]

    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = (faults(page), fits(page))

    assert found == dict.fromkeys(addresses, ([], True))
    # Signing up is refused, which Chromium tells its console.
    assert [text for text in complaints if "403 (Forbidden)" not in text] == []
    complaints.clear()


@pytest.mark.parametrize("look", ["light 1280", "light 390"])
def test_from_the_dashboard_to_a_rows_story(page, run):
    page.goto("/")
    page.get_by_role("link", name="Review results").click()
    details = page.get_by_role("link", name=re.compile("Details ?: Vance, Jordan"))
    details.click()

    close = page.get_by_role("link", name=re.compile("Close ?: Vance, Jordan"))
    expect(page.get_by_role("group", name="Each field")).to_be_visible()
    expect(close).to_be_focused()
    assert faults(page) == []
    close.click()
    expect(details).to_be_focused()


def test_start_import_warns_in_a_dialog_that_esc_closes(page, run):
    page.goto(f"/runs/{run.pk}/")
    start = page.get_by_role("link", name="Start Import")
    start.click()

    tick = page.get_by_label("Yes, permanently import staff records")
    expect(tick).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(tick).to_have_count(0)
    expect(start).to_be_focused()


def test_the_gear_menu_closes_on_esc_and_on_a_click_outside(page):
    gear = page.locator("details.menu > summary")
    leave = page.get_by_role("button", name="Sign out")

    for close in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.get_by_role("heading", level=1).click(),
    ):
        gear.click()
        expect(leave).to_be_visible()
        close()
        expect(leave).to_be_hidden()


def test_ticking_all_held_rows_counts_and_dismisses_them(page, run):
    page.goto(f"/runs/{run.pk}/?state=held")
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("2 selected")).to_be_visible()

    page.get_by_role("button", name="Dismiss").click()

    expect(page.get_by_text("2 rows dismissed.")).to_be_visible()


def test_progress_moves_by_itself_and_gives_way_to_the_results(page, oak):
    run = make_run(oak, state="running")
    progress = RunProgress.objects.create(run=run, step="pull", done=1, total=10)
    page.goto(f"/runs/{run.pk}/")
    expect(page.get_by_text("1 of 10")).to_be_visible()

    progress.done = 7
    progress.step = "match"
    progress.save()
    expect(page.get_by_text("7 of 10")).to_be_visible()
    expect(page.locator("#announce")).to_have_text(
        "Step 3 of 4: Match with Naviance accounts"
    )

    run.state = "succeeded"
    run.finished_at = timezone.now()
    run.save()
    expect(
        page.get_by_role("heading", name="Results of the test import")
    ).to_be_visible()


@pytest.mark.parametrize("look", ["light 390"])
def test_the_audit_trail_fits_a_phone_whatever_changed(page, oak):
    keyword = KeywordEntry("registrar", AppliesTo.SCHOOL, "Administrator", "Counselor")
    save_settings(oak, SettingsFile(keywords=(keyword,)), Actor("Kim Marsh"))
    name = "aVeryLongNameOfSomethingThatNobodyPartedIntoWords" * 2
    changes: dict[str, list[object]] = {name: [None, name]}
    record(oak, Actor("Kim Marsh"), "edited account", name, changes=changes)

    page.goto("/audit/")

    expect(page.get_by_text("Keyword “registrar”")).to_be_visible()
    assert fits(page)
