"""The events of one contact, from the samples between two swings.

Pitch rate is toe-up positive, rad/s. A contact is: the end of a swing, the landing trough of
pitch rate, quiet mid-stance, the push-off trough, the next swing.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gait.model.units import STANDARD_GRAVITY_M_S2
from gait.steps.parameters import Parameters

from .path import applied, integrated, orientation, pitch
from .signals import (
    Array,
    Filter,
    Signals,
    first_after,
    last_not_after,
    lowest,
    minima,
    smooth,
    time_of_crossing,
    time_of_minimum,
)
from .steadiness import Event

EDGE_S = 1e-6  # a sample at the very edge of a search is in it, whatever rounding says


@dataclass(frozen=True)
class Contact:
    """One contact. Times in s on the clock of the input; indices of samples."""

    start: int  # where its samples begin
    mid_stance: int
    landing_trough_s: float
    push_off_trough_s: float
    ic_run: Event  # initial contact, were it running …
    ic_walk: Event  # … and were it walking
    tc_run: Event  # terminal contact, likewise
    tc_walk: Event

    def shifted(self, by: int) -> "Contact":
        return replace(self, start=self.start + by, mid_stance=self.mid_stance + by)


def find_contact(
    samples: Signals, swing_end: int, complete: bool, p: Parameters, low: Filter
) -> Contact | None:
    """The contact after the swing that ends near `swing_end`, None if there is none.

    `complete`: the samples reach into the next swing; else the foot may still be on the ground.
    """
    pitch_rate = smooth(-samples.turn[:, 1], low)
    last = len(samples) - 1
    down, up = _between_swings(pitch_rate, swing_end, complete, p)
    if up <= down + 4:
        return None
    if complete:
        landing_stop = down + 2 + int(p.landing_share * (up - down))
    else:
        landing_stop = first_after(samples.time_s, down, p.longest_landing_s)
    landing = _slap_trough(pitch_rate, down + 1, landing_stop, p)
    if not complete and samples.time_s[last] - samples.time_s[landing] < p.least_seen_s:
        return None
    if complete:
        push_off = lowest(pitch_rate, landing + int(0.4 * (up - landing)), up)
        left_ground = True
        quiet_end = landing + 1 + int(0.8 * (push_off - landing))
    else:
        since = first_after(samples.time_s, landing, p.run_contact_s[0])
        push_off = lowest(pitch_rate, since, last + 1)
        pushed = pitch_rate[push_off] < -p.push_off_rate_rad_s
        left_ground = pushed and pitch_rate[last] > 0.5 * pitch_rate[push_off]
        quiet_end = push_off if left_ground else first_after(samples.time_s, landing, 0.25)
    if push_off <= landing + 4 or quiet_end <= landing + 2:
        return None

    turning = smooth(np.linalg.norm(samples.turn, axis=1), low)
    mid_stance = lowest(turning, landing + 1 + int(0.15 * (quiet_end - landing)), quiet_end)
    landing_trough_s = time_of_minimum(samples.time_s, pitch_rate, landing)
    push_off_trough_s = time_of_minimum(samples.time_s, pitch_rate, push_off)
    down_s = float(samples.time_s[down])
    ic_run = _struck(
        samples,
        max(down_s, landing_trough_s - p.longest_slap_s),
        min(
            max(landing_trough_s + p.shock_late_s, down_s + p.longest_held_s),
            float(samples.time_s[mid_stance]),
        ),
        (p.shock_jerk_m_s3, p.shock_onset_share, p.shock_sd_s),
        p,
    )
    if ic_run is None:
        troughs_s = (landing_trough_s, push_off_trough_s)
        ic_run = _smooth_landing(samples, pitch_rate, troughs_s, mid_stance, p)
    flat_by = min(up, first_after(samples.time_s, down + 1, p.walk_slap_s) + 1)
    slap_s = time_of_minimum(samples.time_s, pitch_rate, lowest(pitch_rate, down + 1, flat_by))
    ic_walk = _struck(
        samples,
        max(down_s, slap_s - p.longest_slap_s),
        slap_s,
        (p.walk_shock_jerk_m_s3, p.walk_shock_onset_share, p.walk_landing_sd_s),
        p,
    )
    if ic_walk is None:
        ic_walk = Event(slap_s - p.walk_landing_offset_s, p.walk_slap_sd_s)
    toe_off_s = toe_up_s = np.nan
    if left_ground:
        toe_off_s = _toe_off_time(samples, push_off, ic_run.time_s, p, low)
    if complete:
        toe_up_s = time_of_crossing(samples.time_s, pitch_rate, up)
    return Contact(
        start=0,
        mid_stance=mid_stance,
        landing_trough_s=landing_trough_s,
        push_off_trough_s=push_off_trough_s,
        ic_run=ic_run,
        ic_walk=ic_walk,
        tc_run=Event(toe_off_s, p.toe_off_sd_s),
        tc_walk=Event(toe_up_s - p.walk_toe_off_before_crossing_s, p.walk_toe_off_sd_s),
    )


def _between_swings(
    pitch_rate: Array, swing_end: int, complete: bool, p: Parameters
) -> tuple[int, int]:
    """The last sample of the swing's toe-up rotation, and the last before the next swing's."""
    last = len(pitch_rate) - 1
    top = int(np.argmax(pitch_rate[: swing_end + 1]))
    over = np.flatnonzero(pitch_rate[top + 1 :] <= p.swing_ends_share * pitch_rate[top])
    down = min(top + int(over[0]) if len(over) else last, max(top, last - 1))
    if not complete:
        return down, last
    before = np.flatnonzero(pitch_rate[down:] <= 0.0)
    return down, down + int(before[-1]) if len(before) else down


def _slap_trough(x: Array, start: int, stop: int, p: Parameters) -> int:
    """The first dip in [start, stop) that is deep, and as deep as a share of the deepest.

    If there is none, the first minimum of any depth; if there is none of that either, `start`.
    """
    dips = _dips(x, start, stop)
    enough = max(p.landing_min_rate_rad_s, -p.landing_depth_share * min(x[dips], default=0.0))
    deep = [dip for dip in dips if x[dip] <= -enough]
    if deep:
        return deep[0]
    any_depth = minima(x)
    any_depth = any_depth[(any_depth > start) & (any_depth < stop)]
    return int(any_depth[0]) if len(any_depth) else start


def _dips(x: Array, start: int, stop: int) -> list[int]:
    """The lowest samples so far, in [start, stop), before each rise of a quarter of their depth.

    After a rise of half of it, what was so far is forgotten.
    """
    dips: list[int] = []
    while start < stop:
        deepest = np.minimum.accumulate(x[start:stop])
        risen = x[start:stop] - deepest > 0.25 * np.abs(deepest)
        over = np.flatnonzero(risen & (x[start:stop] > 0.5 * deepest))
        end = start + int(over[0]) if len(over) else stop
        so_risen = start + np.flatnonzero(risen)
        dips += [lowest(x, start, i) for i in so_risen[so_risen <= end]]
        start = end
    return dips


def _smooth_landing(
    samples: Signals,
    pitch_rate: Array,
    troughs_s: tuple[float, float],
    mid_stance: int,
    p: Parameters,
) -> Event:
    """Contact that no shock tells: by the slap of a heel, by the arrest of a flat or forefoot.

    Between the two pitches at which one of them alone decides, they go over into each other; the
    more they differ there, the less well it is known.
    """
    trough_s, push_off_s = troughs_s
    stance = samples.part(0, mid_stance + 1)
    foot = orientation(stance, mid_stance)
    toe_up = pitch(foot)
    sink = _sink_of_sole(stance, foot, pitch_rate[: mid_stance + 1], p)
    slap_s = _slap_contact(stance, toe_up, trough_s, p)
    arrest_s = _arrest_contact(stance, sink, push_off_s, p)
    if np.isnan(slap_s):
        return Event(trough_s if np.isnan(arrest_s) else arrest_s, p.landing_sd_s)

    def heel(t: float) -> float:
        there = toe_up[last_not_after(stance.time_s, t)]
        share = (there - p.flat_below_rad) / (p.heel_above_rad - p.flat_below_rad)
        return float(np.clip(share, 0.0, 1.0))

    if heel(slap_s) == 1.0 or np.isnan(arrest_s):
        return Event(slap_s, p.landing_sd_s)
    share = min(heel(slap_s), heel(arrest_s))
    landing_s = share * slap_s + (1.0 - share) * arrest_s
    return Event(landing_s, float(np.hypot(p.landing_sd_s, 0.5 * (landing_s - slap_s))))


def _sink_of_sole(stance: Signals, foot: Array, pitch_rate: Array, p: Parameters) -> Array:
    """Vertical velocity (n,), m/s, of the end of the sole that lands: heel or forefoot.

    `stance` ends in mid-stance, where the foot is flat and at rest.
    """
    lift = applied(foot, stance.force)[:, 2] - STANDARD_GRAVITY_M_S2
    sensor_up = integrated(stance, lift, len(stance) - 1)
    toe_up = pitch(foot)
    ahead_m = -p.sole_reach_m * np.clip(toe_up / p.sole_edge_rad, -1.0, 1.0)
    arm_m = ahead_m * np.cos(toe_up) + p.sensor_height_m * np.sin(toe_up)
    return sensor_up + arm_m * pitch_rate


def _slap_contact(stance: Signals, toe_up: Array, trough_s: float, p: Parameters) -> float:
    """The last time before the landing trough by what a foot of its pitch takes to slap down.

    Times from 10 ms after the trough on are left out; NaN without such a time.
    """
    time_s = stance.time_s
    considered = int(np.searchsorted(time_s, trough_s + 0.010, side="left"))
    offset = p.landing_offset_s_per_rad * np.maximum(0.0, toe_up)
    early = (trough_s - time_s - np.minimum(offset, p.landing_most_s))[:considered]
    enough = np.flatnonzero(early >= 0.0)
    if not len(enough):
        return np.nan
    i = int(enough[-1])
    if i == len(time_s) - 1:
        return float(time_s[i])
    if i == considered - 1:
        return float(time_s[i + 1] if early[i] > 0.0 else time_s[i])
    return time_of_crossing(time_s, early, i)


def _arrest_contact(stance: Signals, sink: Array, push_off_s: float, p: Parameters) -> float:
    """The ground has taken half of the sole's sinking speed, and a little before that; or NaN."""
    time_s = stance.time_s
    sinking = np.flatnonzero(sink <= -p.least_sink_m_s)
    latest = int(sinking[-1]) if len(sinking) else 0
    # back over all samples nearer than the search time, and one more
    back = 1 + int(np.sum(time_s[latest] - time_s[:latest] < p.sink_search_s))
    fastest = latest - int(np.argmin(sink[max(0, latest - back) : latest + 1][::-1]))
    if sink[fastest] > -p.least_sink_m_s:
        return np.nan
    half = 0.5 * sink[fastest]
    k = fastest + int(np.argmax(sink[fastest:] >= half))
    t = time_of_crossing(time_s, sink - half, k - 1)
    return t - p.arrest_share * (push_off_s - t)


