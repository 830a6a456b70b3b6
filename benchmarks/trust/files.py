"""Hostile files: sessions, IMU tables, files of other makers, profiles and notes of our own."""

import gzip
import json
import random
import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.trust.target import Target, UnmetError, sentence_failure
from gait.athletes.run_files import Dropped, Outcome, is_run_zip, keep_zip
from gait.cli.known_sensors import KnownShoes
from gait.model import Exchange, GaitError, Packet, Side
from gait.recording import open_session, read_table, sniff
from gait.recording.following import Followed
from gait.recording.foreign import read_foreign
from gait.recording.partial_download import PartialDownload
from gait.recording.session import session_key
from gait.recording.session_format import APPLICATION_ID, FORMAT_VERSION, PAGE_BYTES, schema
from gait.recording.stored_logs import StoredLogs
from gait.recording.tracks import read_track
from gait.report.outputs import read_profile
from gait.roster import Roster

MOST_ITEMS = 100_000  # of any input here; more come from a loop
SIZE = struct.Struct("<I")
FIT_HEADER_BYTES = 14
PART_LOG = "log 7"
HAS_PARQUET = find_spec("pyarrow") is not None  # the extra `parquet`


def file_targets() -> Iterator[Target]:
    yield _file("session", "run.gait", _session, 250, 60_000)
    yield _file("session-rows", "run.gait", _session, 250, 60_000, wrap=_with_checksums, text=True)
    yield Target(name="session-wal", read=_session_with_wal, quick=200, long=25_000)
    yield _file("session-jsonl", "run.jsonl", _session, 800, 150_000, text=True)
    yield _file("session-jsonl-gz", "run.jsonl.gz", _session, 300, 60_000)
    yield _file("table-csv", "left.csv", _table, 700, 60_000, text=True)
    if HAS_PARQUET:
        yield _file("table-parquet", "left.parquet", _table, 500, 60_000)
    yield _file("foreign-fit", "run.fit", _foreign, 500, 50_000, wrap=_with_fit_sums)
    yield _file("foreign-xml", "run.xml", _foreign, 700, 60_000, text=True)
    yield _file("foreign-csv", "run-left.csv", _foreign, 700, 60_000, text=True)
    yield _file("foreign-gz", "run.gz", _foreign, 200, 25_000, wrap=_packed, text=True)
    yield _file("foreign-zip", "export.zip", _run_zip, 150, 15_000)
    yield _file("profile-yaml", "me.yaml", _profile, 800, 60_000, text=True)
    yield _file("profile-toml", "me.toml", _profile, 800, 60_000, text=True)
    yield _file("profile-json", "me.json", _profile, 800, 60_000, text=True)
    yield _file("known-shoes", "known.json", _known_shoes, 500, 50_000, text=True)
    yield _file("part-of-a-log", "log.part", _part, 200, 20_000)


def _file(
    name: str, called: str, read: Callable[[Path], None], quick: int, long: int, **more: Any
) -> Target:
    def read_file(inputs: Sequence[bytes], folder: Path) -> None:
        path = folder / called
        path.write_bytes(inputs[0])
        read(path)

    return Target(name=name, read=read_file, quick=quick, long=long, **more)


def _session(path: Path) -> None:
    """As `gait analyze` reads it, and as the dashboard follows it while it grows."""
    if sniff(path) != "session":
        return
    session = open_session(path)
    for item in read_all(session.items()):
        if not np.isfinite(item.host_s):
            raise UnmetError(f"a moment of {item.host_s} s")
        if isinstance(item, Packet | Exchange) and not 0 <= item.device < len(session.sensors):
            raise UnmetError(f"device {item.device} of {len(session.sensors)}")
    session_key(session)
    for info in session.sensors:
        if not 1.0 <= info.rate_hz <= 5000.0:
            raise UnmetError(f"a sensor of {info.rate_hz} Hz was believed")
    followed = Followed(path)
    followed.more(1000)
    StoredLogs(path.parent)


def read_all(items: Iterator[Any]) -> list[Any]:
    """All of them. Raises UnmetError where there is no end."""
    found = list(islice(items, MOST_ITEMS + 1))
    if len(found) > MOST_ITEMS:
        raise UnmetError(f"more than {MOST_ITEMS:,} items in a small file")
    return found


def _session_with_wal(inputs: Sequence[bytes], folder: Path) -> None:
    """What a kill leaves: the database, and its write-ahead log beside it."""
    database, log = two_files(inputs[0])
    (folder / "run.gait").write_bytes(database)
    (folder / "run.gait-wal").write_bytes(log)
    _session(folder / "run.gait")


def two_files(packed: bytes) -> tuple[bytes, bytes]:
    (size,) = SIZE.unpack(packed[:4].ljust(4, b"\0"))
    size = min(size, len(packed))
    return packed[4 : 4 + size], packed[4 + size :]


