"""The strides of a run to which nothing happened, and those of a recording held against them.

How long the detector takes to settle at a gap was measured on 17,000 strides of 72 simulated runs
(easy_run, run_walk_run, midfoot) from which pieces of 0.05 to 15 s were cut. After a gap, every
stride is found whose contact is 0.17 s or more behind it, and equals the undisturbed one at once.
Before a gap, strides are found whose next contact is 0.15 s or more ahead of it; the path of a
walking stride is closed by the stance that follows, so its speed is the same only where 0.67 s or
more of it are there.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from ledger import Account
from numpy.typing import NDArray

from gait.cli.replay import slices
from gait.cli.simulate import VirtualFoot
from gait.measures.table import BY_NAME
from gait.model import Packet, Side
from gait.pipeline import Pipeline, Shoe, Strides
from gait.recording import Session
from gait.sensors import shoegait

SETTLED_S = 0.2  # after a gap
NEEDED_S = 0.7  # before one
SAME_CONTACT_S = 0.02
SURELY = 3.0  # standard deviations
LARGEST_SHIFT_S = 2.0  # of a clock that began anew
SHIFT_BIN_S = 0.002


def of_a_calm_run(foot: VirtualFoot) -> Strides:
    """On the sensor's clock."""
    shoe = Shoe(foot.info)
    shoe.packets(
        [
            Packet(0, float(foot.samples.time_s[part][-1]), shoegait.STREAM_UUID, payload)
            for part, payload in shoegait.encode(foot.samples, foot.info, 247)
        ]
    )
    shoe.finish()
    return shoe.strides


def of_a_recording(session: Session) -> dict[Side, Strides]:
    """On the clock of each sensor."""
    pipeline = Pipeline(session.sensors)
    for group in slices(session.items()):
        pipeline.feed(group)
    for shoe in pipeline.shoes:
        shoe.finish()
    return {shoe.info.side: shoe.strides for shoe in pipeline.shoes}


@dataclass(frozen=True, slots=True)
class Compared:
    """How a recording's strides of one shoe stand to those of the calm run.

    outside  : strides of the calm run that lie outside gaps
    lacking  : contacts of those of them that were not found
    invented : contacts of valid strides that the calm run does not have; one at a gap may be as far
               off as it says that it may
    largest  : the largest difference of each measure, over the strides outside gaps; as a part of
               it where it is more than 1
    """

    outside: int
    lacking: list[float]
    invented: list[float]
    largest: dict[str, float]


def compared(calm: Strides, found: Strides, foot: VirtualFoot, account: Account) -> Compared:
    time_s = foot.samples.time_s
    arrived = account.arrived
    first_s = time_s[account.first[arrived[0]]]
    last_s = time_s[account.first[arrived[-1]] + account.count[arrived[-1]] - 1]
    holes_s = np.array(
        [
            (-np.inf, first_s),
            *((time_s[start - 1], time_s[end]) for start, end in account.holes),
            (last_s, np.inf),
        ]
    )
    calm = calm[calm["valid"]]
    found = _on_the_calm_clock(found[found["valid"]], calm, foot, account)
    index = _same_contact(calm["ic_s"], found["ic_s"])
    begin, end = calm["ic_s"] - SETTLED_S, calm["ic_s"] + calm["stride_s"] + NEEDED_S
    outside = ~np.any((begin[:, None] < holes_s[:, 1]) & (end[:, None] > holes_s[:, 0]), axis=1)
    both = outside & (index >= 0)
    return Compared(
        int(outside.sum()),
        calm["ic_s"][outside & (index < 0)].tolist(),
        found["ic_s"][_same_contact(found["ic_s"], calm["ic_s"], _within_s(found)) < 0].tolist(),
        _largest_differences(calm[both], found[index[both]]),
    )


def _within_s(found: Strides) -> NDArray[np.float64]:
    """(n,) how far each contact may be from where it is in the calm run: as it says itself."""
    return np.fmax(SAME_CONTACT_S, SURELY * found["ic_sd_ms"] / 1e3)


def _same_contact(
    these_s: NDArray[np.float64],
    those_s: NDArray[np.float64],
    within_s: NDArray[np.float64] | float = SAME_CONTACT_S,
) -> NDArray[np.int64]:
    """(n,) which of `those` is the same contact as each of `these`; -1 for none."""
    if len(those_s) == 0:
        return np.full(len(these_s), -1)
    apart = np.abs(these_s[:, None] - those_s)
    return np.where(apart.min(axis=1) < within_s, apart.argmin(axis=1), -1)


def _largest_differences(calm: Strides, found: Strides) -> dict[str, float]:
    largest = {}
    for name in calm.dtype.names or ():
        if name in ("side", "valid", "why") or (name in BY_NAME and BY_NAME[name].paired):
            continue  # what needs the other shoe has a gap where that has one
        one, other = calm[name].astype(float), found[name].astype(float)
        apart = np.where(np.isnan(one) & np.isnan(other), 0.0, np.abs(one - other))
        if name not in ("ic_s", "tc_s"):
            apart /= np.fmax(1.0, np.abs(one))
        largest[name] = float(apart.max(initial=0.0))
    return largest


def _on_the_calm_clock(
    found: Strides, calm: Strides, foot: VirtualFoot, account: Account
) -> Strides:
    """A clock that began anew goes on where the host's clock says, which is not exact."""
    found = found.copy()
    last_s = [
        foot.samples.time_s[account.first[account.arrived[account.boot[account.arrived] == boot]]][
            -1
        ]
        for boot in np.unique(account.boot[account.arrived])
    ]
    for before_s, until_s in pairwise(last_s):
        later = found["ic_s"] > before_s
        shift_s = _shift(found["ic_s"][later & (found["ic_s"] < until_s)], calm["ic_s"])
        found["ic_s"][later] -= shift_s
        found["tc_s"][later] -= shift_s
    return found


def _shift(found_s: NDArray[np.float64], calm_s: NDArray[np.float64]) -> float:
    """What most contacts are later by."""
    apart = (found_s[:, None] - calm_s).ravel()
    apart = apart[np.abs(apart) < LARGEST_SHIFT_S]
    edges = np.arange(-LARGEST_SHIFT_S, LARGEST_SHIFT_S + SHIFT_BIN_S, SHIFT_BIN_S)
    count, _ = np.histogram(apart, edges)
    here = edges[int(count.argmax())] + 0.5 * SHIFT_BIN_S
    return float(np.median(apart[np.abs(apart - here) < SHIFT_BIN_S]))
