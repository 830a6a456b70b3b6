"""The parts of `evidence.yaml` that stand by themselves: sentences, grades, groups, levels,
measures, places, causes, studies, advice, sources.

The sentences of the evidence table by key, and what each may fill in.

Their text is in `evidence.yaml`; a key that is missing there, or a name that is not here, is
refused with the line.

The part of `evidence.yaml` about what a runner tells: signs, self-tests, other answers that
say the same as a red flag.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import replace
from string import Formatter
from typing import cast, get_args

from gait.compare.compared_measures import BY_MEASURE
from gait.model import Citation, Read, Study
from gait.risk.evidence_checks import check_braces, check_groups, check_levels, check_scale
from gait.risk.evidence_table import (
    Advised,
    Grade,
    Group,
    KindOfCause,
    Levels,
    Location,
    MeasureWords,
    Of,
    OtherCause,
    SelfTest,
    SessionBand,
    Sign,
    Spot,
)
from gait.risk.profile import AnswerPredicate
from gait.risk.profile_fields import check_told
from gait.risk.structure_table import (
    ANY_SPEED,
    FORMULAS,
    RISES_WITH,
    VIEWS,
    Coefficients,
    Structure,
    StructureTable,
    View,
)
from gait.risk.yaml_nodes import YamlNode

# A name in braces: something of the kind that is filled in.
_TEXT = "x"
_NUMBER = 1.0

_PLAIN = (
    *("one_run", "own_baseline", "no_profile", "no_running", "stop", "norms"),
    *("this_speed", "this_speed_and_height", "both_feet", "no_reason_given"),
    *("nothing_counts", "general_only", "general_only_here", "reading_same"),
    *("not_judged", "helps_depends", "fit_undescribed", "spot_fits", "spot_against", "any_injury"),
)
SENTENCES: dict[str, dict[str, str | float]] = {
    **{key: {} for key in _PLAIN},
    "provisional": {"name": _TEXT, "mean": _NUMBER, "sd": _NUMBER, "basis": _TEXT},
    "provisionals": {"references": _TEXT},
    "soon": {"urgency": _TEXT, "what_to_do": _TEXT},
    "why_unknown": {"missing": _TEXT, "why": _TEXT},
    "low_quality": {"missing": _TEXT, "why": _TEXT},
    "no_speed": {"missing": _TEXT},
    "other_foot": {"missing": _TEXT, "side": _TEXT},
    "no_session_before": {"missing": _TEXT},
    "more_runs": {"missing": _TEXT, "count": _NUMBER},
    "not_compared": {"missing": _TEXT},
    "session_at_least": {"text": _TEXT},
    "session_uncertain": {"text": _TEXT, "by": _NUMBER},
    "against": {"name": _TEXT, "found": _TEXT},
    "measured_foot": {"side": _TEXT, "value": _TEXT},
    "measured_own": {"value": _TEXT, "usual": _TEXT},
    "provisional_beside": {"mean": _NUMBER, "sd": _NUMBER},
    "norm_beside": {"expected": _NUMBER, "sd": _NUMBER, "situation": _TEXT},
    "measured": {"name": _TEXT, "values": _TEXT},
    "measured_beside": {"name": _TEXT, "values": _TEXT, "beside": _TEXT},
    "not_measured": {"name": _TEXT, "why": _TEXT},
    "one_foot": {"side": _TEXT},
    "known_not": {"name": _TEXT},
    "self_test": {"name": _TEXT, "results": _TEXT},
    "not_known": {"missing": _TEXT},
    "counts": {"parts": _TEXT},
    "counts_together": {"parts": _TEXT, "score": _NUMBER},
    "part": {"group": _TEXT, "size": _NUMBER},
    "part_capped": {"group": _TEXT, "size": _NUMBER, "cap": _NUMBER},
    "held": {"own": _NUMBER},
    "boundaries": {"watch": _NUMBER, "elevated": _NUMBER},
    "not_enough": {"pct": _NUMBER, "least": _NUMBER},
    "reading_low": {"low": _TEXT},
    "reading_high": {"high": _TEXT},
    "reading_both": {"low": _TEXT, "high": _TEXT},
    "helps_with": {"kind": _TEXT, "helps": _TEXT},
    "sign_elsewhere": {"sign": _TEXT},
    "sign_of_side": {"sign": _TEXT, "side": _TEXT},
    "fit": {"yes": _NUMBER, "count": _NUMBER},
    "fit_with_others": {"yes": _NUMBER, "count": _NUMBER, "others": _NUMBER},
    "fit_against": {"count": _NUMBER},
    "fit_unasked": {"count": _NUMBER},
    "spot": {"place": _TEXT, "spot": _TEXT},
    "disagree_onset": {"place": _TEXT},
    "disagree": {"place": _TEXT, "what": _TEXT},
    "disagree_flag": {"question": _TEXT},
    "disagree_injury": {"injury": _TEXT},
}


def read_told(
    node: YamlNode, tests: Mapping[str, SelfTest], more: Collection[str] = ()
) -> AnswerPredicate:
    """`{of: pain.level, above: 5}`, `{of: pain.onset, is: sudden}`, `{of: pain.at_rest}` (a yes).

    more : further names that may stand beside these; they are the caller's

    Raises InputError with the line where no profile can answer so.
    """
    told = _told(node, more)
    check_told(node, told, tests)
    return told


def _told(node: YamlNode, more: Collection[str]) -> AnswerPredicate:
    f = node.fields(("of",), ("is", "above", *more))
    if "is" in f and "above" in f:
        raise node.error("either is or above, not both")
    path = tuple(f["of"].text().split("."))
    if "above" in f:
        return AnswerPredicate(path, above=f["above"].number())
    if "is" not in f:
        return AnswerPredicate(path)
    wanted = f["is"].items() if f["is"].is_list else [f["is"]]
    return AnswerPredicate(
        path, tuple(item.flag() if item.is_flag else item.text() for item in wanted)
    )


def read_sign(
    key: str, node: YamlNode, citations: Collection[str], tests: Mapping[str, SelfTest]
) -> Sign:
    own = ("says", "asks", "note", "cite")
    f = node.fields(("of", "says"), ("is", "above", *own))
    return Sign(
        key=key,
        told=read_told(node, tests, own),
        says=f["says"].text(),
        asks=f["asks"].text() if "asks" in f else None,
        note=f["note"].text() if "note" in f else None,
        cites=(
            tuple(item.one_of(citations) for item in f["cite"].items())
            if "cite" in f
            else ("guide",)
        ),
    )


def read_self_test(key: str, node: YamlNode) -> SelfTest:
    f = node.fields(("name", "results"))
    return SelfTest(key, f["name"].text(), tuple(r.text() for r in f["results"].items()))


def read_other_cause(node: YamlNode, kinds: Collection[str]) -> OtherCause:
    f = node.fields(("name",), ("kind",))
    return OtherCause(f["name"].text(), f["kind"].one_of(kinds) if "kind" in f else None)


_READ = get_args(Read)


def read_sentences(node: YamlNode) -> dict[str, str]:
    found = node.fields(SENTENCES)
    for key, value in found.items():
        check_braces(value, SENTENCES[key])
    return {key: value.text() for key, value in found.items()}


def read_citations(node: YamlNode, kinds: Collection[str]) -> dict[str, Citation]:
    return {key: _citation(key, value, kinds) for key, value in node.mapping().items()}


def _citation(key: str, node: YamlNode, kinds: Collection[str]) -> Citation:
    f = node.fields(("kind", "read", "ref"), ("doi", "where", "checked", "unchecked"))
    marks = [name for name in ("checked", "unchecked") if name in f]
    if len(marks) != 1:
        raise node.error(f"{key} needs either checked or unchecked, with the day")
    as_of = f[marks[0]].text()
    try:
        datetime.date.fromisoformat(as_of)
    except ValueError as error:
        raise f[marks[0]].error(f"{as_of} is no date such as 2026-05-17") from error
    if "doi" not in f and "where" not in f:
        raise node.error(f"{key} needs a doi, or where it was found")
    doi = f["doi"].text() if "doi" in f else None
    if doi is not None and not doi.startswith("10."):
        raise f["doi"].error(f"{doi} is no doi; it begins with 10")
    where = f["where"].text() if "where" in f else f"https://doi.org/{doi}"
    read = cast(Read, f["read"].one_of(_READ))
    return Citation(
        key=key,
        ref=f["ref"].text(),
        doi=doi,
        where=where,
        read=read,
        kind=f["kind"].one_of(kinds),
        checked=marks[0] == "checked",
        as_of=as_of,
    )


def read_kinds(node: YamlNode, grades: Collection[str]) -> dict[str, str]:
    return {kind: grade.one_of(grades) for kind, grade in node.mapping().items()}


def read_cites(node: YamlNode, citations: Collection[str]) -> tuple[str, ...]:
    cites = node.names(citations)
    if not cites:
        raise node.error("at least one citation is needed")
    return cites


def read_grades(node: YamlNode) -> dict[str, Grade]:
    grades: dict[str, Grade] = {}
    for key, value in node.mapping().items():
        f = value.fields(("cap", "means"))
        grades[key] = Grade(key, f["cap"].number(), f["means"].text())
    check_scale(node, grades)
    return grades


def read_groups(node: YamlNode, levels: Levels) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for key, value in node.mapping().items():
        f = value.fields(("cap", "name"))
        groups[key] = Group(key, f["cap"].number(), f["name"].text())
    check_groups(node, groups, levels)
    return groups


def read_levels(node: YamlNode) -> Levels:
    f = node.fields(("coverage", "watch", "elevated", "elevated_specific", "own"))
    levels = Levels(**{name: value.number() for name, value in f.items()})
    check_levels(node, levels)
    return levels


def read_share(node: YamlNode) -> float:
    share = node.number()
    if not 0.0 < share < 1.0:
        raise node.error(
            "a provisional reference must count for less than a norm, and for something"
        )
    return share


def read_bands(node: YamlNode, citations: Collection[str]) -> tuple[SessionBand, ...]:
    bands: list[SessionBand] = []
    for item in node.items():
        f = item.fields(("above", "says", "cite"))
        band = SessionBand(f["above"].number(), f["says"].text(), read_cites(f["cite"], citations))
        if bands and band.above <= bands[-1].above:
            raise item.error("each band must begin above the one before")
        bands.append(band)
    return tuple(bands)


def read_measures(node: YamlNode, known: Collection[str]) -> dict[str, MeasureWords]:
    """`known`: the names of the measures there are."""
    found: dict[str, MeasureWords] = {}
    for key, value in node.mapping().items():
        if key not in known:
            raise value.error(f"{key} is no measure")
        f = value.fields(("name", "of", "unit", "decimals"), ("beside",))
        found[key] = MeasureWords(
            name=f["name"].text(),
            of=cast(Of, f["of"].one_of(get_args(Of))),
            # a unit keeps the space before it
            unit=f["unit"].raw(),
            decimals=int(f["decimals"].number()),
            beside=f["beside"].text() if "beside" in f else None,
        )
    return found


def read_location(key: str, node: YamlNode, causes: Collection[str]) -> Location:
    f = node.fields(("name", "causes"), ("from_sections", "for_safety", "spots"))
    location = Location(
        key,
        f["name"].text(),
        f["causes"].names(causes),
        f["from_sections"].names(causes) if "from_sections" in f else (),
        f["for_safety"].names(causes) if "for_safety" in f else (),
    )
    if "spots" in f:
        spots = {k: _spot(k, v, location) for k, v in f["spots"].mapping().items()}
        location = replace(location, spots=spots)
    if len(set(location.all_causes)) < len(location.all_causes):
        raise node.error(f"a cause stands twice at {key}")
    return location


def _spot(key: str, node: YamlNode, location: Location) -> Spot:
    f = node.fields(("name", "fits"))
    return Spot(key, f["name"].text(), f["fits"].names(location.all_causes))


def read_kind(
    key: str,
    node: YamlNode,
    factors: Collection[str],
    tests: Collection[str],
    grades: Collection[str],
    cites: Collection[str],
) -> KindOfCause:
    required = ("name", "says", "known", "nothing", "grade", "cite", "found", "but")
    f = node.fields(required, ("helps", "tests"))
    return KindOfCause(
        key=key,
        name=f["name"].text(),
        says=f["says"].text(),
        helps=f["helps"].text() if "helps" in f else None,
        known=f["known"].names(factors),
        tests=f["tests"].names(tests) if "tests" in f else (),
        nothing=f["nothing"].text(),
        grade=f["grade"].one_of(grades),
        cites=read_cites(f["cite"], cites),
        found=f["found"].text(),
        but=f["but"].text(),
    )


def read_study(node: YamlNode, citations: Collection[str]) -> Study:
    f = node.fields(("topic", "found", "but", "cite"))
    return Study(
        topic=f["topic"].text(),
        found=f["found"].text(),
        but=f["but"].text(),
        cites=list(read_cites(f["cite"], citations)),
    )


def read_advice(node: YamlNode, factors: Collection[str], citations: Collection[str]) -> Advised:
    f = node.fields(("text", "when", "cite"))
    when = f["when"]
    return Advised(
        f["text"].text(),
        read_cites(f["cite"], citations),
        when.one_of(("always", "pain")) if when.is_text else when.names(factors),  # type: ignore[arg-type]
    )


# What the words may name in braces.
STRUCTURE_WORDS: dict[str, tuple[str, ...]] = {
    "own_easy": ("pace", "runs"),
    "assumed_easy": ("pace",),
    "easy_again": ("pace",),
    "peak": ("peak", "unit", "low", "high"),
    "peak_alone": ("peak", "unit"),
    "more": ("pct", "easy"),
    "less": ("pct", "easy"),
    "same": ("easy",),
    "easy_of_others": ("pace",),
    "too_few": ("n", "least"),
    "per_km": ("counts",),
    "run": ("total",),
    "run_at_least": ("total",),
    "above": ("times", "most"),
    "above_by_one": ("times", "most"),
    "within": ("most",),
    "with_logged": ("runs",),
    "outside": ("pct", "low", "high"),
    "left_right": ("side", "by", "other", "within"),
    "arrow_more": ("because", "easy"),
    "because_forefoot": ("pct",),
    **dict.fromkeys(
        (
            *("easy_of_own", "per_km_one", "by_view", "no_speed", "arrow_same"),
            *("because_speed", "no_own", "own_same", "no_run"),
        ),
        (),
    ),
}


def read_structures(
    node: YamlNode, grades: Collection[str], citations: Collection[str]
) -> StructureTable:
    """The section of the evidence table. Raises InputError with the line of what is wrong."""
    f = node.fields(
        ("version", "grade", "statement", "easy_speed_m_s", "easy_runs", "easy_days", "easy_share",
         "most_outside", "spike", "words", "each")
    )  # fmt: skip
    words = f["words"].fields(STRUCTURE_WORDS)
    for key, value in words.items():
        check_braces(value, dict.fromkeys(STRUCTURE_WORDS[key], "x"))
        asked = {name for _, name, _, _ in Formatter().parse(value.text()) if name}
        if asked != set(STRUCTURE_WORDS[key]):
            raise value.error(
                f"{key} must name {', '.join(STRUCTURE_WORDS[key]) or 'nothing'} in braces"
            )
    for name in ("easy_share", "most_outside"):
        if not 0.0 < f[name].number() < 1.0:
            raise f[name].error(f"{name} must lie between 0 and 1")
    if f["spike"].number() < 1.0:
        raise f["spike"].error("spike must not be below 1")
    return StructureTable(
        version=f["version"].text(),
        grade=f["grade"].one_of(grades),
        statement=f["statement"].text(),
        easy_speed_m_s=f["easy_speed_m_s"].number(),
        easy_runs=int(f["easy_runs"].number()),
        easy_days=f["easy_days"].number(),
        easy_share=f["easy_share"].number(),
        most_outside=f["most_outside"].number(),
        spike=f["spike"].number(),
        words={key: value.text() for key, value in words.items()},
        each={k: _structure(k, v, citations) for k, v in f["each"].mapping().items()},
    )


def _structure(key: str, node: YamlNode, citations: Collection[str]) -> Structure:
    f = node.fields(
        ("name", "cite", "found", "but"),
        ("formula", "unit", "between_people_pct", "speeds_m_s", "views", "rises_with", "follows"),
    )
    ways = [name for name in ("formula", "rises_with", "follows") if name in f]
    if len(ways) != 1:
        raise node.error(f"{key} needs a formula, or rises_with, or follows, and one of them only")
    if ("formula" in f) != ("views" in f):
        raise node.error(f"{key} needs views with its formula, and no views without")
    none: Coefficients = {}
    formula, coefficients = _formula(f["formula"]) if "formula" in f else ("", none)
    return Structure(
        key=key,
        name=f["name"].text(),
        formula=formula,
        coefficients=coefficients,
        unit=f["unit"].text() if "unit" in f else "",
        speeds_m_s=_speeds(f["speeds_m_s"]) if "speeds_m_s" in f else ANY_SPEED,
        between_people_pct=(
            f["between_people_pct"].number() if "between_people_pct" in f else None
        ),
        views={k: _view(v) for k, v in f["views"].fields((), VIEWS).items()}
        if "views" in f
        else {},
        rises_with=f["rises_with"].names(RISES_WITH) if "rises_with" in f else (),
        follows=f["follows"].names(BY_MEASURE) if "follows" in f else (),
        cites=f["cite"].names(citations),
        found=f["found"].text(),
        but=f["but"].text(),
    )


def _formula(node: YamlNode) -> tuple[str, Coefficients]:
    named = node.mapping()
    if len(named) != 1:
        raise node.error("one formula by its name is expected here")
    name, given = next(iter(named.items()))
    if name not in FORMULAS:
        raise given.error(f"{name} is not known (known: {', '.join(FORMULAS)})")
    return name, {k: v.number() for k, v in given.fields(FORMULAS[name][0]).items()}


def _speeds(node: YamlNode) -> tuple[float, float]:
    ends = [end.number() for end in node.items()]
    if len(ends) != 2 or not 0.0 <= ends[0] < ends[1]:
        raise node.error("two speeds are expected here, the lower first")
    return ends[0], ends[1]


def _view(node: YamlNode) -> View:
    f = node.fields(("exponent", "times_contact"))
    exponent = f["exponent"].number()
    if not 1.0 <= exponent <= 20.0:
        raise f["exponent"].error("an exponent must lie between 1 and 20")
    return View(exponent, f["times_contact"].flag())
