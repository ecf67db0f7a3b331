"""The audit trail tells of an import that it was applied, and what it did."""

import pytest

from accounts.models import StaffAccount
from schools.audit import SCHEDULE, Actor
from staffimport.services.start import start_final, start_sync
from staffimport.services.undo import start_undo
from staffimport.tests.building import DANA
from staffimport.tests.running import carry_out

pytestmark = pytest.mark.django_db


def told(district):
    entries = district.audit_entries.filter(verb="applied").order_by("pk")
    return [(entry.actor_name, entry.target, entry.note) for entry in entries]


def test_a_final_import_tells_what_it_did(imported):
    run = imported.import_runs.get(kind="final")

    assert told(imported) == [(DANA.name, str(run), "Accounts: 32 created.")]


def test_whoever_asked_for_the_import_did_from_where_they_did(tested):
    asking = Actor("Sam Ortiz", address="10.0.0.9")

    carry_out(lambda district, _, send: start_final(district, asking), tested)

    told = tested.audit_entries.filter(actor_name="Sam Ortiz").order_by("pk")
    assert [(entry.verb, entry.address) for entry in told] == [
        ("started", "10.0.0.9"),
        ("applied", "10.0.0.9"),
        ("made ready for launch", "10.0.0.9"),
    ]


def test_a_sync_is_told_of_where_it_changed_an_account(imported):
    carry_out(start_sync, imported)
    assert len(told(imported)) == 1
    tied = StaffAccount.objects.exclude(clever_id="").order_by("pk")
    tied.filter(pk=tied[0].pk).delete()
    tied.filter(pk=tied[0].pk).update(last_name="Other", pinned_fields=[])

    run = carry_out(lambda district, _, send: start_sync(district, SCHEDULE), imported)

    assert told(imported)[1:] == [
        ("Schedule", str(run), "Accounts: 1 created, 1 updated.")
    ]


def test_an_undo_tells_what_it_took_back(imported):
    final = imported.import_runs.get(kind="final")

    undo = carry_out(lambda d, actor, send: start_undo(final, actor), imported)

    assert told(imported)[1:] == [(DANA.name, str(undo), f"{final} is taken back.")]


def test_a_test_is_applied_to_nothing_and_not_told_of(tested):
    assert told(tested) == []
