"""Smooth curves through a few prescribed points."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline, PPoly, make_interp_spline

Array = NDArray[np.float64]

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


def bridge(times: Array, values: Array, start: Array, end: Array) -> BSpline:
    """Quintic spline (C⁴) through `values` (n, k) at `times` (n,).

    `start` and `end` (2, k) are the first and second derivatives at the two ends.
    """
    ends = ([(1, start[0]), (2, start[1])], [(1, end[0]), (2, end[1])])
    return make_interp_spline(times, values, k=5, bc_type=ends)
