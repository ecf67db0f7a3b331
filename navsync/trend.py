"""The trend of staff and outcomes over past runs, as a chart and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.db.models.functions import TruncDate
from django.utils import timezone

from navsync.templatetags.console import day
from schools.models import District
from staffimport.models import ImportRun
from staffimport.wording import counted

MOST_POINTS = 8
LOOKED_BACK = timedelta(days=60)
PEOPLE = "people"

# What is drawn: the name of its kind (and colour), its word, what counts towards it.
LINES = (
    ("people", "Staff in Clever", PEOPLE),
    ("matched", "Matched", "matched"),
    ("created", "Created", "created"),
    ("inactive", "Inactive", "inactive"),
    ("conflict", "Conflict", "conflict"),
)

# The chart's measures, in its own units.
WIDTH, ROW, LEFT, RIGHT = 340, 38, 138, 284
ABOVE, BELOW = 12, 8


@dataclass(frozen=True, slots=True)
class Point:
    """One run of the trend; what it did not count is None."""

    run: int
    name: str
    at: datetime
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a value stands in the chart."""

    x: float
    y: float
    is_last: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the chart: its heights, its values first and last, and its ground."""

    kind: str
    name: str
    first: int
    last: int
    dots: tuple[Dot, ...]
    text_y: float
    ground_y: float

    @property
    def path(self) -> str:
        """Return the points of the polyline."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)


@dataclass(frozen=True, slots=True)
class Trend:
    """The chart with the words and numbers behind it.

    `title` heads it, `summary` says in a sentence what it shows, `days` are the labels
    below it with their places.
    """

    title: str
    summary: str
    lines: tuple[Line, ...]
    names: tuple[str, ...]
    points: tuple[Point, ...]
    days: tuple[tuple[float, str], ...]

    @property
    def height(self) -> int:
        """Return the height of the whole chart."""
        return len(self.lines) * ROW + 28


def read_trend(district: District) -> Trend | None:
    """Return the trend of a district's runs; None before there are two to compare.

    Imports and syncs count once one was applied, one a day (the day's last); before
    that, its tests.
    """
    if district.first_final_at is not None:
        applied = _points(district, _last_of_each_day(district))
        if len(applied) > 1:
            return draw("Outcomes of your imports and syncs", "import", applied)
    tests = _points(district, _tests(district))
    return draw("Outcomes of your tests", "test", tests) if len(tests) > 1 else None


def draw(title: str, noun: str, points: Sequence[Point]) -> Trend:
    """Return the trend of at least two points, oldest first."""
    step = (RIGHT - LEFT) / (len(points) - 1)
    places = [round(LEFT + i * step, 1) for i in range(len(points))]
    drawn: list[Line] = []
    for index, (kind, name, _) in enumerate(LINES):
        values = [point.values[index] for point in points]
        known = [
            (x, value)
            for x, value in zip(places, values, strict=True)
            if value is not None
        ]
        if len(known) > 1:
            drawn.append(_line(kind, name, known, len(drawn)))
    return Trend(
        title,
        _summary(drawn, noun, len(points)),
        tuple(drawn),
        tuple(name for _kind, name, _key in LINES),
        tuple(points),
        (
            (places[0], day(points[0].at)),
            (places[-1], day(points[-1].at)),
        ),
    )


def _line(kind: str, name: str, known: list[tuple[float, int]], row: int) -> Line:
    top, ground = row * ROW + ABOVE, row * ROW + ROW - BELOW
    low, high = min(v for _, v in known), max(v for _, v in known)
    dots = []
    for number, (x, value) in enumerate(known):
        share = (value - low) / (high - low) if high > low else 0.5
        y = round(ground - 2 - share * (ground - 2 - top), 1)
        dots.append(Dot(x, y, number == len(known) - 1))
    return Line(
        kind, name, known[0][1], known[-1][1], tuple(dots), top + 13, ground + BELOW
    )


def _summary(lines: Sequence[Line], noun: str, count: int) -> str:
    said = []
    for line in lines:
        if line.last == line.first:
            said.append(f"{line.name.lower()} stayed at {line.last:,}")
        else:
            verb = "rose" if line.last > line.first else "fell"
            change = f"{verb} from {line.first:,} to {line.last:,}"
            said.append(f"{line.name.lower()} {change}")
    return f"The last {counted(count, noun)}: {'; '.join(said)}."


def _last_of_each_day(district: District) -> list[int]:
    """Return the newest applied run of each of the last days that has one."""
    applied = district.import_runs.filter(
        kind__in=[ImportRun.Kind.FINAL, ImportRun.Kind.SYNC],
        applied_at__gt=timezone.now() - LOOKED_BACK,
        undone_at=None,
    ).order_by()
    by_day = applied.annotate(
        on=TruncDate("applied_at", tzinfo=timezone.get_current_timezone())
    ).values_list("on")
    newest: list[tuple[date, int]] = list(
        by_day.annotate(last=Max("pk")).order_by("-on")[:MOST_POINTS]
    )
    return [last for _on, last in newest]


def _tests(district: District) -> list[int]:
    """Return the newest tests, one for each pull: planned again, a test is the same."""
    tests = district.import_runs.filter(
        kind=ImportRun.Kind.TEST,
        state=ImportRun.State.SUCCEEDED,
        pulled_at__isnull=False,
    ).order_by()
    newest: list[tuple[datetime, int]] = list(
        tests.values_list("pulled_at")
        .annotate(last=Max("pk"))
        .order_by("-pulled_at")[:MOST_POINTS]
    )
    return [last for _pulled_at, last in newest]


def _points(district: District, numbers: list[int]) -> list[Point]:
    """Return the points of some runs, oldest first."""
    runs = district.import_runs.filter(pk__in=numbers).select_related("snapshot")
    runs = runs.only(
        "kind", "pulled_at", "requested_at", "counts", "district", "snapshot__counts"
    )
    return [_point(run) for run in runs.order_by("pulled_at", "pk")]


def _point(run: ImportRun) -> Point:
    counted_people = run.snapshot.counts.get(PEOPLE) if run.snapshot else None
    values = tuple(
        counted_people if key == PEOPLE else int(run.counts.get(key, 0))
        for _kind, _name, key in LINES
    )
    return Point(run.pk, str(run), run.pulled_at or run.requested_at, values)
