"""How quick a large roster is: `python -m benchmarks.roster`.

Makes a roster of 500 athletes and 100,000 sessions (four of five days a week for a year) with
summaries of the size that the analysis gives, and asks it what a list, an athlete's page and a
comparison with earlier runs ask. Each question is asked of several athletes through a connection
of its own, opening it included; printed are the median and the slowest. The file is then in the
system's memory, as it is after its first use.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console
from rich.progress import track

from gait.model import Distance, SpeedBin, Summary
from gait.pipeline import analyze_items, summarise
from gait.recording import open_session
from gait.roster import Athlete, Roster

RECORDING = Path(__file__).parent.parent / "recordings" / "easy_run.jsonl.gz"
FIRST = datetime(2025, 6, 2, 7, 0, tzinfo=UTC)
LAST_DAY = date(2026, 6, 2)
SPEEDS_M_S = (2.5, 2.75, 3.0, 3.25, 3.5)
ASKED = 15  # athletes


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
    every = timedelta(days=365) / sessions_each
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


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the roster for one athlete."""

    text: str
    ask: Callable[[Roster, Athlete], object]


QUESTIONS = (
    Question("every athlete with last run, runs and kilometres", lambda r, a: r.overview(LAST_DAY)),
    Question("find an athlete by name", lambda r, a: r.athletes.find(a.name.upper())),
    Question("an athlete's sessions", lambda r, a: r.sessions.all(a)),
    Question("the last 50 sessions of everybody", lambda r, a: r.sessions.all(limit=50)),
    Question("shoes with kilometres", lambda r, a: r.shoes.all(a)),
    Question(
        "trend of one measure over the year", lambda r, a: r.history.trend(a, "cadence_spm", "both")
    ),
    Question("26 weeks of training", lambda r, a: r.history.weeks(a, until=LAST_DAY, count=26)),
    Question(
        "20 past runs to compare with",
        lambda r, a: r.history.past_runs(a, before=LAST_DAY.isoformat(), limit=20),
    ),
    Question(
        "all past runs of the year",
        lambda r, a: r.history.past_runs(a, before=LAST_DAY.isoformat()),
    ),
    Question("a whole summary", lambda r, a: r.sessions.summary(r.sessions.all(a, limit=1)[0])),
)


def asked(path: Path, question: Question, people: Sequence[Athlete]) -> list[float]:
    """Milliseconds for each of these athletes."""
    taken = []
    for athlete in people:
        begun = time.perf_counter()
        with Roster(path) as roster:
            question.ask(roster, athlete)
        taken.append(1e3 * (time.perf_counter() - begun))
    return sorted(taken)


def registering(path: Path, athlete: Athlete) -> list[float]:
    """Milliseconds to keep a session, each safe on the disk."""
    base, rng, taken = measured_summary(), random.Random(2), []
    with Roster(path) as roster:
        for number in range(ASKED):
            made = another(base, FIRST + timedelta(days=400 + number), rng)
            begun = time.perf_counter()
            roster.sessions.register(athlete, made, key=f"new-{number}")
            taken.append(1e3 * (time.perf_counter() - begun))
    return sorted(taken)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roster")
    parser.add_argument("--athletes", type=int, default=500)
    parser.add_argument("--sessions", type=int, default=200, help="of each athlete")
    parser.add_argument("--keep", type=Path, help="keep the roster there, or use the one there")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "roster.db"
        begun = time.perf_counter()
        if not path.exists():
            fill(path, options.athletes, options.sessions)
            print(f"made in {time.perf_counter() - begun:.0f} s")
        report(path)


def report(path: Path) -> None:
    with Roster(path) as roster:
        everybody = roster.athletes.all()
        count = len(roster.sessions.all())
    people = random.Random(3).sample(everybody, min(ASKED, len(everybody)))
    print(f"{len(everybody)} athletes, {count:,} sessions, {path.stat().st_size / 1e6:,.0f} MB")
    print(f"{'ms: median':>12}{'slowest':>10}")
    for question in QUESTIONS:
        taken = asked(path, question, people)
        print(f"{taken[len(taken) // 2]:12.1f}{taken[-1]:10.1f}  {question.text}")
    taken = registering(path, people[0])
    print(f"{taken[len(taken) // 2]:12.1f}{taken[-1]:10.1f}  keep a session")
    with Roster(path) as roster:
        begun = time.perf_counter()
        roster.athletes.delete(people[0])
    print(f"{time.perf_counter() - begun:.1f} s to delete a person without a trace")


if __name__ == "__main__":
    main()
