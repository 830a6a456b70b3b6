"""`python -m benchmarks.accuracy`: the tables on stdout, progress on stderr."""

import argparse
import sys
from importlib.util import find_spec

from rich.console import Console
from rich.progress import Progress

from benchmarks.accuracy.run import run_all
from benchmarks.accuracy.tables import print_results

WIDE = 190  # columns, where the output is no terminal

EXAMPLES = """examples:
  python -m benchmarks.accuracy                   score everything that is here
  python -m benchmarks.accuracy --compare --loro  also other methods, and the refit
  python -m benchmarks.accuracy --write           all of it, into docs/accuracy.md
"""


def main() -> int:
    """Returns 0, or with `--strict` 1 where a requirement is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy",
        description="How far strides and measures are from the truth.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--compare", action="store_true", help="a naive detector and gaitmap on the same recordings"
    )
    parser.add_argument("--loro", action="store_true", help="leave one runner out: refit, and try")
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md (does all)")
    parser.add_argument("--strict", action="store_true", help="exit code 1 if a requirement fails")
    args = parser.parse_args()
    if args.write and find_spec("matplotlib") is None:
        parser.error("--write draws pictures; install them with: pip install -e '.[report]'")

    stdout = Console(highlight=False)
    if not stdout.is_terminal:
        stdout.width = WIDE
    stderr = Console(stderr=True)
    with Progress(console=stderr, transient=True) as progress:
        results = run_all(progress)
    print_results(stdout, results)

    comparison = held = None
    if args.compare or args.write:
        from benchmarks.accuracy.compare import compare, print_comparison  # noqa: PLC0415

        comparison = compare(stderr)
        print_comparison(stdout, comparison)
    if args.loro or args.write:
        from benchmarks.accuracy.refit import leave_one_out, print_held_out  # noqa: PLC0415

        with Progress(console=stderr, transient=True) as progress:
            held = leave_one_out(progress)
        print_held_out(stdout, held)
    if args.write:
        from benchmarks.accuracy.document import DOCUMENT, write_document  # noqa: PLC0415

        assert comparison is not None
        assert held is not None
        write_document(results, comparison, held)
        stderr.print(f"Wrote {DOCUMENT.name} and its pictures")
    return 1 if args.strict and results.misses else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
