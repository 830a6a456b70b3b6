"""`python -m benchmarks.trust`: the table on stdout, progress on stderr."""

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console

from benchmarks.trust.document import DOCUMENT, print_table, write_document
from benchmarks.trust.fuzzing import ROOT
from benchmarks.trust.run import FORMS, Form, run_all

EXAMPLES = """examples:
  python -m benchmarks.trust                   the quick form: 10⁵ inputs, each trial a few times
  python -m benchmarks.trust --long --write    10⁷ inputs, 200 kills, an hour of chaos; its page
  python -m benchmarks.trust --only session    the targets and trials whose name has this word
  python -m benchmarks.trust --again table-csv 17   one call again, with the whole traceback
  python -m benchmarks.trust --guided session  guided by coverage, where atheris is installed
  python -m benchmarks.trust --corpus          make the good inputs of the corpus again
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0, or 1 where something did not hold."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.trust",
        description="Hostile inputs, kills, writers, full disks and chaos.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="as CI does it (the default)")
    parser.add_argument("--long", action="store_true", help="as before a release: about two hours")
    parser.add_argument("--only", metavar="WORD", default="", help="what has this in its name")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes that fuzz")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.relative_to(ROOT)}")
    parser.add_argument("--again", nargs=2, metavar=("TARGET", "CALL"), help="one call again")
    parser.add_argument("--guided", metavar="TARGET", help="a target under atheris")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="of --guided")
    parser.add_argument("--corpus", action="store_true", help="make the corpus again")
    options = parser.parse_args(arguments)
    if options.quick and options.long:
        parser.error("choose --quick or --long")
    if options.write and options.only:
        parser.error("--write writes what everything gives; leave --only away")
    if options.workers < 1:
        parser.error("--workers takes a number from 1 on")

    stdout, stderr = Console(highlight=False), Console(stderr=True, highlight=False)
    if options.again:
        return _again(options.again[0], int(options.again[1]))
    if options.guided:
        return _guided(options.guided, options.seconds)
    if options.corpus:
        from benchmarks.trust.corpus import write_corpus  # noqa: PLC0415 - needs the tests

        stderr.print(f"The corpus has {write_corpus():,} bytes.")
        return 0
    form: Form = FORMS["long" if options.long else "quick"]
    results = run_all(form, only=options.only, workers=options.workers, say=stderr.print)
    print_table(stdout, results)
    if options.write:
        write_document(results)
        stderr.print(f"Wrote {DOCUMENT.name}")
    return 1 if results.failures() else 0


def _again(name: str, call: int) -> int:
    """The inputs of a call, one by one and then together; errors come out as they are."""
    from pathlib import Path  # noqa: PLC0415
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    from benchmarks.trust.targets import TARGETS  # noqa: PLC0415
    from benchmarks.trust.worker import seeds_of  # noqa: PLC0415
    from gait.model import GaitError  # noqa: PLC0415

    target = TARGETS[name]
    seeds = seeds_of(target)
    calls = [target.inputs(seeds, call)] if call else [[target.seed(seed)] for seed in seeds]
    for inputs in calls:
        print(b"".join(inputs[:1])[:2000])
        with TemporaryDirectory() as folder:
            try:
                target.read(inputs, Path(folder))
            except GaitError as error:
                print(f"refused: {error}")
    return 0


def _guided(name: str, seconds: int) -> int:
    import subprocess  # noqa: PLC0415

    command = [sys.executable, "-m", "benchmarks.trust.guided", name, str(seconds)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
