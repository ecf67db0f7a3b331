"""What one running stand-in knows: districts, faults, counts and the app's secret."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from threading import Lock

from clever.standin.codes import SignIns
from clever.standin.district import District
from clever.standin.faults import FaultKind, Faults
from clever.standin.limits import RateLimit

CLIENT_ID = "standin-client"
CLIENT_SECRET = "standin-secret"  # noqa: S105 - of a server that only loopback reaches

PREVIOUS_INSIDE = "inside"
PREVIOUS_ON_TOP = "top"


@dataclass(slots=True, repr=False)
class State:
    """Shared by the server's threads.

    `previous_attributes` says where updated events carry the old values: "inside"
    `data`, as in Clever's real answers, or on "top" of the event, as in its Swagger.
    `redirect_uri` is where sign-ins go back to the app; "" until one is registered.
    `requests` counts received requests by path, those under /_standin aside.
    """

    clock: Callable[[], float]
    limit: RateLimit
    previous_attributes: str = PREVIOUS_INSIDE
    districts: dict[str, District] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    requests: Counter[str] = field(default_factory=Counter)
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_uri: str = ""
    sign_ins: SignIns = field(default_factory=SignIns)
    _lock: Lock = field(default_factory=Lock)

    def district_of(self, token: str) -> District | None:
        """Return the district the bearer token reads, if it is anyone's."""
        for district in self.districts.values():
            if compare_digest(district.token.encode(), token.encode()):
                return district
        return None

    def is_revoked(self, district: District) -> bool:
        """Tell whether a fault has revoked the district's token."""
        return any(
            fault.kind is FaultKind.REVOKED and fault.district in ("", district.id)
            for fault in self.faults.active()
        )

    def count(self, path: str) -> None:
        """Note one answered request."""
        with self._lock:
            self.requests[path] += 1
