"""SIGKILL at a random moment: what was said to be stored is there, and what is there is whole."""

import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

from benchmarks.trust.sensor_packets import INFOS, packets_of
from benchmarks.trust.trial import Child, Say, Trial, failed_line, numbered
from gait.model import GaitError, Packet
from gait.recording import SessionWriter, open_session
from gait.recording.files import private_output
from gait.recording.sqlite_reader import NOT_FINISHED
from gait.roster import Roster

PACKETS = 4000
EVERY = (3, 60)  # packets from one commit to the next
LIVES_S = 0.6  # about what a recorder here takes from its beginning to its end
OLD, NEW = b"old " * 40_000, b"new " * 60_000


def kill_recorders(times: int, seed: int = 1) -> Trial:
    """A recorder that commits now and then, and says after each commit how many are stored."""
    trial = Trial(
        "a recorder killed (SIGKILL) at a random moment",
        "the file opens; every packet said to be stored is in it, in order, byte for byte",
    )
    packets = numbered(packets_of("shoegait"), PACKETS)
    most_missing = 0
    for number, draw, folder in _tries(times, seed):
        path = folder / "run.gait"
        lines = _killed(lambda say, p=path, d=draw: _record(p, packets, d, say), draw)
        failure, beyond = _recording_failure(path, packets, lines)
        most_missing = max(most_missing, beyond)
        trial.tried(failure and f"kill {number}: {failure}")
    trial.detail = f"up to {most_missing} packets were there beyond those said to be stored"
    return trial


def kill_writers(times: int, seed: int = 2) -> Trial:
    """A program that puts a new output in the place of an old one, again and again."""
    trial = Trial(
        "a program killed while it replaces an output",
        "the old content or the new one, whole, under the name",
    )
    for number, draw, folder in _tries(times, seed):
        path = folder / "summary.json"
        path.write_bytes(OLD)
        _killed(lambda say, p=path: _replace(p, say), draw)
        whole = path.read_bytes() in (OLD, NEW)
        trial.tried(None if whole else f"kill {number}: neither the old content nor the new")
    return trial


def kill_rosters(times: int, seed: int = 3) -> Trial:
    """A program that writes notes into a roster, and says after each that it is kept."""
    trial = Trial(
        "a program killed while it writes the roster",
        "the roster opens and is sound; every note said to be kept is in it",
    )
    for number, draw, folder in _tries(times, seed):
        path = folder / "roster.db"
        lines = _killed(lambda say, p=path: _keep_notes(p, say), draw)
        failure = failed_line(lines) or _roster_failure(path, lines)
        trial.tried(failure and f"kill {number}: {failure}")
    return trial


def _tries(times: int, seed: int) -> Iterator[tuple[int, random.Random, Path]]:
    """The number of each, what it draws by, and a folder of its own."""
    for number in range(times):
        with tempfile.TemporaryDirectory(prefix="gait-kill-") as folder:
            yield number, random.Random(f"{seed} {number}"), Path(folder)


def _killed(task, draw: random.Random) -> list[str]:
    """What it said before it was killed."""
    child = Child(task)
    if draw.random() < 0.9:
        child.first_line()
    time.sleep(LIVES_S * draw.random() ** 2)
    child.kill()
    return child.lines()


def _record(path: Path, packets: list[Packet], draw: random.Random, say: Say) -> None:
    with SessionWriter(path, started_at="2026-05-17T08:30:00+02:00", software="test") as writer:
        writer.add_sensor(INFOS["shoegait"])
        until = 0
        for count, packet in enumerate(packets, 1):
            writer.write(packet)
            if count >= until:
                writer.commit()
                say(f"stored {count}")
                until = count + draw.randint(*EVERY)
        writer.commit()
        say(f"stored {len(packets)}")
    say("closed")


def _recording_failure(
    path: Path, packets: list[Packet], lines: list[str]
) -> tuple[str | None, int]:
    """What is wrong with what a recorder left; and how many packets more than said it has."""
    if error := failed_line(lines):
        return error, 0
    stored = max((int(line.split()[1]) for line in lines if line.startswith("stored")), default=0)
    try:
        session = open_session(path)
        items = list(session.items())
    except GaitError as error:
        return (f"{stored} were stored, and: {error}" if stored else None), 0
    if items != packets[: len(items)]:
        return "what is in it is not what was written", 0
    if len(items) < stored:
        return f"{stored} were said to be stored, {len(items)} are there", 0
    if len(items) < len(packets) and NOT_FINISHED not in session.problems:
        return "it does not say that it was cut off", 0
    return None, len(items) - stored


def _replace(path: Path, say: Say) -> None:
    say("begins")
    for turn in range(10_000):
        with private_output(path, overwrite=True) as file:
            content = NEW if turn % 2 == 0 else OLD
            for at in range(0, len(content), 10_000):
                file.write(content[at : at + 10_000])


def _keep_notes(path: Path, say: Say) -> None:
    with Roster(path) as roster:
        anna = roster.athletes.add("Anna")
        for number in range(10_000):
            roster.diary.note(anna, date(2026, 5, 17), f"note {number}")
            say(f"kept {number}")


def _roster_failure(path: Path, lines: list[str]) -> str | None:
    kept = {f"note {line.split()[1]}" for line in lines if line.startswith("kept")}
    try:
        with Roster(path) as roster:
            found = {note.text for one in roster.athletes.all() for note in roster.diary.notes(one)}
    except GaitError as error:
        return str(error)
    with closing(sqlite3.connect(path)) as db:
        (sound,) = db.execute("PRAGMA integrity_check").fetchone()
    if sound != "ok":
        return sound
    lost = kept - found
    return f"{len(lost)} of {len(kept)} notes said to be kept are gone" if lost else None
