"""From exposures to a score and a level. The weights are opinion made plain, not a fitted model.

    S_group = min(cap of the group, Σ w · x · r)        r: reliability of the measure
    S       = max(0, Σ S_group)                          S_own: the same over specific rows only
    coverage = Σ |w| · known share of the row's input / Σ |w|

A level is a word, never a likelihood. Gait alone cannot reach “elevated”, and neither can
anything that needs a provisional reference to get there.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gait.model import Level
from gait.risk.evidence_table import Bound, Condition, EvidenceTable, Row
from gait.risk.exposure import Exposure

Exposures = Mapping[str, Exposure]  # by key of the factor

TINY = 1e-9  # sums of weights meet boundaries exactly


@dataclass(frozen=True, slots=True)
class Judgement:
    """A level and how it came about.

    low, high : the level by the lower and by the upper reading of the same evidence; None where
                there is no level
    groups    : Σ w · x · r of each group of reasons, before its cap
    score     : S; `own` the same over rows about the condition itself
    """

    level: Level
    low: Level | None
    high: Level | None
    groups: dict[str, float]
    score: float
    own: float
    coverage: float

    @property
    def uncertain(self) -> bool:
        """Another reading of the evidence gives another level."""
        return self.low is not None and {self.low, self.high} != {self.level}


def judge(condition: Condition, exposures: Exposures, table: EvidenceTable) -> Judgement:
    """The level of a condition from what is known. Unknown exposures add nothing."""
    scored = [row for row in condition.rows if row.in_score]
    if not scored:
        return Judgement(Level.CONTEXT, None, None, {}, 0.0, 0.0, 0.0)
    rows = _counted(scored, exposures)
    groups = _groups(rows, exposures, table, "w")
    score, own = _sums(condition, rows, exposures, table, "w")
    coverage = _coverage(scored, exposures, table)
    if coverage < table.levels.coverage - TINY:
        return Judgement(Level.NOT_ENOUGH, None, None, groups, score, own, coverage)
    level, low, high = (
        _level(condition, rows, exposures, table, bound) for bound in ("w", "w_lo", "w_hi")
    )
    return Judgement(level, low, high, groups, score, own, coverage)


def contribution(row: Row, found: Exposure, table: EvidenceTable, bound: Bound = "w") -> float:
    """w · x · r of a row, smaller where its reference is provisional; 0 where unknown."""
    if found.x is None or not row.in_score:
        return 0.0
    share = table.provisional_share if found.provisional else 1.0
    return row.weight(bound) * found.x * row.factor.reliability * share


def replaced(rows: list[Row], exposures: Exposures) -> set[str]:
    """Factors whose place an active, stronger row has taken."""
    return {
        row.factor.replaces
        for row in rows
        if row.factor.replaces and row.in_score and exposures[row.factor.key].active
    }


def _counted(rows: list[Row], exposures: Exposures) -> list[Row]:
    gone = replaced(rows, exposures)
    return [row for row in rows if row.factor.key not in gone]


def _groups(
    rows: list[Row], exposures: Exposures, table: EvidenceTable, bound: Bound
) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        found = exposures[row.factor.key]
        sums[row.factor.group] += contribution(row, found, table, bound)
    return dict(sums)


def _sum(rows: list[Row], exposures: Exposures, table: EvidenceTable, bound: Bound) -> float:
    groups = _groups(rows, exposures, table, bound)
    return max(0.0, sum(min(table.groups[key].cap, value) for key, value in groups.items()))


def _sums(
    condition: Condition,
    rows: list[Row],
    exposures: Exposures,
    table: EvidenceTable,
    bound: Bound,
) -> tuple[float, float]:
    """Score of all rows, and of those about this condition itself."""
    own = [row for row in rows if row.specific or condition.overall]
    return _sum(rows, exposures, table, bound), _sum(own, exposures, table, bound)


def _coverage(rows: list[Row], exposures: Exposures, table: EvidenceTable) -> float:
    known = 0.0
    for row in rows:
        found = exposures[row.factor.key]
        if found.x is not None:
            share = table.provisional_share if found.provisional else 1.0
            known += abs(row.w) * share * found.share
    return known / sum(abs(row.w) for row in rows)


def _level(
    condition: Condition,
    rows: list[Row],
    exposures: Exposures,
    table: EvidenceTable,
    bound: Bound,
) -> Level:
    levels = table.levels
    score, own = _sums(condition, rows, exposures, table, bound)
    general = any(exposures[r.factor.key].active and not r.specific for r in rows)
    if not condition.overall and general and own < levels.own - TINY:
        return Level.GENERAL_LOAD
    firm = [row for row in rows if not exposures[row.factor.key].provisional]
    if _elevated(condition, firm, exposures, table, bound):
        return Level.ELEVATED
    return Level.WATCH if score >= levels.watch - TINY else Level.NO_FLAG


def _elevated(
    condition: Condition,
    rows: list[Row],
    exposures: Exposures,
    table: EvidenceTable,
    bound: Bound,
) -> bool:
    score, own = _sums(condition, rows, exposures, table, bound)

    def some(test: Callable[[Row], bool]) -> bool:
        return any(
            exposures[row.factor.key].active and row.direction == "up" and test(row) for row in rows
        )

    return (
        score >= table.levels.elevated - TINY
        and own >= table.levels.elevated_specific - TINY
        and some(lambda row: row.grade in "AB" and row.factor.group in ("load", "history"))
        and some(lambda row: row.grade in "ABC" and (row.specific or condition.overall))
    )
