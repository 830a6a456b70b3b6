"""Session measures at the end of the whole way, from packets: clocks, body, variability."""

from dataclasses import replace

import numpy as np
import pytest
from virtual_run import session
from virtual_sessions import sessions, truth_of

from gait.measures.spring import spring_mass
from gait.measures.variability import detrended, stride_time_cv, variation_pct
from gait.model import Activity, Body, Side
from gait.pipeline import analyze_items, summarise
from gait.risk import RunnerProfile


def test_the_clocks_of_a_recording_are_in_flight_and_step_time() -> None:
    recording = session()
    result = analyze_items(recording.sensors, recording.items())
    clock_s = result.clock_uncertainty_s
    assert clock_s is not None
    with_clock = summarise(result, source="x").measures
    result.clock_uncertainty_s = None
    without = summarise(result, source="x").measures
    for name in ("flight_ms", "step_time_ms"):
        wide, narrow = (m["left"][name].uncertainty or 0.0 for m in (with_clock, without))
        assert wide**2 - narrow**2 == pytest.approx((1.96e3 * clock_s) ** 2)
        assert with_clock["both"][name] == without["both"][name]
    wider = with_clock["both"]["symmetry_step_time_pct"].uncertainty or 0.0
    assert wider > (without["both"]["symmetry_step_time_pct"].uncertainty or 0.0)


def test_leg_stiffness_of_a_simulated_run_is_that_of_its_truth() -> None:
    held = []
    for virtual in sessions(6, seed=31):
        motions = virtual.motions()
        runner = virtual.runner
        body = Body(mass_kg=runner.mass_kg, height_m=runner.height_m)
        result = virtual.measured(motions)
        found = summarise(result, source="x", runner=RunnerProfile(body=body)).measures
        for side, true in truth_of(motions).items():
            contact_s = 1e-3 * true["contact_ms"]
            flight_s = 60.0 / true["cadence_spm"] - contact_s
            stiff = spring_mass(
                contact_s, flight_s, true["speed_m_s"], runner.mass_kg, runner.height_m
            )
            measured = found[side]["leg_stiffness_kn_m"]
            assert measured.value is not None
            assert measured.uncertainty is not None
            assert measured.uncertainty < 0.35 * measured.value
            held.append(abs(measured.value - stiff.leg_kn_m) <= measured.uncertainty)
    assert np.mean(held) >= 0.9


@pytest.mark.long
def test_variability_of_a_simulated_run_is_that_of_its_truth() -> None:
    held = []
    for virtual in sessions(8, seed=21):
        motions = replace(virtual, seconds=170.0).motions()
        strides = virtual.measured(motions).strides
        for side, motion in motions.items():
            true = motion.truth[motion.truth["steady"]]
            true = true[true["activity"] == Activity.RUN]
            cv = variation_pct(detrended(true["ic_s"], true["stride_s"], true["speed_m_s"]))
            mine = strides[strides["side"] == (side is Side.RIGHT)]
            found = stride_time_cv(mine[mine["activity"] == Activity.RUN])
            assert found.value is not None
            assert found.uncertainty is not None
            held.append(abs(found.value - cv) <= found.uncertainty < 0.7)
    assert np.mean(held) >= 0.9
