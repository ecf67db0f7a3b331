"""The data endpoints of API v3: lists and single objects of one district.

Paths and parameters as in Clever's Swagger; envelopes as in its recorded answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec
from werkzeug.wrappers import Request, Response

from clever.standin.collection import Collection
from clever.standin.district import District
from clever.standin.faults import Fault, FaultKind
from clever.standin.paging import Page, cut, page_links, parse_page_request, uri
from clever.standin.refusals import RefusedError, json_response, not_found
from clever.standin.state import State
from clever.standin.views import Filter, SectionFacets, UserFacets
from clever.standin.wire import Record

LIST_FAULTS = (
    FaultKind.ENDS_EARLY,
    FaultKind.EMPTY,
    FaultKind.STUCK,
    FaultKind.FOREIGN_LINK,
    FaultKind.UNORDERED,
)
USER_ROLES = ("contact", "district_admin", "staff", "student", "teacher")
SCHOOL_ROLES = ("staff", "student", "teacher")
FOREIGN_ORIGIN = "http://elsewhere.example"


@dataclass(slots=True)
class Call:
    """One authorised request: who asks, for which version, with which faults."""

    state: State
    request: Request
    district: District
    version: str
    now: float
    hidden: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Settle once which schools this request doesn't see."""
        unshared = {fault.school for fault in self.take([FaultKind.UNSHARED])}
        self.hidden = self.district.hidden | unshared

    @property
    def path(self) -> str:
        """The path asked for, without the version."""
        return self.request.path.removeprefix(f"/{self.version}")

    def take(self, kinds: Iterable[FaultKind]) -> list[Fault]:
        """Return the faults of these kinds that hit this request."""
        return self.state.faults.take(
            kinds, self.path, self.request.args, self.district.id
        )

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        """Return the parameter, "" if absent; refuses a value Clever doesn't know."""
        value = self.request.args.get(name, "")
        if value and value not in allowed:
            raise RefusedError(400, f"{name} must be one of: {', '.join(allowed)}")
        return value

    def pairs(self) -> list[tuple[str, str]]:
        """Return the query's parameters in the caller's order."""
        return list(self.request.args.items(multi=True))


class ItemWriter(Protocol):
    """Writes list items, `{data, uri}`, as JSON."""

    def write(self, record_id: str) -> bytes:
        """Return the item of this id."""


@dataclass(slots=True)
class RecordWriter:
    """Writes list items, `{data, uri}`, of one collection."""

    records: Collection
    version: str

    def write(self, record_id: str) -> bytes:
        """Return the item as JSON."""
        address = f"/{self.version}/{self.records.kind}/{record_id}"
        return b'{"data":%b,"uri":"%b"}' % (
            self.records.body(record_id),
            address.encode(),
        )


