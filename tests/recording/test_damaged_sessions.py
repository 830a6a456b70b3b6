"""Recordings that were killed, cut off or overwritten: what is readable is given, and said."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from recorded import every_kind, packets, record

from gait.model import InputError, SessionItem
from gait.recording import SessionWriter, open_session, sniff

COUNT = 2000
PAGE = 4096

RECORD_UNTIL_KILLED = """
import sys
from recorded import LEFT, RIGHT, packets
from gait.recording import SessionWriter

writer = SessionWriter(sys.argv[1], started_at="2026-05-01", software="test")
writer.add_sensor(LEFT)
writer.add_sensor(RIGHT)
for number, packet in enumerate(packets(10**6), 1):
    writer.write(packet)
    print(number, flush=True)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("whole") / "run.gait", packets(COUNT))


def read(path: Path) -> tuple[list[SessionItem], list[str]]:
    session = open_session(path)
    return list(session.items()), session.problems


def assert_a_part_in_order(items: list[SessionItem]) -> None:
    """All are as written, none twice, none out of order."""
    written = {item.host_s: item for item in packets(COUNT)}
    assert [written[item.host_s] for item in items] == items
    assert all(a.host_s < b.host_s for a, b in pairwise(items))


def overwritten(path: Path, copy: Path, offset: int, content: bytes) -> Path:
    shutil.copyfile(path, copy)
    with copy.open("r+b") as file:
        file.seek(offset)
        file.write(content)
    return copy


@pytest.mark.parametrize("after", [60, 777, 6000])
def test_a_killed_recording_keeps_all_but_its_last_second(tmp_path: Path, after: int) -> None:
    path = tmp_path / "run.gait"
    tests = Path(__file__).parent
    child = subprocess.Popen(
        [sys.executable, "-c", RECORD_UNTIL_KILLED, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent.parent)])},
    )
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= after:
            child.send_signal(signal.SIGKILL)
            break
    written = max([after, *(int(line) for line in child.stdout.read().split("\n")[:-1])])
    assert child.wait() == -signal.SIGKILL

    left = {file: file.read_bytes() for file in (path, tmp_path / "run.gait-wal")}
    items, problems = read(path)
    assert items == packets(len(items))
    assert written - 43 <= len(items) <= written + 1
    assert len(problems) == 1
    assert "not finished" in problems[0]
    assert {file: file.read_bytes() for file in left} == left, "reading changes nothing"
    with closing(sqlite3.connect(path)) as db:  # an independent reader finds the same
        assert db.execute("SELECT count(*) FROM items").fetchone() == (len(items),)

    moved = tmp_path / "moved"
    moved.mkdir()
    for file, content in left.items():
        (moved / file.name).write_bytes(content)
    assert read(moved / "run.gait")[0] == items
    assert {file.name for file in moved.iterdir()} == {file.name for file in left}


def test_killed_while_folding_into_a_single_file(whole: Path, tmp_path: Path) -> None:
    path, left = tmp_path / "run.gait", tmp_path / "left.gait"
    shutil.copyfile(whole, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 1")
        db.execute("BEGIN")
        db.execute("UPDATE items SET content = zeroblob(236)")  # never committed
        shutil.copyfile(path, left)
        shutil.copyfile(tmp_path / "run.gait-journal", tmp_path / "left.gait-journal")
    assert left.read_bytes() != whole.read_bytes()
    before = left.read_bytes()
    assert read(left) == (packets(COUNT), [])
    assert left.read_bytes() == before


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.77, 0.999])
def test_a_file_cut_off_gives_what_lies_before_the_cut(
    whole: Path, tmp_path: Path, share: float
) -> None:
    content = whole.read_bytes()
    path = tmp_path / "cut.gait"
    path.write_bytes(content[: int(share * len(content))])
    items, problems = read(path)
    assert_a_part_in_order(items)
    sure = int(share * COUNT) - 64  # less the page that is cut and those of no items
    assert items[:sure] == packets(max(sure, 0))
    assert len(items) <= share * COUNT + 16
    assert any(f"{len(items):,} of 2,000 entries" in problem for problem in problems)


@pytest.mark.parametrize("length", [1, 15, 99, 100, PAGE, PAGE + 50])
def test_hardly_any_file_left(whole: Path, tmp_path: Path, length: int) -> None:
    path = tmp_path / "cut.gait"
    path.write_bytes(whole.read_bytes()[:length])
    with pytest.raises(InputError):
        read(path)


