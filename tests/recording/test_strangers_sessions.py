"""Session files made to harm: each ends soon, in little memory, with a sentence or with what is
whole; nothing beside a file is read as its own that is not."""

import gzip
import json
import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest
from recorded import LEFT, RIGHT, STREAM, packets, record
from within_limits import within_limits

from gait.model import GaitError, InputError, SessionItem
from gait.model.limits import LINE_BYTES, SENSORS
from gait.recording import SessionWriter, open_session
from gait.recording.session_format import (
    APPLICATION_ID,
    INSERT_FACT,
    INSERT_ITEM,
    PAGE_BYTES,
    TABLES,
    fact_row,
    item_row,
    session_id,
)
from gait.recording.untrusted_database import checkpoint_wal

SENSOR = msgspec.json.encode(LEFT).decode()


def read(path: Path) -> tuple[int, list[str]]:
    session = open_session(path)
    return sum(1 for _ in session.items()), session.problems


def made(path: Path, *statements: str, tables: tuple[str, ...] = TABLES) -> sqlite3.Connection:
    """A database that says it is a session."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")
    for statement in (*tables, *statements):
        db.execute(statement)
    return db


def with_facts(path: Path, facts: list[tuple[str, str, Any]]) -> Path:
    with closing(made(path, "BEGIN")) as db:
        for number, fact in enumerate(facts, 1):
            row = (
                fact_row(number, *fact) if isinstance(fact[2], str | bytes) else (number, *fact, 0)
            )
            db.execute(INSERT_FACT, row)
        db.execute("COMMIT")
    return path


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"


@pytest.mark.parametrize(
    "items",
    [
        f"CREATE VIEW items AS {ENDLESS}"
        " SELECT x AS seq, 3 AS kind, NULL AS device, 0.0 AS host_s, 0 AS number, '' AS content,"
        " 0 AS crc FROM n",
        f"CREATE VIEW items AS {ENDLESS}"
        " SELECT max(x) AS seq, 3 AS kind, NULL AS device, 0.0 AS host_s, 0 AS number,"
        " '' AS content, 0 AS crc FROM n",
        "CREATE TABLE items (seq INTEGER PRIMARY KEY, kind, device, host_s, number,"
        " content AS (zeroblob(900000000)), crc)",
        "CREATE VIRTUAL TABLE items USING fts5(seq, kind, device, host_s, number, content, crc)",
    ],
)
def test_what_should_be_a_table_and_is_not(tmp_path: Path, items: str) -> None:
    path = tmp_path / "x.gait"
    with closing(made(path, tables=(TABLES[0], items))) as db:
        for number, fact in enumerate([("sensor", "0", SENSOR), ("closed", "", "5")], 1):
            db.execute(INSERT_FACT, fact_row(number, *fact))
    count, problems = within_limits(read, path)
    assert count == 0
    assert any("0 of 5 entries" in problem for problem in problems)


def test_a_trigger_or_an_index_beside_the_tables(tmp_path: Path) -> None:
    path = record(tmp_path / "x.gait", packets(50))
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE INDEX other ON items (content)")
    count, problems = within_limits(read, path)
    assert count == 50, "read from its pages"
    assert "damaged" in problems[0]


def overflowing(path: Path, links: bytes) -> Path:
    """A session with an attachment that goes on over many pages; `links` is where each leads."""
    with SessionWriter(path, started_at="", software="") as writer:
        writer.add_sensor(LEFT)
        writer.add_sensor(RIGHT)
        writer.attach("truth.csv", b"t" * 40 * PAGE_BYTES)
        for packet in packets(20):
            writer.write(packet)
    content = bytearray(path.read_bytes())
    for at in range(0, len(content), PAGE_BYTES):
        if content[at + 4 : at + 104] == b"t" * 100:
            content[at : at + 4] = links
    path.write_bytes(content)
    return path


def test_overflow_pages_that_loop(tmp_path: Path) -> None:
    pages = overflowing(tmp_path / "x.gait", b"\0\0\0\5")
    count, problems = within_limits(read, pages)
    assert count == 20
    assert "damaged" in problems[0]


def test_a_row_that_says_it_is_larger_than_any_file(tmp_path: Path) -> None:
    path = overflowing(tmp_path / "x.gait", b"\0\0\0\5")
    content = path.read_bytes()
    at = content.index(b"attachmenttruth.csv")
    for back in range(4, 13):  # all that leads it in its row
        changed = bytearray(content)
        changed[at - back : at - back + 9] = b"\xff" * 9
        (tmp_path / "y.gait").write_bytes(changed)
        assert within_limits(read, tmp_path / "y.gait")[0] == 20


def test_pages_that_are_each_others_children(tmp_path: Path) -> None:
    path = record(tmp_path / "x.gait", packets(2000))
    content = bytearray(path.read_bytes())
    inner = next(
        at for at in range(0, len(content), PAGE_BYTES) if content[at] == 5
    )  # an interior page of a table: its children are numbered in its cells
    cells = int.from_bytes(content[inner + 3 : inner + 5], "big")
    for cell in range(cells):
        pointer = int.from_bytes(content[inner + 12 + 2 * cell : inner + 14 + 2 * cell], "big")
        content[inner + pointer : inner + pointer + 4] = (inner // PAGE_BYTES + 1).to_bytes(
            4, "big"
        )
    path.write_bytes(content)
    count, _ = within_limits(read, path)
    assert count == 2000


@pytest.mark.parametrize(
    "facts",
    [
        [("sensor", "0", "{")],
        [("sensor", "0", "[" * 100_000)],
        [("sensor", "x", SENSOR)],
        [("sensor", "-1", SENSOR)],
        [("sensor", "0", SENSOR), ("sensor", "2", SENSOR)],
        [("sensor", "9" * 5000, SENSOR)],
        [("sensor", "0", SENSOR), ("closed", "", "all")],
        [("sensor", "0", SENSOR), ("characteristic", "", "x")],
        [("sensor", "0", b"bytes")],
        [("sensor", "0", SENSOR), ("attachment", "x", "text")],
        [("sensor", "0", SENSOR), ("meta", "notes", b"bytes")],
        [("sensor", str(number), SENSOR) for number in range(SENSORS + 1)],
        *(
            [("sensor", "0", SENSOR.replace("400.0", rate))]
            for rate in ("0", "-400", "1e6", "1e999", "true", '"400"')
        ),
        *(
            [("sensor", "0", SENSOR.replace('"acc_range_g":16.0', f'"acc_range_g":{g}'))]
            for g in ("0", "-16", "1e300")
        ),
    ],
)
def test_right_checksums_and_wrong_contents(
    tmp_path: Path, facts: list[tuple[str, str, Any]]
) -> None:
    said = within_limits(read, with_facts(tmp_path / "x.gait", facts))
    assert isinstance(said, str)
    assert str(tmp_path / "x.gait") in said


def test_items_that_no_program_of_ours_writes_are_left_out(tmp_path: Path) -> None:
    path = record(tmp_path / "x.gait", packets(3))
    good = packets(1)[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DELETE FROM about WHERE kind = 'closed'")
        seq = 4
        beyond = len(open_session(path).sensors)
        for changed in (
            {"device": -5},
            {"device": beyond},
            {"device": 10**6},
            {"host_s": float("inf")},
        ):
            row = item_row(seq, msgspec.structs.replace(good, **changed), {STREAM: 0})
            db.execute(INSERT_ITEM, row)
            seq += 1
        for kind, number in ((1, 101), (1, -1), (2, 3), (2, -9), (7, 0), (0, 99)):
            item = record_row(seq, kind, number)
            db.execute(INSERT_ITEM, item)
            seq += 1
        db.execute(INSERT_ITEM, item_row(seq, good, {STREAM: 0}))
    count, problems = within_limits(read, path)
    assert count == 4
    assert any("4 of 14 entries" in problem for problem in problems)


def record_row(seq: int, kind: int, number: int) -> tuple[Any, ...]:
    """A row of any kind and number, with the right CRC."""
    content = b"" if kind == 0 else ""
    crc = crc32(struct.pack("<qqqqd", seq, kind, 0, number, 1.0))
    return seq, kind, 0, 1.0, number, content, crc


def header(**changed: Any) -> dict[str, Any]:
    sensor = {"side": "left", "rate_hz": 400.0} | changed
    return {"format": "gait-session", "version": 1, "meta": {}, "sensors": [sensor]}


@pytest.mark.parametrize(
    "changed",
    [
        {"rate_hz": 0},
        {"rate_hz": 1e6},
        {"rate_hz": -1},
        {"acc_range_g": -16},
        {"gyr_range_dps": 0},
        {"name": "n" * 2000},
        {"timed_within_s": -1},
    ],
)
def test_a_sensor_that_cannot_be(tmp_path: Path, changed: dict[str, Any]) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(header(**changed)) + "\n")
    assert "first line does not describe a session" in within_limits(read, path)


@pytest.mark.parametrize(
    "line",
    [
        {"device": -5, "host_s": 1.0, "characteristic": STREAM, "payload": "00"},
        {"device": 10**6, "host_s": 1.0, "battery": 5},
        {"device": 1, "host_s": 1.0, "battery": 5},
        {"device": 1, "host_s": 1.0, "connection": "lost"},
        {"device": 0, "host_s": 1.0, "battery": -5},
        {"device": 0, "host_s": 1.0, "battery": 10**30},
        {"device": 10**40, "host_s": 1.0, "battery": 1},
    ],
)
def test_lines_that_no_program_of_ours_writes(tmp_path: Path, line: dict[str, Any]) -> None:
    path = tmp_path / "x.jsonl"
    mark = {"host_s": 2.0, "mark": "here"}
    path.write_text("".join(json.dumps(part) + "\n" for part in (header(), line, mark)))
    count, problems = within_limits(read, path)
    assert count == 1
    assert "1 of 2 lines" in problems[0]


def test_deep_nesting_in_a_first_line_and_in_others(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    deep = "[" * 100_000
    path.write_text('{"format":"gait-session","version":1,"meta":' + deep)
    assert "nested too deeply" in within_limits(read, path)
    path.write_text(json.dumps(header()) + "\n" + '{"host_s":1,"mark":' + deep + "\n")
    count, problems = within_limits(read, path)
    assert (count, len(problems)) == (0, 1)


@pytest.mark.parametrize("what", ['"a":1,', "a", "[", '"",'])
def test_a_first_line_of_20_mb(tmp_path: Path, what: str) -> None:
    line = '{"format":"gait-session","x":' + what * (20_000_000 // len(what))
    (tmp_path / "x.jsonl").write_text(line)
    assert "first line does not describe a session" in within_limits(read, tmp_path / "x.jsonl")
    with gzip.open(tmp_path / "x.jsonl.gz", "wb", compresslevel=1) as file:
        file.write(line.encode())
    assert "unpacks to more than" in within_limits(read, tmp_path / "x.jsonl.gz")


def test_a_later_line_of_20_mb(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(header()) + "\n" + "x" * 20_000_000)
    assert f"more than {LINE_BYTES:,} characters" in within_limits(read, path)


def test_much_out_of_little(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(json.dumps(header()).encode() + b"\n")
        mark = json.dumps({"host_s": 1.0, "mark": "m" * 100_000}).encode() + b"\n"
        for _ in range(100):
            file.write(mark * 10)
    assert "unpacks to more than" in within_limits(read, path)


def test_many_gzip_members_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(header()).encode()) + gzip.compress(b"") * 50_000)
    assert "packed in too many pieces" in within_limits(read, path)


def test_gzip_in_members_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    mark = json.dumps({"host_s": 1.0, "mark": ""}).encode() + b"\n"
    members = [json.dumps(header()).encode() + b"\n", *([mark * 7] * 300)]
    path.write_bytes(b"".join(map(gzip.compress, members)) + bytes(1000))
    assert read(path) == (2100, [])


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("2026-05-01T07:00:00+02:00", True),
        ("yesterday", False),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-14:00", False),
        ("\x1b[31m", False),
    ],
)
def test_a_start_that_cannot_be_is_not_known(tmp_path: Path, text: str, known: bool) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(header() | {"meta": {"started_at": text}}) + "\n")
    assert open_session(path).started_at == (text if known else None)


# --- what lies beside a file and is not its own ---


def left_open(path: Path, count: int) -> Path:
    """A recording that was cut off, with its log beside it, as after a kill."""
    inside = path.with_name("inside")
    inside.mkdir()
    writer = SessionWriter(inside / path.name, started_at="", software="")
    writer.add_sensor(LEFT)
    writer.add_sensor(RIGHT)
    for packet in packets(count):
        writer.write(packet)
    writer.commit()
    for file in (path.name, f"{path.name}-wal"):
        shutil.copyfile(inside / file, path.with_name(file))
    writer.close()
    shutil.rmtree(inside)
    return path


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def test_the_id_is_in_the_file_and_in_every_log_of_it(tmp_path: Path) -> None:
    path = tmp_path / "x.gait"
    writer = SessionWriter(path, started_at="", software="")
    mine = session_id(path.read_bytes()[:PAGE_BYTES])
    assert mine is not None
    seen = set()
    for number, packet in enumerate(packets(3000)):
        writer.write(packet)
        if number % 97 == 0:
            writer.commit()
            log = beside(path, "-wal").read_bytes()
            first = log[32 + 24 : 32 + 24 + PAGE_BYTES]
            assert session_id(first) == mine, "the first frame is the first page"
            seen.add(log[16:24])
    writer.close()
    assert len(seen) > 1, "the log began anew in between"
    assert session_id(path.read_bytes()[:PAGE_BYTES]) == mine


def test_a_log_of_another_recording_beside_a_finished_file(tmp_path: Path) -> None:
    theirs = left_open(tmp_path / "theirs.gait", 700)
    ours = record(tmp_path / "ours.gait", packets(600))
    shutil.copyfile(beside(theirs, "-wal"), beside(ours, "-wal"))
    with closing(sqlite3.connect(ours)) as db:  # what SQLite makes of it when it is asked
        taken = db.execute("PRAGMA integrity_check").fetchall() != [("ok",)] or (
            db.execute("SELECT count(*) FROM items").fetchone() != (600,)
        )
    assert taken, "so there is something to cure"
    shutil.copyfile(record(tmp_path / "again.gait", packets(600)), ours)
    shutil.copyfile(beside(theirs, "-wal"), beside(ours, "-wal"))
    before = ours.read_bytes()
    session = open_session(ours)
    assert list(session.items()) == packets(600)
    assert session.problems == [
        "ours.gait-wal beside it is of another recording, and was left out."
    ]
    with pytest.raises(GaitError, match="of another recording than ours"):
        checkpoint_wal(ours)
    assert ours.read_bytes() == before


def test_a_log_of_another_recording_beside_one_that_was_cut_off(tmp_path: Path) -> None:
    ours, theirs = left_open(tmp_path / "ours.gait", 400), left_open(tmp_path / "theirs.gait", 900)
    own_log = beside(ours, "-wal").read_bytes()
    assert list(open_session(ours).items()) == packets(400)
    shutil.copyfile(beside(theirs, "-wal"), beside(ours, "-wal"))
    items: list[SessionItem] = list(open_session(ours).items())
    assert items == packets(len(items))
    assert any("ours.gait-wal" in problem for problem in open_session(ours).problems)
    beside(ours, "-wal").write_bytes(own_log)
    checkpoint_wal(ours)
    assert list(open_session(ours).items()) == packets(400)


def test_a_journal_of_another_recording(tmp_path: Path) -> None:
    ours, theirs = (record(tmp_path / f"{name}.gait", packets(500)) for name in ("ours", "theirs"))
    with closing(sqlite3.connect(theirs, isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 1")
        db.execute("BEGIN")
        db.execute("PRAGMA user_version = 1")
        db.execute("UPDATE items SET content = zeroblob(236)")
        shutil.copyfile(beside(theirs, "-journal"), beside(ours, "-journal"))
    session = open_session(ours)
    assert list(session.items()) == packets(500)
    assert session.problems == [
        "ours.gait-journal beside it is of another recording, and was left out."
    ]


def test_what_is_no_session_says_so(tmp_path: Path) -> None:
    with closing(made(tmp_path / "x.gait")):
        pass
    assert read(tmp_path / "x.gait")[0] == 0
    with pytest.raises(InputError):
        open_session(with_facts(tmp_path / "y.gait", [("sensor", "0", "1")]))
