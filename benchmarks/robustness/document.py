"""The part of `docs/accuracy.md` on bad data: written by the benchmark, from what it printed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.accuracy.document import DOCUMENT, table, write_bad_data
from benchmarks.robustness.rows import Row
from benchmarks.robustness.tables import HEADERS, LEGEND, cells, misses, promised

COMMAND = "python -m benchmarks.robustness --write"


def write_document(
    groups: Mapping[str, Sequence[Row]], what: str, count: int, path: Path = DOCUMENT
) -> None:
    """Write it into the page. `what` the recordings are, `count` of them."""
    missing = misses(groups)
    parts = [
        "## On bad data",
        "Radios lose samples, clocks jitter, sensors clip, and people tell the wrong side. Here "
        f"the same {count} recordings ({what}) are disturbed in each of these ways, written as "
        "tables, read and analysed as `gait analyze` does.",
        f"**{promised(groups) - len(missing)} of {promised(groups)} hold.** What must hold: with "
        "samples lost all but 2 of 36 strides, and 90 % valid; with times or values that only look "
        "wrong everything as without; with a range too small all strides, and the rest not "
        "measured; what is told wrong or broken is named. Landing and toe-off within 10 ± 10 ms "
        "where they can be. Nothing is invented, and nothing false stands with quality good.",
        LEGEND,
        *(_group(title, rows) for title, rows in groups.items()),
        "### What does not hold on bad data",
        "\n".join(f"- ✗ {_plain(text)}" for text in missing) or "Everything holds.",
        "The real recordings are of one foot at a time. Where a runner's other foot was recorded "
        "at the same speed, its strides are stretched by less than 1 % to last as long, and come "
        "half a stride later, so that both are on one clock.",
        f"Do it again with `{COMMAND}`. Without `--write` it prints the table; "
        "`--quick` takes one recording and one amount of each, `--thin 4` every fourth sample (a "
        "slower sensor). The disturbances are in `gait/simulate/disturbance.py`. Without the "
        "shared recordings the project's own are taken.",
    ]
    write_bad_data("\n\n".join(parts), path)


def _group(title: str, rows: Sequence[Row]) -> str:
    body = [[_plain(cell) for cell in cells(row)] for row in rows]
    return f"### {title}\n\n{table(HEADERS, body)}"


def _plain(text: str) -> str:
    """Nothing of it is taken for Markdown."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
