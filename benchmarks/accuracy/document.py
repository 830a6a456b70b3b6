"""`docs/accuracy.md`: wholly written by the benchmark, from what it printed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.accuracy import compare as other_methods
from benchmarks.accuracy import intervals, refit
from benchmarks.accuracy.compare import Comparison
from benchmarks.accuracy.notes import NOTES
from benchmarks.accuracy.pictures import PICTURES, write_pictures
from benchmarks.accuracy.published import PUBLISHED, REFERENCES
from benchmarks.accuracy.recordings import PROJECT
from benchmarks.accuracy.refit import HeldOut
from benchmarks.accuracy.rotation import LIMITS
from benchmarks.accuracy.run import Results
from benchmarks.accuracy.score import SPRINT_M_S, SPRINT_MS
from benchmarks.accuracy.summary import counts, lines
from benchmarks.accuracy.tables import KIND_HEADERS, kind_rows, line_figures, ours
from benchmarks.accuracy.verdict import LEGEND, TITLES, Grade, Outcome
from benchmarks.accuracy.words import in_plain_words

DOCUMENT = PROJECT / "docs" / "accuracy.md"
COMMAND = "python -m benchmarks.accuracy --write"


def write_document(
    results: Results, comparison: Comparison, held: Sequence[HeldOut], path: Path = DOCUMENT
) -> None:
    """Write the document and its pictures beside it."""
    write_pictures(results, path.parent / "images")
    parts = [
        "# How accurate it is",
        f"<!-- Written by `{COMMAND}`. Change the benchmark, not this file. -->",
        *in_plain_words(results, comparison, held),
        "## On what this was measured",
        _list(NOTES),
        "## On the runner it was not chosen on",
        _held_out(held),
        "## On all recordings",
        f"{LEGEND}. Error is found − true. Bias: mean over recordings. Typical and worst: of the "
        "absolute mean error of a recording. Spread: standard deviation over the strides of a "
        "recording, the median of these. A group holds when each of its recordings does. Events of "
        f"a sprint (above {SPRINT_M_S:g} m/s) must hold {SPRINT_MS:g} ms; the "
        "limit shown is that of a group's fastest.",
        *(_group(title, group) for title, group in results.groups.items()),
        _kinds(results),
        _walking(results),
        _rotation(results),
        "## In pictures",
        *_pictures(),
        "## What does not hold",
        _misses(results),
        "## What others report",
        _published(results),
        _list([f"`{key}`: {text}" for key, text in REFERENCES.items()]),
        "## The same recordings, other methods",
        _comparison(comparison),
        _bad_data(path),
        "## Do it again",
        f"    pip install -e '.[report]'\n    {COMMAND}\n\nwrites this page and its pictures. "
        "Without `--write` it prints the tables; `--compare` adds the other methods, `--loro` the "
        "refit. The shared recordings "
        "are looked for beside the project; `SHOEGAIT_SHARED_DATA` names another place. Without "
        "them the simulated runners and the project's own recordings remain.",
    ]
    path.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    head = [f"| {' | '.join(headers)} |", f"|{'---|' * len(headers)}"]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])


def _list(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _group(title: str, group: Sequence[Outcome]) -> str:
    if not group:
        return f"### {title}\n\nNo recordings were there."
    n = counts(group)
    rows = [
        (
            *line_figures(line),
            f"{line.must}/{line.recordings} {line.grade.mark}",
            f"{line.aim}/{line.recordings}",
            f"{100 * line.measured:.0f} %",
        )
        for line in lines(group)
    ]
    head = ("measure", "must", "aim", "bias", "typical", "worst", "spread")
    return (
        f"### {title}\n\n{n.recordings} recordings, {n.strides} strides: {n.missed} missed, "
        f"{n.invented} invented, {n.not_running} taken for walking {n.grade.mark}\n\n"
        + table((*head, "hold must", "reach aim", "measured"), rows)
    )


def _kinds(results: Results) -> str:
    if not results.simulated:
        return ""
    return "### Simulated runners by kind\n\nTypical and worst absolute mean error.\n\n" + table(
        KIND_HEADERS, kind_rows(results.simulated)
    )


def _walking(results: Results) -> str:
    if not results.walking:
        return "### Real walking\n\nThe shared recordings were not there."
    rows = []
    for walk in results.walking:
        landing = walk.landing_ms
        farthest = landing[np.abs(landing).argmax()] if len(landing) else np.nan
        rows.append(
            (
                walk.name,
                f"{walk.swings} {walk.counts.mark}",
                str(len(walk.missed_at_s)),
                str(len(walk.invented_at_s)),
                str(walk.running),
                f"{np.median(landing):+.0f}".replace("-", "−"),
                f"{farthest:+.0f} {walk.timing.mark}".replace("-", "−"),
            )
        )
    return (
        "### Real walking\n\nContacts against hand-marked ends of swing: each within 40 ms must "
        "be, within 20 ms is aimed at; all swings found, none invented, none taken for running."
        "\n\n"
        + table(
            (
                "recording",
                "swings",
                "missed",
                "invented",
                "taken for running",
                "landing median, ms",
                "farthest, ms",
            ),
            rows,
        )
    )


def _rotation(results: Results) -> str:
    rows = []
    for column, (limit, unit) in LIMITS.items():
        values = [r.differences[column] for r in results.rotation if column in r.differences]
        holding = sum(r.grade(column) is Grade.AIM for r in results.rotation)
        worst = max(values, default=np.nan)
        mark = Grade.AIM if holding == len(values) else Grade.MISS
        rows.append(
            (
                f"{column}, {unit}",
                f"{limit:g}",
                f"{worst:.2f}",
                f"{holding}/{len(values)} {mark.mark}",
            )
        )
    lost = sum(r.lost for r in results.rotation)
    return (
        "### The sensor mounted in any way\n\nMean absolute difference to the sensor mounted "
        "straight, in 16-bit steps along the turned axes; the worst of several random mountings of "
        "each recording. Strides found in only "
        f"one of the two: {lost}.\n\n" + table(("column", "must", "worst", "hold"), rows)
    )


def _pictures() -> list[str]:
    return [
        f"![{p.title}: difference of found and true against their mean, real and simulated]"
        f"(images/{p.file})"
        for p in PICTURES
    ]


def _misses(results: Results) -> str:
    if not results.misses:
        return "Every requirement holds on every recording."
    text = _list([f"{Grade.MISS.mark} {name}: {text}" for name, text in results.misses])
    head = (
        f"<details><summary>All {len(results.misses)} requirements missed, with figures</summary>"
    )
    return f"{head}\n\n{text}\n\n</details>"


def _published(results: Results) -> str:
    rows = [
        (
            TITLES[key],
            *ours(results, key, sprint=entry.sprint),
            f"`{entry.key}`",
            entry.what,
            entry.figure,
        )
        for entry in PUBLISHED
        for key in entry.keys
    ]
    return (
        "Ours: median over recordings of the absolute mean error ± spread over strides. The others "
        "measured other people against other references, so only the order of magnitude compares."
        "\n\n"
        + table(("measure", "ours, real", "ours, simulated", "source", "on what", "figure"), rows)
    )


def _comparison(comparison: Comparison) -> str:
    seen = [
        f"Strides that gaitmap segmented before it looked for events, {group}: "
        + ", ".join(f"{method} {count}" for method, count in found.items())
        + "."
        for group, found in comparison.segmented.items()
    ]
    return "\n\n".join(
        [
            table(other_methods.HEADERS, other_methods.rows(comparison)),
            comparison.note,
            *([_list(seen)] if seen else []),
            other_methods.ABOUT_NAIVE,
        ]
    )


def _held_out(held: Sequence[HeldOut]) -> str:
    if not held:
        return "The shared recordings were not there."
    shipped = ", ".join(f"`{name}` {value:.4f}" for name, value in refit.shipped().items())
    chosen = [f"chosen without {h.runner}: {refit.chosen_text(h.chosen)}" for h in held]
    every = [one for h in held for one in h.stated]
    return "\n\n".join(
        [
            "The few numbers of the step detector that were chosen on data, chosen anew on one "
            "runner's recordings alone and tried on the other's. This is what to expect of a "
            "runner nobody has seen; “as shipped” was chosen on these recordings.",
            table(refit.HEADERS, [row for h in held for row in refit.cells(h)]),
            _list([f"as shipped: {shipped}", *chosen]),
            "The 95 % intervals that a session then states, on these recordings as they are and "
            "turned, noisier and biased:",
            table(intervals.HEADERS, intervals.cells(every)),
        ]
    )


# What bad data do is tried by a benchmark of its own, which writes its part of the page.
BAD_DATA = "<!-- What follows is written by `python -m benchmarks.robustness --write`. -->"
END = "<!-- /robustness -->"


def _bad_data(path: Path) -> str:
    """That part as it is in the page now."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    _, _, rest = page.partition(BAD_DATA)
    return f"{BAD_DATA}{rest.partition(END)[0] or NO_BAD_DATA}{END}"


NO_BAD_DATA = "\n\n## On bad data\n\nNot tried yet.\n\n"


def write_bad_data(text: str, path: Path = DOCUMENT) -> None:
    """Renew the part on bad data in the page that is there."""
    page = path.read_text(encoding="utf-8") if path.exists() else f"{BAD_DATA}{END}\n"
    head, _, rest = page.partition(BAD_DATA)
    _, _, tail = rest.partition(END)
    path.write_text(f"{head}{BAD_DATA}\n\n{text}\n\n{END}{tail}", encoding="utf-8")
