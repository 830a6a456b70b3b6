"""Gaps that hide a landing or a toe-off, and what comes after them: an event that was not seen is
not given as one that was."""

import numpy as np
import pytest
from lives import lived, moved, run, walk, worn

from gait.model import Activity, QualityFlag, Samples

LOST_S = 0.12  # filled in
AWAY_S = 12.0  # a link that is lost, and comes back
SURELY = 3.0  # standard deviations
ROUNDED_S = 0.003  # of samples


def cut_out(samples: Samples, start_s: float, end_s: float) -> Samples:
    """Without these, with the breaks there were before."""
    kept = (samples.time_s < start_s) | (samples.time_s >= end_s)
    breaks = samples.breaks[kept].copy()
    breaks[np.searchsorted(samples.time_s[kept], end_s)] = True
    return Samples(samples.time_s[kept], samples.acc[kept], samples.gyr[kept], breaks)


@pytest.mark.parametrize("event", ["ic_s", "tc_s"])
@pytest.mark.parametrize("after_s", [0.002, 0.01, 0.03, 0.06])
def test_an_event_just_before_samples_come_back_is_not_taken_from_the_edge(event, after_s) -> None:
    motion = moved(15.0, run(60.0, 3.0))
    samples = worn(motion, 1)
    calm = lived(motion, samples)
    hidden = [s for s in calm.truth[event][10:-4:4] if np.isfinite(s)]
    for t in hidden:
        samples = cut_out(samples, t + after_s - LOST_S, t + after_s)
    found = lived(motion, samples).found
    found = found[found["valid"]]
    assert len(found) > 0.9 * len(calm.truth)
    for stride in found:
        truth = calm.truth[np.abs(calm.truth["ic_s"] - stride["ic_s"]).argmin()]
        for name, sd_ms, flag in (
            ("ic_s", stride["ic_sd_ms"], QualityFlag.LANDING_BRIDGED),
            ("tc_s", stride["tc_sd_ms"], QualityFlag.TOE_OFF_BRIDGED),
        ):
            off_s = abs(stride[name] - truth[name])
            told = np.isnan(off_s) or bool(stride["why"] & flag)
            assert told or off_s < SURELY * sd_ms / 1e3 + ROUNDED_S, (name, stride["ic_s"], off_s)


def test_a_run_after_a_gap_is_no_walk_because_it_was_one_before() -> None:
    motion = moved(15.0, walk(20.0), run(25.0, 3.0))
    samples = worn(motion, 1)
    truth = lived(motion, samples).truth
    running = truth["ic_s"][truth["activity"] == Activity.RUN.value]
    cut = running[running > 18.0][0] + 4.0 + np.linspace(0.0, 0.7, 8)
    for back_s in cut:
        found = lived(motion, cut_out(samples, back_s - AWAY_S, back_s)).found
        after = found[found["valid"] & (found["ic_s"] > back_s)]
        assert len(after) > 10
        assert (after["activity"] == Activity.RUN.value).all()
