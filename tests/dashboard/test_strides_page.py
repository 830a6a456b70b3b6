"""Medians of a span, against counting by hand."""

import numpy as np

from gait.dashboard.pages.strides import measured, span_rows
from gait.measures.table import empty_strides
from gait.model.strides import Activity
from gait.report.figures import usable


def strides(n: int, seed: int = 2) -> np.ndarray:
    rng = np.random.default_rng(seed)
    made = empty_strides(n)
    made["ic_s"] = np.arange(n) * 0.35
    made["side"] = np.arange(n) % 2
    made["valid"] = rng.random(n) > 0.1
    for name in made.dtype.names or ():
        if made.dtype[name] == np.float64 and name != "ic_s":
            made[name] = np.nan
    made["contact_ms"] = rng.normal(250.0, 10.0, n)
    made["impact_g"] = np.where(made["side"] == 0, rng.normal(9.0, 1.0, n), np.nan)
    return made


def test_the_span_and_the_whole_are_medians_of_their_strides():
    used, running = usable(strides(400))
    assert running
    rows = {row.row.name: row for row in span_rows(used, 20.0, 60.0)}
    assert list(rows) == [row.name for row in measured(used)]
    for side, code in (("left", 0), ("right", 1)):
        mine = used[used["side"] == code]
        inside = mine[(mine["ic_s"] >= 20.0) & (mine["ic_s"] <= 60.0)]
        assert rows["contact_ms"].whole[side] == np.median(mine["contact_ms"])
        assert rows["contact_ms"].span[side] == np.median(inside["contact_ms"])
    assert rows["impact_g"].whole["right"] is None


def test_too_few_strides_have_no_median():
    used, _ = usable(strides(400))
    rows = {row.row.name: row for row in span_rows(used, 20.0, 20.5)}
    assert rows["contact_ms"].span == {"left": None, "right": None}


def test_walking_is_used_only_without_running():
    made = strides(50)
    made["activity"][:25] = Activity.WALK
    used, running = usable(made)
    assert running
    assert (used["activity"] == Activity.RUN).all()
    made["activity"] = Activity.WALK
    used, running = usable(made)
    assert not running
    assert len(used) == made["valid"].sum()
