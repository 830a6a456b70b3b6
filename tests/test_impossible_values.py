"""What no sensor can have measured is missing, counted and told, and stops nothing."""

from dataclasses import replace

import numpy as np
import pytest
from peripherals import simulated, true_cadence
from peripherals.dot import packet

from gait.model import Packet, SensorInfo, Side
from gait.pipeline import Pipeline, analyze_samples, summarise
from gait.sensors import movella_dot as dot

RATE_HZ = 60.0
INFO = SensorInfo(side=Side.LEFT, rate_hz=RATE_HZ, profile=dot.NAME)
VALUES = (np.inf, -np.inf, np.nan, 3e20)


def spoiled(value: float, share: float, signal: str, rate_hz: float = RATE_HZ):
    """A run with such a value in an axis of some samples, and which they are."""
    samples = simulated(rate_hz)
    rng = np.random.default_rng(13)
    which = rng.random(len(samples)) < share
    acc, gyr = samples.acc.copy(), samples.gyr.copy()
    for values in {"acc": (acc,), "gyr": (gyr,), "both": (acc, gyr)}[signal]:
        values[which, rng.integers(3)] = value
    return replace(samples, acc=acc, gyr=gyr), which


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(("share", "signal"), [(0.1, "both"), (0.1, "acc"), (0.025, "gyr")])
@pytest.mark.filterwarnings("error")
def test_from_the_air(value: float, share: float, signal: str) -> None:
    samples, which = spoiled(value, share, signal)
    pipeline = Pipeline([INFO])
    rows = zip(samples.time_s, samples.acc, samples.gyr, strict=True)
    for at_s, acc, gyr in rows:
        payload = packet(at_s * 1e6, acc, gyr)
        pipeline.feed([Packet(0, float(at_s), dot.MEDIUM_UUID, payload)])
    summary = summarise(pipeline.finish(), source="recorded")
    cadence = summary.measures["left"]["cadence_spm"].value
    assert cadence == pytest.approx(true_cadence(), abs=1.5)
    assert summary.sensors[0].samples_wrong == which.sum()
    assert any("no measurement" in note for note in summary.sensors[0].notes)
    assert any(doubt.check == "wrong" for doubt in summary.doubts)


@pytest.mark.parametrize("value", [*VALUES, 1e308])
@pytest.mark.filterwarnings("error")
def test_of_a_table(value: float) -> None:
    samples, which = spoiled(value, 0.03, "both", 400.0)
    result = analyze_samples({Side.LEFT: (samples, replace_rate(INFO, 400.0))})
    summary = summarise(result, source="table")
    assert summary.sensors[0].samples_wrong == which.sum()
    assert summary.sensors[0].clipped_pct == 0.0  # the end of no range is at infinity
    plain = analyze_samples({Side.LEFT: (simulated(400.0), replace_rate(INFO, 400.0))})
    contact, usual = (np.nanmedian(r.strides["contact_ms"]) for r in (result, plain))
    assert contact == pytest.approx(usual, abs=4.0)


def test_where_nothing_else_comes_that_is_the_reason() -> None:
    samples, _ = spoiled(np.nan, 1.0, "both")
    result = analyze_samples({Side.LEFT: (samples, INFO)})
    assert len(result.strides) == 0
    assert "no measurement" in result.shoes[Side.LEFT].nothing_because


def replace_rate(info: SensorInfo, rate_hz: float) -> SensorInfo:
    return SensorInfo(side=info.side, rate_hz=rate_hz, profile=info.profile)