@pytest.mark.parametrize("fill", [b"\0", b"\xff", None])
def test_an_overwritten_page_costs_its_own_rows_only(
    whole: Path, tmp_path: Path, fill: bytes | None
) -> None:
    pages = whole.stat().st_size // PAGE
    dice = random.Random(1)
    for page in dice.sample(range(2, pages), 12):
        content = fill * PAGE if fill else dice.randbytes(PAGE)
        items, problems = read(overwritten(whole, tmp_path / "x.gait", page * PAGE, content))
        assert_a_part_in_order(items)
        assert COUNT - 32 <= len(items) <= COUNT
        if len(items) < COUNT:
            assert f"{len(items):,} of 2,000 entries could be read" in problems[0]


def test_single_bytes_overwritten_anywhere_never_give_a_wrong_item(
    whole: Path, tmp_path: Path
) -> None:
    size = whole.stat().st_size
    dice = random.Random(2)
    for _ in range(40):
        offset = dice.randrange(2 * PAGE, size)
        items, problems = read(overwritten(whole, tmp_path / "x.gait", offset, dice.randbytes(3)))
        assert_a_part_in_order(items)
        assert len(items) >= COUNT - 32
        assert len(items) == COUNT or problems


def test_a_row_number_overwritten_hides_no_other_row(whole: Path, tmp_path: Path) -> None:
    payload = whole.read_bytes().index((900).to_bytes(4, "big") * 59)
    for offset in range(payload - 30, payload):  # all that leads the payload in its row
        items, _ = read(overwritten(whole, tmp_path / "x.gait", offset, b"\xfe"))
        assert_a_part_in_order(items)
        assert len(items) >= COUNT - 1


def test_the_first_page_destroyed(whole: Path, tmp_path: Path) -> None:
    items, problems = read(overwritten(whole, tmp_path / "x.gait", 0, bytes(PAGE)))
    assert items == packets(COUNT)
    assert "damaged" in problems[0]


def test_a_schema_that_is_no_text_any_more(whole: Path, tmp_path: Path) -> None:
    schema = whole.read_bytes().index(b"CREATE TABLE items")
    items, problems = read(overwritten(whole, tmp_path / "x.gait", schema, b"\xff" * 100))
    assert items == packets(COUNT)
    assert "damaged" in problems[0]


def test_the_write_ahead_log_damaged(tmp_path: Path) -> None:
    path = tmp_path / "run.gait"
    writer = SessionWriter(path, started_at="", software="")
    for packet in packets(900):
        writer.write(packet)
    log = tmp_path / "run.gait-wal"
    copy = tmp_path / "copy.gait"
    shutil.copyfile(path, copy)
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / "copy.gait-wal").write_bytes(content[: len(content) - 1000])
    writer.close()
    items, problems = read(copy)
    assert items == packets(len(items))
    assert "not finished" in problems[0]


def test_what_is_no_session(tmp_path: Path) -> None:
    path = tmp_path / "x.gait"
    with pytest.raises(InputError, match="There is no file"):
        open_session(path)
    with pytest.raises(InputError, match="is a folder"):
        open_session(tmp_path)
    path.write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        open_session(path)
    path.write_bytes(random.Random(3).randbytes(20_000))
    with pytest.raises(InputError, match="not a session file"):
        open_session(path)
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE items (x)")
    with pytest.raises(InputError, match="another program"):
        open_session(path)


def test_a_newer_format(tmp_path: Path) -> None:
    path = record(tmp_path / "run.gait", every_kind())
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2")
    for reader in (sniff, open_session):
        with pytest.raises(InputError, match=r"newer version .*update shoegait"):
            reader(path)


def test_a_session_file_of_other_tables(tmp_path: Path) -> None:
    path = tmp_path / "run.gait"
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA application_id = {int.from_bytes(b'gait', 'big')}")
        db.execute("PRAGMA user_version = 1")
        db.execute("CREATE TABLE items (x)")
    with pytest.raises(InputError, match="not a session file"):
        open_session(path)


def test_an_empty_recording(tmp_path: Path) -> None:
    assert read(record(tmp_path / "run.gait", [])) == ([], [])
