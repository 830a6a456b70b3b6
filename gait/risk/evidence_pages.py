"""The evidence table to read, as Markdown: what there is, one condition, or all of it.

How far each kind of reason can take a condition's level: the table's behaviour at a glance.
"""

import math
from collections.abc import Collection, Iterable

from gait.model import Citation, Level, UsageError
from gait.risk.evidence_table import Condition, EvidenceTable, Question, Row
from gait.risk.exposure import Exposure
from gait.risk.score import Judgement, judge
from gait.risk.wording import LINKED_BY, READ, doubt
from gait.risk.yaml_nodes import did_you_mean

LONG_SESSION = "session_spike"
SHOWN_ROWS = 2  # of what raises the odds, on the page of one condition


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


KINDS_OF_ROWS = {
    "specific": "About this condition itself",
    "general": "About overuse injuries in general",
    "context": "Shown, never counted",
}
REACH = {
    "gait": "how you run, all of it",
    "long session": "one long session",
    "history": "earlier injuries, all of them",
    "together": "load and earlier injuries, all of it",
}
MADE_BY = "<!-- Made by `gait evidence --table`; change gait/risk/evidence.yaml instead. -->"


def index_page(table: EvidenceTable) -> str:
    """The conditions, and how to read on."""
    rows = [(c.name, c.site) for c in table.conditions.values()]
    return _page(
        [
            "# What is known",
            f"*{table.statement}*",
            _table(("Condition", "Where"), rows),
            '`gait evidence "shin splints"` shows one of them, `gait evidence --table` all.',
        ]
    )


def condition_page(key: str, table: EvidenceTable, *, full: bool = False) -> str:
    """One condition, to be read in a minute; `full`: with all of its evidence and its sources.

    `key` may be the name in any spelling of case and spaces, or its beginning; UsageError where
    unknown.
    """
    condition, others = _named(key, table)
    if full:
        return _full_page(condition, table)
    parts = [f"# {condition.name}"]
    parts += [f"**{condition.always_show}**"] if condition.always_show else []
    parts += [f"**{heading}**: {text}" for heading, text in _in_a_minute(condition, table) if text]
    parts.append(f'Numbers and sources: `gait evidence "{condition.name}" --full`.')
    if others:
        parts.append(f"Also: {', '.join(other.name for other in others)}.")
    return _page([*parts, "*Information, not a diagnosis.*"])


def _in_a_minute(condition: Condition, table: EvidenceTable) -> list[tuple[str, str]]:
    """What a runner asks of a condition, in the order in which it is asked."""
    advice = next((one.text for one in table.advice if one.when == "pain"), "")
    return [
        ("What it is", f"{condition.site}; {condition.cause}"),
        ("How it feels", condition.symptoms),
        ("What tells it from its neighbours", _signs(condition.distinguishing, table)),
        ("Speaks against it", _signs(condition.against, table)),
        ("What raises the odds", _odds(condition, table)),
        ("Tested, and no clear link", _names_of(condition, "N")),
        ("What loads it", _loads(condition, table)),
        ("Self-test", _self_tests(condition, table)),
        ("What usually helps, as the guide says", "; ".join(table.helps_with(condition))),
        ("When to be seen", advice),
    ]


def _odds(condition: Condition, table: EvidenceTable) -> str:
    """The rows that count the most, both halves; those of any overuse injury by name."""
    if condition.no_rows:
        return condition.no_rows
    up = [row for row in condition.rows if row.in_score and row.direction == "up"]
    of_itself = [row for row in up if _kind(row, condition) == "specific"]
    said = [
        f"{row.factor.name} (grade {row.grade}): {row.found}; but {row.but}"
        for row in sorted(of_itself, key=lambda row: -row.w)[:SHOWN_ROWS]
    ]
    further = [row.factor.name for row in sorted(of_itself, key=lambda r: -r.w)[SHOWN_ROWS:]]
    general = dict.fromkeys(
        table.groups[row.factor.group].name for row in up if _kind(row, condition) == "general"
    )
    said += [f"less surely, {', '.join(further)}"] if further else []
    said += [f"as for any overuse injury, {', '.join(general)}"] if general else []
    return ". ".join(_capital(text) for text in said)


def _names_of(condition: Condition, grade: str) -> str:
    return ", ".join(row.factor.name for row in condition.rows if row.grade == grade)


