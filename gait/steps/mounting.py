"""How the sensor sits on the shoe: from its own axes to the foot's, from how the foot moves.

Vertical from quiet standing; the medio-lateral axis is the one the foot turns about most while
it moves; forward from the hard braking at the end of each swing, which always points back along
the foot. Heading between foot and path is then shared evenly between the axis of rotation and
the direction the foot travels: each alone is off by up to 11° in single runners, the mean by
less than 5° on the recordings at hand.

Whether the mounting still holds: every so often, whether strides fit it while the foot moves.

Strides and samples are gone through in their order, so that blocks of any size agree.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d

from gait.model.arrays import Floats, Ints, Record, Records
from gait.model.compiled import kernel
from gait.model.samples import Samples
from gait.model.units import DEG_PER_RAD, RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.model.window import TIME
from gait.steps.parameters import Parameters
from gait.steps.stride_validation import USUAL, goes_as_usual, path_unknown, turning, window_of

# What pronation can be measured with (science 1.1): how much of all rotation goes about one axis,
# and how far that is from level. With less its quality is low, and angles are left out.
GOOD_EXPLAINED = 0.70
GOOD_TILT_DEG = 12.0


@dataclass(frozen=True, slots=True)
class Mounting:
    """frame (3, 3) turns sensor axes into foot axes; bias (3,) of the gyroscope, rad/s.

    `standing`: vertical came from quiet standing, so angles have a neutral. `explained`: share
    of rotation about the medio-lateral axis. `tilt_deg`: how far that axis was from level.
    """

    frame: Floats
    bias: Floats
    standing: bool
    explained: float
    tilt_deg: float

    @property
    def quality(self) -> str:
        good = self.explained >= GOOD_EXPLAINED and abs(self.tilt_deg) <= GOOD_TILT_DEG
        if good and self.standing:
            return "good"
        return "fair" if good else "low"


def turned_by_rad(old: Mounting, new: Mounting) -> float:
    """The angle by which a sensor turned on the shoe between the two, rad."""
    cosine = 0.5 * (float(np.trace(old.frame @ new.frame.T)) - 1.0)
    return float(np.arccos(np.clip(cosine, -1.0, 1.0)))


def identity(bias: Floats | None = None) -> Mounting:
    """For samples that are in the foot frame already."""
    return Mounting(np.eye(3), np.zeros(3) if bias is None else bias, True, 1.0, 0.0)


def still_parts(samples: Samples, rate_hz: float, p: Parameters) -> list[tuple[int, int]]:
    """Stretches [start, stop) in which the sensor does not move, at least `still_s` long."""
    window = max(2, round(p.still_window_s * rate_hz))
    count = len(samples) // window
    if count == 0:
        return []
    shape = (count, window, 3)
    gyr = samples.gyr[: count * window].reshape(shape)
    acc = samples.acc[: count * window].reshape(shape)
    size = np.linalg.norm(acc.mean(axis=1), axis=1)
    still = (
        (gyr.std(axis=1).max(axis=1) < p.still_gyr_rad_s)
        & (np.abs(gyr.mean(axis=1)).max(axis=1) < p.still_mean_rad_s)
        & (acc.std(axis=1).max(axis=1) < p.still_acc_m_s2)
        & (np.abs(size / STANDARD_GRAVITY_M_S2 - 1.0) < p.still_off_g)
        & ~samples.breaks[: count * window].reshape(count, window).any(axis=1)
    )
    edges = np.flatnonzero(np.diff(np.concatenate(([0], still.view(np.int8), [0]))))
    return [
        (int(a) * window, int(b) * window)
        for a, b in edges.reshape(-1, 2)
        if (b - a) * window >= p.still_s * rate_hz
    ]


def _start_of_latest(
    samples: Samples, still: list[tuple[int, int]], rate_hz: float, p: Parameters
) -> int:
    """Where the samples begin that tell how the sensor sits now.

    At the last quiet standing if movement enough follows it, as the sensor may have been handled
    before; but no more than the last `solve_s`.
    """
    longest = max(0, len(samples) - round(p.solve_s * rate_hz))
    if not still:
        return longest
    moving = np.linalg.norm(samples.gyr[still[-1][1] :], axis=1) > p.moving_rad_s
    enough = moving.sum() >= p.trouble_moving_s * rate_hz
    return max(longest, still[-1][0]) if enough else longest


def _stance_vertical(acc: Floats, gyr: Floats, rate_hz: float, p: Parameters) -> Floats | None:
    """Mean specific force where the moving foot turns least: roughly up, in stance."""
    over = max(1, round(p.stance_smooth_s * rate_hz))
    rate = uniform_filter1d(np.linalg.norm(gyr, axis=1), over)
    force = uniform_filter1d(acc, over, axis=0)
    size = np.linalg.norm(force, axis=1)
    least, most = p.stance_force_m_s2
    flat = rate <= np.quantile(rate, p.stance_least_turning)
    flat &= (size > least) & (size < most)
    if flat.sum() < p.stance_least_s * rate_hz:
        return None
    up = force[flat].mean(axis=0)
    return up / np.linalg.norm(up)


def _angle_deg(a: Floats, b: Floats) -> float:
    return float(np.arccos(np.clip(a @ b, -1.0, 1.0)) * DEG_PER_RAD)


def _turn_heading(frame: Floats, angle_rad: float) -> Floats:
    """The foot frame turned about its own z so that its x points `angle_rad` further left."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]) @ frame


