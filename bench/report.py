"""The measured figures as tables, on the terminal and in the README."""

import os
import platform
import re
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.databases import POSTGRESQL
from bench.measuring import FIRST_TIME, PAGES, PEERS, RUNS, Setting

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- figures: written by the run -->", "<!-- end of figures -->"
_PACKAGES = (
    "Django", "msgspec", "psycopg2-binary", "requests", "django-import-export",
    "diffsync",
)  # fmt: skip
_DAY_PEOPLE = 100_000


def text(settings: list[Setting], versions: list[str]) -> str:
    """Return the machine, the versions and all tables, as Markdown."""
    parts = [_machine(versions)]
    if all(s.has("floor") for s in settings):
        parts.append(_times(settings))
    parts += [_peers(s) for s in settings if s.has("diffsync")]
    parts += [_wait(s) for s in settings if s.longest_wait]
    parts.append(_pages(settings))
    whole = [s for s in settings if s.database == POSTGRESQL and s.has("floor")]
    targets = [_targets(s) for s in whole]
    parts += [table for table in targets if table]
    return "\n\n".join(parts)


def write(settings: list[Setting], versions: list[str], rounds: int) -> None:
    """Put the figures into the README, in place of those before."""
    figures = f"Medians of {rounds}.\n\n{text(settings, versions)}"
    old = README.read_text(encoding="utf-8")
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    new = between.sub(lambda _: f"{BEGIN}\n{figures}\n{END}", old)
    README.write_text(new, encoding="utf-8")


def _machine(versions: list[str]) -> str:
    packages = []
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):  # a peer that was not measured
            packages.append(f"{name} {version(name)}")
    python = f"Python {platform.python_version()}"
    return (
        f"{_processor()}, {os.cpu_count()} cores, {_memory():.0f} GB, "
        f"{platform.system()}; {', '.join([python, *versions, *packages])}."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8") if info.exists() else ""
    found = re.search(r"model name\s*: (.*)", text)
    return found[1] if found else platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _times(settings: list[Setting]) -> str:
    rows = [
        [
            f"{setting.people:,}",
            setting.database,
            name,
            f"{setting.seconds(name):.2f} s",
            f"{setting.ratio(name):.2f} ×",
            f"{setting.median(name, lambda found: found.cpu):.2f} s",
            f"{setting.median(name, lambda found: found.peak_mb):.0f} MB",
            _part(setting, name, "afterwards", "{:.2f} s"),
            _part(setting, name, "written", "{:,.0f}"),
        ]
        for setting in settings
        for name in ("floor", *RUNS, "final again")
    ]
    head = ["staff", "database", "what", "time", "of the floor", "CPU", "peak memory"]
    return _table([*head, "afterwards", "accounts written"], rows)


def _part(setting: Setting, name: str, part: str, form: str) -> str:
    if name == "floor":
        return ""
    return form.format(setting.median(name, lambda found: found.parts[part]))


def dry_run(setting: Setting) -> float:
    """Return the median seconds of a test without its pull."""
    return setting.median("test", lambda found: _local(found.parts))


def _local(parts: dict[str, float]) -> float:
    return parts["load"] + parts["plan"] + parts["store"]


def plan_only(setting: Setting) -> float:
    """Return the median seconds of matching and planning."""
    return setting.median("test", lambda found: found.parts["plan"])


def _peers(setting: Setting) -> str:
    ours = {
        "diffsync": ("match and plan", plan_only(setting)),
        "dry run": ("test without its pull", dry_run(setting)),
        "import": ("final without its pull", _final_work(setting)),
    }
    rows = []
    for name in PEERS:
        theirs = setting.seconds(name)
        key = next(k for k in ours if (k in name.removeprefix("import-export, ")))
        what, seconds = ours[key]
        rows.append([
            name, f"{theirs:.2f} s", what, f"{seconds:.2f} s",
            f"{theirs / seconds:.1f} ×",
        ])  # fmt: skip
    title = f"Side by side, the same {setting.people:,} rows, {setting.database}:"
    head = ["other tool", "time", "NavSync", "time", "how much faster"]
    return f"{title}\n\n{_table(head, rows)}"


def _final_work(setting: Setting) -> float:
    return setting.median(
        "final", lambda found: _local(found.parts) + found.parts["apply"]
    )


def _wait(setting: Setting) -> str:
    wait = setting.longest_wait
    if wait is None:
        return ""
    return (
        f"On SQLite, while {setting.people:,} staff went through a test, a final and a "
        f"sync, another process wrote {wait.parts['writes']:,.0f} small rows; the "
        f"longest waited {wait.seconds:.2f} s (to reach: under 0.5 s)."
    )


def _pages(settings: list[Setting]) -> str:
    rows = [
        [name, *(_page(setting, child, name) for setting in settings)]
        for child in PAGES
        for name in settings[0].parts(child)
        if not name.endswith(FIRST_TIME)
    ]
    title = (
        "The server's time for a page, in ms, and in brackets for its first request:"
    )
    head = [f"{s.people:,} on {s.database}" for s in settings]
    return f"{title}\n\n{_table(['page', *head], rows)}"


def _page(setting: Setting, child: str, name: str) -> str:
    usual, first = (
        1000 * setting.part(child, part) for part in (name, f"{name}{FIRST_TIME}")
    )
    return f"{usual:.0f} ({first:.0f})"


def slowest_page(setting: Setting) -> float:
    """Return the milliseconds of the slowest page of results, as usual."""
    child = PAGES[0]
    names = (n for n in setting.parts(child) if not n.endswith(FIRST_TIME))
    return 1000 * max(setting.part(child, name) for name in names)


def _targets(setting: Setting) -> str:
    found: list[tuple[str, float, str, float]] = []
    if setting.people >= _DAY_PEOPLE:
        peak = max(setting.median(name, lambda found: found.peak_mb) for name in RUNS)
        found += [
            ("test, of the floor", setting.ratio("test"), "≤", 2.5),
            ("final, of the floor", setting.ratio("final"), "≤", 4),
            ("peak memory of a run, MB", peak, "≤", 400),
            ("slowest page of results, ms", slowest_page(setting), "≤", 100),
        ]
    if setting.has("diffsync"):
        theirs = setting.seconds("import-export, dry run") / dry_run(setting)
        diff = setting.seconds("diffsync") / plan_only(setting)
        found += [
            ("dry run, faster than django-import-export's", theirs, "≥", 10),
            ("match and plan, faster than diffsync", diff, "≥", 5),
        ]
    rows = [
        [what, f"{sign} {limit:g}", f"{is_:.2f}", _verdict(is_, sign, limit)]
        for what, is_, sign, limit in found
    ]
    if not rows:
        return ""
    title = f"To reach with {setting.people:,} staff on {setting.database}:"
    return f"{title}\n\n{_table(['what', 'to reach', 'is', ''], rows)}"


def _verdict(value: float, sign: str, limit: float) -> str:
    is_reached = value <= limit if sign == "≤" else value >= limit
    return "reached" if is_reached else "missed"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
