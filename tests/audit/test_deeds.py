"""Each verb of the services that somebody asks for writes an entry, in its transaction.

A verb is a public function of a services package that takes an `actor`. A new one fails
here until the table has it, or says why it writes none of its own.
"""

import inspect
import pkgutil
from importlib import import_module

import pytest
from django.db import connection

import accounts.services
import schools.services
import staffimport.services
from accounts.services import (
    filling,
    load_guards,
    role_edits,
    role_rights,
    staff_guards,
    zone_edits,
)
from navsync.leaving import verbs
from schools.models import AuditEntry
from schools.services import leaving, lifecycle, setting_up, tokens
from staffimport.services import (
    decision_rights,
    inquiries,
    replan,
    role_giving,
    ties,
    zones,
)
from tests.audit import of_districts, of_imports, of_people
from tests.audit.world import make_world

DEEDS = {**of_districts.DEEDS, **of_people.DEEDS, **of_imports.DEEDS}

WRITES_NO_ENTRY = {
    filling.fill: "sets values in memory; `load_staff` stores them",
    filling.new_values: "only computes; `load_staff` stores them",
    load_guards.refused_rows: "only looks",
    role_rights.rights_beyond: "only looks",
    staff_guards.check_may_touch: "only looks",
    staff_guards.check_rights_over: "only looks",
    staff_guards.check_not_oneself: "only looks",
    staff_guards.check_has_full_access: "only looks",
    staff_guards.check_within_zone: "only looks",
    staff_guards.check_place: "only looks",
    staff_guards.lacking_rights: "only looks",
    staff_guards.reach_of: "only looks",
    role_giving.check_roles: "only looks",
    decision_rights.check_rights: "only looks",
    decision_rights.check_may_revoke: "only looks",
    decision_rights.beyond_rights: "only looks",
    replan.plan_again: "follows a decision, which has its entry",
}
PART_OF_ANOTHER = {
    lifecycle.record_activation: "is the entry of an activation",
    setting_up.note_setup_begun: "part of matching schools and of saving settings",
    setting_up.note_final: "part of applying a final, which has its entry",
    setting_up.note_undo: "part of applying an undo, which has its entry",
    role_edits.rename_role: "part of `staffimport.services.roles`",
    role_edits.delete_role: "part of `staffimport.services.roles`",
    zone_edits.change_zone: "part of `staffimport.services.zones`",
    zone_edits.delete_zone: "part of `staffimport.services.zones`",
    ties.tie_again: "part of taking a decision back",
}
NOTHING_BUT_THE_ENTRY = {
    lifecycle.ask_for_launch_date,
    leaving.ask_to_leave,
    inquiries.take_bundle,
}
IN_THE_CALLERS_TRANSACTION = {"record_request"}
SEVERAL = {
    verbs.disconnect: {"disconnected district"},
    tokens.rotate_token: {
        "asked Clever for token",
        "replaced Clever token",
    },
    zones.use_no_schools_zone: {"created zone", "saved import settings"},
}


def name_of(verb):
    return f"{verb.__module__}.{verb.__name__}"


def verbs_of_services():
    """Every public function of the services that takes an actor."""
    for package in (schools.services, accounts.services, staffimport.services):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            yield from verbs_of(import_module(module.name))
    yield from verbs_of(verbs)


def verbs_of(module):
    for name, thing in inspect.getmembers(module, inspect.isfunction):
        is_own = thing.__module__ == module.__name__ and not name.startswith("_")
        if is_own and "actor" in inspect.signature(thing).parameters:
            yield thing


@pytest.fixture
def world(db, monkeypatch, sent):
    return make_world(monkeypatch)


@pytest.fixture
def appended():
    """Notes for each entry how deep in transactions it was written."""
    depths = []

    def look(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "schools_auditentry"'):
            depths.append(len(connection.savepoint_ids))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield depths


def test_every_verb_is_in_the_table_or_says_why_not():
    told = DEEDS.keys() | WRITES_NO_ENTRY.keys() | PART_OF_ANOTHER.keys()

    assert {name_of(v) for v in verbs_of_services()} == {name_of(v) for v in told}


@pytest.mark.parametrize("verb", DEEDS, ids=name_of)
def test_a_deed_is_in_the_trail_with_who_and_from_where(world, appended, verb):
    deed = DEEDS[verb](world)
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    appended.clear()
    depth = len(connection.savepoint_ids)

    deed()

    entries = list(AuditEntry.objects.exclude(pk__in=before))
    assert {(e.actor_id, e.actor_name, e.address) for e in entries} == {
        (world.dana.user_id, "Dana Whitfield", "10.0.0.7")
    }
    assert all(entry.verb and entry.district_id for entry in entries)
    if verb in SEVERAL:
        assert {entry.verb for entry in entries} == SEVERAL[verb]
    else:
        assert len(entries) == 1
    alone = verb in NOTHING_BUT_THE_ENTRY
    by_caller = verb.__name__ in IN_THE_CALLERS_TRANSACTION
    assert all(each > depth for each in appended) or alone or by_caller
