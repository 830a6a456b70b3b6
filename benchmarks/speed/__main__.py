"""`python -m benchmarks.speed`: the tables on stdout, progress on stderr."""

import argparse
import sys

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.speed.feet import left_foot
from benchmarks.speed.stages import STAGES, Timing, time_stages
from benchmarks.speed.starting import COMMANDS, HELP, loads_numba, starting_s
from benchmarks.speed.waiting import waiting

WAY_NS, HELP_S, KNOWN_MS = 100.0, 1.0 / 3.0, 50.0  # what it must reach
RATES_HZ = (100.0, 400.0, 1600.0)
BLOCKS = (0, 20, 1)
FEW_S = 25.0  # of samples in small blocks, which take longer

ABOUT = """How long every stage takes, in nanoseconds a sample of one foot on one core, and how
many plain strapdowns that is: `block` samples at once, or a recording in large batches. The
bytes copied and the strapdown are the floors, measured in the same run; the best of several
times counts. How the sensor sits is found once, in the first 15 s, which are timed apart."""

EXAMPLES = """example:
  python -m benchmarks.speed                   all of it, about a minute
  python -m benchmarks.speed --rates 400       one rate only
"""


def within(found: float, must: float) -> str:
    return "yes" if found <= must else f"NO, {found / must:.1f} times"


def stage_table(timings: list[Timing]) -> Table:
    table = Table(title="Nanoseconds a sample (strapdowns)", title_justify="left")
    for name in ("Hz", "block", *STAGES, f"≤ {WAY_NS:g} ns", "first 15 s"):
        table.add_column(name, justify="right")
    for timing in timings:
        cells = [f"{timing.ns[s]:,.0f} ({timing.ratio(s):.1f})" for s in STAGES]
        reached = "" if timing.block else within(timing.ns["whole way"], WAY_NS)
        table.add_row(
            f"{timing.rate_hz:g}", str(timing.block or "all"), *cells, reached,
            f"{timing.first_ms:.1f} ms",
        )  # fmt: skip
    return table


def start_table(repeats: int) -> Table:
    table = Table(title="From a fresh start", title_justify="left")
    for name in ("", "seconds", "numba loaded", "must be"):
        table.add_column(name, justify="right")
    for what in COMMANDS:
        took_s = starting_s(what, repeats)
        must = f"≤ {HELP_S:.2f} s: {within(took_s, HELP_S)}" if what == HELP else ""
        table.add_row(what, f"{took_s:.2f}", "yes" if loads_numba(what) else "no", must)
    return table


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed",
        description=ABOUT,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rates", type=float, nargs="+", default=RATES_HZ, metavar="HZ")
    parser.add_argument("--seconds", type=float, default=90.0, help="of running, at least 30")
    parser.add_argument("--repeats", type=int, default=5, help="of which the best counts")
    args = parser.parse_args()
    if args.seconds < 30.0 or args.repeats < 1:
        parser.error("--seconds must be at least 30 and --repeats at least 1")

    stdout = Console(highlight=False)
    if not stdout.is_terminal:
        stdout.width = 190
    timings = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for rate_hz in args.rates:
            for block in BLOCKS:
                seconds = args.seconds if not block else FEW_S
                what = f"{rate_hz:g} Hz in blocks of {block or 'all'}"
                task = progress.add_task(what, total=args.repeats)
                foot = left_foot(rate_hz, seconds)
                timings.append(
                    time_stages(foot, block, args.repeats, lambda t=task: progress.advance(t))
                )
    stdout.print(stage_table(timings))
    live = [t for t in timings if t.block == 20 and t.rate_hz == 400.0]
    for timing in live:
        load_pct = 100.0 * 2 * timing.rate_hz * timing.ns["whole way"] * 1e-9
        stdout.print(f"Two live shoes at 400 Hz: {load_pct:.2f} % of a core; {within(load_pct, 5)}")
    for rate_hz in args.rates:
        found = waiting(left_foot(rate_hz, FEW_S), 20)
        stdout.print(
            f"{rate_hz:g} Hz: {len(found.known)} strides are known "
            f"{found.samples.max()} samples ({found.most_ms:.0f} ms) after the packet that "
            f"decides them, at most; ≤ {KNOWN_MS:g} ms: {within(found.most_ms, KNOWN_MS)}"
        )
    stdout.print(start_table(args.repeats))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
