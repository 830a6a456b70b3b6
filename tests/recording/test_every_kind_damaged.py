"""A damaged session keeps marks, exchanges and connections as it keeps packets, and counts them.

Where an item lies in the file is found by its own eight bytes of time, so which of them a damage
takes is known without any reader. All others must be read, and those that are gone must be said.
"""

import gzip
import itertools
import shutil
import sqlite3
import struct
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from recorded import CONTROL, LEFT, OTHER, RIGHT, STREAM

from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    Exchange,
    Mark,
    Packet,
    SessionItem,
)
from gait.recording import SessionWriter, open_session, write_jsonl
from gait.recording.files import companions
from gait.recording.following import Followed

PAGE = 4096
ROUNDS = 60
KINDS = (Packet, BatteryReading, ConnectionEvent, Mark, Exchange)


def all_items() -> list[SessionItem]:
    """Every kind again and again, each item with a time and a content of its own."""
    events = itertools.cycle(Connection)
    found: list[SessionItem] = []
    for n in range(ROUNDS):
        times = [n + 0.1 * k + 0.0123 for k in range(1, 8)]
        found += [
            Packet(n % 2, times[0], STREAM, n.to_bytes(2, "big") * 60),
            Mark(times[1], f"mark {n}" + " at the hill" * (n % 9)),
            ConnectionEvent(n % 2, times[2], next(events), f"event {n}" + " of the link" * (n % 7)),
            Exchange(
                n % 2, times[3], 0.031 + n, CONTROL, b"\5" + bytes([n]), bytes([n]) * (n % 40)
            ),
            BatteryReading(n % 2, times[4], n % 101),
            Packet(1 - n % 2, times[5], OTHER, b"" if n % 5 == 0 else bytes([n])),
            Exchange(n % 2, times[6], 0.5, OTHER, b"", b""),
        ]
    return found


ITEMS = all_items()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kinds") / "run.gait"
    with SessionWriter(path, started_at="2026-05-01T07:00:00+02:00", software="test") as writer:
        for info in (LEFT, RIGHT):
            writer.add_sensor(info)
        for item in ITEMS:
            writer.write(item)
    return path


def read(path: Path) -> tuple[list[SessionItem], list[str]]:
    session = open_session(path)
    return list(session.items()), session.problems


