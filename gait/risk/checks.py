"""What must hold in the evidence table beyond its form. Wrong edits fail here, with the line."""

from typing import Any

from gait.risk.located import Located
from gait.risk.table import Condition, Row

# What the words of a factor may name in braces: what is known of the measure, of the profile.
SAYS_NUMBERS = (
    *("value", "expected", "sd"),
    *("session_km", "longest_km", "more_pct", "recent_km", "usual_km", "shoe_km", "bmi"),
)
SAYS_WORDS = ("side", "situation")


def check_row(node: Located, row: Row, cap: float) -> None:
    """Weights in order, within the cap of the grade, and with the sign of the direction."""
    if not row.w_lo <= row.w <= row.w_hi:
        raise node.error("w_lo ≤ w ≤ w_hi does not hold")
    if max(abs(row.w_lo), abs(row.w_hi)) > cap:
        raise node.error(f"a weight is above what grade {row.grade} may have ({cap:g})")
    if row.in_score and row.direction not in ("up", "down"):
        raise node.error(f"a row of direction {row.direction} cannot be in the score")
    if row.in_score and cap == 0.0:
        raise node.error(f"a row of grade {row.grade} cannot be in the score")
    wrong_up = row.direction == "up" and row.w_lo < 0.0
    if wrong_up or (row.direction == "down" and row.w_hi > 0.0):
        raise node.error(f"the sign of a weight is against direction {row.direction}")


def check_condition(node: Located, condition: Condition, gait_cap: float, elevated: float) -> None:
    """Rows or a reason for none; gait alone below “elevated”; a stronger row counts no less."""
    if bool(condition.rows) == (condition.no_rows is not None):
        raise node.error(f"{condition.key} needs rows, or no_rows to say why there are none")
    gait = [r for r in condition.rows if r.factor.group == "gait" and r.in_score]
    if condition.gait_context_only and gait:
        raise node.error(f"{condition.key} is for gait as context only; set in_score: false")
    most = sum(max(0.0, r.w_hi) * r.factor.reliability for r in gait)
    if min(most, gait_cap) >= elevated:
        raise node.error(f"gait alone could pass “watch” for {condition.key}")
    of_factor = {r.factor.key: r for r in condition.rows if r.in_score}
    for row in of_factor.values():
        less = of_factor.get(row.factor.replaces or "")
        if less and (row.w < less.w or row.w_lo < less.w_lo or row.w_hi < less.w_hi):
            raise node.error(f"{row.factor.key} must not count less than {less.factor.key}")


def check_says(node: Located) -> None:
    """The words of a factor name only what an exposure can fill in."""
    check_braces(node, dict.fromkeys(SAYS_NUMBERS, 1.0) | dict.fromkeys(SAYS_WORDS, "left"))


def check_braces(node: Located, sample: dict[str, Any]) -> None:
    """The names in braces are those of `sample`."""
    try:
        node.text().format(**sample)
    except (KeyError, IndexError, ValueError) as error:
        raise node.error(f"a name in braces is not known or not well formed ({error})") from error
