"""An independent reading of the evidence table: the file itself and the published formula."""

from pathlib import Path

import yaml

FILE = Path(__file__).parent.parent.parent / "gait" / "risk" / "evidence.yaml"
TEXT = FILE.read_text(encoding="utf-8")
RAW = yaml.safe_load(TEXT)


def rows_of(condition):
    rows = []
    for row in RAW["conditions"][condition]["rows"]:
        rows += RAW["templates"][row] if isinstance(row, str) else [row]
    return rows


def scored_rows(condition):
    return [row for row in rows_of(condition) if row.get("in_score", True)]


def naive_score(condition, active):
    """S with every factor of `active` at full exposure and every other one at none."""
    groups = {}
    for row in scored_rows(condition):
        factor = RAW["factors"][row["factor"]]
        if row["factor"] not in active:
            continue
        if row["factor"] == "session_spike" and "session_spike_double" in active:
            continue
        value = row["w"] * factor.get("reliability", 1.0)
        groups[factor["group"]] = groups.get(factor["group"], 0.0) + value
    caps = {key: group["cap"] for key, group in RAW["groups"].items()}
    return max(0.0, sum(min(caps[key], value) for key, value in groups.items()))
