"""The own usual range is the one that a comparison with the same runs uses."""

import numpy as np
import pytest

from gait.compare.baseline import compare, own_range
from gait.model import Distance, PastRun, SpeedBin

GEAR = "a pair"


def run(day: int, pronation: float, contact: float, speed: float = 3.0) -> PastRun:
    values = {"speed_m_s": speed, "pronation_excursion_deg": pronation, "contact_ms": contact}
    bin_ = SpeedBin(
        from_m_s=0.25 * np.floor(speed / 0.25),
        n=400,
        medians=values,
        spreads=dict.fromkeys(values, 0.0),
        counts=dict.fromkeys(values, 400),
    )
    return PastRun(
        key=str(day),
        started_at=f"2026-03-{day:02d}T08:00:00+00:00",
        gear=GEAR,
        duration_s=1800.0,
        distance=Distance(metres=5000.0),
        speed_bins={"left": [bin_]},
    )


def some_runs(n: int = 12) -> list[PastRun]:
    random = np.random.default_rng(3)
    days = range(1, 2 * n, 2)
    return [run(d, 9.0 + 0.9 * random.normal(), 250.0 + 4.0 * random.normal()) for d in days]


@pytest.mark.parametrize("measure", ["pronation_excursion_deg", "contact_ms"])
def test_its_ends_are_where_a_difference_begins_to_be_shown(measure):
    runs = some_runs()
    found = own_range(measure, "left", runs[:-2], 3.0)  # a comparison keeps the last two out
    assert found is not None
    today = run(28, 9.0, 250.0).speed_bins
    comparison = compare(today, runs, gear=GEAR, started_at="2026-03-28T08:00:00+00:00")
    change = next(c for c in comparison.changes if c.measure == measure)
    assert found[0] == pytest.approx(change.usual - change.smallest)
    assert found[1] == pytest.approx(change.usual + change.smallest)


def test_where_the_runs_do_not_tell_there_is_none():
    assert own_range("contact_ms", "left", [], 3.0) is None
    assert own_range("contact_ms", "left", some_runs(4), 3.0) is None
    assert own_range("contact_ms", "left", some_runs(), 4.5) is None
    assert own_range("contact_ms", "right", some_runs(), 3.0) is None
    assert own_range("swing_ms", "left", some_runs(), 3.0) is None
