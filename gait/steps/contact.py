"""The events of one contact, from the samples between two swings.

Pitch rate here is toe-up positive: a swing is a broad positive lobe; landing and push-off are
troughs, with a shallow plateau, mid-stance, between them (Falbriard 2018, who name the two
troughs the most precise features). True contact lies before the landing trough by a time that
grows with the angle of the foot; true toe-off lies near a minimum of vertical specific force.
"""

import math

import numpy as np

from gait.model.arrays import Floats, Record
from gait.model.compiled import kernel
from gait.model.units import STANDARD_GRAVITY_M_S2
from gait.model.window import ACC, GYR, TIME
from gait.steps.filters import parabola_vertex, smooth_columns
from gait.steps.path import pitch_of, rotate, rotate_by_rates

# Columns of what is smoothed together.
PITCH_RATE = 0
TURNING = 1  # size of the rotation rate
FORCE = 2  # 2, 3, 4: specific force
SIGNALS = 5
LEAST_SAMPLES = 4  # between two marks, for a minimum with neighbours to lie between them
EDGE_S = 1e-6  # a sample at the very edge of a search is in it, whatever rounding says


@kernel
def slap_trough(x: Floats, start: int, stop: int, p: Record):
    """Index of the first minimum of `x` that is one of its deep ones and followed by a clear rise.

    Deep: at least `landing_depth_share` of the deepest, since a foot that is held ready and
    lowered slowly makes a shallow one long before it lands. The rise (`landing_rise_share` of the
    depth) keeps ripples on the way down from counting.

    Parameters
    ----------
    x : Floats
        (n,) pitch rate of the foot, toe-up positive, rad/s, through the events' low-pass.
    start, stop : int
        Where it is looked for, `stop` excluded.
    p : Record
        `Parameters`.

    Returns
    -------
    int
        If none is deeper than `landing_min_rate_rad_s`, the first minimum of any depth; if there
        is none of that either, `start`.
    """
    deepest = 0.0
    low = start
    for i in range(start, stop):
        if x[i] < x[low]:
            low = i
        elif x[i] - x[low] > p.landing_rise_share * abs(x[low]):
            deepest = min(deepest, x[low])
            if x[i] > p.landing_next_share * x[low]:
                low = i  # another one may follow
    enough = max(p.landing_min_rate_rad_s, -p.landing_depth_share * deepest)
    low = start
    first = -1
    for i in range(start, stop):
        if first < 0 and i > start and x[i] < x[i - 1] and x[i] <= x[i + 1]:
            first = i
        if x[i] < x[low]:
            low = i
        elif x[i] - x[low] > p.landing_rise_share * abs(x[low]):
            if x[low] <= -enough:
                return low
            if x[i] > p.landing_next_share * x[low]:
                low = i
    return first if first >= 0 else start


@kernel
def lowest(x: Floats, start: int, stop: int):
    """Index of the lowest of `x` (n,) in [start, stop), `start` where that is empty."""
    low = start
    for i in range(start, stop):
        if x[i] < x[low]:
            low = i
    return low


@kernel
def lowest_local_minimum(x: Floats, start: int, stop: int):
    """Index of the lowest inner minimum of `x` in [start, stop), −1 if there is none.

    Parameters
    ----------
    x : Floats
        (n,) any signal of the samples.
    start, stop : int
        Where it is looked for, `stop` excluded.

    Returns
    -------
    int
        Its index, −1 if there is none.
    """
    found = -1
    for i in range(max(start, 1), min(stop, x.shape[0] - 1)):
        if x[i] < x[i - 1] and x[i] <= x[i + 1] and (found < 0 or x[i] < x[found]):
            found = i
    return found


@kernel
def time_of_minimum(samples: Floats, x: Floats, i: int):
    """Time of the vertex around the minimum `i` of `x`."""
    if i <= 0 or i >= x.shape[0] - 1:
        return samples[i, TIME]
    dt = 0.5 * (samples[i + 1, TIME] - samples[i - 1, TIME])
    return samples[i, TIME] + dt * parabola_vertex(x[i - 1], x[i], x[i + 1])


@kernel
def crossing_time(samples: Floats, x: Floats, i: int):
    """Time between samples `i` and `i + 1` where `x` is zero; that of `i` where it is the last."""
    if i >= x.shape[0] - 1:
        return samples[i, TIME]
    span = x[i] - x[i + 1]
    part = x[i] / span if span != 0.0 else 0.0
    return samples[i, TIME] + part * (samples[i + 1, TIME] - samples[i, TIME])


