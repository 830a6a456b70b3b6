"""An athlete's trends: one measure over weeks, as it was or at the speed they usually run at."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from string import ascii_uppercase

import numpy as np
from nicegui import ui

from gait.athletes.reassess import names_measured, trend, verdicts
from gait.compare.baseline import adjusted, baseline_of, own_range
from gait.compare.baseline_model import Adjusted
from gait.compare.compared_measures import BY_MEASURE
from gait.dashboard import words
from gait.dashboard.layout import figure, paragraph, section
from gait.dashboard.state import AthleteContext
from gait.measures.session_table import ROWS
from gait.model import PastRun
from gait.report.figures import TrendLine, over_days
from gait.risk import EvidenceTable, load_evidence
from gait.roster import Checkup, KeptRun, Session, Shoe, TrendPoint
from gait.roster.moments import local_day, moment_of, now
from gait.text import pace

SIDES = ("left", "right", "both")
MOST_MARKS = 12
DAYS_A_MONTH = 30.4375

Mark = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Trend:
    """`usual`: the runner's own range with what they wear now, by side, where it is known."""

    lines: list[TrendLine]
    usual: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    speed_m_s: float | None = None
    notes: Sequence[str] = ()


def as_it_was(measure: str, points: Mapping[str, Sequence[TrendPoint]]) -> Trend:
    """The median of each session, whatever its speed was; `points` by side."""
    return Trend(
        [
            TrendLine(side, [(p.day, p.value, p.uncertainty) for p in points[side]])
            for side in _sides(measure, [side for side in SIDES if points.get(side)])
        ]
    )


def of_others(measure: str, runs: Sequence[KeptRun]) -> list[TrendLine]:
    """What other makers told of it, each in lines of its own."""
    found: dict[tuple[str, str], list[tuple[date, float, float | None]]] = {}
    for run in sorted(runs, key=lambda run: run.started_at):
        for told in run.measures:
            if told.name == measure:
                found.setdefault((run.maker, told.side), []).append((run.day, told.value, None))
    return [TrendLine(side, points, maker) for (maker, side), points in found.items()]


def at_usual_speed(measure: str, runs: Sequence[PastRun]) -> Trend:
    """Each run's value at the speed that is in the middle of all strides of `runs`, beside what
    was measured.

    The slope that moves a value to the speed is that of the runs before it, in the same shoes with
    the same sensors, so no run has a say in how it is drawn itself; a run with fewer than five
    before it, or without strides near that speed, is only there as it was measured.
    """
    speed = usual_speed(runs)
    if speed is None:
        return Trend([])
    found = {side: _adjusted(measure, side, runs, speed) for side in SIDES}
    sides = _sides(measure, [side for side in SIDES if _any(found[side])])
    worn = [run for run in runs if run.gear == runs[-1].gear]
    before = baseline_of(worn[:-1])  # a band that the last runs are in would follow them
    bands = {side: own_range(measure, side, before, speed) for side in sides}
    usual = {side: band for side, band in bands.items() if band is not None}
    lines = [TrendLine(side, _moved(runs, found[side])) for side in sides]
    lines += [TrendLine(side, _measured(runs, found[side]), words.AS_MEASURED) for side in sides]
    return Trend(lines, usual, speed, _disagree(runs, found, usual))


def _adjusted(measure: str, side: str, runs: Sequence[PastRun], speed: float) -> list[Adjusted]:
    """In the order of the runs."""
    found = [Adjusted(math.nan, math.nan, math.nan)] * len(runs)
    gears = [run.gear for run in runs]
    for gear in dict.fromkeys(gears):
        same = [n for n, g in enumerate(gears) if g == gear]
        for n, one in zip(
            same, adjusted(measure, side, [runs[n] for n in same], speed), strict=True
        ):
            found[n] = one
    return found


def _any(found: Sequence[Adjusted]) -> bool:
    return any(math.isfinite(one.value) for one in found)


def _moved(
    runs: Sequence[PastRun], found: Sequence[Adjusted]
) -> list[tuple[date, float, float | None]]:
    told = zip(runs, found, strict=True)
    return [(_day(r), one.value, one.uncertainty) for r, one in told if math.isfinite(one.value)]


def _measured(
    runs: Sequence[PastRun], found: Sequence[Adjusted]
) -> list[tuple[date, float, float | None]]:
    told = zip(runs, found, strict=True)
    return [(_day(r), one.measured, None) for r, one in told if math.isfinite(one.measured)]


