"""Files cut off or spoilt at a random place: nothing is invented, and what is lost is said."""

import gzip
import random
import shutil
import tempfile
from pathlib import Path

from benchmarks.trust.sensor_packets import INFOS, packets_of
from benchmarks.trust.target import sentence_failure
from benchmarks.trust.trial import Trial, numbered
from gait.model import GaitError, Packet
from gait.recording import SessionWriter, open_session, write_jsonl
from gait.recording.files import companions

PACKETS = 1500
PAGE = 4096


def tear_files(times: int, seed: int = 1) -> Trial:
    """A finished session, one left by a kill (with its write-ahead log), and compressed lines."""
    trial = Trial(
        "a session file cut off, flipped, zeroed or half written",
        "what is read was written, in order; what is lost is told in a sentence (a digit changed "
        "in plain JSON lines, which have no checksum, is read as it stands)",
    )
    packets = numbered(packets_of("shoegait"), PACKETS)
    kept = 0.0
    with tempfile.TemporaryDirectory(prefix="gait-torn-") as place:
        whole = _files(Path(place), packets)
        torn = Path(place) / "torn"
        for number in range(times):
            draw = random.Random(f"{seed} {number}")
            shutil.rmtree(torn, ignore_errors=True)
            torn.mkdir()
            files = whole[number % len(whole)]
            copies = [Path(shutil.copyfile(file, torn / file.name)) for file in files]
            how = tear(draw.choice(copies), draw)
            failure, share = _torn_failure(copies[0], packets)
            kept += share / times
            trial.tried(failure and f"file {number} ({copies[0].name}, {how}): {failure}")
    trial.detail = f"{100 * kept:.0f} % of the packets were read back in the mean"
    return trial


def _files(place: Path, packets: list[Packet]) -> list[list[Path]]:
    """The finished one; the database and its log as a kill leaves them; the lines."""
    finished, killed = place / "finished.gait", place / "killed.gait"
    copies: list[Path] = []
    for path in (finished, killed):
        writer = SessionWriter(path, started_at="2026-05-17T08:30:00+02:00", software="test")
        writer.add_sensor(INFOS["shoegait"])
        for packet in packets:
            writer.write(packet)
        writer.commit()
        if path is killed:
            left = place / "left"
            left.mkdir()
            beside = [file for file in companions(killed)[:1] if file.exists()]
            copies = [Path(shutil.copyfile(f, left / f.name)) for f in (killed, *beside)]
        writer.close()
    lines = place / "finished.jsonl.gz"
    write_jsonl(open_session(finished), lines)
    plain = place / "plain.jsonl"
    plain.write_bytes(gzip.decompress(lines.read_bytes()))
    return [[finished], copies, [lines], [plain]]


def tear(path: Path, draw: random.Random) -> str:
    """Spoil a file, most often near its end; returns how."""
    data = bytearray(path.read_bytes())
    size = len(data)
    at = size - 1 - int(size * draw.random() ** 3) if draw.random() < 0.7 else draw.randrange(size)
    at = max(0, at)
    how = draw.choice(("cut", "flip", "zeros", "page"))
    if how == "cut":
        del data[at:]
    elif how == "flip":
        for _ in range(draw.randint(1, 20)):
            data[draw.randrange(at, size)] ^= 1 << draw.randrange(8)
    elif how == "zeros":
        data[at:] = bytes(size - at)
    else:  # half a page was written over
        start = at - at % PAGE
        end = min(size, start + draw.choice((512, 1024, 2048)))
        data[start:end] = draw.randbytes(end - start)
    path.write_bytes(data)
    return f"{how} at {at:,} of {size:,}"


def _torn_failure(path: Path, packets: list[Packet]) -> tuple[str | None, float]:
    """What is wrong with how it is read; and the share of packets that were."""
    try:
        session = open_session(path)
        items = list(session.items())
    except GaitError as error:
        return sentence_failure(str(error)), 0.0
    by_number = {packet.payload[:4]: packet for packet in packets}
    for item in items:
        if not isinstance(item, Packet) or by_number.get(item.payload[:4]) != item:
            # lines have no checksum; that of gzip says in a sentence that values may be wrong
            if path.suffix == ".jsonl" or (path.suffix == ".gz" and session.problems):
                continue
            return "a packet that was not written", 0.0
    times = [item.host_s for item in items]
    if times != sorted(set(times)) and "jsonl" not in path.name:
        return "packets out of order, or twice", 0.0
    if len(items) < len(packets) and not session.problems:
        return f"{len(packets) - len(items)} packets are lost without a word", 0.0
    return None, len(items) / len(packets)
