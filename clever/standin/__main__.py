"""Serve a roster from the command line until Ctrl-C.

    python -m clever.standin --port 8800 --roster demo

prints one JSON line when it is listening: url, district_id, token, client_id,
client_secret. `--roster` is demo, small, messy or large:N (N staff). People sign in at
/portal; `--redirect-uri` names where the app takes them, and gives it an icon there.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from clever.standin import changes, faults
from clever.standin.limits import REQUESTS_PER_WINDOW
from clever.standin.server import Standin
from clever.standin.state import PREVIOUS_INSIDE, PREVIOUS_ON_TOP


def main(arguments: list[str]) -> int:
    """Serve until interrupted; return the exit code (2 for a wrong roster or port)."""
    options = parser().parse_args(arguments)
    try:
        standin = Standin(
            options.roster,
            port=options.port,
            rate_limit=options.rate_limit,
            previous_attributes=options.previous_attributes,
            redirect_uri=options.redirect_uri,
        )
        standin.start()
    except OSError as error:
        sentence = (
            f"Port {options.port} can't be used: {os.strerror(error.errno or 0)}. Name "
            "another with --port; 0 takes any that is free."
        )
        print(sentence, file=sys.stderr)  # noqa: T201
        return 2
    except ValueError as error:
        print(f"The stand-in can't start: {error}", file=sys.stderr)  # noqa: T201
        return 2
    signal.signal(signal.SIGTERM, interrupt)
    print(describe(standin), flush=True)  # noqa: T201 - the contract's one line
    try:
        standin.wait()
    except KeyboardInterrupt:
        pass
    finally:
        standin.stop()
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    result = argparse.ArgumentParser(
        prog="python -m clever.standin",
        description="Serve Clever's API on loopback.",
        epilog=f"{faults.__doc__}\n{changes.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    result.add_argument(
        "--port",
        type=number_up_to(65_535),
        default=0,
        help="0 takes any free port",
    )
    result.add_argument("--roster", default="demo", help="demo, small, messy, large:N")
    result.add_argument(
        "--rate-limit",
        type=number_up_to(1_000_000_000),
        default=REQUESTS_PER_WINDOW,
        help="requests per token and minute",
    )
    result.add_argument(
        "--previous-attributes",
        choices=(PREVIOUS_INSIDE, PREVIOUS_ON_TOP),
        default=PREVIOUS_INSIDE,
        help="where updated events carry the old values",
    )
    result.add_argument(
        "--redirect-uri",
        default="",
        help="where the app takes sign-ins; its icon is then on /portal",
    )
    return result


def number_up_to(most: int) -> Callable[[str], int]:
    """Return what reads a whole number from 0 to `most`, for argparse's `type`."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and int(text) <= most):
            problem = f"{text!r} is no whole number from 0 to {most}"
            raise argparse.ArgumentTypeError(problem)
        return int(text)

    return number


def describe(standin: Standin) -> str:
    """Return the JSON line a script needs to use the stand-in."""
    return json.dumps(
        {
            "url": standin.url,
            "district_id": standin.district_id,
            "token": standin.token,
            "client_id": standin.client_id,
            "client_secret": standin.client_secret,
        }
    )


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Stop as Ctrl-C does."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
