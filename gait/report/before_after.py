"""Two runs, or two groups of runs, of one runner: what is different between before and after.

Words and pictures from the summaries alone; the differences are those of
`gait.compare.group_difference`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gait.compare.group_difference import Difference, differences
from gait.measures.curves import together
from gait.model.summary import Measure, Summary
from gait.report.figure_model import SIDES, Figure
from gait.report.figures import Curve, same_axes, step_curves
from gait.report.sentences import duration_words, moment
from gait.text import number, pace, words

Group = Sequence[Summary]


@dataclass(frozen=True, slots=True)
class Pair:
    """A measure before and after. `sure` where it differs by more than its uncertainty."""

    label: str
    side: str
    before: str
    after: str
    difference: str
    verdict: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A run as listed: when it was, and a text for each of `RUN_COLUMNS` of the words."""

    name: str
    values: list[str]


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """All that a page of it says."""

    sentences: list[str]
    pairs: list[Pair]
    remarks: list[str]
    figures: list[Figure]
    groups: list[tuple[str, list[Run]]]


def before_after(before: Group, after: Group) -> BeforeAfter:
    """Two groups of at least one summary each."""
    found = differences([s.speed_bins for s in before], [s.speed_bins for s in after])
    return BeforeAfter(
        sentences=_sentences(before, after, found),
        pairs=[_pair(difference) for difference in found],
        remarks=_remarks(before, after, found),
        figures=_figures(before, after),
        groups=[
            (words.BEFORE, [_run(s) for s in before]),
            (words.AFTER, [_run(s) for s in after]),
        ],
    )


def _sentences(before: Group, after: Group, found: list[Difference]) -> list[str]:
    """What was compared, what differs, and how sure that is: three."""
    which = words.COMPARED_RUNS.format(before=_named(before), after=_named(after))
    if not found:
        return [which, words.NO_COMMON_SPEED]
    low, high = min(d.speeds[0] for d in found), max(d.speeds[1] for d in found)
    sure = [d for d in found if d.beyond_doubt]
    differs = words.NOTHING_DIFFERS.format(count=len(found))
    if sure:
        said = "; ".join(d.row.said(d.side, d.by) for d in sure)
        differs = words.DIFFERS.format(what=said[:1].upper() + said[1:])
    speeds = words.AT_SPEEDS.format(low=f"{low:.1f}", high=f"{high:.1f}", count=len(found))
    return [which, differs, speeds]


def _named(group: Group) -> str:
    """One run by its date, several by their number and dates."""
    dates = sorted(moment(s.started_at)[:10] for s in group if s.started_at)
    if len(group) == 1:
        return dates[0] if dates else group[0].source
    if not dates:
        return words.RUNS_UNDATED.format(count=len(group))
    return words.RUNS_DATED.format(count=len(group), first=dates[0], last=dates[-1])


def _pair(found: Difference) -> Pair:
    row = found.row
    one, other, doubt = (
        number(v, row.decimals) for v in (found.first, found.second, found.uncertainty)
    )
    by = number(found.by, row.decimals, signed=True)
    return Pair(
        label=row.label,
        side=found.side,
        before=f"{one} {row.unit}".strip(),
        after=f"{other} {row.unit}".strip(),
        difference=words.DIFFERENCE.format(by=by, doubt=doubt, unit=row.unit).strip(),
        verdict=words.BEYOND_DOUBT if found.beyond_doubt else words.WITHIN_DOUBT,
        sure=found.beyond_doubt,
    )


def _remarks(before: Group, after: Group, found: list[Difference]) -> list[str]:
    remarks = []
    gear = {s.gear for s in before}, {s.gear for s in after}
    if gear[0] != gear[1]:
        remarks.append(words.OTHER_GEAR)
    if found and min(len(before), len(after)) == 1:
        remarks.append(words.SINGLE_RUN)
    absent = [s for s in SIDES if any(s not in summary.strides for summary in (*before, *after))]
    remarks += [words.FOOT_MISSING.format(side=words.SIDE[side]) for side in absent]
    return remarks


def _figures(before: Group, after: Group) -> list[Figure]:
    """The average step, one figure a foot, with the same axes for both feet."""
    found = []
    for name in words.STEP_PICTURES:
        feet = []
        for side in SIDES:
            parts = [
                [s.curves[side][name] for s in group if name in s.curves.get(side, {})]
                for group in (before, after)
            ]
            if all(parts):
                one, other = (together(curves) for curves in parts)
                curves = [
                    Curve(words.BEFORE, side, one, beside=True),
                    Curve(words.AFTER, side, other),
                ]
                key, notes = f"step-{name}-{side}", [words.NOTE_BEFORE_AFTER]
                foot = words.SIDE[side]
                feet.append(step_curves(name, curves, key=key, foot=foot, notes=notes))
        found += same_axes(feet)
    return found


def _run(summary: Summary) -> Run:
    both = summary.measures.get("both", {})
    speed = _value(both.get("speed_m_s"))
    cadence = _value(both.get("cadence_spm"))
    metres = summary.distance.metres
    return Run(
        name=f"{moment(summary.started_at)}, {summary.source}",
        values=[
            duration_words(summary.duration_s),
            words.NOT_MEASURED if metres is None else f"{metres / 1000:.2f} {words.KM}",
            words.NOT_MEASURED if not speed else pace(speed),
            words.NOT_MEASURED if cadence is None else f"{cadence:.0f}",
        ],
    )


def _value(measure: Measure | None) -> float | None:
    return None if measure is None else measure.value