@kernel
def heel_strike_time(
    samples: Floats, pitch_rate: Floats, mid_stance: int, p: Record, pitch: Floats, sink: Floats
):
    """Fill pitch and sinking speed from mid-stance back to the first sample.

    In mid-stance the foot is flat and at rest. What lands first is the heel where the toes point
    up, the forefoot where they point down.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS) foot frame: s, m/s², rad/s.
    pitch_rate : Floats
        (n,) toe-up positive, rad/s, through the events' low-pass.
    mid_stance : int
        Index of mid-stance.
    p : Record
        `Parameters`.
    pitch : Floats
        (n,) toe-up positive, relative to mid-stance, rad.
    sink : Floats
        (n,) vertical velocity of the end of the sole that lands first, m/s.
    """
    q = np.array([1.0, 0.0, 0.0, 0.0])
    up = 0.0
    pitch[mid_stance] = 0.0
    sink[mid_stance] = 0.0
    _, _, lift_after = rotate(
        q, samples[mid_stance, ACC], samples[mid_stance, ACC + 1], samples[mid_stance, ACC + 2]
    )
    for i in range(mid_stance - 1, -1, -1):
        dt = samples[i + 1, TIME] - samples[i, TIME]
        rotate_by_rates(
            q,
            -0.5 * (samples[i, GYR] + samples[i + 1, GYR]),
            -0.5 * (samples[i, GYR + 1] + samples[i + 1, GYR + 1]),
            -0.5 * (samples[i, GYR + 2] + samples[i + 1, GYR + 2]),
            dt,
            q,
        )
        _, _, lift = rotate(q, samples[i, ACC], samples[i, ACC + 1], samples[i, ACC + 2])
        up -= dt * (0.5 * (lift + lift_after) - STANDARD_GRAVITY_M_S2)
        lift_after = lift
        pitch[i] = pitch_of(q)
        ahead = -p.sole_reach_m * min(1.0, max(-1.0, pitch[i] / p.sole_edge_rad))
        arm = ahead * math.cos(pitch[i]) + p.sensor_height_m * math.sin(pitch[i])
        sink[i] = up + arm * pitch_rate[i]


@kernel
def foot_slap_time(samples: Floats, trough_s: float, mid_stance: int, pitch: Floats, p: Record):
    """Contact of a heel: the instant whose distance to the trough fits the foot's pitch then.

    Solves trough − t = delay(pitch(t)), walking back from the trough.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS) foot frame: s, m/s², rad/s.
    trough_s : float
        Time of the landing trough of pitch rate, s.
    mid_stance : int
        Index of mid-stance.
    pitch : Floats
        (n,) toe-up positive, relative to mid-stance, rad.
    p : Record
        `Parameters`.

    Returns
    -------
    float
        s; NaN without a solution.
    """
    after = 0.0
    for i in range(mid_stance, -1, -1):
        t = samples[i, TIME]
        if t >= trough_s + p.slap_after_s:
            continue
        delay = p.landing_offset_s_per_rad * max(0.0, pitch[i])
        miss = trough_s - t - min(delay, p.landing_most_s)
        if miss >= 0.0:
            if miss == after or i == mid_stance:
                return t
            after_s = samples[i + 1, TIME]
            return after_s + (t - after_s) * min(1.0, max(0.0, -after / (miss - after)))
        after = miss
    return math.nan


@kernel
def forefoot_strike_time(
    samples: Floats, mid_stance: int, sink: Floats, push_off_s: float, p: Record
):
    """Contact of a flat foot or forefoot: the ground has taken a share of its sinking speed.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS) foot frame: s, m/s², rad/s.
    mid_stance : int
        Index of mid-stance.
    sink : Floats
        (n,) vertical velocity of the end of the sole that lands first, m/s.
    push_off_s : float
        Time of the push-off trough, s.
    p : Record
        `Parameters`.

    Returns
    -------
    float
        s; NaN where the foot did not sink.
    """
    i = mid_stance
    while i > 0 and sink[i] > -p.least_sink_m_s:
        i -= 1
    fastest = i
    j = i
    while j > 0 and samples[i, TIME] - samples[j, TIME] < p.sink_search_s:
        j -= 1
        if sink[j] < sink[fastest]:
            fastest = j
    if sink[fastest] > -p.least_sink_m_s:
        return math.nan
    half = p.arrested_share * sink[fastest]
    k = fastest
    while k < mid_stance and sink[k] < half:
        k += 1
    part = (half - sink[k - 1]) / (sink[k] - sink[k - 1])  # the fastest sinks more than half
    t = samples[k - 1, TIME] + part * (samples[k, TIME] - samples[k - 1, TIME])
    return t - p.arrest_share * (push_off_s - t)


