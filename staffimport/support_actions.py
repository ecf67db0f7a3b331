"""Support's actions on a district's imports."""

from collections.abc import Callable

from schools import refusals
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District
from schools.support_actions import Given, SupportAction
from staffimport import runs
from staffimport.errors import Refused
from staffimport.models import ImportRun
from staffimport.services.start import start_sync, start_test

Kind = ImportRun.Kind


def _start(
    kind: Kind,
    start: Callable[..., ImportRun],
    why_not: Callable[[District], list[str]],
) -> Callable[[District, Actor, Given], str]:
    """Return what starts a run of a kind by a service of `services.start`."""

    def carry_out(district: District, actor: Actor, given: Given) -> str:
        # In support's words: the district's admins are told to ask support.
        if why := why_not(district):
            raise RefusedError(" ".join(why))
        going = runs.under_way(district, kind)
        if going is not None:
            state = going.get_state_display().lower()
            sentence = f"{going} of {district} is {state} already. Wait until it ends."
            raise RefusedError(sentence)
        try:
            run = start(district, actor, why=str(given["why"]).strip())
        except Refused as error:
            raise RefusedError(error.user_message) from error
        return f"{run} of {district} is queued; it starts when a worker is free."

    return carry_out


def _no_test(district: District) -> list[str]:
    if why := refusals.inactive(district):
        return why
    return [] if district.clever_id else [f"{district} has no Clever ID."]


def _no_sync(district: District) -> list[str]:
    if why := _no_test(district):
        return why
    if district.is_paused:
        return [f"{district} is paused. Resume it first."]
    if district.first_final_at is not None:
        return []
    return [f"No final import has run in {district}, so there is nothing to sync."]


IMPORT_ACTIONS = (
    SupportAction(
        "start-test",
        "Run test again",
        "Clever is asked anew, and a test import shows what an import would do. It "
        "changes no account.",
        "staffimport.start_importrun",
        _no_test,
        _start(Kind.TEST, start_test, _no_test),
    ),
    SupportAction(
        "start-sync",
        "Start sync",
        "The accounts are brought in step with Clever now. What the brake or a "
        "conflict stops waits for the district.",
        "staffimport.start_importrun",
        _no_sync,
        _start(Kind.SYNC, start_sync, _no_sync),
    ),
)
