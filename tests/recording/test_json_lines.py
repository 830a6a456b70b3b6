"""Sessions as JSON lines, written here by hand or read back with the standard library."""

import gzip
import json
import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import CONTROL, LEFT, RIGHT, STREAM, every_kind, packets, record, session_items

from gait.model import BatteryReading, GaitError, InputError, Mark, Packet, SessionItem, UsageError
from gait.recording import SessionWriter, open_session, sniff, write_jsonl

HEADER = {
    "format": "gait-session",
    "version": 1,
    "meta": {"started_at": "2026-05-01", "notes": "by hand"},
    "sensors": [{"side": "left", "rate_hz": 400.0}],
}
BY_HAND = [
    HEADER,
    {"device": 0, "host_s": 0.0125, "characteristic": STREAM, "payload": "00fF10"},
    {"device": 0, "host_s": 1, "battery": 87},
    {"host_s": 2.5, "mark": ""},
]


def write_by_hand(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_written_by_hand(tmp_path: Path) -> None:
    path = write_by_hand(tmp_path / "small.jsonl", BY_HAND)
    assert sniff(path) == "session"
    session = open_session(path)
    assert session.notes == "by hand"
    assert [sensor.rate_hz for sensor in session.sensors] == [400.0]
    assert list(session.items()) == [
        Packet(0, 0.0125, STREAM, b"\x00\xff\x10"),
        BatteryReading(0, 1.0, 87),
        Mark(2.5, ""),
    ]
    assert session.problems == []


def test_as_documented(tmp_path: Path) -> None:
    source = open_session(record(tmp_path / "run.gait", every_kind()))
    write_jsonl(source, tmp_path / "run.jsonl")
    header, *lines = map(json.loads, (tmp_path / "run.jsonl").read_text().splitlines())
    assert header["format"] == "gait-session"
    assert header["version"] == 1
    assert header["sensors"][1]["serial"] == "№ 7"
    assert lines[0] == {"device": 0, "host_s": 0.0, "connection": "connected"}
    assert lines[1] == {
        "device": 0,
        "host_s": 0.1 + 0.2,
        "characteristic": STREAM,
        "payload": bytes(range(256)).hex(),
    }
    assert lines[3] == {"device": 1, "host_s": 0.5, "battery": 0}
    assert lines[5]["detail"] == "out of reach"
    assert lines[7] == {
        "device": 0,
        "host_s": 0.75,
        "characteristic": CONTROL,
        "took_s": 0.1 / 3,
        "written": "05",
        "answer": "050000010203",
    }
    assert stat.S_IMODE((tmp_path / "run.jsonl").stat().st_mode) == 0o600


@settings(max_examples=30, deadline=None)
@given(st.lists(session_items, max_size=20))
def test_both_forms_hold_the_same(items: list[SessionItem]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = open_session(record(Path(folder) / "x.gait", items))
        for name in ("x.jsonl", "x.jsonl.gz"):
            write_jsonl(source, Path(folder) / name)
            copy = open_session(Path(folder) / name)
            assert list(copy.items()) == items
            assert (copy.sensors, copy.meta) == ([LEFT, RIGHT], source.meta)
            assert copy.problems == []


def test_attachments_and_same_bytes_every_time(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "run.gait", started_at="", software="") as writer:
        writer.attach("truth.csv", bytes(range(256)))
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_jsonl(open_session(tmp_path / "run.gait"), tmp_path / name)
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
    assert open_session(tmp_path / "a.jsonl.gz").attachments == {"truth.csv": bytes(range(256))}


def test_lines_that_are_not_items_are_left_out_and_counted(tmp_path: Path) -> None:
    lines = [
        *BY_HAND,
        {"host_s": 3.0},
        {"device": 0, "host_s": 3.0, "characteristic": STREAM, "payload": "0"},
        {"device": 0, "host_s": 3.0, "connection": "somehow"},
    ]
    path = write_by_hand(tmp_path / "x.jsonl", lines)
    with path.open("a") as file:
        file.write('\n{"device": 0, "host_s": 4.0, "charac')
    session = open_session(path)
    assert len(list(session.items())) == 3
    [problem] = session.problems
    assert "3 of 7 lines" in problem


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_compressed_file_cut_off(tmp_path: Path, share: float) -> None:
    write_jsonl(open_session(record(tmp_path / "r.gait", packets(3000))), tmp_path / "r.jsonl.gz")
    content = (tmp_path / "r.jsonl.gz").read_bytes()
    (tmp_path / "cut.jsonl.gz").write_bytes(content[: int(share * len(content))])
    session = open_session(tmp_path / "cut.jsonl.gz")
    items = list(session.items())
    assert items == packets(len(items))
    assert abs(len(items) - share * 3000) < 600
    assert any("cut off" in problem for problem in session.problems)


def test_bad_headers(tmp_path: Path) -> None:
    newer = write_by_hand(tmp_path / "newer.jsonl", [{**HEADER, "version": 2, "sensors": {}}])
    with pytest.raises(InputError, match=r"newer version .*update"):
        open_session(newer)
    wrong = write_by_hand(tmp_path / "wrong.jsonl", [{**HEADER, "sensors": [{"side": "up"}]}])
    with pytest.raises(InputError, match="first line"):
        open_session(wrong)
    wrong.write_bytes(wrong.read_bytes().replace(b"up", b"\xff\xff"))
    with pytest.raises(InputError, match="first line"):
        open_session(wrong)
    other = write_by_hand(tmp_path / "other.jsonl", [{"a": 1}])
    with pytest.raises(InputError, match="neither a session"):
        open_session(other)
    with gzip.open(tmp_path / "empty.jsonl.gz", "wb"):
        pass
    with pytest.raises(InputError):
        open_session(tmp_path / "empty.jsonl.gz")


def test_taken_and_impossible_outputs(tmp_path: Path) -> None:
    source = open_session(record(tmp_path / "run.gait", every_kind()))
    taken = tmp_path / "taken.jsonl"
    taken.write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        write_jsonl(source, taken)
    assert taken.read_text() == "mine"
    write_jsonl(source, taken, overwrite=True)
    assert list(open_session(taken).items()) == every_kind()
    with pytest.raises(UsageError, match="does not exist"):
        write_jsonl(source, tmp_path / "no" / "x.jsonl")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_failure_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = open_session(record(tmp_path / "run.gait", packets(200)))

    def full(prefix: str, dir: Path) -> tuple[int, str]:
        name = dir / (prefix + "x")
        name.touch()
        return os.open("/dev/full", os.O_WRONLY), str(name)

    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(GaitError, match="the disk is full"):
        write_jsonl(source, tmp_path / "x.jsonl")
    assert [file.name for file in tmp_path.iterdir()] == ["run.gait"]
