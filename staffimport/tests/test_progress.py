import io
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from rich.console import Console

from staffimport import runs
from staffimport.errors import ClaimLost
from staffimport.models import ImportRun, RunProgress
from staffimport.progress import Progress, Report
from staffimport.services.start import start_test
from staffimport.terminal import ProgressView, report_of
from staffimport.tests.conftest import DANA

PARTS = [("Schools", 16, 16), ("Sections", 1400, 2431)]


@pytest.fixture
def run(maple):
    return runs.claim(start_test(maple, DANA, send=False).pk, timezone.now())


def test_every_report_reaches_the_watcher_and_few_the_database(
    run, django_assert_max_num_queries
):
    seen: list[Report] = []
    progress = Progress(run, seen.append)
    progress.step("plan")

    with django_assert_max_num_queries(8):
        for done in range(1, 1001):
            progress.count(done, 1000)

    assert len(seen) == 1001
    assert seen[-1] == Report("plan", 1000, 1000)
    assert RunProgress.objects.get().done == 1000


def test_the_count_of_a_pull_is_the_sum_of_its_lists(run):
    progress = Progress(run, lambda _: None)
    progress.step("pull")

    progress.parts([*PARTS, ("Teachers", 2, 2)])
    progress.step("place")

    stored = RunProgress.objects.get()
    assert stored.parts == [
        ["Schools", 16, 16],
        ["Sections", 1400, 2431],
        ["Teachers", 2, 2],
    ]
    assert stored.step == "place"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (PARTS, Report("pull", 1416, 2447, tuple(PARTS))),
        (
            [("Schools", 16, 16), ("Sections", 3, None)],
            Report("pull", 19, None, (("Schools", 16, 16), ("Sections", 3, None))),
        ),
    ],
)
def test_a_total_is_only_known_when_each_lists_is(run, parts, expected):
    seen: list[Report] = []
    progress = Progress(run, seen.append)
    progress.step("pull")

    progress.parts(parts)

    assert seen[-1] == expected


def test_a_wait_for_clever_notices_a_cancel(run):
    progress = Progress(run, lambda _: None)
    runs.cancel(ImportRun.objects.get(), timezone.now())

    with pytest.raises(ClaimLost):
        progress.pause(3600)


def test_a_short_wait_keeps_the_run_alive(run):
    RunProgress.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    progress = Progress(run, lambda _: None)

    progress.pause(0.01)

    age = timezone.now() - RunProgress.objects.get().heartbeat_at
    assert age < timedelta(seconds=30)


def test_a_long_wait_for_clever_is_told_until_it_is_over(run, monkeypatch):
    stored = []
    monkeypatch.setattr(
        "staffimport.progress.time.sleep",
        lambda _seconds: stored.append(RunProgress.objects.get().resumes_at),
    )
    ticks = count(step=30)
    monkeypatch.setattr("staffimport.progress.time.monotonic", lambda: next(ticks))
    seen: list[Report] = []
    progress = Progress(run, seen.append)
    progress.step("pull")
    before = timezone.now()

    progress.pause(40)

    (until,) = {report.resumes_at for report in seen if report.resumes_at}
    assert timedelta(seconds=39) < until - before < timedelta(seconds=42)
    assert set(stored) == {until}
    assert seen[-1] == Report("pull")
    assert RunProgress.objects.get().resumes_at is None


def test_nothing_is_written_once_the_run_is_applied(run):
    seen: list[Report] = []
    progress = Progress(run, seen.append)
    progress.step("apply")
    runs.succeed(run, timezone.now())

    progress.release()
    progress.step("prove")

    assert seen[-1].step == "prove"
    assert RunProgress.objects.get().step == "apply"


# In the terminal


def shown(run, reports, *, terminal):
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=120)
    with ProgressView(run, console) as view:
        for report in reports:
            view.show(report)
    return file.getvalue()


REPORTS = [
    Report("pull"),
    Report("pull", 16, 16, (("Schools", 16, 16), ("Sections", 0, 2431))),
    Report("pull", 2447, 2447, (("Schools", 16, 16), ("Sections", 2431, 2431))),
    Report("place"),
    Report("plan", 500, 983),
]


def test_without_a_terminal_each_step_and_list_has_one_line(run):
    text = shown(run, REPORTS, terminal=False)

    assert text.splitlines() == [
        "Pull from Clever",
        "  Schools: 16",
        "  Sections: 2,431",
        "Place people at schools",
        "Plan every row and check the brake",
    ]


def test_in_a_terminal_each_step_has_a_bar_with_its_count(run):
    text = shown(run, REPORTS, terminal=True)

    assert "Pull from Clever" in text
    assert "2,447 of 2,447" in text
    assert "500 of 983" in text


def test_each_wait_for_clever_is_said_once_in_the_terminal(run):
    until = timezone.now() + timedelta(seconds=42)
    waiting = Report("pull", 16, None, (("Schools", 16, 16),), until)

    text = shown(run, [REPORTS[0], waiting, waiting, REPORTS[2]], terminal=False)

    sentence = "  Clever can’t answer just now; it is asked again in about 40 seconds."
    assert text.splitlines().count(sentence) == 1


def test_somebody_elses_run_is_shown_from_its_progress_row(run):
    runs.beat(run, timezone.now(), step="pull", done=5, total=9, parts=PARTS)

    report = report_of(RunProgress.objects.get())

    assert report == Report("pull", 5, 9, tuple(PARTS))
