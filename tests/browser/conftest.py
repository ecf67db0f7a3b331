import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.cast import (
    PASSWORD,
    make_admin,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
)

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Give a browser test a second chance.

    On a busy machine a key or a click comes before the page's script now and then;
    what is really broken fails each time.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(scope="session")
def browser(chromium):
    """Chromium without a window, for all tests of a session."""
    # Playwright runs a loop in this thread; Django would take us for a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        yield running
        running.close()


@pytest.fixture
def oak(transactional_db):
    return make_district("oak")


@pytest.fixture
def dana(oak):
    return make_admin(oak)


@pytest.fixture
def run(oak):
    """A succeeded test with a row of every kind."""
    make_match(make_school(oak))
    run = make_run(oak)
    held = {"state": "held", "held_reason": "pair"}
    make_rows(
        run,
        {"outcome": "created", **held, "last_name": "Vance", "keyword": "teacher"},
        {"outcome": "inactive", **held, "last_name": "Pruitt", "clever_id": ""},
        {"outcome": "conflict", "last_name": "Haskell"},
        {"outcome": "created", "last_name": "Tran", "writes": True},
        {"changes": {"job_title": ["Teacher", "Teacher, Spanish"]}, "writes": True},
        {"outcome": "skipped", "last_name": "", "first_name": "Front Office"},
        *({} for _ in range(60)),
    )
    return run


@pytest.fixture
def look():
    """Colours and width of the page; tests of looks ask for others."""
    return "light 1280"


@pytest.fixture
def complaints():
    """What the page's console complained of; a test that provokes it clears it."""
    return []


@pytest.fixture
def page(look, browser, live_server, dana, complaints):
    """A page signed in as Dana; whatever its console complains of fails the test."""
    scheme, width = look.split()
    context = browser.new_context(
        base_url=live_server.url,
        color_scheme=scheme,
        viewport={"width": int(width), "height": 900},
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(dana.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    # A key pressed before the page's script has run would be lost.
    page.wait_for_url(lambda url: "/login/" not in url)
    yield page
    context.close()
    assert complaints == []