def _disagree(
    runs: Sequence[PastRun],
    found: Mapping[str, Sequence[Adjusted]],
    usual: Mapping[str, tuple[float, float]],
) -> list[str]:
    """Of the last run: where measured and adjusted lie on different sides of the own range."""
    said: list[str] = []
    for side, (low, high) in usual.items():
        one = found[side][-1]
        if not math.isfinite(one.value):
            continue
        outside = [not low <= value <= high for value in (one.measured, one.value)]
        if outside[0] != outside[1]:
            form = words.MEASURED_OUTSIDE if outside[0] else words.ADJUSTED_OUTSIDE
            said.append(form.format(day=_day(runs[-1]), side=side))
    return said


def usual_speed(runs: Sequence[PastRun]) -> float | None:
    """m/s: half of all strides were faster, None without any."""
    bins = [b for r in runs for side in ("left", "right") for b in r.speed_bins.get(side, ())]
    told = sorted((b.medians["speed_m_s"], b.n) for b in bins if "speed_m_s" in b.medians)
    if not told:
        return None
    passed = np.cumsum([n for _, n in told])
    return told[int(np.searchsorted(passed, passed[-1] / 2.0))][0]


def marks(
    sessions: Sequence[Session],
    shoes: Sequence[Shoe],
    checkups: Sequence[Checkup],
    table: EvidenceTable,
    since: date,
) -> list[Mark]:
    """Days on which something changed: other shoes, pain and injuries as told; the last few."""
    found = [*_new_shoes(sessions, shoes), *_pains(checkups, table), *_injuries(checkups, table)]
    later = sorted((day, what) for day, what in found if day >= since)
    return list(dict.fromkeys(later))[-MOST_MARKS:]


def _sides(measure: str, measured: Sequence[str]) -> list[str]:
    """What is the runner's as one line; else each foot's."""
    if "both" in measured and ROWS[measure].of_runner:
        return ["both"]
    return [side for side in measured if side != "both"] or list(measured)


def _day(run: PastRun) -> date:
    return local_day(moment_of(run.started_at))


def _new_shoes(sessions: Sequence[Session], shoes: Sequence[Shoe]) -> list[Mark]:
    """The first day of each pair but the first."""
    models = {shoe.id: shoe.model for shoe in shoes}
    first: dict[int, date] = {}
    for session in sorted(sessions, key=lambda s: s.started_at):
        if session.shoe in models:
            first.setdefault(session.shoe, session.day)
    return [(day, words.NEW_SHOES.format(shoe=models[id])) for id, day in list(first.items())[1:]]


def _pains(checkups: Sequence[Checkup], table: EvidenceTable) -> list[Mark]:
    found = []
    for checkup in checkups:
        for pain in checkup.answers.get("pain") or ():
            place = table.locations.get(pain.get("where"))
            if place is not None:
                what = words.sided(place.name, pain.get("side"))
                found.append((checkup.taken_on, words.PAIN_MARK.format(where=what)))
    return found


def _injuries(checkups: Sequence[Checkup], table: EvidenceTable) -> list[Mark]:
    """The end of each injury, from the latest checkup that has a list of them."""
    for checkup in sorted(checkups, key=lambda c: (c.taken_on, c.id), reverse=True):
        injuries = checkup.answers.get("history", {}).get("injuries")
        if injuries is not None:
            return [
                (
                    checkup.taken_on - timedelta(days=DAYS_A_MONTH * injury["months_ago"]),
                    words.INJURY_MARK.format(
                        what=words.sided(_injury_name(injury, table), injury.get("side"))
                    ),
                )
                for injury in injuries
                if injury.get("months_ago") is not None
            ]
    return []


def _injury_name(injury: Mapping[str, str], table: EvidenceTable) -> str:
    condition = table.conditions.get(injury.get("condition", ""))
    return condition.name if condition else words.OTHER_INJURY


WEEKS = {12: words.WEEKS_12, 26: words.WEEKS_26, 52: words.WEEKS_52, 104: words.WEEKS_104}
LETTERS = ascii_uppercase[:MOST_MARKS]  # at the marks in the picture, explained below it
AT_SPEED, AS_WAS = "at speed", "as was"
HOWS = {AT_SPEED: words.AT_USUAL_SPEED, AS_WAS: words.AS_IT_WAS}


