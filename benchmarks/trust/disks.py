"""A disk that fills, and a limit on the size of files: what was stored stays, and all is told."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.trust.sensor_packets import INFOS, packets_of, samples_of
from benchmarks.trust.target import sentence_failure
from benchmarks.trust.trial import Child, Say, Trial, failed_line, numbered
from gait.model import GaitError, Packet
from gait.recording import SessionWriter, open_session, read_table, write_table
from gait.recording.files import private_output

PACKETS = 3000
ROOM = (0, 1, 4, 10, 40, 100, 150, 300, 600)  # kB
SMALL_DISK = """
mount -t tmpfs -o size={kb}k tmpfs "$1" || exit 77
exec "$2" -m benchmarks.trust.disks "$1"
"""
CANNOT_MOUNT = 77


def limit_files(times: int) -> Trial:
    """RLIMIT_FSIZE at many sizes; SIGXFSZ, which ends a program, is left to the product."""
    trial = Trial(
        "a limit on the size of files, of 0 to 600 kB",
        "a sentence says so; what was said to be stored is there; no output is left half written",
    )
    with tempfile.TemporaryDirectory(prefix="gait-disk-") as folder:
        for number in range(times):
            room = 1000 * ROOM[number % len(ROOM)] + 37 * number
            place = Path(folder) / str(number)
            place.mkdir()
            for failure in _in_a_room(place, lambda size=room: _limit(size)):
                trial.tried(failure and f"{room:,} bytes: {failure}")
    return trial


def fill_disks(times: int) -> Trial:
    """File systems of their own that are full in the middle of it (tmpfs, where it may be made)."""
    trial = Trial(
        "a disk that is full from the start or in the middle",
        "as with a limit on the size of files",
    )
    for number in range(times):
        kb = max(8, ROOM[number % len(ROOM)]) + 4 * number
        with tempfile.TemporaryDirectory(prefix="gait-disk-") as folder:
            code, said = _in_a_small_disk(Path(folder), kb)
        if code == CANNOT_MOUNT:
            trial.left_out = "no file system may be mounted here"
            return trial
        for line in said:
            trial.tried(None if line == "held" else f"{kb} kB: {line}")
        if code:
            trial.failures.append(f"{kb} kB: it ended with {code}")
    return trial


def _in_a_small_disk(folder: Path, kb: int) -> tuple[int, list[str]]:
    """Exit code, and what the tries of this module said there, a line each."""
    unshare = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    try:
        done = subprocess.run(
            [*unshare, SMALL_DISK.format(kb=kb), "sh", str(folder), sys.executable],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "TMPDIR": tempfile.gettempdir()},
        )
    except OSError:
        return CANNOT_MOUNT, []
    refused = done.returncode == CANNOT_MOUNT or "unshare" in done.stderr
    return CANNOT_MOUNT if refused else done.returncode, done.stdout.splitlines()


def _limit(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as Python does of itself, too
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _in_a_room(folder: Path, enter: Callable[[], None]) -> Iterator[str | None]:
    """Everything that writes, each in a process with little room: what is wrong, or None."""
    packets = numbered(packets_of("shoegait"), PACKETS)
    samples_of(100.0)
    session = folder / "run.gait"

    def record(say: Say) -> None:
        enter()
        _record(session, packets, say)

    lines = Child(record).lines()
    yield failed_line(lines) or _recording_failure(session, packets, lines)
    for name, write in _outputs():
        path = folder / name

        def output(say: Say, write=write, path=path) -> None:
            enter()
            try:
                write(path)
            except GaitError as error:
                say(f"refused {error}")
            else:
                say("saved")

        lines = Child(output).lines()
        yield failed_line(lines) or _output_failure(path, lines)


def _outputs() -> list[tuple[str, Callable[[Path], object]]]:
    def bytes_(path: Path) -> None:
        with private_output(path, overwrite=False) as file:
            file.write(bytes(200_000))

    return [
        ("left.csv", lambda path: write_table(path, samples_of(100.0))),
        ("left.csv.gz", lambda path: write_table(path, samples_of(100.0))),
        ("report.html", bytes_),
    ]


def _record(path: Path, packets: list[Packet], say: Say) -> None:
    try:
        writer = SessionWriter(path, started_at="2026-05-17", software="test")
        say("began")
        writer.add_sensor(INFOS["shoegait"])
        for count, packet in enumerate(packets, 1):
            writer.write(packet)
            if count % 40 == 0:
                writer.commit()
                say(f"stored {count}")
        writer.close()
    except GaitError as error:
        say(f"refused {error}")
        return
    say("saved")


def _recording_failure(path: Path, packets: list[Packet], lines: list[str]) -> str | None:
    sentence = next((line[8:] for line in lines if line.startswith("refused ")), "")
    if "saved" not in lines:
        if wrong := sentence_failure(sentence):
            return wrong
        if "/" not in sentence:
            return f"the sentence does not name the file: {sentence}"
    stored = max((int(line.split()[1]) for line in lines if line.startswith("stored")), default=0)
    wanted = len(packets) if "saved" in lines else stored
    try:
        items = list(open_session(path).items())
    except GaitError as error:
        return f"{wanted} were stored, and: {error}" if wanted else None
    if items != packets[: len(items)] or len(items) < wanted:
        return f"{wanted} were said to be stored, {len(items)} are there"
    return None


def _output_failure(path: Path, lines: list[str]) -> str | None:
    if "saved" not in lines:
        sentence = next((line[8:] for line in lines if line.startswith("refused ")), "")
        left = [file.name for file in path.parent.iterdir() if path.name in file.name]
        return sentence_failure(sentence) or (f"left behind: {left}" if left else None)
    if path.suffix == ".html":
        whole = path.stat().st_size == 200_000
    else:
        whole = len(read_table(path, side=INFOS["shoegait"].side).samples) == len(samples_of(100.0))
    return None if whole else "it said that it is saved, and it is not whole"


def main() -> None:
    """The tries in a file system that is small already."""
    for failure in _in_a_room(Path(sys.argv[1]), lambda: None):
        sys.stdout.write(f"{failure or 'held'}\n")


if __name__ == "__main__":
    main()
