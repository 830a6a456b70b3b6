"""This session beside the training before it, from one log. No acute:chronic ratio: it does not
hold what it promises (science 4.1); the longest of 30 days is the best-supported finding.
"""

import datetime
import math
from collections.abc import Sequence

from msgspec.structs import replace

from gait.model import Distance, Load, Week
from gait.risk.evidence_table import EvidenceTable
from gait.risk.profile import RunnerProfile, ThisSession, TrainingSession

LONGEST_DAYS = 30
WEEKS = 8
BREAK_DAYS = 14  # without a run: a return is spoken of

KM, KM_UNCERTAIN, KM_AT_LEAST = "{km:.1f} km", "{km} ± {by} km", "at least {km:.1f} km"
NO_DISTANCE = "How far this session went is not known, so it is compared with nothing."
NO_LOG = (
    "This session was {km}. With a training log it could be compared with the longest of the 30 "
    "days before."
)
NO_RECENT = "This session was {km}; the log has no run in the 30 days before to compare it with."
USUAL = "This session was {km}; the longest of the 30 days before was {longest_km:.1f} km."
LONGER = (
    "This session was {km}, {more_pct:.0f} % longer than the longest of the 30 days before "
    "({longest_km:.1f} km): {finding}."
)
BREAK = (
    "The run before was {days} days ago; after a break the common advice is to return gradually."
)
SHOES = "These shoes have done {km:.0f} km."
SHOES_LEFT = (
    " At your {week:.0f} km a week{alone} they reach the guide's 500 miles (800 km) in {time}."
)
SHOES_PAST = (
    " They are past the guide's 500 miles (800 km), which at your {week:.0f} km a week{alone} is "
    "{time} of running; go by wear and comfort."
)
ALONE = " in them alone"
A_WEEK = "about a week"
ABOUT_WEEKS, ABOUT_MONTHS = "about {n:.0f} weeks", "about {n:.0f} months"
SHOE_KM = 800.0  # the guide's 500 miles
LEAST_WEEKS = 2  # whole weeks of a log that tell how far a runner goes a week
LEAST_WEEK_KM = 1.0
WEEKS_A_MONTH = 4.345


def with_session(
    profile: RunnerProfile, distance: Distance, started_at: str | None
) -> RunnerProfile:
    """The profile with the date and distance of this session, where the runner did not say them."""
    said = profile.session
    session = ThisSession(
        date=said.date or _date(started_at),
        distance_km=said.distance_km,
        uncertain_km=said.uncertain_km,
        at_least=said.at_least,
    )
    if said.distance_km is None and distance.metres is not None:
        session = replace(
            session,
            distance_km=distance.metres / 1000.0,
            uncertain_km=None if distance.uncertainty is None else distance.uncertainty / 1000.0,
            at_least=distance.at_least,
        )
    return replace(profile, session=session)


def longest_before(profile: RunnerProfile) -> float | None:
    """km of the longest run of the 30 days before; 0 without any, None where it is not known."""
    if profile.training is None:
        return _longest_told(profile)
    if profile.session.date is None:
        return None
    return max(distances(profile.training, profile.session.date, LONGEST_DAYS), default=0.0)


def distances(runs: Sequence[TrainingSession], end: datetime.date, days: int) -> list[float]:
    """Distances of the runs in the `days` before `end`."""
    return [run.distance_km for run in runs if 0 < (end - run.date).days <= days]


def training_load(profile: RunnerProfile, table: EvidenceTable) -> Load:
    """The session of `profile` beside its training log; runs of the same day are not in it."""
    session = profile.session
    before = _before(profile)
    longest = longest_before(profile)
    km = session.distance_km
    days = (session.date - before[-1].date).days if session.date and before else None
    load = Load(
        session_km=km,
        longest_km=longest or None,
        ratio=km / longest if km is not None and longest else None,
        weeks=_weeks(before, session) if session.date else [],
        shoe_km=profile.shoes.distance_km,
        days_since=days,
    )
    weekly_km = _weekly_km(profile, load.weeks)
    return replace(load, sentences=_sentences(load, session, longest, table, weekly_km))


def _longest_told(profile: RunnerProfile) -> float | None:
    """The longest run as the runner says it, while those 30 days are about the same."""
    asked, run = profile.answered_on, profile.session.date
    if asked and run and abs((run - asked).days) > LONGEST_DAYS:
        return None
    return profile.training_in_short.longest_30_days_km


