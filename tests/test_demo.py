"""The demo as a newcomer runs it: from nothing to a served console, and away again."""

import html
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.db import connection

from clever.standin import Standin
from clever.standin.naviance import build_naviance, write_naviance
from navsync.demo.stage import let_admin_in, set_up_district
from schools.models import AuditEntry, District
from tests.stage import served_by

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A running demo on a database and queue of its own."""
    if connection.vendor != "sqlite":
        pytest.skip("The demo brings its own database; it is tested on SQLite.")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3",
        "BROKER_DIR": str(tmp_path / "broker"),
        "CELERY_BROKER_URL": "",
        "DEBUG": "on",
        "PORT": "8765",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "navsync.demo"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def read_until(process: subprocess.Popen[str], last_line: str) -> str:
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        if last_line in line:
            break
    return "".join(lines)


def processes_that_mention(text: str) -> list[str]:
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if text in environ.read_bytes().decode(errors="replace"):
                found.append(environ.parent.name)
        except OSError:
            continue  # ended meanwhile, or somebody else's
    return found


def page_behind_the_portals_icon(printed: str) -> str:
    """Sign in to Clever as whom the demo names, and click the icon."""
    portal = re.search(r"Clever's portal: +(\S+)", printed)
    name = re.search(r"sign in as +(\S.*), and click", printed)
    assert portal is not None, printed
    assert name is not None, printed
    clever = portal[1].removesuffix("/portal")
    with requests.Session() as browser:
        page = browser.get(f"{clever}/signin", params={"q": name[1]}, timeout=10).text
        [district] = set(re.findall(r'name="district" value="(\w+)"', page))
        person = re.findall(r'name="user" value="(\w+)"', page)[0]
        sent = {"district": district, "user": person}
        page = browser.post(f"{clever}/signin", sent, timeout=10).text
        [icon] = re.findall(r'href="(/oauth/instant-login[^"]+)"', page)
        return browser.get(f"{clever}{html.unescape(icon)}", timeout=20).text


def test_the_demo_imports_a_district_serves_the_console_and_leaves_nothing_behind(
    demo: subprocess.Popen[str], tmp_path: Path
):
    printed = read_until(demo, "Serving until Ctrl-C")

    for expected in ("Test import", "Final import", "Slowest steps", "0 of"):
        assert expected in printed, printed
    address = re.search(r"The console: +(\S+)", printed)
    assert address is not None, printed
    assert "Sign in" in requests.get(address[1], timeout=10).text
    assert "Choose your school" in page_behind_the_portals_icon(printed)

    demo.send_signal(signal.SIGINT)
    assert demo.wait(30) == 0
    assert processes_that_mention(str(tmp_path / "broker")) == []


def test_a_second_demo_takes_the_place_of_the_first(db: None, tmp_path: Path) -> None:
    write_naviance(build_naviance("demo"), tmp_path)
    with Standin("demo") as standin, served_by(standin):
        first = set_up_district(tmp_path, standin.district_id, standin.token)
        let_admin_in(first)
        second = set_up_district(tmp_path, standin.district_id, standin.token)
        let_admin_in(second)

    assert list(District.objects.all()) == [second]
    assert not AuditEntry.objects.exclude(district=second).exists()