@kernel
def heel_share(samples: Floats, t: float, mid_stance: int, pitch: Floats, p: Record):
    """How far the pitch at a time speaks for a heel strike.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS) foot frame: s, m/s², rad/s.
    t : float
        Time, s.
    mid_stance : int
        Index of mid-stance.
    pitch : Floats
        (n,) toe-up positive, relative to mid-stance, rad.
    p : Record
        `Parameters`.

    Returns
    -------
    float
        0 (flat or forefoot) to 1.
    """
    i = mid_stance
    while i > 0 and samples[i, TIME] > t:
        i -= 1
    share = (pitch[i] - p.flat_below_rad) / (p.heel_above_rad - p.flat_below_rad)
    return min(1.0, max(0.0, share))


@kernel
def smooth_landing_time(
    samples: Floats,
    pitch_rate: Floats,
    trough_s: float,
    push_off_s: float,
    mid_stance: int,
    p: Record,
):
    """Landing where no shock is seen: by the slap on the heel, by the arrest on the forefoot.

    Between a flat foot and a clear heel strike the two go over into each other.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS) foot frame: s, m/s², rad/s.
    pitch_rate : Floats
        (n,) toe-up positive, rad/s, through the events' low-pass.
    trough_s : float
        Time of the landing trough of pitch rate, s.
    push_off_s : float
        Time of the push-off trough, s.
    mid_stance : int
        Index of mid-stance.
    p : Record
        `Parameters`.

    Returns
    -------
    tuple[float, float]
        Time and standard deviation, s: the wider, the more the two differ.
    """
    n = samples.shape[0]
    pitch = np.zeros(n)
    sink = np.zeros(n)
    heel_strike_time(samples, pitch_rate, mid_stance, p, pitch, sink)
    slap_s = foot_slap_time(samples, trough_s, mid_stance, pitch, p)
    arrest_s = forefoot_strike_time(samples, mid_stance, sink, push_off_s, p)
    if math.isnan(slap_s):
        return (trough_s if math.isnan(arrest_s) else arrest_s), p.landing_sd_s
    heel = heel_share(samples, slap_s, mid_stance, pitch, p)
    if heel == 1.0 or math.isnan(arrest_s):
        return slap_s, p.landing_sd_s
    heel = min(heel, heel_share(samples, arrest_s, mid_stance, pitch, p))
    apart_s = (1.0 - heel) * (arrest_s - slap_s)
    sd_s = math.hypot(p.landing_sd_s, 0.5 * apart_s)
    return slap_s + apart_s, sd_s


@kernel
def _sudden_jerk(time: Floats, force: Floats, i: int, over: int):
    """Size of the change of specific force (n, 3) into sample `i`, beyond that of the samples
    just before (`over` of them), m/s³: a foot that is braked in the air changes it slowly."""
    before = max(0, i - 1 - over)
    size = 0.0
    for k in range(3):
        jerk = (force[i, k] - force[i - 1, k]) / (time[i] - time[i - 1])
        if i - 1 > before:
            jerk -= (force[i - 1, k] - force[before, k]) / (time[i - 1] - time[before])
        size += jerk * jerk
    return math.sqrt(size)


@kernel
def _hardest(jerk: Floats, since: int, stop: int):
    """The largest of `jerk` in [since, stop), 0 where there is none."""
    hardest = 0.0
    for i in range(max(since, 1), stop):
        hardest = max(hardest, jerk[i])
    return hardest


