"""What a run says, in three plain sentences from the summary's own numbers.

The terminal and the report show the same three: what was done, the two feet, what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gait.compare.baseline import count_word
from gait.compare.compared_measures import BY_MEASURE
from gait.measures.aggregate import NO_STEPS
from gait.measures.table import Group
from gait.model.assessment import (
    SignAnswer,
    SignFit,
)
from gait.model.history import Change
from gait.model.summary import Measure, Summary
from gait.report.measure_table import (
    WALKING,
    Row,
    by_reason,
    measure_rows,
)
from gait.risk.signs import SPOT
from gait.text import number, pace, words

NAMED_REASONS = 2  # more than these are counted
NAMED_MEASURES = 3  # of one reason
SIDES = (words.LEFT, words.RIGHT)


def what_this_run_says(summary: Summary) -> list[str]:
    """Exactly three sentences."""
    found = sum(c.running + c.walking for c in summary.strides.values())
    done = _what_was_done(summary, found)
    return [_sentence(done), _sentence(_feet(summary)), _sentence(_missing(summary, found))]


def duration_words(seconds: float) -> str:
    """Seconds below two minutes, minutes below two hours, else hours and minutes."""
    if seconds < 119.5:
        return words.SECONDS.format(s=round(seconds))
    minutes = round(seconds / 60.0)
    if minutes < 120:
        return words.MINUTES.format(m=minutes)
    return words.HOURS.format(h=minutes // 60, m=minutes % 60)


def moment(started_at: str | None) -> str:
    """Date and time of day, such as `2026-05-03 07:30`."""
    if started_at is None:
        return words.DATE_UNKNOWN
    try:
        return f"{datetime.fromisoformat(started_at):%Y-%m-%d %H:%M}"
    except ValueError:
        return started_at


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def ran(summary: Summary) -> bool:
    """Whether there is running, or a sensor tells of running by itself; else the session is
    reported as walking. An odd stride or two among walking are no running."""
    running = any(count.running for count in summary.strides.values())
    walking = any(count.walking for count in summary.strides.values())
    odd = walking and not summary.activity_s.get("running", 0.0)
    return (running and not odd) or _told(summary)


def _told(summary: Summary) -> bool:
    """Whether a sensor tells of running by itself, where there are no strides to take it from."""
    cadence = summary.measures.get("both", {}).get("cadence_spm")
    strides = any(count.found for count in summary.strides.values())
    known = cadence is not None and cadence.value is not None
    return not strides and (known or summary.activity_s.get("running", 0.0) > 0.0)


def _what_was_done(summary: Summary, found: int) -> str:
    told = _told(summary)
    if not found and not told:
        text = words.NO_STEPS.format(time=duration_words(summary.duration_s))
        why = why_no_steps(summary)
        return text + words.BECAUSE.format(why=why) if why else text
    both = summary.measures.get("both", {})
    walked = summary.activity_s.get("walking", 0.0)
    if not ran(summary):
        cadence = both.get(f"{WALKING}cadence_spm")
        if cadence is None or cadence.value is None:
            return words.WALKED.format(time=duration_words(walked))
        return words.WALKED_CADENCE.format(
            time=duration_words(walked), cadence=f"{cadence.value:.0f}"
        )
    time = duration_words(summary.activity_s.get("running", 0.0))
    cadence = both.get("cadence_spm")
    if cadence is None or cadence.value is None:
        why = cadence.why_not if cadence else None
        text = words.RAN_CADENCE_UNKNOWN.format(time=time, why=why or words.NO_REASON)
    else:
        text = words.RAN.format(time=time, cadence=f"{cadence.value:.0f}")
        text += _speed(both.get("speed_m_s")) + (words.TOLD if told else "") + _place(cadence)
    return text + (words.AND_WALKED.format(time=duration_words(walked)) if walked >= 1.0 else "")


def why_no_steps(summary: Summary) -> str:
    """The reasons of the feet that were recorded; empty where none is known."""
    found = (summary.measures.get(side, {}).get("cadence_spm") for side in SIDES)
    reasons = dict.fromkeys(m.why_not for m in found if m is not None and m.why_not)
    return "; ".join(reason for reason in reasons if reason != NO_STEPS)


def _speed(speed: Measure | None) -> str:
    if speed is None or not speed.value:
        return ""
    if speed.quality == "low" and speed.why_not:
        return words.AT_SPEED_ROUGHLY.format(
            speed=f"{speed.value:.1f}", pace=pace(speed.value), why=speed.why_not
        )
    return words.AT_SPEED.format(speed=f"{speed.value:.1f}", pace=pace(speed.value))


def _place(cadence: Measure) -> str:
    """Where the cadence lies against what it can be seen beside."""
    reference = cadence.reference
    if reference is None or cadence.value is None:
        return ""
    places = words.CADENCE_PLACE.get(reference.kind)
    if places is None or reference.low is None or reference.high is None:
        return ""
    low, high = round(reference.low), round(reference.high)
    value = round(cadence.value)
    place = "below" if value < low else "above" if value > high else "within"
    return places[place].format(low=low, high=high, whom=reference.text)


def _feet(summary: Summary) -> str:
    """Contact with left against right, pronation, impact; and what lasts against own runs."""
    prefix = "" if ran(summary) else WALKING
    parts = [
        _contact(summary, f"{prefix}contact_ms"),
        _pair(summary, f"{prefix}pronation_excursion_deg", 1, "PRONATION"),
        _pair(summary, f"{prefix}impact_g", 1, "IMPACT"),
        _differs(summary),
    ]
    said = [part for part in parts if part]
    if said:
        return "; ".join(said)
    if not any(c.running + c.walking for c in summary.strides.values()) and not _told(summary):
        return words.NO_FEET_EITHER
    whys = [
        m.why_not
        for side in SIDES
        for m in summary.measures.get(side, {}).values()
        if m.value is None
    ]
    return words.NO_FEET.format(why=next((why for why in whys if why), words.NO_REASON))


def _differs(summary: Summary) -> str:
    lasting = [named(change) for change in summary.changes or [] if change.counts]
    return words.LASTING.format(what=", ".join(lasting)) if lasting else ""


def _values(summary: Summary, name: str) -> dict[str, float]:
    found = {side: summary.measures.get(side, {}).get(name) for side in SIDES}
    return {s: m.value for s, m in found.items() if m is not None and m.value is not None}


def _pair(summary: Summary, name: str, decimals: int, kind: str) -> str:
    """One measure of both feet, or of the one that has it."""
    known = {side: f"{v:z.{decimals}f}" for side, v in _values(summary, name).items()}
    if len(known) == 2:
        form: str = getattr(words, f"{kind}_BOTH")
        return form.format(left=known[words.LEFT], right=known[words.RIGHT])
    form = getattr(words, f"{kind}_ONE")
    return "".join(form.format(side=words.SIDE[side], value=value) for side, value in known.items())


def _contact(summary: Summary, name: str) -> str:
    said = _pair(summary, name, 0, "CONTACT")
    difference = summary.measures.get("both", {}).get("symmetry_contact_pct")
    if not said or name.startswith(WALKING) or difference is None or difference.value is None:
        return said
    if difference.uncertainty is None:
        return said
    uncertainty = f"{difference.uncertainty:.1f}"
    if abs(difference.value) <= difference.uncertainty:
        return said + words.ALIKE.format(uncertainty=uncertainty)
    side = words.LEFT if difference.value > 0 else words.RIGHT
    return said + words.LONGER.format(
        pct=f"{abs(difference.value):.1f}", side=words.SIDE[side], uncertainty=uncertainty
    )


def _missing(summary: Summary, found: int) -> str:
    if not found:
        return words.ONLY_TOLD if _told(summary) else words.NOTHING_TO_MEASURE
    rows = measure_rows(summary, walking=not ran(summary))
    nothing = by_reason([row for row in rows if _main(row)], lambda m: m.value is None)
    further = sum(not _main(row) and all(m.value is None for _, m in row.parts) for row in rows)
    if nothing:
        parts = [f"{_list(labels)} ({why})" for why, labels in nothing.items()]
        more = sum(len(labels) for labels in list(nothing.values())[NAMED_REASONS:]) + further
        if more:
            parts = [*parts[:NAMED_REASONS], words.MORE_MISSING.format(count=more)]
        return words.MISSING.format(what="; ".join(parts))
    said = (words.MAIN_MEASURED if further else words.ALL_MEASURED).format(strides=found)
    uncertain = by_reason([row for row in rows if row.key], lambda m: m.quality == "low")
    for why, labels in uncertain.items():
        said += words.SOME_UNCERTAIN.format(what=_list(labels), why=why)
        break
    return said + (words.FURTHER_MISSING.format(count=further) if further else "")


def _main(row: Row) -> bool:
    """Whether a gap in it belongs in the three sentences; a longer run alone may fill others."""
    return row.key and (row.of is None or row.of.group not in (Group.VARIABILITY, Group.DRIFT))


def _list(labels: list[str]) -> str:
    """`a, b and c`; more than a few are counted."""
    names = [label[:1].lower() + label[1:] for label in labels]
    if len(names) > NAMED_MEASURES:
        others = words.OTHERS.format(count=len(names) - NAMED_MEASURES + 1)
        names = [*names[: NAMED_MEASURES - 1], others]
    if len(names) == 1:
        return names[0]
    return ", ".join(names[:-1]) + words.AND + names[-1]


OF_THE_LAST = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of the table of changes: the runner's usual, this run, and what is to be said of it."""

    label: str
    side: str
    usual: str
    value: str
    verdict: str
    counts: bool


