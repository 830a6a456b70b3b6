"""Twenty programs that write at once: what each was told is kept is there, once."""

import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

from benchmarks.trust.sensor_packets import INFOS, packets_of
from benchmarks.trust.trial import Child, Say, Trial, failed_line, numbered
from gait.model import GaitError, UsageError
from gait.recording import SessionWriter, open_session
from gait.recording.files import free_name
from gait.roster import Roster

WRITERS = 20
STARTED = "2026-05-17T08:30:00+02:00"


def write_roster(notes: int) -> Trial:
    """Each adds an athlete and writes notes; one that is turned away was told so, and goes on."""
    trial = Trial(
        f"{WRITERS} programs that write one roster at once",
        "every note said to be kept is there once, no other is, and the roster is sound",
    )
    with tempfile.TemporaryDirectory(prefix="gait-writers-") as folder:
        path = Path(folder) / "roster.db"
        with Roster(path) as roster:
            roster.athletes.add("Anna")
        children = [
            Child(lambda say, n=number: _keep_notes(path, n, notes, say))
            for number in range(WRITERS)
        ]
        said = [child.lines() for child in children]
        kept = Counter(line.split(" ", 1)[1] for lines in said for line in lines if _is_kept(line))
        turned_away = sum(line.startswith("refused") for lines in said for line in lines)
        with Roster(path) as roster:
            anna = roster.athletes.find("Anna")
            found = Counter(note.text for note in roster.diary.notes(anna))
        with closing(sqlite3.connect(path)) as db:
            (sound,) = db.execute("PRAGMA integrity_check").fetchone()
    for number, lines in enumerate(said):
        mine = {text for text in kept if text.startswith(f"{number} ")}
        there = {text for text in found if text.startswith(f"{number} ")}
        wrong = failed_line(lines)
        if mine != there or any(found[text] != 1 for text in there):
            wrong = wrong or f"{len(mine)} said to be kept, {len(there)} there"
        trial.tried(wrong and f"writer {number}: {wrong}")
    if sound != "ok":
        trial.failures.append(f"the roster is not sound: {sound}")
    trial.detail = f"{sum(kept.values())} notes kept, {turned_away} times turned away with a word"
    return trial


def record_at_once(packets: int) -> Trial:
    """Each takes a free name in one folder and records; then all want one and the same name."""
    trial = Trial(
        f"{WRITERS} recorders that begin in one folder in the same second",
        "each has a file of its own, with its own packets and no other",
    )
    with tempfile.TemporaryDirectory(prefix="gait-writers-") as name:
        folder = Path(name)
        children = [
            Child(lambda say, n=number: _record(folder, n, packets, say))
            for number in range(WRITERS)
        ]
        said = [child.lines() for child in children]
        paths = [line.split(" ", 1)[1] for lines in said for line in lines if _is_kept(line)]
        for number, lines in enumerate(said):
            trial.tried(failed_line(lines) or _own_packets(lines, number, packets))
        if len(set(paths)) != len(paths):
            trial.failures.append("two recorders were told the same name")
        files = sorted(file.name for file in folder.iterdir())
        trial.detail = f"{len(files)} files for {len(paths)} recorders"
        if len(files) != len(paths):
            trial.failures.append(f"{len(files)} files: {files[:5]}")
    return trial


def one_name() -> Trial:
    """All want the same name; one gets it, the others are told."""
    trial = Trial(
        f"{WRITERS} recorders that want one name", "one gets it; the others are told it is taken"
    )
    with tempfile.TemporaryDirectory(prefix="gait-writers-") as folder:
        path = Path(folder) / "run.gait"
        children = [
            Child(lambda say, n=number: _record_as(path, n, say)) for number in range(WRITERS)
        ]
        said = [child.lines() for child in children]
        got = sum(any(_is_kept(line) for line in lines) for lines in said)
        for lines in said:
            trial.tried(failed_line(lines))
        if got != 1:
            trial.failures.append(f"{got} recorders got the name")
    return trial


def _is_kept(line: str) -> bool:
    return line.startswith("kept ")


def _keep_notes(path: Path, writer: int, notes: int, say: Say) -> None:
    for number in range(notes):
        text = f"{writer} {number}"
        try:
            with Roster(path) as roster:
                anna = roster.athletes.find("Anna")
                roster.diary.note(anna, date(2026, 5, 17), text)
        except GaitError as error:
            say(f"refused {str(error).splitlines()[0]}")
        else:
            say(f"kept {text}")


def _record(folder: Path, number: int, packets: int, say: Say) -> None:
    for _ in range(10 * WRITERS):
        path = free_name(folder, "2026-05-17_08.30.00")
        try:
            writer = SessionWriter(path, started_at=STARTED, software=f"test {number}")
        except UsageError:  # somebody was first
            continue
        _fill(writer, number, packets)
        say(f"kept {writer.path}")
        return
    raise GaitError("no free name was found")


def _record_as(path: Path, number: int, say: Say) -> None:
    try:
        writer = SessionWriter(path, started_at=STARTED, software=f"test {number}")
    except UsageError as error:
        say(f"refused {error}")
        return
    _fill(writer, number, 50)
    say(f"kept {writer.path}")


def _fill(writer: SessionWriter, number: int, packets: int) -> None:
    del number
    with writer:
        writer.add_sensor(INFOS["shoegait"])
        for packet in numbered(packets_of("shoegait"), packets):
            writer.write(packet)


def _own_packets(lines: list[str], number: int, packets: int) -> str | None:
    """What is wrong with the file that a recorder said it has."""
    path = next((line.split(" ", 1)[1] for line in lines if _is_kept(line)), None)
    if path is None:
        return f"recorder {number} got no file: {lines}"
    session = open_session(path)
    items = list(session.items())
    if session.software != f"test {number}" or len(items) != packets or session.problems:
        return f"recorder {number}: {session.software}, {len(items)} packets, {session.problems}"
    return None
