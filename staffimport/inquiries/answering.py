"""Answers an inquiry, once, whatever becomes of it."""

import logging
from datetime import datetime
from typing import Any

import msgspec
from django.utils import timezone

from staffimport.errors import StaffImportError
from staffimport.inquiries.bundle import make_bundle
from staffimport.inquiries.replay import replay
from staffimport.models import Inquiry

logger = logging.getLogger(__name__)

State = Inquiry.State

UNEXPECTED = (
    "Answering stopped because of a fault in NavSync itself. Nothing was changed. Its "
    "log says more."
)


def answer(inquiry_id: int) -> None:
    """Answer an inquiry that waits; one that another worker has taken is left to it."""
    if not _take(inquiry_id, timezone.now()):
        return
    found = Inquiry.objects.select_related("run__district", "run__snapshot")
    inquiry = found.get(pk=inquiry_id)
    try:
        summary, content = _answer_to(inquiry)
    except StaffImportError as error:
        _end(inquiry, State.FAILED, error=error.user_message)
    except Exception:  # the worker's edge: whatever it was ends here
        logger.exception("Inquiry %s failed unexpectedly.", inquiry.pk)
        _end(inquiry, State.FAILED, error=UNEXPECTED)
    else:
        _end(inquiry, State.ANSWERED, summary=summary, content=content)


def _answer_to(inquiry: Inquiry) -> tuple[dict[str, Any], bytes]:
    if inquiry.kind == Inquiry.Kind.REPLAY:
        summary, content = replay(inquiry.run)
        return msgspec.to_builtins(summary), content
    return make_bundle(inquiry.run, inquiry.given["settings"])


def _take(inquiry_id: int, now: datetime) -> bool:
    waiting = Inquiry.objects.filter(pk=inquiry_id, state=State.WAITING)
    return bool(waiting.update(state=State.RUNNING, begun_at=now))


def _end(inquiry: Inquiry, state: Inquiry.State, **fields: Any) -> None:
    """Keep the end of an inquiry, unless a newer one has replaced it."""
    Inquiry.objects.filter(pk=inquiry.pk).update(
        state=state, answered_at=timezone.now(), **fields
    )
