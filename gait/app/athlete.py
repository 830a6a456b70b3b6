"""A runner of the roster around an analysis: what is known of them goes in, the session is kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.model import PastRun, SensorInfo, Side, Summary, UsageError
from gait.model.history import gear_text
from gait.recording import open_session
from gait.recording.identity import session_key
from gait.risk import load_evidence
from gait.risk.checkup import for_another_day
from gait.risk.profile_reading import profile_of
from gait.risk.question_flow import Answers, keep
from gait.risk.questions import Path as Field
from gait.risk.questions import load_questions
from gait.roster import Athlete, Roster, Session, Shoe
from gait.roster.moments import local_day, moment_of, moment_text

if TYPE_CHECKING:
    from gait.live.feet import Usual
    from gait.pipeline import Result

FRESH_DAYS = 7  # how it feels and what changed holds so long; the rest of a checkup for good
LOG_DAYS = 200  # of the training before, what a profile can use
LEAST_RUNS = 3  # before that day: fewer are no training log
NEW_SHOE_DAYS = 28


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose run it is and in which shoes, by the names in the roster; `roster` is its file.

    date : when the run began (ISO 8601), where the recording does not say
    """

    athlete: str
    shoe: str | None = None
    roster: Path | None = None
    date: str | None = None


def check_one_source(profile: Path | None, chosen: Chosen | None) -> None:
    """Raise UsageError where a profile file and the roster would both say who ran."""
    if profile is not None and chosen is not None:
        raise UsageError(
            "Name either --athlete or --profile: what a profile says is kept for an athlete by "
            "`gait checkup`."
        )


@contextmanager
def runner_of(chosen: Chosen) -> Iterator["Runner"]:
    """The runner with their roster open. Raises UsageError for a name that is not in it."""
    with Roster(chosen.roster) as roster:
        athlete = roster.athletes.find(chosen.athlete)
        shoe = None if chosen.shoe is None else roster.shoes.find(athlete, chosen.shoe)
        yield Runner(roster, athlete, shoe)


@dataclass(frozen=True, slots=True)
class Runner:
    """An athlete of an open roster; `shoe` where it was said which pair was worn."""

    roster: Roster
    athlete: Athlete
    shoe: Shoe | None = None

    def summarise(
        self,
        result: "Result",
        *,
        key: str,
        source: str,
        started_at: str | None,
        notes: Sequence[str] = (),
    ) -> Summary:
        """The session beside all that the roster knows of the time before it.

        Raises UsageError where it is not known when it began, or it is somebody else's.
        """
        from gait.pipeline import summarise

        moment, shoe = moment_of(started_at), self._worn(key)
        answers, remarks = profile_answers(self.roster, self.athlete, moment, shoe)
        return summarise(
            result,
            source=source,
            started_at=started_at,
            notes=[*notes, *remarks],
            runner=profile_of(answers),
            evidence=load_evidence(),
            earlier=self.roster.history.past_runs(self.athlete, before=moment_text(moment)),
            pair=shoe.model if shoe else "",
        )

    def usual(self, sensors: Sequence[SensorInfo]) -> dict[Side, "Usual"]:
        """Their own usual ranges in these shoes with these sensors, by foot, for a live view."""
        shoe = self.shoe or self.roster.shoes.only(self.athlete)
        runs = self.roster.history.past_runs(
            self.athlete,
            before=moment_text(datetime.now(UTC)),
            gear=gear_text(sensors, shoe.model if shoe else ""),
        )
        return {info.side: own_usual(runs, info.side) for info in sensors}

    def keep(
        self, summary: Summary, *, key: str, recording: Path | None, notes: str | None = None
    ) -> Session:
        """Keep the session in the roster; the same one again is not kept twice."""
        return self.roster.sessions.register(
            self.athlete,
            summary,
            key=key,
            recording=recording,
            shoe=self._worn(key),
            notes=notes,
        )

    def _worn(self, key: str) -> Shoe | None:
        """As said now, as kept with the session before, or the only pair there is."""
        if self.shoe is not None:
            return self.shoe
        known = self.roster.sessions.known(self.athlete, key)
        if known is not None and known.shoe is not None:
            return self.roster.shoes.get(known.shoe)
        return self.roster.shoes.only(self.athlete)


def own_usual(runs: Sequence[PastRun], side: Side) -> "Usual":
    """The usual range by measure and speed; the same speed to a tenth is asked once."""
    from gait.compare.reference_range import own_range

    @cache
    def at(measure: str, tenths: int) -> tuple[float, float] | None:
        return own_range(measure, side.value, runs, tenths / 10.0)

    return lambda measure, speed_m_s: at(measure, round(10.0 * speed_m_s))


def kept_summary(
    chosen: Chosen, result: "Result", recording: Path, started_at: str
) -> tuple[Summary, str]:
    """The summary of a recording that was just made, kept in the roster, and a word on that."""
    session = open_session(recording)
    key = session_key(session)
    with runner_of(chosen) as runner:
        summary = runner.summarise(result, key=key, source=recording.name, started_at=started_at)
        runner.keep(summary, key=key, recording=recording, notes=session.notes or None)
        return summary, f"Kept in the roster: {runner.athlete.name}."


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
            remarks.append(
                f"The checkup before this run is of {checkup.taken_on}; what may have changed "
                "since then is not used. `gait checkup` asks it anew."
            )
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
