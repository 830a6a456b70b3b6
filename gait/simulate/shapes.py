"""How a foot lands, rolls off and swings: curve shapes for running and walking.

Shares of contact and swing time, of the angle at contact and of the angle at toe-off. The sizes
follow what motion capture of shod running at 2–5 m/s and foot-worn sensors in walking show.

Smooth curves through a few prescribed points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.interpolate import BSpline, PPoly, make_interp_spline

from gait.model.arrays import Floats
from gait.model.units import RAD_PER_DEG
from gait.simulate.runner import Runner

# A node of a curve: time, value, first and second derivative.
Node = tuple[float, float, float, float]


def through(nodes: Sequence[Node]) -> PPoly:
    """The piecewise quintic (C²) that has these values, rates and accelerations at its nodes."""
    t, y, v, a = np.array(nodes, dtype=np.float64).T
    h = np.diff(t)
    rise = y[1:] - y[:-1] - h * v[:-1] - 0.5 * h**2 * a[:-1]
    gain = (v[1:] - v[:-1] - h * a[:-1]) * h
    bend = (a[1:] - a[:-1]) * h**2
    c3 = (10.0 * rise - 4.0 * gain + 0.5 * bend) / h**3
    c4 = (-15.0 * rise + 7.0 * gain - bend) / h**4
    c5 = (6.0 * rise - 3.0 * gain + 0.5 * bend) / h**5
    return PPoly(np.stack([c5, c4, c3, 0.5 * a[:-1], v[:-1], y[:-1]]), t)


def bridge(times: Floats, values: Floats, start: Floats, end: Floats) -> BSpline:
    """Quintic spline (C⁴) through `values` (n, k) at `times` (n,).

    `start` and `end` (2, k) are the first and second derivatives at the two ends.
    """
    # scipy's stubs know of no derivatives of several columns
    ends: Any = ([(1, start[0]), (2, start[1])], [(1, end[0]), (2, end[1])])
    return make_interp_spline(times, values, k=5, bc_type=ends)


Shares = tuple[tuple[float, float, float], ...]  # (share of time, share of angle, slope)

VIA = (0.36, 0.66, 0.87)  # of swing time: where the swing is prescribed
_LONGEST_READY = 0.22  # of swing time

_FOREFOOT_DROP: Shares = ((0.12, 0.52, -5.3), (0.28, 0.05, -0.6), (0.38, 0.0, 0.0))
_WALK_SLAP: Shares = ((0.055, 0.47, -9.5), (0.12, 0.13, -2.4), (0.24, 0.0, 0.0))
_RUN_HEEL_RISE: Shares = ((0.40, 0.0, 0.0), (0.62, 0.12, 1.3), (0.84, 0.55, 2.8), (1.0, 1.0, 2.2))
_EVEN_HEEL_RISE: Shares = ((0.40, 0.0, 0.0), (0.62, 0.16, 1.6), (0.84, 0.62, 2.3), (1.0, 1.0, 2.1))
_WALK_HEEL_RISE: Shares = ((0.46, 0.0, 0.0), (0.78, 0.14, 1.5), (0.90, 0.43, 4.3), (1.0, 1.0, 6.8))
_RUN_EVERSION: Shares = ((0.13, 0.50, 7.0), (0.24, 0.90, 1.2), (0.42, 1.0, 0.0))
_WALK_EVERSION: Shares = ((0.06, 0.45, 8.0), (0.16, 0.88, 1.8), (0.35, 1.0, 0.0))
_RUN_RESUPINATION: Shares = ((0.55, 0.0, 0.0), (0.80, 0.35, 2.0), (1.0, 0.9, 2.0))
_WALK_RESUPINATION: Shares = ((0.55, 0.0, 0.0), (0.85, 0.3, 2.5), (1.0, 0.8, 3.0))

# On real heel strikes at 2–5 m/s the toes fall fastest 20 ms after contact at 18° and 36 ms at
# 39°, then at 20 times the angle at contact a second.
_SLAP_FIRST_S = 0.008
_SLAP_S_PER_RAD = 0.049
_SLAP_PER_S = 20.5

_ROLLS_OVER_PCT = 62.0  # of contact, at which a twisted foot begins to roll over its inner border

# A foot that was held ready is on its way down when it touches, faster at the end than on average
# (2 would be evenly faster). The ground stops one that lands flat in so short a time.
_LOWERED = 1.6
_LOWERED_BEND = 2.5
_ARREST_S = 0.016


@dataclass(frozen=True)
class Landing:
    """How a foot comes down. Radians, seconds, metres; roll is eversion-positive.

    `strike` is the angle of the foot to the ground in the plane in which the leg swings.
    """

    runner: Runner
    walk: bool
    speed_m_s: float
    strike: float
    roll: float
    excursion: float
    touchdown_m_s: float
    ready_s: float = 0.0
    drop: float = 0.0

    @property
    def heel_up(self) -> float:
        """How far the foot stays toe-down in mid-stance: never more than it lands."""
        wished = 0.0 if self.walk else self.runner.heel_up_deg * RAD_PER_DEG
        return min(wished, 0.8 * max(-self.strike, 0.0))

    @property
    def lowered_rad_s(self) -> float:
        """How fast a foot that was held ready turns down at contact; 0 where none was."""
        return _LOWERED * self.drop / self.ready_s if self.ready_s > 0.0 else 0.0

    @property
    def lowering_bend(self) -> float:
        """The pitch's acceleration where the foot that is held ready is turned up most."""
        return -_LOWERED_BEND * self.drop / self.ready_s**2

    @property
    def heel_first(self) -> float:
        """0 for a forefoot or midfoot, 1 for a clear rearfoot contact."""
        return min(max(self.strike / (12.0 * RAD_PER_DEG), 0.0), 1.0)

    def pitch(self, contact_s: float) -> list[Node]:
        """From contact to foot flat, from time 0."""
        if self.lowered_rad_s > max(2.0 * _SLAP_PER_S * self.strike, 0.0):
            return self._arrest(contact_s)
        if not self.walk and self.strike > 0.0:
            return self._heel_slap(contact_s)
        falls = self.strike + self.heel_up
        if self.walk:
            first = (0.0, self.strike, -2.0 * self.strike / contact_s, 0.0)
            return [first, *_nodes(_WALK_SLAP, contact_s * self.runner.slap, self.strike, 0.0)]
        first = (0.0, self.strike, -1.2 * falls / contact_s, 0.0)
        return [first, *_nodes(_FOREFOOT_DROP, contact_s, falls, -self.heel_up)]

    def _arrest(self, contact_s: float) -> list[Node]:
        """The ground stops a flat foot or a forefoot on its way down; then the heel sinks."""
        stop = min(_ARREST_S, 0.12 * contact_s)
        rest = 0.36 * contact_s
        there = self.strike - 0.5 * stop * self.lowered_rad_s
        on = -1.2 * (there + self.heel_up) / (rest - stop)
        return [
            (0.0, self.strike, -self.lowered_rad_s, 0.0),
            (stop, there, on, 0.0),
            (rest, -self.heel_up, 0.0, 0.0),
        ]

    def _heel_slap(self, contact_s: float) -> list[Node]:
        """The toes come down in a time that grows with their angle, whatever the contact time."""
        fastest = (_SLAP_FIRST_S + _SLAP_S_PER_RAD * self.strike) * self.runner.slap
        per_s = _SLAP_PER_S / self.runner.slap
        at_first = min(max(0.84 / fastest - per_s, 0.0), 0.75 * per_s)
        if self.ready_s > 0.0:
            at_first = self.lowered_rad_s / self.strike
        left = 1.0 - 0.5 * fastest * (at_first + per_s)
        slow = fastest + (left - 0.1) / (0.5 * per_s)
        hurry = min(1.0, 0.30 * contact_s / slow)  # foot flat must come before the heel rises
        shares = (
            (0.0, 1.0, -at_first / hurry),
            (hurry * fastest, left, -per_s / hurry),
            (hurry * slow, 0.1, -1.5 / hurry),
            (min(hurry * slow + 0.04, 0.39 * contact_s), 0.0, 0.0),
        )
        return [(t, share * self.strike, slope * self.strike, 0.0) for t, share, slope in shares]

    def eversion(self, contact_s: float) -> list[Node]:
        """From contact to the most everted, from time 0."""
        shares = _WALK_EVERSION if self.walk else _RUN_EVERSION
        paced_s = contact_s * self.runner.eversion_pace
        rise = 0.5 * self.excursion / paced_s
        return [
            (0.0, self.roll, rise, 0.0),
            *_nodes(shares, paced_s, self.excursion, self.roll),
        ]

    def compression(self, contact_s: float) -> list[Node]:
        """Height of the lowest point of the undeformed sole: midsole and heel pad give way."""
        v = self.touchdown_m_s
        rise = min((0.026 - 0.011 * self.heel_first) * self.runner.cushion, 0.12 * contact_s)
        return [
            (0.0, 0.0, -v, 0.0),
            (rise, -0.5 * v * rise, 0.0, 0.5 * v / rise),
            (min(0.085, 0.36 * contact_s), -MIDSOLE_LOAD_M, 0.0, 0.0),
        ]

    def slide_s(self, contact_s: float) -> float:
        """How long the shoe still shears and slides forward after contact."""
        return 0.12 * contact_s if self.walk else max(0.22 * contact_s, 0.045)

    @property
    def slide_m_s(self) -> float:
        """Forward speed of the contact point at contact."""
        return (0.35 if self.walk else 0.48) * min(self.speed_m_s, 5.0) * self.runner.slide

    def held_from(self, swing_s: float) -> float:
        """The share of a swing of this duration after which the foot is turned up most."""
        return 1.0 - min(self.ready_s / swing_s, _LONGEST_READY)


