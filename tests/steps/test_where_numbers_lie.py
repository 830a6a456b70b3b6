"""The detector's numbers lie where what is known of feet puts them; none by a factor of two.

Each range is from what was measured elsewhere: the literature of running and walking, and the
force plates, hand marks and real shoes that the comments of `gait/steps/parameters.py` name.
"""

from dataclasses import fields
from math import radians

import numpy as np
import pytest

from gait.steps.parameters import Parameters, RhythmParameters, record_of

PARAMETERS = Parameters()
RHYTHM = RhythmParameters(
    run_stride_s=PARAMETERS.run_stride_s, walk_stride_s=PARAMETERS.walk_stride_s
)
# name → from, to
RANGES = {
    # A stride: sprinters 0.42 s, a slow jog 0.8 s; a walker 0.9 to 1.4 s, the old and ill 2 s.
    "shortest_cycle_s": (0.15, 0.35),
    "longest_stance_s": (1.3, 2.2),  # the slowest walkers stand for 65 % of 2 s
    "least_run_m_s": (0.9, 1.6),  # shaking gives up to 0.9; nobody runs slower than 1.6
    "least_way_m": (0.05, 0.15),
    # From toe-off to landing a walking foot turns by more than 40°; where it only wavers, by less
    # than 10.
    "swing_angle_rad": (radians(10), radians(20)),
    "swing_lowpass_hz": (8.0, 20.0),
    "event_lowpass_hz": (29.0, 31.0),  # Falbriard 2018
    # Foot strike angle (Altman & Davis 2012): flat from −1.6 to 8°, beyond that on the heel.
    "flat_below_rad": (radians(2), radians(6)),
    "heel_above_rad": (radians(8), radians(16)),
    "sole_edge_rad": (radians(3), radians(8)),
    "sole_reach_m": (0.06, 0.16),  # half a shoe is 0.14 m
    "sensor_height_m": (0.05, 0.12),  # laces over the ground
    "most_tilt_rad": (radians(20), radians(45)),
    # Contact 80 ms in a sprint, 350 ms in a slow jog; impact peaks within 50 ms of it.
    "impact_s": (0.04, 0.08),
    "landing_view_s": (0.03, 0.08),
    # Real contact varies by some 5 ms from stride to stride: 3 to 4 times that is no chance.
    "landing_jump_s": (0.015, 0.025),
    "toe_off_jump_s": (0.015, 0.030),
    # What was honest on runners who were left out, and marks by hand.
    "landing_sd_s": (0.005, 0.012),
    "toe_off_sd_s": (0.005, 0.012),
    "landing_put_sd_s": (0.005, 0.012),
    "walk_landing_sd_s": (0.005, 0.012),
    "walk_toe_off_sd_s": (0.008, 0.020),
    "walk_slap_sd_s": (0.012, 0.030),
    "walk_landing_offset_s": (0.020, 0.040),  # the quartiles
    "walk_toe_off_before_crossing_s": (0.030, 0.040),
    "shock_sd_s": (0.002, 0.005),
    "shock_sd_periods": (0.28, 0.5),  # even, over a period: 1 / √12
    "toe_off_share": (0.012, 0.032),  # 3 to 8 ms of 250
    "landing_most_s": (0.034, 0.040),  # at 39° no more than 36 ms
    # A sharp landing has 4 times the jerk of the late swing, one smoothed at 22 Hz up to 2.
    "shock_stands_out": (2.0, 4.0),
    "walk_shock_jerk_m_s3": (800.0, 2000.0),
    # Running is flight (contact below half of the stride): real 0.48 at most, walking from 0.51.
    "walk_contact_share": (0.48, 0.51),
    "walk_share_doubt": (0.015, 0.05),
    "closes_within": (0.19, 0.3),  # up to 0.19 off, lengths were right
    # Single strides of real feet go within 5° of the median and lean within 8°; bends move what is
    # found of the mounting by up to 7°.
    "usual_way_rad": (radians(5), radians(12)),
    "usual_lean_rad": (radians(8), radians(20)),
    "least_slip_rad": (radians(7), radians(13)),
    # Standing people sway by less than 0.05 rad/s at the foot; sensors have 0.01 of noise.
    "still_gyr_rad_s": (0.03, 0.1),
    "still_acc_m_s2": (0.3, 0.8),
    "still_s": (0.5, 1.5),
    "moving_rad_s": (1.0, 2.5),  # a walking foot turns at 5 to 8 rad/s
    "shaken_g": (0.3, 0.8),
}
RHYTHM_RANGES = {
    "least_motion_g": (0.15, 0.5),  # slow walking has 0.5
    "shortest_period_s": (0.36, 0.43),  # elite sprinters take 4.7 steps a second
    "least_alike": (0.3, 0.65),  # real walking 0.65
    "still_alike": (0.2, 0.45),
    "most_opposed": (0.4, 1.0),  # gait down to −0.4, what swings near −1
    "first_peak_share": (0.7, 0.95),
    "landing_share": (0.03, 0.10),
    "least_sharpness": (36.0, 45.0),  # a shaking hand up to 36, strides from 45
    "walk_quiet_share": (0.28, 0.32),  # slow running 0.28 at 0.79 s, fast walking 0.32 at 0.92 s
    "walk_period_s": (0.79, 0.92),
    "quiet_g": (0.1, 0.3),
    "most_force_g": (3.0, 6.0),
}


@pytest.mark.parametrize(
    ("of", "name", "low", "high"),
    [
        *((PARAMETERS, name, *ends) for name, ends in RANGES.items()),
        *((RHYTHM, name, *ends) for name, ends in RHYTHM_RANGES.items()),
    ],
)
def test_a_number_lies_where_what_is_known_puts_it(of, name, low, high) -> None:
    assert low <= getattr(of, name) <= high
    assert high / low < 4.0


def test_the_landing_offset_is_that_of_the_force_plates() -> None:
    """20 ms after contact at 18° of pitch, 34 ms at 30°."""
    for degrees, ms in ((18, 20.0), (30, 34.0)):
        offset_ms = 1e3 * PARAMETERS.landing_offset_s_per_rad * radians(degrees)
        assert offset_ms == pytest.approx(ms, abs=1.0)


def test_a_shock_is_four_g_within_ten_milliseconds() -> None:
    assert PARAMETERS.shock_jerk_m_s3 == pytest.approx(4 * 9.81 / 0.010, rel=0.05)


@pytest.mark.parametrize(
    ("name", "within", "beyond"),
    [
        ("run_stride_s", (0.42, 0.95), (0.30, 1.3)),  # a sprint, a slow jog
        ("walk_stride_s", (0.8, 2.0), (0.5, 3.0)),
        ("run_contact_s", (0.08, 0.40), (0.04, 0.60)),
    ],
)
def test_what_gait_can_be_holds_all_real_gait_and_little_more(name, within, beyond) -> None:
    low, high = getattr(PARAMETERS, name)
    assert beyond[0] <= low <= within[0]
    assert within[1] <= high <= beyond[1]


@pytest.mark.parametrize("of", [PARAMETERS, RHYTHM])
def test_kernels_get_every_number_under_its_name(of) -> None:
    record = record_of(of)
    expected = {}
    for field in fields(of):
        value = getattr(of, field.name)
        if isinstance(value, tuple):
            expected |= {f"{field.name}_low": value[0], f"{field.name}_high": value[1]}
        else:
            expected[field.name] = value
    assert record.dtype.names == tuple(expected)
    np.testing.assert_array_equal([record[name] for name in expected], list(expected.values()))
