"""`evidence.yaml` → EvidenceTable. A wrong edit fails with the line and a sentence."""

from functools import cache
from importlib.resources import files
from typing import Any, cast, get_args

from gait.model import Citation
from gait.risk.checks import check_braces, check_condition, check_row, check_says
from gait.risk.located import Located, parse
from gait.risk.reading_signs import read_other_cause, read_self_test, read_sign, read_told
from gait.risk.table import (
    Condition,
    EvidenceTable,
    Factor,
    Grade,
    Group,
    Kind,
    Levels,
    Location,
    MeasureWords,
    Of,
    Provisional,
    Question,
    ReferenceKind,
    Row,
    Urgency,
)
from gait.risk.wording import banned_words

FILE = "gait/risk/evidence.yaml"

INPUTS = (
    *("same_condition", "injured_last_12_months", "ankle_sprain", "bone_stress_injury"),
    *("session_ratio", "distance_z", "shoe_km", "shoe_changed", "shoe_rotation", "bmi"),
)
# Sentences by key, and the names each may fill in.
WORDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("one_run", "own_baseline", "no_profile", "no_running", "stop"), ()),
    **dict.fromkeys(("this_speed", "this_speed_and_height", "both_feet", "no_reason_given"), ()),
    "provisional": ("name", "mean", "sd", "basis"),
    "unanswered": ("count",),
    "soon": ("urgency", "what_to_do"),
    "why_unknown": ("missing", "why"),
    "low_quality": ("missing", "why"),
    "no_speed": ("missing",),
    "no_session_before": ("missing",),
    "against": ("name", "note"),
    "measured_foot": ("side", "value", "unit"),
    "measured": ("name", "values"),
    "measured_beside": ("name", "values", "beside"),
    "not_measured": ("name", "why"),
    **dict.fromkeys(("sign", "sign_elsewhere"), ("sign",)),
    "sign_of_side": ("sign", "side"),
    "helps_depends": (),
    "one_foot": ("side",),
}
_NUMBERS = ("mean", "sd")

_DIRECTIONS = ("up", "down", "none", "contradictory")
_SECTIONS = (
    *("version", "statement", "guide", "words", "grades", "groups", "levels"),
    "provisional_share",
    *("factors", "templates", "conditions", "measures", "signs", "self_tests"),
    *("other_causes", "locations"),
    *("red_flags", "citations"),
)


@cache
def load_evidence() -> EvidenceTable:
    """The package's own table, read once."""
    text = files("gait.risk").joinpath("evidence.yaml").read_text(encoding="utf-8")
    return parse_evidence(text)


def parse_evidence(text: str, file: str = FILE) -> EvidenceTable:
    """A table from its text. Raises InputError with the line of what is wrong."""
    document = parse(text, file)
    for part in document.texts():
        for words in banned_words(part.text()):
            raise part.error(f"“{words}” must not be said to a runner")
    return _Reader(document).table()


