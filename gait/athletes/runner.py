"""A runner of the roster around an analysis: what is known of them goes in, the session is kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gait.athletes.reassess import as_known, verdicts, without_remarks
from gait.model import PastRun, SensorInfo, Side, Summary, UsageError
from gait.model.history import gear_text
from gait.recording import open_session
from gait.recording.session import session_key
from gait.roster import Athlete, Roster, Session, Shoe
from gait.roster.moments import moment_of, moment_text

if TYPE_CHECKING:
    from gait.live.feet import Usual
    from gait.pipeline import Result


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
        pair = shoe.model if shoe else ""
        measured = summarise(result, source=source, started_at=started_at, notes=notes, pair=pair)
        return as_known(self.roster, self.athlete, measured, moment, shoe)

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
        """Keep what was measured in the roster; the same one again is not kept twice."""
        session = self.roster.sessions.register(
            self.athlete,
            without_remarks(summary),
            key=key,
            recording=recording,
            shoe=self._worn(key),
            notes=notes,
        )
        verdicts(self.roster, [session.id])  # now, so that no list has to wait for it
        return session

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
    from gait.compare.baseline import own_range

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