def changes_said(summary: Summary) -> list[str]:
    """What lasts, what stood out in this run only, and what was not compared; in sentences."""
    changes = summary.changes or []
    said = lasting_said(changes) or ([_nothing(changes)] if changes else [])
    alone = [change for change in changes if _stands_out(change) and not change.counts]
    if alone:
        what = ", ".join(named(change) for change in alone)
        said.append(words.CHANGE_ALONE.format(what=what[:1].upper() + what[1:]))
    return [*said, *summary.change_notes]


def lasting_said(changes: Sequence[Change]) -> list[str]:
    """What lasts, a sentence each."""
    return [_lasting(change) for change in changes if change.counts]


def compared_rows(changes: Sequence[Change]) -> list[Compared]:
    """Every measure that was compared, what lasts first."""
    rows = []
    for change in sorted(changes, key=lambda c: not c.counts):
        measure = BY_MEASURE[change.measure]
        usual, value = (number(v, measure.decimals) for v in (change.usual, change.value))
        around = f"{change.smallest:.{measure.decimals}f}"
        rows.append(
            Compared(
                label=measure.label,
                side=change.side,
                usual=words.USUAL.format(usual=usual, around=around, unit=change.unit).strip(),
                value=f"{value} {change.unit}".strip(),
                verdict=_verdict(change),
                counts=change.counts,
            )
        )
    return rows


