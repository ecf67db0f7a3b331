"""Reads settings from the environment and refuses those nothing can be made of.

A refusal names the variable, what stands there and what to write instead. Passwords
and keys are never shown.
"""

import re
import warnings
from urllib.parse import SplitResult, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from schools.csv_files import shorten

NEW_KEY_COMMAND = (
    'python -c "from cryptography.fernet import Fernet; '
    'print(Fernet.generate_key().decode())"'
)
_ON = frozenset(["on", "yes", "true", "y", "ok", "1"])
_OFF = frozenset(["off", "no", "false", "n", "0"])
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_DATABASES = {"django.db.backends.postgresql", "django.db.backends.sqlite3"}
_REDIS = ("redis", "rediss")
_MAIL_SERVERS = ("smtp", "smtps", "smtp+tls", "smtp+ssl")


class MisconfiguredError(ImproperlyConfigured):
    """A variable of the environment can't be used; the text is made for people."""


def refused(name: str, value: str, fault: str, remedy: str) -> MisconfiguredError:
    """Return the error of a variable whose `value` may be shown."""
    return MisconfiguredError(f"{name} is “{shorten(value)}”, {fault}. {remedy}")


def without_secrets(address: str) -> str:
    """Return an address without what is, or may be meant to be, a password in it."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        scheme, rest = "", address
    _, at, place = rest.rpartition("@")
    place = place.partition("?")[0]
    if _parts(f"//{place}") is None:
        place = "…"  # a password with an odd character is taken for a port
    return f"{scheme}{separator}{at and '…@'}{place}"


class Environment(environ.Env):
    """The environment's variables; its own methods raise MisconfiguredError."""

    def secret(self, name: str, default: str = "") -> str:
        """Return a secret as it stands; elsewhere a "$" names another variable."""
        value: str = self.ENVIRON.get(name, default)
        return value

    def switch(self, name: str, *, default: bool) -> bool:
        """Return whether a variable is on."""
        text = self.str(name, default="")
        word = text.strip().lower()
        if not word:
            return default
        if word not in _ON | _OFF:
            remedy = "Write on or off, or leave it unset."
            raise refused(name, text, "which is neither on nor off", remedy)
        return word in _ON

    def web_address(self, name: str, default: str) -> str:
        """Return the address of a web server, without a path or a "/" at its end."""
        text = self.str(name, default=default).strip()
        parts = _parts(text)
        if (
            parts is None
            or parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.path.strip("/")
            or parts.query
            or parts.fragment
            or parts.username is not None
        ):
            remedy = "Write it as https://host, without a path."
            shown = without_secrets(text)
            raise refused(name, shown, "which is no web address", remedy)
        return str(text.rstrip("/"))

    def host_names(self, name: str, default: list[str]) -> list[str]:
        """Return names that a web server answers to."""
        names = [host.strip() for host in self.list(name, default=default)]
        for host in names:
            if "/" in host or (":" in host and not host.startswith("[")):
                fault = f"in which “{shorten(host)}” is no host name"
                remedy = "Write names without https://, port and path, commas between."
                raise refused(name, ",".join(names), fault, remedy)
        return names

    def days(self, name: str, default: int) -> int:
        """Return a number of days, at least one."""
        text: str = self.str(name, default=str(default)).strip()
        if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) < 1:
            remedy = f"Write a whole number of days such as {default}, at least 1."
            raise refused(name, text, "which is no number of days", remedy)
        return int(text)

    def log_level(self, name: str) -> str:
        """Return the least level that is logged."""
        text = self.str(name, default="INFO")
        level: str = text.strip().upper()
        if level not in _LEVELS:
            remedy = f"Write one of {', '.join(_LEVELS)}."
            raise refused(name, text, "which is no level of a log", remedy)
        return level

    def version(self, name: str, default: str) -> str:
        """Return the version of an interface, as in "v3.1"."""
        text: str = self.str(name, default=default).strip()
        if not re.fullmatch(r"v\d+\.\d+", text):
            remedy = f"Write it as {default}."
            raise refused(name, text, "which is no version of Clever's data", remedy)
        return text

    def database(self, name: str, default: str) -> dict[str, object]:
        """Return Django's settings of a database, PostgreSQL or SQLite."""
        address = self.str(name, default=default)
        found: dict[str, object] = {}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they show the password
                found = self.db_url_config(address)
        except ValueError:
            pass  # a port that is no number, an odd bracket
        if found.get("ENGINE") not in _DATABASES or not found.get("NAME"):
            remedy = (
                "Write postgres://USER:PASSWORD@HOST:5432/NAME, with characters such "
                "as @ / # in the password as %40 %2F %23, or sqlite:///FILE."
            )
            shown = without_secrets(address)
            raise refused(name, shown, "which is no database NavSync works on", remedy)
        return found

    def broker(self, name: str) -> str:
        """Return the address of the task queue; files are the default."""
        address: str = self.str(name, default="filesystem://localhost").strip()
        parts = _parts(address)
        scheme, _, rest = address.partition("://")
        number = parts.path.strip("/") if parts else "?"
        is_redis = rest and scheme in _REDIS and (not number or number.isdecimal())
        if not is_redis and (parts is None or scheme != "filesystem"):
            remedy = (
                "Write redis://HOST:6379/0, or leave it unset to keep messages in "
                "files."
            )
            shown = without_secrets(address)
            raise refused(name, shown, "which is no queue NavSync knows", remedy)
        return address

    def mail(self, name: str, default: str) -> dict[str, object]:
        """Return Django's settings of how e-mail leaves."""
        address = self.str(name, default=default).strip()
        parts = _parts(address)
        if (
            parts is None
            or parts.scheme not in self.EMAIL_SCHEMES
            or (parts.scheme in _MAIL_SERVERS and not parts.hostname)
        ):
            remedy = (
                "Write smtp+tls://USER:PASSWORD@HOST:587, smtp://HOST:25, or "
                "consolemail:// to print e-mails on the terminal."
            )
            shown = without_secrets(address)
            raise refused(name, shown, "which says no way to send e-mail", remedy)
        settings: dict[str, object] = self.email_url_config(address)
        return settings

    def encryption_keys(self, name: str, default: list[str]) -> list[str]:
        """Return Fernet keys, the newest first; there may be none."""
        keys = [key.strip() for key in self.list(name, default=default)]
        for number, key in enumerate(keys, start=1):
            try:
                Fernet(key)
            except ValueError:
                sentence = (
                    f"{name} holds a value that is no key: a key is 44 characters of "
                    f"base64, value {number} of {len(keys)} has {len(key)}. Write "
                    f"commas between keys, and make one with: {NEW_KEY_COMMAND}"
                )
                raise MisconfiguredError(sentence) from None
        return keys


def _parts(address: str) -> SplitResult | None:
    """Return the parts of an address, None where it can't be taken apart."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # a port that is no number is found only when it is read
    except ValueError:
        return None
    return parts
