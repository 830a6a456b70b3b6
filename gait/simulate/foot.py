"""One foot's path: rolling stances joined by swings.

World frame: x along the first heading, y to the left, z up; the foot's attitude is
Rz(yaw) · Ry(−pitch) · Rz(twist) · Rx(roll). `roll` here is the rotation about +x, eversion of a
left foot; `twist`, the same all the time, is how far the foot's long axis points out of the plane
in which the leg swings, to the left. The curves of a stance are about the foot's own axes: `pitch`
apart, which is about the axis across the plane of swing.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BSpline, PPoly, make_interp_spline

from gait.model import Activity, Side
from gait.model.arrays import Floats
from gait.simulate.motion import Sole
from gait.simulate.plan import Step
from gait.simulate.runner import Runner
from gait.simulate.shapes import (
    MIDSOLE_LOAD_M,
    VIA,
    Landing,
    Node,
    PushOff,
    bridge,
    lean_of_pitch,
    slide_rate,
    through,
)

GRID_HZ = 2000.0
CHANNELS = 6  # position x, y, z of the sensor (m); yaw, pitch, roll (rad)


@dataclass
class Stance:
    """A foot on the ground: its curves as functions of time, and where it touches."""

    runner: Runner
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

    @property
    def twist(self) -> float:
        """Of the foot's long axis against the plane of swing, to the left, rad."""
        return self.runner.twist if self.step.side is Side.LEFT else -self.runner.twist

    @property
    def heading(self) -> float:
        """Of the plane of swing, rad."""
        return self.step.yaw - self.twist

    def toe_up(self, time_s: Floats | float) -> Floats:
        """The angle of the foot's long axis to the ground, rad."""
        pitch = self.pitch(time_s)
        return np.arcsin(np.sin(pitch) * math.cos(self.twist)) if self.twist else pitch

    def roll(self, t: Floats) -> tuple[Floats, Floats]:
        """Rotation about the foot's long axis as the attitude has it, and its rate."""
        sign = 1.0 if self.step.side is Side.LEFT else -1.0
        angle, rate = sign * self.eversion(t), sign * self.eversion(t, 1)
        if not self.twist:
            return angle, rate
        pitch, pitch_rate = self.pitch(t), self.pitch(t, 1)
        k = math.sin(self.runner.twist)
        lean_rate = -k * pitch_rate / (np.cos(pitch) ** 2 + (k * np.sin(pitch)) ** 2)
        lean = lean_of_pitch(pitch, self.runner.twist)
        return angle - sign * lean, rate - sign * lean_rate


def stance_of(
    runner: Runner, step: Step, following: Step | None, start_s: float, end_s: float
) -> Stance:
    """The curves of one contact. `following` is the same foot's next contact, or None."""
    tempo = _tempo(step, following)
    landing = _landing(runner, step)
    push = _push_off(runner, following, tempo, step, landing) if following is not None else None
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
        runner, step, landing, push, start_s, end_s,
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


def _landing(runner: Runner, step: Step) -> Landing | None:
    if step.ic_s is None:
        return None
    walk = step.activity is Activity.WALK
    v = step.speed_m_s
    touchdown = 0.25 + 0.05 * v if walk else 0.30 + 0.11 * v
    touchdown *= runner.touchdown
    strike = step.strike
    if runner.twist:
        strike = math.asin(math.sin(strike) / math.cos(runner.twist))
    return Landing(
        runner, walk, v, strike, step.roll, step.excursion, touchdown, step.ready_s, step.drop
    )


def _push_off(
    runner: Runner, following: Step, tempo: float, step: Step, landing: Landing | None
) -> PushOff:
    walk = following.activity is Activity.WALK
    roll = following.roll if step.ic_s is None else step.roll
    heel_up = 0.0 if landing is None else landing.heel_up
    return PushOff(runner, walk, following.speed_m_s, tempo, roll, heel_up)


@dataclass
class Rolled:
    """A stance in the world: a spline of the six channels, and its end states."""

    curve: BSpline
    first: Floats  # (3, 6): value, rate, acceleration at contact
    last: Floats  # likewise at toe-off


def roll_on_ground(stance: Stance, sole: Sole, t: Floats) -> Rolled:
    """Roll the sole on the ground without slipping, after a short slide at contact.

    `t` (n,) are the times to compute at, from the first to the last of the stance.
    """
    pitch, pitch_rate = stance.pitch(t), stance.pitch(t, 1)
    roll, roll_rate = stance.roll(t)
    twist = stance.twist
    arm = _arm(sole, pitch, roll, twist)
    # velocity of the sensor's point for a body that turns about its lowest point
    wx = roll_rate * np.cos(pitch) * math.cos(twist)
    wy = roll_rate * math.sin(twist) - pitch_rate
    wz = roll_rate * np.sin(pitch) * math.cos(twist)
    vx = wy * arm[:, 2] - wz * arm[:, 1]
    vy = wz * arm[:, 0] - wx * arm[:, 2]
    if stance.landing is not None:
        vx = vx + slide_rate(t - stance.start_s, stance.landing, _tempo_of(stance))
    planar = _integral(t, np.stack([vx, vy], axis=1), stance.mid_s)
    height = arm[:, 2] + stance.compression(t)
    local = np.column_stack([planar, height])
    ground = _ground(stance.heading, stance.step.slope)
    world = np.asarray(stance.step.place) + local @ ground.T
    yaw = np.full_like(t, stance.heading)
    channels = np.column_stack([world, yaw, pitch + stance.step.slope, roll])
    curve = make_interp_spline(t, channels, k=5)
    first, last = (np.stack([curve(end, k) for k in range(3)]) for end in (t[0], t[-1]))
    return Rolled(curve, first, last)


