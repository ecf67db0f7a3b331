"""What the demo prints of a run: outcomes by level, slowest steps, some reasons."""

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from staffimport.models import ImportResult, ImportRun

_STEPS = {
    "pull": "Pull from Clever",
    "load": "Load accounts and settings",
    "plan": "Place, match and plan",
    "store": "Store the results",
    "apply": "Apply to the accounts",
    "prove": "Prove that nothing differs",
    "judge": "Judge the readiness",
}
_SLOWEST = 3
_EXAMPLES = 12


def print_run(console: Console, run: ImportRun) -> None:
    """Print tables of an ended run: outcomes, slowest steps, rows with reasons."""
    console.print(_outcomes(run))
    for notice in run.notices:
        console.print(f"Notice: {notice['text']}")
    console.print(_slowest_steps(run))
    _print_examples(console, run)
    if run.proof:
        console.print(f"\n[bold]Proof:[/bold] {run.proof['sentence']}\n")


def _outcomes(run: ImportRun) -> Table:
    counted: Counter[tuple[str, str]] = Counter()
    held: Counter[str] = Counter()
    rows = run.results.order_by().values_list("outcome", "level", "state")
    for outcome, level, state in rows.iterator():
        counted[outcome, level] += 1
        held[outcome] += state == ImportResult.State.HELD
    table = Table(title=f"{run}: {run.get_state_display()}", title_justify="left")
    table.add_column("Outcome")
    for heading in ("School staff", "District staff", "All", "of these held"):
        table.add_column(heading, justify="right")
    for outcome in ImportResult.Outcome:
        school, district = counted[outcome, "school"], counted[outcome, "district"]
        numbers = (school, district, school + district, held[outcome])
        table.add_row(outcome.label, *(f"{number:,}" for number in numbers))
    return table


def _slowest_steps(run: ImportRun) -> Table:
    table = Table(title="Slowest steps", title_justify="left")
    table.add_column("Step")
    table.add_column("Seconds", justify="right")
    slowest = sorted(run.timings.items(), key=lambda item: -item[1])[:_SLOWEST]
    for step, seconds in slowest:
        table.add_row(_STEPS.get(step, step), f"{seconds:.2f}")
    return table


def _print_examples(console: Console, run: ImportRun) -> None:
    """Print one row of each kind of reason, held ones and conflicts first."""
    console.print("\n[bold]Some rows and their reasons[/bold]")
    seen: set[tuple[str, str, str]] = set()
    for row in run.results.select_related("school").order_by("position").iterator():
        kind = (row.outcome, row.reason_code, row.held_reason)
        if kind in seen or len(seen) >= _EXAMPLES:
            continue
        seen.add(kind)
        is_held = row.state == ImportResult.State.HELD
        outcome = row.get_outcome_display() + (", held" if is_held else "")
        where = row.school.name if row.school else "District"
        name = f"{row.last_name}, {row.first_name}".strip(", ")
        console.print(f"  [bold]{outcome}[/bold]: {escape(name)}, {escape(where)}")
        console.print(Padding(escape(row.reason), (0, 0, 0, 4)))