class _Reader:
    """Reads the sections in the order in which they need each other."""

    def __init__(self, document: Located) -> None:
        self._sections = document.fields(_SECTIONS)
        self._citations = {
            k: _citation(k, v) for k, v in self._sections["citations"].mapping().items()
        }
        self._grades = {k: _grade(k, v) for k, v in self._sections["grades"].mapping().items()}
        self._groups = {k: _group(k, v) for k, v in self._sections["groups"].mapping().items()}
        self._levels = _levels(self._sections["levels"])
        self._factors: dict[str, Factor] = {}
        for key, node in self._sections["factors"].mapping().items():
            self._factors[key] = self._factor(key, node)
        self._templates = {
            k: [self._row(row) for row in v.items()]
            for k, v in self._sections["templates"].mapping().items()
        }
        self._measures = {
            k: _measure_words(v) for k, v in self._sections["measures"].mapping().items()
        }
        self._self_tests = {
            k: read_self_test(k, v) for k, v in self._sections["self_tests"].mapping().items()
        }
        self._signs = {
            k: read_sign(k, v, self._citations, self._self_tests)
            for k, v in self._sections["signs"].mapping().items()
        }

    def table(self) -> EvidenceTable:
        others = {
            k: read_other_cause(v) for k, v in self._sections["other_causes"].mapping().items()
        }
        section = self._sections["conditions"]
        conditions = {k: self._condition(k, v) for k, v in section.mapping().items()}
        if [c.overall for c in conditions.values()] != [True, *[False] * (len(conditions) - 1)]:
            raise section.error("the first condition, and only that, must be overall: true")
        causes = [key for key, c in conditions.items() if not c.overall] + list(others)
        return EvidenceTable(
            version=self._sections["version"].text(),
            statement=self._sections["statement"].text(),
            guide=self._sections["guide"].text(),
            words=_words(self._sections["words"]),
            grades=self._grades,
            groups=self._groups,
            levels=self._levels,
            provisional_share=self._sections["provisional_share"].number(),
            factors=self._factors,
            conditions=conditions,
            measures=self._measures,
            signs=self._signs,
            self_tests=self._self_tests,
            other_causes=others,
            locations={
                k: _location(k, v, causes) for k, v in self._sections["locations"].mapping().items()
            },
            red_flags={
                k: self._question(k, v) for k, v in self._sections["red_flags"].mapping().items()
            },
            citations=self._citations,
        )

    def _cites(self, node: Located) -> tuple[str, ...]:
        cites = tuple(item.one_of(self._citations) for item in node.items())
        if not cites:
            raise node.error("at least one citation is needed")
        return cites

    def _factor(self, key: str, node: Located) -> Factor:
        f = node.fields(
            ("group", "kind", "name", "says", "missing"),
            (
                *("measure", "of", "input", "threshold", "reference", "provisional"),
                *("reliability", "replaces"),
            ),
        )
        check_says(f["says"])
        factor = Factor(
            key=key,
            group=f["group"].one_of(self._groups),
            kind=cast(Kind, f["kind"].one_of(get_args(Kind))),
            name=f["name"].text(),
            says=f["says"].text(),
            missing=f["missing"].text(),
            measure=f["measure"].text() if "measure" in f else None,
            of=cast(Of, f["of"].one_of(get_args(Of))) if "of" in f else "runner",
            input=f["input"].one_of(INPUTS) if "input" in f else None,
            threshold=f["threshold"].number() if "threshold" in f else None,
            reference=(
                cast(ReferenceKind, f["reference"].one_of(get_args(ReferenceKind)))
                if "reference" in f
                else None
            ),
            provisional=self._provisional(f["provisional"]) if "provisional" in f else None,
            reliability=f["reliability"].number() if "reliability" in f else 1.0,
            replaces=f["replaces"].one_of(self._factors) if "replaces" in f else None,
        )
        if factor.kind in ("above", "at_least", "below") and factor.threshold is None:
            raise node.error(f"{key} needs a threshold")
        if factor.measure and factor.kind.startswith("ramp") and factor.reference is None:
            raise node.error(f"{key} needs a reference")
        if (factor.reference == "provisional") != (factor.provisional is not None):
            raise node.error(f"{key}: reference provisional and its numbers belong together")
        if not 0.0 <= factor.reliability <= 1.0:
            raise f["reliability"].error("reliability must lie between 0 and 1")
        return factor

    def _provisional(self, node: Located) -> Provisional:
        f = node.fields(("mean", "sd", "basis"), ("cite",))
        if f["sd"].number() <= 0.0:
            raise f["sd"].error("sd must be positive")
        cite = f["cite"].one_of(self._citations) if "cite" in f else None
        return Provisional(f["mean"].number(), f["sd"].number(), f["basis"].text(), cite)

    def _row(self, node: Located) -> Row:
        f = node.fields(
            ("factor", "direction", "grade", "cite", "note"),
            ("w", "w_lo", "w_hi", "specific", "in_score"),
        )
        in_score = f["in_score"].flag() if "in_score" in f else True
        if in_score and not {"w", "w_lo", "w_hi"} <= f.keys():
            raise node.error("a row in the score needs w, w_lo and w_hi")
        row = Row(
            factor=self._factors[f["factor"].one_of(self._factors)],
            direction=cast(Any, f["direction"].one_of(_DIRECTIONS)),
            grade=f["grade"].one_of(self._grades),
            cites=self._cites(f["cite"]),
            note=f["note"].text(),
            w=f["w"].number() if "w" in f else 0.0,
            w_lo=f["w_lo"].number() if "w_lo" in f else 0.0,
            w_hi=f["w_hi"].number() if "w_hi" in f else 0.0,
            specific=f["specific"].flag() if "specific" in f else True,
            in_score=in_score,
        )
        check_row(node, row, self._grades[row.grade].cap)
        return row

    def _condition(self, key: str, node: Located) -> Condition:
        f = node.fields(
            ("name", "guide", "this_run", "rows"),
            ("always_show", "no_rows", "overall", "summary_only", "gait_context_only"),
        )
        rows: list[Row] = []
        for item in f["rows"].items():
            if item.is_text:
                added = self._templates[item.one_of(self._templates)]
            else:
                added = [self._row(item)]
            for row in added:
                if any(row.factor is other.factor for other in rows):
                    raise item.error(f"{row.factor.key} has a row already")
            rows += added
        guide = f["guide"].fields(("site", "cause", "symptoms"), ("helps", "signs"))
        condition = Condition(
            key=key,
            name=f["name"].text(),
            site=guide["site"].text(),
            cause=guide["cause"].text(),
            symptoms=guide["symptoms"].text(),
            rows=tuple(rows),
            this_run=tuple(item.one_of(self._measures) for item in f["this_run"].items()),
            signs=(
                tuple(item.one_of(self._signs) for item in guide["signs"].items())
                if "signs" in guide
                else ()
            ),
            helps=guide["helps"].text() if "helps" in guide else None,
            always_show=f["always_show"].text() if "always_show" in f else None,
            no_rows=f["no_rows"].text() if "no_rows" in f else None,
            overall="overall" in f and f["overall"].flag(),
            summary_only="summary_only" in f and f["summary_only"].flag(),
            gait_context_only="gait_context_only" in f and f["gait_context_only"].flag(),
        )
        check_condition(node, condition, self._groups["gait"].cap, self._levels.elevated)
        return condition

    def _question(self, key: str, node: Located) -> Question:
        f = node.fields(("question", "urgency", "what_to_do", "cite"), ("also",))
        return Question(
            key=key,
            question=f["question"].text(),
            urgency=cast(Urgency, f["urgency"].one_of(get_args(Urgency))),
            what_to_do=f["what_to_do"].text(),
            cites=self._cites(f["cite"]),
            also=(
                tuple(read_told(item, self._self_tests) for item in f["also"].items())
                if "also" in f
                else ()
            ),
        )


