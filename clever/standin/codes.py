"""Who is on the way from Clever to the app: codes, and the tokens given for them."""

import secrets
from dataclasses import dataclass, field
from threading import Lock

CODE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person signed in to Clever, by their district's and their own Clever id."""

    district: str
    user: str


@dataclass(frozen=True, slots=True)
class Code:
    """A sign-in on its way to the app; `redirect_uri` is where it was sent."""

    visitor: Visitor
    redirect_uri: str
    expires: float


@dataclass(slots=True)
class SignIns:
    """The codes that wait for their exchange, and the tokens given for others."""

    _codes: dict[str, Code] = field(default_factory=dict)
    _visitors: dict[str, Visitor] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def new_code(self, visitor: Visitor, redirect_uri: str, now: float) -> str:
        """Return a code that is good for one exchange, for a minute from `now`."""
        code = secrets.token_hex(20)
        with self._lock:
            self._codes[code] = Code(visitor, redirect_uri, now + CODE_SECONDS)
        return code

    def exchange(self, code: str, redirect_uri: str, now: float) -> str | None:
        """Return the token for a code; None if it is used, too old or another's."""
        with self._lock:
            found = self._codes.pop(code, None)
            if found is None or found.expires < now:
                return None
            if found.redirect_uri != redirect_uri:
                return None
            token = f"il{secrets.token_hex(20)}"
            self._visitors[token] = found.visitor
            return token

    def visitor(self, token: str) -> Visitor | None:
        """Return whose token this is, if it is anyone's."""
        return self._visitors.get(token)
