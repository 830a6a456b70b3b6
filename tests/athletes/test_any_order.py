"""What a coach sees does not depend on the order in which things came into the roster."""

import io
import json
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from virtual_run import session as recorded
from virtual_run import session_path

import gait.pipeline
from gait.athletes.imports import Dropped, Looked, take
from gait.athletes.reassess import names_measured, reassessed, trend, verdicts
from gait.cli.roster.people import run_list, run_show
from gait.dashboard.alerts import reasons
from gait.pipeline import Result, analyze_items
from gait.risk import load_evidence
from gait.roster import Athlete, Roster

TODAY = date.today()
FIRST = TODAY - timedelta(days=40)
WHO = ("Anna", "Ben")
# Contact times of the later runs of Anna are longer, so that something differs and lasts.
LONGER = {6: 1.15, 7: 1.15, 8: 1.15}
BODY = {"height_m": 1.68, "mass_kg": 60.0, "sex": "female"}
CHECKUPS = (
    (1, {"pain": [{"where": "heel", "side": "left", "level": 3.0}]}),
    (8, {"body": BODY}),
    (20, {"red_flags": {"hop_pain": True}}),
    (22, {"body": BODY, "red_flags": {"hop_pain": False}}),
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that comes into the roster, and how."""

    name: str
    come: Callable[[Path], None]


@pytest.fixture(scope="module")
def runs() -> dict[str, Result]:
    """By key: the same run, with longer contacts in some."""
    session = recorded()
    result = analyze_items(session.sensors, session.items())
    found = {}
    for who, count in (("Anna", 9), ("Ben", 3)):
        for number in range(count):
            strides = result.strides.copy()
            strides["contact_ms"] *= LONGER.get(number, 1.0) * (1.0 + 0.002 * number)
            strides["flight_ms"] -= strides["contact_ms"] - result.strides["contact_ms"]
            found[f"{who} {number}"] = replace(result, strides=strides)
    return found


def moment(key: str) -> str:
    """Two of Ben's runs begin at the same time."""
    who, number = key.split()
    days = 4 * int(number) if who == "Anna" else int(number) // 2
    return f"{FIRST + timedelta(days=days)}T10:00:00+00:00"


def events(runs: dict[str, Result], patch: pytest.MonkeyPatch) -> list[Event]:
    def run(key: str) -> Callable[[Path], None]:
        def come(path: Path) -> None:
            name = f"{key}.gait"
            dropped = path.with_name(f".dropped-{name}")
            shutil.copy(session_path(), dropped)
            patch.setattr(gait.pipeline, "analyze_items", lambda *_: runs[key])
            with Roster(path) as roster:
                anna = roster.athletes.find(key.split(maxsplit=1)[0])
            looked = Looked((Dropped(name, dropped),), key, moment(key))
            taken = take(path, anna.id, looked, path.parent / "recordings")
            with Roster(path) as roster:  # Anna ran once in other shoes
                shoe = roster.shoes.find(anna, "Old" if key == "Anna 3" else "New")
                roster.sessions.move(roster.sessions.get(taken.session), anna, shoe)

        return come

    def checkup(day: int, answers: dict[str, Any]) -> Callable[[Path], None]:
        def come(path: Path) -> None:
            with Roster(path) as roster:
                on = FIRST + timedelta(days=day)
                roster.checkups.keep(
                    roster.athletes.find("Anna"),
                    taken_on=on,
                    answers={"answered_on": on.isoformat(), **answers},
                    version="1",
                )

        return come

    def log(day: int, km: float) -> Callable[[Path], None]:
        def come(path: Path) -> None:
            with Roster(path) as roster:
                anna = roster.athletes.find("Anna")
                on = FIRST + timedelta(days=day)
                roster.diary.log(anna, on, km=km, shoe=roster.shoes.find(anna, "New"))
                roster.diary.note(anna, on, f"{km} km of hills")

        return come

    return [
        *(Event(key, run(key)) for key in runs),
        *(Event(f"checkup {day}", checkup(day, said)) for day, said in CHECKUPS),
        *(Event(f"log {day}", log(day, km)) for day, km in ((-3, 9.0), (2, 12.0), (19, 7.0))),
    ]


def made(folder: Path, ordered: Sequence[Event]) -> Path:
    folder.mkdir()
    path = folder / "roster.db"
    with Roster(path) as roster:
        for who in WHO:
            athlete = roster.athletes.add(who)
            for model in ("New", "Old"):
                roster.shoes.add(athlete, model, since=FIRST, km_before=700.0)
    for event in ordered:
        event.come(path)
    return path


def seen(path: Path, printed: Callable[[], str]) -> dict[str, Any]:
    """Everything that is shown, without the numbers that rows have in the file."""
    run_list(path, "", None)
    told: dict[str, Any] = {"list": printed()}
    for who in WHO:
        run_show(path, who, sessions=20, weeks=8)
        told[f"{who} shown"] = re.sub(r"(?m)^ *\d+(?= +\d{4}-)", "", printed())
    with Roster(path) as roster:
        for who in WHO:
            athlete = roster.athletes.find(who)
            sessions = roster.sessions.all(athlete)
            told[f"{who} sessions"] = [session.key for session in sessions]
            told[f"{who} trends"] = {
                name: [
                    [p.started_at, p.value, p.n, p.quality]
                    for side in ("left", "right", "both")
                    for p in trend(roster, athlete, name, side)
                ]
                for name in sorted(names_measured(roster, sessions[0]))
            }
            told[f"{who} on the list"] = why_to_look(roster, athlete)
            for session in sessions:
                told[session.key] = plain(reassessed(roster, session))
            told[f"{who} archive"] = archived(roster, athlete)
    return told


def why_to_look(roster: Roster, athlete: Athlete) -> list[str]:
    """As the first page and the athlete's own say it."""
    standing = next(one for one in roster.overview(TODAY) if one.athlete == athlete.id)
    lately = next(one for one in roster.lately() if one.athlete == athlete.id)
    assert standing.last is not None
    changes = verdicts(roster, [standing.last])[standing.last]
    found = reasons(standing, lately, changes, TODAY, load_evidence())
    return [str(standing.recent_km), *(one.text for one in found)]


def archived(roster: Roster, athlete: Athlete) -> list[Any]:
    """The summaries in an archive; when they were kept is another matter."""
    file = io.BytesIO()
    roster.export(athlete, file, recordings=False)
    with zipfile.ZipFile(file) as archive:
        lines = archive.read("sessions.jsonl").splitlines()
    return [json.loads(line)["summary"] for line in lines]


def plain(value: Any) -> Any:
    return json.loads(msgspec.json.encode(value))


def orders(count: int) -> list[list[int]]:
    rng = random.Random(7)
    shuffled = [rng.sample(range(count), count) for _ in range(2)]
    return [list(reversed(range(count))), *shuffled]


def test_any_order_gives_the_same(runs, tmp_path, monkeypatch, capsys):
    def printed() -> str:
        return capsys.readouterr().out

    all_of = events(runs, monkeypatch)
    first = seen(made(tmp_path / "in order", all_of), printed)
    assert "changed: " in first["list"]
    assert first["Anna trends"]["leg_stiffness_kn_m"]
    assert any("usually" in why for why in first["Anna on the list"])
    for number, order in enumerate(orders(len(all_of))):
        path = made(tmp_path / str(number), [all_of[n] for n in order])
        other = seen(path, printed)
        for name, shown in first.items():
            assert other[name] == shown, f"{name}, in the order {[all_of[n].name for n in order]}"
