"""Asking about a run, and taking the answer away: each told in the audit trail."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from schools.audit import Actor, record
from staffimport import tasks
from staffimport.errors import NotReady
from staffimport.inquiries.planned import SNAPSHOT_GONE
from staffimport.models import ImportRun, Inquiry
from staffimport.services.import_settings import current_settings
from staffimport.settings.file import encode
from staffimport.sweeping import ANSWER_LIMIT

Kind = Inquiry.Kind

ASKED = {Kind.REPLAY: "asked for a replay", Kind.BUNDLE: "asked for a redacted bundle"}
TAKEN = "downloaded a redacted bundle"


def ask(run: ImportRun, kind: Inquiry.Kind, actor: Actor) -> Inquiry:
    """Ask about a run; return the inquiry, which a worker answers.

    The same question under way is not asked twice; a newer one replaces older ones.
    Raises NotReady where there is nothing to answer with.
    """
    if reason := why_not(run, kind):
        raise NotReady(reason)
    same = Inquiry.objects.filter(run=run, kind=kind)
    with transaction.atomic():
        open_states = [Inquiry.State.WAITING, Inquiry.State.RUNNING]
        since = timezone.now() - ANSWER_LIMIT
        under_way = same.filter(state__in=open_states, asked_at__gt=since).first()
        if under_way is not None:
            return under_way
        same.delete()
        given = {"settings": encode(current_settings(run.district))}
        inquiry = Inquiry.objects.create(
            run=run,
            kind=kind,
            asked_by_id=actor.user_id,
            asked_by_name=actor.name,
            given=given if kind == Kind.BUNDLE else {},
        )
        record(run.district, actor, ASKED[kind], str(run))
        transaction.on_commit(partial(tasks.send_inquiry, inquiry.pk))
    return inquiry


def why_not(run: ImportRun, kind: Inquiry.Kind) -> str:
    """Return why a question about a run has no answer; "" if it has one."""
    if not run.has_ended:
        return f"{run} has not ended yet. Ask when it has."
    if kind == Kind.REPLAY and run.kind == ImportRun.Kind.UNDO:
        return "An undo is not planned from what Clever says, so it can't be replayed."
    if kind == Kind.REPLAY and run.snapshot_id is None:
        return SNAPSHOT_GONE
    return ""


def take_bundle(inquiry: Inquiry, actor: Actor) -> bytes:
    """Return the bundle's ZIP, and keep who took it."""
    record(inquiry.run.district, actor, TAKEN, str(inquiry.run))
    return bytes(inquiry.content)
