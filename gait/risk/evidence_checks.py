"""What must hold in the evidence table beyond its form. Wrong edits fail here, with the line."""

from collections.abc import Iterable, Mapping
from typing import Any

from gait.risk.evidence_table import Condition, Factor, Grade, Group, Levels, Row
from gait.risk.yaml_nodes import YamlNode

GRADES = ("A", "B", "C", "D", "N")
GROUPS = ("history", "load", "gait", "profile", "shoe")

# What the words of a factor may name in braces: what is known of the measure, of the profile.
SAYS_NUMBERS = (
    *("value", "expected", "sd"),
    *("session_km", "longest_km", "more_pct", "recent_km", "usual_km", "shoe_km", "bmi"),
)
SAYS_WORDS = ("side", "situation", "change")


def check_scale(node: YamlNode, grades: Mapping[str, Grade]) -> None:
    """The five grades, each worth no more than the one before; tested without a link: nothing."""
    check_keys(node, grades, GRADES)
    caps = [grades[key].cap for key in GRADES]
    if caps != sorted(caps, reverse=True) or caps[-1] != 0.0:
        raise node.error("the caps of grades A, B, C, D must fall, and that of N be 0")


def check_groups(node: YamlNode, groups: Mapping[str, Group], levels: Levels) -> None:
    check_keys(node, groups, GROUPS)
    for key, line in node.mapping().items():
        if groups[key].cap <= 0.0:
            raise line.error("a cap must be above 0")
    if groups["gait"].cap >= levels.elevated:
        raise node.mapping()["gait"].error("gait alone must stay below “elevated”; lower its cap")


def check_levels(node: YamlNode, levels: Levels) -> None:
    if not 0.0 < levels.watch < levels.elevated:
        raise node.error("0 < watch < elevated does not hold")
    if not 0.0 < levels.own <= levels.elevated_specific <= levels.elevated:
        raise node.error("0 < own ≤ elevated_specific ≤ elevated does not hold")
    if not 0.0 < levels.coverage <= 1.0:
        raise node.error("coverage must lie above 0 and not above 1")


def check_keys(node: YamlNode, found: Iterable[str], wanted: tuple[str, ...]) -> None:
    if sorted(found) != sorted(wanted):
        raise node.error(f"exactly {', '.join(wanted)} must stand here")


def check_factor(node: YamlNode, factor: Factor) -> None:
    """Where it comes from, what it is compared with, and whose the threshold is."""
    key = factor.key
    if (factor.measure is None) == (factor.input is None):
        raise node.error(f"{key} needs a measure or an input, and not both")
    with_threshold = factor.kind in ("above", "at_least", "below")
    if with_threshold and factor.threshold is None:
        raise node.error(f"{key} needs a threshold")
    if with_threshold and factor.boundary is None:
        raise node.error(f"{key} needs a boundary: whose its threshold is")
    if not with_threshold and (factor.threshold is not None or factor.boundary is not None):
        raise node.error(f"{key} is of kind {factor.kind}, which has no threshold")
    if factor.measure and factor.kind.startswith("ramp") and factor.reference is None:
        raise node.error(f"{key} needs a reference")
    if (factor.reference == "provisional") != (factor.provisional is not None):
        raise node.error(f"{key}: reference provisional and its numbers belong together")
    if not 0.0 < factor.reliability <= 1.0:
        raise node.error(f"reliability of {key} must lie above 0 and not above 1")


def check_row(node: YamlNode, row: Row, cap: float) -> None:
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
    if row.in_score and row.w == 0.0:
        raise node.error("a row in the score needs a weight; for none set in_score: false")


def check_condition(node: YamlNode, condition: Condition) -> None:
    """Rows or why there are none; gait as context where it must be; the stronger counts no less."""
    if bool(condition.rows) == (condition.no_rows is not None):
        raise node.error(f"{condition.key} needs rows, or no_rows to say why there are none")
    both = set(condition.signs) & set(condition.against)
    if both:
        raise node.error(f"{min(both)} cannot speak for {condition.key} and against it")
    gait = [r for r in condition.rows if r.factor.group == "gait" and r.in_score]
    if condition.gait_context_only and gait:
        raise node.error(f"{condition.key} is for gait as context only; set in_score: false")
    of_factor = {r.factor.key: r for r in condition.rows if r.in_score}
    for row in of_factor.values():
        less = of_factor.get(row.factor.replaces or "")
        if less and (row.w < less.w or row.w_lo < less.w_lo or row.w_hi < less.w_hi):
            raise node.error(f"{row.factor.key} must not count less than {less.factor.key}")


def check_says(node: YamlNode) -> None:
    """The words of a factor name only what an exposure can fill in."""
    check_braces(node, dict.fromkeys(SAYS_NUMBERS, 1.0) | dict.fromkeys(SAYS_WORDS, "left"))


def check_braces(node: YamlNode, sample: Mapping[str, Any]) -> None:
    """The names in braces are those of `sample`."""
    try:
        node.text().format(**sample)
    except (KeyError, IndexError, ValueError) as error:
        raise node.error(f"a name in braces is not known or not well formed ({error})") from error
