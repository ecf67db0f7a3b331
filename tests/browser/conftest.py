import os

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from clever.standin import Standin
from schools.models import District
from tests.browser.answering import Answering
from tests.cast import (
    PASSWORD,
    make_admin,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
    signed_in,
)
from tests.stage import done, make_stage
from tests.workers import Worker, folder_broker, shared_database, use_broker

LOOKED_AT_ON = "django.db.backends.sqlite3"
PATIENCE = 30_000  # milliseconds: a page is slow on a busy machine
UNREADY = "html:not([data-ready]):has(script[src*=navsync])"

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(config, items):
    """Leave tests of looks out where they would see what another database shows."""
    if django_settings.DATABASES["default"]["ENGINE"] == LOOKED_AT_ON:
        return
    looks = [item for item in items if item.get_closest_marker("looks")]
    config.hook.pytest_deselected(items=looks)
    items[:] = [item for item in items if item not in looks]


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


@pytest.fixture(scope="package", autouse=True)
def database(django_db_setup, django_db_blocker, tmp_path_factory):
    """The address of a database that test, live server and worker share as they ought.

    SQLite's in memory has one connection, on which their transactions would mingle.
    Messages stay in memory, where no worker takes them up.
    """
    with (
        django_db_blocker.unblock(),
        shared_database(tmp_path_factory.mktemp("database")) as url,
        pytest.MonkeyPatch.context() as monkeypatch,
    ):
        use_broker(monkeypatch, "memory://", {})
        yield url


@pytest.fixture(scope="package")
def live_server(database):
    """The console's server; threads of it that answer have connections of their own."""
    server = LiveServer("localhost")
    yield server
    server.stop()


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
def open_page(look, browser, live_server, transactional_db):
    """Opens a page in a browser of its own, in which nobody is signed in.

    Whatever is done on it waits until the page's scripts have run: a key that comes
    before would do what it does without them.
    """
    scheme, width = look.split()
    contexts = []

    def open_one(**options):
        context = browser.new_context(
            base_url=live_server.url,
            color_scheme=scheme,
            viewport={"width": int(width), "height": 900},
            reduced_motion="reduce",  # axe would judge colours on their way
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        if options.get("java_script_enabled", True):
            page.add_locator_handler(page.locator(UNREADY), lambda: None)
        return page

    with Answering() as answering:
        yield open_one
        for context in contexts:
            context.close()
        answering.wait_for_the_last(PATIENCE / 1000)


@pytest.fixture(scope="package")
def clever(live_server):
    """Clever with the small roster, which the tests leave as it is."""
    callback = f"{live_server.url}/accounts/clever/login/callback/"
    with Standin("small", redirect_uri=callback) as running:
        yield running


@pytest.fixture
def served(clever, settings, live_server):
    """Settings under which the stand-in is Clever, for this process's console."""
    cache.clear()
    settings.SITE_URL = live_server.url
    settings.CLEVER_API_URL = settings.CLEVER_OAUTH_URL = clever.url
    settings.CLEVER_CLIENT_ID = clever.client_id
    settings.CLEVER_CLIENT_SECRET = clever.client_secret
    yield clever
    clever.clear_faults()


@pytest.fixture
def worker(transactional_db, database, served, live_server, tmp_path, monkeypatch):
    """A worker that starts at once and works for this test alone."""
    folder = tmp_path / "broker"
    broker, options = folder_broker(folder)
    use_broker(monkeypatch, broker, options)
    environment = {
        "DATABASE_URL": database,
        "BROKER_DIR": str(folder),
        "CELERY_BROKER_URL": broker,
        "CLEVER_API_URL": served.url,
        "CLEVER_OAUTH_URL": served.url,
        "CLEVER_CLIENT_ID": served.client_id,
        "CLEVER_CLIENT_SECRET": served.client_secret,
        "EMAIL_URL": "dummymail://",
        "SITE_URL": live_server.url,
        "DEBUG": "on",
    }
    with Worker(environment, tmp_path / "worker.log") as working:
        yield working


@pytest.fixture
def maple(worker, served, tmp_path):
    """Maple Valley: activated, its schools and staff loaded, nothing set up."""
    stage = make_stage("maple", served, "small", tmp_path)
    stage.create()
    for what in ("schools", "staff"):
        done(f"load_{what}", "maple", stage.files / f"{what}.csv")
    return District.objects.get(slug="maple")


@pytest.fixture
def maya(maple):
    """Maple Valley's District Site Manager, with a Naviance ID."""
    account = maple.staff_accounts.get(first_name="Maya")
    account.user = User.objects.create_user(
        account.email, PASSWORD, first_name="Maya", last_name="Site"
    )
    account.save()
    return account.user


@pytest.fixture
def visitor(open_page, complaints):
    """A page of somebody who is not signed in."""
    page = open_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.context.close()
    assert complaints == []


def watched(page, complaints):
    """Have all that the page's console complains of noted."""
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


@pytest.fixture
def maya_page(open_page, maya, complaints):
    """The page that asks who one is; a complaint of its console fails the test."""
    page = watched(open_page(), complaints)
    page.goto("/")
    yield page
    page.context.close()
    assert complaints == []


@pytest.fixture
def page(open_page, live_server, dana, complaints):
    """The home page, signed in as Dana; a complaint of its console fails the test."""
    page = watched(open_page(), complaints)
    session = signed_in(dana).cookies[django_settings.SESSION_COOKIE_NAME]
    cookie = {"name": session.key, "value": session.value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto("/")
    yield page
    page.context.close()
    assert complaints == []
