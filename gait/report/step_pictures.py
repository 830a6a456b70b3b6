"""The average running step as curves with their spread, from one contact to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.model.summary import StepCurve, Summary
from gait.report.pictures import Picture
from gait.report.series import SIDES
from gait.report.svg import Chart
from gait.text import words

AROUND = 0.06  # of the height, free above and below


@dataclass(frozen=True, slots=True)
class Drawn:
    """One curve of a picture; `name` says which in words, `ink` is the CSS variable."""

    name: str
    ink: str
    curve: StepCurve
    dashed: bool = False


def step_pictures(summary: Summary) -> list[Picture]:
    """Left against right, a picture for each curve that is known."""
    found = []
    off = summary.measures.get("both", {}).get("duty_factor_pct")
    for name in words.STEP_PICTURES:
        curves = [
            Drawn(words.SIDE[side], side, summary.curves[side][name], dashed=side == "right")
            for side in SIDES
            if name in summary.curves.get(side, {})
        ]
        if curves:
            feet = [one.ink for one in curves]
            found.append(step_picture(name, curves, off.value if off else None, feet))
    return found


def step_picture(
    name: str,
    curves: Sequence[Drawn],
    toe_off_pct: float | None,
    feet: list[str],
    *,
    key: str = "",
    more: str = "",
) -> Picture:
    """One signal over the step, with a shade of one standard deviation either way.

    toe_off_pct : where the foot leaves the ground, None where not known
    more        : a note of its own
    """
    title, axis = words.STEP_PICTURES[name]
    mean = {one.name: np.array(one.curve.mean) for one in curves}
    spread = {one.name: np.array(one.curve.spread) for one in curves}
    low = min(float(np.min(mean[n] - spread[n])) for n in mean)
    high = max(float(np.max(mean[n] + spread[n])) for n in mean)
    around = AROUND * max(high - low, 1e-6)
    chart = Chart((0.0, 100.0), (low - around, high + around), words.STEP_AXIS, axis)
    for one in curves:
        at = np.linspace(0.0, 100.0, len(one.curve.mean))
        middle, wide = mean[one.name], spread[one.name]
        chart.area(at, middle - wide, middle + wide, one.ink)
        chart.line(at, middle, one.ink, dashed=one.dashed)
    counts = ", ".join(f"{one.name} {one.curve.n}" for one in curves)
    notes = [*([more] if more else []), words.NOTE_STEP.format(strides=counts)]
    if toe_off_pct is not None:
        chart.upright(toe_off_pct)
        notes.append(words.NOTE_TOE_OFF)
    alt = words.ALT_STEP.format(curves="; ".join(_curve_words(one) for one in curves))
    key = key or f"step-{name}"
    return Picture(key, title, chart.svg(key, title, alt), notes, feet)


def _curve_words(one: Drawn) -> str:
    mean = one.curve.mean
    top, bottom = max(mean), min(mean)
    last = len(mean) - 1
    return words.ALT_CURVE.format(
        name=one.name,
        high=f"{top:.1f} {one.curve.unit}",
        high_at=round(100 * mean.index(top) / last),
        low=f"{bottom:z.1f} {one.curve.unit}",
        low_at=round(100 * mean.index(bottom) / last),
    )
