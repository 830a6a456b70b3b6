"""Every per-stride measure: a pure compiled function of the closed stride and its window.

`w` is the window (n, COLUMNS) of `gait.model.window`, `e` its CLOSED record. Each returns a
float in the unit its row in `gait.measures.table` names, NaN where it is not measured. Roll is
turned into pronation (eversion positive) by the side.
"""

import math

import numpy as np

from gait.model.compiled import kernel
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.model.window import ACC, LEVEL_ACC, PITCH, POSITION, ROLL, TIME

NAN = math.nan
IMPACT_S = 0.050  # after contact; the passive peak lies within it
LEAST_IMPACT_HZ = 200.0
LEAST_VELOCITY_HZ = 200.0


@kernel
def _pronation(w, e, i):
    """Eversion-positive roll at index `i`, rad, relative to mid-stance."""
    return w[i, ROLL] if e.side == 0 else -w[i, ROLL]


@kernel
def _at(w, t, near, column):
    """Column interpolated at time `t`, which lies after index `near`."""
    if near + 1 >= w.shape[0]:
        return w[near, column]
    span = w[near + 1, TIME] - w[near, TIME]
    part = (t - w[near, TIME]) / span
    part = min(1.0, max(0.0, part))
    return w[near, column] + part * (w[near + 1, column] - w[near, column])


@kernel
def _index_after(w, start, t):
    i = start
    while i < w.shape[0] - 1 and w[i, TIME] < t:
        i += 1
    return i


@kernel
def _most_pronated(w, e):
    """Index of the largest pronation in stance, −1 where stance is not known."""
    if e.tc < 0:
        return -1
    best = e.ic + 1
    for i in range(e.ic + 1, e.tc + 1):
        if _pronation(w, e, i) > _pronation(w, e, best):
            best = i
    return best


@kernel
def _pronation_at_contact(w, e):
    roll = _at(w, e.ic_s, e.ic, ROLL)
    return roll if e.side == 0 else -roll


@kernel
def cadence_spm(w, e):
    return 120.0 / (e.next_ic_s - e.ic_s)


@kernel
def contact_ms(w, e):
    return 1e3 * (e.tc_s - e.ic_s)


@kernel
def duty_factor_pct(w, e):
    return 100.0 * (e.tc_s - e.ic_s) / (e.next_ic_s - e.ic_s)


@kernel
def strike_angle_deg(w, e):
    return _at(w, e.ic_s, e.ic, PITCH) * DEG_PER_RAD


@kernel
def roll_at_ic_deg(w, e):
    return _pronation_at_contact(w, e) * DEG_PER_RAD


@kernel
def pronation_excursion_deg(w, e):
    most = _most_pronated(w, e)
    if most < 0:
        return NAN
    return max(0.0, _pronation(w, e, most) - _pronation_at_contact(w, e)) * DEG_PER_RAD


@kernel
def pronation_velocity_deg_s(w, e):
    if e.tc < 0 or e.rate_hz < LEAST_VELOCITY_HZ:
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
def time_to_pronation_ms(w, e):
    most = _most_pronated(w, e)
    if most < 0:
        return NAN
    return 1e3 * (w[most, TIME] - e.ic_s)


@kernel
def everted_pct(w, e):
    """Share of stance rolled in beyond standing; standing roll seen from mid-stance gravity."""
    if e.tc < 0 or math.isnan(e.neutral_roll):
        return NAN
    reach = max(1, round(0.020 * e.rate_hz))
    side = 0.0
    up = 0.0
    for i in range(max(0, e.mid_stance - reach), min(w.shape[0], e.mid_stance + reach + 1)):
        side += w[i, ACC + 1]
        up += w[i, ACC + 2]
    at_mid_stance = math.atan2(side, up) if e.side == 0 else -math.atan2(side, up)
    everted = 0
    for i in range(e.ic, e.tc + 1):
        if _pronation(w, e, i) + at_mid_stance > e.neutral_roll:
            everted += 1
    return 100.0 * everted / (e.tc - e.ic + 1)


@kernel
def impact_g(w, e):
    if e.rate_hz < LEAST_IMPACT_HZ:
        return NAN
    stop = _index_after(w, e.ic, e.ic_s + IMPACT_S)
    most = 0.0
    for i in range(e.ic, stop + 1):
        size = w[i, ACC] ** 2 + w[i, ACC + 1] ** 2 + w[i, ACC + 2] ** 2
        most = max(most, size)
    return math.sqrt(most) / STANDARD_GRAVITY_M_S2


@kernel
def axial_g(w, e):
    if e.rate_hz < LEAST_IMPACT_HZ:
        return NAN
    stop = _index_after(w, e.ic, e.ic_s + IMPACT_S)
    most = w[e.ic, LEVEL_ACC + 2]
    for i in range(e.ic, stop + 1):
        most = max(most, w[i, LEVEL_ACC + 2])
    return most / STANDARD_GRAVITY_M_S2


@kernel
def braking_g(w, e):
    if e.rate_hz < LEAST_IMPACT_HZ:
        return NAN
    stop = _index_after(w, e.ic, e.ic_s + IMPACT_S)
    most = 0.0
    for i in range(e.ic, stop + 1):
        most = max(most, -w[i, LEVEL_ACC])
    return most / STANDARD_GRAVITY_M_S2


@kernel
def stride_length_m(w, e):
    if e.next_mid_stance < 0:
        return NAN
    i = e.next_mid_stance
    return math.hypot(w[i, POSITION], w[i, POSITION + 1])


@kernel
def speed_m_s(w, e):
    if e.next_mid_stance < 0:
        return NAN
    duration = w[e.next_mid_stance, TIME] - w[e.mid_stance, TIME]
    return stride_length_m(w, e) / duration


@kernel
def swing_height_m(w, e):
    if e.next_mid_stance < 0:
        return NAN
    most = -np.inf
    for i in range(e.mid_stance, e.next_mid_stance + 1):
        most = max(most, w[i, POSITION + 2])
    return most
