"""Measure everything and print ratios: `python -m bench`; see bench/README.md."""

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from bench import report
from bench.child import BenchFailedError
from bench.databases import POSTGRESQL, SQLITE, databases
from bench.measuring import Rounds, Setting, environment, serving
from clever.standin.naviance import build_naviance, write_naviance

SIZES = [20_000, 100_000]
PEERS_AT = 20_000
QUICK = 2_000


def main(arguments: list[str]) -> int:
    """Measure what the options say; return the exit code: 1 if it can't go on."""
    options = _parser().parse_args(arguments)
    if options.quick:
        options.sizes, options.rounds = [QUICK], 1
    console = Console(highlight=False, soft_wrap=True)
    try:
        settings, versions = _measure(options, console)
    except BenchFailedError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    console.print(report.text(settings, versions), markup=False)
    if settings_are_whole(options):
        report.write(settings, versions, options.rounds)
        console.print(f"Written to {report.README}.")
    return 0


def settings_are_whole(options: argparse.Namespace) -> bool:
    """Return whether everything was measured, so that the README may have it."""
    if options.pages:
        return False
    return set(options.sizes) >= set(SIZES) and len(options.databases) > 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, help="people; 3 sections each"
    )
    parser.add_argument(
        "--databases",
        nargs="+",
        choices=(POSTGRESQL, SQLITE),
        default=[POSTGRESQL, SQLITE],
    )
    parser.add_argument("--rounds", type=int, default=3, help="medians of so many")
    parser.add_argument("--no-peers", action="store_true", help="only our own runs")
    parser.add_argument("--pages", action="store_true", help="the pages alone")
    parser.add_argument(
        "--quick", action="store_true", help=f"once with {QUICK:,} people, to try it"
    )
    return parser


def _measure(
    options: argparse.Namespace, console: Console
) -> tuple[list[Setting], list[str]]:
    settings, versions = [], []
    for people in options.sizes:
        with (
            tempfile.TemporaryDirectory(prefix="navsync-bench-") as folder,
            serving(people) as clever,
        ):
            write_naviance(build_naviance(f"large:{people}"), Path(folder))
            for kind in options.databases:
                with databases(kind, Path(folder)) as made:
                    setting = Setting(kind, people)
                    rounds = Rounds(made, setting, environment(clever), console.print)
                    rounds.load(Path(folder), clever)
                    is_peers = people <= PEERS_AT and kind == options.databases[0]
                    for _ in range(options.rounds):
                        if options.pages:
                            rounds.measure_pages()
                        else:
                            rounds.measure(with_peers=is_peers and not options.no_peers)
                    if kind == SQLITE and people <= PEERS_AT and not options.pages:
                        rounds.measure_wait()
                    made.drop("base")
                    settings.append(setting)
                    versions.append(made.version())
    return settings, list(dict.fromkeys(versions))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
