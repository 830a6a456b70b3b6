"""What is true of one table, and two feet that run together.

The real recordings are of one foot at a time, so both feet of the same runner at the same speed are
put on one clock here: the right one is stretched (by less than 1 %) to the left one's stride time,
and comes half a stride after it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.recordings import Recording
from benchmarks.accuracy.score import Truth
from gait.model import Samples, Side

Times = Callable[[NDArray[np.float64]], NDArray[np.float64]]

LEAST_LEFT_S = 0.2  # of a table after a contact, for that to be a stride's end
ALTERNATE = (0.3, 0.7)  # of a foot's stride, where the other one lands


@dataclass(frozen=True, slots=True)
class Foot:
    """One table: the side it is said to be of, what is in it, and what is true.

    truth   : on the clock of the table
    in_time : the same on the clock of both feet; None where this is not the other foot at all
    """

    side: Side
    samples: Samples
    truth: Truth
    in_time: Truth | None


def foot_of(recording: Recording) -> Foot:
    """As recorded."""
    return Foot(recording.info.side, recording.samples, recording.truth, recording.truth)


def pairs(recordings: Sequence[Recording]) -> Iterator[list[Foot]]:
    """The left and the right foot of each run that has both, on one clock."""
    by_name = {(r.name.replace(r.info.side, ""), r.info.side): r for r in recordings}
    for (name, side), left in by_name.items():
        right = by_name.get((name, Side.RIGHT))
        if side is Side.LEFT and right is not None:
            yield together(foot_of(left), foot_of(right))


def together(left: Foot, right: Foot) -> list[Foot]:
    """Both feet as one recorder has them: alternating, at the same times, from begin to end."""
    later = _share_of_stride(left.truth, right.truth)
    if not all(ALTERNATE[0] < share < ALTERNATE[1] for share in (later[0], later[-1])):
        right = _half_a_stride_later(left, right)
    begin_s = max(foot.samples.time_s[0] for foot in (left, right))
    end_s = min(foot.samples.time_s[-1] for foot in (left, right))
    time_s = left.samples.time_s
    time_s = time_s[(time_s >= begin_s) & (time_s <= end_s)]
    return [replace(foot, samples=_at(foot.samples, time_s)) for foot in (left, right)]


def timed(truth: Truth, times: Times) -> Truth:
    """The same strides at other times."""
    return replace(truth, ic_s=times(truth.ic_s), tc_s=times(truth.tc_s))


def of_its_table(foot: Foot) -> Foot:
    """With the true strides that lie within the table; the last one's end is not known."""
    truth, samples = foot.truth, foot.samples
    begins = truth.ic_s[:-1] > samples.time_s[0] + LEAST_LEFT_S
    ends = truth.ic_s[1:] < samples.time_s[-1] - LEAST_LEFT_S
    kept = np.append(begins & ends, False)
    truth = Truth(
        truth.ic_s[kept],
        truth.tc_s[kept],
        truth.strike_angle_deg[kept],
        truth.pronation_excursion_deg[kept],
        truth.speed_m_s[kept],
        truth.stride_length_m[kept],
    )
    return replace(foot, truth=truth)


def _share_of_stride(one: Truth, other: Truth) -> NDArray[np.float64]:
    """(n,) where in each stride of `one` the other foot lands."""
    after = np.searchsorted(other.ic_s, one.ic_s[:-1], side="right")
    landing_s = np.append(other.ic_s, np.inf)[after]
    share = (landing_s - one.ic_s[:-1]) / np.diff(one.ic_s)
    return share[np.isfinite(share)]


def _half_a_stride_later(left: Foot, right: Foot) -> Foot:
    stride_s = [float(np.mean(np.diff(foot.truth.ic_s))) for foot in (left, right)]
    slower = stride_s[0] / stride_s[1]
    start_s = left.truth.ic_s[0] + 0.5 * stride_s[0]
    first_s = right.truth.ic_s[0]

    def times(t: NDArray[np.float64]) -> NDArray[np.float64]:
        return start_s + slower * (t - first_s)

    s, truth = right.samples, timed(right.truth, times)
    samples = Samples(times(s.time_s), s.acc.copy(), s.gyr / slower, s.breaks.copy())
    return Foot(right.side, samples, truth, truth)


def _at(samples: Samples, time_s: NDArray[np.float64]) -> Samples:
    """As measured at these times; those of its own stay as they are."""
    columns = np.hstack([samples.acc, samples.gyr])
    at = np.stack([np.interp(time_s, samples.time_s, column) for column in columns.T], axis=1)
    return Samples(time_s, at[:, :3], at[:, 3:])
