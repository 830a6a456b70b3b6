"""A file that is taken away under its recorder costs nothing that had arrived."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gait.model import GaitError, Packet, SensorInfo, SessionItem, Side, UsageError
from gait.recording import SessionWriter, new_session, open_session, write_jsonl
from gait.recording.files import companions, private_output, put_in_place
from gait.recording.held_file import is_being_recorded

posix = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
INFO = SensorInfo(side=Side.LEFT, rate_hz=100.0)
OTHER = b"what another program has put there " * 999


def packet(number: int) -> Packet:
    return Packet(0, number / 20, "a-stream", number.to_bytes(4, "big") * 50)


def recording(path: Path, **more) -> SessionWriter:
    writer = SessionWriter(path, started_at="2026-05-01", software="test", notes="wet", **more)
    writer.add_sensor(INFO)
    writer.attach("truth.csv", b"1,2,3")
    return writer


def feed(writer: SessionWriter, first: int, last: int) -> list[SessionItem]:
    items: list[SessionItem] = [packet(number) for number in range(first, last)]
    for item in items:
        writer.write(item)
    return items


def deleted(path: Path) -> None:
    path.unlink()


def moved(path: Path) -> None:
    path.rename(path.with_name("synced.bin"))


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(OTHER)
    other.replace(path)


def written_over(path: Path) -> None:
    path.write_bytes(OTHER)


def recorded_over(path: Path) -> None:
    """As `rm` and another recording of the same name would."""
    for file in (path, *companions(path)):
        file.unlink(missing_ok=True)
    with SessionWriter(path, started_at="2020-01-01", software="other") as other:
        other.add_sensor(INFO)


def log_deleted(path: Path) -> None:
    path.with_name(path.name + "-wal").unlink()


def all_deleted(path: Path) -> None:
    for file in (path, *companions(path)):
        file.unlink(missing_ok=True)


TAKEN = [deleted, moved, replaced, recorded_over, log_deleted, all_deleted]


@posix
@pytest.mark.parametrize("before", [3, 4000])  # all in the write-ahead log, and most folded in
@pytest.mark.parametrize("taken", TAKEN)
def test_it_goes_on_in_a_new_file_with_all_that_came(tmp_path: Path, taken, before: int) -> None:
    path = tmp_path / "run.gait"
    writer = recording(path)
    items = feed(writer, 0, before)
    taken(path)
    left = path.read_bytes() if path.exists() else None
    writer.watch()
    assert writer.path == tmp_path / "run-2.gait"
    (remark,) = writer.remarks
    assert "run.gait" in remark
    assert str(writer.path) in remark
    assert "with all" in remark
    items += feed(writer, before, before + 30)
    writer.close()
    session = open_session(writer.path)
    assert list(session.items()) == items
    assert session.problems == []
    assert session.sensors == [INFO]
    assert (session.notes, session.attachments) == ("wet", {"truth.csv": b"1,2,3"})
    assert not any(file.exists() for file in companions(writer.path))
    assert not any(file.exists() for file in companions(path))
    if left is not None and taken is not log_deleted:
        assert path.read_bytes() == left  # nothing of ours goes into what is there now


@posix
@pytest.mark.parametrize("before", [3, 4000])
def test_what_is_written_over_in_place_stays_as_the_other_program_wrote_it(tmp_path, before):
    path = tmp_path / "run.gait"
    writer = recording(path)
    items = feed(writer, 0, before)
    written_over(path)
    waiting = len(writer._items)
    items += feed(writer, before, before + 30)  # noticed by the next commit
    writer.close()
    assert path.read_bytes() == OTHER
    (remark,) = writer.remarks
    assert "was written to by another program" in remark
    session = open_session(writer.path)
    read = list(session.items())
    assert session.sensors == [INFO]
    assert read[-30 - waiting :] == items[-30 - waiting :]  # what was in memory is there
    assert all(item in items for item in read)


@posix
def test_the_end_looks_too(tmp_path: Path) -> None:
    path = tmp_path / "run.gait"
    writer = recording(path)
    items = feed(writer, 0, 50)
    deleted(path)
    writer.close()
    assert list(open_session(writer.path).items()) == items
    assert len(writer.remarks) == 1


@posix
def test_taken_away_while_it_is_folded(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "run.gait"
    writer = recording(path)
    items = feed(writer, 0, 50)
    fold = type(writer._database).fold

    def fold_and_lose(database) -> None:
        fold(database)
        if database.path == path:
            deleted(path)

    monkeypatch.setattr(type(writer._database), "fold", fold_and_lose)
    writer.close()
    assert list(open_session(tmp_path / "run-2.gait").items()) == items


@posix
def test_again_and_again(tmp_path: Path) -> None:
    writer = recording(tmp_path / "run.gait")
    items = []
    for turn in range(4):
        items += feed(writer, turn * 100, turn * 100 + 100)
        moved(writer.path) if turn % 2 else deleted(writer.path)
        writer.watch()
    writer.close()
    assert len(writer.remarks) == 4
    assert list(open_session(writer.path).items()) == items


@posix
def test_where_its_folder_is_gone_it_goes_elsewhere(tmp_path: Path, monkeypatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    folder = tmp_path / "stick"
    folder.mkdir()
    writer = recording(folder / "run.gait")
    items = feed(writer, 0, 50)
    shutil.rmtree(folder)
    items += feed(writer, 50, 100)
    writer.close()
    assert writer.path == here / "run-2.gait"
    assert list(open_session(writer.path).items()) == items


@posix
def test_where_no_file_can_be_made_it_says_so_and_forgets_nothing(tmp_path, monkeypatch) -> None:
    writer = recording(tmp_path / "run.gait")
    items = feed(writer, 0, 50)
    deleted(tmp_path / "run.gait")
    with monkeypatch.context() as nowhere:
        nowhere.setattr("gait.recording.writer.free_name", lambda *_, **__: Path("/no/such.gait"))
        with pytest.raises(GaitError, match="was moved or deleted while it was being recorded"):
            writer.watch()
    writer.close()  # by now it can
    assert list(open_session(writer.path).items()) == items


def test_its_own_work_is_no_trouble(tmp_path: Path) -> None:
    writer = recording(tmp_path / "run.gait")
    for turn in range(40):  # with many a fold of the write-ahead log
        feed(writer, turn * 200, turn * 200 + 200)
        open_session(tmp_path / "run.gait").meta  # noqa: B018 - somebody reads it
        writer.watch()
    os.utime(tmp_path / "run.gait")  # changed is not what only has another time
    writer.watch()
    writer.close()
    assert writer.remarks == []


def test_what_is_being_recorded_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "run.gait"
    writer = recording(path)
    items = feed(writer, 0, 100)
    made = tmp_path / "made"
    made.write_bytes(OTHER)
    tries = (
        lambda: SessionWriter(path, started_at="", software="", overwrite=True),
        lambda: new_session(path, started_at="", software="", overwrite=True).__enter__(),
        lambda: private_output(path, overwrite=True).__enter__(),
        lambda: private_output(companions(path)[0], overwrite=True).__enter__(),
        lambda: put_in_place(made, path),
        lambda: write_jsonl(open_session(path), path, overwrite=True),
    )
    for attempt in tries:
        with pytest.raises(UsageError, match="is being recorded just now"):
            attempt()
    writer.close()
    assert writer.remarks == []
    assert list(open_session(path).items()) == items
    assert not is_being_recorded(path)
    put_in_place(made, path)  # now it may be
    assert path.read_bytes() == OTHER


RECORDER = (
    "import sys\n"
    "from gait.model import Packet, SensorInfo, Side\n"
    "from gait.recording import SessionWriter\n"
    "w = SessionWriter(sys.argv[1], started_at='2026-01-01', software='t')\n"
    "w.add_sensor(SensorInfo(side=Side.LEFT, rate_hz=100))\n"
    "for i in range(500): w.write(Packet(0, i / 10, 'uuid', bytes(100)))\n"
    "print('ready', flush=True)\n"
    "sys.stdin.readline()\n"
    "w.close()\n"
)


@posix
@pytest.mark.parametrize("end", ["closed", "killed"])
def test_another_program_records_it(tmp_path: Path, end: str) -> None:
    path = tmp_path / "run.gait"
    child = subprocess.Popen(
        [sys.executable, "-c", RECORDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    assert child.stdin
    with child:
        child.stdout.readline()
        for _ in range(3):  # asking takes nothing away
            assert is_being_recorded(path)
            with pytest.raises(UsageError, match="is being recorded just now"):
                SessionWriter(path, started_at="", software="", overwrite=True)
        child.stdin.write("\n") if end == "closed" else child.send_signal(signal.SIGKILL)
    assert not is_being_recorded(path)
    assert len(list(open_session(path).items())) >= 490
    with SessionWriter(path, started_at="", software="", overwrite=True) as writer:
        writer.add_sensor(INFO)
    assert list(open_session(path).items()) == []


# --- written is stored ------------------------------------------------------------------------


@posix
def test_every_output_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch) -> None:
    done: list[tuple[str, int]] = []
    sync, replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        sync(descriptor)
        done.append(("sync", os.fstat(descriptor).st_ino))

    def rename(path: Path, target: Path) -> Path:
        done.append(("rename", path.stat().st_ino))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", rename)
    folder = tmp_path.stat().st_ino
    with private_output(tmp_path / "a.json", overwrite=False) as file:
        file.write(b"{}")
    number = (tmp_path / "a.json").stat().st_ino
    assert done == [("sync", number), ("rename", number), ("sync", folder)]
    done.clear()
    with new_session(tmp_path / "b.gait", started_at="", software="") as writer:
        writer.add_sensor(INFO)
    number = (tmp_path / "b.gait").stat().st_ino
    assert done[-3:] == [("sync", number), ("rename", number), ("sync", folder)]
    done.clear()
    made = tmp_path / "made"
    (made / "inner").mkdir(parents=True)
    (made / "inner" / "file").write_bytes(b"1")
    numbers = {path.stat().st_ino for path in (made, made / "inner", made / "inner" / "file")}
    put_in_place(made, tmp_path / "c")
    assert {number for what, number in done[:-2] if what == "sync"} == numbers
    assert [what for what, _ in done] == ["sync"] * 3 + ["rename", "sync"]


# --- no room ----------------------------------------------------------------------------------


@pytest.fixture
def most_bytes():
    """Sets how large a file of this process may become; the limit is gone after the test."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@posix