def list_response(
    call: Call, ids: Sequence[str], item: ItemWriter, *, can_count: bool = True
) -> Response:
    """Return the page of `ids` that the request asks for, spoilt by list faults."""
    query = call.pairs()
    if can_count and call.choice("count", ("true", "false", "undefined")) == "true":
        here = {"rel": "self", "uri": uri(call.request.path, query)}
        count = 0 if call.take([FaultKind.EMPTY]) else len(ids)
        return json_response({"count": count, "links": [here]})
    wanted = parse_page_request(call.request.args)
    faults = {fault.kind: fault for fault in call.take(LIST_FAULTS)}
    if FaultKind.ENDS_EARLY in faults:
        records = faults[FaultKind.ENDS_EARLY].records
        ids = ids[: len(ids) // 2 if records is None else records]
    if FaultKind.EMPTY in faults:
        ids = []
    page = cut(ids, wanted)
    links = page_links(call.request.path, query, page)
    if FaultKind.STUCK in faults:
        links = [*links[:1], {"rel": "next", "uri": links[0]["uri"]}]
    if FaultKind.FOREIGN_LINK in faults:
        links = [*links[:1], {"rel": "next", "uri": FOREIGN_ORIGIN + links[0]["uri"]}]
    if FaultKind.UNORDERED in faults:
        page = Page(page.ids[::-1], page.has_previous, page.has_next)
    items = b",".join(item.write(record_id) for record_id in page.ids)
    return json_response(
        b'{"data":[%b],"links":%b}' % (items, msgspec.json.encode(links))
    )


def records_response(call: Call, kind: str, ids: Sequence[str]) -> Response:
    """Return a page of records of this kind."""
    writer = RecordWriter(call.district.collection(kind), call.version)
    return list_response(call, ids, writer)


def single_response(
    call: Call, kind: str, record: Record, rels: Sequence[str]
) -> Response:
    """Return one object, with links to itself and to what hangs on it."""
    address = f"/{call.version}/{kind}/{record['id']}"
    links = [{"rel": "self", "uri": address}]
    links += [{"rel": rel, "uri": f"{address}/{rel}"} for rel in rels]
    return json_response({"data": record, "links": links})


def district_record(call: Call) -> Record:
    """Return the district, paused or in error if a fault says so."""
    record = dict(call.district.record)
    for fault in call.take([FaultKind.PAUSED, FaultKind.ERRORING]):
        if fault.kind is FaultKind.PAUSED:
            record |= {
                "state": "paused",
                "pause_start": "2026-06-08T00:00:00.000Z",
                "pause_end": "2026-08-17",
            }
        else:
            record |= {"state": "error", "error": "The last sync could not be read."}
    return record


def list_districts(call: Call) -> Response:
    """Answer /districts: the one district of the token."""
    query = call.pairs()
    links = [{"rel": "self", "uri": uri(call.request.path, query)}]
    if call.choice("count", ("true", "false", "undefined")) == "true":
        return json_response({"count": 1, "links": links})
    address = f"/{call.version}/districts/{call.district.id}"
    item = {"data": district_record(call), "uri": address}
    return json_response({"data": [item], "links": links})


def show_district(call: Call, record_id: str) -> Response:
    """Answer /districts/{id}; only the token's own exists."""
    if record_id != call.district.id:
        raise not_found()
    rels = ("schools", "users", "sections")
    return single_response(call, "districts", district_record(call), rels)


def district_of_record(call: Call, kind: str, record_id: str) -> Response:
    """Answer /{schools|users|sections}/{id}/district."""
    require(call, kind, record_id)
    return single_response(call, "districts", district_record(call), ())


def list_schools(call: Call) -> Response:
    """Answer /schools."""
    ids = call.district.schools.select(Filter(hidden=call.hidden))
    return records_response(call, "schools", ids)


def list_users(call: Call) -> Response:
    """Answer /users, of one role or of all."""
    role = call.choice("role", USER_ROLES)
    ids = call.district.users.select(Filter(role=role, hidden=call.hidden))
    return records_response(call, "users", ids)


def list_sections(call: Call) -> Response:
    """Answer /sections."""
    ids = call.district.sections.select(Filter(hidden=call.hidden))
    return records_response(call, "sections", ids)


RELS = {
    "schools": ("district", "sections", "users"),
    "users": ("district", "schools", "sections"),
    "sections": ("district", "school", "users"),
}


def show_record(call: Call, kind: str, record_id: str) -> Response:
    """Answer /{schools|users|sections}/{id}."""
    record = require(call, kind, record_id)
    return single_response(call, kind, record, RELS[kind])


def users_of_school(call: Call, record_id: str) -> Response:
    """Answer /schools/{id}/users: all tied to it, or primarily its own."""
    require(call, "schools", record_id)
    wanted = Filter(
        role=call.choice("role", SCHOOL_ROLES),
        school=record_id,
        primary=call.choice("primary", ("true",)) == "true",
        hidden=call.hidden,
    )
    return records_response(call, "users", call.district.users.select(wanted))


def sections_of_school(call: Call, record_id: str) -> Response:
    """Answer /schools/{id}/sections."""
    require(call, "schools", record_id)
    wanted = Filter(school=record_id, hidden=call.hidden)
    return records_response(call, "sections", call.district.sections.select(wanted))


def schools_of_user(call: Call, record_id: str) -> Response:
    """Answer /users/{id}/schools; `primary` keeps only the roles' primary schools."""
    user = msgspec.convert(require(call, "users", record_id), UserFacets)
    ids: Iterable[str] = user.places()
    if call.choice("primary", ("true",)) == "true":
        ids = [facets.school for facets in user.held().values() if facets.school]
    shared = call.district.visible_of("schools", ids, call.hidden)
    return records_response(call, "schools", shared)


def sections_of_user(call: Call, record_id: str) -> Response:
    """Answer /users/{id}/sections: those taught or attended."""
    require(call, "users", record_id)
    wanted = Filter(person=record_id, hidden=call.hidden)
    return records_response(call, "sections", call.district.sections.select(wanted))


def users_of_section(call: Call, record_id: str) -> Response:
    """Answer /sections/{id}/users: its people as far as they are shared."""
    section = msgspec.convert(require(call, "sections", record_id), SectionFacets)
    role = call.choice("role", SCHOOL_ROLES)
    wanted = Filter(role=role)
    ids = [
        user_id
        for user_id in call.district.visible_of("users", section.people(), call.hidden)
        if call.district.users.facets(user_id).passes(wanted)
    ]
    return records_response(call, "users", ids)


def school_of_section(call: Call, record_id: str) -> Response:
    """Answer /sections/{id}/school."""
    section = msgspec.convert(require(call, "sections", record_id), SectionFacets)
    return show_record(call, "schools", section.school or "")


def require(call: Call, kind: str, record_id: str) -> Record:
    """Return the record; refuses with 404 what is absent or not shared."""
    if not call.district.is_visible(kind, record_id, call.hidden):
        raise not_found()
    return call.district.collection(kind).get(record_id)
