"""A block of motion samples of one sensor.

What a sensor computes by itself and sends instead of samples.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from gait.model.arrays import Bools, Floats

FILLED = 1
FILLED_LONG = 2


@dataclass(slots=True)
class Samples:
    """Consecutive samples, any number of them.

    time_s : (n,) float64, seconds on the clock of the input, rising
    acc    : (n, 3) float64, specific force in m/s² (at rest +g upwards)
    gyr    : (n, 3) float64, angular rate in rad/s; all NaN for a sensor without gyroscope
    breaks : (n,) bool, True where samples are missing before this one
    filled : (n,) uint8, 0 where the sensor gave this sample; FILLED where it was missing and is
        put in between its neighbours; FILLED_LONG where too many of them were for path and angles

    The axes are the sensor's own (any mounting) unless a function says "foot frame":
    x heel → toe, y to the runner's left, z up.
    """

    time_s: Floats
    acc: Floats
    gyr: Floats
    breaks: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    filled: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))

    def __post_init__(self) -> None:
        # one layout in memory: sums come out the same, and kernels are compiled for it once
        self.acc = np.ascontiguousarray(self.acc)
        self.gyr = np.ascontiguousarray(self.gyr)
        n = len(self.time_s)
        if self.acc.shape != (n, 3) or self.gyr.shape != (n, 3):
            raise ValueError(
                f"acc and gyr must be ({n}, 3), are {self.acc.shape}, {self.gyr.shape}"
            )
        if len(self.breaks) != n:
            if len(self.breaks):
                raise ValueError(f"breaks must be ({n},), is {self.breaks.shape}")
            self.breaks = np.zeros(n, dtype=np.bool_)
        if len(self.filled) != n:
            if len(self.filled):
                raise ValueError(f"filled must be ({n},), is {self.filled.shape}")
            self.filled = np.zeros(n, dtype=np.uint8)

    def __len__(self) -> int:
        return len(self.time_s)

    def __getitem__(self, part: slice) -> "Samples":
        return Samples(
            self.time_s[part],
            self.acc[part],
            self.gyr[part],
            self.breaks[part],
            self.filled[part],
        )


def joined(parts: Sequence[Samples]) -> Samples:
    """All samples of the parts, one after the other."""
    if len(parts) == 1:
        return parts[0]
    return Samples(
        np.concatenate([part.time_s for part in parts]),
        np.concatenate([part.acc for part in parts]),
        np.concatenate([part.gyr for part in parts]),
        np.concatenate([part.breaks for part in parts]),
        np.concatenate([part.filled for part in parts]),
    )


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One value of each, at one moment, as the sensor says it; None where it does not.

    `cadence_spm` counts the steps of both feet; None where the sensor tells of steps, and it is not
    known whether of both feet or of one. `doubled`: it told of those of one foot.
    """

    host_s: float
    cadence_spm: float | None
    speed_m_s: float | None = None
    stride_length_m: float | None = None
    running: bool | None = None
    doubled: bool = False

    @property
    def steps(self) -> bool:
        """Whether it tells of any steps."""
        return self.cadence_spm is None or self.cadence_spm > 0.0
