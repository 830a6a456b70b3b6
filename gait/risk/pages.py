"""The evidence table to read, as Markdown: one condition, or all of it."""

from collections.abc import Iterable

from gait.model import Citation, UsageError
from gait.risk.located import did_you_mean
from gait.risk.table import Condition, EvidenceTable, Row

ORDER = (
    "Rows with a weight of their own can raise a level; rows marked “general” come from studies "
    "of any overuse injury and are shown as such; rows marked “context” are never counted."
)
ADVICE = "Advice stays with load, gradual change, comfort, and when to see a clinician."


def condition_page(key: str, table: EvidenceTable) -> str:
    """One condition with the guide's words, its evidence and its sources.

    `key` may also be the name, in any spelling of case and spaces; UsageError where unknown.
    """
    condition = _named(key, table)
    parts = [f"# {condition.name}", f"*{table.statement}*", *_guide(condition, table)]
    if condition.always_show:
        parts.append(f"**{condition.always_show}**")
    parts += _evidence(condition)
    cites = {cite for row in condition.rows for cite in row.cites}
    cites |= {cite for sign in condition.signs for cite in table.signs[sign].cites}
    parts += _sources(c for k, c in table.citations.items() if k in cites)
    return "\n\n".join(parts) + "\n"


def table_page(table: EvidenceTable) -> str:
    """The whole table: how it counts, every condition, where it hurts, red flags, sources."""
    parts = ["# The evidence table", f"Version {table.version}. *{table.statement}*"]
    parts += ["## Red flags", "Asked before any result. Any yes: what to do, and nothing else."]
    parts.append(
        _markdown(
            ("Question", "How soon", "What to do"),
            [(q.question, q.urgency, q.what_to_do) for q in table.red_flags.values()],
        )
    )
    parts += ["## How it counts", *_how_it_counts(table)]
    for condition in table.conditions.values():
        parts += [f"## {condition.name}", *_guide(condition, table)]
        if condition.always_show:
            parts.append(f"**{condition.always_show}**")
        parts += _evidence(condition)
    parts += ["## Where it hurts", f"As in {table.guide}, in its order, not ranked."]
    parts.append(
        _markdown(
            ("Place", "Causes in the guide", "Added (its other sections, or for safety)"),
            [
                (
                    place.name,
                    ", ".join(table.cause_name(c) for c in place.causes),
                    ", ".join(table.cause_name(c) for c in place.added),
                )
                for place in table.locations.values()
            ],
        )
    )
    parts += _sources(table.citations.values())
    return "\n\n".join(parts) + "\n"


def _named(key: str, table: EvidenceTable) -> Condition:
    def squeezed(text: str) -> str:
        return "".join(ch for ch in text.lower() if ch.isalnum())

    for condition in table.conditions.values():
        if squeezed(key) in (squeezed(condition.key), squeezed(condition.name)):
            return condition
    near = did_you_mean("_".join(key.lower().split()), list(table.conditions))
    raise UsageError(f"{key} is no condition of the evidence table{near}.")


def _guide(condition: Condition, table: EvidenceTable) -> list[str]:
    rows = [
        ("Where", condition.site),
        ("Cause", condition.cause),
        ("Symptoms", condition.symptoms),
    ]
    if condition.helps:
        rows.append(("What helps, in the guide", condition.helps))
    if condition.signs:
        rows.append(("What a runner can tell of it", _signs(condition, table)))
    if condition.this_run:
        linked = "; ".join(table.measures[name].name for name in condition.this_run)
        rows.append(("Seen beside it in a run", linked))
    source = "our summary" if condition.overall else table.guide
    return [_markdown((f"In {source}", ""), rows)]


def _signs(condition: Condition, table: EvidenceTable) -> str:
    """Signs of a condition, with the source of those that are not the guide's."""
    signs = (table.signs[key] for key in condition.signs)
    return "; ".join(
        sign.says if "guide" in sign.cites else f"{sign.says} ({', '.join(sign.cites)})"
        for sign in signs
    )


def _evidence(condition: Condition) -> list[str]:
    if not condition.rows:
        return [condition.no_rows or ""]
    return [
        _markdown(
            ("Evidence", "Direction", "Grade", "Weight", "Both sides", "Sources"),
            [
                (
                    row.factor.name,
                    row.direction,
                    row.grade,
                    _weight(row, condition),
                    row.note,
                    ", ".join(row.cites),
                )
                for row in condition.rows
            ],
        )
    ]


def _weight(row: Row, condition: Condition) -> str:
    if not row.in_score:
        return "context"
    general = "" if row.specific or condition.overall else ", general"
    return f"{row.w:+.2f} ({row.w_lo:+.2f} to {row.w_hi:+.2f}){general}"


def _how_it_counts(table: EvidenceTable) -> list[str]:
    levels = table.levels
    return [
        ORDER,
        _markdown(
            ("Grade", "Means", "Weight at most"),
            [(g.key, g.means, f"{g.cap:.2f}") for g in table.grades.values()],
        ),
        _markdown(
            ("Group", "Counts at most"),
            [(g.name, f"{g.cap:.2f}") for g in table.groups.values()],
        ),
        f"Watch from {levels.watch:.2f}; elevated from {levels.elevated:.2f}, with an active "
        "reason of grade A or B in load or history and one about the condition itself. Less than "
        f"{levels.coverage:.2f} of the weight known: not enough information. Unknown is never "
        "normal and never counts. Gait alone never reaches elevated.",
        ADVICE,
    ]


def _sources(citations: Iterable[Citation]) -> list[str]:
    lines = [
        f"- **{c.key}** {c.ref}. {c.where}{'' if c.verified else ' *(not verified)*'}"
        for c in citations
    ]
    return ["## Sources", "\n".join(lines)] if lines else []


def _markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "/") for c in row) + " |" for row in lines)
