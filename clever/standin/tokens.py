"""`GET /oauth/tokens`: the district-app tokens of the app, for HTTP Basic auth.

Source: Clever's API explorer; a disconnected district's token is missing here.
"""

from hashlib import sha256
from hmac import compare_digest

from werkzeug.wrappers import Request, Response

from clever.standin.district import District
from clever.standin.paging import uri
from clever.standin.refusals import RefusedError, json_response
from clever.standin.state import State
from clever.standin.wire import Record

SCOPES = [
    "read:district_admins",
    "read:districts",
    "read:schools",
    "read:sections",
    "read:staff",
    "read:teachers",
    "read:user_id",
]


def list_tokens(state: State, request: Request) -> Response:
    """Answer with the tokens of all districts, or of the one named by `district`."""
    require_client(state, request)
    if request.args.get("owner_type") != "district":
        raise RefusedError(400, "owner_type must be district", key="error")
    wanted = request.args.get("district", "")
    listed = [
        token_record(district)
        for district in state.districts.values()
        if wanted in ("", district.id) and not state.is_revoked(district)
    ]
    query = list(request.args.items(multi=True))
    links = [{"rel": "self", "uri": uri(request.path, query)}]
    return json_response({"data": listed, "links": links})


def require_client(state: State, request: Request) -> None:
    """Refuse, with 401, whoever doesn't know the app's client id and secret."""
    sent = request.authorization
    if sent is None or sent.type != "basic":
        raise RefusedError(401, "invalid_client", key="error")
    given = f"{sent.username}:{sent.password}".encode()
    expected = f"{state.client_id}:{state.client_secret}".encode()
    if not compare_digest(given, expected):
        raise RefusedError(401, "invalid_client", key="error")


def token_record(district: District) -> Record:
    """Return one entry of the listing."""
    return {
        "id": sha256(district.token.encode()).hexdigest()[:24],
        "created": district.connected_at,
        "owner": {"type": "district", "id": district.id},
        "access_token": district.token,
        "scopes": SCOPES,
    }
