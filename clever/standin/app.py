"""The stand-in's WSGI application: routes, faults, authority and rate limit."""

import socket
from collections.abc import Callable, Iterable
from functools import partial
from typing import NoReturn
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule, Submount
from werkzeug.wrappers import Request, Response

from clever.standin import controls, data, feed, signin
from clever.standin.codes import Visitor
from clever.standin.data import Call
from clever.standin.district import District
from clever.standin.faults import Fault, FaultKind
from clever.standin.limits import Allowance
from clever.standin.refusals import RefusedError, json_response, unknown_token
from clever.standin.state import State
from clever.standin.tokens import list_tokens

VERSIONS = ("v3.0", "v3.1")
HTML_PAGE = (
    "<!DOCTYPE html><html><head><title>{title}</title></head>"
    "<body><h1>{title}</h1></body></html>"
)
SENTENCES = {
    FaultKind.NOT_FOUND: "Resource not found",
    FaultKind.SERVER_ERROR: "Internal server error",
    FaultKind.NOT_SUPPORTED: "Not implemented",
    FaultKind.UNAVAILABLE: "Service unavailable",
    FaultKind.GATEWAY_TIMEOUT: "Gateway timeout",
}
BEFORE = (
    FaultKind.SLOW,
    FaultKind.HANG_UP,
    FaultKind.RATE_LIMITED,
    FaultKind.REVOKED,
    FaultKind.BAD_GATEWAY,
    *SENTENCES,
)
AFTER = (FaultKind.HTML, FaultKind.BROKEN_JSON, FaultKind.CUT_OFF)

DATA_RULES = [
    Rule("/districts", methods=["GET"], endpoint=data.list_districts),
    Rule("/districts/<record_id>", methods=["GET"], endpoint=data.show_district),
    Rule("/schools", methods=["GET"], endpoint=data.list_schools),
    Rule("/schools/<record_id>/users", methods=["GET"], endpoint=data.users_of_school),
    Rule(
        "/schools/<record_id>/sections",
        methods=["GET"],
        endpoint=data.sections_of_school,
    ),
    Rule("/users", methods=["GET"], endpoint=data.list_users),
    Rule("/users/<record_id>/schools", methods=["GET"], endpoint=data.schools_of_user),
    Rule(
        "/users/<record_id>/sections", methods=["GET"], endpoint=data.sections_of_user
    ),
    Rule("/sections", methods=["GET"], endpoint=data.list_sections),
    Rule(
        "/sections/<record_id>/users", methods=["GET"], endpoint=data.users_of_section
    ),
    Rule(
        "/sections/<record_id>/school", methods=["GET"], endpoint=data.school_of_section
    ),
    Rule("/events", methods=["GET"], endpoint=feed.list_events),
    Rule("/events/<record_id>", methods=["GET"], endpoint=feed.show_event),
]
for _kind in data.RELS:
    DATA_RULES += [
        Rule(
            f"/{_kind}/<record_id>",
            methods=["GET"],
            endpoint=partial(data.show_record, kind=_kind),
        ),
        Rule(
            f"/{_kind}/<record_id>/district",
            methods=["GET"],
            endpoint=partial(data.district_of_record, kind=_kind),
        ),
    ]
DATA_URLS = Map(
    [Submount("/<any('v3.0','v3.1'):version>", DATA_RULES)], merge_slashes=False
)
CONTROL_URLS = Map(
    [
        Rule("/oauth/tokens", methods=["GET"], endpoint=list_tokens),
        Rule("/oauth/tokens", methods=["POST"], endpoint=signin.exchange),
        Rule("/oauth/authorize", methods=["GET"], endpoint=signin.authorize),
        Rule("/oauth/instant-login", methods=["GET"], endpoint=signin.instant_login),
        Rule("/signin", methods=["GET"], endpoint=signin.show_sign_in),
        Rule("/signin", methods=["POST"], endpoint=signin.sign_in),
        Rule("/signout", methods=["POST"], endpoint=signin.sign_out),
        Rule("/portal", methods=["GET"], endpoint=signin.show_portal),
        Rule("/_standin", methods=["GET"], endpoint=controls.show_state),
        Rule("/_standin/faults", methods=["GET"], endpoint=controls.show_faults),
        Rule("/_standin/faults", methods=["POST"], endpoint=controls.add_fault),
        Rule("/_standin/faults", methods=["DELETE"], endpoint=controls.clear_faults),
        Rule("/_standin/changes", methods=["POST"], endpoint=controls.make_changes),
    ],
    merge_slashes=False,
)


class HungUpError(ConnectionError):
    """The connection was closed on purpose; the server drops it without an answer."""