def solve(
    samples: Samples,
    rate_hz: float,
    p: Parameters,
    path_heading: Callable[[Mounting, Samples], float | None],
    known_bias: Floats | None = None,
) -> Mounting | None:
    """The mounting, from how the foot stood and moved.

    Parameters
    ----------
    samples : Samples
        Sensor axes.
    rate_hz : float
        Samples a second.
    p : Parameters
        Those of still, stance and axis are used.
    path_heading : Callable
        Runs the step detector with a candidate: median direction of travel in its foot
        frame (rad, left positive), None if it finds no steady steps.
    known_bias : Floats | None
        (3,) of the gyroscope, rad/s, where the sensor does not stand still.

    Returns
    -------
    Mounting | None
        None where the samples do not tell.
    """
    still = still_parts(samples, rate_hz, p)
    recent = samples[_start_of_latest(samples, still, rate_hz, p) :]
    bias = np.zeros(3) if known_bias is None else known_bias
    up: Floats | None = None
    if still:
        a, b = still[-1]
        bias = samples.gyr[a:b].mean(axis=0)
        gravity = samples.acc[a:b].mean(axis=0)
        up = gravity / np.linalg.norm(gravity)
    moving = uniform_filter1d(
        np.linalg.norm(recent.gyr - bias, axis=1), max(1, round(p.axis_smooth_s * rate_hz))
    )
    active = moving > p.moving_rad_s
    if active.sum() < p.retry_moving_s * rate_hz:
        return None
    gyr = recent.gyr[active]
    acc = recent.acc[active]
    stance_up = _stance_vertical(recent.acc, recent.gyr - bias, rate_hz, p)
    standing = up is not None and (
        stance_up is None or _angle_deg(up, stance_up) <= p.most_tilt_between_verticals_deg
    )
    up = up if standing else stance_up
    if up is None:
        return None

    strength, axes = np.linalg.eigh((gyr - bias).T @ (gyr - bias))
    explained = float(strength[2] / strength.sum())
    if explained < p.least_explained:
        return None
    lateral = axes[:, 2]
    tilt = float(np.arcsin(np.clip(lateral @ up, -1.0, 1.0)) * DEG_PER_RAD)
    if standing:
        lateral = lateral - up * (lateral @ up)
        lateral /= np.linalg.norm(lateral)
    else:  # the axis is level within 5°; a foot rolled in leans more than that in stance
        up = up - lateral * (lateral @ up)
        up /= np.linalg.norm(up)
        tilt = 0.0
    forward = np.cross(lateral, up)
    along = uniform_filter1d(acc @ forward, max(1, round(p.brake_smooth_s * rate_hz)))
    along = along - along.mean()
    if (along**3).mean() > 0.0:  # braking is the sharpest thing that happens along the foot
        lateral, forward = -lateral, -forward
    frame = np.stack([forward, lateral, up])

    candidate = Mounting(frame, bias, standing, explained, tilt)
    heading = path_heading(candidate, recent)
    if heading is None or abs(heading) > p.most_axis_heading_deg * RAD_PER_DEG:
        return None
    return Mounting(_turn_heading(frame, 0.5 * heading), bias, standing, explained, tilt)


