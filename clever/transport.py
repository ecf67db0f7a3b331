"""One connection to one address: asks, waits, asks again, and names what went wrong.

How often and how long follows https://dev.clever.com/docs/error-messages: 1,200
requests a minute for a token, counted anew each minute. Clever itself gives up on an
answer after two minutes.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self, TypeVar
from urllib.parse import SplitResult, urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import BaseHTTPResponse
from urllib3.util import Retry

from clever.ahead import Asked
from clever.errors import (
    BadAddress,
    CleverError,
    ConnectionFailed,
    ForeignLink,
    IncompleteList,
    UnreadableAnswer,
)
from clever.refused import failure

logger = logging.getLogger(__name__)

T = TypeVar("T")
Params = Mapping[str, str | int | Sequence[str]]

WORTH_ASKING_AGAIN = (429, 500, 502, 503, 504)
# Clever counts requests by the minute, so no honest wait for it is longer than this.
LONGEST_WAIT = 90.0
# Bytes at a time. A page has megabytes, and by requests' own ten kilobytes it would
# take longer to read than to decode.
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for Clever and how often to ask again.

    `connect_timeout`, `read_timeout` and `backoff` are seconds; the pause before
    another try doubles from `backoff`. `retries` is the number of further tries of one
    request, `rereads` of further tries when an answer was cut off or could not be read.
    `clock` gives Unix seconds.
    """

    connect_timeout: float = 10
    read_timeout: float = 120
    retries: int = 5
    rereads: int = 2
    backoff: float = 0.5
    clock: Callable[[], float] = time.time


DEFAULT_PATIENCE = Patience()


