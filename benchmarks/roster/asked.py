"""What a list, an athlete's page and a comparison with earlier runs ask of the roster, timed.

Each question is asked of several athletes through a connection of its own, opening it included;
printed are the median and the slowest. The file is then in the system's memory, as it is after its
first use.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.roster.made import FIRST, YEAR, another, measured_summary
from gait.roster import Athlete, Roster

LAST_DAY = (FIRST + YEAR).date()
ASKED = 15  # athletes


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


def print_answers(path: Path) -> None:
    """Every question's times; adds some sessions to the roster and deletes a person."""
    with Roster(path) as roster:
        everybody = roster.athletes.all()
    people = random.Random(3).sample(everybody, min(ASKED, len(everybody)))
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
