"""Clever's rate limit: so many requests a minute for each token, in fixed windows."""

from collections import Counter
from dataclasses import dataclass
from threading import Lock

WINDOW_SECONDS = 60
REQUESTS_PER_WINDOW = 1200
"""Per bearer token, of either kind (dev.clever.com/reference/responses-errors)."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a token has left: `reset` is in Unix seconds, as Clever's header is."""

    limit: int
    remaining: int
    reset: int
    is_exceeded: bool

    def headers(self) -> dict[str, str]:
        """Return the four headers that Clever puts on every response."""
        return {
            "X-Ratelimit-Bucket": "bearer",
            "X-Ratelimit-Limit": str(self.limit),
            "X-Ratelimit-Remaining": str(self.remaining),
            "X-Ratelimit-Reset": str(self.reset),
        }


class RateLimit:
    """Counts requests by token; the count starts again with each window."""

    def __init__(self, limit: int = REQUESTS_PER_WINDOW) -> None:
        """Allow `limit` requests per token and window."""
        self.limit = limit
        self._lock = Lock()
        self._window = 0
        self._counts: Counter[str] = Counter()

    def spend(self, token: str, now: float) -> Allowance:
        """Count one request of this token at `now` and return what is left."""
        window = int(now // WINDOW_SECONDS)
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts.clear()
            self._counts[token] += 1
            count = self._counts[token]
        return Allowance(
            limit=self.limit,
            remaining=max(0, self.limit - count),
            reset=(window + 1) * WINDOW_SECONDS,
            is_exceeded=count > self.limit,
        )
