"""Medians of a span of a run beside those of the whole run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.measures.table import STRIDE_MEASURES, StrideMeasure
from gait.model.strides import Activity
from gait.report.series import LEAST_STRIDES, SIDES

Strides = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One measure. By side its median of the whole run and of the span, None where unknown."""

    row: StrideMeasure
    whole: dict[str, float | None]
    span: dict[str, float | None]


def usable(strides: Strides) -> tuple[Strides, bool]:
    """The valid running strides, or the walking ones where there is no running; and which."""
    valid = strides[strides["valid"]]
    running = valid[valid["activity"] == Activity.RUN]
    return (running, True) if len(running) else (valid, False)


def within(strides: Strides, from_s: float, to_s: float) -> Strides:
    """Those that begin in the span."""
    return strides[(strides["ic_s"] >= from_s) & (strides["ic_s"] <= to_s)]


def measured(strides: Strides) -> list[StrideMeasure]:
    """The measures these strides have, those that are shown first in front."""
    known = [row for row in STRIDE_MEASURES if np.isfinite(strides[row.name]).any()]
    return sorted(known, key=lambda row: not row.key)


def span_rows(strides: Strides, from_s: float, to_s: float) -> list[SpanRow]:
    part = within(strides, from_s, to_s)
    return [
        SpanRow(row, _medians(strides, row.name), _medians(part, row.name))
        for row in measured(strides)
    ]


def _medians(strides: Strides, name: str) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for code, side in enumerate(SIDES):
        values = strides[name][strides["side"] == code]
        values = values[np.isfinite(values)]
        found[side] = float(np.median(values)) if len(values) >= LEAST_STRIDES else None
    return found
