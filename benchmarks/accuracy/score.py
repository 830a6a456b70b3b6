"""Found strides against true ones, as numbers and as requirements."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gait.model import Activity

SAME_CONTACT_S = 0.1  # a found contact within this of a true one is that one
WARM_UP = 3  # true strides at the start that are not scored

Strides = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one recording of one foot; arrays (n,), NaN where not known.

    `speed_m_s` is of the whole recording where it is a single number.
    """

    ic_s: NDArray[np.float64]
    tc_s: NDArray[np.float64]
    strike_angle_deg: NDArray[np.float64]
    pronation_excursion_deg: NDArray[np.float64]
    speed_m_s: NDArray[np.float64]
    stride_length_m: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Score:
    """Errors (found − true) of one recording: mean and standard deviation over strides."""

    name: str
    strides: int
    missed: int
    invented: int
    not_running: int
    errors: dict[str, tuple[float, float]] = field(default_factory=dict)
    pairs: dict[str, NDArray[np.float64]] = field(default_factory=dict)  # (n, 2): true, found
    measured: dict[str, float] = field(default_factory=dict)  # share of the known that has a value


# What each error must stay within and what it aims at; mean in absolute value, then spread.
MUST: dict[str, tuple[float, float | None]] = {
    "ic_ms": (10.0, 10.0),
    "tc_ms": (10.0, 10.0),
    "contact_ms": (15.0, None),
    "cadence_spm": (0.5, None),
    "speed_pct": (5.0, None),
    "stride_length_pct": (5.0, None),
    "strike_angle_deg": (5.0, None),
    "pronation_excursion_deg": (4.0, None),
}
AIM: dict[str, tuple[float, float | None]] = {
    "ic_ms": (5.0, 4.0),
    "tc_ms": (5.0, 4.0),
    "contact_ms": (8.0, None),
    "cadence_spm": (0.2, None),
    "speed_pct": (2.0, None),
    "stride_length_pct": (2.0, None),
    "strike_angle_deg": (3.0, None),
    "pronation_excursion_deg": (2.0, None),
}
SPRINT_M_S = 7.0
SPRINT_MS = 20.0  # for events, where the sprint is faster than this


def limits(name: str, score_speed: float) -> tuple[float, float | None]:
    """What must be held at this speed (m/s)."""
    if name in ("ic_ms", "tc_ms") and score_speed > SPRINT_M_S:
        return SPRINT_MS, SPRINT_MS
    return MUST[name]


def _match(true_s: NDArray[np.float64], found_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n,) index of the found contact of each true one, −1 where there is none."""
    if len(found_s) == 0:
        return np.full(len(true_s), -1)
    nearest = np.abs(found_s[None, :] - true_s[:, None]).argmin(axis=1)
    return np.where(np.abs(found_s[nearest] - true_s) < SAME_CONTACT_S, nearest, -1)


def score(name: str, found: Strides, truth: Truth) -> Score:
    """Compare one foot's strides (dtype STRIDE) with the truth, after the first `WARM_UP`."""
    start_s = truth.ic_s[WARM_UP] - SAME_CONTACT_S
    true_ic = truth.ic_s[WARM_UP:]
    index = _match(true_ic, found["ic_s"])
    hit = index >= 0
    scored = found[(found["ic_s"] > start_s) & (found["ic_s"] < true_ic[-1] + SAME_CONTACT_S)]
    invented = int((_match(scored["ic_s"], true_ic) < 0).sum())
    mine = found[index[hit]]
    pairs: dict[str, NDArray[np.float64]] = {}
    measured: dict[str, float] = {}

    def compare(key: str, true: NDArray[np.float64], got: NDArray[np.float64]) -> None:
        known = np.isfinite(true) & np.isfinite(got)
        if np.isfinite(true).any():
            measured[key] = float(known.sum() / np.isfinite(true).sum())
        if known.any():
            pairs[key] = np.stack([true[known], got[known]], axis=1)

    def of(array: NDArray[np.float64]) -> NDArray[np.float64]:
        return array[WARM_UP:][hit]

    compare("ic_ms", 1e3 * true_ic[hit], 1e3 * mine["ic_s"])
    compare("tc_ms", 1e3 * of(truth.tc_s), 1e3 * mine["tc_s"])
    compare("contact_ms", 1e3 * (of(truth.tc_s) - true_ic[hit]), mine["contact_ms"])
    stride_s = np.append(np.diff(truth.ic_s), np.nan)
    compare("cadence_spm", 120.0 / of(stride_s), mine["cadence_spm"])
    for key in ("strike_angle_deg", "pronation_excursion_deg"):
        compare(key, of(getattr(truth, key)), mine[key])
    for key, column in (("speed_pct", "speed_m_s"), ("stride_length_pct", "stride_length_m")):
        compare(key, of(getattr(truth, column)), mine[column])
    errors = {key: _error(key, pair) for key, pair in pairs.items()}
    return Score(
        name,
        len(true_ic),
        int((~hit).sum()),
        invented,
        int((mine["activity"] != Activity.RUN).sum()),
        errors,
        pairs,
        measured,
    )


def _error(key: str, pair: NDArray[np.float64]) -> tuple[float, float]:
    off = pair[:, 1] - pair[:, 0]
    if key.endswith("_pct"):
        off = 100.0 * off / pair[:, 0]
    if key == "cadence_spm":  # of all strides together, as a session's is
        true, found = len(pair) / np.sum(1.0 / pair, axis=0)
        return float(found - true), float(off.std())
    return float(off.mean()), float(off.std())