def _with_checksums(text: bytes, _: random.Random) -> bytes:
    """Rows as JSON → a session file in which every checksum is right, whatever they say.

    The checksums after the description of the format, in docs and layout, not by its code.
    """
    rows = _json(text)
    facts, items = _lists(rows.get("about")), _lists(rows.get("items"))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        for table in schema():
            db.execute(table)
        db.execute("BEGIN")
        for row in facts:
            _insert(db, "about", _signed_fact([*row, *[None] * 4][:4]))
        for row in items:
            _insert(db, "items", _signed_item([*row, *[None] * 6][:6]))
        db.execute("COMMIT")
        return db.serialize()


def _json(text: bytes) -> dict:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _lists(value: Any) -> list[list]:
    return [row for row in value if isinstance(row, list)] if isinstance(value, list) else []


def _insert(db: sqlite3.Connection, table: str, row: list) -> None:
    try:
        db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)
    except (sqlite3.Error, OverflowError, UnicodeError):
        return  # no file can hold it


def _stored(value: Any) -> Any:
    """What of JSON a cell can hold; {"hex": …} stands for bytes."""
    if isinstance(value, dict) and isinstance(value.get("hex"), str):
        try:
            return bytes.fromhex(value["hex"])
        except ValueError:
            return value["hex"]
    return json.dumps(value) if isinstance(value, dict | list) else value


def _signed_fact(row: list) -> list:
    number, kind, name, value = (_stored(cell) for cell in row)
    head = f"{number}\0{kind}\0{name}\0".encode("utf-8", "replace")
    content = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
    return [number, kind, name, value, crc32(content, crc32(head))]


def _signed_item(row: list) -> list:
    seq, kind, device, host_s, number, content = (_stored(cell) for cell in row)
    raw = content if isinstance(content, bytes) else str(content or "").encode("utf-8", "replace")
    try:
        head = struct.pack("<qqqqd", seq, kind, -1 if device is None else device, number, host_s)
    except (struct.error, TypeError):
        head = b""
    return [seq, kind, device, host_s, number, content, crc32(raw, crc32(head))]


def _table(path: Path) -> None:
    if sniff(path) != "table":
        return
    table = read_table(path, side=Side.LEFT)
    samples = table.samples
    if not (np.isfinite(samples.time_s).all() and np.isfinite(samples.acc).all()):
        raise UnmetError("samples that are not numbers")
    if not 1.0 <= table.info.rate_hz <= 5000.0:
        raise UnmetError(f"a table of {table.info.rate_hz} Hz was believed")


def _foreign(path: Path) -> None:
    """As `gait import` keeps it, and as `gait export` merges it by time."""
    refused: list[GaitError] = []
    for read in (read_foreign, read_track):
        try:
            read(path)
        except GaitError as error:
            refused.append(error)
            failed = sentence_failure(str(error))
            if failed:
                raise UnmetError(failed) from error
    if len(refused) == 2:
        raise refused[0]


def _run_zip(path: Path) -> None:
    """As `gait import` takes the archives that sites hand out."""
    if not is_run_zip(path):
        return
    with Roster(path.with_name("roster.db")) as roster:
        everybody = roster.athletes.all()
        athlete = everybody[0] if everybody else roster.athletes.add("Anna Berg")
        outcome = Outcome()
        keep_zip(roster, athlete, Dropped(path.name, path), None, outcome)
    for sentence in (*outcome.refused, *outcome.passed_over(), *outcome.remarked()):
        failed = sentence_failure(sentence)
        if failed:
            raise UnmetError(failed)


def _with_fit_sums(data: bytes, draw: random.Random) -> bytes:
    """In three of four the size and both checksums are those of the contents."""
    if draw.random() < 0.25 or len(data) < FIT_HEADER_BYTES + 2:
        return data
    body = data[FIT_HEADER_BYTES:-2]
    head = bytes([FIT_HEADER_BYTES]) + data[1:4] + struct.pack("<I", len(body)) + data[8:12]
    head += struct.pack("<H", fit_sum(head))
    return head + body + struct.pack("<H", fit_sum(head + body))


def fit_sum(data: bytes) -> int:
    """CRC-16 (ARC), as the FIT protocol has it."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def _packed(data: bytes, draw: random.Random) -> bytes:
    """Compressed; in one of four the compressed bytes are spoilt as well."""
    packed = bytearray(gzip.compress(data, 1, mtime=0))
    if draw.random() < 0.25:
        packed[draw.randrange(len(packed))] ^= 1 << draw.randrange(8)
        del packed[draw.randint(1, 4 * len(packed)) :]
    return bytes(packed)


def _profile(path: Path) -> None:
    read_profile(path)


def _known_shoes(path: Path) -> None:
    KnownShoes(path).all()


def _part(path: Path) -> None:
    """What was fetched of a log so far, gone on with."""
    part = PartialDownload(path, PART_LOG)
    try:
        part.note("told")
        part.keep(10_000, b"a packet")
        for packet in part.packets(range(20_000)):
            if not isinstance(packet, bytes):
                raise UnmetError(f"a packet of type {type(packet).__name__}")
    finally:
        part.close()