class BearerAuth(AuthBase):
    """Sends a token. As an auth object it also keeps a .netrc from replacing it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to a request about to be sent."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class RateLimitRetry(Retry):
    """urllib3's retries, which also wait until Clever's rate limit is reset."""

    def __init__(
        self,
        *args: object,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        **options: object,
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._clock = clock
        self._pause = sleep

    def new(self, **options: object) -> Self:
        """Return a copy for the next try; urllib3 makes one for each."""
        return super().new(clock=self._clock, sleep=self._pause, **options)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the seconds until the limit is reset.

        Clever sends no Retry-After but X-Ratelimit-Reset, an absolute Unix time in
        seconds, on every answer; it only counts on a 429.
        """
        reset = response.headers.get("X-Ratelimit-Reset", "")
        if response.status == requests.codes.too_many_requests and reset.isdecimal():
            return int(reset) - self._clock()
        return super().get_retry_after(response)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait before the next try: as long as Clever says, else longer each time."""
        asked = self.get_retry_after(response) if response else None
        seconds = min(max(asked or 0, self.get_backoff_time()), LONGEST_WAIT)
        if seconds > 0:
            logger.info("Waiting %.1f s before asking Clever again.", seconds)
            self._pause(seconds)


class Transport:
    """Requests to one origin with one way to prove who asks; keeps connections open.

    `address` is scheme and host, as in "https://api.clever.com". `secret` is what must
    never appear in an error, should Clever repeat it. Raises BadAddress.
    """

    def __init__(
        self,
        address: str,
        auth: AuthBase,
        *,
        secret: str,
        patience: Patience,
        sleep: Callable[[float], None],
    ) -> None:
        self.origin = _origin(address)
        self._secret = secret
        self._patience = patience
        self._sleep = sleep
        self._session = requests.Session()
        self._session.auth = auth
        retry = RateLimitRetry(
            patience.retries,
            allowed_methods=["GET"],
            status_forcelist=WORTH_ASKING_AGAIN,
            raise_on_status=False,
            backoff_factor=patience.backoff,
            clock=patience.clock,
            sleep=sleep,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))
        # For threads: it never waits to ask again, since that tells the caller.
        self._once = requests.Session()
        self._once.auth = auth

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
        self._once.close()

    def url(self, path: str, params: Params) -> str:
        """Return the full address of `path`; a list in `params` repeats its key."""
        query = urlencode(params, doseq=True)
        return f"{self.origin}{path}?{query}" if query else f"{self.origin}{path}"

    def follow(self, uri: str) -> str:
        """Return the full address of a link Clever sent; it never leaves this origin.

        Raises ForeignLink for another scheme, host or port, IncompleteList for no path.
        """
        try:
            link = urlsplit(uri)
            own = not (link.scheme or link.netloc) or _base(link) == self.origin
        except ValueError as error:
            raise IncompleteList("the link to the next page is no address") from error
        if not own or "@" in link.netloc:
            detail = f"{link.scheme}://{link.hostname} instead of {self.origin}"
            raise ForeignLink(detail)
        if not link.path.startswith("/"):
            raise IncompleteList("the link to the next page has no path")
        return f"{self.origin}{link.path}?{link.query}"

    def ask_ahead(self, url: str) -> Asked:
        """Ask for what `get` will want of the same address, without waiting for it."""
        return Asked(partial(self._send, self._once, "GET", url))

    def get(
        self, url: str, read: Callable[[bytes], T], asked: Asked | None = None
    ) -> T:
        """Return what `read` makes of the answer's body.

        An answer that breaks off, or that `read` refuses with UnreadableAnswer, is
        asked for again. `asked` is the same request under way. Raises any CleverError.
        """
        tries_left = self._patience.rereads
        pause = self._patience.backoff
        while True:
            try:
                response = asked.answer() if asked else None
                if response is None:
                    response = self._response("GET", url)
                return read(self._body(response))
            except (_CutOff, UnreadableAnswer) as error:
                if not tries_left:
                    raise _located(error, url) from error
            asked = None
            tries_left -= 1
            self._sleep(pause)
            pause *= 2

    def post(self, url: str, form: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        """Return what `read` makes of the answer to a form, which is sent only once.

        Raises any CleverError.
        """
        try:
            return read(self._body(self._response("POST", url, form)))
        except (_CutOff, UnreadableAnswer) as error:
            raise _located(error, url) from error

    def _response(
        self, method: str, url: str, form: Mapping[str, str] | None = None
    ) -> requests.Response:
        try:
            return self._send(self._session, method, url, form)
        except requests.RequestException as error:
            detail = f"{self.origin}: {error}"
            raise ConnectionFailed(detail) from error

    def _send(
        self,
        session: requests.Session,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Return the answer as soon as its head is there."""
        return session.request(
            method,
            url,
            data=form,
            stream=True,
            # A redirect could lead the token elsewhere, and Clever sends none.
            allow_redirects=False,
            timeout=(self._patience.connect_timeout, self._patience.read_timeout),
        )

    def _body(self, response: requests.Response) -> bytes:
        with response:
            try:
                body = b"".join(response.iter_content(_READ))
            except requests.RequestException as error:
                raise _CutOff(str(error)) from error
        if response.status_code != requests.codes.ok:
            path = urlsplit(response.url).path
            raise failure(response.status_code, path, body, self._secret)
        return body


class _CutOff(ConnectionFailed):
    """An answer began and broke off."""


def is_sendable(secret: str) -> bool:
    """Say whether a token or the like can be sent at all, before a header breaks on it.

    The error of a broken header would show the token.
    """
    return (
        bool(secret) and secret.isascii() and secret.isprintable() and " " not in secret
    )


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address.strip())
        origin = _base(parts)
    except ValueError as error:
        raise BadAddress from error
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not parts.hostname or extra:
        raise BadAddress
    return origin


def _base(parts: SplitResult) -> str:
    """Return scheme, host and port in one spelling; ValueError for a bad port."""
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def _located(error: CleverError, url: str) -> CleverError:
    """Return the error with the path that gave it, and without private kinds."""
    detail = f"{urlsplit(url).path}: {error.detail}"
    if isinstance(error, _CutOff):
        return ConnectionFailed(detail)
    return type(error)(detail, error.user_message)
