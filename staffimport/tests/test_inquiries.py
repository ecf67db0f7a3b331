"""Replays and redacted bundles: asked for by support, answered by a worker."""

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from accounts.models import StaffAccount
from schools.audit import Actor
from staffimport import tasks
from staffimport.core.snapshot import RosterPerson
from staffimport.errors import NotReady
from staffimport.inquiries import replay
from staffimport.inquiries.answering import UNEXPECTED, answer
from staffimport.inquiries.bundle import read_bundle
from staffimport.models import (
    FieldDrift,
    ImportResult,
    ImportRun,
    ImportSettings,
    Inquiry,
    RosterSnapshot,
)
from staffimport.services.inquiries import ask
from staffimport.services.start import start_final, start_sync, start_test
from staffimport.store.settings import make_settings
from staffimport.tests.building import make_district, make_school
from staffimport.tests.planned import account_of, crowd, planned_test
from staffimport.tests.running import carry_out

KIM = Actor("Kim Marsh", address="203.0.113.9")
REPLAY, BUNDLE = Inquiry.Kind.REPLAY, Inquiry.Kind.BUNDLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(sent):
    return make_school(make_district("oak"))


def staff(school, number, **fields):
    return RosterPerson(
        f"p{number}",
        is_staff=True,
        staff_schools=(f"clever-{school.pk}",),
        **{"first": "Ana", "last": f"Lee{number}", **fields},
    )


@pytest.fixture
def run(school):
    """A test: Ana Lee0 is new, Bo Lee1 has an account, Cy Gone is not in Clever."""
    crowd(school)
    held = [staff(school, f"c{n}", last=f"Crowd{n}") for n in range(40)]
    held = [
        msgspec.structs.replace(one, clever_id=f"crowd{n}")
        for n, one in enumerate(held)
    ]
    account_of(school, first_name="Bo", last_name="Lee1", email="bo@oak.example")
    account_of(school, first_name="Cy", last_name="Gone", email="cy@oak.example")
    people = [staff(school, 0), staff(school, 1, first="Bo", email="bo@oak.example")]
    return planned_test(school.district, [*people, *held])


def answered(run, kind=REPLAY):
    inquiry = ask(run, kind, KIM)
    answer(inquiry.pk)
    inquiry.refresh_from_db()
    return inquiry


def told(inquiry):
    """The summary of a replay, and the differences."""
    assert inquiry.state == "answered", inquiry.error
    summary = msgspec.convert(inquiry.summary, replay.Summary)
    return summary, replay.read(bytes(inquiry.content))


def test_a_replay_right_after_the_run_differs_in_nothing(run):
    summary, differing = told(answered(run))

    assert summary.counts == run.counts
    assert (summary.differences, summary.same) == ({}, run.results.count())
    assert (summary.is_compared, summary.is_as_then) == (True, True)
    assert differing == []


def test_a_replay_tells_what_differs_by_now_and_why(run, school):
    bo = StaffAccount.objects.get(first_name="Bo")
    bo.last_name = "Other"
    bo.save()
    StaffAccount.objects.filter(first_name="Cy").update(origin="manual")

    summary, differing = told(answered(run))

    by_name = {each.name: each for each in differing}
    gone = by_name["Gone, Cy"]
    assert (gone.stored.outcome, gone.replayed.outcome) == ("inactive", "skipped")
    assert gone.replayed.reason == (
        "Added by hand in Naviance and not in Clever: left alone."
    )
    assert gone.place == "School 1"
    assert summary.differences["another_outcome"] == 2
    assert summary.same == run.results.count() - 2


def test_a_replay_says_that_settings_have_changed(run):
    chosen = make_settings(run.district)
    chosen.keywords.create(position=0, keyword="clerk")

    summary, _ = told(answered(run))

    assert not summary.is_as_then


def everything(district):
    return [
        list(model.objects.order_by("pk").values())
        for model in (
            *(StaffAccount, ImportRun, ImportResult, ImportSettings),
            *(RosterSnapshot, FieldDrift),
        )
    ]