WATCH = np.dtype(
    [
        ("stretch", np.int64),  # samples from one look to the next
        ("trouble", np.int64),  # samples of movement without a stride that fits
        ("certain", np.bool_),  # the mounting was given: nothing is to be found
        ("doubtful", np.int64),  # how often a poor mounting is still to be solved again
        ("until_look", np.int64),
        ("moving", np.int64),  # kept samples in motion …
        ("due", np.int64),  # … and how many bring the next attempt
        ("fitted", np.bool_),  # a stride fits since the kept samples begin
        ("fitted_until_s", np.float64),  # mid-stance after the last stride that fits
        ("usual", USUAL),
    ]
)


def new_monitor(p: Parameters, rate_hz: float, *, certain: bool) -> Records:
    watch = np.zeros(1, dtype=WATCH)
    watch["stretch"] = max(1, round(p.watch_s * rate_hz))
    watch["trouble"] = max(1, round(p.trouble_moving_s * rate_hz))
    watch["certain"] = certain
    watch["fitted_until_s"] = -np.inf
    return watch


def begin_monitor(watch: Records) -> None:
    """A mounting has just been found: no samples are kept, nothing is usual yet."""
    watch["until_look"] = watch["stretch"]
    watch["moving"] = 0
    watch["due"] = watch["trouble"]
    watch["fitted"] = False
    forget_usual(watch)


def forget_usual(watch: Records) -> None:
    """Nothing is usual any more."""
    watch["usual"] = np.zeros(1, dtype=USUAL)


@kernel
def reject_unusual(
    watch: Records,
    strides: Records,
    windows: Floats,
    judged: Records,
    first: int,
    stop: int,
    p: Record,
):
    """Of judged strides [first, stop), those that do not go as usual do not fit either.

    Parameters
    ----------
    watch : Records
        (1,) WATCH.
    strides : Records
        (n,) CLOSED.
    windows : Floats
        (rows, COLUMNS) the strides' windows.
    judged : Records
        (n,) JUDGED; `fits` is taken away.
    first, stop : int
        Which strides.
    p : Record
        `Parameters`.
    """
    w = watch[0]
    for n in range(first, stop):
        e = strides[n]
        j = judged[n]
        if not j.fits:
            continue
        window = window_of(e, windows)
        if not path_unknown(e) and not goes_as_usual(w.usual, e, window, p):
            j.fits = False
            continue
        w.fitted = True
        w.fitted_until_s = window[e.next_mid_stance, TIME]


@kernel
def _from_last_fit(w: Record, time_s: Floats, gyr: Floats, start: int, stop: int, p: Record):
    """Where what came since the last stride that fits begins, and the swing before it."""
    w.moving = 0
    first = stop
    while first > start and time_s[first - 1] >= w.fitted_until_s - p.slip_settles_s:
        first -= 1
        if time_s[first] >= w.fitted_until_s:
            w.moving += turning(gyr, first) > p.moving_rad_s
    return first


@kernel
def update_monitor(
    watch: Records,
    time_s: Floats,
    gyr: Floats,
    start: int,
    seen: int,
    stop: int,
    strides: Records,
    closes_at: Ints,
    windows: Floats,
    judged: Records,
    first: int,
    p: Record,
):
    """Go through kept samples and the strides that close in them.

    Parameters
    ----------
    watch : Records
        (1,) WATCH.
    time_s, gyr : Floats
        (m,) and (m, 3) kept samples, sensor axes, rad/s.
    start : int
        Where the kept samples begin that are still needed.
    seen, stop : int
        Which samples to go through.
    strides : Records
        (n,) CLOSED.
    closes_at : Ints
        (n,) the kept sample each stride closes with.
    windows : Floats
        (rows, COLUMNS) the strides' windows.
    judged : Records
        (n,) JUDGED; `fits` is taken away.
    first : int
        From which stride on.
    p : Record
        `Parameters`.

    Returns
    -------
    tuple[int, int, int, bool]
        `start`, samples seen until, strides until, and whether to try anew.
    """
    w = watch[0]
    n = first
    for i in range(seen, stop):
        following = n
        while following < strides.shape[0] and closes_at[following] == i:
            following += 1
        if following > n:
            reject_unusual(watch, strides, windows, judged, n, following, p)
            n = following
        w.moving += turning(gyr, i) > p.moving_rad_s
        w.until_look -= 1
        if w.until_look > 0:
            continue
        w.until_look = w.stretch
        if w.certain:
            start = i + 1
            w.moving = 0
        elif w.fitted and not w.doubtful:
            start = _from_last_fit(w, time_s, gyr, start, i + 1, p)
            w.fitted = False
            w.due = w.trouble
        elif w.moving >= w.due:
            return start, i + 1, n, True
    return start, stop, n, False
