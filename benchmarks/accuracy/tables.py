"""The results in the terminal."""

from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks.accuracy.notes import NOTES
from benchmarks.accuracy.published import PUBLISHED
from benchmarks.accuracy.rotation import LIMITS, RotationScore
from benchmarks.accuracy.run import Results
from benchmarks.accuracy.score import AIM, MUST
from benchmarks.accuracy.summary import Line, counts, kinds, lines
from benchmarks.accuracy.verdict import DIGITS, LEGEND, TITLES, Grade, Outcome, figure
from benchmarks.accuracy.walking import WalkScore


def print_results(console: Console, results: Results) -> None:
    """Every group recording by recording, then the summary, the misses and others' figures."""
    console.print(LEGEND)
    for note in NOTES:
        console.print(f"  · {note}")
    for title, group in results.groups.items():
        if group:
            console.print(_group(title, group))
        else:
            console.print(f"{title}: no recordings here")
    if results.walking:
        console.print(_walking(results.walking))
    console.print(_rotation(results.rotation))
    for title, group in results.groups.items():
        if group:
            console.print(_summary(title, group))
    if results.simulated:
        console.print(_kinds(results.simulated))
    console.print(_published(results))
    if results.misses:
        console.print(Text(f"{len(results.misses)} requirements missed", style="bold red"))
        for name, text in results.misses:
            console.print(f"  ✗ {name}: {text}")
    else:
        console.print(Text("✓ every requirement holds", style="green"))


def _graded(text: str, grade: Grade) -> Text:
    return Text(f"{text} {grade.mark}".strip(), style=grade.style)


def _cell(outcome: Outcome, key: str) -> Text:
    grade = outcome.grade(key)
    if grade is Grade.UNKNOWN:
        return _graded("", grade)
    mean, spread = outcome.score.errors[key]
    share = outcome.score.measured[key]
    part = f" ({100 * share:.0f}%)" if share < 0.9 else ""
    return _graded(f"{figure(key, mean)} ±{spread:.{DIGITS[key]}f}{part}", grade)


def _group(title: str, group: Sequence[Outcome]) -> Table:
    table = Table(title=f"{title}: error (found − true), mean ± spread over strides")
    table.add_column("recording", no_wrap=True)
    table.add_column("strides")
    for key in MUST:
        table.add_column(TITLES[key], justify="right")
    for outcome in group:
        s = outcome.score
        wrong = f" −{s.missed} +{s.invented} w{s.not_running}" if outcome.misses else ""
        if s.missed == s.invented == s.not_running == 0:
            wrong = ""
        table.add_row(
            outcome.recording.name,
            _graded(f"{s.strides}{wrong}", outcome.counts),
            *(_cell(outcome, key) for key in MUST),
        )
    table.caption = "strides: −missed +invented w taken for walking; (n%): measured in those only"
    return table


def _walking(walks: Sequence[WalkScore]) -> Table:
    table = Table(title="Real walking: contacts (found − marked by hand)")
    for column in (
        "recording",
        "swings",
        "missed",
        "invented",
        "taken for running",
        "landing median, farthest, ms",
        "toe-off median, ms",
    ):
        table.add_column(column, justify="left" if column == "recording" else "right")
    for walk in walks:
        landing = walk.landing_ms
        farthest = float(landing[np.abs(landing).argmax()]) if len(landing) else np.nan
        table.add_row(
            walk.name,
            _graded(str(walk.swings), walk.counts),
            str(len(walk.missed_at_s)),
            str(len(walk.invented_at_s)),
            str(walk.running),
            _graded(f"{np.median(landing):+.0f}, {farthest:+.0f}", walk.timing),
            f"{np.median(walk.toe_off_ms):+.0f}" if len(walk.toe_off_ms) else "–",
        )
    return table


def _rotation(scores: Sequence[RotationScore]) -> Table:
    table = Table(title="Turned against not turned: mean absolute difference, worst of mountings")
    table.add_column("recording", no_wrap=True)
    table.add_column("strides that differ", justify="right")
    for column, (limit, unit) in LIMITS.items():
        table.add_column(f"{column} ≤ {limit:g} {unit}", justify="right")
    for score in scores:
        table.add_row(
            score.name,
            _graded(str(score.lost), Grade.MISS if score.lost else Grade.AIM),
            *(
                _graded(
                    f"{score.differences[c]:.2f}" if c in score.differences else "", score.grade(c)
                )
                for c in LIMITS
            ),
        )
    return table


