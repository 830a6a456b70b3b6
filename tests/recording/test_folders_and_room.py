"""Folders of results, names of sessions, and the room on the disk that is kept back."""

from datetime import datetime
from pathlib import Path

import pytest

from gait.model import GaitError, Mark, UsageError
from gait.recording import SessionWriter
from gait.recording.files import (
    DiskReserve,
    companions,
    free_name,
    make_folder,
    name_by_date,
    new_folder,
)
from gait.recording.untrusted_database import cut_off


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_of_results_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    with new_folder(tmp_path / "study") as folder:
        (folder / "a").write_text("1")
        assert not (tmp_path / "study").exists()
        assert folder.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "study" / "a").read_text() == "1"
    assert names_in(tmp_path) == ["study"]
    with pytest.raises(UsageError, match="exists already"), new_folder(tmp_path / "study"):
        raise AssertionError("nothing is made")
    assert (tmp_path / "study" / "a").read_text() == "1"


def test_nothing_is_left_of_a_folder_that_was_not_finished(tmp_path: Path) -> None:
    with pytest.raises(TypeError), new_folder(tmp_path / "study") as folder:
        (folder / "a").write_text(1)  # pyright: ignore[reportArgumentType]
    with pytest.raises(GaitError, match="disk"), new_folder(tmp_path / "study"):
        raise OSError(28, "No space left on device")
    assert names_in(tmp_path) == []


def test_a_folder_for_sessions_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        make_folder(tmp_path / "file")
    with pytest.raises(GaitError, match="cannot be made"):
        make_folder(tmp_path / "file" / "below")


def test_a_session_is_named_by_when_it_began() -> None:
    assert name_by_date(datetime(2026, 5, 7, 8, 3, 9)) == "2026-05-07_08.03.09"


def test_a_name_that_is_taken_is_numbered(tmp_path: Path) -> None:
    assert free_name(tmp_path, "run") == tmp_path / "run.gait"
    assert free_name(tmp_path, "run", first=2) == tmp_path / "run-2.gait"
    (tmp_path / "run.gait").touch()
    assert free_name(tmp_path, "run") == tmp_path / "run-2.gait"
    companions(tmp_path / "run-2.gait")[0].touch()  # left by a recording that was cut off
    assert free_name(tmp_path, "run") == tmp_path / "run-3.gait"


def test_what_sqlite_keeps_beside_a_file_is_known_by_its_endings(tmp_path: Path) -> None:
    assert [path.name for path in companions(tmp_path / "run.gait")] == [
        "run.gait-wal",
        "run.gait-shm",
        "run.gait-journal",
    ]


def test_recordings_that_were_cut_off_are_those_with_something_beside_them(tmp_path: Path) -> None:
    for name in ("b.gait", "b.gait-wal", "a.gait", "a.gait-journal", "whole.gait", "c.txt-wal"):
        (tmp_path / name).touch()
    assert cut_off(tmp_path) == [tmp_path / "a.gait", tmp_path / "b.gait"]


def taken(folder: Path) -> int:
    """Bytes of this folder's nameless files that this process holds."""
    held = 0
    for link in Path("/proc/self/fd").iterdir():
        try:
            if str(link.readlink()).startswith(str(folder)):
                held += link.stat().st_blocks * 512
        except OSError:
            continue
    return held


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="files without a name are not seen")
def test_room_is_held_until_it_is_given_back_and_leaves_no_file(tmp_path: Path) -> None:
    with DiskReserve(tmp_path, 100_000) as reserve:
        assert taken(tmp_path) >= 100_000
        assert names_in(tmp_path) == []
        assert reserve.release()
        assert taken(tmp_path) == 0
        assert not reserve.release()
    with DiskReserve(tmp_path) as reserve:  # as much as the end of a session needs
        assert taken(tmp_path) >= 2_000_000
    assert taken(tmp_path) == 0
    with DiskReserve(tmp_path / "missing") as reserve:
        assert not reserve.release()


def test_a_recording_that_is_discarded_leaves_nothing(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "run.gait", started_at="2026-05-01", software="test")
    writer.write(Mark(0.0, "not wanted"))
    writer.commit()
    writer.discard()
    assert names_in(tmp_path) == []
    writer.discard()
    kept = SessionWriter(tmp_path / "kept.gait", started_at="2026-05-01", software="test")
    kept.close()
    kept.discard()  # it was closed before: it stays
    assert names_in(tmp_path) == ["kept.gait"]