def test_a_limit_on_file_size_is_told_as_such(tmp_path: Path, most_bytes) -> None:
    path = tmp_path / "run.gait"
    writer = recording(path)
    most_bytes(400_000)
    with pytest.raises(GaitError, match=r"no larger than 0\.4 MB here \(ulimit -f") as refused:
        feed(writer, 0, 10_000)
    with pytest.raises(GaitError, match=r"[\d,]+ of [\d,]+ entries are saved") as ended:
        writer.close()
    most_bytes(resource.RLIM_INFINITY)
    assert "disk I/O" not in f"{refused.value} {ended.value}"
    kept = list(open_session(path).items())
    assert f"{len(kept):,} of " in str(ended.value)
    assert kept == [packet(number) for number in range(len(kept))]
    assert len(kept) > 300


@posix
@pytest.mark.parametrize("size", [0, 3000, 20_000])
def test_a_limit_from_the_start_says_the_same_and_leaves_nothing(tmp_path, most_bytes, size):
    most_bytes(size)
    for begin in (
        recording,
        lambda path: new_session(path, started_at="", software="").__enter__(),
    ):
        with pytest.raises(GaitError, match=r"a file may be no larger than .* MB here \(ulimit -f"):
            begin(tmp_path / "run.gait")
        assert list(tmp_path.iterdir()) == []


def write_whole(path: Path, items: list[SessionItem]) -> None:
    with new_session(path, started_at="", software="", overwrite=True) as writer:
        for item in items:
            writer.write(item)


@posix
def test_a_session_written_as_a_whole_leaves_nothing_where_it_fails(tmp_path, most_bytes) -> None:
    path = tmp_path / "run.gait"
    path.write_bytes(OTHER)
    most_bytes(200_000)
    too_much = [packet(number) for number in range(20_000)]
    with pytest.raises(GaitError, match=r"run\.gait could not be written further: a file may be"):
        write_whole(path, too_much)
    with (
        pytest.raises(KeyError),
        new_session(path, started_at="", software="", overwrite=True),
    ):
        raise KeyError
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == OTHER
