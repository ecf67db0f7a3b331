"""Clever's sign-in: authorize, exchange a code, who am I, and the portal's app icon.

    GET  /portal                  the portal; the app's icon logs in without a state
    GET  /signin                  who signs in to Clever: choose a person, no password
    GET  /oauth/authorize         back to the app with a code and its state, at once for
                                  whoever is signed in to Clever (a cookie says who)
    GET  /oauth/instant-login     the same, to the app's registered address, no state
    POST /oauth/tokens            a code, once and within its time, for a token
    GET  /v3.1/me, /users/{own id}, /districts/{own id}   all that such a token reads

Source: dev.clever.com/docs/oauth-implementation and /docs/il-design.
"""

from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from clever.standin import signin_pages as pages
from clever.standin.codes import Visitor
from clever.standin.data import Call, show_district, single_response
from clever.standin.district import District
from clever.standin.refusals import RefusedError, json_response, not_found
from clever.standin.state import State
from clever.standin.tokens import require_client
from clever.standin.wire import Record

COOKIE = "clever_user"
PEOPLE_SHOWN = 50


def authorize(state: State, request: Request) -> Response:
    """Send the browser back to the app with a code, or to the sign-in page first."""
    sent = request.args
    target = sent.get("redirect_uri", "")
    if sent.get("client_id") != state.client_id or not _is_registered(state, target):
        return pages.problem("This application or its redirect URI is unknown.", 400)
    returned = {"state": sent["state"]} if "state" in sent else {}
    if sent.get("response_type") != "code":
        return _back(target, {"error": "unsupported_response_type", **returned})
    if "denied" in sent:
        return _back(target, {"error": "access_denied", **returned})
    visitor = _signed_in(state, request)
    wanted = sent.get("district_id", "")
    if visitor is None or wanted not in ("", visitor.district):
        return _to_sign_in(request, wanted)
    code = state.sign_ins.new_code(visitor, target, state.clock())
    return _back(target, {"code": code, **returned})


def instant_login(state: State, request: Request) -> Response:
    """Do what the app's icon does: go to its registered address, without a state."""
    if request.args.get("client_id") != state.client_id or not state.redirect_uri:
        return pages.problem("This application or its redirect URI is unknown.", 400)
    visitor = _signed_in(state, request)
    wanted = request.args.get("district_id", "")
    if visitor is None or wanted not in ("", visitor.district):
        return _to_sign_in(request, wanted)
    code = state.sign_ins.new_code(visitor, state.redirect_uri, state.clock())
    return _back(state.redirect_uri, {"code": code})


def exchange(state: State, request: Request) -> Response:
    """Give a token for a code; Clever takes it as a form or as JSON."""
    require_client(state, request)
    sent = _sent(request)
    if sent.get("grant_type") != "authorization_code":
        raise RefusedError(400, "unsupported_grant_type", key="error")
    token = state.sign_ins.exchange(
        str(sent.get("code")), str(sent.get("redirect_uri")), state.clock()
    )
    if token is None:
        refused = {"error": "invalid_grant", "error_description": "invalid code"}
        return json_response(refused, 400)
    return json_response({"access_token": token, "token_type": "bearer"})


def read_own(call: Call, visitor: Visitor) -> Response:
    """Answer the few addresses a sign-in token reads; 404 for all others."""
    path = call.path
    if path == "/me":
        return _me(call, visitor)
    if path == f"/districts/{visitor.district}":
        return show_district(call, visitor.district)
    if path == f"/users/{visitor.user}" and visitor.user in call.district.users:
        user = call.district.users.get(visitor.user)
        return single_response(call, "users", user, ())
    raise not_found()


def show_sign_in(state: State, request: Request) -> Response:
    """Show whom one may sign in as: a district's people, or those a search finds."""
    district = _chosen_district(state, request)
    after = _own_path(request.args.get("next", ""))
    if district is None:
        return pages.districts(list(state.districts.values()), after)
    search = request.args.get("q", "")
    found = _people(district, search)
    return pages.people(district, found[:PEOPLE_SHOWN], len(found), search, after)


def sign_in(state: State, request: Request) -> Response:
    """Sign the chosen person in to Clever, then go on."""
    district = state.districts.get(request.form.get("district", ""))
    user = request.form.get("user", "")
    if district is None or user not in district.users:
        return pages.problem("There is no such person in Clever.", 404)
    response = redirect(_own_path(request.form.get("next", "")), 303)
    response.set_cookie(COOKIE, f"{district.id}.{user}", httponly=True, samesite="Lax")
    return response


def sign_out(_state: State, _request: Request) -> Response:
    """Forget who is signed in to Clever, as on a shared device."""
    response = redirect("/portal", 303)
    response.delete_cookie(COOKIE)
    return response


def show_portal(state: State, request: Request) -> Response:
    """Show the portal with the app's icon, or who may sign in to it."""
    visitor = _signed_in(state, request)
    if visitor is None:
        return _to_sign_in(request, request.args.get("district_id", ""))
    district = state.districts[visitor.district]
    query = urlencode({"client_id": state.client_id, "district_id": district.id})
    icon = f"/oauth/instant-login?{query}" if state.redirect_uri else ""
    return pages.portal(district, district.users.get(visitor.user), icon)


def _is_registered(state: State, redirect_uri: str) -> bool:
    """Whether codes may go there; until one is registered, to any web address."""
    if state.redirect_uri:
        return redirect_uri == state.redirect_uri
    return urlsplit(redirect_uri).scheme in ("http", "https")


def _back(target: str, query: dict[str, str]) -> Response:
    return redirect(f"{target}?{urlencode(query)}", 302)


def _to_sign_in(request: Request, district: str) -> Response:
    here = quote(request.full_path.rstrip("?"), safe="")
    return redirect(f"/signin?district={quote(district, safe='')}&next={here}", 302)


def _signed_in(state: State, request: Request) -> Visitor | None:
    district_id, _, user = request.cookies.get(COOKIE, "").partition(".")
    district = state.districts.get(district_id)
    if district is None or user not in district.users:
        return None
    return Visitor(district_id, user)


def _own_path(path: str) -> str:
    """Return where to go on, only ever on this server."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own else "/portal"


def _chosen_district(state: State, request: Request) -> District | None:
    if len(state.districts) == 1:
        return next(iter(state.districts.values()))
    return state.districts.get(request.args.get("district", ""))


def _people(district: District, search: str) -> list[Record]:
    words = search.casefold().split()
    with district.lock:
        users = [district.users.get(user_id) for user_id in district.users.ids()]
    return [user for user in users if _is_found(user, words)]


def _is_found(user: Record, words: list[str]) -> bool:
    text = f"{pages.name_of(user)} {user.get('email') or ''}".casefold()
    return all(word in text for word in words)


def _sent(request: Request) -> dict[str, Any]:
    if not request.is_json:
        return dict(request.form.items())
    try:
        return msgspec.json.decode(request.get_data(), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise RefusedError(400, "invalid_request", key="error") from error


def _me(call: Call, visitor: Visitor) -> Response:
    data = {
        "id": visitor.user,
        "district": visitor.district,
        "type": "user",
        "authorized_by": "district",
    }
    links = [
        {"rel": "self", "uri": "/me"},
        {"rel": "canonical", "uri": f"/{call.version}/users/{visitor.user}"},
        {"rel": "district", "uri": f"/{call.version}/districts/{visitor.district}"},
    ]
    return json_response({"type": "user", "data": data, "links": links})
