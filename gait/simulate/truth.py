"""The known truth of each stride, from the model itself."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

from gait.model import Side, Strike
from gait.model.arrays import Floats
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.simulate.foot import Stance

STRIDE = np.dtype(
    [
        ("side", np.int8),  # 0 left, 1 right
        ("activity", np.int8),  # Activity
        ("strike", np.int8),  # Strike
        ("steady", np.bool_),  # neither speed nor kind changes in it
        ("ic_s", np.float64),  # the sole touches the ground
        ("tc_s", np.float64),  # the sole leaves the ground
        ("stride_s", np.float64),
        ("contact_ms", np.float64),
        ("flight_ms", np.float64),  # to the other foot's contact; negative: both on the ground
        ("cadence_spm", np.float64),
        ("strike_angle_deg", np.float64),  # of the sole to the ground, toe-up positive
        ("roll_at_ic_deg", np.float64),  # eversion relative to the middle of foot flat
        ("roll_at_ic_standing_deg", np.float64),  # eversion relative to standing
        ("roll_max_standing_deg", np.float64),  # most everted, relative to standing
        ("everted_pct", np.float64),  # share of contact everted beyond standing
        ("pronation_excursion_deg", np.float64),
        ("pronation_velocity_deg_s", np.float64),
        ("time_to_pronation_ms", np.float64),
        ("impact_g", np.float64),  # peak resultant specific force within 50 ms after contact
        ("stride_length_m", np.float64),
        ("speed_m_s", np.float64),
    ]
)


def strike_of(angle_deg: float) -> Strike:
    """Class of a foot strike by the angle of the shoe (Altman & Davis 2012)."""
    if angle_deg > 8.0:
        return Strike.REARFOOT
    return Strike.MIDFOOT if angle_deg >= -1.6 else Strike.FOREFOOT


def truth_of(
    stances: Sequence[Stance], other: Sequence[Stance], curve: BSpline, end_s: float
) -> NDArray[np.void]:
    """One row (dtype STRIDE) for each stride whose next contact lies before `end_s`.

    `stances` and `other` are the contacts of this foot and of the other one in order of time;
    `curve` is this foot's motion.
    """
    other_ic = np.array([s.start_s for s in other if s.landing is not None])
    rows = [
        _row(stance, following, other_ic, curve)
        for stance, following in pairwise(stances)
        if stance.landing is not None and following.start_s <= end_s and stance.contact_s < 1.5
    ]
    return np.array(rows, dtype=STRIDE)


def _row(stance: Stance, following: Stance, other_ic: Floats, curve: BSpline) -> tuple[object, ...]:
    step, after = stance.step, following.step
    stride_s = following.start_s - stance.start_s
    length = float(np.linalg.norm(np.subtract(after.place, step.place)))
    later = other_ic[other_ic > stance.start_s + 0.05]
    flight = (later[0] - stance.end_s) * 1e3 if len(later) else np.nan
    same_kind = step.activity is after.activity
    angle = float(stance.toe_up(stance.start_s)) * DEG_PER_RAD
    roll = float(stance.eversion(stance.start_s)) * DEG_PER_RAD
    mid = float(stance.eversion(stance.mid_s)) * DEG_PER_RAD
    pronation = _pronation(stance, roll)
    return (
        0 if step.side is Side.LEFT else 1,
        int(step.activity),
        int(strike_of(angle)),
        same_kind and abs(after.speed_m_s - step.speed_m_s) < 0.02,
        stance.start_s,
        stance.end_s,
        stride_s,
        stance.contact_s * 1e3,
        flight,
        120.0 / stride_s,
        angle,
        roll - mid,
        roll,
        roll + pronation[0],
        _everted_pct(stance),
        *pronation,
        _impact_g(stance, curve),
        length,
        length / stride_s,
    )


def _pronation(stance: Stance, roll_at_ic_deg: float) -> tuple[float, float, float]:
    """Excursion (deg), peak velocity (deg/s) in the first half, time to the peak (ms)."""
    t = np.linspace(0.0, 0.6, 601) * stance.contact_s
    roll = stance.eversion(stance.start_s + t) * DEG_PER_RAD
    rate = stance.eversion(stance.start_s + t[:501], 1) * DEG_PER_RAD
    top = int(np.argmax(roll))
    return float(roll[top] - roll_at_ic_deg), float(rate.max()), float(t[top] * 1e3)


def _everted_pct(stance: Stance) -> float:
    t = np.linspace(stance.start_s, stance.end_s, 1001)
    return float(100.0 * np.mean(stance.eversion(t) > 0.0))


def _impact_g(stance: Stance, curve: BSpline) -> float:
    t = np.linspace(stance.start_s, stance.start_s + 0.05, 401)
    acc = curve(np.minimum(t, curve.t[-1]), 2)[:, :3]
    acc[:, 2] += STANDARD_GRAVITY_M_S2
    return float(np.sqrt((acc**2).sum(axis=1).max()) / STANDARD_GRAVITY_M_S2)
