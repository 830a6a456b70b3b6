"""`python -m benchmarks.mutants`: the table and the survivors on stdout, progress on stderr."""

import argparse
import signal
import sys
from collections.abc import Sequence

from rich.console import Console

from benchmarks.mutants.document import DOCUMENT, below_aim, print_rooms, write_document
from benchmarks.mutants.run import run
from benchmarks.mutants.same import SAME

ROOMS = ("risk", "measures", "steps", "recording", "report", "sensors")
WIDE = 160  # columns, where the output is no terminal

EXAMPLES = """examples:
  python -m benchmarks.mutants                            40 faults in each of the six rooms
  python -m benchmarks.mutants --rooms steps --faults 10  a few in one room
  python -m benchmarks.mutants --seed 7                   on other lines
  python -m benchmarks.mutants --write                    into docs/mutants.md
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0, or with `--strict` 1 where a room is below the aim."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mutants",
        description="What share of real one-line faults the tests notice.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rooms", nargs="+", default=ROOMS, metavar="ROOM", help="folders of gait")
    parser.add_argument("--faults", type=int, default=40, metavar="N", help="in each room")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which lines are drawn")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="faults at the same time")
    parser.add_argument("--write", action="store_true", help=f"write docs/{DOCUMENT.name}")
    parser.add_argument("--strict", action="store_true", help="exit code 1 below the aim")
    options = parser.parse_args(arguments)
    if options.faults < 1 or options.jobs < 1:
        parser.error("--faults and --jobs take a number from 1 on")
    if options.write and set(options.rooms) != set(ROOMS):
        parser.error("--write writes what all rooms give; leave --rooms away")

    # also where it is ended so, no test goes on without it
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stdout, stderr = Console(highlight=False), Console(stderr=True, highlight=False)
    if not stdout.is_terminal:
        stdout.width = WIDE
    rooms = run(
        options.rooms,
        number=options.faults,
        seed=options.seed,
        jobs=options.jobs,
        say=lambda text: stderr.print(text, markup=False, soft_wrap=True),
    )
    print_rooms(stdout, rooms, SAME)
    if options.write:
        write_document(rooms, SAME, options.seed)
        stderr.print(f"Wrote {DOCUMENT.name}")
    return 1 if options.strict and below_aim(rooms, SAME) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
