"""This run beside the runner's own earlier runs: what is different, and whether it counts.

Unchanged runners must see fewer than one false change in twenty runs over all measures
compared, so one run never suffices, and the last three together must be further off than
chance makes them (tests/measures/test_baseline_chance.py).

The runner's own usual range of a measure at a speed, from earlier runs in the same gear.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from msgspec.structs import replace

from gait.compare.baseline_model import (
    LEAST_DAYS,
    LEAST_RUNS,
    SPREAD_WITHIN_M_S,
    Adjusted,
    Points,
    Usual,
    adjusted_to,
    off_usual,
    run_to_run,
    three_in_a_row,
    usual_at,
)
from gait.compare.compared_measures import BY_MEASURE, COMPARED, Compared
from gait.measures.aggregate import sampling_error
from gait.model.arrays import Floats
from gait.model.history import Change, Foot, PastRun, SpeedBin
from gait.model.summary import Measure, Reference

KEPT_OUT = 2  # the last runs are no baseline: a change may have begun in them
MOST_RUNS = 30  # of a baseline; what has been so for longer is the new usual
SEEN_IN = 2  # of the last three runs, this one among them
SHOWN_FROM = 1.5  # robust standard deviations: the smallest difference worth showing
USUAL_SD = 1.25  # of a median of independent values, in theirs over √n
TOGETHER = 3.6  # likewise, of a mean of three runs against usual: how far off it must be

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

Bins = Mapping[str, Sequence[SpeedBin]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changes`: every measure that could be compared. `notes`: in sentences, why others not.

    `runs_missing`: how many more runs with these shoes and sensors it takes.
    """

    changes: list[Change]
    notes: list[str]
    runs_missing: int = 0


NOT_COMPARED = Comparison([], [], LEAST_RUNS)


@dataclass(frozen=True, slots=True)
class _Off:
    """How far a run is from usual at its own speeds, and its 95 % sampling error.

    `mostly_m_s`: the speed of most strides. `near`: how many runs the usual stands on.
    """

    value: float
    usual: float
    sampling: float
    speed_m_s: float
    mostly_m_s: float
    near: int

    @property
    def by(self) -> float:
        return self.value - self.usual


def compare(
    bins: Bins, earlier: Sequence[PastRun], *, gear: str, started_at: str | None
) -> Comparison:
    """`bins` of this run beside earlier runs of the same runner, in any order.

    Only runs with the same gear and from before this one count (all of them where the start of
    this one is not known).
    """
    now = _day(started_at)
    before = [r for r in earlier if np.isnan(now) or _day(r.started_at) < now]
    same = _in_order(r for r in before if r.gear == gear)
    runs = [r for r in same if r.speed_bins]
    notes = _other_gear(len(before) - len(same))
    missing, days = max(0, LEAST_RUNS - len(runs)), _span(runs)
    if missing or days < LEAST_DAYS:
        return Comparison([], [*notes, _too_few(missing, days)], missing)
    baseline = baseline_of(runs)
    recent = [r.speed_bins for r in runs[-KEPT_OUT:]]
    found = (_change(row, s, bins, recent, baseline) for row in COMPARED for s in row.sides)
    changes = [change for change in found if change is not None]
    if not changes:
        notes.append(_no_speed(bins))
    return Comparison(changes, notes)


def _span(runs: Sequence[PastRun]) -> float:
    return _day(runs[-1].started_at) - _day(runs[0].started_at) if runs else 0.0


def baseline_of(runs: Sequence[PastRun]) -> Sequence[PastRun]:
    """The runs to compare with: without the last two, where those before are enough."""
    for kept in range(max(LEAST_RUNS, len(runs) - KEPT_OUT), len(runs)):
        if _span(runs[:kept]) >= LEAST_DAYS:
            return runs[:kept][-MOST_RUNS:]
    return runs[-MOST_RUNS:]


