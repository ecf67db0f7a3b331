"""Finds what the readiness checks say of a roster and accounts."""

from staffimport.core.planning import plan
from staffimport.core.readiness import assess
from staffimport.core.tests.builders import (
    input_of,
    teacher,
)


def findings_of(people=(), accounts=(), *, uses_sso=True, **given):
    """Return what each check finds, by code."""
    asked = input_of(people, accounts, **given)
    return {f.code: f for f in assess(asked, plan(asked), uses_sso=uses_sso)}


def finding_of(code, people=(), accounts=(), **given):
    return findings_of(people, accounts, **given)[code]


def crowd_of(number, **given):
    """Return teachers with sections, addresses and ids as a district has them."""
    return [
        teacher(
            f"c{n}",
            last=f"Crowd{n}",
            email=f"c{n}@oak.org",
            number=f"24{n:03}",
            **given,
        )
        for n in range(number)
    ]
