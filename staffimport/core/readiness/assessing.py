"""All checks of a district at once."""

from staffimport.core.planning import PlanInput
from staffimport.core.readiness import (
    clever_data,
    fields,
    naviance_data,
    plan_rows,
    setup,
)
from staffimport.core.readiness.facts import Facts
from staffimport.core.readiness.manual import PARTS
from staffimport.core.readiness.values import Finding
from staffimport.core.values import Plan

_FINDERS = {
    **clever_data.FINDERS,
    **fields.FINDERS,
    **naviance_data.FINDERS,
    **plan_rows.FINDERS,
    **setup.FINDERS,
}


def assess(given: PlanInput, made: Plan, *, uses_sso: bool | None) -> list[Finding]:
    """Return what every check finds, in the order of the manual's lines.

    `made` is the plan of `given`: what a test import would do is judged by its rows.
    `uses_sso` is the district's answer about Clever SSO, None before it.
    """
    facts = Facts(given, made, uses_sso=uses_sso)
    return [
        _FINDERS[check.code](facts)
        for part in PARTS
        for line in part.lines
        for check in line.checks
    ]
