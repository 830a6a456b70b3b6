"""How a foot lands, rolls off and swings: curve shapes for running and walking.

Shares of contact and swing time, of the angle at contact and of the angle at toe-off. The sizes
follow what motion capture of shod running at 2–5 m/s and foot-worn sensors in walking show.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.model.units import RAD_PER_DEG
from gait.simulate.curves import Node

Array = NDArray[np.float64]
Shares = tuple[tuple[float, float, float], ...]  # (share of time, share of angle, slope)

VIA = (0.36, 0.66, 0.87)  # of swing time: where the swing is prescribed

_FOREFOOT_DROP: Shares = ((0.12, 0.52, -5.3), (0.28, 0.05, -0.6), (0.38, 0.0, 0.0))
_WALK_SLAP: Shares = ((0.055, 0.47, -9.5), (0.12, 0.13, -2.4), (0.24, 0.0, 0.0))
_RUN_HEEL_RISE: Shares = ((0.40, 0.0, 0.0), (0.62, 0.12, 1.3), (0.84, 0.55, 2.8), (1.0, 1.0, 2.2))
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


@dataclass(frozen=True)
class Landing:
    """How a foot comes down. Radians, seconds, metres; roll is eversion-positive."""

    walk: bool
    speed_m_s: float
    strike: float
    roll: float
    excursion: float
    touchdown_m_s: float

    @property
    def heel_first(self) -> float:
        """0 for a forefoot or midfoot, 1 for a clear rearfoot contact."""
        return min(max(self.strike / (12.0 * RAD_PER_DEG), 0.0), 1.0)

    def pitch(self, contact_s: float) -> list[Node]:
        """From contact to foot flat, from time 0."""
        if not self.walk and self.strike > 0.0:
            return self._heel_slap(contact_s)
        rate = (-2.0 if self.walk else -1.2) * self.strike / contact_s
        slap = _WALK_SLAP if self.walk else _FOREFOOT_DROP
        return [(0.0, self.strike, rate, 0.0), *_nodes(slap, contact_s, self.strike, 0.0)]

    def _heel_slap(self, contact_s: float) -> list[Node]:
        """The toes come down in a time that grows with their angle, whatever the contact time."""
        fastest = _SLAP_FIRST_S + _SLAP_S_PER_RAD * self.strike
        at_first = min(max(0.84 / fastest - _SLAP_PER_S, 0.0), 0.75 * _SLAP_PER_S)
        left = 1.0 - 0.5 * fastest * (at_first + _SLAP_PER_S)
        slow = fastest + (left - 0.1) / (0.5 * _SLAP_PER_S)
        hurry = min(1.0, 0.30 * contact_s / slow)  # foot flat must come before the heel rises
        shares = (
            (0.0, 1.0, -at_first / hurry),
            (hurry * fastest, left, -_SLAP_PER_S / hurry),
            (hurry * slow, 0.1, -1.5 / hurry),
            (min(hurry * slow + 0.04, 0.39 * contact_s), 0.0, 0.0),
        )
        return [(t, share * self.strike, slope * self.strike, 0.0) for t, share, slope in shares]

    def eversion(self, contact_s: float) -> list[Node]:
        """From contact to the most everted, from time 0."""
        shares = _WALK_EVERSION if self.walk else _RUN_EVERSION
        rise = 0.5 * self.excursion / contact_s
        return [
            (0.0, self.roll, rise, 0.0),
            *_nodes(shares, contact_s, self.excursion, self.roll),
        ]

    def compression(self, contact_s: float) -> list[Node]:
        """Height of the lowest point of the undeformed sole: midsole and heel pad give way."""
        v = self.touchdown_m_s
        rise = min(0.026 - 0.011 * self.heel_first, 0.12 * contact_s)
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
        return (0.35 if self.walk else 0.48) * min(self.speed_m_s, 5.0)


@dataclass(frozen=True)
class PushOff:
    """How a foot leaves the ground and swings. `contact_s` sets its tempo."""

    walk: bool
    speed_m_s: float
    contact_s: float
    roll: float

    @property
    def pitch_at_toe_off(self) -> float:
        v = self.speed_m_s
        degrees = 47.0 + 6.0 * v if self.walk else 42.0 + 3.5 * min(v, 6.0)
        return -degrees * RAD_PER_DEG

    def pitch(self) -> list[Node]:
        """From foot flat to toe-off, from time 0 at a contact that lasts `contact_s`."""
        shares = _WALK_HEEL_RISE if self.walk else _RUN_HEEL_RISE
        nodes = _nodes(shares, self.contact_s, self.pitch_at_toe_off, 0.0)
        t, y, v, _ = nodes[-1]
        brake = (45.0 if self.walk else 9.0) * -self.pitch_at_toe_off / self.contact_s**2
        return [*nodes[:-1], (t, y, v, brake)]

    def eversion(self, held: float) -> list[Node]:
        """From `held`, the roll in mid-stance, back to `roll`."""
        shares = _WALK_RESUPINATION if self.walk else _RUN_RESUPINATION
        return _nodes(shares, self.contact_s, self.roll - held, held)

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
        return -fold * RAD_PER_DEG, -(12.0 + 7.0 * min(v, 6.0)) * RAD_PER_DEG, late

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


def _nodes(shares: Shares, duration: float, size: float, base: float) -> list[Node]:
    return [(s * duration, base + y * size, v * size / duration, 0.0) for s, y, v in shares]


def slide_rate(since_contact_s: Array, landing: Landing, contact_s: float) -> Array:
    """Forward speed (m/s) of the contact point at times after contact."""
    left = np.clip(1.0 - since_contact_s / landing.slide_s(contact_s), 0.0, None)
    return landing.slide_m_s * left**2