def _struck(
    samples: Signals,
    from_s: float,
    to_s: float,
    shock: tuple[float, float, float],
    p: Parameters,
) -> Event | None:
    """Contact where the shoe is first struck between two times; None if it is not, or not clearly.

    The first jerk counts that is a good part of the hardest, and much harder than those of the
    swing just before; half of that part is enough where it comes out of nothing. `shock`: its
    least jerk (m/s³), the share of the hardest that the first one has, and how well it then tells
    contact (s).
    """
    least_jerk, onset_share, sd_s = shock
    time_s = samples.time_s
    from_s -= p.shock_early_s + EDGE_S
    to_s += EDGE_S
    since_s = time_s - from_s
    jerk = _sudden_jerk(samples, p)
    measured = np.arange(len(samples)) > 0  # into the first sample there is no jerk
    swing = measured & (since_s >= -p.shock_before_s) & (since_s < -p.shock_early_s)
    landing = np.flatnonzero(measured & (time_s >= from_s) & (time_s <= to_s))
    near = jerk[landing]
    hardest = near.max(initial=0.0)
    in_swing = jerk[swing].max(initial=0.0)
    stands_out = max(p.shock_stands_out * in_swing, 0.5 * least_jerk)
    enough = max(onset_share * hardest, stands_out)
    if hardest < least_jerk or enough > p.shock_clear_share * hardest:
        return None
    period_s = (time_s[-1] - time_s[0]) / (len(samples) - 1)
    quiet, rise = (max(2, round(s / period_s)) for s in (p.shock_quiet_s, p.shock_rise_s))
    just_before = np.array([jerk[max(i - quiet, 1) : i].max(initial=0.0) for i in landing])
    sudden = near >= max(p.shock_sudden_share * onset_share * hardest, stands_out)
    sudden &= near >= p.shock_contrast * just_before
    then_less = np.append(near[1:] <= near[:-1], True)
    peak = int(np.flatnonzero(sudden | ((near >= enough) & then_less))[0])
    onset = int(landing[peak])
    if not sudden[peak]:
        rising = near[max(0, peak - rise) : peak] >= p.shock_begins_share * near[peak]
        onset -= len(rising) if rising.all() else int(np.argmin(rising[::-1]))
    before_s, after_s = time_s[onset - 1 : onset + 1]
    return Event(
        float(before_s + p.shock_within * (after_s - before_s)),
        float(np.hypot(sd_s, p.shock_sd_periods * period_s)),
    )


