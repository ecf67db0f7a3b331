import csv
import io
from codecs import BOM_UTF8

import pytest
from django.http import QueryDict
from django.urls import reverse

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

    def counts(chips):
        return {chip.word: chip.count for chip in page.context[chips]}

    assert counts("outcomes") == {
        "All rows": 6,
        "Created": 2,
        "Matched": 2,
        "Inactive": 1,
        "Reactivated": 0,
        "Conflict": 1,
        "Relink": 0,
        "Skipped": 0,
    }
    assert counts("states") == {"Held": 1}


def chip(client, run, query, word):
    page = client.get(f"{reverse('staffimport:run', args=[run.pk])}?{query}")
    chips = [*page.context["outcomes"], *page.context["states"]]
    return next(chip for chip in chips if chip.word == word)


@pytest.mark.parametrize(
    ("query", "word", "narrowed"),
    [
        ("", "Held", "state=held"),
        ("outcome=created", "Held", "outcome=created&state=held"),
        ("state=held&q=lee", "Inactive", "q=lee&state=held&outcome=inactive"),
        ("outcome=created&q=lee", "Created", "q=lee"),
        ("outcome=created&state=held&sort=name", "All rows", "sort=name"),
        ("after=50&n=50&row=7&q=lee", "Matched", "outcome=matched&q=lee"),
    ],
)
def test_a_chip_is_a_filter_beside_those_that_are_on(
    client, run, query, word, narrowed
):
    link = chip(client, run, query, word).query

    assert QueryDict(link).dict() == QueryDict(narrowed).dict()


def test_a_chip_of_nothing_is_no_link(client, run):
    page = client.get(reverse("staffimport:run", args=[run.pk])).content.decode()

    assert 'data-kind="relink" aria-disabled="true"' in page
    assert "outcome=relink" not in page


def test_the_filters_that_are_on_are_named_each_with_its_way_out(client, run, lincoln):
    query = f"outcome=created&school={lincoln.pk}&q=lee&changed=true&sort=name&reason=x"
    page = client.get(f"{reverse('staffimport:run', args=[run.pk])}?{query}")

    taken = [(each.name, each.value) for each in page.context["taken"]]
    assert taken == [
        ("Outcome", "Created"),
        ("Search", "“lee”"),
        ("School", "Lincoln High School"),
        ("Matched and changed", "yes"),
    ]
    without_search = QueryDict(page.context["taken"][1].query).dict()
    assert without_search == {
        "outcome": "created",
        "school": str(lincoln.pk),
        "changed": "true",
        "sort": "name",
        "reason": "x",
    }


def test_the_head_that_sorts_says_so(client, run):
    page = client.get(f"{reverse('staffimport:run', args=[run.pk])}?sort=-name&q=o")

    html = page.content.decode()
    assert html.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in html
    names = [line.row.last_name for line in page.context["lines"]]
    assert names == sorted(names, reverse=True)
    assert "by name, Z to A" in html


def test_an_order_and_a_filter_go_on_into_the_files(client, run):
    url = reverse("staffimport:csv", args=[run.pk])

    answer = client.get(f"{url}?sort=-name&outcome=matched")

    text = b"".join(answer.streaming_content).decode()
    names = [row["last_name"] for row in csv.DictReader(io.StringIO(text))]
    assert names == ["Same", "Castañeda"]


def test_the_manuals_table_of_results_stands_beside_them(client, run):
    page = client.get(reverse("staffimport:run", args=[run.pk])).content.decode()

    for words in (
        "Result</th>",
        "Explanation</th>",
        "Possible Scenarios</th>",
        "Staffs exist in Naviance, but does not exist in Clever "
        "(matched based on last name and email or employee ID)",
        "Staff does not match based on email and last name, or employee ID.",
        "Staff does not exist in Clever.",
        "Staff exists in Clever but does not exist in Naviance",
        "Staff recently added to the school.",
        "Staff exists in both Naviance and Clever "
        "(matched based on email and last name, or employee ID)",
        "Staff exists in the school matched in Naviance.",
    ):
        assert words in page


def test_a_filter_that_finds_nothing_offers_to_clear_it(client, run):
    page = client.get(f"{reverse('staffimport:run', args=[run.pk])}?q=nobody")

    assert "No rows fit this filter" in page.content.decode()
    assert "Clear the filter" in page.content.decode()


def test_a_row_opens_to_its_story_and_closes_again(client, run):
    row = run.results.get(last_name="Castañeda")
    url = reverse("staffimport:row", args=[run.pk, row.pk])

    htmx = {"HX-Request": "true"}
    opened = client.get(url, headers=htmx).content.decode()
    closed = client.get(f"{url}?close=1", headers=htmx).content.decode()

    assert "<del>Teacher</del>" in opened
    assert "<ins>Teacher, Spanish</ins>" in opened
    assert 'aria-expanded="true"' in opened
    assert "story" not in closed
    assert 'aria-expanded="false"' in closed


def test_a_row_opens_in_its_page_without_the_script(client, run):
    row = run.results.get(last_name="Castañeda")

    page = client.get(f"{reverse('staffimport:run', args=[run.pk])}?row={row.pk}")

    assert page.content.decode().count('class="story"') == 1


def test_csv_holds_what_the_filter_leaves(client, run):
    url = reverse("staffimport:csv", args=[run.pk])

    answer = client.get(f"{url}?outcome=created")

    sent = b"".join(answer.streaming_content)
    assert sent.startswith(BOM_UTF8)  # without it Excel reads another encoding
    text = sent.decode("utf-8-sig")
    names = [row["last_name"] for row in csv.DictReader(io.StringIO(text))]
    assert names == ["Counselor", "Default"]
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="oak-run-{run.pk}-results.csv"'
    )


def test_xlsx_is_a_workbook(client, run):
    answer = client.get(reverse("staffimport:xlsx", args=[run.pk]))

    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert f"oak-run-{run.pk}-results.xlsx" in answer.headers["Content-Disposition"]
