"""Hypothesis strategies: small districts in which everything collides."""

from math import prod

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

SOME_SCHOOLS = [
    (),
    (OAK_ID,),
    (OAK_ID,),
    (ELM_ID,),
    (OAK_ID, ELM_ID),
    (ASH_ID, OAK_ID),
    (PINE_ID,),
    (FIR_ID, PINE_ID),
]
BOTH = [False, True]
PERSON = {
    "first": FIRSTS,
    "last": LASTS,
    "email": EMAILS,
    "is_teacher": BOTH,
    "teacher_title": ["", "Teacher", "Counselor"],
    "teacher_id": NUMBERS,
    "teacher_schools": SOME_SCHOOLS,
    "is_staff": BOTH,
    "staff_title": ["", "Clerk"],
    "staff_id": NUMBERS,
    "staff_schools": SOME_SCHOOLS,
    "is_district_admin": [False, False, True],
    "admin_title": ["", "Director"],
}
ACCOUNT = {
    "school": [OAK, OAK, OAK, ELM, ASH, FIR, None],
    "first_name": FIRSTS,
    "last_name": LASTS,
    "email": EMAILS,
    "employee_id": NUMBERS,
    "clever_id": ["", "", *PEOPLE, *GONE],
    "user_role": ROLES,
    "active": [True, True, False],
    "inactive_cause": [InactiveCause.RUN, InactiveCause.LOADED, InactiveCause.MANUAL],
    "added_by_hand": [False, False, False, True],
    "pinned": [(), (), ("last_name",), ("email", "employee_id")],
}
DECISION = {
    "kind": list(DecisionKind),
    "account_id": [*ACCOUNTS, "vanished"],
    "clever_id": [*PEOPLE, "g1"],
    "others": [(), ("a0",), ("a1", "a2"), ("a3",)],
    "by": ["Dana", "Omar"],
}
SETTINGS = {
    "protected_roles": [frozenset(), frozenset(["District Site Manager"])],
    "essential_roles": [frozenset(["Counselor"])],
    "teacher_fallback": BOTH,
    "sends_invitations": BOTH,
    "limits": [Limits(), Limits(removal_percent=100.0)],
}


def one_of_each(choices):
    """Return a strategy for {name: one of its choices}: a single, quick draw."""
    return st.integers(0, prod(map(len, choices.values())) - 1).map(
        lambda number: _decoded(number, choices)
    )


def _decoded(number, choices):
    values = {}
    for name, offered in choices.items():
        number, index = divmod(number, len(offered))
        values[name] = offered[index]
    return values


def _with_a_role(values):
    """Whoever holds none of the three roles is in no roster."""
    if not any(values[f"is_{role}"] for role in ("teacher", "staff", "district_admin")):
        values["is_staff"] = True
    return values


def _consistent(account):
    """An active account has no cause to be inactive."""
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


def _once_per_pair(decisions):
    """One decision stands per person and account: the database holds that."""
    pairs = {(one.clever_id, one.account_id): one for one in decisions}
    return list(pairs.values())


@st.composite
def inputs(draw, kinds=("test", "final", "sync")):
    """Return the input of a plan."""
    people = [
        RosterPerson(one, **_with_a_role(draw(one_of_each(PERSON))))
        for one in draw(_some(PEOPLE))
    ]
    accounts = [
        _consistent(Account(one, **draw(one_of_each(ACCOUNT))))
        for one in draw(_some(ACCOUNTS))
    ]
    taught = draw(st.lists(st.sampled_from(SOME_SCHOOLS), max_size=len(people)))
    decisions = draw(st.lists(one_of_each(DECISION), max_size=3))
    return PlanInput(
        district="maple",
        kind=draw(st.sampled_from(kinds)),
        snapshot=Snapshot(
            "d1",
            schools=[RosterSchool(one, one[2:].title()) for one in SCHOOL_IDS],
            people=people,
            teaching={
                one.clever_id: schools
                for one, schools in zip(people, taught, strict=False)
                if schools
            },
        ),
        places=PLACES,
        accounts=_once_per_place(accounts),
        settings=Settings(**draw(one_of_each(SETTINGS))),
        decisions=_once_per_pair(Decision(**one) for one in decisions),
    )


def _some(names):
    """Return how many of the names there are: the first ones."""
    return st.integers(0, len(names)).map(lambda number: names[:number])