def with_own_baseline(
    measures: dict[str, dict[str, Measure]], changes: Sequence[Change]
) -> dict[str, dict[str, Measure]]:
    """`measures` with the runner's own usual beside those that have nothing else beside them."""
    found = {side: dict(of_side) for side, of_side in measures.items()}
    for change in changes:
        measure = found[change.side].get(change.measure)
        if measure is not None and measure.reference is None:
            reference = Reference(
                kind="own baseline",
                low=change.usual - change.smallest,
                high=change.usual + change.smallest,
                text=f"{count_word(change.runs)} earlier runs at this pace",
                source="your own runs",
            )
            found[change.side][change.measure] = replace(measure, reference=reference)
    return found


def without_own_baseline(
    measures: dict[str, dict[str, Measure]],
) -> dict[str, dict[str, Measure]]:
    """`measures` before `with_own_baseline`."""
    return {
        side: {
            name: replace(m, reference=None)
            if m.reference is not None and m.reference.kind == "own baseline"
            else m
            for name, m in of_side.items()
        }
        for side, of_side in measures.items()
    }


def are_enough(runs: Sequence[PastRun]) -> bool:
    """Whether of runs with one gear still earlier ones would leave `changes` as they are."""
    kept = _in_order(r for r in runs if r.speed_bins)[:-KEPT_OUT]
    return len(kept) >= MOST_RUNS and _span(kept) >= LEAST_DAYS


def _in_order(runs: Iterable[PastRun]) -> list[PastRun]:
    """The oldest first; the same for runs of one moment, whichever came first."""
    return sorted(runs, key=lambda r: (_day(r.started_at), r.key))


