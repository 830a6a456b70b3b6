"""A large roster: athletes who run several times a week for a year, their shoes and groups."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console
from rich.progress import track

from gait.athletes.reassess import verdicts
from gait.dashboard.pages.athlete import PAGE_ROWS
from gait.model import Distance, SpeedBin, Summary
from gait.pipeline import analyze_items, summarise
from gait.recording import open_session
from gait.roster import Roster

RECORDING = Path(__file__).parents[2] / "recordings" / "easy_run.jsonl.gz"
YEAR = timedelta(days=365)
# the year until today, so that a page which shows the last months has all it can have
FIRST = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0) - YEAR
OPENED = 20  # athletes whose pages are opened at most
SPEEDS_M_S = (2.5, 2.75, 3.0, 3.25, 3.5)


def measured_summary() -> Summary:
    """A real summary, with as many speeds as a longer run has."""
    session = open_session(RECORDING)
    result = analyze_items(session.sensors, session.items())
    summary = summarise(result, source=RECORDING.name, started_at=FIRST.isoformat())
    bins = {
        side: [
            SpeedBin(
                from_m_s=speed,
                n=300,
                medians={name: m.value for name, m in measures.items() if m.value is not None},
                spreads={name: m.spread for name, m in measures.items() if m.spread is not None},
                counts={name: m.n for name, m in measures.items() if m.value is not None},
            )
            for speed in SPEEDS_M_S
        ]
        for side, measures in summary.measures.items()
    }
    return replace(summary, speed_bins=bins)


def another(base: Summary, started: datetime, rng: random.Random) -> Summary:
    """The same run on another day, every value a little different."""
    measures = {
        side: {
            name: m if m.value is None else replace(m, value=m.value * rng.uniform(0.95, 1.05))
            for name, m in of_side.items()
        }
        for side, of_side in base.measures.items()
    }
    return replace(
        base,
        started_at=started.isoformat(),
        measures=measures,
        distance=Distance(metres=rng.uniform(4000.0, 20000.0), uncertainty=200.0),
    )


def fill(path: Path, athletes: int, sessions_each: int) -> None:
    """A roster of so many people, each with a pair of shoes and sessions spread over a year."""
    base, rng = measured_summary(), random.Random(1)
    every = YEAR / sessions_each
    with Roster(path) as roster:
        for number in track(range(athletes), "Making the roster", console=Console(stderr=True)):
            with roster.change():
                group = f"Group {number % 20}"
                athlete = roster.athletes.add(f"Athlete {number:03d}", groups=[group])
                shoe = roster.shoes.add(athlete, "Pegasus")
                for session in range(sessions_each):
                    started = FIRST + session * every + timedelta(minutes=number)
                    roster.sessions.register(
                        athlete,
                        another(base, started, rng),
                        key=f"{number}-{session}",
                        shoe=shoe,
                        recording=Path("/recordings") / f"{number}-{session}.gait",
                    )
                # every import does so for all; here for what will be shown
                shown = roster.sessions.all(athlete, limit=PAGE_ROWS if number < OPENED else 1)
                verdicts(roster, [session.id for session in shown])
