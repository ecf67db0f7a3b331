"""Has the newest test planned again when something was decided."""

from django.utils import timezone

from schools.audit import Actor
from schools.models import District
from staffimport import runs, tasks
from staffimport.models import ImportRun
from staffimport.queries.runs import open_test


def plan_again(district: District, actor: Actor) -> ImportRun | None:
    """Queue a plan of the newest test from its snapshot, and return the run.

    Call it in the transaction that decides something: that is then in the plan.
    Several decisions in a row share one plan. None if there is no test that a final
    could follow, or what it pulled is no longer kept: the decision holds from the next
    run on.
    """
    test = open_test(district)
    if test is None or test.snapshot_id is None:
        return None
    asked = runs.request_repeat(test, actor, timezone.now())
    if asked.is_new:
        tasks.send_on_commit(asked.run.pk)
    return asked.run
