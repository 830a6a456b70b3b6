"""The shoe's sole as a smooth convex body that rolls on the ground.

An ellipsoid, long, narrow and very flat, with a rounded rim (its Minkowski sum with a sphere):
flat under the midfoot, a bevel at the heel, a rocker at the toes. A convex body's lowest point
in any attitude is the gradient of its support function, so contact needs no search.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sole:
    """Sizes in metres, in the foot frame whose origin is the sensor on top of the midfoot.

    `centre` is the middle of the ellipsoid, `half` its half axes, `rim` the sphere's radius.
    """

    centre: tuple[float, float, float]
    half: tuple[float, float, float]
    rim: float

    def contact(self, down: Array) -> Array:
        """Lowest point (n, 3) of the sole in the foot frame; `down` (n, 3) are unit vectors."""
        half2 = np.square(self.half)
        stretch = np.sqrt(np.sum(half2 * down**2, axis=-1, keepdims=True))
        return np.asarray(self.centre) + half2 * down / stretch + self.rim * down


def sole_of(height_m: float) -> Sole:
    """The sole that fits a runner of this height (shoe length about 0.163 of it)."""
    shoe = 0.152 * height_m + 0.02
    rim = 0.15 * shoe
    thickness = 0.02 * shoe
    sensor_height = 0.28 * shoe
    return Sole(
        centre=(-0.02 * shoe, 0.0, -(sensor_height - rim - thickness)),
        half=(0.36 * shoe, 0.09 * shoe, thickness),
        rim=rim,
    )
