"""Hypothesis strategies: small districts in which everything collides."""

from hypothesis import strategies as st

from staffimport.core.planning import PlanInput
from staffimport.core.snapshot import RosterPerson, RosterSchool, Snapshot
from staffimport.core.tests.builders import ELM, ELM_ID, OAK, OAK_ID, place
from staffimport.core.values import (
    Account,
    Decision,
    DecisionKind,
    InactiveCause,
    Limits,
    Settings,
)

FIR, FIR_ID = 3, "c-fir"  # matched, not included
ASH, ASH_ID = 4, "c-ash"  # included, no final yet
PINE_ID = "c-pine"  # matched to no Naviance school
PLACES = [
    place(),
    place(ELM, "Elm High", ELM_ID),
    place(FIR, "Fir High", FIR_ID, included=False),
    place(ASH, "Ash High", ASH_ID, covered=False),
    place(9, "Yew High", ""),
]
SCHOOL_IDS = [OAK_ID, ELM_ID, FIR_ID, ASH_ID, PINE_ID]
FIRSTS = ["Ana", "ana ", "Bo", ""]
LASTS = ["Lee", "LEE", "Lee Jr.", "Ng", "", "🎓"]
EMAILS = ["", "a@x.org", "A@x.org ", "b@x.org", "office@x.org", "office", "n/a"]
NUMBERS = ["", "7", "007", "8", "0"]
PEOPLE = [f"p{number}" for number in range(6)]
GONE = ["g1", "g2"]
ACCOUNTS = [f"a{number}" for number in range(8)]
ROLES = ["", "Counselor", "District Site Manager"]

some_schools = st.lists(st.sampled_from(SCHOOL_IDS), max_size=2, unique=True).map(tuple)


def _person(clever_id):
    return st.builds(
        RosterPerson,
        clever_id=st.just(clever_id),
        first=st.sampled_from(FIRSTS),
        last=st.sampled_from(LASTS),
        email=st.sampled_from(EMAILS),
        is_teacher=st.booleans(),
        teacher_title=st.sampled_from(["", "Teacher", "Counselor"]),
        teacher_id=st.sampled_from(NUMBERS),
        teacher_schools=some_schools,
        is_staff=st.booleans(),
        staff_title=st.sampled_from(["", "Clerk"]),
        staff_id=st.sampled_from(NUMBERS),
        staff_schools=some_schools,
        is_district_admin=st.sampled_from([False, False, True]),
        admin_title=st.sampled_from(["", "Director"]),
    )


def _account(account_id):
    return st.builds(
        Account,
        id=st.just(account_id),
        school=st.sampled_from([OAK, OAK, OAK, ELM, ASH, FIR, None]),
        first_name=st.sampled_from(FIRSTS),
        last_name=st.sampled_from(LASTS),
        email=st.sampled_from(EMAILS),
        employee_id=st.sampled_from(NUMBERS),
        clever_id=st.sampled_from(["", "", *PEOPLE, *GONE]),
        user_role=st.sampled_from(ROLES),
        active=st.sampled_from([True, True, False]),
        inactive_cause=st.sampled_from(list(InactiveCause)),
        added_by_hand=st.sampled_from([False, False, False, True]),
        pinned=st.sampled_from([(), (), ("last_name",), ("email", "employee_id")]),
    ).map(_consistent)


def _consistent(account):
    if account.active:
        account.inactive_cause = ""
    return account


def _once_per_place(accounts):
    """A Clever id is tied once at a place: the database holds that."""
    seen = set()
    for account in accounts:
        tie = (account.school, account.clever_id)
        if account.clever_id and tie in seen:
            account.clever_id = ""
        seen.add(tie)
    return accounts


decisions = st.lists(
    st.builds(
        Decision,
        kind=st.sampled_from(list(DecisionKind)),
        account_id=st.sampled_from([*ACCOUNTS, "vanished"]),
        clever_id=st.sampled_from([*PEOPLE, "g1"]),
        others=st.lists(st.sampled_from(ACCOUNTS), max_size=2).map(tuple),
        by=st.sampled_from(["Dana", "Omar"]),
    ),
    max_size=3,
    unique_by=lambda decision: (decision.clever_id, decision.account_id),
)


@st.composite
def inputs(draw, kinds=("test", "final", "sync")):
    """Return the input of a plan."""
    people = [draw(_person(one)) for one in draw(_some(PEOPLE))]
    accounts = [draw(_account(one)) for one in draw(_some(ACCOUNTS))]
    teaching = {
        one.clever_id: draw(some_schools) for one in people if draw(st.booleans())
    }
    return PlanInput(
        district="maple",
        kind=draw(st.sampled_from(kinds)),
        snapshot=Snapshot(
            "d1",
            schools=[RosterSchool(one, one[2:].title()) for one in SCHOOL_IDS],
            people=people,
            teaching=teaching,
        ),
        places=PLACES,
        accounts=_once_per_place(accounts),
        settings=Settings(
            protected_roles=draw(
                st.sampled_from([frozenset(), frozenset(["District Site Manager"])])
            ),
            essential_roles=frozenset(["Counselor"]),
            teacher_fallback=draw(st.booleans()),
            sends_invitations=draw(st.booleans()),
            limits=Limits(removal_percent=draw(st.sampled_from([10.0, 100.0]))),
        ),
        decisions=draw(decisions),
    )


def _some(names):
    return st.lists(st.sampled_from(names), unique=True, max_size=len(names))
