"""Cases that can be read without the program; it must say of each what stands there."""

import ast
import json
import operator
from pathlib import Path

import pytest
import yaml
from generated_runners import change, profile_from, run
from naive_score import RAW

from gait.compare.baseline import NOT_COMPARED, Comparison
from gait.risk import assess, load_evidence

FOLDER = Path(__file__).parent / "golden"
CASES = sorted(FOLDER.glob("*.yaml"))
TABLE = load_evidence()
OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worked_out(node):
    """The value of a sum with brackets and `min`."""
    if isinstance(node, ast.Expression):
        return worked_out(node.body)
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.BinOp):
        return OPERATIONS[type(node.op)](worked_out(node.left), worked_out(node.right))
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    assert node.func.id == "min"
    return min(worked_out(argument) for argument in node.args)


def sum_of(text):
    """`0.20 + 0.49 = 0.69`: the result, once it is what the left side comes to."""
    left, right = str(text).split("=")
    value = worked_out(ast.parse(left.strip(), mode="eval"))
    assert value == pytest.approx(float(right), abs=6e-4), text
    return value


def told(reasons):
    """Reasons as a case writes them, without what is the usual."""
    usual = {"general": False, "read": None, "side": None, "in_score": True}
    found = []
    for reason in reasons:
        row = {
            "factor": reason.factor,
            "size": round(reason.size, 4),
            "grade": reason.grade,
            "general": reason.general,
            "read": None if reason.read in ("whole", "abstract") else reason.read,
            "side": reason.side,
            "in_score": reason.in_score,
        }
        found.append({k: v for k, v in row.items() if k not in usual or v != usual[k]})
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_it_says_what_stands_there(path):
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    says = case["says"]
    earlier = [
        change(one["measure"], one["side"], one["z"]) for one in case.get("earlier_runs", [])
    ]
    plain = json.loads(json.dumps(case["profile"], default=str))
    assessment = assess(
        run(**case["run"]),
        profile_from(plain),
        TABLE,
        Comparison(earlier, []) if earlier else NOT_COMPARED,
    )
    key = case.get("condition", path.stem)
    condition = next(c for c in assessment.conditions if c.key == key)
    assert assessment.first == says.get("stop", [])
    levels = (condition.level, condition.level_low, condition.level_high)
    assert levels == (says["level"], says["level_low"], says["level_high"])
    assert told(condition.reasons) == says["speaks_for"]
    against = [r for r in condition.against if r.in_score]
    assert told(against) == says.get("speaks_against", [])
    assert [r.factor for r in condition.against if not r.in_score] == says["tested"]
    assert condition.hurts_at == says.get("hurts_at", [])
    assert len(condition.signs) == says.get("signs", 0)
    assert bool(condition.always_show) == says.get("always_show", False)
    assert condition.coverage == pytest.approx(says["coverage"], abs=0.005)
    for missing in says.get("missing", []):
        assert any(text.startswith(missing) for text in condition.missing)
    if "would_help_most" in says:
        assert str(condition.would_help_most).startswith(says["would_help_most"])
    if "sum" in case:
        assert condition.score == pytest.approx(sum_of(case["sum"]), abs=1e-4)
        assert sum(r.size for r in condition.reasons) + sum(
            r.size for r in against
        ) == pytest.approx(condition.score, abs=1e-9)
    else:
        assert condition.score is None


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_other_readings_are_worked_out_and_give_their_levels(path):
    """The level below which the lower sum stays, and which the upper reaches, at the least."""
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    if case["says"]["level_low"] is None:
        return
    bounds = RAW["levels"]
    for name in ("low", "high"):
        value, level = sum_of(case[f"sum_{name}"]), case["says"][f"level_{name}"]
        if level == "elevated":
            assert value >= bounds["elevated"]
        elif level == "watch":
            assert value >= bounds["watch"]
        elif level == "no flag":
            assert value < bounds["watch"]


def test_there_is_a_case_for_every_condition_with_its_reason():
    assert {path.stem for path in CASES} == {*RAW["conditions"], "warning_sign"}
    for path in CASES:
        case = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert len(case["why"].split()) > 25
        assert len(case["runner"].split()) > 8
