"""Make the admin guide's screenshots anew: `python -m tests.screenshots`.

Plays the demo district: a stand-in for Clever, a worker and the console, on ports and
a database of their own, walked through in a Chromium without a window. Times are
today's; all else comes out the same each time.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import django
import requests
from playwright.sync_api import expect, sync_playwright

from navsync.demo.processes import DemoFailedError, Processes, free_port

PORT = 8470
PATIENCE = 120_000  # milliseconds


def main() -> int:
    """Take every picture; return the exit code (1 after a sentence that says why)."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("No Chromium is installed; on Debian: apt install chromium\n")
        return 1
    try:
        with (
            tempfile.TemporaryDirectory(prefix="navsync-screenshots-") as folder,
            Processes(Path(folder) / "logs") as processes,
        ):
            _take(processes, Path(folder), chromium)
    except DemoFailedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _take(processes: Processes, folder: Path, chromium: str) -> None:
    address = f"http://localhost:{free_port(PORT)}"
    standin = ["clever.standin", "--roster", "demo"]
    clever = processes.start_and_read("clever", standin, os.environ)
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "navsync.settings",
            "DEBUG": "on",
            "DATABASE_URL": f"sqlite:///{folder}/navsync.sqlite3",
            "BROKER_DIR": str(folder / "broker"),
            "CELERY_BROKER_URL": "",
            "CLEVER_API_URL": clever["url"],
            "CLEVER_OAUTH_URL": clever["url"],
            "CLEVER_CLIENT_ID": clever["client_id"],
            "CLEVER_CLIENT_SECRET": clever["client_secret"],
            "EMAIL_URL": "dummymail://",
            "SITE_URL": address,
            "LOG_LEVEL": "WARNING",
        }
    )
    django.setup()
    # Only now: these read the settings, which read the environment.
    from navsync.demo.play import prepare  # noqa: PLC0415
    from tests.screenshots.album import FOLDER, Visit  # noqa: PLC0415
    from tests.screenshots.walk import SHOTS  # noqa: PLC0415

    _district, admin, _support = prepare("demo", folder, clever)
    server = f"gunicorn navsync.wsgi --bind {address.removeprefix('http://')}"
    worker = "celery -A navsync worker -Q imports,default --concurrency 1"
    options = "-n screenshots@navsync --without-gossip --without-mingle"
    processes.start("web", [*server.split(), "--threads", "4"], os.environ)
    processes.start("worker", [*worker.split(), *options.split()], os.environ)
    processes.wait_until("the web server", lambda: _answers(address), 60)
    expect.set_options(timeout=PATIENCE)
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--hide-scrollbars"]
        )
        page = browser.new_page(
            base_url=address, color_scheme="light", reduced_motion="reduce"
        )
        page.set_default_timeout(PATIENCE)
        visit = Visit(page, admin.email, admin.password, clever["url"])
        for shot in SHOTS:
            shot.take(visit)
            sys.stdout.write(f"{shot.file.name}\n")
        browser.close()


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).ok
    except requests.RequestException:
        return False


if __name__ == "__main__":
    sys.exit(main())
