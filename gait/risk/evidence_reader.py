"""`evidence.yaml` → EvidenceTable. A wrong edit fails with the line and a sentence."""

from functools import cache
from importlib.resources import files
from typing import Any, cast, get_args

from gait.compare.compared_measures import BY_MEASURE
from gait.measures.session_table import ROWS
from gait.model import LinkedBy, Read
from gait.risk.evidence_checks import check_condition, check_factor, check_row, check_says
from gait.risk.evidence_sections import (
    read_advice,
    read_bands,
    read_citations,
    read_cites,
    read_grades,
    read_groups,
    read_kind,
    read_kinds,
    read_levels,
    read_location,
    read_measures,
    read_other_cause,
    read_self_test,
    read_sentences,
    read_share,
    read_sign,
    read_structures,
    read_study,
    read_told,
)
from gait.risk.evidence_table import (
    Condition,
    EvidenceTable,
    Factor,
    Kind,
    Of,
    Provisional,
    Question,
    ReferenceKind,
    Remark,
    Row,
    Urgency,
)
from gait.risk.wording import banned_words
from gait.risk.yaml_nodes import YamlNode, parse

FILE = "gait/risk/evidence.yaml"

INPUTS = (
    *("same_condition", "injured_last_12_months", "ankle_sprain", "bone_stress_injury"),
    *("session_ratio", "distance_z", "shoe_km", "shoe_changed", "shoe_rotation", "bmi"),
)
_MEASURES = (*ROWS, *BY_MEASURE)
_DIRECTIONS = ("up", "down", "none", "contradictory")
_READ: tuple[Read, ...] = get_args(Read)
_LINKED_BY: tuple[LinkedBy, ...] = get_args(LinkedBy)
_SECTIONS = (
    *("version", "statement", "guide", "words", "grades", "kinds", "groups", "levels"),
    *("provisional_share", "session_bands"),
    *("factors", "templates", "structures", "conditions", "measures", "signs", "self_tests"),
    *("causes", "larger_studies", "advice", "other_causes", "locations"),
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

    def __init__(self, document: YamlNode) -> None:
        self._sections = document.fields(_SECTIONS)
        self._grades = read_grades(self._sections["grades"])
        self._best = read_kinds(self._sections["kinds"], self._grades)
        self._citations = read_citations(self._sections["citations"], self._best)
        self._levels = read_levels(self._sections["levels"])
        self._groups = read_groups(self._sections["groups"], self._levels)
        self._factors: dict[str, Factor] = {}
        for key, node in self._sections["factors"].mapping().items():
            self._factors[key] = self._factor(key, node)
        self._templates = {
            k: [self._row(row) for row in v.items()]
            for k, v in self._sections["templates"].mapping().items()
        }
        self._measures = read_measures(self._sections["measures"], ROWS)
        self._structures = read_structures(
            self._sections["structures"], self._grades, self._citations
        )
        self._self_tests = {
            k: read_self_test(k, v) for k, v in self._sections["self_tests"].mapping().items()
        }
        self._signs = {
            k: read_sign(k, v, self._citations, self._self_tests)
            for k, v in self._sections["signs"].mapping().items()
        }
        self._kinds = {
            k: read_kind(k, v, self._factors, self._self_tests, self._grades, self._citations)
            for k, v in self._sections["causes"].mapping().items()
        }

    def table(self) -> EvidenceTable:
        others = {
            k: read_other_cause(v, self._kinds)
            for k, v in self._sections["other_causes"].mapping().items()
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
            words=read_sentences(self._sections["words"]),
            grades=self._grades,
            groups=self._groups,
            levels=self._levels,
            provisional_share=read_share(self._sections["provisional_share"]),
            session_bands=read_bands(self._sections["session_bands"], self._citations),
            factors=self._factors,
            conditions=conditions,
            measures=self._measures,
            signs=self._signs,
            self_tests=self._self_tests,
            other_causes=others,
            locations={
                k: read_location(k, v, causes)
                for k, v in self._sections["locations"].mapping().items()
            },
            red_flags={
                k: self._question(k, v) for k, v in self._sections["red_flags"].mapping().items()
            },
            causes=self._kinds,
            larger_studies=tuple(
                read_study(v, self._citations) for v in self._sections["larger_studies"].items()
            ),
            advice=tuple(
                read_advice(v, self._factors, self._citations)
                for v in self._sections["advice"].items()
            ),
            citations=self._citations,
            structures=self._structures,
        )

    def _factor(self, key: str, node: YamlNode) -> Factor:
        f = node.fields(
            ("group", "kind", "name", "says", "missing"),
            (
                *("measure", "of", "input", "threshold", "boundary", "reference", "provisional"),
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
            measure=f["measure"].one_of(_MEASURES) if "measure" in f else None,
            of=cast(Of, f["of"].one_of(get_args(Of))) if "of" in f else "runner",
            input=f["input"].one_of(INPUTS) if "input" in f else None,
            threshold=f["threshold"].number() if "threshold" in f else None,
            boundary=f["boundary"].text() if "boundary" in f else None,
            reference=(
                cast(ReferenceKind, f["reference"].one_of(get_args(ReferenceKind)))
                if "reference" in f
                else None
            ),
            provisional=self._provisional(f["provisional"]) if "provisional" in f else None,
            reliability=f["reliability"].number() if "reliability" in f else 1.0,
            replaces=f["replaces"].one_of(self._factors) if "replaces" in f else None,
        )
        check_factor(node, factor)
        return factor

    def _provisional(self, node: YamlNode) -> Provisional:
        f = node.fields(("mean", "sd", "basis", "cite"))
        if f["sd"].number() <= 0.0:
            raise f["sd"].error("sd must be positive")
        cite = f["cite"].one_of(self._citations)
        return Provisional(f["mean"].number(), f["sd"].number(), f["basis"].text(), cite)

    def _row(self, node: YamlNode) -> Row:
        f = node.fields(
            ("factor", "direction", "grade", "cite", "found", "but"),
            ("w", "w_lo", "w_hi", "specific", "in_score", "read"),
        )
        in_score = f["in_score"].flag() if "in_score" in f else True
        if in_score and not {"w", "w_lo", "w_hi"} <= f.keys():
            raise node.error("a row in the score needs w, w_lo and w_hi")
        cites = read_cites(f["cite"], self._citations)
        row = Row(
            factor=self._factors[f["factor"].one_of(self._factors)],
            direction=cast(Any, f["direction"].one_of(_DIRECTIONS)),
            grade=f["grade"].one_of(self._grades),
            cites=cites,
            found=f["found"].text(),
            but=f["but"].text(),
            read=self._read(f.get("read"), cites),
            w=f["w"].number() if "w" in f else 0.0,
            w_lo=f["w_lo"].number() if "w_lo" in f else 0.0,
            w_hi=f["w_hi"].number() if "w_hi" in f else 0.0,
            specific=f["specific"].flag() if "specific" in f else True,
            in_score=in_score,
        )
        best = min(self._best[self._citations[key].kind] for key in cites)
        if row.grade < best:
            raise f["grade"].error(f"grade {row.grade} needs better sources; these carry {best}")
        check_row(node, row, self._grades[row.grade].cap)
        return row

    def _read(self, node: YamlNode | None, cites: tuple[str, ...]) -> Read:
        """What the row says of itself, else as much as was read of its best-read source."""
        most = min(_READ.index(self._citations[key].read) for key in cites)
        if node is None:
            return _READ[most]
        said = _READ.index(cast(Read, node.one_of(_READ)))
        if said <= most:
            raise node.error(f"read is for less than was read of the sources ({_READ[most]})")
        return _READ[said]

    def _condition(self, key: str, node: YamlNode) -> Condition:
        f = node.fields(
            ("name", "guide", "beside", "rows"),
            (
                "structures",
                "always_show",
                "no_rows",
                "overall",
                "summary_only",
                "gait_context_only",
            ),
        )
        guide = f["guide"].fields(
            ("site", "cause", "symptoms", "kinds"),
            ("helps", "signs", "distinguishing", "against", "remark"),
        )
        signs = guide["signs"].names(self._signs) if "signs" in guide else ()
        condition = Condition(
            key=key,
            name=f["name"].text(),
            site=guide["site"].text(),
            cause=guide["cause"].text(),
            symptoms=guide["symptoms"].text(),
            rows=self._rows(f["rows"]),
            beside=self._beside(f["beside"]),
            kinds=guide["kinds"].names(self._kinds),
            structures=f["structures"].names(self._structures.each) if "structures" in f else (),
            remark=self._remark(guide["remark"]) if "remark" in guide else None,
            signs=signs,
            distinguishing=(
                guide["distinguishing"].names(signs) if "distinguishing" in guide else ()
            ),
            against=guide["against"].names(self._signs) if "against" in guide else (),
            helps=guide["helps"].text() if "helps" in guide else None,
            always_show=f["always_show"].text() if "always_show" in f else None,
            no_rows=f["no_rows"].text() if "no_rows" in f else None,
            overall="overall" in f and f["overall"].flag(),
            summary_only="summary_only" in f and f["summary_only"].flag(),
            gait_context_only="gait_context_only" in f and f["gait_context_only"].flag(),
        )
        check_condition(node, condition)
        return condition

    def _rows(self, node: YamlNode) -> tuple[Row, ...]:
        """A template's name stands for its rows; a factor has one row."""
        rows: list[Row] = []
        for item in node.items():
            if item.is_text:
                added = self._templates[item.one_of(self._templates)]
            else:
                added = [self._row(item)]
            for row in added:
                if any(row.factor is other.factor for other in rows):
                    raise item.error(f"{row.factor.key} has a row already")
            rows += added
        return tuple(rows)

    def _beside(self, node: YamlNode) -> dict[LinkedBy, tuple[str, ...]]:
        found: dict[LinkedBy, tuple[str, ...]] = {
            cast(LinkedBy, by): names.names(self._measures)
            for by, names in node.fields((), _LINKED_BY).items()
        }
        together = [name for names in found.values() for name in names]
        if len(set(together)) < len(together):
            raise node.error("a measure stands here twice")
        return found

    def _remark(self, node: YamlNode) -> Remark:
        f = node.fields(("text", "cite"))
        return Remark(f["text"].text(), read_cites(f["cite"], self._citations))

    def _question(self, key: str, node: YamlNode) -> Question:
        f = node.fields(("question", "urgency", "what_to_do", "cite"), ("also", "bone", "asked_as"))
        others = [k for k, v in self._sections["red_flags"].mapping().items()
                  if "asked_as" not in v.mapping()]  # fmt: skip
        return Question(
            key=key,
            question=f["question"].text(),
            urgency=cast(Urgency, f["urgency"].one_of(get_args(Urgency))),
            what_to_do=f["what_to_do"].text(),
            cites=read_cites(f["cite"], self._citations),
            also=(
                tuple(read_told(item, self._self_tests) for item in f["also"].items())
                if "also" in f
                else ()
            ),
            bone="bone" in f and f["bone"].flag(),
            asked_as=f["asked_as"].names(others) if "asked_as" in f else (),
        )
