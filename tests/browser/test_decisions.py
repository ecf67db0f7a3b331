"""Deciding in the browser: a row's story, the plan that follows, many rows at once."""

import re
import time

import pytest
from playwright.sync_api import expect

from staffimport import runner
from staffimport.core.tests.builders import staff, teacher
from staffimport.models import ImportRun, MatchDecision
from staffimport.tests.planned import account_of, crowd, planned_test
from tests.browser.conftest import PATIENCE
from tests.browser.looks import LOOKS, faults, fits
from tests.browser.steps import end_session, sign_in
from tests.cast import make_match, make_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAME, ALONE = "This is the same person", "Never in Clever: leave alone"


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """Runs that were sent to a worker; none takes them up by itself."""
    found: list[int] = []
    monkeypatch.setattr(
        "staffimport.tasks.send", lambda run_id, **_expires: found.append(run_id)
    )
    return found


def work(sent):
    """Do what a worker does with what is sent to it, once something is."""
    end = time.monotonic() + PATIENCE / 1000
    while not sent:
        assert time.monotonic() < end, "Nothing was sent."
        time.sleep(0.02)
    while sent:
        runner.carry_out(sent.pop(0), beat_every=None)


@pytest.fixture
def lincoln(oak):
    return make_match(make_school(oak)).school


@pytest.fixture
def test(oak, lincoln, sent):
    """A test with a pair, a conflict of two accounts, and two leavers."""
    here = lincoln.match.clever_school.clever_id
    account_of(lincoln, job_title="Counselor")
    for number in range(2):
        account_of(lincoln, last_name="Gone", email=f"gone{number}@oak.example")
        account_of(lincoln, last_name="Twin", email="twin@oak.example")
    people = [
        staff(a.clever_id, here, first=a.first_name, last=a.last_name, email=a.email)
        for a in crowd(lincoln)
    ]
    ana = teacher("p1", here, title="School Counselor")
    twin = teacher("p2", here, last="Twin", email="twin@oak.example")
    return planned_test(oak, [ana, twin, *people])


def details(page, name):
    return page.get_by_role("link", name=re.compile(f"(Details|Close) ?: {name}"))


def newest(test):
    return test.district.import_runs.filter(kind="test").first()


def test_a_near_miss_is_decided_where_it_stands(page, test, sent):
    page.goto(f"/runs/{test.pk}/?state=held")
    details(page, "Lee, Ana").first.click()
    page.locator(".story").get_by_label("Note (optional)").fill("Married in July")
    page.locator(".story").get_by_role("button", name=SAME).click()

    status = page.locator(".decided [role=status]")
    expect(status).to_be_focused()
    expect(status).to_contain_text("The test is being planned again with it")
    expect(
        page.get_by_text("The test is being planned again with your")
    ).to_be_visible()

    work(sent)
    expect(page).to_have_url(re.compile(f"/runs/{newest(test).pk}/.*state=held"))
    row = page.locator("tbody[data-decided-row]")
    expect(row).to_contain_text("Matched")
    expect(row).to_contain_text("Decided just now")
    expect(page.locator(".decided [role=status]")).to_be_focused()
    expect(page.locator(".decided")).to_contain_text("Married in July")
    assert faults(page) == []


def test_the_decided_row_stays_where_it_is_on_the_screen(page, test, sent):
    page.goto(f"/runs/{test.pk}/")
    details(page, "Twin, Ana").first.click()
    page.get_by_role("button", name="Keep this one").first.click()
    row = page.locator("tbody[data-decided-row]")
    expect(row).to_be_visible()
    before = row.bounding_box()

    work(sent)
    expect(row).to_contain_text("Your decision")

    after = row.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) <= 2


def test_slow_results_take_the_pages_place_once(page, test, sent):
    """A second time would lose the click that somebody is at."""
    asked = []

    def answer_slowly(route):
        asked.append(route.request.url)
        time.sleep(2.5)
        route.continue_()

    page.goto(f"/runs/{test.pk}/")
    details(page, "Gone, Ana").first.click()
    page.locator(".story").get_by_role("button", name=ALONE).click()
    expect(page.locator(".decided [role=status]")).to_be_focused()
    page.route(re.compile(rf"/runs/(?!{test.pk}/)\d+/(\?|$)"), answer_slowly)
    work(sent)

    expect(page).to_have_url(re.compile(f"/runs/{newest(test).pk}/"))
    page.wait_for_timeout(1500)
    assert len(asked) == 1


def test_somebody_at_another_row_is_not_interrupted(page, test, sent):
    page.goto(f"/runs/{test.pk}/")
    details(page, "Lee, Ana").first.click()
    page.locator(".story").get_by_role("button", name=SAME).click()
    expect(page.locator(".decided [role=status]")).to_be_focused()
    details(page, "Twin, Ana").first.click()
    expect(page.locator(".story")).to_have_count(2)
    note = page.locator(".story").last.get_by_label("Note (optional)")
    note.fill("Half a sent")

    work(sent)
    expect(page.get_by_text("has newer results")).to_be_visible()
    expect(note).to_have_value("Half a sent")
    page.get_by_role("link", name="Show the newer results").click()
    expect(page).to_have_url(re.compile(f"/runs/{newest(test).pk}/"))


def test_a_decision_is_taken_back_in_the_row(page, test, sent):
    page.goto(f"/runs/{test.pk}/?q=gone")
    details(page, "Gone, Ana").first.click()
    page.locator(".story").get_by_role("button", name=ALONE).click()
    expect(page.locator(".decided [role=status]")).to_be_focused()
    work(sent)
    row = page.locator("tbody[data-decided-row]")
    expect(row).to_contain_text("left alone by decision of Dana Whitfield")

    row.get_by_role("button", name="Take back").click()
    expect(row).to_contain_text("is taken back. The test is being planned again.")
    work(sent)

    expect(row).to_contain_text("Becomes inactive")
    assert not MatchDecision.objects.filter(revoked_at=None).exists()


