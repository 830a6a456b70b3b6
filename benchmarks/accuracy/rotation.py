"""The same movement with the sensor mounted in other ways must give the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from benchmarks.accuracy.recordings import Recording, any_rotation, digitised, turned
from benchmarks.accuracy.score import SAME_CONTACT_S, WARM_UP
from benchmarks.accuracy.verdict import Grade
from gait.pipeline import analyze_samples

TURNS = 6
SEED = 7

# Column → (limit, how the difference is expressed).
LIMITS: dict[str, tuple[float, str]] = {
    "ic_s": (3.0, "ms"),
    "tc_s": (3.0, "ms"),
    "strike_angle_deg": (1.5, "°"),
    "pronation_excursion_deg": (1.5, "°"),
    "contact_ms": (1.0, "%"),
    "cadence_spm": (1.0, "%"),
    "speed_m_s": (1.0, "%"),
    "stride_length_m": (1.0, "%"),
}


@dataclass(frozen=True, slots=True)
class RotationScore:
    """Mean absolute difference over strides, of the mounting with the largest one."""

    name: str
    lost: int  # strides found without a rotation and not with one, or the other way round
    differences: dict[str, float]

    def grade(self, column: str) -> Grade:
        if column not in self.differences:
            return Grade.UNKNOWN
        return Grade.AIM if self.differences[column] <= LIMITS[column][0] else Grade.MISS

    @property
    def misses(self) -> list[str]:
        found = [f"{self.lost} strides differ"] if self.lost else []
        for column, (limit, unit) in LIMITS.items():
            if self.grade(column) is Grade.MISS:
                found.append(f"{column} {self.differences[column]:.1f} {unit} (limit {limit:g})")
        return found


def strides_of(recording: Recording) -> NDArray[np.void]:
    """All strides of one foot, found as `gait analyze` finds them."""
    return analyze_samples({recording.info.side: (recording.samples, recording.info)}).strides


def rotations(count: int = TURNS) -> Sequence[Rotation]:
    """Evenly likely in all directions, the same every time."""
    rng = np.random.default_rng(SEED)
    return [any_rotation(rng) for _ in range(count)]


def score_rotation(recording: Recording, turns: Sequence[Rotation]) -> RotationScore:
    """Worst of several mountings against none; turned samples are digitised in their new axes."""
    start_s = recording.truth.ic_s[WARM_UP] - SAME_CONTACT_S
    plain = _from(strides_of(recording), start_s)
    lost, worst = 0, dict[str, float]()
    for turn in turns:
        other = _from(strides_of(digitised(turned(recording, turn, ""))), start_s)
        near = np.abs(other["ic_s"][None, :] - plain["ic_s"][:, None]) < SAME_CONTACT_S
        lost = max(lost, int((~near.any(axis=1)).sum() + (~near.any(axis=0)).sum()))
        pairs = np.argwhere(near)
        a, b = plain[pairs[:, 0]], other[pairs[:, 1]]
        for column, (_, unit) in LIMITS.items():
            off = np.abs(b[column] - a[column])
            off = 1e3 * off if unit == "ms" else 100.0 * off / a[column] if unit == "%" else off
            if np.isfinite(off).any():
                worst[column] = max(worst.get(column, 0.0), float(np.nanmean(off)))
    return RotationScore(recording.name, lost, worst)


def _from(strides: NDArray[np.void], start_s: float) -> NDArray[np.void]:
    return strides[strides["ic_s"] > start_s]
