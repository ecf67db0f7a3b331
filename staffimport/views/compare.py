"""The page that compares two runs of a district, and its CSV."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from schools.access import ConsoleRequest, manages_import
from schools.formulas import guard
from schools.models import District
from staffimport.core.comparing import Difference
from staffimport.exports import as_csv
from staffimport.models import ImportResult, ImportRun
from staffimport.queries import comparison_pages, words
from staffimport.queries.chips import Chip, with_filter
from staffimport.queries.choices import AT_DISTRICT
from staffimport.queries.comparison import Differences, differences
from staffimport.queries.comparison_pages import KIND, RUNS, Pair
from staffimport.queries.facets import facets, school_names
from staffimport.queries.filters import as_number, filter_of
from staffimport.queries.runs import comparable, to_compare_with
from staffimport.views.downloads import stream
from staffimport.wording import about_left_out, difference

RUNS_OFFERED = 100
_RUN_COLUMNS = ("outcome", "state", "reason")
_COLUMNS = (
    *("difference", "values", "last_name", "first_name", "job_title", "where"),
    *(f"{name}_{which}" for which in RUNS for name in _RUN_COLUMNS),
)


@dataclass(frozen=True, slots=True)
class Two:
    """Two runs to compare, the earlier first, or a sentence that says why not."""

    first: ImportRun | None
    second: ImportRun | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One difference in words: what differs, who, where, and both rows."""

    pair: Pair
    kind: str
    word: str
    person: str
    place: str


@require_safe
@manages_import
def compare(request: ConsoleRequest) -> HttpResponse:
    """Show what differs between two runs, person by person and place by place.

    `first` and `second` are their numbers; the one left out is the one before.
    """
    two = _two(request.district, request.GET)
    context: dict[str, object] = {"two": two, "runs": _offered(request.district, two)}
    if two.first and two.second and not two.problem:
        context |= _compared(request, two.first, two.second)
    return render(request, "staffimport/compare.html", context)


@require_safe
@manages_import
def compare_csv(request: ConsoleRequest) -> StreamingHttpResponse:
    """Return the filtered differences as CSV, sent while they are read."""
    two = _two(request.district, request.GET)
    if two.first is None or two.second is None or two.problem:
        raise Http404
    found = differences(two.first, two.second)
    numbers = comparison_pages.chosen(two.first, two.second, found, request.GET)
    pairs = comparison_pages.pairs(two.first, two.second, found, numbers)
    lines = (_line(pair, two.first, two.second) for pair in pairs)
    name = f"{request.district.slug}-runs-{two.first.pk}-and-{two.second.pk}.csv"
    return stream(as_csv(_COLUMNS, map(_cells, lines)), name)


def _two(district: District, params: QueryDict) -> Two:
    """Return the runs that are asked for; another district's are a 404."""
    numbers = [as_number(params.get(name, "")) for name in RUNS]
    asked = [
        get_object_or_404(district.import_runs, pk=number)
        for number in numbers
        if number is not None
    ]
    asked = asked or list(comparable(district)[:1])
    if not asked:
        return Two(None, None)
    if len(asked) == 1:
        other = to_compare_with(asked[0]) or _next(asked[0])
        if other is None:
            return Two(asked[0], None)
        asked.append(other)
    first, second = sorted(asked, key=lambda run: run.pk)
    return Two(first, second, _problem(first, second))


def _next(run: ImportRun) -> ImportRun | None:
    return comparable(run.district).filter(pk__gt=run.pk).last()


def _problem(first: ImportRun, second: ImportRun) -> str:
    """Return why two runs can't be compared, "" if they can."""
    if first == second:
        return f"{first} can’t be compared with itself. Choose another run."
    kinds = (ImportRun.Kind.TEST, ImportRun.Kind.FINAL, ImportRun.Kind.SYNC)
    for run in (first, second):
        if run.state != ImportRun.State.SUCCEEDED or run.kind not in kinds:
            return (
                f"{run} has no results to compare. Choose a test, a final import or a "
                "sync that succeeded."
            )
        if run.kind != ImportRun.Kind.SYNC and not run.results.exists():
            return (
                f"The rows of {run} are no longer kept: a later plan has replaced it. "
                "Choose another run."
            )
    return ""


def _offered(district: District, two: Two) -> list[tuple[str, ImportRun]]:
    """Return the newest runs to choose from, and the chosen ones if they are older."""
    runs = list(comparable(district)[:RUNS_OFFERED])
    runs += [run for run in (two.second, two.first) if run and run not in runs]
    return [(str(run.pk), run) for run in runs]


def _compared(
    request: ConsoleRequest, first: ImportRun, second: ImportRun
) -> dict[str, object]:
    params = request.GET.copy()
    params["first"], params["second"] = str(first.pk), str(second.pk)
    found = differences(first, second)
    page = comparison_pages.page(first, second, found, params)
    return {
        "first": first,
        "second": second,
        "left_out": about_left_out(first, second, found.left_out),
        "is_same_pull": first.snapshot_id == second.snapshot_id is not None,
        "is_other_settings": first.settings_fingerprint != second.settings_fingerprint,
        "found": found,
        "all_found": len(found.first),
        "chips": _chips(params, first, second, found),
        "page": page,
        "last_number": page.number + len(page.pairs) - 1,
        "lines": [_line(pair, first, second) for pair in page.pairs],
        "schools": _schools(first, second),
        "outcomes": [(o.value, str(o.label)) for o in ImportResult.Outcome],
        "filters": filter_of(params),
        "is_filtered": bool(comparison_pages.row_filter(params) or params.get(KIND)),
    }


def _chips(
    params: QueryDict, first: ImportRun, second: ImportRun, found: Differences
) -> list[Chip]:
    now = params.get(KIND, "")
    everything = with_filter(params, kind="", at="")
    return [
        Chip("", "All differences", len(found.first), everything, not now),
        *(
            Chip(
                kind,
                difference(kind, first, second),
                found.counts[kind],
                with_filter(params, kind=kind, at=""),
                now == kind,
            )
            for kind in Difference
        ),
    ]


def _schools(first: ImportRun, second: ImportRun) -> list[tuple[str, str]]:
    names = school_names(first.district_id, facets(first), facets(second))
    return [AT_DISTRICT, *((str(pk), name) for pk, name in names.items())]


def _line(pair: Pair, first: ImportRun, second: ImportRun) -> Line:
    return Line(
        pair,
        pair.kind,
        difference(pair.kind, first, second),
        words.person(pair.row),
        words.place(pair.row),
    )


def _cells(line: Line) -> list[str]:
    row = line.pair.row
    values = "; ".join(f"{name}: {old} → {new}" for name, old, new in line.pair.values)
    cells = [line.word, values, row.last_name, row.first_name, row.job_title]
    cells.append(line.place)
    for side in (line.pair.first, line.pair.second):
        cells += [str(getattr(side, name)) if side else "" for name in _RUN_COLUMNS]
    return [guard(cell) for cell in cells]
