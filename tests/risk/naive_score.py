"""An independent reading of the evidence table: the file itself and the published formula.

Follows the description of the model in docs/evidence.md, and shares no code with it.
"""

from pathlib import Path

import yaml

FILE = Path(__file__).parent.parent.parent / "gait" / "risk" / "evidence.yaml"
TEXT = FILE.read_text(encoding="utf-8")
RAW = yaml.safe_load(TEXT)
ORDER = ["no flag", "general load only", "watch", "elevated"]


def rows_of(condition):
    rows = []
    for row in RAW["conditions"][condition]["rows"]:
        rows += RAW["templates"][row] if isinstance(row, str) else [row]
    return rows


def scored_rows(condition):
    return [row for row in rows_of(condition) if row.get("in_score", True)]


def factor_of(row):
    return RAW["factors"][row["factor"]]


def without_replaced(rows, known):
    """Without the rows that an active, stronger row stands in for."""
    active = {row["factor"] for row in rows if (known[row["factor"]][0] or 0.0) > 0.0}
    gone = {RAW["factors"][key].get("replaces") for key in active}
    return [row for row in rows if row["factor"] not in gone]


def summed(rows, known, weight):
    """S of some rows: w · x · r, each group up to its cap, never below zero."""
    groups = dict.fromkeys(RAW["groups"], 0.0)
    for row in rows:
        x, provisional, _ = known[row["factor"]]
        if x is None:
            continue
        part = row[weight] * x * factor_of(row).get("reliability", 1.0)
        if provisional:
            part *= RAW["provisional_share"]
        groups[factor_of(row)["group"]] += part
    return max(0.0, sum(min(RAW["groups"][g]["cap"], total) for g, total in groups.items()))


def coverage_of(condition, known):
    scored = scored_rows(condition)
    have = 0.0
    for row in scored:
        x, provisional, share = known[row["factor"]]
        if x is not None:
            have += abs(row["w"]) * share * (RAW["provisional_share"] if provisional else 1.0)
    return have / sum(abs(row["w"]) for row in scored)


def about_itself(row, condition):
    return row.get("specific", True) or condition == "overall_overuse"


def level_of(condition, known, weight="w"):
    """The level by one reading of the weights, whatever the coverage."""
    rows = without_replaced(scored_rows(condition), known)
    bounds = RAW["levels"]
    own = summed([r for r in rows if about_itself(r, condition)], known, weight)
    general = [r for r in rows if not about_itself(r, condition)]
    if any(known[r["factor"]][0] for r in general) and own < bounds["own"] - 1e-9:
        return "general load only"
    firm = [r for r in rows if not known[r["factor"]][1]]
    active = [r for r in firm if known[r["factor"]][0] and r["direction"] == "up"]
    if (
        summed(firm, known, weight) >= bounds["elevated"] - 1e-9
        and summed([r for r in firm if about_itself(r, condition)], known, weight)
        >= bounds["elevated_specific"] - 1e-9
        and any(r["grade"] in "AB" and factor_of(r)["group"] in ("load", "history") for r in active)
        and any(r["grade"] in "ABC" and about_itself(r, condition) for r in active)
    ):
        return "elevated"
    return "watch" if summed(rows, known, weight) >= bounds["watch"] - 1e-9 else "no flag"


def naive(condition, known):
    """Score, coverage and the three levels.

    known : factor → (x or None, provisional, share of it that is known)
    """
    if not scored_rows(condition):
        return {"score": 0.0, "coverage": 0.0, "levels": ("context only", None, None)}
    rows = without_replaced(scored_rows(condition), known)
    levels = tuple(level_of(condition, known, weight) for weight in ("w", "w_lo", "w_hi"))
    coverage = coverage_of(condition, known)
    if coverage < RAW["levels"]["coverage"] - 1e-9:
        levels = ("not enough information", None, None)
    return {"score": summed(rows, known, "w"), "coverage": coverage, "levels": levels}
