"""How NavSync logs: one structured line an event, without secrets or people's data."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor, WrappedLogger

REDACTED = "[redacted]"

_SECRET_KEY = re.compile(r"token|secret|passw|authorization|cookie|api_?key", re.I)
_SECRETS_IN_TEXT = (
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]+", re.I), rf"\1 {REDACTED}"),
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), rf"\1:{REDACTED}@"),
    (
        re.compile(r"\b((?:\w*token|\w*secret|password|code|key)=)[^&\s'\"]+", re.I),
        rf"\1{REDACTED}",
    ),
    # Links that sign someone in: password resets and invitations.
    (re.compile(r"(/(?:key|invite|invitations?)/)[^/\s'\"]+"), rf"\1{REDACTED}"),
    # PostgreSQL quotes the row or key that broke a constraint, names and all.
    (re.compile(r"\b(DETAIL|CONTEXT):[^\n]*"), rf"\1: {REDACTED}"),
    (re.compile(r"[\w.+'-]+@[\w-]+\.[\w.-]*\w"), "[e-mail]"),
)
_REFUSALS = range(400, 500)


def redact(
    _logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Return a log event without secrets, e-mail addresses and query strings.

    A value is judged by its key's name, a text also by what stands in it; query
    strings go whole because searches hold people's names. A structlog processor.
    """
    return {key: _redacted(key, value) for key, value in event.items()}


def _redacted(key: str, value: object) -> object:
    if _SECRET_KEY.search(key):
        return REDACTED
    if not isinstance(value, str):
        return value
    text = value.partition("?")[0] if key == "request" else value
    for pattern, replacement in _SECRETS_IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


def without_traceback_of_refusals(
    _logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Return a log event without the traceback of an answer of 4xx.

    Such an answer is how a page refuses something, not a fault of ours. A structlog
    processor, for events of the standard library.
    """
    status = getattr(event.get("_record"), "status_code", None)
    if status in _REFUSALS:
        event.pop("exc_info", None)
    return event


# What every event gets, whether it came by structlog or by the standard library.
_COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.UnicodeDecoder(),
]


def configure(*, level: str, as_json: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING for lines on standard error.

    `level` is the least level logged; lines are JSON for machines, else for people.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    # Tracebacks stay plain: rich ones print local variables, which hold secrets.
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _COMMON,
                "processors": [
                    without_traceback_of_refusals,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    redact,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own set-up mails the admins and prints a second line.
            "django": {"handlers": [], "level": level},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # It warns of every retry, which ours says better where it is asked for.
            "urllib3": {"level": "ERROR"},
        },
    }