class TrendPart:
    """Built once a context; `fill` shows what is chosen, from what is kept by then."""

    def __init__(self, context: AthleteContext) -> None:
        self._context = context
        self._runs: list[PastRun] = []
        self._others: list[KeptRun] = []
        context.parts.append(self.fill)
        with section(words.TRENDS):
            with ui.element().classes("side-by-side") as self._choices:
                self._measure = ui.select([], label=words.MEASURE, on_change=self._draw)
                self._how = ui.select(HOWS, value=AT_SPEED, label=words.VALUES)
                self._weeks = ui.select(WEEKS, value=26, label=words.TIME)
            self._measure.classes("choice")
            for choice in (self._how, self._weeks):
                choice.classes("choice").on_value_change(self.fill)
            self._place = ui.element()
            self._note = ui.label().classes("faint")
        self.fill()

    def fill(self) -> None:
        """Everything anew, as sessions may have come or gone."""
        roster, athlete = self._context.state.roster, self._context.athlete
        last = roster.sessions.all(athlete, limit=1)
        self._others = roster.foreign.all(athlete, since=self._since())
        measured = names_measured(roster, last[0]) if last else set[str]()
        offered = _offered(measured | {told.name for run in self._others for told in run.measures})
        chosen = self._measure.value
        if chosen not in offered:
            chosen = self._changed(last, offered) or next(iter(offered), None)
        self._runs = roster.history.past_runs(
            athlete, before=now(), since=self._since().isoformat()
        )
        self._choices.set_visibility(bool(offered))
        self._measure.set_options(offered, value=chosen)
        self._draw()

    def _changed(self, last: Sequence[Session], offered: Mapping[str, str]) -> str | None:
        """The measure that the last session was different in, so that it is seen first."""
        found = verdicts(self._context.state.roster, [session.id for session in last])
        shown = (c.measure for one in found.values() for c in (*one.lasting, *one.once))
        return next((measure for measure in shown if measure in offered), None)

    def _since(self) -> date:
        return self._context.state.today() - timedelta(weeks=self._weeks.value)

    def _draw(self) -> None:
        self._place.clear()
        measure = self._measure.value
        if measure is None:
            self._note.text = words.NO_TRENDS
            return
        found, notes = self._trend(measure)
        self._note.text = " ".join(notes)
        if not found.lines:
            return
        row = ROWS[measure]
        sessions = self._context.state.roster.sessions.all(self._context.athlete)
        opens = {one.day: f"/session/{one.id}" for one in reversed(sessions)}
        happened = self._marks(sessions)
        drawn = over_days(
            row.label,
            row.unit,
            row.decimals,
            found.lines,
            usual=found.usual,
            marks=[(day, LETTERS[n]) for n, (day, _) in enumerate(happened)],
            href=lambda day: opens.get(day, ""),
        )
        with self._place:
            figure(drawn, wide=True)
            for letter, (day, what) in zip(LETTERS, happened, strict=False):
                paragraph(words.MARK.format(letter=letter, day=day, what=what), "faint")

    def _trend(self, measure: str) -> tuple[Trend, list[str]]:
        """What was chosen; where there is nothing at one speed, what was measured at any."""
        if self._how.value == AT_SPEED:
            found = at_usual_speed(measure, self._runs)
            if found.lines:
                band = words.BAND if found.usual else words.NO_BAND
                return found, [*found.notes, _speed(found), band]
        points = {side: self._points(measure, side) for side in SIDES}
        found = as_it_was(measure, points)
        others = of_others(measure, self._others)
        found.lines.extend(others)
        if self._how.value == AT_SPEED and found.lines:
            return found, [words.NOT_AT_SPEED, *([words.OF_OTHERS] if others else [])]
        notes = [words.AT_ANY_SPEED if found.lines else words.NO_VALUES]
        return found, [*notes, *([words.OF_OTHERS] if others else [])]

    def _points(self, measure: str, side: str) -> list[TrendPoint]:
        context = self._context
        return trend(context.state.roster, context.athlete, measure, side, since=self._since())

    def _marks(self, sessions: Sequence[Session]) -> list[Mark]:
        roster, athlete = self._context.state.roster, self._context.athlete
        return marks(
            sessions,
            roster.shoes.all(athlete),
            roster.checkups.all(athlete),
            load_evidence(),
            self._since(),
        )


def _speed(trend: Trend) -> str:
    speed = trend.speed_m_s or 0.0
    return words.SPEED_OF_TREND.format(speed=speed, pace=pace(speed))


def _offered(measured: set[str]) -> dict[str, str]:
    """Those that are compared with earlier runs first."""
    names = [name for name in (*BY_MEASURE, *ROWS) if name in measured and name in ROWS]
    return {name: f"{ROWS[name].label} ({ROWS[name].unit})" for name in dict.fromkeys(names)}