def test_many_rows_are_decided_at_once(page, test, sent):
    page.goto(f"/runs/{test.pk}/?q=gone")
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_text("Decide about the selected rows").click()
    page.get_by_label("Note (optional)").fill("Coaches")
    assert faults(page) == []
    page.get_by_role("button", name=ALONE).click()

    expect(page.get_by_text(f"2 rows decided: {ALONE}.")).to_be_visible()
    work(sent)

    expect(page).to_have_url(re.compile(f"/runs/{newest(test).pk}/.*q=gone"))
    expect(page.get_by_text("left alone by decision of Dana Whitfield")).to_have_count(
        2
    )


def test_a_refused_decision_keeps_the_note(page, test):
    page.goto(f"/runs/{test.pk}/?q=gone")
    details(page, "Gone, Ana").first.click()
    page.locator(".story").get_by_label("Note (optional)").fill("Typed at length")
    test.results.filter(last_name="Gone").update(outcome="skipped", reason_code="left")

    page.locator(".story").get_by_role("button", name=ALONE).click()

    expect(page.get_by_text("Nothing was decided.")).to_be_visible()
    expect(page.get_by_text("Your note: “Typed at length”")).to_be_visible()


def test_a_note_outlives_an_expired_session(page, test, dana):
    page.goto(f"/runs/{test.pk}/?q=gone")
    details(page, "Gone, Ana").first.click()
    page.locator(".story").get_by_label("Note (optional)").fill("Typed at length")
    page.wait_for_url("**row=*")
    end_session(page)

    page.locator(".story").get_by_role("button", name=ALONE).click()
    sign_in(page, dana.email)

    note = page.locator(".story").get_by_label("Note (optional)")
    expect(note).to_have_value("Typed at length")
    assert not MatchDecision.objects.exists()


def test_a_plan_that_fails_is_said_on_the_page(page, test, sent):
    page.goto(f"/runs/{test.pk}/?q=gone")
    details(page, "Gone, Ana").first.click()
    page.locator(".story").get_by_role("button", name=ALONE).click()
    expect(page.locator(".decided [role=status]")).to_be_focused()

    ImportRun.objects.filter(pk=sent[0]).update(state="failed", error="No memory left.")

    note = page.get_by_role("region", name="Not planned again")
    expect(note).to_contain_text("Your decisions are kept")
    expect(note).to_contain_text("No memory left.")
    expect(note.get_by_role("button", name="Run the test again")).to_be_visible()


def test_with_the_keyboard_alone(page, test, sent):
    page.goto(f"/runs/{test.pk}/?q=gone")
    details(page, "Gone, Ana").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("Close ?: Gone"))).to_be_focused()
    for _ in range(2):  # over the sides, which scroll, to the note
        page.keyboard.press("Tab")
    page.keyboard.type("By hand")
    page.keyboard.press("Tab")
    expect(page.locator(".story").get_by_role("button", name=ALONE)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(".decided [role=status]")).to_be_focused()
    assert MatchDecision.objects.get().note == "By hand"
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Take back").last).to_be_focused()


def test_without_the_script_the_page_leads_there_too(open_page, page, test, sent):
    session = page.context.storage_state()
    plain = open_page(java_script_enabled=False, storage_state=session)
    plain.goto(f"/runs/{test.pk}/?state=held")
    details(plain, "Lee, Ana").first.click()
    plain.locator(".story").get_by_role("button", name=SAME).click()
    expect(plain.get_by_text("The test is being planned again with it")).to_be_visible()

    work(sent)
    plain.get_by_role("link", name="Show the new results").click()

    expect(plain).to_have_url(re.compile(f"/runs/{newest(test).pk}/.*state=held"))


@LOOKS
def test_stories_and_decisions_are_accessible_and_fit(page, test, sent):
    found = {}
    for which in ({"clever_id": "p1"}, {"clever_id": "p2"}, {"last_name": "Gone"}):
        row = test.results.filter(**which).first()
        assert row is not None
        page.goto(f"/runs/{test.pk}/?row={row.pk}#row-{row.pk}")
        found[str(which)] = (faults(page), fits(page))
    page.locator(".story").get_by_role("button", name=ALONE).click()
    expect(page.locator(".decided [role=status]")).to_be_focused()
    found["decided"] = (faults(page), fits(page))
    work(sent)
    expect(page).to_have_url(re.compile(f"/runs/{newest(test).pk}/"))
    [decision] = MatchDecision.objects.all()
    for address in ("/decisions/", f"/decisions/?q={decision.pk}x"):
        page.goto(address)
        found[address] = (faults(page), fits(page))

    assert found == dict.fromkeys(found, ([], True))


def test_decisions_are_listed_and_taken_back(page, test, sent):
    page.goto(f"/runs/{test.pk}/?q=gone")
    page.get_by_label("All on this page").check()
    page.get_by_text("Decide about the selected rows").click()
    page.get_by_role("button", name=ALONE).click()
    work(sent)
    page.goto("/decisions/")
    expect(page.get_by_role("heading", name="Decisions", exact=True)).to_be_visible()
    page.get_by_label("Select Gone, Ana").first.check()
    expect(page.get_by_text("1 selected")).to_be_visible()

    page.get_by_role("button", name="Take back").click()

    expect(page.get_by_text(f"“{ALONE}” is taken back.")).to_be_visible()
    page.get_by_text("1 decision taken back").click()
    expect(page.get_by_role("table", name=re.compile("taken back"))).to_be_visible()
