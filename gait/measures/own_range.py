"""The runner's own usual range of a measure at a speed, from earlier runs in the same gear."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from gait.measures.baseline import MOST_RUNS, SHOWN_FROM
from gait.measures.compared import BY_MEASURE
from gait.measures.usual import Points, off_usual, run_to_run, usual_at
from gait.model.history import PastRun

DAY_S = 86400.0


def points_of(measure: str, side: str, runs: Sequence[PastRun]) -> Points:
    """The medians of a measure by run and speed; `side` left, right or both."""
    told = [
        (number, b.medians["speed_m_s"], b.medians[measure], b.counts[measure])
        for number, run in enumerate(runs)
        for b in run.speed_bins.get(side, ())
        if measure in b.medians and "speed_m_s" in b.medians
    ]
    run, speed, value, count = np.array(told, dtype=np.float64).reshape(-1, 4).T
    days = np.array([_moment(r.started_at) / DAY_S for r in runs])
    return Points(run.astype(np.int64), speed, value, count, days)


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


def _moment(started_at: str) -> float:
    """Seconds since 1970; UTC where the text names no zone."""
    when = datetime.fromisoformat(started_at)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
