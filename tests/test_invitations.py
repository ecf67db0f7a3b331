"""Whom a final invites in a district with every kind of dirt, mails included."""

from collections import Counter

import pytest
from django.core import mail

from accounts.invitation_mail import send_waiting
from accounts.models import Invitation, StaffAccount
from clever.standin import Standin
from schools.models import District
from staffimport.models import ImportResult, ImportRun
from tests.stage import done, kept, make_stage, served_by

State = Invitation.State


@pytest.fixture(scope="module")
def final(django_db_setup, django_db_blocker, tmp_path_factory):
    """The primary key of a final that created everybody, without Clever SSO."""
    folder = tmp_path_factory.mktemp("messy")
    with (
        Standin("messy") as standin,
        served_by(standin),
        kept(django_db_blocker, "mails"),
        django_db_blocker.unblock(),
    ):
        stage = make_stage("mails", standin, "messy", folder)
        stage.load()
        StaffAccount.objects.filter(district__slug="mails").delete()
        District.objects.filter(slug="mails").update(uses_sso=False)
        for kind in ("test", "final"):
            stage.import_staff(kind)
        done("import_results", newest().pk, "--json", folder / "final.json")
        yield newest().pk


def newest():
    return ImportRun.objects.filter(district__slug="mails").latest("pk")


@pytest.fixture
def run(final, db):
    return ImportRun.objects.get(pk=final)


def invitations(run, *states):
    return Invitation.objects.filter(district=run.district, state__in=states)


def test_as_many_are_invited_as_the_run_says(run):
    assert run.kind == "final"
    assert run.counts["invitations"] > 10
    waiting = invitations(run, State.WAITING).count()
    assert waiting == run.counts["invitations"]


def test_everybody_new_is_invited_or_listed_with_a_reason_and_once(run):
    created = run.results.filter(
        outcome=ImportResult.Outcome.CREATED, state=ImportResult.State.APPLIED
    )
    new = set(created.values_list("clever_id", flat=True))

    people = list(Invitation.objects.filter(district=run.district))

    assert {invitation.person for invitation in people} == new
    assert len(people) == len(new)
    unmailed = [i.problem for i in people if i.state == State.UNMAILED]
    assert len(unmailed) > 2
    for words in ("No e-mail in Clever", "is no e-mail address", "is shared by"):
        assert any(words in problem for problem in unmailed), words


def test_each_address_gets_one_mail(run):
    send_waiting(run.district_id)

    got = Counter(address for message in mail.outbox for address in message.to)
    assert set(got.values()) == {1}
    sent = invitations(run, State.SENT)
    assert len(mail.outbox) == sent.count() == run.counts["invitations"]
