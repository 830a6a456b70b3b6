"""`python -m benchmarks.flags --loads`: are load spikes flagged earlier than by distance alone?

Years of strides are drawn, not signals, as the load comes from strides alone: runs of a runner who
at the middle of the year runs longer, faster, or both, or does nothing new. What the tissue really
bears is worked out with a force line and an exponent of wear of each runner's own, which the
product does not know; what it sees has the errors of a shoe sensor. So the figures say how far the
estimate carries where its own law holds roughly; no injury is in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from rich.console import Console
from rich.table import Table

from gait.compare.baseline import NOT_COMPARED
from gait.measures.bins import speed_bins
from gait.measures.references import norm
from gait.measures.table import empty_strides
from gait.model import Distance, Measure, PastRun
from gait.model.arrays import Records
from gait.model.strides import Activity, Strike
from gait.risk import load_evidence
from gait.risk.profile import RunnerProfile, ThisSession
from gait.risk.structure_load import Run, run_load, structure_loads

FIRST = datetime(2025, 3, 3, 7, tzinfo=UTC)
RUNS, EVERY_DAYS, BEGINS = 60, 3, 40  # runs, days apart, the first one that is different
LANDINGS = 60  # of each foot that stand for a run
MORE = 0.06  # a run becomes longer or faster by this share from run to run, once it begins
MOST = 1.6
FLAGGED = 1.10  # of the most of 30 days, true as said
DAYS_30 = 30
KINDS = ("nothing", "longer", "faster", "both")


@dataclass(frozen=True, slots=True)
class Lived:
    """Of each run: whether the true load is a spike, and who said so."""

    kind: str
    true: list[bool]
    distance: list[bool]
    by_every_view: list[bool]
    by_one_view: list[bool]


@dataclass(frozen=True, slots=True)
class _Tissue:
    """A runner's own law: force in body weights along speed, and the power that wear grows by."""

    at_rest: float
    per_m_s: float
    exponent: float

    def load(self, km: float, speed_m_s: float, strides_a_km: float) -> float:
        return km * strides_a_km * (self.at_rest + self.per_m_s * speed_m_s) ** self.exponent


def lives(count: int, seed: int) -> Iterator[Lived]:
    """`count` runners of every kind."""
    for number in range(count):
        for kind in KINDS:
            rng = np.random.default_rng([seed, number, KINDS.index(kind)])
            yield _live(kind, rng)


def _live(kind: str, rng: np.random.Generator) -> Lived:
    tissue = _Tissue(
        5.36 * rng.uniform(0.85, 1.15), 1.06 * rng.uniform(0.6, 1.4), rng.uniform(4.0, 12.0)
    )
    easy_m_s, usual_km = rng.uniform(2.75, 3.3), rng.uniform(5.0, 12.0)
    bias = 1.0 + 0.03 * rng.standard_normal()
    past: list[PastRun] = []
    true_loads: list[float] = []
    lived = Lived(kind, [], [], [], [])
    for number in range(RUNS):
        times = min(MOST, (1.0 + MORE) ** max(0, number - BEGINS + 1))
        longer = times if kind in ("longer", "both") else 1.0
        faster = times**0.5 if kind in ("faster", "both") else 1.0
        km = usual_km * longer * float(np.exp(0.12 * rng.standard_normal()))
        speed = min(4.4, easy_m_s * faster + 0.12 * rng.standard_normal())
        strides = _strides(speed * bias, rng)
        strides_a_km = 1000.0 / float(np.mean(strides["stride_length_m"])) * bias
        began = FIRST + timedelta(days=EVERY_DAYS * number)
        now = _run(number, began, km * bias, strides)
        recent = [r for r in past if (began - datetime.fromisoformat(r.started_at)).days <= DAYS_30]
        true = tissue.load(km, speed, strides_a_km)
        before = true_loads[len(true_loads) - len(recent) :]
        if before and number >= 10:
            _note(lived, now, past, recent, true > FLAGGED * max(before))
        past.append(now)
        true_loads.append(true)
    return lived


