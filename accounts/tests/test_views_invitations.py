"""The console's page of invitations."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, StaffAccount, User
from accounts.searching import search_text
from accounts.tests.by_hand import make
from tests.cast import make_admin, make_district, make_school, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/staff/invitations/"
AGAIN = "/staff/invitations/send-again/"


@pytest.fixture
def oak():
    return make_district("oak", uses_sso=False)


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def invited(district, last_name, state="sent", **changes):
    email = f"{last_name.lower()}@oak.example"
    account = StaffAccount.objects.create(
        district=district,
        school=district.schools.first() or make_school(district),
        clever_id=f"c-{last_name}",
        first_name="Pat",
        last_name=last_name,
        email=email,
        search_text=search_text("Pat", "", last_name, "", email, ""),
    )
    sent = timezone.now() - timedelta(days=1)
    return Invitation.objects.create(
        district=district,
        account=account,
        person=account.clever_id,
        email=email,
        state=state,
        **{"sent_at": sent, "expires_at": sent + timedelta(days=7), **changes},
    )


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def everybody(oak):
    now = timezone.now()
    return {
        "waiting": invited(oak, "Abel", "waiting", sent_at=None, expires_at=None),
        "sent": invited(oak, "Bolt"),
        "expired": invited(oak, "Cole", expires_at=now),
        "used": invited(
            oak,
            "Dunn",
            "used",
            used_at=now,
            used_by=User.objects.create_user("dunn@home.example"),
        ),
        "failed": invited(oak, "Eno", "failed", problem="The mail server refused it."),
        "unmailed": invited(
            oak, "Font", "unmailed", problem="“office@” is no e-mail address."
        ),
    }


def test_everybody_is_listed_with_what_became_of_the_mail(client, everybody):
    page = text_of(client.get(PAGE))

    for name in ("Abel", "Bolt", "Cole", "Dunn", "Eno", "Font"):
        assert f"{name}, Pat" in page
    assert "signs in with dunn@home.example" in page
    assert "The mail server refused it." in page
    assert "“office@” is no e-mail address." in page
    assert "Send the expired one again" in page
    assert "Send the failed one again" in page


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("waiting", "Abel"),
        ("sent", "Bolt"),
        ("expired", "Cole"),
        ("used", "Dunn"),
        ("failed", "Eno"),
        ("unmailed", "Font"),
    ],
)
def test_a_state_shows_its_own(client, everybody, state, name):
    page = client.get(PAGE, {"state": state})

    lines = page.context["page"].lines
    assert [line.invitation.account.last_name for line in lines] == [name]
    assert [line.state for line in lines] == [state]
    counts = {name: count for name, _word, count in page.context["states"]}
    assert counts[state] == 1


def test_a_search_looks_in_names_and_addresses(client, everybody):
    def found(text):
        lines = client.get(PAGE, {"q": text}).context["page"].lines
        return [line.invitation.account.last_name for line in lines]

    assert found("çole pat") == ["Cole"]
    assert found("eno@oak") == ["Eno"]
    assert found("nobody") == []
    assert "Clear the filter" in text_of(client.get(PAGE, {"q": "nobody"}))


def test_one_is_sent_again_and_one_comes_back_to_the_same_place(client, everybody):
    failed = everybody["failed"]

    answer = client.post(AGAIN, {"invitation": failed.pk, "back": "state=failed"})

    failed.refresh_from_db()
    assert failed.state == "waiting"
    assert answer.url == f"{PAGE}?state=failed"
    assert "1 person is e-mailed a new link now." in text_of(client.get(answer.url))


@pytest.mark.parametrize("state", ["expired", "failed"])
def test_all_of_a_state_are_sent_again(client, everybody, state):
    client.post(AGAIN, {"all": state})

    waiting = set(Invitation.objects.filter(state="waiting"))
    assert waiting == {everybody["waiting"], everybody[state]}


def test_why_somebody_is_not_sent_one_is_told(client, everybody):
    StaffAccount.objects.update(email="office@oak.example")

    answer = client.post(AGAIN, {"invitation": everybody["failed"].pk}, follow=True)

    assert "is shared by several people" in text_of(answer)


@pytest.mark.parametrize(
    "sent", [{}, {"invitation": "x"}, {"invitation": "9" * 30}, {"all": "used"}]
)
def test_nonsense_changes_nothing(client, everybody, sent):
    assert client.post(AGAIN, sent).status_code == 302
    assert Invitation.objects.filter(state="waiting").count() == 1


def test_a_link_used_by_somebody_who_is_gone_has_opened_no_other_account(oak, client):
    used = invited(oak, "Ortiz", "used", used_by=None)
    there = make_school(oak, "Eastgate High School")
    StaffAccount.objects.create(
        district=oak, school=there, clever_id=used.account.clever_id
    )

    assert "Eastgate" not in text_of(client.get(PAGE))


def test_a_link_opens_also_what_only_name_and_address_join(oak, client):
    """The page found a person's accounts by Clever id, and the link finds more."""
    one = invited(oak, "Ortiz").account
    two = make(
        oak,
        make_school(oak, "Eastgate High School"),
        first_name=one.first_name,
        last_name=one.last_name,
        email=one.email,
    )
    StaffAccount.objects.filter(pk=one.pk).update(clever_id="")
    assert "Eastgate" in text_of(client.get(PAGE))

    own = User.objects.create_user("pat@oak.example", "a pass phrase")
    StaffAccount.objects.filter(pk=two.pk).update(user=own)
    assert "Eastgate" not in text_of(client.get(PAGE))


def test_another_districts_people_are_not_there(client):
    theirs = invited(make_district("elm", uses_sso=False), "Stranger", "failed")

    client.post(AGAIN, {"invitation": theirs.pk})

    assert "Stranger" not in text_of(client.get(PAGE))
    theirs.refresh_from_db()
    assert theirs.state == "failed"


def test_before_anybody_was_invited_the_page_says_what_comes(client, oak):
    assert "Nobody has been invited yet" in text_of(client.get(PAGE))
    type(oak).objects.update(uses_sso=True)
    assert "nobody is e-mailed" in text_of(client.get(PAGE))


def test_it_takes_the_right_to_manage_the_import(oak):
    client = signed_in(make_admin(oak, rights=()))

    assert client.get(PAGE).status_code == 403
    assert client.post(AGAIN, {"all": "failed"}).status_code == 403


def test_many_take_as_many_queries_as_few(client, oak):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        return len(asked)

    invited(oak, "One")
    few = queries()
    for number in range(60):
        invited(oak, f"P{number}")

    assert queries() == few
    assert reverse("invitations") == PAGE
    assert len(client.get(PAGE, {"page": 2}).context["page"].lines) == 11


def test_who_has_moved_can_be_sent_another_and_who_has_left_cannot(client, oak):
    moved, left = (invited(oak, n, expires_at=timezone.now()) for n in ("Ito", "Joy"))
    StaffAccount.objects.update(status="inactive")
    StaffAccount.objects.create(
        district=oak,
        school=make_school(oak, "Elm High School"),
        clever_id=moved.account.clever_id,
        last_name="Ito",
        email="ito@oak.example",
    )
    StaffAccount.objects.filter(user__isnull=False).update(status="active")

    page = text_of(client.get(PAGE))

    assert f'name="invitation" value="{moved.pk}"' in page
    assert f'name="invitation" value="{left.pk}"' not in page
    assert "Elm High School" in page