def _before(profile: RunnerProfile) -> list[TrainingSession]:
    """The log before the day of the session, the oldest run first."""
    date = profile.session.date
    runs = [run for run in profile.training or [] if date and run.date < date]
    return sorted(runs, key=lambda run: run.date)


def _weeks(before: Sequence[TrainingSession], session: ThisSession) -> list[Week]:
    """The last weeks up to this session's, and none from before the log begins."""
    assert session.date is not None
    this = [] if session.distance_km is None else [(session.date, session.distance_km)]
    runs = [*((run.date, run.distance_km) for run in before), *this]
    if not runs:
        return []
    last, first = _monday(session.date), _monday(min(date for date, _ in runs))
    mondays = [last - datetime.timedelta(weeks=i) for i in reversed(range(WEEKS))]
    weeks: list[Week] = []
    for monday in mondays:
        of_week = [km for date, km in runs if _monday(date) == monday]
        if monday >= first:
            weeks.append(Week(begins=monday.isoformat(), km=math.fsum(of_week), runs=len(of_week)))
    return weeks


def _monday(date: datetime.date) -> datetime.date:
    return date - datetime.timedelta(days=date.weekday())


def _date(started_at: str | None) -> datetime.date | None:
    """The day in the time zone it was written in."""
    try:
        return datetime.datetime.fromisoformat(started_at or "").date()
    except ValueError:
        return None


def _sentences(
    load: Load,
    session: ThisSession,
    longest: float | None,
    table: EvidenceTable,
    weekly_km: float | None,
) -> list[str]:
    said = [_against_longest(load, session, longest, table)]
    if load.days_since is not None and load.days_since >= BREAK_DAYS:
        said.append(BREAK.format(days=load.days_since))
    if load.shoe_km is not None:
        said.append(SHOES.format(km=load.shoe_km) + shoe_life(load.shoe_km, weekly_km))
    return said


def shoe_life(km: float, weekly_km: float | None, *, of_pair: bool = False) -> str:
    """How long 500 miles last at so many kilometres a week; empty where those are not known.

    of_pair : `weekly_km` is run in this pair, so nothing is assumed of others
    """
    if weekly_km is None or weekly_km < LEAST_WEEK_KM:
        return ""
    past = km >= SHOE_KM
    weeks = (SHOE_KM if past else SHOE_KM - km) / weekly_km
    if weeks < 1.5:
        time = A_WEEK
    elif weeks < 2.0 * WEEKS_A_MONTH:
        time = ABOUT_WEEKS.format(n=weeks)
    else:
        time = ABOUT_MONTHS.format(n=weeks / WEEKS_A_MONTH)
    form = SHOES_PAST if past else SHOES_LEFT
    return form.format(week=weekly_km, alone="" if of_pair else ALONE, time=time)


def _weekly_km(profile: RunnerProfile, weeks: Sequence[Week]) -> float | None:
    """Kilometres a week, of the whole weeks of the log, or as the runner says it."""
    whole = weeks[:-1]  # this one is not over
    if len(whole) >= LEAST_WEEKS:
        return math.fsum(week.km for week in whole) / len(whole)
    return profile.training_in_short.weekly_km


def _against_longest(
    load: Load, session: ThisSession, longest: float | None, table: EvidenceTable
) -> str:
    if load.session_km is None:
        return NO_DISTANCE
    km = _km(load.session_km, session)
    if longest is None:
        return NO_LOG.format(km=km)
    if load.ratio is None:
        return NO_RECENT.format(km=km)
    band = next((b for b in reversed(table.session_bands) if load.ratio > b.above), None)
    if band is None:
        return USUAL.format(km=km, longest_km=longest)
    more_pct = 100.0 * (load.ratio - 1.0)
    return LONGER.format(km=km, longest_km=longest, more_pct=more_pct, finding=band.says)


def _km(km: float, session: ThisSession) -> str:
    """A distance with what is known of its certainty."""
    if session.at_least:
        return KM_AT_LEAST.format(km=km)
    if session.uncertain_km is not None:
        finer = 2 if session.uncertain_km < 0.05 else 1  # never "± 0"
        return KM_UNCERTAIN.format(km=f"{km:.{finer}f}", by=f"{session.uncertain_km:.{finer}f}")
    return KM.format(km=km)
