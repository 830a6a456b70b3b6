"""Every step of a real foot, whatever its radio and its clock are like."""

import json

import numpy as np
import pytest
from shared_data import RUNNING, samples, table_path, truth

from gait.measures.strides import measure_strides
from gait.model import Activity, Samples, SensorInfo, Side
from gait.model.strides import QualityFlag
from gait.recording import read_table
from gait.simulate.disturbance import (
    hold_gyroscope,
    lose_packets,
    lose_pieces,
    lose_single,
    mirror_axis,
)
from gait.steps.detector import StepDetector


def strides_of(recording: Samples, side: Side, rate_hz: float = 400.0) -> np.ndarray:
    detector = StepDetector(SensorInfo(side=side, rate_hz=rate_hz))
    closed = [*detector.push(recording), *detector.finish()]
    strides = np.concatenate([measure_strides(c) for c in closed])
    return strides[np.argsort(strides["ic_s"])]


def side_of(name: str) -> Side:
    return Side.LEFT if name.endswith("left") else Side.RIGHT


def found_of(name: str, recording: Samples) -> tuple[int, int, np.ndarray]:
    """True contacts missed, strides invented, and the strides of the scored part."""
    contacts = truth("running", name)[:, 0]
    strides = strides_of(recording, side_of(name))
    at = strides["ic_s"]
    scored = strides[(at > contacts[0] - 0.3) & (at < contacts[-1] + 0.3)]
    nearest = np.abs(scored["ic_s"][:, None] - contacts[None, :]).argmin(axis=1)
    near = np.abs(scored["ic_s"] - contacts[nearest]) < 0.1
    return len(contacts) - len(set(nearest[near])), int((~near).sum()), scored


@pytest.mark.parametrize("name", RUNNING)
@pytest.mark.parametrize("trouble", ["1 % single", "11 % single", "3 % in 30 ms", "0.1 s a second"])
def test_lost_samples_cost_what_they_touch(name: str, trouble: str) -> None:
    rng = np.random.default_rng(5)
    whole = samples("running", name)
    recording = {
        "1 % single": lambda: lose_single(whole, 0.01, rng),
        "11 % single": lambda: lose_single(whole, 0.11, rng),
        "3 % in 30 ms": lambda: lose_pieces(whole, 0.03, 0.03, rng),
        "0.1 s a second": lambda: lose_packets(whole, 0.1, rng),
    }[trouble]()
    missed, invented, scored = found_of(name, recording)
    assert missed <= 2
    assert invented <= 1
    assert (scored["activity"] == Activity.RUN).all()
    assert scored["valid"].mean() >= 0.9


@pytest.mark.parametrize("name", RUNNING)
def test_a_gyroscope_at_half_the_rate_is_as_good(name: str) -> None:
    missed, invented, scored = found_of(name, hold_gyroscope(samples("running", name), 2))
    assert (missed, invented) == (0, 0)
    _, _, whole = found_of(name, samples("running", name))
    np.testing.assert_allclose(scored["ic_s"], whole["ic_s"], atol=0.004)


@pytest.mark.parametrize("name", RUNNING)
def test_axes_of_the_other_hand_still_show_steps_and_why_no_more(name: str) -> None:
    missed, invented, scored = found_of(name, mirror_axis(samples("running", name), 1))
    assert missed <= 2
    assert invented <= 1
    assert (scored["why"] & int(QualityFlag.MOUNTING_UNKNOWN) != 0).mean() > 0.9
    assert np.isnan(scored["pronation_excursion_deg"]).mean() > 0.9


@pytest.mark.parametrize("name", ["shoe_30", "shoe_31", "shoe_44"])
def test_brisk_walking_is_walking_and_bends_move_no_sensor(name: str) -> None:
    table = read_table(table_path("real", name), side=Side.RIGHT)
    known = json.loads(table_path("real", name).with_name(f"{name}.truth.json").read_text())
    detector = StepDetector(table.info)
    closed = [*detector.push(table.samples), *detector.finish()]
    strides = np.concatenate([c.strides for c in closed])
    assert detector.remounted == 0
    assert abs(len(strides) - {"shoe_30": 85, "shoe_31": 33, "shoe_44": 65}[name]) <= 1
    if name != "shoe_44":  # there somebody changes pace, and jogs
        assert (strides["activity"] == Activity.WALK).all()
    if "stride_length_m" in known:
        found = np.concatenate([measure_strides(c) for c in closed])["stride_length_m"]
        assert np.nanmedian(found) == pytest.approx(np.median(known["stride_length_m"]), rel=0.04)


def test_a_run_of_which_a_radio_lost_one_sample_in_nine() -> None:
    table = read_table(table_path("real", "pod_run"), side=Side.LEFT)
    strides = strides_of(table.samples, Side.LEFT, table.info.rate_hz)
    assert 82 <= len(strides) <= 88
    assert (strides["activity"] == Activity.RUN).all()
    steps_a_minute = 120.0 / np.nanmean(strides["stride_s"])
    assert 164.0 <= steps_a_minute <= 176.0
