"""What can go wrong between us and Clever, one class for each remedy.

    CleverError
    ├── TokenRefused        401, or a token that can't be one
    ├── NotAvailable        404: not shared, or the wrong kind of token
    │   └── NotFound        404 for one record by its id: gone, or no longer shared
    ├── TooManyRequests *   429, still there after waiting
    ├── RequestRefused      400 and the other 4xx, 501
    │   ├── PageTooLarge    413: more than 10,000 records a page
    │   └── CodeRefused     a sign-in code that was used before or is too old
    ├── ServiceFailed *     500, 502, 503, 504, still there after asking again
    ├── ConnectionFailed *  no connection, no answer in time, an answer cut off
    ├── UnreadableAnswer *  HTML, broken JSON, or JSON of another shape
    ├── IncompleteList *    a list that didn't advance or didn't reach its end
    ├── ForeignLink         a link that leads away from Clever
    └── BadAddress          the configured address of Clever is no address

A star marks those where trying again later can help (`can_retry`).

The statuses are those of https://dev.clever.com/docs/error-messages; Clever does not
document 403 and 410, so they are plain refusals.
"""

# ruff: noqa: N818 - each name says what happened; the base class says it is an error.

from typing import ClassVar, Self


class CleverError(Exception):
    """Base of all errors of this package.

    `user_message` tells a district admin in full sentences what is wrong and what to
    do. `detail` is for the log: the address's path, what Clever said; never a token.
    `can_retry` says whether the same request may succeed later.
    """

    sentence: ClassVar[str] = "Clever could not be read. Try again in a few minutes."
    can_retry: ClassVar[bool] = False

    def __init__(self, detail: str = "", user_message: str = "") -> None:
        # Both go to the base class, which keeps the error picklable between processes.
        super().__init__(detail, user_message)
        self.detail = detail
        self.user_message = user_message or self.sentence

    def __str__(self) -> str:
        """Return the sentence with the detail behind it, as a log wants it."""
        return (
            f"{self.user_message} ({self.detail})" if self.detail else self.user_message
        )


class TokenRefused(CleverError):
    """Clever doesn't accept the token: it is wrong, or the district withdrew it."""

    sentence = (
        "Clever did not accept this district's access token. Check in the Clever "
        "Dashboard that the district is still connected to this application, then have "
        "the district's current token stored again."
    )


class NotAvailable(CleverError):
    """Clever doesn't give this token what was asked for."""

    sentence = (
        "Clever does not make this data available to us: it is not shared with this "
        "application, or the token is of the wrong kind. Check in the Clever Dashboard "
        "what the district shares, then try again."
    )

    @classmethod
    def at(cls, path: str, detail: str) -> Self:
        """Return the error whose sentence names the path that was asked for."""
        return cls(detail, cls.sentence.replace("this data", f"the data at {path}"))


class NotFound(NotAvailable):
    """The record with this id is gone or is no longer shared."""

    sentence = (
        "Clever no longer has this record for the district: it was removed, or is no "
        "longer shared. Check it in the Clever Dashboard."
    )


class TooManyRequests(CleverError):
    """The limit of requests a minute is used up, and waiting did not help."""

    sentence = (
        "Clever is refusing more requests for this district at the moment (its limit "
        "per minute is used up). Try again in a few minutes."
    )
    can_retry = True


class RequestRefused(CleverError):
    """Clever refuses the request as it is; asking again would not help."""

    sentence = (
        "Clever refused the request. Try again; if it is refused again, tell support "
        "what you did and when."
    )


class PageTooLarge(RequestRefused):
    """More records were asked for at once than Clever gives."""

    sentence = (
        "Clever refused to send so many records at once. Set the page size to 10,000 "
        "or less, then try again."
    )


class CodeRefused(RequestRefused):
    """A sign-in code was used before, or is too old."""

    sentence = (
        "This sign-in from Clever was already used or is too old. Go back to Clever "
        "and choose the application again."
    )


class ServiceFailed(CleverError):
    """Clever itself failed, again and again."""

    sentence = (
        "Clever has a problem of its own and did not answer. Try again in a few "
        "minutes; https://status.clever.com says when Clever is aware of a fault."
    )
    can_retry = True


class ConnectionFailed(CleverError):
    """Clever wasn't reached, took too long, or hung up in the middle of its answer."""

    sentence = (
        "Clever could not be reached, or the connection broke off. Check the network "
        "connection and the configured address of Clever, then try again."
    )
    can_retry = True


class UnreadableAnswer(CleverError):
    """An answer that isn't what Clever's documentation promises."""

    sentence = (
        "Clever sent an answer that could not be read. Try again in a few minutes; if "
        "it stays, check that the configured address of Clever is right."
    )
    can_retry = True


class IncompleteList(CleverError):
    """A list that can't be trusted to be whole, so nobody may be missed in it."""

    sentence = (
        "Clever's list ended early or did not continue where it should, so people may "
        "be missing from it. Try again in a few minutes."
    )
    can_retry = True


class ForeignLink(CleverError):
    """A link to another host: following it would hand the token to a stranger."""

    sentence = (
        "Clever's answer pointed to another address than Clever's own, so it was not "
        "followed. Check the configured address of Clever, then tell support."
    )


class BadAddress(CleverError):
    """The configured address of Clever can't be used."""

    sentence = (
        "The configured address of Clever is not a web address. Write it as "
        "https://host, without a path, then try again."
    )
