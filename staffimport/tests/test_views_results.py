import csv
import io

import pytest
from django.urls import reverse

from accounts.models import StaffAccount
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
def run(oak, lincoln):
    """A test with one row for each thing a filter can ask for."""
    run = make_run(oak)
    make_rows(
        run,
        {"last_name": "Held", "outcome": "inactive", "state": "held",
         "held_reason": "brake", "reason_code": "not_in_clever", "matched_by": "",
         "clever_id": ""},
        {"last_name": "Conflict", "outcome": "conflict", "matched_by": ""},
        {"last_name": "Counselor", "outcome": "created", "keyword": "counselor",
         "school": lincoln, "reason_code": "new", "matched_by": "", "writes": True},
        {"last_name": "Default", "outcome": "created", "reason_code": "default_role",
         "level": "district", "matched_by": "", "gets_invitation": True},
        {"last_name": "Castañeda", "first_name": "José", "writes": True,
         "reason_code": "changes", "email": "jose.castaneda@oak.example",
         "changes": {"job_title": ["Teacher", "Teacher, Spanish"]}},
        {"last_name": "Same", "matched_by": "clever_id"},
    )  # fmt: skip
    return run


def shown(client, run, query=""):
    """The last names a page shows, in its order."""
    page = client.get(f"{reverse('staffimport:run', args=[run.pk])}?{query}")
    return [line.row.last_name for line in page.context["lines"]]


def test_held_rows_come_first_and_each_row_has_its_reason(client, run):
    page = client.get(reverse("staffimport:run", args=[run.pk]))

    names = [line.row.last_name for line in page.context["lines"]]
    assert names == ["Held", "Conflict", "Counselor", "Default", "Castañeda", "Same"]
    assert page.content.decode().count("Nothing changes.") == 6
    assert "<strong>1 row is held.</strong>" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("outcome=created", ["Counselor", "Default"]),
        ("state=held", ["Held"]),
        ("school=district", ["Default"]),
        ("keyword=counselor", ["Counselor"]),
        ("keyword=-", ["Default"]),
        ("matched_by=clever_id", ["Same"]),
        ("reason=brake", ["Held"]),
        ("reason=changes", ["Castañeda"]),
        ("changed=true", ["Castañeda"]),
        ("emailed=true", ["Default"]),
        ("q=castaneda", ["Castañeda"]),
        ("q=José+CASTAÑEDA", ["Castañeda"]),
        ("q=jose.castaneda@oak.example", ["Castañeda"]),
        ("outcome=created&keyword=counselor&q=jordan", ["Counselor"]),
        ("outcome=created&q=nobody", []),
        (f"school={'9' * 5000}&after={'9' * 30}&outcome=nonsense&changed=false",
         ["Held", "Conflict", "Counselor", "Default", "Castañeda", "Same"]),
        ("outcome=nonsense&school=x&after=x&last_name=1",
         ["Held", "Conflict", "Counselor", "Default", "Castañeda", "Same"]),
    ],
)  # fmt: skip
def test_a_filter_leaves_what_it_asks_for(client, run, query, names):
    assert shown(client, run, query) == names


def test_a_school_is_filtered_by_its_key(client, run, lincoln):
    assert shown(client, run, f"school={lincoln.pk}") == ["Counselor"]


def test_chips_count_outcomes_and_held_apart(client, run):
    page = client.get(reverse("staffimport:run", args=[run.pk]))

    chips = {chip.word: chip.count for chip in page.context["chips"]}
    assert chips == {
        "All rows": 6,
        "Created": 2,
        "Matched": 2,
        "Inactive": 1,
        "Reactivated": 0,
        "Conflict": 1,
        "Relink": 0,
        "Skipped": 0,
        "Held": 1,
    }


def test_a_filter_that_finds_nothing_offers_to_clear_it(client, run):
    page = client.get(f"{reverse('staffimport:run', args=[run.pk])}?q=nobody")

    assert "No rows fit this filter" in page.content.decode()
    assert "Clear the filter" in page.content.decode()


@pytest.fixture
def long_run(oak):
    run = make_run(oak)
    make_rows(run, *({"outcome": "created"} for _ in range(120)))
    return run


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
    assert [p.first for p in (first, second, third, back, last)] == [1, 51, 101, 51, 71]
    assert {p.total for p in (first, second, third, back, last)} == {120}
    assert (first.previous, third.next, last.next) == ("", "", "")


def test_a_page_costs_the_same_queries_however_many_rows(
    client, long_run, run, django_assert_max_num_queries
):
    for each in (run, long_run):
        client.get(reverse("staffimport:run", args=[each.pk]))  # counts it once

        # Session, user, account, run, held groups, rows, schools; then what the gate
        # of a final reads, for the newest test alone.
        with django_assert_max_num_queries(18):
            client.get(reverse("staffimport:run", args=[each.pk]))


def test_a_row_opens_to_its_story_and_closes_again(client, run):
    row = run.results.get(last_name="Castañeda")
    url = reverse("staffimport:row", args=[run.pk, row.pk])

    opened = client.get(url).content.decode()
    closed = client.get(f"{url}?close=1").content.decode()

    assert "<del>Teacher</del>" in opened
    assert "<ins>Teacher, Spanish</ins>" in opened
    assert 'aria-expanded="true"' in opened
    assert "story" not in closed
    assert 'aria-expanded="false"' in closed


def test_a_row_opens_in_its_page_without_the_script(client, run):
    row = run.results.get(last_name="Castañeda")

    page = client.get(f"{reverse('staffimport:run', args=[run.pk])}?row={row.pk}")

    assert page.content.decode().count('class="story"') == 1


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


def test_csv_holds_what_the_filter_leaves(client, run):
    url = reverse("staffimport:csv", args=[run.pk])

    answer = client.get(f"{url}?outcome=created")

    text = b"".join(answer.streaming_content).decode()
    names = [row["last_name"] for row in csv.DictReader(io.StringIO(text))]
    assert names == ["Counselor", "Default"]
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="oak-run-{run.pk}-results.csv"'
    )


def test_xlsx_is_a_workbook(client, run):
    answer = client.get(reverse("staffimport:xlsx", args=[run.pk]))

    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert f"oak-run-{run.pk}-results.xlsx" in answer.headers["Content-Disposition"]
