"""A target guided by coverage: `python -m benchmarks.trust.guided TARGET SECONDS`.

Needs atheris (`pip install atheris`; it comes for Linux and some versions of Python). What it finds
is written beside the corpus and belongs into it under a name that begins with `found-`.
"""

import os
import sys
import tempfile
from pathlib import Path


def main(name: str, seconds: int) -> None:
    try:
        import atheris  # pyright: ignore # noqa: PLC0415 - is no dependency
    except ImportError:
        sys.exit("Guided fuzzing needs atheris: pip install atheris")
    with atheris.instrument_imports(include=["gait"]):  # pyright: ignore
        from benchmarks.trust.target import failure  # noqa: PLC0415
        from benchmarks.trust.targets import TARGETS  # noqa: PLC0415
        from benchmarks.trust.worker import seeds_of  # noqa: PLC0415
    target = TARGETS[name]
    place = Path(tempfile.mkdtemp(prefix="gait-guided-"))
    grown, inputs = place / "grown", place / "input"
    for folder in (grown, inputs):
        folder.mkdir()
    for number, seed in enumerate(seeds_of(target)):
        (grown / str(number)).write_bytes(seed)

    def one(data: bytes) -> None:
        what, _ = failure(target, [target.seed(data)], inputs)
        for left in inputs.iterdir():
            if left.is_file():
                left.unlink()
        if what is not None:
            raise AssertionError(what)

    sys.stderr.write(f"Inputs that were kept are in {place}.\n")
    options = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=4000", "-max_len=65536"]
    os.chdir(place)
    atheris.Setup([sys.argv[0], *options, str(grown)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
