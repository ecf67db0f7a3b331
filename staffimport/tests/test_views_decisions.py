"""The page of the decisions that stand, and taking them back."""

import pytest
from django.urls import reverse

from staffimport.core.tests.builders import teacher
from staffimport.models import MatchDecision
from staffimport.tests.building import decide_on
from staffimport.tests.planned import account_of, plan_waiting, planned_test
from staffimport.views import decisions as view
from tests.cast import make_admin, make_district, make_match, make_school, signed_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


@pytest.fixture
def lincoln(oak):
    return make_match(make_school(oak)).school


@pytest.fixture
def account(lincoln):
    return account_of(lincoln)


def shown(client, query=""):
    page = client.get(f"{reverse('staffimport:decisions')}?{query}")
    return page, page.content.decode()


def take_back(client, *decisions, headers=None, **sent):
    return client.post(
        reverse("staffimport:take_back"),
        {"decision": [decision.pk for decision in decisions], **sent},
        headers=headers or {},
        follow=True,
    )


def test_a_decision_stands_with_who_when_note_and_what_it_does(client, oak, account):
    other = account_of(account.school, email="other@oak.example")
    decide_on(oak, "keep_one", account, "p1", note="HR says so.", others=[other])

    _, page = shown(client)

    for words in (
        "Keep this one, archive the other",
        "“HR says so.”",
        "Lee, Ana",
        "old@oak.example, Lincoln High School",
        "Matched with each other; other@oak.example is archived.",
        "Dana Whitfield",
        "Today,",
    ):
        assert words in page


def test_a_decision_leads_to_the_row_that_shows_it(client, oak, lincoln, account):
    here = lincoln.match.clever_school.clever_id
    planned_test(oak, [teacher("p1", here)])
    decide_on(oak, "same_person", account, "p1")
    run = plan_waiting(oak)

    _, page = shown(client)

    row = run.results.get(account_id=account.pk)
    assert reverse("staffimport:row", args=[run.pk, row.pk]) in page


def test_a_decision_about_an_account_that_is_gone_does_nothing(client, oak, account):
    decide_on(oak, "leave_alone", account)
    account.delete()

    _, page = shown(client)

    assert "Lee, Ana" in page
    assert "The account was removed since, so the decision does nothing." in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Núñez, Ana", "Lee, Ana"]),
        ("kind=leave_alone", ["Lee, Ana"]),
        ("q=nunez", ["Núñez, Ana"]),
        ("q=old@oak", ["Lee, Ana"]),
        ("q=coach", ["Lee, Ana"]),
        ("q=nobody", []),
        ("q=n%00unez", ["Núñez, Ana"]),
        ("kind=nonsense&page=99999999999999999999", ["Núñez, Ana", "Lee, Ana"]),
    ],
)
def test_decisions_are_found_by_kind_and_by_name(client, oak, account, query, names):
    decide_on(oak, "leave_alone", account, note="A coach.")
    nunez = account_of(account.school, last_name="Núñez", email="n@oak.example")
    decide_on(oak, "not_same", nunez, "p1")

    page, _ = shown(client, query)

    assert [line.name for line in page.context["page"].lines] == names


def test_pages_lead_on_and_back(client, oak, lincoln):
    for number in range(51):
        decide_on(oak, "leave_alone", account_of(lincoln, email=f"{number}@x.org"))

    first, text = shown(client, "kind=leave_alone")
    second, _ = shown(client, "kind=leave_alone&page=2")

    assert "?kind=leave_alone&amp;page=2" in text
    counts = [len(page.context["page"].lines) for page in (first, second)]
    assert counts == [50, 1]


def test_a_decision_taken_back_is_folded_below(client, oak, account):
    decide_on(oak, "leave_alone", account)

    page = take_back(client, MatchDecision.objects.get(), page="kind=leave_alone")

    text = page.content.decode()
    assert page.redirect_chain[-1][0] == "/decisions/?kind=leave_alone"
    assert "“Never in Clever: leave alone” is taken back." in text
    assert "1 decision taken back" in text


def test_taking_back_plans_the_newest_test_again(client, oak, lincoln, account):
    planned_test(oak, [])
    decide_on(oak, "leave_alone", account)
    plan_waiting(oak)

    page = take_back(client, MatchDecision.objects.get())

    assert "The test is being planned again" in page.content.decode()
    run = plan_waiting(oak)
    assert run.results.get(account_id=account.pk).outcome == "inactive"


def test_several_are_taken_back_at_once(client, oak, lincoln):
    made = [
        decide_on(oak, "leave_alone", account_of(lincoln, email=f"{n}@x.org"))[0]
        for n in range(3)
    ]

    page = take_back(client, *made[:2])

    assert "2 decisions are taken back." in page.content.decode()
    assert MatchDecision.objects.filter(revoked_at=None).get() == made[2]


def test_taking_nothing_back_says_what_to_do(client, oak):
    assert view.TICK_FIRST in take_back(client).content.decode()


def test_a_decision_taken_back_meanwhile_is_said(client, oak, account):
    decide_on(oak, "leave_alone", account)
    decision = MatchDecision.objects.get()
    take_back(client, decision)

    page = take_back(client, decision)

    assert "This decision was taken back already." in page.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_decision_is_taken_back_in_the_rows_story(
    client, oak, lincoln, account, headers
):
    planned_test(oak, [])
    decide_on(oak, "leave_alone", account)
    run = plan_waiting(oak)
    row = run.results.get(account_id=account.pk)

    page = take_back(
        client,
        MatchDecision.objects.get(),
        from_run=run.pk,
        from_row=row.pk,
        page="q=lee&at=1",
        headers=headers,
    )

    text = page.content.decode()
    assert "“Never in Clever: leave alone” is taken back." in text
    assert ("<html" in text) is not bool(headers)


def test_another_districts_decisions_are_unseen_and_stay(client, oak):
    elm = make_district("elm")
    account = account_of(make_school(elm), last_name="Elmer")
    [decision] = decide_on(elm, "leave_alone", account)

    _, page = shown(client)
    take_back(client, decision)

    assert "Elmer" not in page
    decision.refresh_from_db()
    assert decision.revoked_at is None


def test_without_decisions_the_page_says_where_to_make_one(client, oak):
    _, page = shown(client)

    assert "Nothing is decided yet" in page
