"""Bounds of what is put in, of standing, and of clocks: on either side of each, by hand."""

import math

import numpy as np
import pytest

from gait.model import Samples, SensorInfo, Side
from gait.model.samples import FILLED, FILLED_LONG
from gait.steps import alignment, gap_filling
from gait.steps.gap_filling import GapFiller
from gait.steps.mounting import still_parts
from gait.steps.parameters import Parameters

G = 9.80665
RATE_HZ = 1000.0


def filled_over(missing: int) -> Samples:
    """A millisecond a sample, with so many missing after the hundredth."""
    n = 300
    time_s = np.arange(n) / RATE_HZ
    time_s[100:] += missing / RATE_HZ
    ramp = time_s[:, None] * np.array([1.0, 2.0, 3.0])
    samples = Samples(time_s, ramp + np.array([0.0, 0.0, G]), 0.1 * ramp)
    info = SensorInfo(side=Side.LEFT, rate_hz=RATE_HZ, acc_range_g=16.0, gyr_range_dps=2000.0)
    filler = GapFiller(info)
    parts = [*filler.push(samples), *filler.finish()]
    return Samples(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in
          ("time_s", "acc", "gyr", "breaks", "filled"))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("missing", "kind"),
    [(1, FILLED), (49, FILLED), (51, FILLED_LONG), (159, FILLED_LONG), (161, None)],
)
def test_up_to_50_ms_are_filled_in_and_up_to_160_ms_as_a_long_gap(missing, kind) -> None:
    out = filled_over(missing)
    if kind is None:
        assert len(out) == 300
        assert np.flatnonzero(out.breaks).tolist() == [100]
        assert not out.filled.any()
        return
    assert len(out) == 300 + missing
    assert not out.breaks.any()
    assert out.filled.tolist() == [0] * 100 + [int(kind)] * missing + [0] * 200
    np.testing.assert_allclose(np.diff(out.time_s), 1e-3)
    np.testing.assert_allclose(out.acc[:, 0], out.time_s)
    np.testing.assert_allclose(out.gyr[:, 2], 0.3 * out.time_s)


def test_the_bounds_of_gaps() -> None:
    assert (gap_filling.FILL_S, gap_filling.LONG_FILL_S) == (0.050, 0.160)


P = Parameters()


def still(seconds: float, rate_hz: float = 100.0, **more: float) -> list[tuple[int, int]]:
    n = round(seconds * rate_hz)
    samples = Samples(np.arange(n) / rate_hz, np.tile([0.0, 0.0, G], (n, 1)), np.zeros((n, 3)))
    samples.acc[:, 2] += more.get("off_g", 0.0) * G
    samples.gyr[:, 1] += more.get("turning", 0.0)
    samples.gyr[::2, 0] += more.get("shaking", 0.0)
    samples.acc[::2, 0] += more.get("knocking", 0.0)
    return still_parts(samples, rate_hz, P)


@pytest.mark.parametrize(
    ("what", "bound"),
    [
        ("off_g", P.still_off_g),
        ("turning", P.still_mean_rad_s),
        # of every second sample: half of it is the standard deviation
        ("knocking", 2.0 * P.still_acc_m_s2),
    ],
)
def test_standing_is_within_its_bounds(what: str, bound: float) -> None:
    window = max(2, round(P.still_window_s * 100.0))
    whole = [(0, 500 // window * window)]
    assert still(5.0) == whole
    assert still(5.0, **{what: 0.95 * bound}) == whole
    assert still(5.0, **{what: 1.05 * bound}) == []
    if what == "off_g":
        assert still(5.0, off_g=-0.95 * bound) == whole
        assert still(5.0, off_g=-1.05 * bound) == []


def test_standing_ends_where_the_foot_moves_and_a_short_moment_is_none() -> None:
    rate_hz, window = 100.0, max(2, round(P.still_window_s * 100.0))
    n = 40 * window
    samples = Samples(np.arange(n) / rate_hz, np.tile([0.0, 0.0, G], (n, 1)), np.zeros((n, 3)))
    least = math.ceil(P.still_s * rate_hz / window)
    moving = [3, 3 + least, 3 + least + 1 + least]
    for piece in moving:
        samples.gyr[piece * window : (piece + 1) * window : 2] = 5.0
    expected = []
    for begin, end in ((0, 3), (4, moving[1]), (moving[1] + 1, moving[2]), (moving[2] + 1, 40)):
        if (end - begin) * window >= P.still_s * rate_hz:
            expected.append((begin * window, end * window))
    assert still_parts(samples, rate_hz, P) == expected
    assert 0 < len(expected) < 4
    assert still_parts(samples[: window - 1], rate_hz, P) == []


@pytest.mark.parametrize("begins_s", [0.0, 5000.0])
@pytest.mark.parametrize(
    ("span_s", "known"),
    [(alignment.DRIFT_NEEDS_S - 1.0, False), (alignment.DRIFT_NEEDS_S + 1.0, True)],
)
def test_deliveries_tell_a_drift_only_where_they_span_enough(begins_s, span_s, known) -> None:
    device_s = begins_s + np.linspace(0.0, span_s, 2000)
    delay = 0.01 + 20e-6 * (device_s - begins_s)
    drift, sd = alignment._delivered_drift(device_s, delay)
    assert drift == pytest.approx(20e-6 if known else 0.0, abs=1e-9)
    assert sd == pytest.approx(
        min(alignment.UNKNOWN_DRIFT, alignment.IN_STEP_S / (span_s / 2.0))
        if known
        else alignment.UNKNOWN_DRIFT
    )


def test_two_values_count_by_what_each_knows() -> None:
    # weights 1 / 0.01 and 1 / 0.04
    both, sd = alignment._joined((1.0, 0.1), (2.0, 0.2))
    assert both == pytest.approx(1.2)
    assert sd == pytest.approx(1.0 / math.sqrt(125.0))


def test_the_least_delay_lies_above_the_least_possible_one() -> None:
    assert alignment._closest(np.array([1.0, 2.0, 4.0])) == pytest.approx(3.0 * 1.0 / 4.0)
    assert alignment._closest(np.array([5.0])) == 0.0


@pytest.mark.parametrize("most", [0.5, 1.0, 3.0, 12.0])
def test_a_wait_that_is_exponential_and_bounded(most: float) -> None:
    """Mean and standard deviation by numerical integration, usually 2."""
    usual = 2.0
    t = np.linspace(0.0, most * usual, 200_001)
    weight = np.exp(-t / usual)
    mean = np.trapezoid(t * weight, t) / np.trapezoid(weight, t)
    square = np.trapezoid(t * t * weight, t) / np.trapezoid(weight, t)
    found, sd = alignment._waited(usual, most * usual)
    assert found == pytest.approx(mean, rel=1e-3)
    assert sd == pytest.approx(math.sqrt(square - mean**2), rel=1e-3)


def test_bounds_that_contradict_each_other_leave_it_in_between() -> None:
    mean, sd = alignment._waited(2.0, -0.6)
    assert (mean, sd) == (pytest.approx(-0.3), pytest.approx(0.6 / math.sqrt(12.0)))


def test_a_drift_that_is_not_known_adds_up_over_a_span() -> None:
    span_s = 600.0
    t = np.linspace(-span_s / 2, span_s / 2, 100_001)
    rms = math.sqrt(float(np.mean((30e-6 * t) ** 2)))
    assert alignment._at_ends(30e-6, span_s) == pytest.approx(rms, rel=1e-3)
