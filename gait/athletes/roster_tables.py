"""What the roster holds as text and tables for a terminal. Unknown is a dash."""

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from gait.measures.session_table import ROWS
from gait.model.history import ONLY_FOREIGN, Change, ForeignMeasure, Verdict
from gait.report.sentences import named
from gait.roster import (
    Athlete,
    Goal,
    KeptRun,
    Note,
    Session,
    Shoe,
    Standing,
    TrainingWeek,
    UsedSensor,
)
from gait.text import UNKNOWN, printable, told_apart

BAR_COLUMNS = 30
TOLD_FIRST = ("cadence_spm", "contact_ms", "impact_g", "power_w", "power_w_kg", "heart_rate_bpm")
MOST_TOLD = 4


def everybody(
    people: Sequence[Standing],
    groups: Mapping[int, Sequence[str]],
    counting: Mapping[int, Verdict],
) -> Table:
    """One row an athlete; `counting` is what differs by the id of the session."""
    table = _table("name", "groups", "last run", "*runs", "*km in 4 weeks", "last run was")
    for one in people:
        table.add_row(
            shown(one.name),
            shown(", ".join(groups[one.athlete]) or UNKNOWN),
            str(one.last_day or UNKNOWN),
            str(one.sessions),
            f"{one.recent_km:.1f}",
            NO_RUN if one.last is None else how_different(counting[one.last]),
        )
    return table


NO_RUN = "cannot tell: no run yet"


def how_different(verdict: Verdict) -> str:
    """A session beside the runner's own earlier ones: changed, as usual, or why nobody can tell."""
    if verdict.why:
        return f"cannot tell: {verdict.why[:1].lower()}{verdict.why[1:].rstrip('.')}"
    if verdict.lasting:
        return f"changed: {named_changes(verdict.lasting)}"
    if verdict.once:
        return f"cannot tell: {named_changes(verdict.once)}, in this run alone"
    return "as usual"


def named_changes(changes: Sequence[Change]) -> str:
    """What is different, such as `pronation (left) higher`."""
    ways = {True: "higher", False: "lower"}
    return ", ".join(f"{named(change)} {ways[change.difference > 0.0]}" for change in changes)


def about(athlete: Athlete) -> Text:
    """What is known of a person, in one line."""
    known = [
        f"{athlete.height_m:.2f} m" if athlete.height_m else "",
        f"{athlete.mass_kg:g} kg" if athlete.mass_kg else "",
        f"born {athlete.birth_year}" if athlete.birth_year else "",
        athlete.sex or "",
        "in " + ", ".join(athlete.groups) if athlete.groups else "",
    ]
    said = ", ".join(filter(None, known)) or "nothing more is known"
    return Text(printable(f"{athlete.name}: {said}"))


def shoes_table(shoes: Iterable[Shoe]) -> Table:
    table = _table("shoes", "*km", "since", "")
    for shoe in shoes:
        more = "at least " if shoe.uncounted else ""
        table.add_row(
            shown(shoe.model),
            f"{more}{shoe.km:.0f}",
            str(shoe.since or UNKNOWN),
            f"retired {shoe.retired}" if shoe.retired else "in use",
        )
    return table


def sessions_table(
    sessions: Iterable[Session], shoes: Iterable[Shoe], counting: Mapping[int, Verdict]
) -> Table:
    models = {shoe.id: shoe.model for shoe in shoes}
    table = _table("*no.", "day", "*lasted", "*km", "shoes", "it was", "recording")
    for session in sessions:
        table.add_row(
            str(session.id),
            str(session.day),
            duration(session.duration_s),
            UNKNOWN if session.metres is None else f"{session.metres / 1000:.2f}",
            shown(models.get(session.shoe or 0, UNKNOWN)),
            how_different(counting[session.id]),
            shown(session.source),
        )
    return table


def foreign_table(runs: Iterable[KeptRun]) -> Table:
    """Runs of other makers' devices, with what is asked of them most."""
    table = _table("from", "day", "*lasted", "*km", "they told", "file")
    for run in runs:
        km = UNKNOWN if run.km is None else f"{run.km:.2f}"
        table.add_row(
            shown(run.maker),
            str(run.day),
            duration(60.0 * run.minutes),
            km if run.counted else f"({km})",
            shown(", ".join(map(told, _first(run.measures))) or UNKNOWN),
            shown(run.source),
        )
    return table


def told(measure: ForeignMeasure) -> str:
    """A measure of another maker in words: what, which foot, how much."""
    label, unit, decimals = label_of(measure)
    foot = "" if measure.side == "both" else f" {measure.side}"
    return f"{label.lower()}{foot} {measure.value:.{decimals}f} {unit}".rstrip()


def label_of(measure: ForeignMeasure) -> tuple[str, str, int]:
    """Label, unit and decimals, as for the same measure here."""
    if measure.name in ROWS:
        row = ROWS[measure.name]
        return row.label, row.unit, row.decimals
    return ONLY_FOREIGN.get(measure.name, (measure.name, measure.unit, 1))


def _first(measures: Sequence[ForeignMeasure]) -> list[ForeignMeasure]:
    order = {name: number for number, name in enumerate(TOLD_FIRST)}
    return sorted((m for m in measures if m.name in order), key=lambda m: order[m.name])[:MOST_TOLD]


def weeks_table(weeks: Sequence[TrainingWeek]) -> Table:
    """Kilometres a week as bars of one common scale."""
    table = _table("week of", "*km", "*runs", "")
    most = max((week.km for week in weeks), default=0.0) or 1.0
    for week in weeks:
        more = "at least " if week.uncounted else ""
        bar = "█" * round(BAR_COLUMNS * week.km / most)
        table.add_row(str(week.begins), f"{more}{week.km:.1f}", str(week.runs), bar)
    return table


def sensors_table(sensors: Iterable[UsedSensor]) -> Table:
    table = _table("sensor", "side", "kind", "last used")
    listed = list(sensors)
    names = told_apart([(s.info.name, s.info.address or s.info.serial) for s in listed])
    for used, name in zip(listed, names, strict=True):
        info = used.info
        table.add_row(shown(name), str(info.side), shown(info.profile), str(used.last_used))
    return table


def goal_line(goal: Goal) -> Text:
    when = f", by {goal.due}" if goal.due else ""
    done = f", reached {goal.reached}" if goal.reached else ""
    return Text(printable(f"Goal: {goal.text}{when}{done}"))


def note_line(note: Note) -> Text:
    return Text(printable(f"{note.day}: {note.text}"))


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def shown(text: str) -> Text:
    """Text of somebody else, which is not markup and moves no cursor."""
    return Text(printable(text))


def _table(*columns: str) -> Table:
    """A star before a name puts its column to the right, for numbers."""
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column.lstrip("*"), justify="right" if column.startswith("*") else "left")
    return table
