"""What a virtual runner does in twelve months, and what becomes different when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Literal

import numpy as np

from benchmarks.flags.days import (
    ALIKE,
    SPEED_SD_M_S,
    SURFACES,
    TIMES,
    WITHIN_RUN,
    any_runner,
    day_by_day,
    on_a_day,
)
from gait.model import Side
from gait.simulate import Runner

Kind = Literal["nothing", "pronation", "worn shoes", "spike week", "return"]
# Who comes next, over and over: the gait changes in half of them.
ORDER: tuple[Kind, ...] = (
    *("nothing", "pronation", "return", "nothing", "pronation", "worn shoes"),
    *("nothing", "pronation", "return", "nothing", "pronation", "spike week"),
)
CHANGES_GAIT = ("pronation", "return")

FIRST = datetime(2025, 3, 3, tzinfo=UTC)
DAYS = 364.0
HALF = 182.0  # from here on something is different
BREAK_FROM = HALF - 42.0  # an injury keeps from running for six weeks
MORE_PRONATION_DEG = 4.0
GUARDED_PCT = 4.0  # shorter contact of the foot that was hurt
SPIKE = ((HALF, 1.0), (HALF + 2.0, 2.2), (HALF + 4.0, 1.0))  # day, times the usual length
SHOES_KM, WORN_FROM_KM = 600.0, 800.0
LOGGED_KM = 8.0  # each week, without a sensor, by those who wear out their shoes


@dataclass(frozen=True, slots=True)
class Training:
    """How often, in days, and how long, in seconds, a runner runs."""

    every_days: float = 10.0
    seconds: float = 100.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `runner` is how they run on that day; `speeds_m_s` hold for a third each."""

    started: datetime
    runner: Runner
    seconds: float
    speeds_m_s: Sequence[float]
    changed: bool

    @property
    def metres(self) -> float:
        return self.seconds * float(np.mean(self.speeds_m_s))


@dataclass(frozen=True, slots=True)
class Year:
    """`times` as much day to day as assumed; a day is `alike` the one before.

    side   : the foot that changes
    logged : days and kilometres of runs without a sensor
    """

    number: int
    kind: Kind
    side: Side
    times: float
    alike: float
    seed: tuple[int, int]
    runner: Runner
    rate_hz: float
    runs: list[Run]
    km_before: float = 100.0
    logged: list[tuple[date, float]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"Runner {self.number:02d}, {self.kind}"

    def worn(self, run: Run) -> bool:
        """Whether the shoes are over their distance when this run begins."""
        told = sum(km for day, km in self.logged if day < run.started.date())
        measured = sum(r.metres for r in self.runs if r.started < run.started) / 1000.0
        return self.km_before + told + measured > WORN_FROM_KM


def years(count: int, seed: int, training: Training) -> list[Year]:
    """`count` runners. Of each kind some vary little from day to day, and some much."""
    return list(islice(_every_year(seed, training), count))


def _every_year(seed: int, training: Training) -> Iterator[Year]:
    seen: dict[Kind, int] = {}
    number = 0
    while True:
        kind = ORDER[number % len(ORDER)]
        nth = seen[kind] = seen.get(kind, -1) + 1
        yield _year(number, kind, nth, seed, training)
        number += 1


def _year(number: int, kind: Kind, nth: int, seed: int, training: Training) -> Year:
    rng = np.random.default_rng([seed, number])
    year = Year(
        number=number,
        kind=kind,
        side=(Side.LEFT, Side.RIGHT)[nth % 2],
        times=TIMES[(nth + 1) % len(TIMES)],
        alike=ALIKE[nth // len(TIMES) % len(ALIKE)],
        seed=(seed, number),
        runner=any_runner(rng),
        rate_hz=float(rng.choice([200.0, 208.0, 250.0, 400.0])),
        runs=[],
    )
    year = replace(year, runs=_runs(year, training, rng))
    if kind == "worn shoes":
        weeks = [(FIRST + timedelta(weeks=w, days=1)).date() for w in range(52)]
        year = replace(year, km_before=SHOES_KM, logged=[(day, LOGGED_KM) for day in weeks])
    return year


def _runs(year: Year, training: Training, rng: np.random.Generator) -> list[Run]:
    when = _when(year.kind, training, rng)
    off = day_by_day(len(when), year.times, year.alike, rng)
    usual_m_s = rng.uniform(2.6, 3.4)
    hardness, likely = zip(*SURFACES.values(), strict=True)
    runs = []
    for (day, longer), by in zip(when, off, strict=True):
        changed = day >= HALF and year.kind in CHANGES_GAIT
        today = _changed(year) if changed else year.runner
        speed = usual_m_s + SPEED_SD_M_S * float(np.clip(rng.standard_normal(), -2.0, 2.0))
        runs.append(
            Run(
                started=FIRST + timedelta(days=day, minutes=round(rng.uniform(420.0, 1140.0))),
                runner=on_a_day(today, by, float(rng.choice(hardness, p=likely))),
                seconds=training.seconds * longer * float(rng.uniform(0.93, 1.05)),
                speeds_m_s=[speed * float(part) for part in rng.permutation(WITHIN_RUN)],
                changed=changed,
            )
        )
    return runs


def _when(kind: Kind, training: Training, rng: np.random.Generator) -> list[tuple[int, float]]:
    """Days since the first, and how many times as long as usual the run is."""
    wander = min(2.0, training.every_days / 3.0)
    days = np.arange(wander, DAYS, training.every_days)
    when = [(round(day + rng.uniform(-wander, wander)), 1.0) for day in days]
    if kind == "return":
        when = [(day, longer) for day, longer in when if not BREAK_FROM <= day < HALF]
    if kind == "spike week":
        when = [(day, longer) for day, longer in when if not HALF - 1 <= day <= HALF + 5]
        when = sorted([*when, *((round(day), longer) for day, longer in SPIKE)])
    return when


def _changed(year: Year) -> Runner:
    runner = year.runner
    if year.kind == "pronation":
        foot = f"pronation_{year.side}_deg"
        return replace(runner, **{foot: getattr(runner, foot) + MORE_PRONATION_DEG})
    longer_left = -GUARDED_PCT if year.side is Side.LEFT else GUARDED_PCT
    return replace(runner, contact_asymmetry_pct=runner.contact_asymmetry_pct + longer_left)
