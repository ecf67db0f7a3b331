"""Run the demo: `python -m navsync.demo`, or `make demo`.

Starts a stand-in for Clever, loads a realistic district, starts a worker, beat and the
web server, imports first as a test and then for good, prints what came of it, and
serves the console until Ctrl-C. PORT is the web server's (the next free one if taken).
"""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

import django
import requests
from rich.console import Console

from navsync.demo.processes import DemoFailedError, Processes, free_port
from navsync.starting import ending_in_a_sentence

LOGS = Path(__file__).resolve().parents[2] / "var" / "demo"
ROSTER = "demo"
LINE = 100
HIGHEST_PORT = 65535


def main() -> int:
    """Run the demo; return the exit code (1 after a sentence that says why)."""
    width = None if sys.stdout.isatty() else LINE  # as wide as the terminal
    console = Console(highlight=False, width=width)
    # SIGINT too: a shell's background job starts with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with ending_in_a_sentence(), Processes(LOGS) as processes:
            _run(console, processes)
    except KeyboardInterrupt:
        console.print("\nStopped.")
    except DemoFailedError as error:
        console.print(f"[bold red]The demo can't go on.[/bold red] {error}")
        return 1
    return 0


def _run(console: Console, processes: Processes) -> None:
    port = free_port(_wanted_port(os.environ.get("PORT") or "8000"))
    console.print("Starting a stand-in for Clever ...")
    address = f"http://localhost:{port}"
    callback = f"{address}/accounts/clever/login/callback/"
    clever = processes.start_and_read(
        "clever",
        ["clever.standin", "--roster", ROSTER, "--redirect-uri", callback],
        os.environ,
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "navsync.settings",
        "CLEVER_API_URL": clever["url"],
        "CLEVER_OAUTH_URL": clever["url"],
        "CLEVER_CLIENT_ID": clever["client_id"],
        "CLEVER_CLIENT_SECRET": clever["client_secret"],
        "SITE_URL": address,
        "PORT": str(port),
        # The Procfile's "python" is the one that runs the demo.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL") or "WARNING",
    }
    os.environ.update(environment)
    django.setup()
    # Only now: these read the settings, which read the environment.
    from navsync.demo.play import import_district, prepare  # noqa: PLC0415
    from navsync.demo.stage import open_clever_sign_in  # noqa: PLC0415

    console.print("Loading Naviance's schools and staff ...")
    with tempfile.TemporaryDirectory() as folder:
        district, admin, support = prepare(ROSTER, Path(folder), clever)
    processes.start("services", ["honcho", "start", "--port", str(port)], os.environ)
    processes.wait_until("the web server", lambda: _answers(address), 60)
    import_district(console, processes, district)
    visitor = open_clever_sign_in(district)
    console.rule()
    console.print(f"The console:       [bold]{address}/[/bold]")
    console.print(f"  sign in as       {admin.email}")
    console.print(f"  with password    {admin.password}")
    console.print(f"Naviance Support:  [bold]{address}/admin/[/bold]")
    console.print(f"  sign in as       {support.email}")
    console.print(f"  with password    {support.password}")
    console.print(f"Clever's portal:   [bold]{clever['url']}/portal[/bold]")
    console.print(f"  sign in as       {visitor}, and click Naviance")
    console.print(f"Clever's stand-in: {clever['url']}, logs in {LOGS}")
    console.print("Serving until Ctrl-C.")
    _serve(processes)


def _wanted_port(text: str) -> int:
    if text.isdecimal() and int(text) < HIGHEST_PORT:
        return int(text)
    msg = f"PORT is “{text}”, which is no port. Name one: make demo PORT=9000"
    raise DemoFailedError(msg)


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).ok
    except requests.RequestException:
        return False


def _serve(processes: Processes) -> None:
    """Wait until somebody stops the demo, or what started it is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        processes.check()
        time.sleep(0.5)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
