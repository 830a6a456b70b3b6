"""The same recording has the same key whatever became of its file; another one has another."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from recorded import LEFT, RIGHT, STREAM, packets, record

from gait.model import Mark, Packet, Samples, Side
from gait.recording import SessionWriter, open_session, read_table, write_jsonl, write_table
from gait.recording.session import samples_key, session_key


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return record(tmp_path / "run.gait", packets(500))


def key(path: Path) -> str:
    return session_key(open_session(path))


def test_the_key_stays_with_name_form_and_what_comes_later(run: Path, tmp_path: Path):
    moved = tmp_path / "else" / "other.gait"
    moved.parent.mkdir()
    shutil.copyfile(run, moved)
    lines = tmp_path / "run.jsonl.gz"
    write_jsonl(open_session(run), lines)
    longer = record(
        tmp_path / "longer.gait", [Mark(0.0, "early"), *packets(900), Mark(9.0, "late")]
    )
    assert len({key(path) for path in (run, moved, lines, longer)}) == 1


def test_a_recording_that_was_cut_off_has_the_key_of_the_whole(run: Path, tmp_path: Path):
    cut = tmp_path / "cut.gait"
    content = run.read_bytes()
    cut.write_bytes(content[: len(content) * 2 // 3])
    assert key(cut) == key(run)


def test_another_start_sensor_or_packet_is_another_recording(run: Path, tmp_path: Path):
    def made(name: str, started_at: str, sensors, items) -> str:
        path = tmp_path / name
        with SessionWriter(path, started_at=started_at, software="test 1") as writer:
            for sensor in sensors:
                writer.add_sensor(sensor)
            for item in items:
                writer.write(item)
        return key(path)

    start = "2026-05-01T07:00:00+02:00"
    changed = packets(500)
    changed[5] = Packet(1, changed[5].host_s, STREAM, b"other")
    keys = [
        made("same.gait", start, (LEFT, RIGHT), packets(500)),
        made("later.gait", "2026-05-01T07:00:01+02:00", (LEFT, RIGHT), packets(500)),
        made("swapped.gait", start, (RIGHT, LEFT), packets(500)),
        made("changed.gait", start, (LEFT, RIGHT), changed),
        made("empty.gait", start, (LEFT, RIGHT), []),
    ]
    assert keys[0] == key(run)
    assert len(set(keys)) == 5


def test_a_table_has_the_same_key_packed_or_not_and_as_another_foot_another(tmp_path: Path):
    rng = np.random.default_rng(1)
    samples = Samples(
        np.arange(300) / 100.0, rng.normal(size=(300, 3)) + 8.0, rng.normal(size=(300, 3))
    )
    write_table(tmp_path / "l.csv", samples)
    write_table(tmp_path / "l.csv.gz", samples)
    read = [read_table(tmp_path / name, side=Side.LEFT).samples for name in ("l.csv", "l.csv.gz")]
    left, packed = (samples_key({Side.LEFT: one}) for one in read)
    assert left == packed
    assert samples_key({Side.RIGHT: read[0]}) != left
    assert samples_key({Side.LEFT: read[0], Side.RIGHT: read[0]}) != left
    assert samples_key({Side.LEFT: read[0][1:]}) != left