def count_word(count: int) -> str:
    """A small number as a word."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _change(
    row: Compared, side: Foot, bins: Bins, recent: Sequence[Bins], baseline: Sequence[PastRun]
) -> Change | None:
    points = points_of(row.measure, side, baseline)
    off = _off(_medians(row.measure, side, bins), points)
    if off is None:
        return None
    before = (_off(_medians(row.measure, side, r), points) for r in recent)
    last = [off.by, *(b.by for b in before if b is not None)]
    others = off_usual(off.mostly_m_s, points)
    spread = run_to_run(others)
    scale = max(row.repeats_to, spread)
    smallest = max(np.sqrt(2.0) * off.sampling, SHOWN_FROM * scale)
    seen_in = sum(abs(by) > smallest and by * off.by > 0.0 for by in last)
    # a mean, where fewer than three runs must be that much further off
    together = np.sign(off.by) * np.sum(last) / np.sqrt(3.0 * len(last))
    of_usual = USUAL_SD * spread / np.sqrt(off.near)
    by_chance = np.hypot(max(scale / np.sqrt(3.0), three_in_a_row(others)), of_usual)
    shown = abs(off.by) > smallest
    counts = shown and seen_in >= SEEN_IN and together > TOGETHER * by_chance
    return Change(
        measure=row.measure,
        side=side,
        unit=row.unit,
        value=off.value,
        usual=off.usual,
        difference=off.by,
        smallest=float(smallest),
        z=off.by / scale,
        runs=off.near,
        speed_m_s=off.speed_m_s,
        seen_in=int(seen_in),
        counts=bool(counts),
        text=_said(row, side, off.by, off.near, shown=bool(shown)),
    )


def _off(medians: Floats, baseline: Points) -> _Off | None:
    """How far a run of these medians is off, over its speeds by the strides it has there."""
    usual = [usual_at(speed, baseline) for speed in medians[:, 0]]
    known = np.array([u is not None for u in usual], dtype=np.bool_)
    if not known.any():
        return None
    speed, value, count, sampling = medians[known].T
    told: list[Usual] = [u for u in usual if u is not None]
    share = count / count.sum()
    return _Off(
        value=float(share @ value),
        usual=float(share @ [u.value for u in told]),
        sampling=float(np.hypot.reduce(share * sampling)),
        speed_m_s=float(share @ speed),
        mostly_m_s=float(speed[np.argmax(count)]),
        near=int(np.any([u.near for u in told], axis=0).sum()),
    )


def points_of(measure: str, side: str, runs: Sequence[PastRun]) -> Points:
    """The medians of a measure by run and speed; `side` left, right or both."""
    told = [
        (number, b.medians["speed_m_s"], b.medians[measure], b.counts[measure])
        for number, run in enumerate(runs)
        for b in _with(measure, side, run.speed_bins)
    ]
    number, speed, value, count = np.array(told, dtype=np.float64).reshape(-1, 4).T
    days = np.array([_day(run.started_at) for run in runs])
    return Points(number.astype(np.int64), speed, value, count, days)


def _medians(measure: str, side: Foot, bins: Bins) -> Floats:
    """(bins, 4): speed, median, count of strides and 95 % sampling error of the median."""
    rows = [
        (
            b.medians["speed_m_s"],
            b.medians[measure],
            b.counts[measure],
            sampling_error(b.spreads[measure], b.counts[measure]),
        )
        for b in _with(measure, side, bins)
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def _with(measure: str, side: str, bins: Bins) -> list[SpeedBin]:
    """The bins that have the measure."""
    return [b for b in bins.get(side, ()) if measure in b.medians and "speed_m_s" in b.medians]


def _day(started_at: str | None) -> float:
    """A date and time in ISO 8601 as days since 1970, UTC without a zone; NaN where unknown."""
    try:
        when = datetime.fromisoformat(started_at or "")
    except ValueError:
        return np.nan
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() / 86400.0


def _said(row: Compared, side: Foot, by: float, runs: int, *, shown: bool) -> str:
    than = f"{count_word(runs)} earlier runs at this pace"
    if shown:
        phrase = row.said(side, by)
        return f"{phrase[:1].upper()}{phrase[1:]} than in {than}."
    whose = "" if side == "both" else f", {side}"
    return f"{row.label}{whose}: no different from {than}."


def _other_gear(count: int) -> list[str]:
    if not count:
        return []
    were = "1 earlier run was" if count == 1 else f"{count} earlier runs were"
    return [f"{were} with other shoes, other sensors or another place of them; not compared."]


def _too_few(missing: int, days: float) -> str:
    if missing:
        more = "1 more run" if missing == 1 else f"{missing} more runs"
        return f"It takes {more} with these shoes and sensors until a run can be compared."
    return (
        f"The earlier runs with these shoes and sensors lie within {days:.0f} days; it takes "
        "runs over 14 days until a run can be compared."
    )


def _no_speed(bins: Bins) -> str:
    if not any(bins.values()):
        return "This run has too few strides at any one speed to be compared."
    return "Too few of the earlier runs were at the speeds of this one to compare it with them."


def own_range(
    measure: str, side: str, runs: Sequence[PastRun], speed_m_s: float
) -> tuple[float, float] | None:
    """As in the comparison with earlier runs: what is outside is worth showing.

    runs : of one runner in the same gear, the oldest first; the last 30 are used

    None where they do not tell: other speeds, too few runs, or a measure that is not compared.
    """
    row = BY_MEASURE.get(measure)
    if row is None or not runs:
        return None
    points = points_of(measure, side, runs[-MOST_RUNS:])
    usual = usual_at(speed_m_s, points) if len(points.speed) else None
    if usual is None:
        return None
    reach = SHOWN_FROM * max(row.repeats_to, run_to_run(off_usual(speed_m_s, points)))
    return usual.value - reach, usual.value + reach


def adjusted(measure: str, side: str, runs: Sequence[PastRun], speed_m_s: float) -> list[Adjusted]:
    """Each run's measure at one speed, by what the runs before it tell.

    runs : of one runner in the same gear, the oldest first
    """
    points = points_of(measure, side, runs)
    sampling = np.array(
        [
            sampling_error(b.spreads.get(measure, 0.0), b.counts[measure])
            for run in runs
            for b in _with(measure, side, run.speed_bins)
        ],
        dtype=np.float64,
    )
    row = BY_MEASURE.get(measure)
    spread = run_to_run(off_usual(speed_m_s, points)) if _tells(points, speed_m_s) else 0.0
    cap = SHOWN_FROM * max(row.repeats_to if row else 0.0, spread)
    return adjusted_to(speed_m_s, points, sampling, cap)


def _tells(points: Points, speed_m_s: float) -> bool:
    """Whether enough runs are near a speed to say how far they differ."""
    near = np.abs(points.speed - speed_m_s) <= SPREAD_WITHIN_M_S
    return len(np.unique(points.run[near])) > LEAST_RUNS
