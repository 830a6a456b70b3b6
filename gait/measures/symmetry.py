"""Left against right, and what a difference must exceed to be more than the method's own."""

import math

import numpy as np
from msgspec.structs import replace

from gait.measures.aggregate import Z95, Strides, robust_spread, sampling_error, worst
from gait.measures.session_table import Symmetry
from gait.model.summary import Measure, Reference

SPATIOTEMPORAL = Reference(
    kind="usual range",
    low=-4.0,
    high=4.0,
    text="most runners without injury",
    source="vincent2025",
)
_REFERENCES = {
    "symmetry_contact_pct": SPATIOTEMPORAL,
    "symmetry_step_time_pct": SPATIOTEMPORAL,
}


def stride_time(strides: Strides, foot: Measure | None) -> Measure | None:
    """Stride time as a session measure, s; it has no row of its own beside cadence."""
    if foot is None or foot.value is None:
        return foot
    values = strides["stride_s"][np.isfinite(strides["cadence_spm"])]
    return replace(foot, value=float(np.median(values)), spread=robust_spread(values), unit="s")


def symmetry(
    row: Symmetry, left: Measure | None, right: Measure | None, clock_sd_s: float = 0.0
) -> Measure:
    """`row` of the two feet's values; above zero: the left is larger.

    Its uncertainty holds what differs between the feet by the method and by chance of the
    strides, not what is off on both alike. An error between the shoes' clocks lengthens the
    steps of one foot and shortens those of the other.
    """
    blank = row.blank(reference=_REFERENCES.get(row.name))
    if left is None or right is None:
        return replace(blank, why_not="needs both feet")
    if left.value is None or right.value is None:
        missing = left if left.value is None else right
        return replace(blank, why_not=missing.why_not or "needs both feet")
    mean = 0.5 * (left.value + right.value)
    if row.relative and mean <= 0.0:
        return replace(blank, why_not="too small on both feet to compare")
    scale = 100.0 / mean if row.relative else 1.0
    chance = math.hypot(*(sampling_error(m.spread or 0.0, m.n) for m in (left, right))) * scale
    clock = row.clock_share * 1e3 * clock_sd_s * scale
    return replace(
        blank,
        value=(left.value - right.value) * scale,
        n=left.n + right.n,
        spread=math.hypot(left.spread or 0.0, right.spread or 0.0) * scale,
        uncertainty=math.hypot(chance, Z95 * row.method_sd, Z95 * clock),
        quality=worst([left, right]).quality,
        why_not=worst([left, right]).why_not,
    )