class Application:
    """Answers as Clever does, out of the state; one instance serves all threads."""

    def __init__(self, state: State) -> None:
        """Serve this state."""
        self.state = state

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if request.path.startswith("/_standin"):
            response = refusing(self._control, request)
        else:
            self.state.count(request.path)
            spent = self.state.limit.spend(
                request.headers.get("Authorization", ""), self.state.clock()
            )
            response = refusing(self._limited, request, spent)
            for name, value in spent.headers().items():
                response.headers.setdefault(name, value)
            response.headers["Access-Control-Allow-Origin"] = "*"
        return response(environ, start_response)

    def _control(self, request: Request) -> Response:
        endpoint, _ = CONTROL_URLS.bind_to_environ(request.environ).match()
        response: Response = endpoint(self.state, request)
        return response

    def _limited(self, request: Request, spent: Allowance) -> Response:
        if spent.is_exceeded:
            raise RefusedError(429, "Rate limit exceeded")
        version, path = split_version(request.path)
        token = bearer_token(request)
        district = self.state.district_of(token)
        visitor = self.state.sign_ins.visitor(token)
        if visitor is not None:
            district = self.state.districts[visitor.district]
        district_id = district.id if district else ""
        faults = self.state.faults
        for fault in faults.take(BEFORE, path, request.args, district_id):
            refused = self._trouble(fault, request)
            if refused is not None:
                return refused
        if not version:
            response = self._control(request)
        elif district is None:
            raise unknown_token()
        else:
            response = self._data(request, version, district, visitor)
        for fault in faults.take(AFTER, path, request.args, district_id):
            response = spoilt(fault, response)
        return response

    def _data(
        self,
        request: Request,
        version: str,
        district: District,
        visitor: Visitor | None,
    ) -> Response:
        """Answer from the district's records: all of them, or a visitor's own."""
        with district.lock:
            call = Call(self.state, request, district, version, self.state.clock())
            if visitor is not None:
                return signin.read_own(call, visitor)
            endpoint, values = DATA_URLS.bind_to_environ(request.environ).match()
            arguments = {k: v for k, v in values.items() if k != "version"}
            response: Response = endpoint(call, **arguments)
        return response

    def _trouble(self, fault: Fault, request: Request) -> Response | None:
        """Carry out a fault that comes before the answer; None lets it go on."""
        match fault.kind:
            case FaultKind.SLOW:
                self.state.faults.sit_out(fault)
                return None
            case FaultKind.HANG_UP:
                hang_up(request)
            case FaultKind.REVOKED:
                # The tokens listing leaves the token out instead.
                if bearer_token(request):
                    raise unknown_token()
                return None
            case FaultKind.BAD_GATEWAY:
                return html_response("502 Bad Gateway", 502)
            case FaultKind.RATE_LIMITED:
                refused = RefusedError(429, "Rate limit exceeded").response()
                reset = int(self.state.clock() + fault.seconds)
                refused.headers["X-Ratelimit-Remaining"] = "0"
                refused.headers["X-Ratelimit-Reset"] = str(reset)
                return refused
        raise RefusedError(int(fault.kind), SENTENCES[fault.kind])


def refusing(answer: Callable[..., Response], *arguments: object) -> Response:
    """Return the answer, or the refusal it raised."""
    try:
        return answer(*arguments)
    except RefusedError as refusal:
        return refusal.response()
    except HTTPException as error:
        return json_response({"message": error.name}, error.code or 500)


def split_version(path: str) -> tuple[str, str]:
    """Return the API version, "" if the path has none, and the rest of the path."""
    first, slash, rest = path.removeprefix("/").partition("/")
    return (first, slash + rest) if first in VERSIONS else ("", path)


def bearer_token(request: Request) -> str:
    """Return the token the request carries, "" if it carries none."""
    sent = request.authorization
    return (sent.token or "") if sent and sent.type == "bearer" else ""


def html_response(title: str, status: int) -> Response:
    """Return a page for people where a program expects JSON."""
    return Response(HTML_PAGE.format(title=title), status, content_type="text/html")


def hang_up(request: Request) -> NoReturn:
    """Close the connection under the request."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise HungUpError


def spoilt(fault: Fault, response: Response) -> Response:
    """Return the answer as a fault that comes after it leaves it."""
    if fault.kind is FaultKind.HTML:
        return html_response("Clever", 200)
    body = response.get_data()
    if fault.kind is FaultKind.BROKEN_JSON:
        response.set_data(body[: len(body) // 2])
        return response
    response.set_data(body[: len(body) // 2])
    response.headers["Content-Length"] = str(len(body))
    return response
