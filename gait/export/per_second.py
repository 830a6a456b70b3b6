"""A session second by second, as watches and training sites keep it.

Each stride holds from its contact to the next; a second takes the mean of what holds in it, of one
foot or of both. A second without a stride has no values.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.measures.readings import LONGEST_S
from gait.measures.table import STRIDE
from gait.model.arrays import Floats
from gait.model.samples import Reading
from gait.model.strides import Activity, Side, is_side

SIDES = (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True, slots=True)
class Seconds:
    """Second by second from the start of the session; all (n,), NaN where not known.

    distance_m is cumulated; it stands still where no stride has a length.
    """

    cadence_spm: Floats
    speed_m_s: Floats
    distance_m: Floats
    step_length_m: Floats
    vertical_oscillation_mm: Floats
    contact_ms: dict[Side, Floats]
    pronation_deg: dict[Side, Floats]
    impact_g: dict[Side, Floats]
    running: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.cadence_spm)

    @property
    def sport(self) -> str:
        """Walking where more of it was walked than run."""
        moving = np.isfinite(self.cadence_spm)
        ran = int((moving & self.running).sum())
        return "walking" if moving.any() and 2 * ran < moving.sum() else "running"

    @property
    def mean_contact_ms(self) -> Floats:
        return _mean(list(self.contact_ms.values()))

    @property
    def left_share_pct(self) -> Floats:
        """Share of the left foot in the contact times of both, %; 50 where they are equal."""
        left, right = self.contact_ms[Side.LEFT], self.contact_ms[Side.RIGHT]
        return 100.0 * left / (left + right)


def by_second(strides: NDArray[np.void], duration_s: float, start_s: float = 0.0) -> Seconds:
    """Seconds from `start_s` on the strides' clock, as many as begin within `duration_s`.

    strides : (n,) STRIDE of one or both feet; those that are not valid are left out
    """
    n = max(0, int(np.ceil(duration_s)))
    feet = {side: _Foot(strides, side, n, start_s) for side in SIDES}

    def of_both(name: str) -> Floats:
        return _mean([foot.values(name) for foot in feet.values()])

    speed = of_both("speed_m_s")
    return Seconds(
        cadence_spm=of_both("cadence_spm"),
        speed_m_s=speed,
        distance_m=np.cumsum(np.nan_to_num(speed * _mean_share(feet, "speed_m_s"))),
        step_length_m=of_both("step_length_m"),
        vertical_oscillation_mm=of_both("vertical_oscillation_mm"),
        contact_ms={side: foot.values("contact_ms") for side, foot in feet.items()},
        pronation_deg={side: foot.values("pronation_excursion_deg") for side, foot in feet.items()},
        impact_g={side: foot.values("impact_g") for side, foot in feet.items()},
        running=np.nan_to_num(_mean([foot.running for foot in feet.values()])) >= 0.5,
    )


def told_as_strides(readings: Sequence[Reading], side: Side) -> NDArray[np.void]:
    """What a sensor without motion told, as strides for `by_second`; each holds to the next.

    Returns (n,) STRIDE with cadence and speed, and NaN for everything else.
    """
    strides = np.zeros(len(readings), dtype=STRIDE)
    for name in STRIDE.names or ():
        if strides[name].dtype.kind == "f":
            strides[name] = np.nan
    if not readings:
        return strides
    at = np.array([r.host_s for r in readings])
    strides["ic_s"] = at
    strides["stride_s"] = np.minimum(LONGEST_S, np.diff(at, append=at[-1] + 1.0))
    strides["side"] = side is Side.RIGHT
    strides["valid"] = [r.steps for r in readings]
    walks = [r.running is False for r in readings]
    strides["activity"] = np.where(walks, Activity.WALK, Activity.RUN)
    strides["cadence_spm"] = [np.nan if r.cadence_spm is None else r.cadence_spm for r in readings]
    strides["speed_m_s"] = [np.nan if r.speed_m_s is None else r.speed_m_s for r in readings]
    return strides


class _Foot:
    """How much of each second each stride of one foot holds."""

    def __init__(self, strides: NDArray[np.void], side: Side, n: int, start_s: float) -> None:
        mine = strides[is_side(strides, side) & strides["valid"]]
        self._strides = mine
        self._n = n
        begin = mine["ic_s"] - start_s
        end = begin + np.nan_to_num(mine["stride_s"])
        first = np.floor(begin).astype(np.int64)
        parts = np.maximum(1, np.ceil(end).astype(np.int64) - first)
        self._of = np.repeat(np.arange(len(mine)), parts)
        offsets = np.arange(len(self._of)) - np.repeat(np.cumsum(parts) - parts, parts)
        second = first[self._of] + offsets
        held = np.minimum(end[self._of], second + 1.0) - np.maximum(begin[self._of], second)
        inside = (second >= 0) & (second < n) & (held > 0.0)
        self._of, self._second, self._held = self._of[inside], second[inside], held[inside]

    def values(self, name: str) -> Floats:
        return self._mean(self._strides[name].astype(np.float64))

    @property
    def running(self) -> Floats:
        return self._mean((self._strides["activity"] == Activity.RUN).astype(np.float64))

    def share(self, name: str) -> Floats:
        """How much of each second is held by strides that have the value, 0 to 1."""
        known = np.isfinite(self._strides[name])[self._of]
        held = np.bincount(self._second[known], self._held[known], self._n)
        return np.minimum(1.0, held)

    def _mean(self, values: Floats) -> Floats:
        value = values[self._of]
        known = np.isfinite(value)
        second, held = self._second[known], self._held[known]
        total = np.bincount(second, held * value[known], self._n)
        weight = np.bincount(second, held, self._n)
        return np.divide(total, weight, out=np.full(self._n, np.nan), where=weight > 0.0)


def _mean_share(feet: dict[Side, _Foot], name: str) -> Floats:
    """Of the foot that knows more of the second."""
    return np.max([foot.share(name) for foot in feet.values()], axis=0)


def _mean(parts: list[Floats]) -> Floats:
    """Mean over those that are known."""
    stacked = np.array(parts)
    known = np.isfinite(stacked)
    total = np.where(known, stacked, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