def _loads(condition: Condition, table: EvidenceTable) -> str:
    structures = (table.structures.each[key] for key in condition.structures)
    return ". ".join(f"{s.name}: {s.found}; but {s.but}" for s in structures)


def _self_tests(condition: Condition, table: EvidenceTable) -> str:
    paths = (table.signs[sign].told.path for sign in condition.signs)
    tests = dict.fromkeys(path[1] for path in paths if path[0] == "self_tests")
    names = ", ".join(table.self_tests[test].name for test in tests)
    return f"{names}; `gait checkup` says how" if names else ""


def _full_page(condition: Condition, table: EvidenceTable) -> str:
    parts = [f"# {condition.name}", f"*{table.statement}*", *_condition(condition, table, "##")]
    parts += ["## How far it can go", *_reach_of(condition, table)]
    cites = {cite for row in condition.rows for cite in row.cites}
    cites |= {cite for sign in condition.signs for cite in table.signs[sign].cites}
    cites |= {cite for key in condition.structures for cite in table.structures.each[key].cites}
    cites |= {"guide", *(condition.remark.cites if condition.remark else ())}
    return _page(parts + _sources(c for k, c in table.citations.items() if k in cites))


def table_page(table: EvidenceTable) -> str:
    """The whole table: red flags, how it counts, conditions, places, causes, advice, sources."""
    parts = ["# The evidence table", MADE_BY, f"Version {table.version}. *{table.statement}*"]
    parts += _red_flags(table)
    parts += _how_it_counts(table)
    parts += _reach_of_all(table)
    parts += ["## Conditions", f"In the order of {table.guide}."]
    for condition in table.conditions.values():
        parts += [f"### {condition.name}", *_condition(condition, table, "####")]
    parts += _structures(table)
    parts += _places(table)
    parts += _causes(table)
    parts += _larger_studies(table)
    parts += _advice(table)
    return _page(parts + _sources(table.citations.values()))


def citations_page(table: EvidenceTable) -> str:
    """Every source with what it is, how much was read, and whether it was checked, and when."""
    checked = sum(citation.checked for citation in table.citations.values())
    rows = [
        (
            c.key,
            c.kind,
            READ[c.read],
            f"{'checked' if c.checked else 'not checked'} ({c.as_of})",
            c.ref,
            c.where,
        )
        for c in sorted(table.citations.values(), key=lambda c: (c.checked, c.key))
    ]
    return _page(
        [
            "# Sources",
            f"{checked} of {len(rows)} are checked: what is said of them here was compared with "
            "their text. The others come first.",
            _table(("Key", "Kind", "Read", "Checked", "Title", "Where"), rows),
        ]
    )


def _named(key: str, table: EvidenceTable) -> tuple[Condition, list[Condition]]:
    """The condition meant, and others whose name begins in the same way."""

    def squeezed(text: str) -> str:
        return "".join(ch for ch in text.lower() if ch.isalnum())

    wanted = squeezed(key)
    begin: list[Condition] = []
    for condition in table.conditions.values():
        if wanted in (squeezed(condition.key), squeezed(condition.name)):
            return condition, []
        parts = [condition.name, *condition.name.split(), condition.key, *condition.key.split("_")]
        if wanted and any(squeezed(part).startswith(wanted) for part in parts):
            begin.append(condition)
    if begin:
        return begin[0], begin[1:]
    near = did_you_mean("_".join(key.lower().split()), list(table.conditions))
    raise UsageError(f"{key} is no condition of the evidence table{near}.")


def _condition(condition: Condition, table: EvidenceTable, level: str) -> list[str]:
    parts = [f"**{condition.always_show}**"] if condition.always_show else []
    parts.append(f"{level} {'In short' if condition.overall else 'In the field guide'}")
    parts.append(_guide(condition, table))
    if condition.remark:
        parts.append(f"{condition.remark.text} ({', '.join(condition.remark.cites)})")
    linked = [
        f"- {', '.join(table.measures[name].name for name in names)} ({LINKED_BY[by]})"
        for by, names in condition.beside.items()
    ]
    if linked:
        parts += [f"{level} Measures shown with it", "\n".join(linked)]
    if condition.structures:
        parts += [f"{level} What loads it", _loads(condition, table)]
    return [*parts, f"{level} Evidence", *_evidence(condition)]


