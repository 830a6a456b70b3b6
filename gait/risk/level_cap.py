"""How far each kind of reason can take a condition's level: the table's behaviour at a glance."""

from collections.abc import Collection

from gait.risk.exposure import Exposure
from gait.risk.score import Judgement, judge
from gait.risk.table import Condition, EvidenceTable

LONG_SESSION = "session_spike"


def reach(condition: Condition, table: EvidenceTable) -> dict[str, Judgement]:
    """What it comes to where everything is known, and all of one kind of reasons holds in full.

    Keys: the groups of reasons; `long session` alone; `together` for load and earlier injuries.
    """
    of_group = {
        group: [factor.key for factor in table.factors.values() if factor.group == group]
        for group in table.groups
    }
    held = {
        **of_group,
        "long session": [LONG_SESSION],
        "together": [*of_group["load"], *of_group["history"]],
    }
    return {kind: _judged(condition, keys, table) for kind, keys in held.items()}


def _judged(condition: Condition, held: Collection[str], table: EvidenceTable) -> Judgement:
    found = {key: Exposure(float(key in held)) for key in table.factors}
    return judge(condition, found, table)