@pytest.mark.parametrize("kind", [REPLAY, BUNDLE])
def test_an_answer_changes_nothing_but_the_audit_trail(run, kind):
    before = everything(run.district)

    assert answered(run, kind).state == "answered"

    assert everything(run.district) == before
    entry = run.district.audit_entries.get(actor_name="Kim Marsh")
    words = {REPLAY: "asked for a replay", BUNDLE: "asked for a redacted bundle"}
    assert (entry.verb, entry.target) == (words[kind], str(run))
    assert entry.address == "203.0.113.9"


@pytest.mark.parametrize("start", [start_final, start_sync])
def test_a_run_that_was_applied_is_replayed_on_todays_accounts(imported, start):
    run = imported.import_runs.get(kind="final")
    if start is start_sync:
        run = carry_out(start_sync, imported)

    summary, _ = told(answered(run))

    # A sync keeps no rows of those to whom nothing happens.
    is_final = start is start_final
    assert summary.is_compared == is_final
    assert summary.counts["matched"] == 32
    assert (summary.is_applied, bool(summary.done)) == (True, is_final)


@pytest.fixture
def final(imported):
    """A final import that made an account inactive and another anew."""
    accounts = StaffAccount.objects
    accounts.create(
        district=imported,
        first_name="Gus",
        last_name="Gone",
        email="gone@maple.example",
    )
    accounts.filter(pk=accounts.exclude(clever_id="").order_by("pk")[0].pk).delete()
    carry_out(start_test, imported)
    run = carry_out(start_final, imported)
    wrote = run.results.filter(state="applied", writes=True)
    assert set(wrote.values_list("outcome", flat=True)) == {"created", "inactive"}
    return run


def test_what_an_import_did_itself_is_no_difference_in_its_replay(final):
    wrote = final.results.filter(state="applied", writes=True)

    summary, differing = told(answered(final))

    assert summary.done >= wrote.count() > 0
    assert (differing, summary.differences) == ([], {})


def test_what_an_import_holds_since_is_no_difference_in_its_replay(imported):
    """It is held as an earlier import's then, which is another reason."""
    facts = {
        "district": imported,
        "school": imported.staff_accounts.exclude(school=None)[0].school,
        "user_role": imported.user_roles.create(name="Archivist"),
    }
    for name in ("Mia", "Ned"):  # all that hold the role at their school
        StaffAccount.objects.create(**facts, first_name=name, last_name="Gone")
    carry_out(start_test, imported)
    run = carry_out(start_final, imported)
    StaffAccount.objects.filter(first_name="Mia").update(user_role=None)

    summary, differing = told(answered(run))

    held = run.results.filter(state="held", outcome="inactive")
    assert summary.done >= held.count() == 2
    assert differing == []


def test_what_changed_since_an_import_differs_in_its_replay(final):
    wrote = final.results.filter(state="applied", writes=True)
    gone, other = (
        wrote.filter(outcome="inactive")[0],
        wrote.filter(outcome="created")[0],
    )
    accounts = StaffAccount.objects
    accounts.filter(pk=gone.account_id).delete()
    accounts.filter(pk=other.account_id).update(job_title="Somebody else's")

    _, differing = told(answered(final))

    assert {each.name.partition(",")[0] for each in differing} == {
        *(gone.last_name, other.last_name),
    }


def test_an_import_that_was_taken_back_is_compared_as_it_was(final):
    ImportRun.objects.filter(pk=final.pk).update(undone_at=timezone.now())
    final.refresh_from_db()

    summary, _ = told(answered(final))

    assert (summary.is_applied, summary.done) == (False, 0)


def test_a_failed_run_is_replayed_without_a_comparison(run):
    run.results.all().delete()
    ImportRun.objects.filter(pk=run.pk).update(state="failed")
    run.refresh_from_db()

    summary, differing = told(answered(run))

    assert (summary.is_compared, differing) == (False, [])
    assert summary.counts["created"] == 1