def _guide(condition: Condition, table: EvidenceTable) -> str:
    lines = [
        ("Where", condition.site),
        ("Cause", condition.cause),
        ("Symptoms", condition.symptoms),
        ("Kinds of causes", ", ".join(table.causes[k].name.lower() for k in condition.kinds)),
        ("What a runner can tell of it", _signs(condition.signs, table)),
        ("What tells it from its neighbours", _signs(condition.distinguishing, table)),
        ("Speaks against it", _signs(condition.against, table)),
        ("What usually helps, says the guide", table.helps(condition)),
    ]
    return "\n".join(f"- {label}: {text}" for label, text in lines if text)


def _signs(keys: Iterable[str], table: EvidenceTable) -> str:
    """Signs in words, with the source of those that are not the guide's."""
    signs = (table.signs[key] for key in keys)
    return "; ".join(
        sign.says if "guide" in sign.cites else f"{sign.says} ({', '.join(sign.cites)})"
        for sign in signs
    )


def _evidence(condition: Condition) -> list[str]:
    if condition.no_rows:
        return [condition.no_rows]
    parts: list[str] = []
    for kind, heading in KINDS_OF_ROWS.items():
        rows = [row for row in condition.rows if _kind(row, condition) == kind]
        if rows:
            parts += [f"*{heading}*", "\n".join(_row(row) for row in rows)]
    return parts


def _kind(row: Row, condition: Condition) -> str:
    if not row.in_score:
        return "context"
    return "specific" if row.specific or condition.overall else "general"