def named(change: Change) -> str:
    """The measure, and of which foot."""
    label = BY_MEASURE[change.measure].label
    name = label[:1].lower() + label[1:]
    return name if change.side == "both" else f"{name} ({words.SIDE[change.side]})"


def _stands_out(change: Change) -> bool:
    return abs(change.difference) > change.smallest


def _lasting(change: Change) -> str:
    return words.CHANGE_SEEN.format(text=change.text.rstrip("."), seen=count_word(change.seen_in))


def _nothing(changes: Sequence[Change]) -> str:
    return words.NOTHING_CHANGED.format(
        count=len(changes), runs=count_word(max(change.runs for change in changes))
    )


def _verdict(change: Change) -> str:
    if not _stands_out(change):
        return words.AS_USUAL
    higher = change.difference > 0.0
    word = words.HIGHER if higher else words.LOWER
    if change.counts:
        return words.LASTS.format(word=word, seen=change.seen_in, of=OF_THE_LAST)
    return words.ALONE.format(word=word)


def fit_in_words(fit: SignFit | None) -> list[str]:
    """What fits, what speaks against, what is not so and what is not asked: a line each."""
    if fit is None:
        return []
    signs = fit.signs
    fits = [s for s in signs if s.answer and not s.against]
    denied = [s for s in signs if s.distinguishes and s.answer is False]
    against = [s.text for s in signs if s.against and s.answer] + [_denied(s) for s in denied]
    not_so = [s.text for s in signs if s.answer is False and not (s.distinguishes or s.against)]
    unasked = [s.text for s in signs if s.answer is None and not s.against]
    lines = (
        (words.TELLS_APART, [s.text for s in fits if s.distinguishes]),
        (words.FITS, [s.text for s in fits if not s.distinguishes]),
        (words.SPEAKS_AGAINST, against),
        (words.NOT_SO, not_so),
        (words.NOT_ASKED, unasked),
    )
    return [form.format(what="; ".join(said)) for form, said in lines if said]


def _denied(sign: SignAnswer) -> str:
    form = words.SPOT_ELSEWHERE if sign.key == SPOT else words.ANSWERED_NO
    return form.format(what=sign.text)
