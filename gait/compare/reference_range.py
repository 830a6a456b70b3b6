"""The runner's own usual range of a measure at a speed, from earlier runs in the same gear."""

from collections.abc import Sequence

from gait.compare.baseline import MOST_RUNS, SHOWN_FROM, points_of
from gait.compare.baseline_model import off_usual, run_to_run, usual_at
from gait.compare.compared_measures import BY_MEASURE
from gait.model.history import PastRun


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
