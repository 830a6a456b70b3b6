"""What is read first of a session, the same everywhere: terminal, report, dashboard.

What was run, what stands out, the key numbers, what it asked of the body, one thing to do next,
and what was not asked, in that order. The finding stands before the method.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gait.measures.aggregate import NO_STEPS
from gait.measures.session_table import SYMMETRIES, Symmetry
from gait.measures.table import BY_NAME
from gait.model.assessment import Assessment
from gait.model.strides import Side
from gait.model.summary import Measure, Summary
from gait.report.measure_table import DECIMALS, WALKING, own_range
from gait.report.sentences import duration_words, lasting_said
from gait.risk import load_evidence
from gait.text import UNKNOWN, number, pace, sentence_case, words

NUMBERS = (
    "contact_ms",
    "stride_length_m",
    "strike_angle_deg",
    "pronation_excursion_deg",
    "pronation_velocity_deg_s",
    "impact_g",
)
SHOWN_CONDITIONS = 3  # where it hurts, by how the signs fit
SHOWN_NOTES = 2
SHOWN_SIDES = 2  # differences between left and right


@dataclass(frozen=True, slots=True)
class Number:
    """A key number of each foot in words; "" for a foot that was not recorded."""

    label: str
    unit: str
    left: str
    right: str
    typical: str


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """Sentences, each whole; an empty text or list is not shown.

    warnings : what comes before everything: warning signs, and what cannot be right
    says     : what was run
    out      : what stands out, or that nothing does
    hurts    : where it hurts, how the signs of each condition fit
    notes    : what went wrong with the recording or its analysis
    strides  : how many strides the numbers stand on
    """

    warnings: list[str]
    says: str
    out: list[str]
    hurts: list[str]
    notes: list[str]
    numbers: list[Number]
    strides: str
    load: str
    to_do: str
    not_asked: str


def first_screen(summary: Summary) -> FirstScreen:
    """The first screen of a session; of one with a warning sign only that and the numbers."""
    assessment = summary.assessment
    stop = assessment is not None and assessment.stop
    hurts = [] if assessment is None or stop else _hurts(assessment)
    return FirstScreen(
        warnings=_warnings(summary),
        says=what_was_run(summary),
        out=what_stands_out(summary),
        hurts=hurts,
        notes=_notes(summary.notes),
        numbers=_numbers(summary),
        strides=_strides(summary),
        load="" if stop or hurts else load_in_short(summary),
        to_do="" if stop else _to_do(summary),
        not_asked="" if assessment is None or stop else _not_asked(assessment),
    )


def _notes(notes: Sequence[str]) -> list[str]:
    """The first few; how many more there are."""
    more = len(notes) - SHOWN_NOTES
    return [*notes[:SHOWN_NOTES], *([words.MORE_NOTES.format(count=more)] if more > 0 else [])]


def _warnings(summary: Summary) -> list[str]:
    assessment = summary.assessment
    said: list[str] = []
    if assessment is not None and assessment.stop:
        said += [f"{flag.question} {words.YES}" for flag in assessment.red_flags if flag.answer]
        said += assessment.first
    return [*said, *(doubt.sentence for doubt in summary.doubts)]


def ran(summary: Summary) -> bool:
    """Whether there is running, or a sensor tells of running by itself; else the session is
    reported as walking. An odd stride or two among walking are no running."""
    running = any(count.running for count in summary.strides.values())
    walking = any(count.walking for count in summary.strides.values())
    odd = walking and not summary.activity_s.get("running", 0.0)
    return (running and not odd) or told_by_sensor(summary)


def _steps(summary: Summary) -> bool:
    """Whether any valid step was found."""
    return any(count.running or count.walking for count in summary.strides.values())


def told_by_sensor(summary: Summary) -> bool:
    """Whether a sensor tells of running by itself, where there are no strides to take it from."""
    cadence = summary.measures.get("both", {}).get("cadence_spm")
    strides = any(count.found for count in summary.strides.values())
    known = cadence is not None and cadence.value is not None
    return not strides and (known or summary.activity_s.get("running", 0.0) > 0.0)


def what_was_run(summary: Summary) -> str:
    """Distance, time, pace and cadence in a sentence or two; why, where there is none of it."""
    if not _steps(summary) and not told_by_sensor(summary):
        why = why_no_steps(summary)
        text = words.NO_STEPS.format(time=duration_words(summary.duration_s))
        return text + (words.BECAUSE.format(why=why) if why else "") + "."
    kind, prefix = ("running", "") if ran(summary) else ("walking", WALKING)
    both = summary.measures.get("both", {})
    speed, cadence = both.get(f"{prefix}speed_m_s"), both.get(f"{prefix}cadence_spm")
    parts = [_far(summary, kind)]
    if speed is not None and speed.value:
        roughly = words.ROUGHLY if speed.quality == "low" else ""
        parts.append(f"{roughly}{pace(speed.value)}")
    if cadence is not None and cadence.value is not None:
        parts.append(words.CADENCE.format(cadence=round(cadence.value)))
    else:
        why = (cadence.why_not if cadence else None) or words.NO_REASON
        parts.append(words.CADENCE_UNKNOWN.format(why=why))
    text = sentence_case(", ".join(parts)) + "."
    if told_by_sensor(summary):
        text += f" {words.TOLD}"
    walked = summary.activity_s.get("walking", 0.0)
    if kind == "running" and walked >= 1.0:
        text += " " + words.AND_WALKED.format(time=duration_words(walked))
    return f"{text}{_usual_cadence(cadence)}"


def _far(summary: Summary, kind: str) -> str:
    seconds = summary.activity_s.get(kind, 0.0)
    if told_by_sensor(summary) and not seconds:
        seconds = summary.duration_s
    time = duration_words(seconds)
    metres = summary.distance.metres
    form = words.RAN if kind == "running" else words.WALKED
    if metres is None:
        return form.format(far=time)
    least = words.AT_LEAST if summary.distance.at_least else ""
    km = metres / 1000.0
    far = f"{least}{km:.{2 if km < 10.0 else 1}f} km"
    both_kinds = min(summary.activity_s.get(k, 0.0) for k in ("running", "walking")) >= 1.0
    whole = words.IN_ALL if both_kinds else ""
    return form.format(far=f"{far}{whole}, {time}")


def _usual_cadence(cadence: Measure | None) -> str:
    """What is usual at this pace, where a published line says so."""
    reference = cadence.reference if cadence else None
    if reference is None or reference.low is None or reference.high is None:
        return ""
    if reference.kind != "expectation":
        return ""
    return " " + words.USUAL_CADENCE.format(low=round(reference.low), high=round(reference.high))


def why_no_steps(summary: Summary) -> str:
    """The reasons of the feet that were recorded; empty where none is known."""
    found = (summary.measures.get(side, {}).get("cadence_spm") for side in Side)
    reasons = dict.fromkeys(m.why_not for m in found if m is not None and m.why_not)
    return "; ".join(reason for reason in reasons if reason != NO_STEPS)


def what_stands_out(summary: Summary) -> list[str]:
    """What is different, a sentence each, what matters most first; or that nothing is.

    Against own runs what lasts; left against right what exceeds its uncertainty, for which no norm
    is needed; this run against the longest of 30 days; and what a published line makes unusual.
    """
    if not _steps(summary) and not told_by_sensor(summary):
        return []
    said = [*lasting_said(summary.changes or []), *_longer(summary), *_left_right(summary)]
    said += _unusual(summary)
    if said:
        return said
    if summary.changes:
        return [words.NOTHING_OUT]
    return [words.NOTHING_OUT_YET if len(summary.strides) == len(Side) else words.ONE_SHOE_YET]


def _longer(summary: Summary) -> list[str]:
    load = summary.load
    if load is None or load.ratio is None or load.session_km is None or load.longest_km is None:
        return []
    if load.ratio <= load_evidence().session_bands[0].above:
        return []
    return [
        words.LONGER_THAN.format(
            km=f"{load.session_km:.1f}",
            pct=f"{100.0 * (load.ratio - 1.0):.0f}",
            longest=f"{load.longest_km:.1f}",
        )
    ]


def _left_right(summary: Summary) -> list[str]:
    """Differences of the key measures beyond their uncertainty, the clearest first."""
    both, found = summary.measures.get("both", {}), list[tuple[float, str]]()
    for row in SYMMETRIES:
        measure = both.get(row.name)
        if not row.key or measure is None or measure.value is None or not measure.uncertainty:
            continue
        times = abs(measure.value) / measure.uncertainty
        if times > 1.0 and measure.quality != "low":
            found.append((times, _side_said(row, measure.value, measure.uncertainty)))
    found.sort(key=lambda one: -one[0])
    return [text for _, text in found[:SHOWN_SIDES]]


def _side_said(row: Symmetry, value: float, uncertainty: float) -> str:
    side = Side.LEFT if value > 0.0 else Side.RIGHT
    decimals = 0 if uncertainty >= 1.0 else 1
    return words.SIDES_DIFFER[row.name].format(
        side=side,
        other=side.other,
        by=f"{abs(value):.{decimals}f}",
        within=f"{uncertainty:.{decimals}f}",
    )


def _unusual(summary: Summary) -> list[str]:
    """A cadence beyond what is nothing unusual at this pace."""
    cadence = summary.measures.get("both", {}).get("cadence_spm")
    reference = cadence.reference if cadence else None
    if cadence is None or cadence.value is None or cadence.quality == "low":
        return []
    if reference is None or reference.kind != "expectation":
        return []
    low, high = reference.low, reference.high
    if low is None or high is None or low <= cadence.value <= high:
        return []
    form = words.CADENCE_LOW if cadence.value < low else words.CADENCE_HIGH
    return [form.format(cadence=round(cadence.value), low=round(low), high=round(high))]


def _hurts(assessment: Assessment) -> list[str]:
    hurting = [f for f in assessment.conditions if f.hurts_at and not f.summary_only and f.fit]
    shown = [f"{f.name}: {f.headline}." for f in hurting[:SHOWN_CONDITIONS]]
    if len(hurting) > SHOWN_CONDITIONS:
        shown.append(words.MORE_CAN_BE.format(count=len(hurting) - SHOWN_CONDITIONS))
    if shown:
        places = [place.name for place in assessment.locations if place.hurts]
        shown.insert(0, words.HURTS_SHORT.format(places=", ".join(places)))
    return shown


def _numbers(summary: Summary) -> list[Number]:
    """Six numbers; those that neither foot has are left out, with their reasons further down."""
    prefix = "" if ran(summary) else WALKING
    found: list[Number] = []
    for name in NUMBERS:
        of = {side: summary.measures.get(side, {}).get(prefix + name) for side in Side}
        known = [m for m in of.values() if m is not None and m.value is not None]
        if not known:
            continue
        unit, decimals = known[0].unit, DECIMALS.get(known[0].unit, 2)
        if unit == "°":
            decimals = 0
        parts = [(str(side), m) for side, m in of.items() if m is not None]
        found.append(
            Number(
                label=BY_NAME[name].label,
                unit=unit,
                left=_value(of[Side.LEFT], decimals),
                right=_value(of[Side.RIGHT], decimals),
                typical=own_range(parts, decimals),
            )
        )
    return found


def _value(measure: Measure | None, decimals: int) -> str:
    if measure is None:
        return ""
    if measure.value is None:
        return UNKNOWN
    about = words.ABOUT if measure.quality == "low" else ""
    return f"{about}{number(measure.value, decimals)}"


def _strides(summary: Summary) -> str:
    """How many strides the numbers stand on, and how many measures there are none of."""
    walking = not ran(summary)
    used = sum(c.walking if walking else c.running for c in summary.strides.values())
    if not used:
        return ""
    names = {
        name
        for of in summary.measures.values()
        for name in of
        if name.startswith(WALKING) is walking
    }
    missing = sum(
        all(of[name].value is None for of in summary.measures.values() if name in of)
        for name in names
    )
    more = words.MORE_MISSING.format(count=missing) if missing else ""
    return f"{words.FROM_STRIDES.format(count=used)} {more}".rstrip()


def load_in_short(summary: Summary) -> str:
    """What a kilometre counted like for the structures that feel the pace, in one sentence."""
    if summary.structures is None:
        return ""
    known = {load.key: load for load in summary.structures.each if load.per_km}
    said: dict[str, str] = {}
    for key, name in words.LOAD_NAMES.items():
        if key in known:
            low, high = (f"{end(known[key].per_km.values()):.1f}" for end in (min, max))
            said[name] = low if low == high else words.BETWEEN.format(low=low, high=high)
    if not said:
        return ""
    if set(said.values()) == {"1.0"}:
        return words.LOAD_EASY.format(names=", ".join(said))
    counts = [words.LOAD_OF.format(counts=of, name=name) for name, of in said.items()]
    return words.LOAD_SHORT.format(what=", ".join(counts))


def _to_do(summary: Summary) -> str:
    """The one thing to do next."""
    assessment, load = summary.assessment, summary.load
    if not _steps(summary):
        return "" if told_by_sensor(summary) else words.DO_RECORD
    if summary.doubts:
        return words.DO_CHECK
    if assessment is not None and assessment.ask_first:
        return words.DO_BONES
    if load is not None and _longer(summary) and load.longest_km is not None:
        most = load_evidence().session_bands[0].above * load.longest_km
        return words.DO_SHORTER.format(km=f"{most:.1f}")
    if assessment is not None and any(f.hurts_at for f in assessment.conditions):
        return words.DO_HURTS
    if any(change.counts for change in summary.changes or []):
        return words.DO_LASTS
    if _left_right(summary):
        return words.DO_AGAIN
    if assessment is not None and not assessment.history_known:
        return words.DO_TELL
    return words.DO_NOTHING


def _not_asked(assessment: Assessment) -> str:
    """The questions without an answer, in one line."""
    flags = sum(flag.answer is None for flag in assessment.red_flags)
    if not flags:
        return ""
    return words.NOT_ASKED_YET.format(count=flags)
