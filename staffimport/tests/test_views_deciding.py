"""Deciding on a run's page: a row, many rows, and the plan that follows."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from accounts.models import User
from schools.audit import Actor
from staffimport.core.tests.builders import staff, teacher
from staffimport.models import ImportRun, MatchDecision
from staffimport.tests.building import decide_on
from staffimport.tests.planned import account_of, crowd, plan_waiting, planned_test
from staffimport.views import deciding, rows
from tests.cast import (
    make_admin,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
    signed_in,
)

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
def pair(oak, lincoln):
    """A test with a new person and an account held as a pair, and a crowd matched."""
    account_of(lincoln)
    here = lincoln.match.clever_school.clever_id
    people = [
        staff(a.clever_id, here, first=a.first_name, last=a.last_name, email=a.email)
        for a in crowd(lincoln)
    ]
    return planned_test(oak, [teacher("p1", here), *people])


@pytest.fixture
def leavers(oak, lincoln):
    """A test in which three accounts would become inactive."""
    for number in range(3):
        account_of(lincoln, last_name=f"Gone{number}", email=f"g{number}@oak.example")
    here = lincoln.match.clever_school.clever_id
    people = [
        staff(a.clever_id, here, first=a.first_name, last=a.last_name, email=a.email)
        for a in crowd(lincoln)
    ]
    return planned_test(oak, people)


def created(run):
    return run.results.get(clever_id="p1")


def inactive(run):
    return run.results.filter(outcome="inactive").order_by("position")


def post_row(client, row, choice, *, headers=None, **sent):
    url = reverse("staffimport:decide_row", args=[row.run_id, row.pk])
    return client.post(url, {"choice": choice, **sent}, headers=headers or {})


def same(run):
    return f"same_person:{inactive(run)[0].account_id}"


def standing():
    return MatchDecision.objects.filter(revoked_at=None)


# One row


def test_a_decision_is_kept_with_its_note_and_the_row_says_so(client, oak, pair):
    answer = post_row(
        client, created(pair), same(pair), note="Married.", headers=HTMX, page="at=3"
    )

    [decision] = standing()
    assert (decision.kind, decision.clever_id) == ("same_person", "p1")
    assert (decision.note, decision.person_name) == ("Married.", "Ana Lee")
    assert decision.decided_by_name == "Dana Whitfield"
    page = answer.content.decode()
    assert "The test is being planned again with it" in page
    assert '<input type="hidden" name="at" value="3" data-decided>' in page
    assert answer.headers["HX-Trigger-After-Settle"] == '{"decided": {}}'
    assert oak.import_runs.get(state="queued").is_repeat


def test_without_the_script_the_same_page_shows_the_row_again(client, pair):
    row = created(pair)

    answer = post_row(client, row, same(pair), page="state=held&sort=person")

    url = reverse("staffimport:run", args=[pair.pk])
    assert answer.url == f"{url}?state=held&sort=person&row={row.pk}#row-{row.pk}"
    page = client.get(answer.url).content.decode()
    assert "The test is being planned again with your decisions." in page
    assert "This is the same person.</strong> Decided by Dana Whitfield" in page


def test_a_second_click_decides_nothing_more(client, oak, pair):
    for _ in range(2):
        post_row(client, created(pair), same(pair), headers=HTMX)

    assert MatchDecision.objects.count() == 1
    assert oak.import_runs.filter(state="queued").count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_can_not_be_decided_is_refused_and_the_note_kept(client, pair, headers):
    for choice in ("keep_one:nobody", "same_person:", "", "leave_alone:1:2"):
        answer = post_row(
            client, created(pair), choice, note="Typed at length.", headers=headers
        )

        page = answer.content.decode()
        assert deciding.NO_LONGER in page
        assert 'value="Typed at length."' in page
    assert not standing().exists()


def test_a_colleagues_decision_at_the_same_moment_is_said(client, oak, pair):
    account = oak.staff_accounts.get(last_name="Lee")
    decide_on(oak, "not_same", account, "p1", by=Actor("Lee Ortiz"))

    page = post_row(client, created(pair), same(pair), headers=HTMX).content.decode()

    # The newest word wins, and the row tells whose it is.
    assert [d.kind for d in standing()] == ["same_person"]
    assert "Decided by Dana Whitfield" in page


def test_rows_of_another_district_are_nobodys_to_decide(client, pair):
    elm = make_district("elm")
    [row] = make_rows(make_run(elm), {"outcome": "inactive"})

    assert post_row(client, row, f"leave_alone:{row.account_id}").status_code == 404
    url = reverse("staffimport:decide_row", args=[pair.pk, row.pk])
    client.post(url, {"choice": f"leave_alone:{row.account_id}"})
    assert not standing().exists()


def test_nothing_is_decided_about_the_rows_of_an_undo(client, oak):
    undo = make_run(oak, "undo")
    [row] = make_rows(undo, {"outcome": "inactive"})

    post_row(client, row, f"leave_alone:{row.account_id}")

    assert not standing().exists()


def test_a_decision_on_a_sync_holds_from_the_next_run_on(client, oak, lincoln):
    account = account_of(lincoln)
    sync = make_run(oak, "sync")
    [row] = make_rows(
        sync, {"outcome": "inactive", "account_id": account.pk, "school": lincoln}
    )

    page = post_row(client, row, f"leave_alone:{account.pk}", headers=HTMX)

    assert "It holds from the next run on." in page.content.decode()
    assert not oak.import_runs.filter(state="queued").exists()


def test_a_row_is_a_page_of_its_own_without_the_script(client, pair):
    row = created(pair)

    page = client.get(reverse("staffimport:row", args=[pair.pk, row.pk]))

    assert page.content.decode().count('class="story"') == 1
    assert "<h1>Lee, Ana</h1>" in page.content.decode()


# The plan that follows


def ask_again(client, run, query="", *, page="", headers=None):
    url = reverse("staffimport:again", args=[run.pk])
    here = f"http://testserver{reverse('staffimport:run', args=[run.pk])}?{page}"
    htmx = {**HTMX, "HX-Current-URL": here} if headers is None else headers
    return client.get(f"{url}?{query}", headers=htmx)


def test_while_it_is_planned_the_page_says_so_and_asks_again(client, pair):
    post_row(client, created(pair), same(pair))

    page = ask_again(client, pair).content.decode()

    assert "Waits for its turn" in page
    assert "every 1s" in page


def test_the_new_plan_takes_the_pages_place_and_the_row_keeps_its_own(
    client, oak, pair
):
    row = created(pair)
    post_row(client, row, same(pair))
    run = plan_waiting(oak)

    answer = ask_again(
        client, pair, f"row={row.pk}&at=2", page=f"state=held&row={row.pk}"
    )

    new = created(run)
    location = answer.json() if answer.content else {}
    path = location.get("path") or answer.headers["HX-Location"]
    query = parse_qs(urlsplit(path.split('"path": "')[-1].split('"')[0]).query)
    assert query == {"state": ["held"], "row": [str(new.pk)], "at": ["2"]}
    page = client.get(
        f"{reverse('staffimport:run', args=[run.pk])}"
        f"?outcome=inactive&row={new.pk}&at=0"
    )
    assert "Decided just now" in page.content.decode()
    assert [line.row.pk for line in page.context["lines"]] == [new.pk]


def test_a_page_in_use_is_told_and_left_alone(client, oak, pair):
    post_row(client, created(pair), same(pair))
    run = plan_waiting(oak)

    answer = ask_again(client, pair, "busy=1")

    assert "HX-Location" not in answer.headers
    assert f"Test import {run.pk} has newer results." in answer.content.decode()


def test_without_the_script_a_link_leads_to_the_new_plan(client, oak, pair):
    post_row(client, created(pair), same(pair))
    waiting = ask_again(client, pair, "state=held", headers={})
    run = plan_waiting(oak)
    ready = ask_again(client, pair, "state=held", headers={})

    assert waiting.url == f"{reverse('staffimport:run', args=[pair.pk])}?state=held"
    assert ready.url == f"{reverse('staffimport:run', args=[run.pk])}?state=held"


def test_a_plan_that_failed_is_said_with_a_way_on(client, oak, pair):
    post_row(client, created(pair), same(pair))
    oak.import_runs.filter(state="queued").update(
        state=ImportRun.State.FAILED, error="The disk is full."
    )

    page = ask_again(client, pair).content.decode()

    assert "Your decisions are kept, but the test could not be planned again" in page
    assert "The disk is full." in page
    assert "Run the test again" in page


def test_a_row_of_a_plan_no_longer_kept_leads_to_the_newest(client, oak, pair):
    row = created(pair)
    post_row(client, row, same(pair))
    run = plan_waiting(oak)
    pair.results.all().delete()

    url = reverse("staffimport:row", args=[pair.pk, row.pk])
    answer = client.get(f"{url}?state=held", follow=True)

    assert answer.redirect_chain[-1][0].startswith(f"/runs/{run.pk}/")
    assert rows.GONE in answer.content.decode()


# Many rows


def post_rows(client, run, kind, rows=(), **sent):
    url = reverse("staffimport:decide_rows", args=[run.pk])
    data = {"kind": kind, "row": [row.pk for row in rows], **sent}
    return client.post(url, data, follow=True)


def test_many_accounts_are_left_alone_at_once(client, oak, leavers):
    answer = post_rows(
        client, leavers, "leave_alone", inactive(leavers)[:2], note="Coaches."
    )

    assert [d.note for d in standing()] == ["Coaches.", "Coaches."]
    said = "2 rows decided: Never in Clever: leave alone. The test is being planned"
    assert said in answer.content.decode()
    run = plan_waiting(oak)
    assert run.results.filter(reason_code="left_alone").count() == 2


def test_all_means_every_row_the_filter_leaves(client, leavers):
    post_rows(client, leavers, "leave_alone", all="on", filter="q=gone1")

    assert [d.account_name for d in standing()] == ["Gone1, Ana"]


def test_rows_that_a_decision_says_nothing_of_are_counted(client, pair):
    matched = pair.results.filter(outcome="matched")[:2]

    answer = post_rows(client, pair, "not_same", [created(pair), *matched])

    page = answer.content.decode()
    assert "1 row decided: Not the same." in page
    assert "2 rows: “Not the same” says nothing there, or not of whom." in page
    assert [d.kind for d in standing()] == ["not_same"]


@pytest.mark.parametrize(
    ("used", "other"),
    [
        ({"clever_id": "p1"}, {}),
        ({"user": True}, {}),
        ({"user": True}, {"user": True}),
        ({}, {"status": "inactive", "inactive_cause": "run"}),
        ({"clever_id": "p1"}, {"user": True}),
        ({}, {}),
    ],
)
def test_of_many_conflicts_the_accounts_in_use_are_kept(
    client, oak, lincoln, used, other
):
    made = []
    for number, told in enumerate((used, other)):
        fields = {**told, "email": "p1@x.org"}
        if "user" in told:
            fields["user"] = User.objects.create(first_name=f"Ana {number}")
        made.append(account_of(lincoln, **fields))
    run = make_run(oak)
    [row] = make_rows(
        run,
        {
            "outcome": "conflict",
            "reason_code": "two_accounts",
            "clever_id": "p1",
            "candidates": [str(account.pk) for account in made],
            "school": lincoln,
        },
    )

    page = post_rows(client, run, "keep_one", [row]).content.decode()

    kept = [decision.account_id for decision in standing()]
    if used.keys() == other.keys():
        assert kept == []
        assert "or not of whom. Open it" in page
    else:
        assert kept == [made[0].pk]
        assert standing()[0].other_account_ids == [str(made[1].pk)]


@pytest.mark.parametrize("kind", ["leave_alone", "nonsense", ""])
def test_no_rows_or_an_unknown_decision_is_said(client, pair, kind):
    rows = [] if kind == "leave_alone" else [created(pair)]

    page = post_rows(client, pair, kind, rows)

    assert deciding.TICK_FIRST in page.content.decode()
    assert not standing().exists()


def test_too_many_rows_at_once_are_refused(client, leavers, monkeypatch):
    monkeypatch.setattr(deciding, "MOST_AT_ONCE", 2)

    page = post_rows(client, leavers, "leave_alone", all="on", filter="q=gone")

    assert "More than 2 rows can’t be decided at once." in page.content.decode()
    assert not standing().exists()


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("outcome=created", ["same_person", "not_same"]),
        ("outcome=inactive", ["same_person", "not_same", "leave_alone"]),
        ("outcome=matched", []),
    ],
)
def test_only_what_the_page_has_rows_for_can_be_clicked(client, pair, query, kinds):
    page = client.get(f"{reverse('staffimport:run', args=[pair.pk])}?{query}")

    assert [button.value for button in page.context["bulk_buttons"]] == kinds
