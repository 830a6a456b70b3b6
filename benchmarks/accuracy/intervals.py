"""Do the stated 95 % intervals of a session's measures hold the truth?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.recordings import Recording
from benchmarks.accuracy.score import Truth
from gait.model import Measure
from gait.pipeline import analyze_samples, summarise

# Measures of a session whose truth these recordings have.
MEASURED: dict[str, str] = {
    "cadence_spm": "cadence, spm",
    "contact_ms": "contact, ms",
    "speed_m_s": "speed, m/s",
    "stride_length_m": "stride, m",
    "strike_angle_deg": "strike angle, °",
    "pronation_excursion_deg": "pronation, °",
}
MUST_HOLD = 0.90  # of the recordings; 0.95 is aimed at


@dataclass(frozen=True, slots=True)
class Stated:
    """What a session says of one measure, and what is true."""

    recording: str
    name: str  # of MEASURED
    true: float
    said: Measure

    @property
    def holds(self) -> bool | None:
        """None where no interval was stated."""
        if self.said.value is None or self.said.uncertainty is None:
            return None
        return abs(self.said.value - self.true) <= self.said.uncertainty


def stated(recording: Recording, strides: NDArray[np.void]) -> list[Stated]:
    """One a measure: the session's figures from these strides, against the mean truth."""
    side = recording.info.side
    result = analyze_samples({side: (recording.samples, recording.info)})
    found = summarise(replace(result, strides=strides), source="table").measures[side]
    true = _means(recording.truth)
    return [Stated(recording.name, name, true[name], found[name]) for name in MEASURED]


def _means(truth: Truth) -> dict[str, float]:
    stride_s = np.diff(truth.ic_s)
    return {
        "cadence_spm": 120.0 / float(np.mean(stride_s)),
        "contact_ms": 1e3 * float(np.nanmean(truth.tc_s - truth.ic_s)),
        "speed_m_s": float(np.nanmean(truth.speed_m_s)),
        "stride_length_m": float(np.nanmean(truth.stride_length_m)),
        "strike_angle_deg": float(np.nanmean(truth.strike_angle_deg)),
        "pronation_excursion_deg": float(np.nanmean(truth.pronation_excursion_deg)),
    }


HEADERS = ("measure", "intervals that hold the truth", "typical half-width", "farthest off")


def cells(every: Sequence[Stated]) -> list[tuple[str, ...]]:
    """One row a measure, as text with marks."""
    rows = []
    for name, title in MEASURED.items():
        mine = [one for one in every if one.name == name and one.holds is not None]
        if not mine:
            rows.append((title, "–", "–", "–"))
            continue
        holding = sum(bool(one.holds) for one in mine)
        off = [(one.said.value or 0.0) - one.true for one in mine]
        mark = "✓" if holding >= MUST_HOLD * len(mine) else "✗"
        half = float(np.median([one.said.uncertainty or 0.0 for one in mine]))
        worst = max(off, key=abs)
        rows.append(
            (
                title,
                f"{holding} of {len(mine)} {mark}",
                f"± {half:.3g}",
                f"{worst:+.2g}".replace("-", "−"),
            )
        )
    return rows
