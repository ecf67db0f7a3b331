import csv
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from staffimport.core.planning import plan
from staffimport.core.tests.builders import account, input_of, staff, teacher
from staffimport.models import ImportRun, RosterSnapshot, RunProgress
from staffimport.store import readiness as store
from staffimport.store import snapshots
from staffimport.store.settings import make_settings
from tests.cast import make_admin, make_district, make_run, signed_in

pytestmark = pytest.mark.django_db

URL = "/readiness/"


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def judge(district, people=(), accounts=(), **given):
    """Keep the report of a check that found these people in Clever."""
    asked = input_of(people, accounts, **given)
    run = make_run(district, "check")
    run.snapshot = snapshots.save(district, asked.snapshot)
    run.save()
    store.save(run, asked, plan(asked))
    return run


def text_of(response):
    return " ".join(response.content.decode().split())


def test_before_the_first_pull_the_page_says_what_to_do(client):
    text = text_of(client.get(URL))

    assert "Nothing checked yet" in text
    assert "Check now" in text


def test_the_page_lists_the_manuals_lines_under_their_headings(oak, client):
    judge(oak, [teacher(title="Teacher")])

    response = client.get(URL)

    text = text_of(response)
    headings = [
        "Prepare Staff Data in Clever",
        "Ensure school staff in Clever are assigned the Teacher or Staff user type.",
        "Check Clever settings to confirm that teachers are shared by schools.",
        "Prepare and Import Data",
        "District staff are matched from Clever to Naviance using their last name and "
        "email address.",
        "Also in the manual",
    ]
    places = [text.rindex(f">{heading}<") for heading in headings]
    assert places == sorted(places)
    assert response.context["summary"].lines == 19


def test_the_summary_counts_lines_not_checks(oak, client):
    # Neither title nor keyword: "Verify that staff …" and the default role.
    judge(oak, [teacher(email="", number="")])

    response = client.get(URL)

    summary = response.context["summary"]
    mend = [
        line.text
        for part in response.context["parts"]
        for line in part.lines
        if line.standing == "mend"
    ]
    assert summary.mend == len(mend) > 0
    assert summary.mend + summary.look + summary.fine == 19
    assert f"{summary.mend} of 19 lines need you" in text_of(response)


def test_a_check_shows_count_reason_and_remedy(oak, client):
    judge(oak, [teacher(last="")])

    text = text_of(client.get(URL))

    assert "People without a last name" in text
    assert "They can be neither matched nor created." in text
    assert "What to mend, in Clever" in text
    assert "Show the person" in text


def test_the_page_asks_few_questions_whatever_the_district(
    oak, client, django_assert_num_queries
):
    make_settings(oak)
    judge(oak, [staff(f"p{n}", last="") for n in range(300)])
    client.get(URL)

    with django_assert_num_queries(14):
        client.get(URL)


def test_people_come_fifty_at_a_time(oak, client):
    judge(oak, [staff(f"p{n:03}", last="", first=f"N{n:03}") for n in range(120)])
    url = reverse("staffimport:readiness_people", args=["no_last_name"])

    pages = [client.get(f"{url}?page={number}") for number in (1, 2, 3, 99, "x")]

    shown = [(page.context["page"].first, page.context["page"].last) for page in pages]
    assert shown == [(1, 50), (51, 100), (101, 120), (101, 120), (1, 50)]
    assert "1 to 50 of 120 people" in text_of(pages[0])


def test_people_come_as_a_fragment_into_the_page(oak, client):
    judge(oak, [staff("p1", last="")])
    url = reverse("staffimport:readiness_people", args=["no_last_name"])

    text = text_of(client.get(url, headers={"HX-Request": "true"}))

    assert "<html" not in text
    assert "(no last name), Ana" in text


def test_the_csv_has_everybody_and_no_formula(oak, client):
    people = [staff(f"p{n:03}", last="", first=f"N{n}") for n in range(60)]
    judge(oak, [*people, staff("p900", last="", first="=1+1", email="@SUM(A1)")])

    response = client.get("/readiness/no_last_name.csv")

    rows = list(csv.DictReader(StringIO(response.content.decode())))
    assert len(rows) == 61
    assert {row["email"] for row in rows} >= {"'@SUM(A1)"}
    assert (
        'filename="oak-readiness-no-last-name.csv"' in response["Content-Disposition"]
    )