def where(item: SessionItem, content: bytes) -> set[int]:
    """The pages of a file in which the item's time stands."""
    needle, pages, at = struct.pack(">d", item.host_s), set[int](), -1
    while (at := content.find(needle, at + 1)) >= 0:
        pages.add(at // PAGE)
    return pages


def assert_only_lost(items: list[SessionItem], problems: list[str], lost: list[SessionItem]):
    kept = [item for item in ITEMS if item not in lost]
    assert Counter(map(type, items)) == Counter(map(type, kept))
    assert items == kept
    said = [problem for problem in problems if "entries could be read" in problem]
    assert (len(said) == 1) == bool(lost)
    if lost:
        assert f"{len(kept)} of {len(ITEMS)} entries could be read, {len(lost)} are lost" in said[0]


def test_every_item_lies_in_one_page_that_is_known(closed: Path) -> None:
    content = closed.read_bytes()
    pages = [where(item, content) for item in ITEMS]
    assert all(len(found) == 1 for found in pages)
    assert len(set.union(*pages)) >= 6
    assert {type(item) for item in ITEMS} == set(KINDS)


def test_a_whole_file_has_every_item_of_every_kind(closed: Path) -> None:
    assert read(closed) == (ITEMS, [])


@pytest.mark.parametrize("fill", [0x00, 0xFF])
def test_a_page_that_is_lost_costs_what_lay_in_it_of_every_kind(
    closed: Path, tmp_path: Path, fill: int
) -> None:
    """SQLite ends at the page; behind it, rows are read from the pages themselves."""
    content = closed.read_bytes()
    pages = {page for item in ITEMS for page in where(item, content)}
    for page in pages:
        lost = [item for item in ITEMS if where(item, content) == {page}]
        assert {type(item) for item in lost} == set(KINDS)
        copy = tmp_path / "damaged.gait"
        copy.write_bytes(
            content[: page * PAGE] + bytes([fill]) * PAGE + content[(page + 1) * PAGE :]
        )
        assert_only_lost(*read(copy), lost)


@pytest.mark.parametrize("kind", KINDS)
def test_one_item_that_is_changed_is_left_out_and_said_whatever_it_is(
    closed: Path, tmp_path: Path, kind: type[SessionItem]
) -> None:
    """A byte of its time is changed, so its checksum does not fit; the first, one between, last."""
    content = closed.read_bytes()
    mine = [item for item in ITEMS if type(item) is kind]
    for item in (mine[0], mine[len(mine) // 2], mine[-1]):
        at = content.index(struct.pack(">d", item.host_s))
        copy = tmp_path / "damaged.gait"
        copy.write_bytes(content[: at + 5] + bytes([content[at + 5] ^ 0x40]) + content[at + 6 :])
        assert_only_lost(*read(copy), [item])


def test_cut_off_it_has_every_kind_up_to_the_cut(closed: Path, tmp_path: Path) -> None:
    content = closed.read_bytes()
    whole = len(content) // PAGE
    for pages in (whole - 1, whole - 3, whole // 2):
        copy = tmp_path / "cut.gait"
        copy.write_bytes(content[: pages * PAGE])
        lost = [item for item in ITEMS if min(where(item, content)) >= pages]
        assert lost
        assert_only_lost(*read(copy), lost)


def test_damage_in_a_recording_that_was_never_closed_costs_no_more(
    closed: Path, tmp_path: Path
) -> None:
    """How many items there were is not known then; up to the last one it can be counted."""
    unclosed = tmp_path / "unclosed.gait"
    shutil.copyfile(closed, unclosed)
    with closing(sqlite3.connect(unclosed)) as db, db:
        db.execute("DELETE FROM about WHERE kind = 'closed'")
    content = unclosed.read_bytes()
    pages = sorted({page for item in ITEMS for page in where(item, content)})
    last = max(where(ITEMS[-1], content))
    for page in (page for page in pages if page != last):
        unclosed.write_bytes(content[: page * PAGE] + bytes(PAGE) + content[(page + 1) * PAGE :])
        items, problems = read(unclosed)
        assert_only_lost(items, problems, [i for i in ITEMS if where(i, content) == {page}])
        assert any("not finished" in problem for problem in problems)


def test_the_description_lost_costs_no_item_of_any_kind(closed: Path, tmp_path: Path) -> None:
    """The first page destroyed, with it SQLite's way to everything."""
    copy = tmp_path / "headless.gait"
    content = closed.read_bytes()
    copy.write_bytes(bytes(PAGE) + content[PAGE:])
    items, problems = read(copy)
    assert items == ITEMS
    assert any("damaged" in problem for problem in problems)


def test_a_recording_that_was_killed_has_every_kind_from_its_log(tmp_path: Path) -> None:
    """Never closed: all of it still lies in the write-ahead log, whole and then cut off."""
    path, copy = tmp_path / "run.gait", tmp_path / "left.gait"
    writer = SessionWriter(path, started_at="", software="")
    writer.add_sensor(LEFT)
    writer.add_sensor(RIGHT)
    for item in ITEMS:
        writer.write(item)
    writer.commit()
    log = (tmp_path / "run.gait-wal").read_bytes()
    shutil.copyfile(path, copy)
    writer.close()

    def left_with(content: bytes) -> tuple[list[SessionItem], list[str]]:
        copied = tmp_path / "copy.gait"
        shutil.copyfile(copy, copied)
        copied.with_name("copy.gait-wal").write_bytes(content)
        return read(copied)

    items, problems = left_with(log)
    assert items == ITEMS
    assert any("not finished" in problem for problem in problems)
    items, problems = left_with(log[: 2 * len(log) // 3])
    assert items == ITEMS[: len(items)]
    assert any("not finished" in problem for problem in problems)


def test_a_log_that_is_damaged_has_every_kind_from_its_other_frames(tmp_path: Path) -> None:
    """SQLite ends at the frame whose checksum does not fit; the pages behind it are still read."""
    path, copy = tmp_path / "run.gait", tmp_path / "copy.gait"
    writer = SessionWriter(path, started_at="", software="")
    writer.add_sensor(LEFT)
    writer.add_sensor(RIGHT)
    for number, item in enumerate(ITEMS):
        writer.write(item)
        if number % 100 == 99:
            writer.commit()
    writer.commit()
    log, main = (tmp_path / "run.gait-wal").read_bytes(), path.read_bytes()
    writer.close()
    frame_bytes = 24 + PAGE
    frames = [log[at + 24 : at + frame_bytes] for at in range(32, len(log) - PAGE, frame_bytes)]
    needles = [struct.pack(">d", item.host_s) for item in ITEMS]
    for damaged in (1, 4, *range(20, len(frames), 60)):
        others = [frame for number, frame in enumerate(frames) if number != damaged]
        known = [n for n in needles if n in main or any(n in frame for frame in others)]
        at = 32 + damaged * frame_bytes + 24
        copy.write_bytes(main)
        copy.with_name("copy.gait-wal").write_bytes(log[:at] + bytes(PAGE) + log[at + PAGE :])
        items, problems = read(copy)
        assert items == [i for i, n in zip(ITEMS, needles, strict=True) if n in known]
        assert any("not finished" in problem for problem in problems)
        if items and items[-1] == ITEMS[-1] and len(items) < len(ITEMS):
            assert any("entries could be read" in problem for problem in problems)


def test_what_is_larger_than_a_page_is_read_past_a_damage_whatever_it_is(tmp_path: Path) -> None:
    large: list[SessionItem] = [
        Packet(0, 5.0003, STREAM, bytes(range(256)) * 30),
        Mark(5.1003, "a long word " * 900),
        ConnectionEvent(1, 5.2003, Connection.LOST, "a long reason " * 400),
        Exchange(1, 5.3003, 0.25, CONTROL, b"\5" * 3000, bytes(range(256)) * 20),
        Packet(1, 5.4003, OTHER, b"the last"),
    ]
    path = tmp_path / "large.gait"
    with SessionWriter(path, started_at="", software="") as writer:
        writer.add_sensor(LEFT)
        writer.add_sensor(RIGHT)
        for item in (*ITEMS, *large):
            writer.write(item)
    content = path.read_bytes()
    page = min(where(ITEMS[0], content))
    path.write_bytes(content[: page * PAGE] + bytes(PAGE) + content[(page + 1) * PAGE :])
    kept = [item for item in (*ITEMS, *large) if where(item, content) != {page}]
    items, problems = read(path)
    assert set(large) <= set(kept)
    assert items == kept
    assert any(f"{len(kept)} of {len(ITEMS) + len(large)} entries" in p for p in problems)


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_that_cannot_be_read_costs_itself_and_is_said(
    closed: Path, tmp_path: Path, kind: type[SessionItem]
) -> None:
    """As JSON lines: the text of one line is cut in the middle, of each kind once."""
    path = tmp_path / "run.jsonl.gz"
    write_jsonl(open_session(closed), path)
    head, *lines = gzip.decompress(path.read_bytes()).splitlines()
    assert len(lines) == len(ITEMS)
    at = [number for number, item in enumerate(ITEMS) if type(item) is kind][7]
    lines[at] = lines[at][: len(lines[at]) // 2]
    path.write_bytes(gzip.compress(b"\n".join([head, *lines]) + b"\n"))
    items, problems = read(path)
    assert items == ITEMS[:at] + ITEMS[at + 1 :]
    assert any(f"{len(ITEMS) - 1} of {len(ITEMS)} lines could be read" in p for p in problems)


def test_as_json_lines_every_item_of_every_kind_comes_back(closed: Path, tmp_path: Path) -> None:
    for name in ("run.jsonl", "run.jsonl.gz"):
        write_jsonl(open_session(closed), tmp_path / name)
        assert read(tmp_path / name) == (ITEMS, [])


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_a_file_deleted_under_its_recorder_costs_no_item_of_any_kind(tmp_path: Path) -> None:
    path = tmp_path / "run.gait"
    writer = SessionWriter(path, started_at="", software="")
    writer.add_sensor(LEFT)
    writer.add_sensor(RIGHT)
    half = len(ITEMS) // 2
    for item in ITEMS[:half]:
        writer.write(item)
    writer.commit()
    for file in (path, *companions(path)):
        file.unlink(missing_ok=True)
    for item in ITEMS[half:]:
        writer.write(item)
    writer.watch()
    writer.close()
    assert read(writer.path) == (ITEMS, [])
    assert any(f"all {half} entries" in remark for remark in writer.remarks)


def test_who_follows_a_recording_gets_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "run.gait"
    writer = SessionWriter(path, started_at="", software="")
    writer.add_sensor(LEFT)
    writer.add_sensor(RIGHT)
    follower = Followed(path)
    seen: list[SessionItem] = []
    for first in range(0, len(ITEMS), 50):
        for item in ITEMS[first : first + 50]:
            writer.write(item)
        writer.commit()
        while more := follower.more(17):
            seen += more
        assert seen == ITEMS[: first + 50]
    writer.close()
    assert seen == ITEMS
