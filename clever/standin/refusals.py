"""How the stand-in says no: a status with the body that Clever gives it."""

import msgspec
from werkzeug.wrappers import Response


class RefusedError(Exception):
    """A request that gets an error; `key` names the sentence in the JSON body."""

    def __init__(self, status: int, sentence: str, key: str = "message") -> None:
        """Refuse with this HTTP status and sentence."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.key = key

    def response(self) -> Response:
        """Return the answer to send."""
        return json_response({self.key: self.sentence}, self.status)


def json_response(body: object, status: int = 200) -> Response:
    """Return the body as JSON; bytes are taken as JSON already."""
    encoded = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Response(encoded, status, content_type="application/json; charset=utf-8")


def not_found() -> RefusedError:
    """Refuse what is absent, deleted or not shared: Clever gives 404 to all three."""
    return RefusedError(404, "Resource not found")


def unknown_token() -> RefusedError:
    """Refuse a missing, wrong or revoked bearer token."""
    return RefusedError(401, "Unrecognized API key", key="error")
