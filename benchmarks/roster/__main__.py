"""`python -m benchmarks.roster`: figures on stdout, progress on stderr."""

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.roster.asked import print_answers
from benchmarks.roster.long_run import musts, recording, reports
from benchmarks.roster.made import fill
from benchmarks.roster.must import Must
from benchmarks.roster.pages import missing, visits
from gait.roster import Roster

PARTS = ("pages", "report", "queries")

ABOUT = """How quick a large roster is: 500 athletes and 100,000 sessions (four of five days a week
for a year) with summaries of the size that the analysis gives. Its pages are opened in a real
browser, the report of a run of an hour is asked for, and the roster itself is asked what they ask.
Exit code 1 where something that must be reached was missed."""

EXAMPLES = """examples:
  python -m benchmarks.roster                            all of it, several minutes
  python -m benchmarks.roster --parts pages --keep r.db  the pages, of a roster that stays
  python -m benchmarks.roster --parts report             the report only
"""


def arguments_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.roster",
        description=ABOUT,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--athletes", type=int, default=500)
    parser.add_argument("--sessions", type=int, default=200, help="of each athlete")
    parser.add_argument("--keep", type=Path, help="keep the roster there, or use the one there")
    parser.add_argument("--seconds", type=float, default=3600.0, help="of the run to report")
    parser.add_argument("--times", type=int, default=9, help="that each page is opened again")
    parser.add_argument("--reports", type=int, default=3, help="that are made, the best counts")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = arguments_of(arguments)
    found: list[Must] = []
    if "report" in options.parts:
        found += timed_reports(options)
    if {"pages", "queries"} & set(options.parts):
        with tempfile.TemporaryDirectory() as folder:
            path = options.keep or Path(folder) / "roster.db"
            made_roster(path, options)
            if "pages" in options.parts:
                found += timed_pages(path, options)
            if "queries" in options.parts:
                print_answers(path)
    for must in found:
        print(must)
    return 0 if all(must.met for must in found) else 1


def timed_reports(options: argparse.Namespace) -> list[Must]:
    session = recording(options.seconds)
    print(f"A run of {options.seconds:g} s, {session.stat().st_size / 1e6:.0f} MB{load()}")
    made = reports(session, options.reports)
    for one in made:
        print(one)
    return musts(made)


def timed_pages(path: Path, options: argparse.Namespace) -> list[Must]:
    if lacking := missing():
        print(f"The pages were not opened: {lacking} is not installed here.")
        return []
    print(f"Pages in the browser{load()}")
    found = visits(path, options.times)
    for one in found:
        print(one)
    return [one.must() for one in found]


def made_roster(path: Path, options: argparse.Namespace) -> None:
    if not path.exists():
        begun = time.perf_counter()
        fill(path, options.athletes, options.sessions)
        print(f"made in {time.perf_counter() - begun:.0f} s")
    with Roster(path) as roster:
        people, count = len(roster.athletes.all()), len(roster.sessions.all())
    print(f"{people} athletes, {count:,} sessions, {path.stat().st_size / 1e6:,.0f} MB")


def load() -> str:
    """How busy the machine is meanwhile, where the system tells."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f" (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)"


if __name__ == "__main__":
    raise SystemExit(main())
