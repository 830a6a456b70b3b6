"""Two groups of sessions that are compared: which they are, and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gait.compare.group_difference import Difference, differences
from gait.dashboard import compare_words
from gait.dashboard.charts import Curve, number
from gait.model import SpeedBin, StepCurve, UsageError
from gait.report.series import SIDES
from gait.roster import Athlete, Roster, Session

EVER = "9999"  # sorts behind every moment
LOOKED_AT = 10  # sessions, for one with an average step


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the two groups. `session` alone where it is given, else all of these days."""

    athlete: int
    since: date
    until: date
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Sessions that belong together, the newest first, and their strides by speed."""

    name: str
    athlete: Athlete
    sessions: list[Session]
    bins: list[dict[str, list[SpeedBin]]]

    @property
    def gear(self) -> set[str]:
        return {session.gear for session in self.sessions}


def group_of(roster: Roster, chosen: Chosen) -> Group:
    """Raises UsageError where the athlete or the session is no longer in the roster."""
    athlete = roster.athletes.get(chosen.athlete)
    if chosen.session is not None:
        session = roster.sessions.get(chosen.session)
        if session.athlete != athlete.id:
            raise UsageError(f"That session is not one of {athlete.name}'s; choose another.")
        sessions = [session]
        name = compare_words.ONE_DAY.format(name=athlete.name, day=session.day)
    else:
        sessions = roster.sessions.all(athlete, since=chosen.since, until=chosen.until)
        name = compare_words.BETWEEN.format(
            name=athlete.name, since=chosen.since, until=chosen.until
        )
    keys = {session.key for session in sessions}
    runs = roster.history.past_runs(athlete, before=EVER) if keys else []
    return Group(name, athlete, sessions, [run.speed_bins for run in runs if run.key in keys])


def compared(first: Group, second: Group) -> list[Difference]:
    return differences(first.bins, second.bins)


def sentences(found: Sequence[Difference]) -> list[str]:
    """What exceeds its uncertainty, or that nothing does."""
    said = [_sentence(one) for one in found if one.beyond_doubt]
    return said or [compare_words.NONE_BEYOND.format(count=len(found))]


def remarks(first: Group, second: Group) -> list[str]:
    """What must be known to read the differences."""
    said = []
    if first.athlete.id != second.athlete.id:
        said.append(compare_words.OTHER_PEOPLE)
    if len(first.gear | second.gear) > 1:
        said.append(compare_words.OTHER_GEAR)
    return said


def word(one: Difference) -> str:
    """Whether and how the second differs."""
    if not one.beyond_doubt:
        return compare_words.NO_MORE
    return compare_words.HIGHER if one.by > 0.0 else compare_words.LOWER


def runs_said(one: Difference) -> str:
    first, second = (
        compare_words.ONE_RUN if n == 1 else compare_words.SOME_RUNS.format(n=n) for n in one.runs
    )
    return compare_words.RUNS.format(first=first, second=second)


def _sentence(one: Difference) -> str:
    row = one.row
    side = "" if one.side == "both" else compare_words.SIDE.format(side=one.side)
    by = f"{number(abs(one.by), row.decimals)} {row.unit}".strip()
    return compare_words.BEYOND.format(
        label=row.label,
        side=side,
        by=by,
        word=word(one),
        uncertainty=number(one.uncertainty, row.decimals),
    )


def latest_curves(
    roster: Roster, group: Group
) -> tuple[Session, dict[str, dict[str, StepCurve]]] | None:
    """The last of the sessions that has an average step, and that."""
    for session in group.sessions[:LOOKED_AT]:
        curves = roster.sessions.summary(session).curves
        if any(curves.values()):
            return session, curves
    return None


def overlaid(
    name: str,
    first: dict[str, dict[str, StepCurve]],
    second: dict[str, dict[str, StepCurve]],
) -> dict[str, list[Curve]]:
    """By foot, the two curves of that name, where both have one."""
    return {
        side: [
            Curve(compare_words.FIRST_FOOT.format(side=side), side, first[side][name]),
            Curve(compare_words.SECOND_FOOT.format(side=side), side, second[side][name], True),
        ]
        for side in SIDES
        if name in first.get(side, {}) and name in second.get(side, {})
    }