@pytest.mark.parametrize("end", ["made_up/", "made_up.csv"])
def test_a_check_that_does_not_exist_is_not_there(oak, client, end):
    judge(oak, [staff()])

    assert client.get(f"{URL}{end}").status_code == 404


def test_another_districts_people_are_not_shown(oak, client):
    elm = make_district("elm")
    judge(elm, [staff("p1", last="", first="Secret")])

    answers = [
        client.get(URL),
        client.get(f"{URL}no_last_name/"),
        client.get(f"{URL}no_last_name.csv"),
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert "Secret" not in text_of(answers[0])


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("get", URL),
        ("get", "/readiness/progress/"),
        ("post", "/readiness/check/"),
        ("get", "/readiness/no_last_name/"),
        ("get", "/readiness/no_last_name.csv"),
    ],
)
def test_only_who_manages_data_import_gets_in(oak, method, url):
    stranger = signed_in(make_admin(oak, rights=()))

    answer = getattr(stranger, method)(url)

    assert answer.status_code == 403
    assert not oak.import_runs.exists()


def test_check_now_queues_one_check_and_shows_it(oak, client):
    for _click in range(2):
        response = client.post("/readiness/check/", follow=True)

    (run,) = oak.import_runs.all()
    assert (run.kind, run.state) == ("check", "queued")
    assert run.requested_by_name == "Dana Whitfield"
    text = text_of(response)
    assert "Waits for its turn" in text
    assert ">Check now</button>" not in text


def test_check_now_says_why_it_can_not(oak, client):
    type(oak).objects.update(clever_token="")

    text = text_of(client.post("/readiness/check/", follow=True))

    assert "has no access token for Clever" in text
    assert not oak.import_runs.exists()


def test_progress_moves_and_reloads_the_page_at_the_end(oak, client):
    run = make_run(oak, "check", "running")
    RunProgress.objects.create(run=run, step="pull", done=5, total=10)
    during = client.get("/readiness/progress/", headers={"HX-Request": "true"})
    ImportRun.objects.update(state="succeeded", finished_at=timezone.now())

    after = client.get("/readiness/progress/", headers={"HX-Request": "true"})

    assert "5 of 10" in text_of(during)
    assert "HX-Refresh" not in during
    assert after["HX-Refresh"] == "true"


def test_a_failed_check_says_why_and_the_last_report_stays(oak, client):
    judge(oak, [staff()])
    make_run(oak, "check", "failed", error="Clever refused our token (401).")

    text = text_of(client.get(URL))

    assert "The last check failed" in text
    assert "Clever refused our token (401)." in text
    assert "Prepare and Import Data" in text


def test_a_failure_before_the_newest_report_is_past(oak, client):
    make_run(oak, "check", "failed", error="Clever refused our token (401).")
    judge(oak, [staff()])

    assert "The last check failed" not in text_of(client.get(URL))


def test_something_saved_since_is_said(oak, client):
    judge(oak, [staff()])
    oak.uses_sso = False
    oak.save()

    assert "were saved after this check" in text_of(client.get(URL))


def test_a_report_of_before_a_check_was_added_is_shown_without_it(oak, client):
    run = judge(oak, [staff()], [account()])
    snapshot = RosterSnapshot.objects.get(pk=run.snapshot_id)
    del snapshot.readiness["findings"]["near_misses"]
    snapshot.save()

    response = client.get(URL)

    assert response.status_code == 200
    assert "check-near_misses" not in text_of(response)


def test_titles_and_markup_are_shown_as_text(oak, client):
    judge(oak, [staff(title="<b>Nurse</b>")])

    text = text_of(client.get("/readiness/titles_without_keyword/"))

    assert "&lt;b&gt;Nurse&lt;/b&gt;" in text
    assert "<b>Nurse" not in text