@kernel
def shock_onset(
    samples: Floats, from_s: float, to_s: float, least_jerk: float, onset_share: float, p: Record
):
    """When the shoe is first struck between two times: the start of a sharp jerk.

    A real shoe shows it at once with contact, whatever the strike; a smoothed recording does not.
    The first jerk counts, not the hardest, as a sole that slaps down after the heel can strike
    harder than that; it stands out from those of the late swing.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS) foot frame: s, m/s², rad/s.
    from_s, to_s : float
        Between which times it is looked for, s.
    least_jerk : float
        So hard the hardest must be, m/s³.
    onset_share : float
        Of the hardest: so hard is the first.
    p : Record
        `Parameters`.

    Returns
    -------
    float
        s; NaN without one.
    """
    n = samples.shape[0]
    time = samples[:, TIME]
    force = samples[:, ACC : ACC + 3]
    from_s -= EDGE_S
    to_s += EDGE_S
    per_s = (n - 1) / (time[n - 1] - time[0])
    over = max(1, round(p.shock_against_s * per_s))
    quiet = max(2, round(p.shock_quiet_s * per_s))
    rise = max(2, round(p.shock_rise_s * per_s))
    first = n
    last = 0
    jerk = np.zeros(n)
    before = 0.0
    for i in range(1, n):
        if time[i] > to_s:
            break
        if time[i] < from_s - p.shock_before_s:
            continue
        jerk[i] = _sudden_jerk(time, force, i, over)
        if time[i] < from_s - p.shock_early_s:
            before = max(before, jerk[i])
        elif time[i] >= from_s:
            first = min(first, i)
            last = i
    most = _hardest(jerk, first, last + 1)
    stands_out = max(p.shock_stands_out * before, p.shock_least_share * least_jerk)
    enough = max(onset_share * most, stands_out)
    if most < least_jerk or enough > p.shock_clear_share * most:
        return math.nan
    sudden = max(p.shock_sudden_share * onset_share * most, stands_out)
    for i in range(first, last + 1):
        begin = i
        if jerk[i] >= sudden and jerk[i] >= p.shock_contrast * _hardest(jerk, i - quiet, i):
            pass
        elif jerk[i] >= enough and (i == last or jerk[i + 1] <= jerk[i]):
            while (
                begin > first
                and i - begin < rise
                and jerk[begin - 1] >= p.shock_begins_share * jerk[i]
            ):
                begin -= 1
        else:
            continue
        # the ground was met between these two samples, sooner rather than later
        return time[begin - 1] + p.shock_within * (time[begin] - time[begin - 1])
    return math.nan


@kernel
def toe_off_time(samples: Floats, force: Floats, push_off: int, ic_s: float, p: Record):
    """Terminal contact of running: the lowest dip of vertical specific force after push-off.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS) foot frame: s, m/s², rad/s.
    force : Floats
        (n,) vertical specific force in the foot frame, m/s², smoothed.
    push_off : int
        Index of the push-off trough.
    ic_s : float
        Initial contact, s.
    p : Record
        `Parameters`.

    Returns
    -------
    float
        s; NaN where there is no dip.
    """
    n = samples.shape[0]
    stop = push_off
    while stop < n - 1 and samples[stop, TIME] < samples[push_off, TIME] + p.toe_off_search_s:
        stop += 1
    start = push_off
    while start > 0 and samples[start, TIME] > samples[push_off, TIME] - p.toe_off_back_s:
        start -= 1
    dip = lowest_local_minimum(force, start, stop)
    if dip < 0:  # a foot that goes on pushing has its trough after the dip
        while start > 0 and samples[start, TIME] > samples[push_off, TIME] - p.toe_off_early_s:
            start -= 1
        dip = lowest_local_minimum(force, start, stop)
    if dip < 0:
        return math.nan
    dip_s = time_of_minimum(samples, force, dip)
    return dip_s + p.toe_off_share * (dip_s - ic_s)


@kernel
def smoothed_signals(samples: Floats, smoothing: Floats):
    """What events are read from, through the zero-phase low-pass: columns as named above.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS) foot frame: s, m/s², rad/s.
    smoothing : Floats
        (5,) coefficients of the events' low-pass, from `filtfilt`.

    Returns
    -------
    Floats
        (n, SIGNALS) rad/s and m/s², foot frame.
    """
    n = samples.shape[0]
    signals = np.empty((n, SIGNALS))
    for i in range(n):
        signals[i, PITCH_RATE] = -samples[i, GYR + 1]
        signals[i, TURNING] = math.sqrt(
            samples[i, GYR] ** 2 + samples[i, GYR + 1] ** 2 + samples[i, GYR + 2] ** 2
        )
        for k in range(3):
            signals[i, FORCE + k] = samples[i, ACC + k]
    smooth_columns(signals, smoothing)
    return signals


@kernel
def _after(samples: Floats, start: int, seconds: float):
    """First index at least `seconds` after `start`, or the last index."""
    i = start
    while i < samples.shape[0] - 1 and samples[i, TIME] < samples[start, TIME] + seconds:
        i += 1
    return i


