"""Faults that can be switched on while the stand-in runs, each for one kind of failure.

    standin.fault("slow", seconds=2, path="/users", times=1)
    standin.fault("500", times=3)
    standin.fault("ends_early", path="/users?role=teacher", records=10)
    standin.clear_faults()

or over HTTP, with the same fields:

    POST   /_standin/faults   {"kind": "429", "seconds": 1, "times": 2}
    GET    /_standin/faults   what is on
    DELETE /_standin/faults   all off

Kinds, and the fields each understands besides `path`, `times` and `district`:

    slow          answers after `seconds`, or when the faults are switched off
    429           refuses; X-Ratelimit-Reset is `seconds` from now (0: at once)
    404 500 501 503 504     refuses with that status and a JSON message
    502           refuses with an HTML page
    html          answers 200 with an HTML page
    broken_json   answers 200 with JSON that doesn't parse
    cut_off       sends half of the body it announced, then closes
    hang_up       closes the connection without an answer
    revoked       refuses the token (401) and leaves it out of /oauth/tokens
    ends_early    lists stop after their first `records` (default: half)
    empty         lists are empty, and counted so
    stuck         a page's next link leads to the same page again
    foreign_link  a page's next link leads to another host
    unordered     a page's records come in descending order
    paused        the district says it is paused, in /districts
    erroring      the district says it is in error, in /districts
    unshared      `school` (an id) is not shared: it, its sections, its people are gone

`path` is matched without the version: "/users" is that list alone, "/users*" also
single users and what hangs on them, "/users?role=staff" the list with that parameter.
`times` counts the requests a fault still spoils; without it, it lasts until cleared.
`district` (an id) spares the other districts.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from threading import Condition
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec


class FaultKind(StrEnum):
    """Every failure that can be switched on; the module's docstring explains each."""

    SLOW = "slow"
    RATE_LIMITED = "429"
    NOT_FOUND = "404"
    SERVER_ERROR = "500"
    NOT_SUPPORTED = "501"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    HTML = "html"
    BROKEN_JSON = "broken_json"
    CUT_OFF = "cut_off"
    HANG_UP = "hang_up"
    REVOKED = "revoked"
    ENDS_EARLY = "ends_early"
    EMPTY = "empty"
    STUCK = "stuck"
    FOREIGN_LINK = "foreign_link"
    UNORDERED = "unordered"
    PAUSED = "paused"
    ERRORING = "erroring"
    UNSHARED = "unshared"


class Fault(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One fault that is on; `times` is what is left of it, None is until cleared."""

    kind: FaultKind
    path: str = ""
    times: int | None = None
    district: str = ""
    seconds: float = 0
    records: int | None = None
    school: str = ""

    def hits(self, path: str, query: Mapping[str, str], district: str) -> bool:
        """Tell whether a request for this path, without version, meets the fault."""
        if self.times == 0 or self.district not in ("", district):
            return False
        if not self.path:
            return True
        wanted = urlsplit(self.path)
        return fnmatchcase(path, wanted.path) and all(
            query.get(name) == value for name, value in parse_qsl(wanted.query)
        )


class Faults:
    """The faults that are on now; safe to change while requests are served."""

    def __init__(self) -> None:
        """Start with none."""
        self._lock = Condition()
        self._faults: list[Fault] = []

    def add(self, fields: Mapping[str, Any]) -> Fault:
        """Switch on the fault with these fields.

        Raises ValueError, naming the field, for an unknown kind or field.
        """
        try:
            fault = msgspec.convert(dict(fields), Fault)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Switch off all faults; slow answers are cut short."""
        with self._lock:
            self._faults = []
            self._lock.notify_all()

    def sit_out(self, fault: Fault) -> None:
        """Return after the fault's seconds, or when it is switched off."""
        with self._lock:
            self._lock.wait_for(
                lambda: all(on is not fault for on in self._faults), fault.seconds
            )

    def active(self) -> list[Fault]:
        """Return the faults that can still hit, oldest first."""
        with self._lock:
            return [fault for fault in self._faults if fault.times != 0]

    def take(
        self,
        kinds: Iterable[FaultKind],
        path: str,
        query: Mapping[str, str],
        district: str,
    ) -> list[Fault]:
        """Return the faults of these kinds that hit the request, and count it."""
        wanted = set(kinds)
        with self._lock:
            hits = [
                fault
                for fault in self._faults
                if fault.kind in wanted and fault.hits(path, query, district)
            ]
            for fault in hits:
                if fault.times is not None:
                    fault.times -= 1
        return hits
