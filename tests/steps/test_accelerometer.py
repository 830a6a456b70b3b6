"""Steps of a sensor without gyroscope: counted, timed, and told from walking and from handling."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from shared_data import RUNNING, WALKING, truth
from without_gyroscope import (
    RANGE_G,
    alone,
    band_noise,
    real,
    shaken,
    simulated,
    steps_of,
)

from gait.model import Activity, QualityFlag, Samples, SensorInfo, Side
from gait.model.units import STANDARD_GRAVITY_M_S2 as G
from gait.simulate.runner import Runner, Segment


def run(seconds: float, speed_m_s: float) -> Segment:
    return Segment(kind="run", duration_s=seconds, speed_m_s=speed_m_s)


def walk(seconds: float, speed_m_s: float) -> Segment:
    return Segment(kind="walk", duration_s=seconds, speed_m_s=speed_m_s)


def stop(seconds: float) -> Segment:
    return Segment(kind="stop", duration_s=seconds)


def missed_and_invented(found: np.ndarray, contacts: np.ndarray) -> tuple[int, int]:
    """Landings without a stride within 0.15 s, and strides between them without a landing."""
    missed = sum(np.abs(found["ic_s"] - t).min() > 0.15 for t in contacts)
    inside = (found["ic_s"] > contacts[0] - 0.2) & (found["ic_s"] < contacts[-1] + 0.2)
    return missed, sum(np.abs(contacts - t).min() > 0.15 for t in found["ic_s"][inside])


def cadence_spm(contacts: np.ndarray) -> float:
    return 120.0 * (len(contacts) - 1) / float(contacts[-1] - contacts[0])


@pytest.mark.parametrize("strike_deg", [16.0, 2.5, -6.0])
@pytest.mark.parametrize("speed", [2.2, 3.0, 4.0, 5.0])
@pytest.mark.parametrize("height_m", [1.58, 1.92])
def test_simulated_runners_are_counted_and_timed(speed: float, strike_deg, height_m) -> None:
    runner = Runner(height_m=height_m, foot_strike_deg=strike_deg)
    seed = round(10 * speed + strike_deg + 100 * height_m)
    recording, expected = simulated(runner, [run(40.0, speed), stop(4.0)], seed=seed)
    _, found = steps_of(recording)
    steady = expected[expected["steady"]]
    missed, invented = missed_and_invented(found, steady["ic_s"])
    assert missed + invented <= 1
    # the truth leaves the last landing out; the one before it may be braked beyond knowing
    assert abs(len(found) - (len(expected) + 1)) <= 2
    mine = (found["ic_s"] > steady["ic_s"][0] - 0.1) & (found["ic_s"] < steady["ic_s"][-1] + 0.1)
    assert (found["activity"][mine] == Activity.RUN).all()
    assert cadence_spm(found["ic_s"][mine]) == pytest.approx(cadence_spm(steady["ic_s"]), abs=0.5)
    stride_s = (found["next_ic_s"] - found["ic_s"])[mine]
    assert 120.0 / np.nanmedian(stride_s) == pytest.approx(
        120.0 / np.median(steady["stride_s"]), abs=0.5
    )


@pytest.mark.parametrize("name", RUNNING)
def test_real_running_is_counted_timed_and_placed(name: str) -> None:
    contacts = truth("running", name)[:, 0]
    for seed in range(3):
        _, found = steps_of(real("running", name, seed))
        missed, invented = missed_and_invented(found, contacts)
        assert missed + invented <= 1
        mine = found[(found["ic_s"] > contacts[0] - 0.15) & (found["ic_s"] < contacts[-1] + 0.15)]
        assert (mine["activity"] == Activity.RUN).all()
        assert cadence_spm(mine["ic_s"]) == pytest.approx(cadence_spm(contacts), abs=0.5)
        off = np.array([mine["ic_s"][np.abs(mine["ic_s"] - t).argmin()] - t for t in contacts])
        off = off[np.abs(off) < 0.15]
        assert abs(np.median(off)) < 0.030
        assert off.std() < 0.006


@pytest.mark.parametrize("name", WALKING)
def test_real_walking_is_never_running(name: str) -> None:
    swings = truth("walking", name)
    for seed in range(3):
        _, found = steps_of(real("walking", name, seed))
        assert len(found) >= len(swings) - 5  # begins, ends and the turn are not steady
        assert (found["activity"] == Activity.WALK).all()


@pytest.mark.parametrize("speed", [0.9, 1.3, 1.8])
def test_simulated_walking_is_walking(speed: float) -> None:
    recording, expected = simulated(Runner(), [walk(30.0, speed), stop(4.0)], seed=5)
    _, found = steps_of(recording)
    assert abs(len(found) - len(expected) - 1) <= 1
    assert (found["activity"] == Activity.WALK).all()


@pytest.mark.parametrize("seed", range(4))
def test_a_mixed_outing_counts_what_was_run_and_what_was_walked(seed: int) -> None:
    segments = [
        Segment(kind="stand", duration_s=20.0),
        walk(25.0, 1.4),
        run(50.0, 2.8),
        stop(20.0),  # a light
        run(30.0, 3.2),
        walk(20.0, 1.3),
        run(30.0, 3.0),
        stop(10.0),
    ]
    runner = Runner(foot_strike_deg=(16.0, 2.5, -6.0, 10.0)[seed], stride_cv_pct=2.0)
    recording, expected = simulated(runner, segments, seed=seed)
    _, found = steps_of(recording)
    missed, invented = missed_and_invented(found, expected["ic_s"])
    assert missed <= 2
    assert invented <= 4  # after each stop one small closing step may count twice
    steady = expected[expected["steady"]]
    nearest = found[[np.abs(found["ic_s"] - t).argmin() for t in steady["ic_s"]]]
    wrong = nearest["activity"] != steady["activity"]
    assert wrong.sum() <= 2
    standing = (found["ic_s"] < 19.5) | ((found["ic_s"] > 98.0) & (found["ic_s"] < 114.5))
    assert not standing.any()


@pytest.mark.parametrize("block", [1, 7, 20])
def test_blocks_of_any_size_give_identical_strides(block: int) -> None:
    segments = [run(12.0, 3.0), stop(6.0), walk(12.0, 1.3), run(12.0, 3.5)]
    recording, _ = simulated(Runner(), segments, seed=2)
    recording.breaks[3000] = True
    _, whole = steps_of(recording)
    _, parts = steps_of(recording, block=block)
    assert len(whole) > 30
    for field in ("ic_s", "next_ic_s", "activity", "why", "ic", "next_ic", "window_length"):
        np.testing.assert_array_equal(whole[field], parts[field], err_msg=field)


def test_the_mounting_makes_no_difference_while_nothing_is_clipped() -> None:
    recording, _ = simulated(Runner(), [run(15.0, 2.5)], seed=4, acc_range_g=64.0)
    turned = Samples(
        recording.time_s,
        Rotation.random(None, 1).apply(recording.acc),
        recording.gyr,
    )
    np.testing.assert_allclose(
        steps_of(turned)[1]["ic_s"], steps_of(recording)[1]["ic_s"], atol=1e-6
    )


def test_cutting_peaks_at_8_g_hardly_moves_a_stride() -> None:
    runner = Runner(foot_strike_deg=20.0, impact_severity=2.0)
    cut, _ = simulated(runner, [run(30.0, 4.5)], seed=6, acc_range_g=RANGE_G)
    whole, _ = simulated(runner, [run(30.0, 4.5)], seed=6, acc_range_g=64.0)
    assert (np.abs(cut.acc).max(axis=1) >= 0.98 * RANGE_G * G).sum() > 25
    one, other = steps_of(cut)[1], steps_of(whole)[1]
    assert len(one) == len(other)
    stride_s = [s["next_ic_s"] - s["ic_s"] for s in (one, other)]
    assert np.nanstd(stride_s[0] - stride_s[1]) < 0.012
    assert np.nanmedian(stride_s[0]) == pytest.approx(np.nanmedian(stride_s[1]), abs=0.003)


def test_a_gap_closes_the_stride_it_is_in() -> None:
    recording, expected = simulated(Runner(), [run(30.0, 3.0)], seed=8)
    kept = (recording.time_s < 16.0) | (recording.time_s > 17.3)
    breaks = np.zeros(kept.sum(), dtype=np.bool_)
    breaks[np.searchsorted(recording.time_s[kept], 17.0)] = True
    part = Samples(recording.time_s[kept], recording.acc[kept], recording.gyr[kept], breaks)
    _, found = steps_of(part)
    assert (found["why"] & int(QualityFlag.GAP) > 0).sum() == 1
    over = (found["ic_s"] < 16.0) & (found["next_ic_s"] > 17.3)
    assert not over.any()
    whole = expected["ic_s"][(expected["tc_s"] < 15.0) | (expected["ic_s"] > 17.8)]
    assert sum(np.abs(found["ic_s"] - t).min() > 0.15 for t in whole) <= 1


@pytest.mark.parametrize("hz", [3.0, 4.0, 5.0, 6.0])
@pytest.mark.parametrize("size_g", [1.0, 3.0])
@pytest.mark.parametrize("other_axis", [0.0, 1.0, 2.0])
def test_shaking_by_hand_is_no_running(hz: float, size_g: float, other_axis: float) -> None:
    for seed in range(3):
        _, found = steps_of(alone(shaken(hz, size_g, 30.0, seed, other_axis)))
        assert len(found) == 0


@pytest.mark.parametrize("hz", [1.0, 1.3, 1.6, 2.0])
def test_even_slow_shaking_or_pedalling_to_and_fro_is_no_running(hz: float) -> None:
    for seed in range(3):
        _, found = steps_of(alone(shaken(hz, 2.0, 30.0, seed, 0.5)))
        assert len(found) == 0


@pytest.mark.parametrize(("low_hz", "high_hz"), [(0.2, 20.0), (0.5, 8.0), (3.0, 6.0)])
@pytest.mark.parametrize("size_g", [0.5, 1.5, 3.0])
def test_handling_is_no_running(low_hz: float, high_hz: float, size_g: float) -> None:
    _, found = steps_of(alone(band_noise(low_hz, high_hz, size_g, 300.0, 3)))
    assert (found["activity"] == Activity.RUN).sum() == 0


def test_handling_after_a_run_ends_it() -> None:
    recording, expected = simulated(Runner(), [run(20.0, 3.0)], seed=9)
    handled = band_noise(0.5, 8.0, 1.5, 30.0, 4)
    both = alone(np.concatenate([recording.acc, handled]))
    _, found = steps_of(both)
    assert (found["ic_s"] > recording.time_s[-1]).sum() <= 2
    assert len(found) >= len(expected)


def test_a_still_shoe_takes_no_steps() -> None:
    still = np.random.default_rng(0).standard_normal((60_000, 3)) * 0.05 + [0.0, 0.0, G]
    assert len(steps_of(alone(still))[1]) == 0


@pytest.mark.parametrize("nothing", [np.nan, 0.0, 0.3])
@pytest.mark.parametrize("block", [1, 10**9])
def test_a_dead_gyroscope_is_found_out(nothing: float, block: int) -> None:
    recording, _ = simulated(Runner(), [run(20.0, 3.0)], seed=10)
    dead = Samples(recording.time_s, recording.acc, np.full_like(recording.acc, nothing))
    info = SensorInfo(side=Side.LEFT, rate_hz=100.0, acc_range_g=RANGE_G, gyr_range_dps=2000.0)
    detector, found = steps_of(dead, info, block)
    assert detector.gyroscope_dead
    np.testing.assert_array_equal(found["ic_s"], steps_of(recording)[1]["ic_s"])
    assert (found["why"] & int(QualityFlag.NO_GYROSCOPE) > 0).all()


@pytest.mark.parametrize(
    "minutes", [3.0, pytest.param(25.0, marks=pytest.mark.long)], ids=["short", "25min"]
)
def test_an_outing_of_25_minutes(minutes: float) -> None:
    """Stand, run, a light, run on, a walk, run home, stand: the count of running steps."""
    part = 60.0 * minutes / 10.0
    segments = [
        Segment(kind="stand", duration_s=0.5 * part),
        run(3.0 * part, 2.7),
        stop(0.5 * part),
        run(3.0 * part, 3.1),
        walk(0.5 * part, 1.4),
        run(2.0 * part, 2.9),
        stop(0.5 * part),
    ]
    runner = Runner(foot_strike_deg=12.0, stride_cv_pct=1.5, fatigue_pct_per_h=10.0)
    recording, expected = simulated(runner, segments, seed=25)
    _, found = steps_of(recording)
    missed, invented = missed_and_invented(found, expected["ic_s"])
    assert missed <= 3  # one for each time that steps begin
    assert invented <= 2
    running = expected["steady"] & (expected["activity"] == Activity.RUN)
    for first, last in ((0.5, 3.5), (4.0, 7.0), (7.5, 9.5)):
        true = expected[running & (expected["ic_s"] > first * part)]
        true = true[true["ic_s"] < last * part]
        mine = found[(found["ic_s"] > true["ic_s"][0] - 0.1)]
        mine = mine[mine["ic_s"] < true["ic_s"][-1] + 0.1]
        assert abs(len(mine) - len(true)) <= 1
        assert cadence_spm(mine["ic_s"]) == pytest.approx(cadence_spm(true["ic_s"]), abs=0.5)
        stride_s = np.nanmedian(mine["next_ic_s"] - mine["ic_s"])
        assert 120.0 / stride_s == pytest.approx(120.0 / np.median(true["stride_s"]), abs=0.5)


@pytest.mark.parametrize("seed", range(12))
def test_any_runner_any_shoe_any_hill(seed: int) -> None:
    """Runners, shoes and ground drawn at random, to 5.5 m/s."""
    rng = np.random.default_rng(seed)
    runner = Runner(
        height_m=rng.uniform(1.5, 2.0),
        mass_kg=rng.uniform(50.0, 100.0),
        foot_strike_deg=rng.uniform(-10.0, 25.0),
        stride_cv_pct=rng.uniform(0.5, 5.0),
        impact_severity=rng.uniform(0.3, 2.5),
        resonance_hz=rng.uniform(20.0, 80.0),
    )
    on_a_hill = Segment(
        kind="run",
        duration_s=20.0,
        speed_m_s=rng.uniform(1.9, 5.5),
        slope=rng.uniform(-0.1, 0.1),
        turn_deg=rng.uniform(-300.0, 300.0),
    )
    recording, expected = simulated(runner, [on_a_hill], seed=seed)
    _, found = steps_of(recording)
    steady = expected[expected["steady"]]
    missed, invented = missed_and_invented(found, steady["ic_s"])
    assert missed + invented <= 1
    mine = found[found["ic_s"] > steady["ic_s"][0] - 0.15]
    mine = mine[mine["ic_s"] < steady["ic_s"][-1] + 0.15]
    assert (mine["activity"] == Activity.RUN).all()
    assert cadence_spm(mine["ic_s"]) == pytest.approx(cadence_spm(steady["ic_s"]), abs=0.5)
