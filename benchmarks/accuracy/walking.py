"""Walking against swing phases that people marked by hand: real IMUs, 100 Hz, with U-turn."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.recordings import SHARED
from benchmarks.accuracy.verdict import Grade
from gait.model import Activity, Samples, SensorInfo, Side
from gait.recording import read_table

SAME_SWING_S = 0.25  # a contact within this of the end of a swing is the contact of that swing
MUST_MS = 40.0
AIM_MS = 20.0

Strides = NDArray[np.void]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Walk:
    """One foot of a walk. A swing begins when the foot leaves the floor, and ends at contact."""

    name: str
    samples: Samples
    info: SensorInfo
    swing_start_s: Array
    swing_end_s: Array


@dataclass(frozen=True, slots=True)
class WalkScore:
    """Swings found and not, and contact errors (ms, found − marked) of those found."""

    name: str
    swings: int
    missed_at_s: Array  # ends of the swings without a found contact
    invented_at_s: Array
    running: int
    landing_ms: Array
    toe_off_ms: Array

    @property
    def counts(self) -> Grade:
        wrong = len(self.missed_at_s) + len(self.invented_at_s) + self.running
        return Grade.MISS if wrong else Grade.AIM

    @property
    def timing(self) -> Grade:
        """Of the contact that is farthest off."""
        if len(self.landing_ms) == 0:
            return Grade.UNKNOWN
        worst = float(np.abs(self.landing_ms).max())
        return Grade.AIM if worst <= AIM_MS else Grade.MUST if worst <= MUST_MS else Grade.MISS

    @property
    def misses(self) -> list[str]:
        found = []
        if self.counts is Grade.MISS:
            times = ", ".join(f"{t:.1f}" for t in self.missed_at_s) or "none"
            extra = ", ".join(f"{t:.1f}" for t in self.invented_at_s) or "none"
            found.append(
                f"of {self.swings} swings missed at (s): {times}; invented at: {extra}; "
                f"{self.running} taken for running"
            )
        if self.timing is Grade.MISS:
            off = self.landing_ms[np.abs(self.landing_ms) > MUST_MS]
            found.append(
                f"contacts more than {MUST_MS:g} ms off: "
                + ", ".join(f"{ms:+.0f} ms" for ms in off).replace("-", "−")
            )
        return found


def real_walking() -> Iterator[Walk]:
    """Nothing where the shared data are not there."""
    for path in sorted((SHARED / "walking").glob("*.csv.gz")):
        name = path.name.removesuffix(".csv.gz")
        table = read_table(path, side=Side(name.rsplit("_", 1)[1]))
        marks = np.loadtxt(path.with_name(f"{name}.truth.csv"), delimiter=",", skiprows=1)
        yield Walk(name, table.samples, table.info, marks[:, 0], marks[:, 1])


def nearest(true_s: Array, found_s: Array, within_s: float) -> NDArray[np.int64]:
    """(n,) index of the found event that belongs to each true one, −1 for none; each used once.

    The closest pair is taken first.
    """
    out = np.full(len(true_s), -1)
    found_s = np.where(np.isfinite(found_s), found_s, np.inf)
    distance = np.abs(found_s[None, :] - true_s[:, None])
    while distance.size and (least := distance.min()) < within_s:
        i, j = np.argwhere(distance == least)[0]
        out[i] = j
        distance[i, :] = np.inf
        distance[:, j] = np.inf
    return out


def score_walk(walk: Walk, strides: Strides) -> WalkScore:
    """Every found stride against every marked swing, from the first to the last."""
    landed = nearest(walk.swing_end_s, strides["ic_s"], SAME_SWING_S)
    left = nearest(walk.swing_start_s, strides["tc_s"], SAME_SWING_S)
    hit, gone = landed >= 0, left >= 0
    invented = np.setdiff1d(np.arange(len(strides)), landed[hit])
    return WalkScore(
        walk.name,
        len(landed),
        walk.swing_end_s[~hit],
        strides["ic_s"][invented],
        int((strides["activity"] == Activity.RUN).sum()),
        1e3 * (strides["ic_s"][landed[hit]] - walk.swing_end_s[hit]),
        1e3 * (strides["tc_s"][left[gone]] - walk.swing_start_s[gone]),
    )
