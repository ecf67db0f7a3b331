"""Reads one district's roster from Clever, lazily and page by page.

Lists are only to be trusted when they were read to their end without an error: the ids
of each must ascend from page to page, and it must hold as many records as Clever counts
(https://dev.clever.com/docs/paging-and-limits).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import lt
from typing import Literal, Self, TypeVar
from urllib.parse import quote

from clever import decoding
from clever.decoding import RecordDecoder
from clever.errors import IncompleteList, NotAvailable, NotFound, TokenRefused
from clever.records import District, Event, Me, Record, School, Section, User
from clever.transport import (
    DEFAULT_PATIENCE,
    BearerAuth,
    Params,
    Patience,
    Transport,
    is_sendable,
)

R = TypeVar("R", bound=Record | Event)


class Client:
    """Clever as one district's token, or one person's sign-in, sees it.

    `base_url` is scheme and host. `page_size` is at most 10,000, Clever's own limit.
    `sleep` is called with seconds to wait before asking again; what it raises ends the
    request. Raises TokenRefused for a token that can't be one, BadAddress. Every method
    raises a `clever.errors.CleverError` when Clever can't be read; an iterator does so
    while it is read, so use nothing of a list before its end.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str = "https://api.clever.com",
        version: str = "v3.1",
        page_size: int = 10_000,
        sleep: Callable[[float], None] = time.sleep,
        patience: Patience = DEFAULT_PATIENCE,
    ) -> None:
        token = token.strip()
        if not is_sendable(token):
            raise TokenRefused(
                user_message="The district's Clever access token is empty or contains "
                "characters no token has. Copy it from Clever once more and store it."
            )
        self._version = version.strip("/")
        self._page_size = page_size
        self._transport = Transport(
            base_url,
            BearerAuth(token),
            secret=token,
            patience=patience,
            sleep=sleep,
        )

    def __repr__(self) -> str:
        """Say which Clever this is, never with whose token."""
        return f"<Client {self._transport.origin}/{self._version}>"

    def __enter__(self) -> Self:
        """Use the client as a context to have its connections closed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections; a closed client opens new ones when it is used."""
        self._transport.close()

    def district(self) -> District:
        """Return the token's one district, also when it is paused or in error."""
        url = self._url("districts")
        districts, _ = self._transport.get(url, decoding.DISTRICTS.page)
        if len(districts) != 1:
            raise NotAvailable(
                "/districts: not one district",
                "Clever's answer named no district, or several, for this access token. "
                "Use the district's own token: one token stands for one district.",
            )
        return districts[0]

    def schools(self) -> Iterator[School]:
        """Yield every school the district shares, in the order of their ids."""
        return self._counted_list("schools", decoding.SCHOOLS, {})

    def users(self, role: str) -> Iterator[User]:
        """Yield everyone who holds `role`: "teacher", "staff" or "district_admin".

        Whoever holds several roles comes once for each call, always with all roles.
        """
        return self._counted_list("users", decoding.USERS, {"role": role})

    def sections(self) -> Iterator[Section]:
        """Yield every section the district shares, in the order of their ids."""
        return self._counted_list("sections", decoding.SECTIONS, {})

    def events(
        self, after: str | None = None, record_type: Sequence[str] = ()
    ) -> Iterator[Event]:
        """Yield events from the oldest on, those after the event id `after` if given.

        `record_type` keeps certain kinds, such as ["users", "sections"]. Clever keeps
        events for 30 days and only makes them where they were switched on
        (https://dev.clever.com/docs/events-api).
        """
        params: dict[str, str | Sequence[str]] = {}
        if after:
            params["starting_after"] = after
        if record_type:
            params["record_type"] = record_type
        return self._list("events", decoding.EVENTS, params)

    def newest_event_id(self) -> str | None:
        """Return the id of the last event, None where there is no event yet."""
        url = self._url("events", {"ending_before": "last", "limit": 1})
        events, _ = self._transport.get(url, decoding.EVENTS.page)
        return events[-1].id if events else None

    def me(self) -> Me:
        """Return whose token this is; for the token of a sign-in, not of a district."""
        return self._transport.get(self._url("me"), decoding.me)

    def user(self, clever_id: str) -> User:
        """Return one person; raises NotFound when gone or no longer shared."""
        url = self._url(f"users/{quote(clever_id, safe='')}")
        try:
            return self._transport.get(url, decoding.USERS.single)
        except NotFound:
            raise
        except NotAvailable as error:
            raise NotFound(error.detail) from error

    def user_schools(self, clever_id: str) -> Iterator[School]:
        """Yield the schools of one person."""
        path = f"users/{quote(clever_id, safe='')}/schools"
        return self._list(path, decoding.SCHOOLS, {})

    def user_sections(self, clever_id: str) -> Iterator[Section]:
        """Yield the sections of one person."""
        path = f"users/{quote(clever_id, safe='')}/sections"
        return self._list(path, decoding.SECTIONS, {})

    def school_users(self, clever_id: str, role: str) -> Iterator[User]:
        """Yield the people with `role` ("teacher" or "staff") at one school.

        People whose primary school is another one are among them.
        """
        path = f"schools/{quote(clever_id, safe='')}/users"
        return self._list(path, decoding.USERS, {"role": role})

    def count(
        self, path: Literal["schools", "users", "sections"], role: str | None = None
    ) -> int | None:
        """Return how many records a list has; None if Clever gives no number.

        `role` is for users. Clever documents the parameter `count`, not its answer.
        """
        return self._count(path, {"role": role} if role else {})

    def _url(self, path: str, params: Params | None = None) -> str:
        return self._transport.url(f"/{self._version}/{path}", params or {})

    def _count(self, path: str, params: Params) -> int | None:
        url = self._url(path, {**params, "count": "true"})
        return self._transport.get(url, decoding.count)

    def _counted_list(
        self, path: str, decoder: RecordDecoder[R], params: Params
    ) -> Iterator[R]:
        return chain.from_iterable(self._counted_pages(path, decoder, params))

    def _list(
        self, path: str, decoder: RecordDecoder[R], params: Params
    ) -> Iterator[R]:
        return chain.from_iterable(self._pages(path, decoder, params))

    def _counted_pages(
        self, path: str, decoder: RecordDecoder[R], params: Params
    ) -> Iterator[list[R]]:
        expected = self._count(path, params)
        received = 0
        for page in self._pages(path, decoder, params):
            received += len(page)
            yield page
        if expected is None or received >= expected:
            return
        # Someone may have left while the list was read, so only a second count decides.
        expected = self._count(path, params)
        if expected is not None and received < expected:
            detail = f"/{path}: {received} of {expected} records came"
            raise IncompleteList(
                detail,
                f"Clever's list of {path} ended early: only {received} of {expected} "
                "came, so people may be missing from it. Try again in a few minutes.",
            )

    def _pages(
        self, path: str, decoder: RecordDecoder[R], params: Params
    ) -> Iterator[list[R]]:
        url = self._url(path, {**params, "limit": self._page_size})
        last, asked = "", None
        try:
            while True:
                records, following = self._transport.get(url, decoder.page, asked)
                last = _last_id(path, records, last)
                if following is None:
                    yield records
                    return
                if not records:
                    detail = f"/{path}: an empty page after {last!r} goes on"
                    raise IncompleteList(detail)
                url = self._transport.follow(following)
                asked = self._transport.ask_ahead(url)
                yield records
        finally:
            if asked:
                asked.forget()


def _last_id(path: str, records: Sequence[R], before: str) -> str:
    """Return the last id of a page; raises IncompleteList if its ids don't ascend.

    `before` is the last id of the page before it.
    """
    ids = [before, *[record.id for record in records]]
    if not all(map(lt, ids, ids[1:])):
        detail = f"/{path}: ids do not ascend after {before!r}"
        raise IncompleteList(detail)
    return ids[-1]