def _words(node: Located) -> dict[str, str]:
    found = node.fields(WORDS)
    for key, value in found.items():
        check_braces(value, {name: 1.0 if name in _NUMBERS else "x" for name in WORDS[key]})
    return {key: value.text() for key, value in found.items()}


def _citation(key: str, node: Located) -> Citation:
    f = node.fields(("verified", "ref"), ("doi", "where"))
    if "doi" not in f and "where" not in f:
        raise node.error(f"{key} needs a doi, or where it was found")
    doi = f["doi"].text() if "doi" in f else None
    where = f["where"].text() if "where" in f else f"https://doi.org/{doi}"
    return Citation(
        key=key, ref=f["ref"].text(), doi=doi, where=where, verified=f["verified"].flag()
    )


def _grade(key: str, node: Located) -> Grade:
    f = node.fields(("cap", "means"))
    return Grade(key, f["cap"].number(), f["means"].text())


def _group(key: str, node: Located) -> Group:
    f = node.fields(("cap", "name"))
    return Group(key, f["cap"].number(), f["name"].text())


def _levels(node: Located) -> Levels:
    f = node.fields(("coverage", "watch", "elevated", "elevated_specific", "own"))
    return Levels(**{name: value.number() for name, value in f.items()})


def _measure_words(node: Located) -> MeasureWords:
    f = node.fields(("name", "of", "unit", "decimals"), ("beside",))
    return MeasureWords(
        name=f["name"].text(),
        of=cast(Of, f["of"].one_of(get_args(Of))),
        # a unit keeps the space before it
        unit=f["unit"].raw(),
        decimals=int(f["decimals"].number()),
        beside=f["beside"].text() if "beside" in f else None,
    )


def _location(key: str, node: Located, causes: list[str]) -> Location:
    f = node.fields(("name", "causes"), ("added",))
    return Location(
        key,
        f["name"].text(),
        tuple(item.one_of(causes) for item in f["causes"].items()),
        tuple(item.one_of(causes) for item in f["added"].items()) if "added" in f else (),
    )
