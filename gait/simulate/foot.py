"""One foot's path: rolling stances joined by swings.

World frame: x along the first heading, y to the left, z up; the foot's attitude is
Rz(yaw) · Ry(−pitch) · Rx(roll). `roll` here is the rotation about +x, eversion of a left foot.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline, PPoly, make_interp_spline

from gait.model import Activity, Side
from gait.simulate.curves import Node, bridge, through
from gait.simulate.plan import Step
from gait.simulate.shapes import MIDSOLE_LOAD_M, VIA, Landing, PushOff, slide_rate
from gait.simulate.sole import Sole

Array = NDArray[np.float64]

GRID_HZ = 2000.0
CHANNELS = 6  # position x, y, z of the sensor (m); yaw, pitch, roll (rad)


@dataclass
class Stance:
    """A foot on the ground: its curves as functions of time, and where it touches."""

    step: Step
    landing: Landing | None
    push_off: PushOff | None
    start_s: float
    end_s: float
    pitch: PPoly
    eversion: PPoly
    compression: PPoly
    flat_s: float  # foot flat begins
    rise_s: float  # the heel begins to rise

    @property
    def mid_s(self) -> float:
        """The middle of foot flat."""
        return 0.5 * (self.flat_s + self.rise_s)

    @property
    def contact_s(self) -> float:
        return self.end_s - self.start_s


def stance_of(step: Step, following: Step | None, start_s: float, end_s: float) -> Stance:
    """The curves of one contact. `following` is the same foot's next contact, or None."""
    tempo = _tempo(step, following)
    landing = _landing(step)
    push = _push_off(following, tempo, step) if following is not None else None
    held = step.roll + step.excursion if landing is not None else 0.0
    pitch: list[Node] = [(start_s, 0.0, 0.0, 0.0)]
    roll: list[Node] = [(start_s, 0.0, 0.0, 0.0)]
    press: list[Node] = [(start_s, -MIDSOLE_LOAD_M, 0.0, 0.0)]
    if landing is not None:
        pitch = _after(landing.pitch(tempo), start_s)
        roll = _after(landing.eversion(tempo), start_s)
        press = _after(landing.compression(tempo), start_s)
    flat = pitch[-1][0]
    if push is None or end_s - flat > 2.0 * tempo:
        roll.append((roll[-1][0] + 0.5, 0.0, 0.0, 0.0))  # settles to standing
        held = 0.0
    rise = end_s
    if push is not None:
        origin = end_s - tempo
        lift = _after(push.pitch(), origin)
        rise = lift[0][0]
        pitch += lift
        roll += _after(push.eversion(held), origin)
        press += _after(push.compression(), origin)
    else:
        for nodes in (pitch, roll, press):
            nodes.append((max(end_s, nodes[-1][0]) + 1.0, *nodes[-1][1:]))
    return Stance(
        step, landing, push, start_s, end_s,
        through(pitch), through(roll), through(press), flat, rise,
    )  # fmt: skip


def _after(nodes: list[Node], origin: float) -> list[Node]:
    return [(origin + t, y, v, a) for t, y, v, a in nodes]


def _tempo(step: Step, following: Step | None) -> float:
    """The contact time that sets the pace of landing and of push-off, seconds."""
    if step.ic_s is not None and step.tc_s is not None and step.tc_s - step.ic_s < 1.5:
        return step.tc_s - step.ic_s
    activity = step.activity if following is None else following.activity
    return 0.30 if activity is Activity.RUN else 0.68


def _landing(step: Step) -> Landing | None:
    if step.ic_s is None:
        return None
    walk = step.activity is Activity.WALK
    v = step.speed_m_s
    touchdown = 0.25 + 0.05 * v if walk else 0.30 + 0.11 * v
    return Landing(walk, v, step.strike, step.roll, step.excursion, touchdown)


def _push_off(following: Step, tempo: float, step: Step) -> PushOff:
    walk = following.activity is Activity.WALK
    roll = following.roll if step.ic_s is None else step.roll
    return PushOff(walk, following.speed_m_s, tempo, roll)


@dataclass
class Rolled:
    """A stance in the world: a spline of the six channels, and its end states."""

    curve: BSpline
    first: Array  # (3, 6): value, rate, acceleration at contact
    last: Array  # likewise at toe-off


