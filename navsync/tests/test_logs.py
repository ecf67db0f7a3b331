import io
import json
import logging
from logging.config import dictConfig

import pytest
import structlog
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.urls import path

from navsync import logs


@pytest.fixture
def lines():
    """The log as production writes it; ends with the tests' own set-up back."""
    written = io.StringIO()
    config = logs.configure(level="INFO", as_json=True)
    config["handlers"]["stderr"]["stream"] = written
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    dictConfig(config)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("event", "secret"),
    [
        ({"clever_token": "abc123"}, "abc123"),
        ({"client_secret": "abc123"}, "abc123"),
        ({"Authorization": "Bearer abc123"}, "abc123"),
        ({"event": "asked with Bearer abc.12-3"}, "abc.12-3"),
        ({"event": "asked with Basic YWJjMTIz"}, "YWJjMTIz"),
        ({"url": "https://clever.com/oauth/tokens?code=abc123&x=1"}, "abc123"),
        ({"broker": "redis://navsync:hunter2@redis:6379/0"}, "hunter2"),
        ({"request": "GET /runs/?q=Garcia"}, "Garcia"),
        ({"path": "/accounts/password/reset/key/1-abc123/"}, "abc123"),
        ({"error": "Key (email)=(ana.garcia@maple.example) exists"}, "ana.garcia"),
        ({"exception": "x\nDETAIL:  Failing row contains (7, Ana, Ruiz)."}, "Ruiz"),
        ({"exception": "DETAIL:  Key (last_name)=(Ruiz) exists.\n"}, "Ruiz"),
        ({"exception": 'CONTEXT:  COPY result, line 3: "Ana\tRuiz"'}, "Ruiz"),
    ],
)
def test_secrets_and_people_are_redacted(event, secret):
    redacted = logs.redact(None, "info", event)

    assert secret not in json.dumps(redacted)


def test_ordinary_events_stay_as_they_are():
    event = {"event": "Run 12: 4,812 rows planned", "run": 12, "district": "maple"}

    assert logs.redact(None, "info", dict(event)) == event


def test_a_standard_logger_writes_one_json_line_with_the_bound_context(lines):
    with structlog.contextvars.bound_contextvars(run=12):
        logging.getLogger("staffimport.runner").info("Pulled %s users", 900)

    (line,) = lines()
    assert (line["event"], line["run"], line["logger"], line["level"]) == (
        "Pulled 900 users",
        12,
        "staffimport.runner",
        "info",
    )


def test_a_traceback_shows_no_secret_and_no_local_variable(lines):
    local = "secret-in-a-local"
    try:
        raise ValueError("Bearer abc123 was refused")  # noqa: TRY301
    except ValueError:
        logging.getLogger("clever").exception("Pull failed")

    text = json.dumps(lines())
    assert "was refused" in text
    assert "abc123" not in text
    assert f"= {local!r}" not in text.replace("local = ", "")


def test_a_connection_that_is_tried_again_is_no_line_beside_the_sentence(lines):
    logging.getLogger("urllib3.connectionpool").warning("Retrying (Retry(total=0))")

    assert lines() == []


def no_may(_request):
    raise PermissionDenied


def no_host(_request):
    raise DisallowedHost("Invalid HTTP_HOST header: 'evil.example'.")


def broken(_request):
    raise RuntimeError("out of order")


urlpatterns = [path("no-may", no_may), path("no-host", no_host), path("broken", broken)]


def of_django(lines):
    return [line for line in lines() if line["logger"].startswith("django.")]


@pytest.mark.urls(__name__)
def test_a_refusal_is_one_line_without_a_traceback(lines, client):
    assert client.get("/no-may").status_code == 403

    (line,) = of_django(lines)
    assert (line["level"], "exception" in line) == ("warning", False)
    assert line["event"] == "Forbidden (Permission denied): /no-may"


@pytest.mark.urls(__name__)
def test_a_visitor_who_sends_nonsense_makes_no_traceback(lines, client):
    assert client.get("/no-host").status_code == 400

    assert not [line for line in of_django(lines) if "exception" in line]


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_keeps_its_traceback(lines, client):
    client.raise_request_exception = False

    assert client.get("/broken").status_code == 500

    (line,) = of_django(lines)
    assert "RuntimeError: out of order" in line["exception"]
