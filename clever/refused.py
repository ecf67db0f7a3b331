"""What an answer means that brings no data."""

import msgspec
import requests

from clever.errors import (
    CleverError,
    NotAvailable,
    PageTooLarge,
    RequestRefused,
    ServiceFailed,
    TokenRefused,
    TooManyRequests,
    UnreadableAnswer,
)


class _Refusal(msgspec.Struct):
    message: str = ""
    error: str = ""
    error_description: str = ""


def failure(status: int, path: str, body: bytes, secret: str) -> CleverError:
    """Return the error of an answer that is not 200, with Clever's words about it.

    `secret` is what must not appear in it, should Clever repeat it.
    """
    said = _said(body).replace(secret, "[secret]")
    known: dict[int, type[CleverError]] = {
        401: TokenRefused,
        404: NotAvailable,
        413: PageTooLarge,
        429: TooManyRequests,
        501: RequestRefused,
    }
    if status in known:
        kind = known[status]
    elif status >= requests.codes.internal_server_error:
        kind = ServiceFailed
    elif status >= requests.codes.bad_request:
        kind = RequestRefused
    else:  # a redirect, or no content: not Clever's data interface
        kind = UnreadableAnswer
    detail = f"{path}: {status} {said}".rstrip()
    return kind.at(path, detail) if issubclass(kind, NotAvailable) else kind(detail)


def _said(body: bytes) -> str:
    """Return Clever's own words about a failure, empty if it sent HTML or nothing."""
    try:
        refusal = msgspec.json.decode(body, type=_Refusal)
    except (ValueError, RecursionError):
        return ""
    words = refusal.message or refusal.error_description or refusal.error
    return "".join(filter(str.isprintable, words))[:200]