def roll_on_ground(stance: Stance, sole: Sole, t: Array) -> Rolled:
    """Roll the sole on the ground without slipping, after a short slide at contact.

    `t` (n,) are the times to compute at, from the first to the last of the stance.
    """
    pitch, pitch_rate = stance.pitch(t), stance.pitch(t, 1)
    sign = 1.0 if stance.step.side is Side.LEFT else -1.0
    roll, roll_rate = sign * stance.eversion(t), sign * stance.eversion(t, 1)
    arm = _arm(sole, pitch, roll)
    # velocity of the sensor's point for a body that turns about its lowest point
    wx, wy = roll_rate * np.cos(pitch), -pitch_rate
    wz = roll_rate * np.sin(pitch)
    vx = wy * arm[:, 2] - wz * arm[:, 1]
    vy = wz * arm[:, 0] - wx * arm[:, 2]
    if stance.landing is not None:
        vx = vx + slide_rate(t - stance.start_s, stance.landing, _tempo_of(stance))
    planar = _integral(t, np.stack([vx, vy], axis=1), stance.mid_s)
    height = arm[:, 2] + stance.compression(t)
    local = np.column_stack([planar, height])
    world = np.asarray(stance.step.place) + local @ _ground(stance.step).T
    yaw = np.full_like(t, stance.step.yaw)
    channels = np.column_stack([world, yaw, pitch + stance.step.slope, roll])
    curve = make_interp_spline(t, channels, k=5)
    first, last = (np.stack([curve(end, k) for k in range(3)]) for end in (t[0], t[-1]))
    return Rolled(curve, first, last)


def _tempo_of(stance: Stance) -> float:
    return stance.contact_s if stance.contact_s < 1.5 else 0.3


def _arm(sole: Sole, pitch: Array, roll: Array) -> Array:
    """From the lowest point of the sole to the sensor, ground frame, (n, 3)."""
    sp, cp, sr, cr = np.sin(pitch), np.cos(pitch), np.sin(roll), np.cos(roll)
    down = np.stack([-sp, -cp * sr, -cp * cr], axis=1)  # of the ground, in the foot frame
    x, y, z = sole.contact(down).T
    yr, zr = cr * y - sr * z, sr * y + cr * z
    return -np.stack([cp * x - sp * zr, yr, sp * x + cp * zr], axis=1)


def _integral(t: Array, rate: Array, zero_at: float) -> Array:
    spline: BSpline = make_interp_spline(t, rate, k=3)
    path = spline.antiderivative()
    return path(t) - path(min(max(zero_at, t[0]), t[-1]))


def _ground(step: Step) -> Array:
    """Axes of the ground under the foot as columns: along the foot, to the left, normal."""
    cy, sy, ca, sa = np.cos(step.yaw), np.sin(step.yaw), np.cos(step.slope), np.sin(step.slope)
    return np.array([[cy * ca, -sy, -cy * sa], [sy * ca, cy, -sy * sa], [sa, 0.0, ca]])


def swing_between(before: Stance, start: Array, after: Stance, end: Array, sole: Sole) -> BSpline:
    """The swing from one stance's end state (3, 6) to the next one's first, as a spline in s."""
    push, landing = before.push_off, after.landing
    assert push is not None
    assert landing is not None
    duration = after.start_s - before.end_s
    share = np.array([0.0, *VIA, 1.0])
    values = np.empty((5, CHANNELS))
    values[0], values[-1] = start[0], end[0]
    sign = 1.0 if before.step.side is Side.LEFT else -1.0
    advance = np.array(push.swing_advance())[:, None]
    values[1:4, :2] = start[0, :2] + advance * (end[0, :2] - start[0, :2])
    values[1:4, 3] = start[0, 3] + share[1:4] * (end[0, 3] - start[0, 3])
    tilt = before.step.slope + share[1:4] * (after.step.slope - before.step.slope)
    pitch = np.array(push.swing_pitch(landing.strike))
    values[1:4, 4] = pitch + tilt
    values[1:4, 5] = sign * np.array(push.swing_roll())
    values[1:4, 2] = _swing_height(before, after, push, sole, pitch, values[1:4, 5])
    times = before.end_s + share * duration
    return bridge(times, values, start[1:], end[1:])


def _swing_height(
    before: Stance, after: Stance, push: PushOff, sole: Sole, pitch: Array, roll: Array
) -> Array:
    low = _arm(sole, pitch, roll)[:, 2]
    flat = _arm(sole, np.zeros(1), np.zeros(1))[0, 2]
    above = np.maximum(flat + np.array(push.swing_lift()), low + np.array(push.clearance()))
    z0, z1 = before.step.place[2], after.step.place[2]
    return above + z0 + np.array(push.swing_rise(after.step.rise_m)) * (z1 - z0)