def test_of_each_kind_only_so_many_differences_are_kept_but_all_counted(
    run, monkeypatch
):
    monkeypatch.setattr(replay, "KEPT_OF_A_KIND", 3)
    StaffAccount.objects.filter(last_name__startswith="Crowd").delete()

    summary, differing = told(answered(run))

    assert summary.differences["another_outcome"] == 40
    assert len([e for e in differing if e.kind == "another_outcome"]) == 3


def test_a_run_whose_pull_is_gone_gets_no_replay_but_a_bundle_without_input(run):
    run.snapshot.delete()
    run.refresh_from_db()

    with pytest.raises(NotReady, match="no longer kept"):
        ask(run, REPLAY, KIM)
    given, rows = read_bundle(bytes(answered(run, BUNDLE).content))

    assert given is None
    assert len(rows) == run.results.count() > 0


def test_a_pull_removed_before_the_answer_fails_with_a_sentence(run):
    inquiry = ask(run, REPLAY, KIM)
    run.snapshot.delete()

    answer(inquiry.pk)

    inquiry.refresh_from_db()
    assert inquiry.state == "failed"
    assert "no longer kept" in inquiry.error


def test_a_fault_ends_the_inquiry_with_a_sentence(run, monkeypatch):
    monkeypatch.setattr("staffimport.inquiries.replay.plan", lambda given: 1 / 0)

    inquiry = answered(run)

    assert (inquiry.state, inquiry.error) == ("failed", UNEXPECTED)


def test_a_run_that_goes_on_is_not_asked_about(run):
    ImportRun.objects.filter(pk=run.pk).update(state="running")
    run.refresh_from_db()

    with pytest.raises(NotReady, match="has not ended yet"):
        ask(run, BUNDLE, KIM)


def test_what_is_under_way_is_not_asked_twice_and_then_replaced(
    run, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = ask(run, REPLAY, KIM)
        again = ask(run, REPLAY, KIM)
    assert again == first
    assert sent() == [("answer_inquiry", first.pk)]

    answer(first.pk)
    second = ask(run, REPLAY, KIM)

    assert list(run.inquiries.all()) == [second]


def test_what_a_dead_worker_left_is_asked_anew(run):
    dead = ask(run, REPLAY, KIM)
    long_ago = timezone.now() - timedelta(minutes=16)
    Inquiry.objects.update(state="running", asked_at=long_ago)

    assert ask(run, REPLAY, KIM) != dead


def test_the_sweeper_says_that_a_dead_worker_gives_no_answer(run):
    dead, alive = ask(run, REPLAY, KIM), ask(run, BUNDLE, KIM)
    now = timezone.now()
    for inquiry, minutes in ((dead, 16), (alive, 14)):
        begun_at = now - timedelta(minutes=minutes)
        Inquiry.objects.filter(pk=inquiry.pk).update(state="running", begun_at=begun_at)

    tasks.sweep_runs()

    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, alive.state) == ("failed", "running")
    assert dead.error.startswith("The program that answered this stopped in the middle")


def test_the_sweeper_sends_an_inquiry_whose_message_was_lost(run, sent):
    lost = ask(run, REPLAY, KIM)
    sent()
    Inquiry.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    ask(run, BUNDLE, KIM)

    tasks.sweep_runs()

    assert sent() == [("answer_inquiry", lost.pk)]


def test_an_inquiry_is_answered_once(run, monkeypatch):
    inquiry = answered(run)
    monkeypatch.setattr(
        "staffimport.inquiries.answering.replay", lambda run: pytest.fail("Again.")
    )

    tasks.answer_inquiry(inquiry.pk)

    inquiry.refresh_from_db()
    assert inquiry.state == "answered"


def test_answers_are_kept_for_a_week(run):
    old, new = answered(run), answered(run, BUNDLE)
    Inquiry.objects.filter(pk=old.pk).update(
        asked_at=timezone.now() - timedelta(days=8)
    )

    tasks.clean_snapshots()

    assert list(Inquiry.objects.all()) == [new]
