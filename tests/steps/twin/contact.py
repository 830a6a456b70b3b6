"""The events of one contact, from the samples between two swings.

Pitch rate is toe-up positive, rad/s. A contact is: the end of a swing, the landing trough of
pitch rate, quiet mid-stance, the push-off trough, the next swing.
"""

from dataclasses import dataclass, replace

import numpy as np

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


@dataclass(frozen=True)
class Contact:
    """One contact. Times in s on the clock of the input, NaN unknown; indices of samples."""

    start: int  # where its samples begin
    mid_stance: int
    landing_trough_s: float
    push_off_trough_s: float
    ic_run_s: float  # initial contact, were it running …
    ic_walk_s: float  # … and were it walking
    tc_run_s: float  # terminal contact, likewise
    tc_walk_s: float

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
    down, up = _between_swings(pitch_rate, swing_end, complete)
    if up <= down + 4:
        return None
    landing_stop = down + 2 + int(p.landing_share * (up - down)) if complete else last
    landing = _first_trough(pitch_rate, down + 1, landing_stop, p.landing_min_rate_rad_s)
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
    troughs_s = (landing_trough_s, push_off_trough_s)
    ic_run_s = _landing_time(samples, pitch_rate, troughs_s, mid_stance, p)
    shock_s = _shock_onset(samples, ic_run_s, p, low)
    if not np.isnan(shock_s):
        ic_run_s = shock_s
    flat_by = min(up, first_after(samples.time_s, down + 1, p.walk_slap_s) + 1)
    slap = lowest(pitch_rate, down + 1, flat_by)
    tc_walk_s = np.nan
    if complete:
        toe_up_s = time_of_crossing(samples.time_s, pitch_rate, up)
        tc_walk_s = toe_up_s - p.walk_toe_off_before_crossing_s
    return Contact(
        start=0,
        mid_stance=mid_stance,
        landing_trough_s=landing_trough_s,
        push_off_trough_s=push_off_trough_s,
        ic_run_s=ic_run_s,
        ic_walk_s=time_of_minimum(samples.time_s, pitch_rate, slap) - p.walk_landing_offset_s,
        tc_run_s=_toe_off_time(samples, push_off, ic_run_s, p, low) if left_ground else np.nan,
        tc_walk_s=tc_walk_s,
    )


def _between_swings(pitch_rate: Array, swing_end: int, complete: bool) -> tuple[int, int]:
    """The last sample of the swing's toe-up rotation, and the last before the next swing's."""
    last = len(pitch_rate) - 1
    top = int(np.argmax(pitch_rate[: swing_end + 1]))
    over = np.flatnonzero(pitch_rate[top + 1 :] <= 0.0)
    down = min(top + int(over[0]) if len(over) else last, max(top, last - 1))
    if not complete:
        return down, last
    before = np.flatnonzero(pitch_rate[down:] <= 0.0)
    return down, down + int(before[-1]) if len(before) else down


def _first_trough(x: Array, start: int, stop: int, least_depth: float) -> int:
    """The first minimum in [start, stop) that is deep and followed by a rise of a quarter of it.

    If there is none, the first minimum of any depth; if there is none of that either, `start`.
    """
    deepest = np.minimum.accumulate(x[start:stop])
    risen = (deepest < -least_depth) & (x[start:stop] - deepest > 0.25 * np.abs(deepest))
    if risen.any():
        return lowest(x, start, start + int(np.argmax(risen)))
    any_depth = minima(x)
    any_depth = any_depth[(any_depth > start) & (any_depth < stop)]
    return int(any_depth[0]) if len(any_depth) else start


def _landing_time(
    samples: Signals,
    pitch_rate: Array,
    troughs_s: tuple[float, float],
    mid_stance: int,
    p: Parameters,
) -> float:
    """Initial contact of running: by the slap of a heel, by the arrest of a flat or forefoot.

    Between the two pitches at which one of them alone decides, they go over into each other.
    """
    trough_s, push_off_s = troughs_s
    stance = samples.part(0, mid_stance + 1)
    foot = orientation(stance, mid_stance)
    toe_up = pitch(foot)
    sink = _sink_of_sole(stance, foot, pitch_rate[: mid_stance + 1], p)
    slap_s = _slap_contact(stance, toe_up, trough_s, p)
    arrest_s = _arrest_contact(stance, sink, push_off_s, p)
    if np.isnan(slap_s):
        return trough_s if np.isnan(arrest_s) else arrest_s

    def heel(t: float) -> float:
        there = toe_up[last_not_after(stance.time_s, t)]
        share = (there - p.flat_below_rad) / (p.heel_above_rad - p.flat_below_rad)
        return float(np.clip(share, 0.0, 1.0))

    if heel(slap_s) == 1.0 or np.isnan(arrest_s):
        return slap_s
    share = min(heel(slap_s), heel(arrest_s))
    return share * slap_s + (1.0 - share) * arrest_s


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
    offset = p.landing_offset_s + p.landing_offset_s_per_rad * np.maximum(0.0, toe_up)
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


def _shock_onset(samples: Signals, near_s: float, p: Parameters, low: Filter) -> float:
    """The start of the hardest jerk near `near_s`, seen in what smoothing leaves out; or NaN."""
    time_s = samples.time_s

    def jerk(force: Array) -> Array:
        """(n − 1,), m/s³, each from a sample to the next."""
        return np.linalg.norm(np.diff(force, axis=0), axis=1) / np.diff(time_s)

    hard = jerk(samples.force)
    sharp = jerk(samples.force - smooth(samples.force, low))
    near = np.flatnonzero(np.abs(time_s[1:] - near_s) <= p.shock_search_s)
    if not len(near):
        return np.nan
    hardest, sharpest = hard[near].max(), sharp[near].max()
    if hardest < p.shock_jerk_m_s3 or sharpest < p.shock_sharp_share * hardest:
        return np.nan
    enough = p.shock_onset_share * sharpest
    i = int(near[np.argmax(sharp[near] > enough)])
    before = min(enough, sharp[max(0, i - 1)])
    share = (enough - before) / (sharp[i] - before)
    # a jerk belongs to the middle between its two samples
    return float(time_s[i] + (share - 0.5) * (time_s[i + 1] - time_s[i]))


def _toe_off_time(
    samples: Signals, push_off: int, ic_s: float, p: Parameters, low: Filter
) -> float:
    """Terminal contact of running: the lowest dip of vertical specific force after push-off."""
    time_s = samples.time_s
    force = smooth(samples.force[:, 2], low)
    start = last_not_after(time_s[: push_off + 1], time_s[push_off] - 0.010)
    stop = first_after(time_s, push_off, p.toe_off_search_s)
    dips = minima(force)
    dips = dips[(dips >= start) & (dips < stop)]
    if not len(dips):
        return np.nan
    dip = int(dips[np.argmin(force[dips])])
    dip_s = time_of_minimum(time_s, force, dip)
    return dip_s + p.toe_off_share * (dip_s - ic_s)
