"""The results page: what it says of its run, its pages, and what stands in a row."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffAccount
from staffimport.models import ImportResult
from tests.cast import (
    make_admin,
    make_district,
    make_rows,
    make_run,
    make_school,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


@pytest.fixture
def lincoln(oak):
    return make_school(oak)


@pytest.fixture
def long_run(oak):
    run = make_run(oak)
    make_rows(run, *({"outcome": "created"} for _ in range(120)))
    return run


def test_an_applied_run_counts_its_rows_by_state(client, oak):
    run = make_run(oak, "final", applied_at=timezone.now())
    rows = make_rows(
        run,
        {"state": "applied"},
        {"state": "applied"},
        {"state": "held", "held_reason": "brake"},
        {"state": "superseded", "held_reason": "brake"},
        {"outcome": "conflict"},
    )

    def counts():
        page = client.get(reverse("staffimport:run", args=[run.pk]))
        return {chip.word: chip.count for chip in page.context["states"]}

    assert counts() == {"Held": 1, "Applied": 2, "Superseded": 1}

    ImportResult.objects.filter(pk=rows[2].pk).update(state="dismissed")

    assert counts() == {"Held": 0, "Applied": 2, "Dismissed": 1, "Superseded": 1}


def test_a_row_is_opened_and_closed_on_the_page_it_is_on(client, long_run):
    url = reverse("staffimport:run", args=[long_run.pk])
    second = client.get(url).context["page"].next
    row = long_run.results.get(position=60)

    page = client.get(f"{url}?{second}&row={row.pk}")
    fragment = client.get(
        f"{reverse('staffimport:row', args=[long_run.pk, row.pk])}?{second}"
    )

    assert page.content.decode().count('class="story"') == 1
    for html in (page.content.decode(), fragment.content.decode()):
        assert f'href="{url}?{second.replace("&", "&amp;")}"' in html


def test_a_final_says_who_did_it_and_what_changed_since_the_test(client, oak):
    test = make_run(oak)
    final = make_run(
        oak,
        "final",
        base_run=test,
        applied_at=timezone.now(),
        proof={"sentence": "0 of 168 differ; 2 wait for you"},
    )
    changed = {"state": "held", "held_reason": "changed_since_test"}
    make_rows(final, changed, changed, {"state": "held", "held_reason": "brake"})

    page = client.get(reverse("staffimport:run", args=[final.pk])).content.decode()

    assert "started by Dana Whitfield" in page
    assert f"Test import {test.pk}</a>" in page
    assert "Applied today" in page
    assert "0 of 168 differ; 2 wait for you." in page
    assert "2 rows changed since your test</a> and were not applied" in page
    assert "?state=held&amp;reason=changed_since_test" in page


def test_a_sync_says_which_of_its_rows_it_keeps(client, oak):
    sync = make_run(oak, "sync", applied_at=timezone.now())
    make_rows(sync, {"state": "applied"}, {"state": "applied"})
    sync.counts["rows"] = 4812
    sync.save()

    page = client.get(reverse("staffimport:run", args=[sync.pk])).content.decode()

    assert "A sync keeps the rows that change something" in page
    assert "2 of 4,812" in page


def test_pairs_are_one_line_of_what_is_held(client, oak):
    pair = {"state": "held", "held_reason": "pair"}
    run = make_run(oak)
    make_rows(run, {**pair, "outcome": "created"}, {**pair, "outcome": "inactive"})

    page = client.get(reverse("staffimport:run", args=[run.pk])).content.decode()

    assert "<strong>2</strong> in pairs: one created and one inactive" in page


@pytest.mark.parametrize("query", ["", "outcome=created", "q=jordan"])
def test_pages_lead_on_and_back_and_to_the_end(client, long_run, query):
    url = reverse("staffimport:run", args=[long_run.pk])

    def page(place):
        return client.get(f"{url}?{place}").context["page"]

    first = page(query)
    second = page(first.next)
    third = page(second.next)
    back = page(third.previous)
    last = page(first.last)

    positions = [
        [row.position for row in p.rows] for p in (first, second, third, back, last)
    ]
    assert positions == [
        list(range(50)),
        list(range(50, 100)),
        list(range(100, 120)),
        list(range(50, 100)),
        list(range(70, 120)),
    ]
    assert [p.number for p in (first, second, third, back, last)] == [
        1,
        51,
        101,
        51,
        71,
    ]
    assert {p.total for p in (first, second, third, back, last)} == {120}
    assert (first.previous, third.next, last.next) == ("", "", "")


def test_a_page_costs_the_same_queries_however_many_rows(
    client, oak, long_run, django_assert_max_num_queries
):
    short_run = make_run(oak)
    held = {"outcome": "inactive", "state": "held", "held_reason": "brake"}
    make_rows(short_run, held, {"outcome": "created"}, {"outcome": "conflict"})

    for each in (short_run, long_run):
        client.get(reverse("staffimport:run", args=[each.pk]))  # counts it once

        # Session, user, account, run, held groups, rows, schools, what the tabs tell
        # of; then what the gate of a final reads, for the newest test alone.
        with django_assert_max_num_queries(27):
            client.get(reverse("staffimport:run", args=[each.pk]))


def test_a_conflict_names_the_accounts_of_the_district_that_fit(client, oak, lincoln):
    fits = StaffAccount.objects.create(
        district=oak, school=lincoln, first_name="Jordan", email="jlee@oak.example"
    )
    elsewhere = StaffAccount.objects.create(
        district=make_district("elm"), email="secret@elm.example"
    )
    [row] = make_rows(
        make_run(oak),
        {"outcome": "conflict", "candidates": [str(fits.pk), str(elsewhere.pk)]},
    )

    story = client.get(reverse("staffimport:row", args=[row.run_id, row.pk]))

    assert "jlee@oak.example" in story.content.decode()
    assert "secret@elm.example" not in story.content.decode()


def test_what_people_typed_is_never_markup(client, oak):
    [row] = make_rows(make_run(oak), {"last_name": "<script>alert(1)</script>"})

    page = client.get(
        f"{reverse('staffimport:run', args=[row.run_id])}?row={row.pk}&q=script"
    )

    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.content.decode()
