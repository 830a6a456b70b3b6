"""How far a session went: against the simulated foot's own path, and what missing samples cost."""

import numpy as np
import pytest
from msgspec.structs import replace
from virtual_sessions import VirtualSession

from gait.measures.distance import distance, distance_told
from gait.measures.table import empty_strides
from gait.model import Activity, QualityFlag, Reading, Samples, SensorInfo, Side
from gait.model.strides import WHY_TEXT
from gait.pipeline import analyze_samples, summarise
from gait.simulate import Runner, Segment, Sensor, measure, simulate

NOTHING_LOST = {Side.LEFT: 0.0, Side.RIGHT: 0.0}


def foot(side, n, *, length=2.0, every_s=0.7):
    made = empty_strides(n)
    made["side"] = side is Side.RIGHT
    made["activity"] = Activity.RUN
    made["valid"] = True
    made["ic_s"] = every_s * np.arange(n)
    made["stride_s"] = every_s
    made["stride_length_m"] = length
    return made


def both(n=200):
    return np.concatenate([foot(Side.LEFT, n), foot(Side.RIGHT, n)])


def test_running_and_walking_against_the_simulated_path() -> None:
    segments = [
        Segment(kind="stand", duration_s=3.0),
        Segment(kind="run", duration_s=40.0, speed_m_s=3.0),
        Segment(kind="walk", duration_s=25.0, speed_m_s=1.4),
        Segment(kind="run", duration_s=30.0, speed_m_s=3.4),
        Segment(kind="stop", duration_s=3.0),
    ]
    motions = simulate(Runner(), segments, seed=4)
    result = VirtualSession(Runner(), 3.0, 1.0, 4).measured(motions)
    path = [m.curve(m.duration_s, 0)[0] - m.curve(0.0, 0)[0] for m in motions.values()]
    found = summarise(result, source="test").distance
    assert found.metres is not None
    assert found.uncertainty is not None
    assert not found.at_least
    # the last step of a stretch ends in standing and is no stride
    assert found.metres == pytest.approx(float(np.mean(path)), abs=found.uncertainty)
    assert found.uncertainty < 0.05 * found.metres


def test_a_few_strides_without_a_length_are_made_up_for() -> None:
    strides = both()
    strides["stride_length_m"][::25] = np.nan  # 4 %
    found = distance(strides, NOTHING_LOST)
    whole = distance(both(), NOTHING_LOST)
    assert found.metres == pytest.approx(400.0)
    assert not found.at_least
    assert found.uncertainty is not None
    assert whole.uncertainty is not None
    assert found.uncertainty > whole.uncertainty


def test_many_are_not_and_it_is_said() -> None:
    strides = both()
    strides["stride_length_m"][::5] = np.nan
    found = distance(strides, NOTHING_LOST)
    assert found.at_least
    assert found.metres == pytest.approx(320.0)
    assert found.why_not is not None
    assert "20 %" in found.why_not


def test_with_most_lengths_missing_there_is_no_distance() -> None:
    strides = both()
    strides["stride_length_m"][np.arange(len(strides)) % 10 != 0] = np.nan
    found = distance(strides, NOTHING_LOST)
    assert found.metres is None
    assert "90 %" in (found.why_not or "")
    few = both(3)
    few["stride_length_m"][::3] = np.nan
    assert distance(few, NOTHING_LOST).metres is None  # and not `at least 4 m`


def test_the_reason_for_no_length_is_that_of_most_strides() -> None:
    strides = foot(Side.LEFT, 40, length=np.nan)
    strides["why"] = np.uint32(QualityFlag.NOT_STEADY)
    assert distance(strides, {Side.LEFT: 0.0}).why_not == WHY_TEXT[QualityFlag.NOT_STEADY]
    assert distance(strides, {Side.LEFT: 0.0}, "it cannot be").why_not == "it cannot be"


def test_the_foot_that_knows_more_is_used() -> None:
    strides = both()
    strides["stride_length_m"][:80] = np.nan  # of the left foot
    found = distance(strides, NOTHING_LOST)
    assert not found.at_least
    assert found.metres == pytest.approx(400.0)


def test_a_sensor_that_stopped_early_does_not_halve_the_way() -> None:
    strides = np.concatenate([foot(Side.LEFT, 100), foot(Side.RIGHT, 200)])
    assert distance(strides, NOTHING_LOST).metres == pytest.approx(400.0)


def test_standing_still_is_no_gap_but_lost_samples_are() -> None:
    strides = both()
    strides["ic_s"][strides["ic_s"] > 70.0] += 60.0
    assert distance(strides, NOTHING_LOST).metres == pytest.approx(400.0)
    lost = distance(strides, dict.fromkeys(Side, 60.0))
    assert lost.at_least
    assert lost.metres == pytest.approx(400.0)


def test_a_pause_and_handling_the_shoe_are_no_missing_steps() -> None:
    strides = both()
    strides["why"][:40] = int(QualityFlag.PAUSED)
    strides["why"][40:60] = int(QualityFlag.NOT_A_STEP)
    strides["stride_length_m"][:60] = np.nan
    found = distance(strides[strides["side"] == 0], {Side.LEFT: 0.0})
    assert not found.at_least
    assert found.metres == pytest.approx(2.0 * 140)


@pytest.mark.parametrize("strides", [empty_strides(), foot(Side.LEFT, 20, length=np.nan)])
def test_unknown_is_not_zero(strides) -> None:
    found = distance(strides, {Side.LEFT: 0.0})
    assert found.metres is None
    assert found.why_not


def test_samples_missing_from_a_table_make_it_at_least() -> None:
    session = VirtualSession(Runner(), 3.0, 40.0, 9)
    motion = session.motions()[Side.LEFT]
    sensor = Sensor(rate_hz=200.0)
    samples = measure(motion, sensor, seed=1)
    info = SensorInfo(side=Side.LEFT, rate_hz=200.0, acc_range_g=32.0, gyr_range_dps=2000.0)
    keep = (samples.time_s < 15.0) | (samples.time_s > 25.0)
    breaks = np.zeros(int(keep.sum()), dtype=np.bool_)
    breaks[np.argmax(samples.time_s[keep] > 15.0)] = True
    cut = Samples(samples.time_s[keep], samples.acc[keep], samples.gyr[keep], breaks)
    whole = summarise(analyze_samples({Side.LEFT: (samples, info)}), source="x").distance
    found = summarise(analyze_samples({Side.LEFT: (cut, info)}), source="x").distance
    assert found.at_least
    assert not whole.at_least
    assert found.metres is not None
    assert whole.metres is not None
    assert found.metres < whole.metres - 25.0


def test_what_a_pod_says_is_its_own_figure() -> None:
    told = [
        Reading(host_s=float(t), cadence_spm=170.0, speed_m_s=3.0, running=True) for t in range(61)
    ]
    found = distance_told(told)
    assert found.metres == pytest.approx(180.0)
    assert found.uncertainty is None
    assert found.why_not
    silent = distance_told([replace(r, speed_m_s=None) for r in told])
    assert silent.metres is None
