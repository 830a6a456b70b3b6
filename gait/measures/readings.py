"""Measures that a sensor works out by itself, where there are no strides to measure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from msgspec.structs import replace

from gait.measures.aggregate import LEAST, frequency, of_both, robust_spread
from gait.model.samples import Reading
from gait.model.sensor import SensorInfo
from gait.model.strides import Side
from gait.model.summary import Measure

NO_MOTION: Final = "the sensor sends no motion, only a cadence and a speed of its own"
NOT_SAID: Final = "the sensor told of too little running"
NOTE: Final = (
    "as the sensor {name} itself says it; it was not measured from motion, and how certain it is, "
    "the sensor does not say"
)
DOUBLED: Final = "; it counts the steps of one foot, so its cadence was doubled"
WHOSE: Final = "the sensor does not say whether it counts the steps of one foot or of both"
LONGEST_S: Final = 3.0  # a reading holds until the next, and no longer than this

Told = Mapping[Side, tuple[Sequence[Reading], SensorInfo]]
Found = dict[str, dict[str, Measure]]


def with_readings(found: Found, told: Told) -> Found:
    """`found` of a session, with the readings of `told` sensors as cadence and speed of running.

    For both feet together a foot that was measured goes before one that was told of.
    """
    if not told:
        return found
    measures = {key: dict(of_key) for key, of_key in found.items()}
    for side, (readings, info) in told.items():
        mine = {name: _blank(m, NO_MOTION) for name, m in found[side].items()}
        running = [r for r in readings if r.steps and r.running is not False]
        cadence = np.array([r.cadence_spm for r in running if r.cadence_spm is not None])
        speed = np.array([r.speed_m_s for r in running if r.speed_m_s])
        if len(cadence) >= LEAST:
            said = _said(mine["cadence_spm"], frequency(cadence), cadence, info)
            doubled = DOUBLED if any(r.doubled for r in running) else ""
            mine["cadence_spm"] = replace(said, note=f"{said.note}{doubled}")
        else:
            why_not = WHOSE if len(running) >= LEAST else NOT_SAID
            mine["cadence_spm"] = _blank(mine["cadence_spm"], why_not)
        if len(speed) >= LEAST:
            mine["speed_m_s"] = _said(mine["speed_m_s"], float(np.median(speed)), speed, info)
        measures[side] = mine
    for name in ("cadence_spm", "speed_m_s"):
        measured = [measures[s][name] for s in found if s != "both" and found[s] and s not in told]
        feet = measured or [measures[side][name] for side in told]
        both = _blank(found["both"][name], None)
        if any(m.value is not None for m in feet):
            measures["both"][name] = of_both(both, feet, of_runner=True)
    if len(told) == sum(bool(found[side]) for side in Side):
        one = measures[next(iter(told))]
        measures["both"] = {
            name: measure
            if measure.value is not None
            else _blank(measure, one[name].why_not if name in one else NO_MOTION)
            for name, measure in measures["both"].items()
        }
    return measures


def seconds_told(readings: Sequence[Reading]) -> dict[str, float]:
    """Seconds of running and walking as the readings say it."""
    totals = {"running": 0.0, "walking": 0.0}
    for reading, after in pairwise(readings):
        if reading.steps:
            name = "walking" if reading.running is False else "running"
            totals[name] += min(LONGEST_S, after.host_s - reading.host_s)
    return totals


def _blank(measure: Measure, why_not: str | None) -> Measure:
    return replace(
        measure,
        value=None,
        n=0,
        spread=None,
        uncertainty=None,
        quality="none",
        why_not=why_not,
        note=None,
    )


def _said(blank: Measure, value: float, values: np.ndarray, info: SensorInfo) -> Measure:
    return replace(
        blank,
        value=value,
        n=len(values),
        spread=robust_spread(values),
        quality="low",
        why_not="the sensor's own figure",
        note=NOTE.format(name=info.name or info.address),
    )
