"""Bytes that changed on the disk: never a traceback, and what is read is what was kept, or it is
said that it is damaged."""

import io
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from summaries import summary

from gait.model import GaitError, UsageError
from gait.model.history import ForeignMeasure, ForeignRun, Verdict
from gait.roster import Roster

TODAY = date(2026, 6, 1)
END = datetime(2027, 1, 1, tzinfo=UTC).isoformat()


def fill(path: Path) -> None:
    with Roster(path) as roster:
        for number, name in enumerate(("Anna Berg", "Ben Öztürk", "Cléo")):
            athlete = roster.athletes.add(
                name, height_m=1.7, mass_kg=60.0, birth_year=1990, groups=["Youth", name[0]]
            )
            shoe = roster.shoes.add(athlete, "Pegasus", since=date(2026, 2, 1), km_before=100.0)
            for day in range(4):
                roster.sessions.register(
                    athlete,
                    summary(day, cadence=170.0 + day),
                    key=f"{number}-{day}",
                    shoe=shoe,
                    notes="felt light",
                    recording=path.with_name(f"{number}-{day}.gait"),
                )
            roster.checkups.keep(
                athlete, taken_on=date(2026, 5, 1), answers={"pain": {"heel": True}}, version="1"
            )
            roster.diary.note(athlete, date(2026, 5, 2), "calf tight after hills")
            roster.diary.set_goal(athlete, "half marathon", date(2026, 9, 13))
            roster.diary.log(athlete, date(2026, 4, 1), km=9.0, minutes=50.0, shoe=shoe)
            roster.foreign.keep(
                athlete,
                ForeignRun(
                    key=f"watch {number}",
                    maker="Stryd",
                    source="run.fit",
                    started_at="2026-04-03T10:00:00+00:00",
                    ended_at="2026-04-03T11:00:00+00:00",
                    duration_s=3600.0,
                    distance_m=10_000.0,
                    measures=[
                        ForeignMeasure(name="power_w", side="both", value=250.0, n=9, unit="W")
                    ],
                    notes=["a remark"],
                    points=9,
                ),
            )
        found = {session.id: Verdict() for session in roster.sessions.all()}
        last = roster.athletes.add("Cleo")
        roster.merge(roster.athletes.find("Cléo"), last)
        roster.compared.keep(found | {1: Verdict(why="no run before")}, roster.compared.state())


def of_rows(roster: Roster) -> dict[str, Any]:
    """Everything that is read row by row."""
    told: dict[str, Any] = {}
    for athlete in roster.athletes.all():
        told[athlete.name] = [
            athlete,
            roster.sessions.all(athlete),
            [roster.sessions.summary(s) for s in roster.sessions.all(athlete)],
            roster.sessions.sensors(athlete),
            roster.checkups.all(athlete),
            roster.diary.logged(athlete),
            roster.diary.notes(athlete),
            roster.diary.goals(athlete),
            roster.foreign.all(athlete),
            roster.history.past_runs(athlete, before=END),
            roster.history.trend(athlete, "cadence_spm", "both"),
            list(roster.compared.known(s.id for s in roster.sessions.all(athlete)).items()),
        ]
    return told


def of_sums(roster: Roster) -> list[Any]:
    """What is summed and joined in the file."""
    athletes = roster.athletes.all()
    return [
        roster.overview(TODAY),
        roster.lately(),
        roster.athletes.groups(),
        [roster.shoes.all(athlete) for athlete in athletes],
        [roster.history.runs(athlete) for athlete in athletes],
        [roster.history.weeks(athlete, until=TODAY, count=9) for athlete in athletes],
    ]


def archives(roster: Roster) -> int:
    """What is written for another computer; only that it ends."""
    return sum(
        roster.export(athlete, io.BytesIO(), recordings=False) for athlete in roster.athletes.all()
    )


def change_all(roster: Roster) -> None:
    """Everything is written anew, on a day that has no copy yet."""
    anna = roster.athletes.find("anna berg")
    roster.athletes.edit(anna)
    roster.diary.note(anna, TODAY, "again")
    roster.sessions.register(anna, summary(9), key="new")
    roster.athletes.delete(roster.athletes.find("ben öztürk"))