def _sudden_jerk(samples: Signals, p: Parameters) -> Array:
    """(n,) m/s³: change of specific force into each sample, beyond that over some before it.

    Into the first there is none; into the second it is the change alone.
    """
    time_s, force = samples.time_s, samples.force
    rate_hz = (len(samples) - 1) / (time_s[-1] - time_s[0])
    over = max(1, round(p.shock_against_s * rate_hz))

    def change(start: NDArray[np.intp], stop: NDArray[np.intp]) -> Array:
        return (force[stop] - force[start]) / (time_s[stop] - time_s[start])[:, None]

    at = np.arange(1, len(samples))
    sudden = change(at - 1, at)
    sudden[1:] -= change(np.maximum(0, at[1:] - 1 - over), at[1:] - 1)
    return np.append(0.0, np.linalg.norm(sudden, axis=1))


def _toe_off_time(
    samples: Signals, push_off: int, ic_s: float, p: Parameters, low: Filter
) -> float:
    """Terminal contact of running: the lowest dip of vertical specific force after push-off.

    Where there is none, the lowest from some time before it.
    """
    time_s = samples.time_s
    force = smooth(samples.force[:, 2], low)
    stop = first_after(time_s, push_off, p.toe_off_search_s)
    for early_s in (0.010, p.toe_off_early_s):
        start = last_not_after(time_s[: push_off + 1], time_s[push_off] - early_s)
        dips = minima(force)
        dips = dips[(dips >= start) & (dips < stop)]
        if len(dips):
            dip_s = time_of_minimum(time_s, force, int(dips[np.argmin(force[dips])]))
            return dip_s + p.toe_off_share * (dip_s - ic_s)
    return np.nan
