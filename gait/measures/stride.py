"""Every per-stride measure: a pure compiled function of the closed stride and its window.

`w` is the window (n, COLUMNS) of `gait.model.window`, `e` its CLOSED record. Each returns a
float in the unit its row in `gait.measures.table` names, NaN where it is not measured. Roll is
turned into pronation (eversion positive) by the side.
"""

import math

import numpy as np

from gait.measures import spring
from gait.model.arrays import Floats, Record
from gait.model.compiled import kernel
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.model.window import ACC, LEVEL_ACC, PITCH, POSITION, ROLL, TIME

NAN = math.nan
IMPACT_S = 0.050  # after contact; the passive peak lies within it
PRONATION_SHARE = 0.6  # of contact, in which the foot pronates; what follows is push-off
SHOCK_HZ = (10.0, 20.0)
# Quality of a second-order band-pass that, run forwards and backwards, is down 3 dB at both edges:
# √(√2 − 1) / (√2 − 1/√2) = 0.910 at a high rate, 0.900 at 416 Hz. Within 1 % of either.
_SHOCK_Q = 0.908


@kernel
def _pronation(w: Floats, e: Record, i: int):
    """Eversion-positive roll at index `i`, rad, relative to mid-stance."""
    return w[i, ROLL] if e.side == 0 else -w[i, ROLL]


@kernel
def _at(w: Floats, t: float, near: int, column: int):
    """Column interpolated at time `t`, which lies after index `near`."""
    if near + 1 >= w.shape[0]:
        return w[near, column]
    span = w[near + 1, TIME] - w[near, TIME]
    part = (t - w[near, TIME]) / span
    part = min(1.0, max(0.0, part))
    return w[near, column] + part * (w[near + 1, column] - w[near, column])


@kernel
def _index_after(w: Floats, start: int, t: float):
    i = start
    while i < w.shape[0] - 1 and w[i, TIME] < t:
        i += 1
    return i


@kernel
def _most_pronated(w: Floats, e: Record):
    """Index of the largest pronation before push-off, −1 where stance is not known."""
    if e.tc < 0:
        return -1
    best = e.ic + 1
    last = e.ic_s + PRONATION_SHARE * (e.tc_s - e.ic_s)
    for i in range(e.ic + 1, e.tc + 1):
        if w[i, TIME] > last:
            break
        if _pronation(w, e, i) > _pronation(w, e, best):
            best = i
    return best


@kernel
def _pronation_at_contact(w: Floats, e: Record):
    roll = _at(w, e.ic_s, e.ic, ROLL)
    return roll if e.side == 0 else -roll


@kernel
def _tilt(w: Floats, i: int, column: int):
    """How far the specific force of a row is turned from z about x, rad."""
    return math.atan2(w[i, column + 1], w[i, column + 2])


@kernel
def _mid_stance_from_standing(w: Floats, e: Record):
    """Eversion of mid-stance relative to standing, rad; NaN where it is not known.

    The same force in foot and in level axes tells how far the foot is from level, which is known
    from gravity over the whole stride. (The force of mid-stance alone does not tell: there the
    foot still rolls over the ground, which reads as up to 10° of tilt.) A ground that slopes
    sideways, and standing on another slope, are in it.
    """
    if e.next_mid_stance < 0:
        return NAN
    roll = _tilt(w, e.mid_stance, ACC) - _tilt(w, e.mid_stance, LEVEL_ACC) - e.neutral_roll
    return roll if e.side == 0 else -roll


_bounce_m = kernel(spring.vertical_oscillation_m)


@kernel
def cadence_spm(w: Floats, e: Record):
    return 120.0 / (e.next_ic_s - e.ic_s)


@kernel
def contact_ms(w: Floats, e: Record):
    return 1e3 * (e.tc_s - e.ic_s)


@kernel
def duty_factor_pct(w: Floats, e: Record):
    return 100.0 * (e.tc_s - e.ic_s) / (e.next_ic_s - e.ic_s)


@kernel
def swing_ms(w: Floats, e: Record):
    return 1e3 * (e.next_ic_s - e.tc_s)


@kernel
def vertical_oscillation_mm(w: Floats, e: Record):
    contact = e.tc_s - e.ic_s
    flight = 0.5 * (e.next_ic_s - e.ic_s) - contact  # mean of both feet's, from one
    return 1e3 * _bounce_m(contact, flight)


@kernel
def strike_angle_deg(w: Floats, e: Record):
    return _at(w, e.ic_s, e.ic, PITCH) * DEG_PER_RAD


@kernel
def roll_at_ic_deg(w: Floats, e: Record):
    return _pronation_at_contact(w, e) * DEG_PER_RAD


@kernel
def roll_at_ic_standing_deg(w: Floats, e: Record):
    return (_pronation_at_contact(w, e) + _mid_stance_from_standing(w, e)) * DEG_PER_RAD


@kernel
def roll_max_standing_deg(w: Floats, e: Record):
    most = _most_pronated(w, e)
    if most < 0:
        return NAN
    return (_pronation(w, e, most) + _mid_stance_from_standing(w, e)) * DEG_PER_RAD