@dataclass(frozen=True)
class PushOff:
    """How a foot leaves the ground and swings. `contact_s` sets its tempo.

    `roll` is the eversion to which it goes back, `heel_up` how far toe-down it was before.
    """

    runner: Runner
    walk: bool
    speed_m_s: float
    contact_s: float
    roll: float
    heel_up: float = 0.0

    @property
    def pitch_at_toe_off(self) -> float:
        v = self.speed_m_s
        degrees = 47.0 + 6.0 * v if self.walk else 42.0 + 3.5 * min(v, 6.0)
        return -(degrees + self.runner.push_off_deg) * RAD_PER_DEG

    def pitch(self) -> list[Node]:
        """From foot flat to toe-off, from time 0 at a contact that lasts `contact_s`."""
        run = _between(_RUN_HEEL_RISE, _EVEN_HEEL_RISE, self.runner.push_evenness)
        shares = _later(_WALK_HEEL_RISE if self.walk else run, self.runner.heel_rise_pct)
        rises = self.pitch_at_toe_off + self.heel_up
        nodes = _nodes(shares, self.contact_s, rises, -self.heel_up)
        t, y, v, _ = nodes[-1]
        brake = (45.0 if self.walk else 9.0) * -self.pitch_at_toe_off / self.contact_s**2
        return [*nodes[:-1], (t, y, v, brake)]

    def eversion(self, held: float) -> list[Node]:
        """From `held`, the roll in mid-stance, back to `roll`, about the foot's long axis.

        A foot whose long axis lies out of the plane of the leg rises over its inner border.
        """
        shares = _WALK_RESUPINATION if self.walk else _RUN_RESUPINATION
        shares = _later(shares, _ROLLS_OVER_PCT if self.runner.twist else None)
        rises_over = lean_of_pitch(np.array(self.pitch_at_toe_off), self.runner.twist)
        back = self.roll - held + float(rises_over)
        return _nodes(shares, self.contact_s, back, held)

    def compression(self) -> list[Node]:
        """The midsole's recovery until the sole leaves the ground."""
        lift = 0.1 if self.walk else 0.15 + 0.06 * self.speed_m_s
        return [
            (0.8 * self.contact_s, -MIDSOLE_LOAD_M, 0.0, 0.0),
            (self.contact_s, 0.0, lift, 5.0 if self.walk else 12.0),
        ]

    def swing_pitch(self, strike: float) -> tuple[float, float, float]:
        """Pitch at the VIA times of the swing that ends with the angle `strike`."""
        v = self.speed_m_s
        late = 6.5 * RAD_PER_DEG + 0.35 * max(strike, -0.1)
        if self.walk:
            return (-48.0 - 6.0 * v) * RAD_PER_DEG, -20.0 * RAD_PER_DEG, 0.6 * strike
        fold = min(30.0 + 17.5 * v, 125.0)
        return (
            -fold * self.runner.fold * RAD_PER_DEG,
            -(12.0 + 7.0 * min(v, 6.0)) * RAD_PER_DEG,
            late,
        )

    def swing_lift(self) -> tuple[float, float, float]:
        """Height of the sensor above foot flat at the VIA times, metres (before clearance)."""
        v = min(self.speed_m_s, 6.0)
        if self.walk:
            return 0.0, 0.0, 0.0
        return -0.03 + 0.085 * v, -0.015 + 0.044 * v, 0.012 + 0.014 * v

    def clearance(self) -> tuple[float, float, float]:
        """Least height of the sole above the ground at the VIA times, metres."""
        if self.walk:
            return 0.010, 0.022, 0.028
        late = 0.012 + 0.004 * self.speed_m_s
        return 0.03, 0.03, late

    def swing_advance(self) -> tuple[float, float, float]:
        """Share of the way forward at the VIA times."""
        if self.walk:
            return 0.29, 0.69, 0.94
        fast = max(self.speed_m_s - 4.0, 0.0)
        return 0.24, 0.64 + 0.003 * fast, 0.912 + 0.003 * fast

    def swing_rise(self, stair_m: float) -> tuple[float, float, float]:
        """Share of the way up (or down) at the VIA times: a stair's edge is cleared first."""
        if stair_m > 0.0:
            return 0.5, 1.0, 1.05
        return (0.05, 0.4, 0.85) if stair_m < 0.0 else self.swing_advance()

    def swing_roll(self) -> tuple[float, float, float]:
        """Eversion at the VIA times: the foot hangs inverted early in the swing."""
        return self.roll - 0.14, 0.3 * self.roll, 0.8 * self.roll


