"""A session of the roster as it is to be read today: what is kept of it, and an assessment made
anew from that and from all that the roster knows of the time before it.
"""

from msgspec.structs import replace

from gait.app.athlete import profile_answers
from gait.compare.baseline import compare
from gait.model import Summary
from gait.risk import assess, load_evidence, training_load, with_session
from gait.risk.profile_reading import profile_of
from gait.roster import Roster, Session
from gait.roster.moments import moment_of


def assessed(roster: Roster, session: Session) -> Summary:
    """The kept summary with the assessment, the changes and the load as they are now.

    Nothing is read from the recording. Raises UsageError where the session is no longer there.
    """
    summary = roster.sessions.summary(session)
    athlete = roster.athletes.get(session.athlete)
    shoe = None if session.shoe is None else roster.shoes.get(session.shoe)
    answers, remarks = profile_answers(roster, athlete, moment_of(session.started_at), shoe)
    earlier = roster.history.past_runs(athlete, before=session.started_at)
    compared = compare(
        summary.speed_bins, earlier, gear=session.gear, started_at=session.started_at
    )
    evidence = load_evidence()
    started_at = summary.started_at or session.started_at
    profile = with_session(profile_of(answers), summary.distance, started_at)
    return replace(
        summary,
        assessment=assess(summary.measures, profile, evidence, compared),
        changes=compared.changes if earlier else None,
        change_notes=compared.notes if earlier else [],
        load=training_load(profile, evidence),
        notes=list(dict.fromkeys([*summary.notes, *remarks])),
    )