def limit_text(limit: tuple[float, float | None]) -> str:
    """As written in the tables: mean, and spread where it has a limit."""
    return f"{limit[0]:g}" + (f" ± {limit[1]:g}" if limit[1] is not None else "")


def line_figures(line: Line) -> tuple[str, ...]:
    """Measure, must, aim, bias, typical, worst and spread of one line."""
    digits = DIGITS[line.key]
    return (
        TITLES[line.key],
        limit_text(line.limit),
        limit_text(AIM[line.key]),
        figure(line.key, line.bias),
        *(f"{v:.{digits}f}" for v in (line.typical, line.worst, line.spread)),
    )


def _summary(title: str, group: Sequence[Outcome]) -> Table:
    n = counts(group)
    table = Table(
        title=f"{title}: {n.recordings} recordings, {n.strides} strides, {n.missed} missed, "
        f"{n.invented} invented, {n.not_running} taken for walking {n.grade.mark}"
    )
    for column in ("measure", "must", "aim", "bias", "typical", "worst", "spread"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    for column in ("holds must", "reaches aim", "measured", ""):
        table.add_column(column, justify="right")
    for line in lines(group):
        table.add_row(
            *line_figures(line),
            f"{line.must}/{line.recordings}",
            f"{line.aim}/{line.recordings}",
            f"{100 * line.measured:.0f} %",
            _graded("", line.grade),
        )
    return table


def _kinds(group: Sequence[Outcome]) -> Table:
    table = Table(title="Simulated runners by kind: typical and worst |mean error|")
    for header in KIND_HEADERS:
        table.add_column(header, justify="left" if header == KIND_HEADERS[0] else "right")
    for row in kind_rows(group):
        table.add_row(*row)
    return table


KIND_KEYS = ("ic_ms", "tc_ms", "contact_ms", "strike_angle_deg", "speed_pct")
KIND_HEADERS = (
    "kind of run",
    "hold every requirement",
    *(f"{TITLES[key]}" for key in KIND_KEYS),
    "speed measured",
)


def kind_rows(group: Sequence[Outcome]) -> list[list[str]]:
    """One row a kind of run, as text with marks."""
    rows = []
    for kind in kinds(group):
        cells = [kind.name, f"{kind.holding}/{len(kind.group)} {kind.grade.mark}"]
        for key in KIND_KEYS:
            line, digits = kind.line(key), DIGITS[key]
            cells.append(f"{line.typical:.{digits}f}, {line.worst:.{digits}f}" if line else "–")
        speed = kind.line("speed_pct")
        rows.append([*cells, f"{100 * speed.measured:.0f} %" if speed else "0 %"])
    return rows


def ours(results: Results, key: str, *, sprint: bool) -> tuple[str, str]:
    """Typical absolute mean error and spread, on real and on simulated runners or sprints."""
    cells = []
    for group in ([], results.sprints) if sprint else (results.real, results.simulated):
        found = [line for line in lines(group) if line.key == key]
        digits = DIGITS[key]
        cells.append(
            f"{found[0].typical:.{digits}f} ± {found[0].spread:.{digits}f}" if found else "–"
        )
    return cells[0], cells[1]


def _published(results: Results) -> Table:
    table = Table(title="What others report, with ours beside it")
    for column in ("measure", "ours, real", "ours, simulated", "source", "on what", "figure"):
        table.add_column(column)
    for entry in PUBLISHED:
        for key in entry.keys:
            mine = ours(results, key, sprint=entry.sprint)
            table.add_row(TITLES[key], *mine, entry.key, entry.what, entry.figure)
    table.caption = (
        "ours: median over recordings of |mean error| ± spread over strides; others measured "
        "other people with other references, so only the order of magnitude compares. "
        "The sources are named in docs/accuracy.md."
    )
    return table