def _tempo_of(stance: Stance) -> float:
    return stance.contact_s if stance.contact_s < 1.5 else 0.3


def _arm(sole: Sole, pitch: Floats, roll: Floats, twist: float) -> Floats:
    """From the lowest point of the sole to the sensor, (n, 3), along the plane of swing, to the
    left and normal to the ground."""
    sp, cp, sr, cr = np.sin(pitch), np.cos(pitch), np.sin(roll), np.cos(roll)
    st, ct = math.sin(twist), math.cos(twist)
    # of the ground, in the foot frame
    down = np.stack([-sp * ct, -cp * sr + sp * st * cr, -cp * cr - sp * st * sr], axis=1)
    x, y, z = sole.contact(down).T
    yr, zr = cr * y - sr * z, sr * y + cr * z
    x, yr = ct * x - st * yr, st * x + ct * yr
    return -np.stack([cp * x - sp * zr, yr, sp * x + cp * zr], axis=1)


def _integral(t: Floats, rate: Floats, zero_at: float) -> Floats:
    spline: BSpline = make_interp_spline(t, rate, k=3)
    path = spline.antiderivative()
    return path(t) - path(min(max(zero_at, t[0]), t[-1]))


def _ground(heading: float, slope: float) -> Floats:
    """Axes of the ground under the foot as columns: along the heading, to the left, normal."""
    cy, sy, ca, sa = np.cos(heading), np.sin(heading), np.cos(slope), np.sin(slope)
    return np.array([[cy * ca, -sy, -cy * sa], [sy * ca, cy, -sy * sa], [sa, 0.0, ca]])


def swing_between(
    before: Stance, start: Floats, after: Stance, end: Floats, sole: Sole
) -> Callable[[Floats], Floats]:
    """The swing from one stance's end state (3, 6) to the next one's first.

    Gives the channels (n, 6) as a function of times (n,) in s.
    """
    push, landing = before.push_off, after.landing
    assert push is not None
    assert landing is not None
    share = np.array([0.0, *VIA, 1.0])
    times = before.end_s + share * (after.start_s - before.end_s)
    values = np.empty((5, CHANNELS))
    values[0], values[-1] = start[0], end[0]
    sign = 1.0 if before.step.side is Side.LEFT else -1.0
    advance = np.array(push.swing_advance())[:, None]
    values[1:4, :2] = start[0, :2] + advance * (end[0, :2] - start[0, :2])
    values[1:4, 3] = start[0, 3] + share[1:4] * (end[0, 3] - start[0, 3])
    tilt = before.step.slope + share[1:4] * (after.step.slope - before.step.slope)
    pitch = np.array(push.swing_pitch(landing.strike))
    values[1:4, 4] = pitch + tilt
    held = None
    if landing.ready_s > 0.0:
        held = _held_ready(times, values[:, 4], start[1:, 4], end[1:, 4], landing)
        values[1:4, 4] = held(times[1:4])
        pitch = values[1:4, 4] - tilt
    values[1:4, 5] = sign * np.array(push.swing_roll())
    values[1:4, 2] = _swing_height(before, after, sole, pitch, values[1:4, 5])
    return _swing(bridge(times, values, start[1:], end[1:]), held)


def _swing(curve: BSpline, held: Callable[[Floats], Floats] | None) -> Callable[[Floats], Floats]:
    """The channels of `curve`, with the pitch `held` where there is one."""
    if held is None:
        return curve

    def swing(t: Floats) -> Floats:
        channels = curve(t)
        channels[:, 4] = held(t)
        return channels

    return swing


def _held_ready(
    times: Floats, pitch: Floats, start: Floats, end: Floats, landing: Landing
) -> Callable[[Floats], Floats]:
    """The pitch of a swing that ends with a foot that is held ready and lowered.

    `pitch` (5,) are its usual values at `times`, the last of them at contact; `start` and `end`
    (2,) its derivatives at the beginning and at contact.
    """
    began_s, contact_s = times[0], times[-1]
    ready = landing.held_from(contact_s - began_s)
    hurry = min(ready / VIA[2], 1.0)  # what is usual by VIA comes sooner where it must
    folded_s, raising_s = began_s + hurry * (times[1:3] - began_s)
    ready_s = began_s + ready * (contact_s - began_s)
    highest = pitch[4] + landing.drop
    # one and a half times the mean rate: then it rises all the way to the highest
    rate = 1.5 * (highest - pitch[2]) / (ready_s - raising_s)
    folded = bridge(
        np.array([began_s, folded_s, raising_s]), pitch[:3], start, np.array([rate, 0.0])
    )
    lowered = through(
        [
            (raising_s, pitch[2], rate, 0.0),
            (ready_s, highest, 0.0, landing.lowering_bend),
            (contact_s, pitch[4], end[0], end[1]),
        ]
    )

    def held(t: Floats) -> Floats:
        return np.where(t < raising_s, folded(np.minimum(t, raising_s)), lowered(t))

    return held


def _swing_height(before: Stance, after: Stance, sole: Sole, pitch: Floats, roll: Floats) -> Floats:
    """Heights (3,) of the sensor at the VIA times: as lifted, and clear of the ground."""
    push = before.push_off
    assert push is not None
    low = _arm(sole, pitch, roll, before.twist)[:, 2]
    flat = _arm(sole, np.zeros(1), np.zeros(1), 0.0)[0, 2]
    above = np.maximum(flat + np.array(push.swing_lift()), low + np.array(push.clearance()))
    z0, z1 = before.step.place[2], after.step.place[2]
    return above + z0 + np.array(push.swing_rise(after.step.rise_m)) * (z1 - z0)