@kernel
def find_contact(
    samples: Floats,
    swing_end: int,
    complete: bool | np.bool_,
    p: Record,
    smoothing: Floats,
    contact: Record,
):
    """Fill `contact`; `contact.found` tells whether the samples hold one.

    Terminal contact is NaN where the foot had not left the ground.

    Parameters
    ----------
    samples : Floats
        (n, HISTORY_COLUMNS) foot frame: s, m/s², rad/s.
    swing_end : int
        Near which index the swing ends that `samples` begin in.
    complete : bool
        The samples reach into the next swing; else they stop somewhere in stance.
    p : Record
        `Parameters`.
    smoothing : Floats
        (5,) coefficients of the events' low-pass, from `filtfilt`.
    contact : Record
        CONTACT, filled; its indices are into `samples`.
    """
    contact.found = False
    n = samples.shape[0]
    smoothed = smoothed_signals(samples, smoothing)
    pitch_rate = smoothed[:, PITCH_RATE]

    down = lowest(-pitch_rate, 0, swing_end + 1)  # the top of the swing …
    enough = p.swing_ends_share * pitch_rate[down]
    while down < n - 2 and pitch_rate[down + 1] > enough:  # … and the end of its rotation
        down += 1
    up = n - 1
    while complete and up > down and pitch_rate[up] > 0.0:
        up -= 1
    if up <= down + LEAST_SAMPLES:
        return
    landing = slap_trough(
        pitch_rate,
        down + 1,
        down + 2 + int(p.landing_share * (up - down))
        if complete
        else _after(samples, down, p.longest_landing_s),
        p,
    )
    if not complete and samples[n - 1, TIME] - samples[landing, TIME] < p.least_seen_s:
        return  # what comes after tells whether this was the landing
    if complete:
        push_off = lowest(pitch_rate, landing + int(p.push_off_from_share * (up - landing)), up)
        left_ground = True
        quiet_end = landing + 1 + int(p.mid_stance_share_high * (push_off - landing))
    else:
        push_off = lowest(pitch_rate, _after(samples, landing, p.run_contact_s_low), n)
        left_ground = (
            pitch_rate[push_off] < -p.push_off_rate_rad_s
            and pitch_rate[n - 1] > p.left_ground_share * pitch_rate[push_off]
        )
        quiet_end = push_off if left_ground else _after(samples, landing, p.mid_stance_within_s)
    if push_off <= landing + LEAST_SAMPLES or quiet_end <= landing + 2:
        return
    quiet_start = landing + 1 + int(p.mid_stance_share_low * (quiet_end - landing))
    contact.mid_stance = lowest(smoothed[:, TURNING], quiet_start, quiet_end)
    contact.start = 0
    contact.landing_trough_s = time_of_minimum(samples, pitch_rate, landing)
    contact.push_off_trough_s = time_of_minimum(samples, pitch_rate, push_off)
    period_s = (samples[n - 1, TIME] - samples[0, TIME]) / (n - 1)
    down_s = samples[down, TIME]
    latest_s = max(contact.landing_trough_s + p.shock_late_s, down_s + p.longest_held_s)
    from_s = max(down_s, contact.landing_trough_s - p.longest_slap_s) - p.shock_early_s
    to_s = min(latest_s, samples[contact.mid_stance, TIME])
    shock_s = shock_onset(samples, from_s, to_s, p.shock_jerk_m_s3, p.shock_onset_share, p)
    if math.isnan(shock_s):
        contact.ic_run_s, contact.ic_run_sd_s = smooth_landing_time(
            samples,
            pitch_rate,
            contact.landing_trough_s,
            contact.push_off_trough_s,
            contact.mid_stance,
            p,
        )
    else:
        contact.ic_run_s = shock_s
        contact.ic_run_sd_s = math.hypot(p.shock_sd_s, p.shock_sd_periods * period_s)
    slap = lowest(pitch_rate, down + 1, min(up, _after(samples, down + 1, p.walk_slap_s) + 1))
    slap_s = time_of_minimum(samples, pitch_rate, slap)
    from_s = max(down_s, slap_s - p.longest_slap_s) - p.shock_early_s
    shock_s = shock_onset(
        samples, from_s, slap_s, p.walk_shock_jerk_m_s3, p.walk_shock_onset_share, p
    )
    if math.isnan(shock_s):
        contact.ic_walk_s = slap_s - p.walk_landing_offset_s
        contact.ic_walk_sd_s = p.walk_slap_sd_s
    else:
        contact.ic_walk_s = shock_s
        contact.ic_walk_sd_s = math.hypot(p.walk_landing_sd_s, p.shock_sd_periods * period_s)
    contact.tc_run_s = math.nan
    if left_ground:
        force = smoothed[:, FORCE + 2]
        contact.tc_run_s = toe_off_time(samples, force, push_off, contact.ic_run_s, p)
    contact.tc_walk_s = math.nan
    if complete:
        contact.tc_walk_s = (
            crossing_time(samples, pitch_rate, up) - p.walk_toe_off_before_crossing_s
        )
    contact.found = True
