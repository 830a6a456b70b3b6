"""What speaks for a condition and against it, and what is not known, from exposures."""

from collections import defaultdict

from gait.model import Reason
from gait.risk.exposure import Exposure
from gait.risk.score import Exposures, contribution, replaced
from gait.risk.table import Condition, EvidenceTable, Row


def missing(condition: Condition, found: Exposures) -> dict[str, float]:
    """What is not known, with the evidence's weight that hangs on it, the weightiest first."""
    weights: dict[str, float] = defaultdict(float)
    for row in condition.rows:
        one = found[row.factor.key]
        if row.in_score and one.missing:
            weights[one.missing] += abs(row.w) * (1.0 if one.x is None else 1.0 - one.share)
    return dict(sorted(weights.items(), key=lambda item: -item[1]))


def reasons_for(
    condition: Condition, found: Exposures, table: EvidenceTable, *, own_only: bool
) -> list[Reason]:
    """Active rows that speak for it, the largest first; context rows last with size 0.

    own_only : without what is known of overuse in general
    """
    gone = replaced(list(condition.rows), found)
    reasons = [
        _reason(row, condition, found[row.factor.key], table)
        for row in condition.rows
        if row.direction == "up"
        and found[row.factor.key].active
        and row.factor.key not in gone
        and (row.specific or condition.overall or not own_only)
    ]
    return sorted(reasons, key=lambda reason: (not reason.in_score, -reason.size))


def reasons_against(condition: Condition, found: Exposures, table: EvidenceTable) -> list[Reason]:
    """Active protective rows, then what was tested and found null or contradictory."""
    protective = [
        _reason(row, condition, found[row.factor.key], table)
        for row in condition.rows
        if row.direction == "down" and found[row.factor.key].active
    ]
    tested = [
        _reason(row, condition, Exposure(0.0, row.factor.name), table)
        for row in condition.rows
        if row.direction in ("none", "contradictory")
    ]
    return protective + tested


def _reason(row: Row, condition: Condition, found: Exposure, table: EvidenceTable) -> Reason:
    return Reason(
        factor=row.factor.key,
        text=found.text,
        direction=row.direction,
        size=contribution(row, found, table),
        grade=row.grade,
        cites=list(row.cites),
        found=row.found,
        but=_but(row),
        read=row.read,
        in_score=row.in_score,
        general=not (row.specific or condition.overall),
        side=found.side,
    )


def _but(row: Row) -> str:
    """What limits the row, and whose the boundary is where it is not the study's own."""
    boundary = row.factor.boundary
    if boundary is None or boundary == "the study's":
        return row.but
    return f"{row.but}; the boundary is {boundary}"