@kernel
def pronation_excursion_deg(w: Floats, e: Record):
    most = _most_pronated(w, e)
    if most < 0:
        return NAN
    return max(0.0, _pronation(w, e, most) - _pronation_at_contact(w, e)) * DEG_PER_RAD


@kernel
def pronation_velocity_deg_s(w: Floats, e: Record):
    if e.tc < 0:
        return NAN
    # slope over 20 ms, which passes about 25 Hz: a single sample would be noise
    reach = max(1, round(0.010 * e.rate_hz))
    best = NAN
    for i in range(max(e.ic, reach), min(e.ic + (e.tc - e.ic) // 2 + 1, w.shape[0] - reach)):
        dt = w[i + reach, TIME] - w[i - reach, TIME]
        velocity = (_pronation(w, e, i + reach) - _pronation(w, e, i - reach)) / dt
        if not velocity <= best:
            best = velocity
    return best * DEG_PER_RAD


@kernel
def time_to_pronation_ms(w: Floats, e: Record):
    most = _most_pronated(w, e)
    if most < 0:
        return NAN
    return 1e3 * (w[most, TIME] - e.ic_s)


@kernel
def everted_pct(w: Floats, e: Record):
    at_mid_stance = _mid_stance_from_standing(w, e)
    if e.tc < 0 or math.isnan(at_mid_stance):
        return NAN
    everted = 0
    for i in range(e.ic, e.tc + 1):
        if _pronation(w, e, i) + at_mid_stance > 0.0:
            everted += 1
    return 100.0 * everted / (e.tc - e.ic + 1)


@kernel
def impact_g(w: Floats, e: Record):
    stop = _index_after(w, e.ic, e.ic_s + IMPACT_S)
    most = 0.0
    for i in range(e.ic, stop + 1):
        size = w[i, ACC] ** 2 + w[i, ACC + 1] ** 2 + w[i, ACC + 2] ** 2
        most = max(most, size)
    return math.sqrt(most) / STANDARD_GRAVITY_M_S2


@kernel
def axial_g(w: Floats, e: Record):
    stop = _index_after(w, e.ic, e.ic_s + IMPACT_S)
    most = w[e.ic, LEVEL_ACC + 2]
    for i in range(e.ic, stop + 1):
        most = max(most, w[i, LEVEL_ACC + 2])
    return most / STANDARD_GRAVITY_M_S2


@kernel
def braking_g(w: Floats, e: Record):
    stop = _index_after(w, e.ic, e.ic_s + IMPACT_S)
    most = 0.0
    for i in range(e.ic, stop + 1):
        most = max(most, -w[i, LEVEL_ACC])
    return most / STANDARD_GRAVITY_M_S2


@kernel
def _one_way(x: Floats, b0: float, a1: float, a2: float):
    """Band-pass in place; x begins at rest."""
    x1 = x2 = y1 = y2 = 0.0
    for i in range(len(x)):
        now = x[i]
        y = b0 * (now - x2) - a1 * y1 - a2 * y2
        x2, x1 = x1, now
        y2, y1 = y1, y
        x[i] = y


@kernel
def _shock_band(x: Floats, rate_hz: float):
    """The 10–20 Hz part of x without delay, in place."""
    turn = 2.0 * math.pi * math.sqrt(SHOCK_HZ[0] * SHOCK_HZ[1]) / rate_hz
    width = math.sin(turn) / (2.0 * _SHOCK_Q)
    b0 = width / (1.0 + width)
    a1 = -2.0 * math.cos(turn) / (1.0 + width)
    a2 = (1.0 - width) / (1.0 + width)
    _one_way(x, b0, a1, a2)
    _one_way(x[::-1], b0, a1, a2)


@kernel
def shock_g(w: Floats, e: Record):
    if e.tc < 0:
        return NAN
    axial = w[:, LEVEL_ACC + 2] - w[0, LEVEL_ACC + 2]
    _shock_band(axial, e.rate_hz)
    total = 0.0
    for i in range(e.ic, e.tc + 1):
        total += axial[i] ** 2
    return math.sqrt(total / (e.tc - e.ic + 1)) / STANDARD_GRAVITY_M_S2


@kernel
def stride_length_m(w: Floats, e: Record):
    if e.next_mid_stance < 0:
        return NAN
    i = e.next_mid_stance
    return math.hypot(w[i, POSITION], w[i, POSITION + 1])


@kernel
def step_length_m(w: Floats, e: Record):
    return 0.5 * stride_length_m(w, e)


@kernel
def speed_m_s(w: Floats, e: Record):
    if e.next_mid_stance < 0:
        return NAN
    duration = w[e.next_mid_stance, TIME] - w[e.mid_stance, TIME]
    return stride_length_m(w, e) / duration


@kernel
def swing_height_m(w: Floats, e: Record):
    if e.next_mid_stance < 0:
        return NAN
    most = -np.inf
    for i in range(e.mid_stance, e.next_mid_stance + 1):
        most = max(most, w[i, POSITION + 2])
    return most