MIDSOLE_LOAD_M = 0.003  # how far the sole is pressed in while the foot stands


def lean_of_pitch(pitch: Floats, twist: float) -> Floats:
    """How far a foot is rolled in by its pitch about an axis that is not across it, rad.

    `twist` is how far its long axis points out of the plane of the pitch, outwards. Toe-up, the
    foot lies on its outer border, so that is less than zero.
    """
    return -np.arctan2(np.sin(pitch) * np.sin(twist), np.cos(pitch))


def _later(shares: Shares, begins_pct: float | None) -> Shares:
    """The same rise in less time, as it begins after this share of the contact, in percent."""
    if begins_pct is None:
        return shares
    usual = shares[0][0]
    begins = begins_pct / 100.0
    shrink = (1.0 - begins) / (1.0 - usual)
    return tuple((begins + (s - usual) * shrink, y, slope / shrink) for s, y, slope in shares)


def _between(one: Shares, other: Shares, share: float) -> Shares:
    """Shapes with nodes at the same times, mixed."""
    return tuple(
        (s, y + share * (other_y - y), slope + share * (other_slope - slope))
        for (s, y, slope), (_, other_y, other_slope) in zip(one, other, strict=True)
    )


def _nodes(shares: Shares, duration: float, size: float, base: float) -> list[Node]:
    return [(s * duration, base + y * size, v * size / duration, 0.0) for s, y, v in shares]


def slide_rate(since_contact_s: Floats, landing: Landing, contact_s: float) -> Floats:
    """Forward speed (m/s) of the contact point at times after contact."""
    left = np.clip(1.0 - since_contact_s / landing.slide_s(contact_s), 0.0, None)
    return landing.slide_m_s * left**2