def _row(row: Row) -> str:
    counts = ""
    if row.in_score:
        counts = f"; counts {row.w:+.2f}, by other readings {row.w_lo:+.2f} to {row.w_hi:+.2f}"
    boundary = f" Boundary: {row.factor.boundary}." if row.factor.boundary else ""
    doubted = f" *({doubt(row.read)})*" if doubt(row.read) else ""
    return (
        f"- **{_capital(row.factor.name)}** (grade {row.grade}{counts}). "
        f"{_capital(row.found)}{doubted}. But: {row.but}.{boundary} [{', '.join(row.cites)}]"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _red_flags(table: EvidenceTable) -> list[str]:
    return [
        "## Red flags",
        "Asked before any result. A yes to “same day” or “within days” leaves no level beside it; "
        "“book someone” leaves the rest as it is.",
        _table(
            ("Question", "How soon", "What to do", "Source"),
            [
                (_asked(flag), flag.urgency, flag.what_to_do, ", ".join(flag.cites))
                for flag in table.red_flags.values()
            ],
        ),
    ]


def _asked(flag: Question) -> str:
    return f"{flag.question} (older, still understood)" if flag.asked_as else flag.question


def _how_it_counts(table: EvidenceTable) -> list[str]:
    levels = table.levels
    return [
        "## How it counts",
        "A row counts its weight × how far it holds (0 to 1) × how well it is measured. Weights "
        "are natural logarithms of odds, shrunk and capped by grade; a reason judged by a "
        f"provisional reference counts {table.provisional_share:g} of that. They are an opinion "
        "made plain and were not fitted to anything. The lower and the upper reading (in "
        "brackets) show what else the same studies allow.",
        _table(
            ("Grade", "Means", "A row counts at most"),
            [(g.key, g.means, f"{g.cap:.2f}") for g in table.grades.values()],
        ),
        _table(
            ("Kind of reason", "Counts at most"),
            [(g.name, f"{g.cap:.2f}") for g in table.groups.values()],
        ),
        _table(
            ("Level", "Where"),
            [
                (Level.NO_FLAG, f"less than {levels.watch:.2f}"),
                (Level.WATCH, f"from {levels.watch:.2f}"),
                (
                    Level.ELEVATED,
                    f"from {levels.elevated:.2f}, of which {levels.elevated_specific:.2f} from "
                    "evidence on the condition itself, with a reason of grade A or B in load or "
                    "earlier injuries, one of grade A to C on the condition itself, and no "
                    "provisional reference to get there",
                ),
                (
                    Level.GENERAL_LOAD,
                    f"load or injuries in general hold, and less than {levels.own:.2f} of the "
                    "condition's own",
                ),
                (Level.NOT_ENOUGH, f"less than {levels.coverage:.0%} of the weight is known"),
                (Level.CONTEXT, "nothing is scored"),
            ],
        ),
        "What is not known is never normal: it adds nothing, and lowers how much is known. How "
        "you run never reaches “elevated” alone.",
    ]


def _reach_of(condition: Condition, table: EvidenceTable) -> list[str]:
    if not any(row.in_score for row in condition.rows):
        return ["Nothing is scored."]
    found = reach(condition, table)
    lines = [f"- {words}: {found[k].level} ({found[k].score:.2f})" for k, words in REACH.items()]
    return ["If everything were known and only this held, in full:", "\n".join(lines)]


def _reach_of_all(table: EvidenceTable) -> list[str]:
    rows: list[tuple[str, ...]] = []
    for condition in table.conditions.values():
        found = reach(condition, table)
        rows.append((condition.name, *(f"{found[k].level} ({found[k].score:.2f})" for k in REACH)))
    return [
        "## How far each kind of reason can go",
        "If everything were known and only this held, in full:",
        _table(("Condition", *REACH.values()), rows),
    ]


def _structures(table: EvidenceTable) -> list[str]:
    """What each structure is told by, where that holds, how it adds up, and both halves."""
    structures = table.structures
    rows: list[tuple[str, ...]] = []
    for one in structures.each.values():
        given = ", ".join(f"{name} {value:g}" for name, value in one.coefficients.items())
        told = f"{one.formula} {f'({given})' if given else ''}".strip()
        if one.rises_with:
            told = f"an arrow: rises with {' and '.join(one.rises_with)}"
        elif one.follows:
            told = "against own runs: " + ", ".join(one.follows)
        low, high = one.speeds_m_s
        holds = "" if math.isinf(high) else f"{low:g} to {high:g} m/s"
        views = ", ".join(
            f"{name}: power {view.exponent:g}{' × contact time' if view.times_contact else ''}"
            for name, view in one.views.items()
        )
        both = f"{one.found}; but {one.but}"
        rows.append((one.name, told, holds, views, both, ", ".join(one.cites)))
    head = ("Structure", "Estimate", "Holds", "Adds up", "Found; but", "Source")
    return [
        "## Load on structures",
        f"{structures.statement} Grade {structures.grade}.",
        _table(head, rows),
    ]


def _places(table: EvidenceTable) -> list[str]:
    def names(keys: Iterable[str]) -> str:
        return ", ".join(table.cause_name(key) for key in keys)

    return [
        "## Where it hurts",
        f"As in {table.guide}, in its order; not ranked.",
        _table(
            ("Place", "Causes in its map", "In its own sections only", "Added for safety, ours"),
            [
                (p.name, names(p.causes), names(p.from_sections), names(p.for_safety))
                for p in table.locations.values()
            ],
        ),
    ]


def _causes(table: EvidenceTable) -> list[str]:
    lines = [
        f"- **{kind.name}**: {kind.says}. {_helps(kind.helps)}Evidence "
        f"(grade {kind.grade}): {kind.found}. But: {kind.but}. [{', '.join(kind.cites)}]"
        for kind in table.causes.values()
    ]
    return ["## The guide's five kinds of causes", "\n".join(lines)]


def _helps(helps: str | None) -> str:
    return f"What helps, says the guide: {helps}. " if helps else ""


def _larger_studies(table: EvidenceTable) -> list[str]:
    lines = [
        f"- **{one.topic}**: {one.found}. But: {one.but}. [{', '.join(one.cites)}]"
        for one in table.larger_studies
    ]
    return ["## What larger studies found of running measures", "\n".join(lines)]


def _advice(table: EvidenceTable) -> list[str]:
    def when(words: str | tuple[str, ...]) -> str:
        if isinstance(words, str):
            return {"always": "Always", "pain": "Where it hurts"}[words]
        return "With " + " or ".join(table.factors[key].name for key in words)

    lines = [f"- {when(a.when)}: {a.text} [{', '.join(a.cites)}]" for a in table.advice]
    return [
        "## Advice",
        "Load, gradual change, comfort, shoes, and whom to see; nothing else.",
        "\n".join(lines),
    ]


def _sources(citations: Iterable[Citation]) -> list[str]:
    lines = [f"- **{c.key}** {c.ref}. {c.where} *({READ[c.read]})*" for c in citations]
    return ["## Sources", "\n".join(lines)] if lines else []


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "/") for c in row) + " |" for row in lines)


def _page(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"
