"""What a session means beside all that the roster knows of the time before it.

The roster keeps what was measured; this is where its sessions get their assessment, changes, load
and remarks, whenever they are shown: so it does not matter in which order anything came.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from gait.compare.baseline import are_enough, compare
from gait.measures.session import for_body
from gait.measures.session_table import LEG_STIFFNESS
from gait.model import Body, PastRun, Summary
from gait.model.history import Verdict, verdict_of
from gait.risk import load_evidence
from gait.risk.checkup import for_another_day
from gait.risk.profile_reader import profile_of
from gait.risk.question_flow import Answers, keep
from gait.risk.questions import Path as Field
from gait.risk.questions import load_questions
from gait.roster import Athlete, Roster, Session, Shoe, TrendPoint
from gait.roster.moments import local_day, moment_of, moment_text

FRESH_DAYS = 7  # how it feels and what changed holds so long; the rest of a checkup for good
LOG_DAYS = 200  # of the training before, what a profile can use
LEAST_RUNS = 3  # before that day: fewer are no training log
NEW_SHOE_DAYS = 28
LAST_RUNS = 40  # of the same gear, as a rule more than a comparison reaches back

OLD_CHECKUP = "The checkup before this run is of "
NOT_USED = "; what may have changed since then is not used. `gait checkup` asks it anew."


def reassessed(roster: Roster, session: Session) -> Summary:
    """A kept session as it is to be read today; nothing is read from its recording.

    Raises UsageError where it is no longer there.
    """
    summary = replace(roster.sessions.summary(session), gear=session.gear)
    athlete, shoe = roster.athletes.get(session.athlete), _worn(roster, session)
    return as_known(roster, athlete, summary, moment_of(session.started_at), shoe)


def as_known(
    roster: Roster, athlete: Athlete, summary: Summary, moment: datetime, shoe: Shoe | None
) -> Summary:
    """A summary with what it means beside all that is known of the time before `moment`."""
    from gait.pipeline import reassess

    answers, remarks = profile_answers(roster, athlete, moment, shoe)
    found = reassess(
        replace(summary, started_at=summary.started_at or moment.isoformat()),
        runner=profile_of(answers),
        evidence=load_evidence(),
        earlier=roster.history.past_runs(athlete, before=moment_text(moment)),
    )
    notes = dict.fromkeys([*_without_remarks(found.notes), *remarks])
    return replace(found, started_at=summary.started_at, notes=list(notes))


def without_remarks(summary: Summary) -> Summary:
    """What was measured, without what `as_known` says of it."""
    from gait.pipeline import as_measured

    return replace(as_measured(summary), notes=_without_remarks(summary.notes))


def _without_remarks(notes: Iterable[str]) -> list[str]:
    """Earlier versions kept them, as they were when the session came."""
    return [n for n in notes if not (n.startswith(OLD_CHECKUP) and n.endswith(NOT_USED))]


def names_measured(roster: Roster, session: Session) -> set[str]:
    """The measures that a session has."""
    measures = for_body(roster.sessions.summary(session).measures, _body(roster, session))
    return {name for of in measures.values() for name, m in of.items() if m.value is not None}


def trend(
    roster: Roster, athlete: Athlete, measure: str, side: str, *, since: date | None = None
) -> list[TrendPoint]:
    """A measure of every session that has it, the oldest first; `side` left, right or both."""
    if measure != LEG_STIFFNESS.name:
        return roster.history.trend(athlete, measure, side, since=since)
    sessions = roster.sessions.all(athlete, since=since)
    points = (_stiffness(roster, session, side) for session in reversed(sessions))
    return [point for point in points if point is not None]


def _stiffness(roster: Roster, session: Session, side: str) -> TrendPoint | None:
    """Leg stiffness is of a body, which may have become known later."""
    body = _body(roster, session)
    if body.mass_kg is None or body.height_m is None:
        return None
    found = for_body(roster.sessions.summary(session).measures, body)[side].get(LEG_STIFFNESS.name)
    if found is None or found.value is None:
        return None
    return TrendPoint(
        session=session.id,
        started_at=session.started_at,
        day=session.day,
        shoe=session.shoe,
        gear=session.gear,
        value=found.value,
        n=found.n,
        spread=found.spread,
        uncertainty=found.uncertainty,
        quality=found.quality,
    )


def _body(roster: Roster, session: Session) -> Body:
    """As it was known to be on that day."""
    athlete, moment = roster.athletes.get(session.athlete), moment_of(session.started_at)
    return profile_of(profile_answers(roster, athlete, moment, None)[0]).body


def verdicts(roster: Roster, sessions: Iterable[int]) -> dict[int, Verdict]:
    """Each session beside the runner's earlier ones, by its id.

    Raises UsageError for a session that is no longer there.
    """
    ids = list(sessions)
    state = roster.compared.state()
    known = roster.compared.known(ids)
    fresh = {
        id: of
        for athlete, of_athlete in _by_athlete(roster, [id for id in ids if id not in known])
        for id, of in _compared(roster, athlete, of_athlete).items()
    }
    if fresh:
        roster.compared.keep(fresh, state)
    return known | fresh


def _by_athlete(roster: Roster, ids: list[int]) -> Iterable[tuple[int, list[Session]]]:
    found: dict[int, list[Session]] = {}
    for id in ids:
        session = roster.sessions.get(id)
        found.setdefault(session.athlete, []).append(session)
    return found.items()


def _compared(roster: Roster, athlete_id: int, sessions: list[Session]) -> dict[int, Verdict]:
    """Of sessions of one athlete, with runs of the same gear alone: others change no difference."""
    athlete, found = roster.athletes.get(athlete_id), {}
    for gear in {session.gear for session in sessions}:
        same = [session for session in sessions if session.gear == gear]
        earlier = _earlier(roster, athlete, same)
        for session in same:
            comparison = compare(
                roster.history.run(session).speed_bins,
                [run for run in earlier if run.started_at < session.started_at],
                gear=gear,
                started_at=session.started_at,
            )
            found[session.id] = verdict_of(comparison.changes, comparison.notes)
    return found


def _earlier(roster: Roster, athlete: Athlete, same: list[Session]) -> list[PastRun]:
    """Runs before the last of these sessions; for one alone only as many as it takes."""
    last = max(session.started_at for session in same)

    def runs(limit: int) -> list[PastRun]:
        return roster.history.past_runs(athlete, before=last, gear=same[0].gear, limit=limit)

    if len(same) == 1:
        found = runs(LAST_RUNS)
        if len(found) < LAST_RUNS or are_enough(found):
            return found
    return runs(-1)


def _worn(roster: Roster, session: Session) -> Shoe | None:
    return None if session.shoe is None else roster.shoes.get(session.shoe)


def profile_answers(
    roster: Roster, athlete: Athlete, moment: datetime, shoe: Shoe | None
) -> tuple[Answers, list[str]]:
    """What is known of an athlete at a moment, as a profile's names and values, and remarks."""
    day = local_day(moment)
    checkup = roster.checkups.latest(athlete, until=day)
    answers: Answers = {}
    remarks: list[str] = []
    if checkup is not None:
        age = (day - checkup.taken_on).days
        answers = checkup.answers
        if age > FRESH_DAYS:
            answers = for_another_day(answers, age, load_questions())
            remarks.append(f"{OLD_CHECKUP}{checkup.taken_on}{NOT_USED}")
    worn = None if shoe is None else roster.shoes.get(shoe.id, before=moment_text(moment))
    for field, value in known_fields(roster, athlete, day, worn).items():
        keep(answers, field, value)
    return answers, remarks


def known_fields(
    roster: Roster, athlete: Athlete, day: date, shoe: Shoe | None
) -> dict[Field, Any]:
    """What the roster knows itself on a day, by field of the profile; `shoe` is the pair worn."""
    body = athlete.body(day)
    known: dict[Field, Any] = {
        ("body", name): value
        for name in ("height_m", "mass_kg", "age_years", "sex")
        if (value := getattr(body, name)) is not None
    }
    runs = roster.history.runs(athlete, since=day - timedelta(days=LOG_DAYS), until=day)
    far = [run for run in runs if run.km is not None]
    if sum(run.day < day for run in far) >= LEAST_RUNS:
        known["training",] = [
            {"date": run.day.isoformat(), "distance_km": round(run.km or 0.0, 3)} for run in far
        ]
    if shoe is not None:
        known["shoes", "distance_km"] = round(shoe.km, 1)
        if shoe.since is not None and day - timedelta(days=NEW_SHOE_DAYS) < shoe.since <= day:
            known["shoes", "changed_within_4_weeks"] = True
    return known
