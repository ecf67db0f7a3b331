"""Start and stop the stand-in, switch its faults and change its rosters.

    from clever.standin import Standin

    with Standin(roster="small") as standin:
        client = Client(standin.token, standin.url)
        standin.fault("429", times=1)                       # see clever.standin.faults
        standin.change("remove", kind="users", id="…")      # see clever.standin.changes
        assert standin.requests["/v3.1/users"] == 2

Rosters are described in `clever.standin.rosters`.
"""

import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from threading import Thread
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from clever.standin.app import Application
from clever.standin.changes import apply_changes, parse_changes
from clever.standin.controls import pick_district
from clever.standin.district import District
from clever.standin.faults import Fault
from clever.standin.limits import REQUESTS_PER_WINDOW, RateLimit
from clever.standin.rosters import build_roster
from clever.standin.state import PREVIOUS_INSIDE, State

HOST = "127.0.0.1"


class QuietHandler(WSGIRequestHandler):
    """Answers without a log line for each request; they would hold people's ids."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Standin:
    """Clever on a loopback port, serving one district or several.

    `roster` is a name `clever.standin.rosters` knows; `port` 0 takes any free port.
    `rate_limit` is requests per token and minute; `clock` gives Unix seconds and
    settles windows, event times and `last_sync`. `previous_attributes` is "inside" or
    "top" (see `State`); `redirect_uri` is where the app takes sign-ins. Serves between
    `start` and `stop`, or as a context manager.
    Raises ValueError for an unknown roster and OSError for a port that is taken.
    """

    def __init__(
        self,
        roster: str = "small",
        *,
        port: int = 0,
        rate_limit: int = REQUESTS_PER_WINDOW,
        clock: Callable[[], float] = time.time,
        previous_attributes: str = PREVIOUS_INSIDE,
        redirect_uri: str = "",
    ) -> None:
        """Generate the roster; nothing is served yet."""
        self.state = State(clock, RateLimit(rate_limit), previous_attributes)
        self.state.redirect_uri = redirect_uri
        self.district = self.add_district(roster)
        self._port = port
        self._server: BaseWSGIServer | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Start serving."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self.stop()

    def start(self) -> None:
        """Listen, and answer in a thread of its own."""
        # Werkzeug ends the process where it can't bind; this raises OSError.
        with socket.create_server((HOST, self._port), backlog=128) as listener:
            self._port = listener.getsockname()[1]
            self._server = make_server(
                HOST,
                self._port,
                Application(self.state),
                threaded=True,
                request_handler=QuietHandler,
                fd=listener.fileno(),
            )
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and close the port; slow answers are cut short."""
        self.state.faults.clear()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None

    def wait(self) -> None:
        """Return when the server has been stopped, by a signal for instance."""
        if self._thread is not None:
            self._thread.join()

    @property
    def url(self) -> str:
        """The address for both the API and OAuth, without a trailing slash."""
        return f"http://{HOST}:{self._port}"

    @property
    def token(self) -> str:
        """The bearer token of the first district."""
        return self.district.token

    @property
    def district_id(self) -> str:
        """The Clever id of the first district."""
        return self.district.id

    @property
    def client_id(self) -> str:
        """The app's client id, for /oauth/tokens."""
        return self.state.client_id

    @property
    def client_secret(self) -> str:
        """The app's client secret, for /oauth/tokens."""
        return self.state.client_secret

    @property
    def portal_url(self) -> str:
        """The address of Clever's portal, where the app's icon is."""
        return f"{self.url}/portal"

    def register(self, redirect_uri: str) -> None:
        """Take sign-ins of the app to this address, and give it an icon."""
        self.state.redirect_uri = redirect_uri

    @property
    def requests(self) -> Counter[str]:
        """How many requests came for each path, such as "/v3.1/users"."""
        return self.state.requests

    def add_district(self, roster: str) -> District:
        """Serve one more district and return it; its id, token and ids are its own."""
        number = len(self.state.districts) + 1
        district = District(build_roster(roster, number), self.state.clock())
        self.state.districts[district.id] = district
        return district

    def fault(self, kind: str, **fields: Any) -> Fault:
        """Switch on a fault; `clever.standin.faults` lists kinds and fields.

        Raises ValueError, naming the field, for an unknown kind or field.
        """
        return self.state.faults.add({"kind": kind, **fields})

    def clear_faults(self) -> None:
        """Switch off all faults; slow answers are cut short."""
        self.state.faults.clear()

    def change(self, do: str, **fields: Any) -> str:
        """Make one change as a sync of its own and return the id it concerned.

        `clever.standin.changes` lists what can be done. Raises UnknownChangeError.
        """
        district = fields.pop("district", "")
        return self.sync([{"do": do, **fields}], district)[0]

    def sync(
        self, changes: Sequence[Mapping[str, Any]], district: str = ""
    ) -> list[str]:
        """Make several changes as one sync and return the id each one concerned.

        `district` is a Clever id; without it, the first district is changed.
        """
        chosen = pick_district(self.state, district or self.district_id)
        return apply_changes(chosen, parse_changes(changes), self.state.clock())