SAID = re.compile("damaged|is not a roster|newer shoegait")
READS: tuple[Callable[[Roster], Any], ...] = (of_rows, of_sums, archives)
NOTICED = {"of_rows": "fewer", "of_sums": "found", "change_all": "found"}
CHANGED_EVERY = 20  # of the tries, as writing waits for the disk


class Flips:
    """A roster with all that can be kept, opened with a byte changed as often as asked."""

    def __init__(self, folder: Path) -> None:
        fill(folder / "sound.db")
        for copy in folder.glob("sound.db.*"):
            copy.unlink()
        self.content = (folder / "sound.db").read_bytes()
        self._path = folder / "roster.db"
        with Roster(folder / "sound.db") as roster:
            self.told = {read: read(roster) for read in READS}

    def put(self, at: int, flip: int) -> Path:
        """The roster with that byte changed, and nothing beside it."""
        for left in self._path.parent.glob("roster.db*"):
            left.unlink()
        content = bytearray(self.content)
        content[at] ^= flip
        self._path.write_bytes(content)
        return self._path

    def ends(self, at: int, flip: int) -> dict[str, str]:
        """What came of reading with this byte changed: said, the same as was kept, or unlike it.

        For what is unlike: whether a look through the whole file finds it, as the one of each day.
        A page may lose rows, which no checksum of a row can tell; none may be another one.
        """
        came: dict[str, str] = {}
        try:
            with Roster(self.put(at, flip)) as roster:
                found = bool(roster.problems())
                for read in READS:
                    try:
                        told, kept = read(roster), self.told[read]
                    except GaitError as error:
                        came[read.__name__] = said(error)
                    else:
                        how = "same" if told == kept else "found" if found else "silent"
                        if how == "found" and read is of_rows:
                            how = "fewer" if are_fewer(told, kept) else "wrong"
                        came[read.__name__] = how
        except GaitError as error:
            return {read.__name__: said(error) for read in READS}
        return came

    def change(self, at: int, flip: int) -> str:
        """What came of changing, for which the whole file is looked at."""
        try:
            with Roster(self.put(at, flip)) as roster:
                try:
                    change_all(roster)
                except UsageError:  # of a name that an index has lost
                    return "found" if roster.problems() else "silent"
        except GaitError as error:
            return said(error)
        return "same"


def are_fewer(told: dict[str, list[Any]], kept: dict[str, list[Any]]) -> bool:
    """Whether everything that is told was kept."""
    return told.keys() <= kept.keys() and all(
        one in kept[name][place] if isinstance(part, list) else part == kept[name][place]
        for name, parts in told.items()
        for place, part in enumerate(parts)
        for one in (part if isinstance(part, list) else [part])
    )


def said(error: GaitError) -> str:
    return "said" if SAID.search(str(error)) else f"unclear: {error}"


def count(flips: Flips, tries: int, seed: int) -> dict[str, Counter[str]]:
    rng = random.Random(seed)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for number in range(tries):
        at, flip = rng.randrange(len(flips.content)), rng.randrange(1, 256)
        came = flips.ends(at, flip)
        if number % CHANGED_EVERY == 0:
            came["change_all"] = flips.change(at, flip)
        for read, how in came.items():
            assert how in ("same", "said", NOTICED.get(read)), f"byte {at} ^ {flip}: {read} {how}"
            counts[read][how] += 1
    return counts


def test_a_changed_byte_is_said_or_changes_nothing(tmp_path: Path):
    counts = count(Flips(tmp_path), 120, seed=1)
    assert all(counts[read]["said"] for read in ("of_rows", "of_sums", "archives"))


@pytest.mark.long
def test_ten_thousand_changed_bytes(tmp_path: Path):
    counts = count(Flips(tmp_path), 10_000, seed=2)
    assert sum(counts["of_rows"].values()) == 10_000
