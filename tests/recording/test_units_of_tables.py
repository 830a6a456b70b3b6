"""Values of a table that cannot be in the unit of its columns, and where a sensor clipped."""

import re

import numpy as np
import pytest

from gait.model import InputError
from gait.recording.tables import Triple, check_acc_unit, check_gyr_unit, full_scale

G = 9.80665
TO_SI = {"g": G, "m_s2": 1.0, "rad_s": 1.0, "deg_s": np.pi / 180}


def triple(sensor: str, unit: str) -> Triple:
    return Triple(sensor, (1, 2, 3), unit, TO_SI[unit])


def along_z(size: float, n: int = 101) -> np.ndarray:
    return np.column_stack([np.zeros((n, 2)), np.full(n, size)])


@pytest.mark.parametrize(
    ("median", "unit", "why"),
    [
        (1.0, "g", None),
        (3.5, "g", None),  # fast running
        (0.31, "g", None),
        (0.29, "g", "standing still gives 1;"),
        (G, "g", "name them acc_x_m_s2, acc_y_m_s2, acc_z_m_s2."),
        (6.1, "g", "looks like m/s²"),
        (5.9, "g", None),
        (117.0, "g", "looks like m/s²"),
        (118.0, "g", "no foot reaches"),
        (2048.0, "g", "raw counts or mg"),
        (G, "m_s2", None),
        (6.1, "m_s2", None),
        (3.5 * G, "m_s2", None),
        (1.0, "m_s2", "name them acc_x_g, acc_y_g, acc_z_g."),
        (5.9, "m_s2", "looks like g"),
        (0.29, "m_s2", "standing still gives 9.8"),
        (11.9 * G, "m_s2", None),
        (12.1 * G, "m_s2", "no foot reaches"),
    ],
)
def test_accelerations(median: float, unit: str, why: str | None) -> None:
    rows = along_z(median)
    rows[:50, 2] *= 0.9
    rows[60:, 2] *= 1.1
    if why is None:
        check_acc_unit(rows, triple("acc", unit), "it")
        return
    with pytest.raises(InputError, match=f"^it has accelerations around .*{re.escape(why)}"):
        check_acc_unit(rows, triple("acc", unit), "it")


@pytest.mark.parametrize(
    ("fastest", "unit", "strikes_m_s2", "why"),
    [
        (40.0, "rad_s", 90.0, None),  # sprinting
        (99.0, "rad_s", 90.0, None),
        (101.0, "rad_s", 90.0, "looks like deg/s; name them gyr_x_deg_s"),
        (2000.0, "rad_s", 10.0, "looks like deg/s"),
        (5700.0, "rad_s", 90.0, "looks like deg/s"),
        (5800.0, "rad_s", 90.0, "raw counts"),
        (2000.0, "deg_s", 90.0, None),
        (5700.0, "deg_s", 90.0, None),
        (5800.0, "deg_s", 90.0, "raw counts"),
        (39.0, "deg_s", 26.0, "looks like rad/s; name them gyr_x_rad_s"),
        (41.0, "deg_s", 26.0, None),
        (39.0, "deg_s", 24.0, None),  # who stands may turn slowly
        (0.0, "deg_s", 26.0, None),  # a gyroscope that is dead is another matter
        (39.0, "rad_s", 26.0, None),
    ],
)
def test_angular_rates(fastest: float, unit: str, strikes_m_s2: float, why: str | None) -> None:
    gyr, acc = along_z(fastest), along_z(strikes_m_s2)
    gyr[0] = 1e6  # a single wild value says nothing of the unit
    if why is None:
        check_gyr_unit(gyr, acc, triple("gyr", unit), "it")
        return
    with pytest.raises(InputError, match=f"^it has angular rates up to .*{re.escape(why)}"):
        check_gyr_unit(gyr, acc, triple("gyr", unit), "it")


FULL_SCALES = (8.0, 16.0)


def swings(peak: float, n: int = 5000) -> np.ndarray:
    """Peaks of all heights up to `peak`, few of them near it, on three axes; no value twice."""
    t = np.linspace(0.0, 40.0, n)
    wave = np.sin(7.3 * t) * (0.6 + 0.4 * np.sin(0.41 * t))
    return np.column_stack([0.2 * wave, peak * wave / np.abs(wave).max(), 0.1 * wave])


def test_peaks_that_end_by_themselves_are_not_clipped() -> None:
    for peak in (4.0, 7.95, 8.0, 15.9):
        assert full_scale(swings(peak), FULL_SCALES) is None


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("end", [7.9, 8.0, 8.1, 16.0])
def test_an_axis_that_stays_on_its_extreme_is_clipped_there(end: float, sign: float) -> None:
    rows = sign * swings(1.5 * end)
    flat = np.minimum(rows, end) if sign > 0 else np.maximum(rows, -end)
    assert full_scale(flat, FULL_SCALES) == pytest.approx(end)


@pytest.mark.parametrize("end", [5.0, 7.8, 8.2, 12.0])
def test_an_extreme_that_is_no_usual_full_scale_is_none(end: float) -> None:
    assert full_scale(np.clip(swings(1.5 * end), -end, end), FULL_SCALES) is None


@pytest.mark.parametrize(("times", "clipped"), [(4, None), (5, 8.0)])
def test_four_equal_values_may_be_chance(times: int, clipped: float | None) -> None:
    rows = swings(4.0)
    rows[:times, 0] = 8.0
    assert full_scale(rows, FULL_SCALES) == clipped


def test_the_smallest_of_all_axes_counts() -> None:
    rows = swings(4.0)
    rows[:9, 0], rows[:9, 2] = 16.0, -8.0
    assert full_scale(rows, FULL_SCALES) == 8.0


def test_values_that_pile_up_below_the_extreme_were_clipped_before_they_were_smoothed() -> None:
    """As of a calibrated sensor: 40 of them within 3 % of the end, and 5 in the 3 % below."""
    rows = swings(4.0)
    rows[:40, 0] = np.linspace(7.80, 7.99, 40)
    rows[40:45, 0] = np.linspace(7.55, 7.70, 5)
    assert full_scale(rows, FULL_SCALES) == pytest.approx(0.97 * 7.99)
    rows[45:60, 0] = np.linspace(7.55, 7.70, 15)  # no more than twice as many: a smooth peak
    assert full_scale(rows, FULL_SCALES) is None
