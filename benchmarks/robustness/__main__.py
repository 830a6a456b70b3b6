"""`python -m benchmarks.robustness`: the table on stdout, progress on stderr."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console
from rich.progress import Progress

from benchmarks.accuracy.recordings import Recording
from benchmarks.robustness.document import DOCUMENT, write_document
from benchmarks.robustness.run import recordings, run_all
from benchmarks.robustness.tables import misses, print_rows

WIDE = 220  # columns, where the output is no terminal

EXAMPLES = """examples:
  python -m benchmarks.robustness            every trouble, every amount, every recording
  python -m benchmarks.robustness --quick    one recording, one amount of each
  python -m benchmarks.robustness --thin 4   as a sensor of a quarter of the rate sees it
  python -m benchmarks.robustness --write    all of it, into docs/accuracy.md
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0, or with `--strict` 1 where something does not hold."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness",
        description="What bad data do to strides and measures.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="one recording, one amount of each")
    parser.add_argument("--thin", type=int, default=1, metavar="N", help="take every N-th sample")
    parser.add_argument("--write", action="store_true", help="write its part of docs/accuracy.md")
    parser.add_argument("--strict", action="store_true", help="exit code 1 if something misses")
    options = parser.parse_args(arguments)
    if options.thin < 1:
        parser.error("--thin takes a number from 1 on")
    if options.write and (options.quick or options.thin > 1):
        parser.error("--write writes what everything gives; leave --quick and --thin away")

    stdout, stderr = Console(highlight=False), Console(stderr=True)
    if not stdout.is_terminal:
        stdout.width = WIDE
    what, every = recordings()
    every = [thinned(recording, options.thin) for recording in every]
    with Progress(console=stderr, transient=True) as progress:
        groups = run_all(every, progress, quick=options.quick)
    print_rows(stdout, groups, what)
    if options.write:
        write_document(groups, what, len(every))
        stderr.print(f"Wrote {DOCUMENT.name}")
    return 1 if options.strict and misses(groups) else 0


def thinned(recording: Recording, times: int) -> Recording:
    """Every so many-th sample alone, as from a slower sensor of the same bandwidth."""
    return replace(recording, samples=recording.samples[::times])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