def _note(
    lived: Lived, now: PastRun, past: Sequence[PastRun], recent: Sequence[PastRun], true: bool
) -> None:
    assert now.landings is not None
    assert now.distance.metres is not None
    day = datetime.fromisoformat(now.started_at).date()
    profile = RunnerProfile(session=ThisSession(date=day, distance_km=now.distance.metres / 1e3))
    running = {"both": {"cadence_spm": Measure(value=165.0, unit="steps/min", n=100)}}
    run = Run(now.landings, now.speed_bins, running, profile, past, NOT_COMPARED)
    found = structure_loads(run, load_evidence().structures)
    (achilles,) = (one for one in found.each if one.key == "achilles")
    most = achilles.most_km or {}
    above = [achilles.easy_km[v] > FLAGGED * most[v] for v in achilles.easy_km if v in most]
    longest = max(r.distance.metres or 0.0 for r in recent)
    lived.true.append(true)
    lived.distance.append(now.distance.metres > FLAGGED * longest)
    lived.by_every_view.append(bool(above) and all(above))
    lived.by_one_view.append(any(above))


def _strides(speed_m_s: float, rng: np.random.Generator) -> Records:
    """As a sensor on each shoe gives them: contact 7 % short of a treadmill's."""
    cadence, contact = norm("cadence_spm", speed_m_s, None), norm("contact_ms", speed_m_s, None)
    assert cadence is not None
    assert contact is not None
    strides = empty_strides(2 * LANDINGS)
    n = len(strides)
    strides["side"] = np.arange(n) % 2
    strides["activity"], strides["valid"], strides["strike"] = Activity.RUN, True, Strike.REARFOOT
    stride_s = 120.0 / cadence.expected * (1.0 + 0.015 * rng.standard_normal(n))
    strides["ic_s"] = np.cumsum(0.5 * stride_s)
    strides["stride_s"], strides["cadence_spm"] = stride_s, 120.0 / stride_s
    strides["speed_m_s"] = speed_m_s * (1.0 + 0.03 * rng.standard_normal(n))
    strides["stride_length_m"] = strides["speed_m_s"] * stride_s
    strides["contact_ms"] = 0.93 * contact.expected * (1.0 + 0.02 * rng.standard_normal(n))
    return strides


def _run(number: int, began: datetime, km: float, strides: Records) -> PastRun:
    distance = Distance(metres=1000.0 * km)
    return PastRun(
        key=str(number),
        started_at=began.isoformat(),
        gear="",
        duration_s=1.0,
        distance=distance,
        speed_bins=speed_bins(strides),
        landings=run_load(strides, distance, load_evidence().structures),
    )


WAYS = {
    "distance alone": "distance",
    "load, every view": "by_every_view",
    "load, one view": "by_one_view",
}


def print_loads(console: Console, lived: Sequence[Lived]) -> None:
    """How many of the true spikes each way flags, how soon, and how often there is none."""
    runs = sum(len(one.true) for one in lived)
    console.print(f"{len(lived)} runners, {runs:,} runs; the Achilles tendon.\n")
    table = Table(title="Load spikes", title_justify="left", box=None, pad_edge=False)
    for column in ("", *(f"{kind}: found" for kind in KINDS[1:]), "first, runs", "falsely"):
        table.add_column(column, justify="left" if not column else "right")
    for name, attribute in WAYS.items():
        found = [
            _found([one for one in lived if one.kind == kind], attribute) for kind in KINDS[1:]
        ]
        first = [_first(one, attribute) for one in lived if one.kind != "nothing"]
        known = [run for run in first if run is not None]
        table.add_row(
            name,
            *found,
            f"{np.median(known):.0f} of {len(known)}" if known else "never",
            _falsely(lived, attribute),
        )
    console.print(table)
    console.print(
        "found: of the runs whose true load was a tenth above the most of 30 days. first: in which "
        "run after something began (median, and of how many runners). falsely: of all other runs."
    )


def _found(lived: Sequence[Lived], attribute: str) -> str:
    told = [said for one in lived for true, said in _pairs(one, attribute) if true]
    return f"{100.0 * np.mean(told):.0f} % of {len(told)}" if told else "–"


def _falsely(lived: Sequence[Lived], attribute: str) -> str:
    told = [said for one in lived for true, said in _pairs(one, attribute) if not true]
    return f"{100.0 * np.mean(told):.1f} % of {len(told)}"


def _first(one: Lived, attribute: str) -> int | None:
    begins = BEGINS - (RUNS - len(one.true))
    said = getattr(one, attribute)[begins:]
    return said.index(True) + 1 if True in said else None


def _pairs(one: Lived, attribute: str) -> list[tuple[bool, bool]]:
    return list(zip(one.true, getattr(one, attribute), strict=True))
