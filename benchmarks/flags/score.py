"""How soon what is real is flagged, and how often what is not."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.flags.product import Seen
from benchmarks.flags.year import GUARDED_PCT, MORE_PRONATION_DEG, WORN_FROM_KM, Kind, Year
from gait.compare.compared_measures import BY_MEASURE

IN_TIME = 3  # runs
ONE_IN_TWENTY = 0.05
LONGER, BREAK_DAYS = 1.10, 14  # from where on the product speaks of it
LONG_BREAK_DAYS = 35  # nobody else goes so long without a run
SPIKE_FROM = 1.5  # times the longest of the 30 days before: no ordinary run is so long
PRONATION = ("pronation_excursion_deg", "pronation_velocity_deg_s", "everted_pct")
CONFIDENCE_Z = 1.96

Lived = tuple[Year, list[Seen]]
Told = Callable[[Year, Seen], bool]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that becomes true, and what the product says then.

    of_gait : it is measured, so days that differ can hide it
    """

    kind: Kind
    name: str
    true: Told
    told: Told
    of_gait: bool = False


def _pronates_more(year: Year, seen: Seen) -> bool:
    return any(f.side == year.side and f.measure in PRONATION and f.more for f in seen.flags)


def _guards(year: Year, seen: Seen) -> bool:
    """The foot that was hurt is on the ground less long, in itself or against the other."""
    left = year.side == "left"
    return any(
        (f.measure == "symmetry_contact_pct" and f.more != left)
        or (f.measure == "contact_ms" and f.more != (f.side == year.side))
        for f in seen.flags
    )


HAPPENINGS = (
    Happening(
        "pronation",
        f"{MORE_PRONATION_DEG:.0f}° more pronation of one foot",
        lambda _, seen: seen.changed,
        _pronates_more,
        of_gait=True,
    ),
    Happening(
        "return",
        f"{GUARDED_PCT:.0f} % shorter contact of one foot, after an injury",
        lambda _, seen: seen.changed,
        _guards,
        of_gait=True,
    ),
    Happening(
        "return",
        "a run after six weeks without one",
        lambda _, seen: seen.days_since >= LONG_BREAK_DAYS,
        lambda _, seen: seen.said_break,
    ),
    Happening(
        "worn shoes",
        f"shoes over {WORN_FROM_KM:.0f} km",
        lambda _, seen: seen.worn,
        lambda _, seen: seen.said_worn,
    ),
    Happening(
        "spike week",
        "a run of twice the length",
        lambda _, seen: (seen.ratio or 0.0) > SPIKE_FROM,
        lambda _, seen: seen.said_longer,
    ),
)


@dataclass(frozen=True, slots=True)
class Delay:
    """Of one happening: in which run after it began it was flagged, None where never."""

    name: str
    runs: list[int | None]

    @property
    def in_time(self) -> int:
        return sum(run is not None and run <= IN_TIME for run in self.runs)


def delays(lives: Sequence[Lived], happening: Happening) -> Delay:
    runs = [
        _delay(year, seen, happening)
        for year, seen in lives
        if year.kind == happening.kind and any(happening.true(year, s) for s in seen)
    ]
    return Delay(happening.name, runs)


def _delay(year: Year, seen: Sequence[Seen], happening: Happening) -> int | None:
    first = next(i for i, s in enumerate(seen) if happening.true(year, s))
    flagged = (i for i, s in enumerate(seen) if i >= first and happening.told(year, s))
    return next((i - first + 1 for i in flagged), None)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of so many runs, and the 95 % interval of the share.

    Runs of one runner resemble each other, so the interval (Wilson) is that of fewer runs: by
    the variance between runners over what independent runs would have.
    """

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else math.nan


def share(each: Sequence[tuple[int, int]]) -> Share:
    """`each`: of one runner, how many of so many runs."""
    counts, runs = np.array(each, dtype=np.float64).reshape(-1, 2).T
    total, n = float(counts.sum()), float(runs.sum())
    if n == 0.0:
        return Share(0, 0, math.nan, math.nan)
    p = total / n
    effect = 1.0
    if len(runs) > 1 and 0.0 < p < 1.0:
        between = len(runs) / (len(runs) - 1) * float(((counts - p * runs) ** 2).sum())
        effect = max(1.0, between / (n * p * (1.0 - p)))
    low, high = _wilson(p, n / effect)
    return Share(round(total), round(n), low, high)


def _wilson(p: float, n: float) -> tuple[float, float]:
    z2 = CONFIDENCE_Z**2
    middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n)
    half = CONFIDENCE_Z / (1.0 + z2 / n) * math.sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def false_flags(lives: Iterable[Lived], measure: str | None = None) -> Share:
    """Runs before any change of the gait in which something counts, of those compared."""
    each = []
    for _, seen in lives:
        unchanged = [s for s in seen if s.compared and not s.changed]
        wrong = (s for s in unchanged if any(measure in (None, f.measure) for f in s.flags))
        each.append((sum(1 for _ in wrong), len(unchanged)))
    return share(each)


def by_measure(lives: Sequence[Lived]) -> dict[str, Share]:
    return {measure: false_flags(lives, measure) for measure in BY_MEASURE}


def false_sentences(lives: Sequence[Lived]) -> dict[str, Share]:
    """Runs of which the load or the shoes were said to be what they are not."""
    wrong: Counter[str] = Counter()
    total = 0
    for _, seen in lives:
        for s in seen:
            total += 1
            wrong["longer than the longest"] += s.said_longer and (s.ratio or 0.0) <= LONGER
            wrong["after a break"] += s.said_break and s.days_since < BREAK_DAYS
            wrong["worn shoes"] += s.said_worn and not s.worn
    names = ("longer than the longest", "after a break", "worn shoes")
    return {name: share([(wrong[name], total)]) for name in names}
