"""Dropped files: what they are, what is kept of them, and what is refused with which words."""

import gzip
import os
from datetime import datetime
from pathlib import Path

import pytest
from dropped_files import three_runs

from gait.athletes import imports as taking
from gait.athletes.imports import (
    Dropped,
    kind_of,
    look_into_session,
    look_into_tables,
    remove_leftovers,
    side_of,
    take,
    take_archive,
    take_runs,
)
from gait.athletes.reassess import reassessed
from gait.cli.simulate import SimulateOptions, virtual_feet
from gait.model import InputError, Side, UsageError
from gait.recording import write_table
from gait.roster import Athlete, Roster

RUNS = three_runs()


@pytest.fixture
def roster(tmp_path):
    with Roster(tmp_path / "roster.db") as roster:
        roster.athletes.add("Anna")
        yield roster


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "recordings"


def dropped(path: Path, tmp_path: Path, name: str = "") -> Dropped:
    """A copy of the file as it lies after a drop, without its name."""
    copy = tmp_path / f".dropped-{len(list(tmp_path.iterdir()))}"
    copy.write_bytes(path.read_bytes())
    return Dropped(name or path.name, copy)


def anna(roster: Roster) -> Athlete:
    return roster.athletes.find("Anna")


def test_a_session_is_copied_analysed_and_kept_once(roster, folder, tmp_path):
    for path in reversed(RUNS):
        file = dropped(path, tmp_path)
        assert kind_of(file) == "session"
        taken = take(roster.path, anna(roster).id, look_into_session(file), folder)
        assert not taken.known
        assert not file.path.exists()
        kept = roster.sessions.get(taken.session)
        assert kept.recording == taken.made
        assert kept.source == path.name
        assert taken.made is not None
        assert taken.made.parent == folder
        assert taken.made.name.startswith(str(kept.day))
        again = dropped(path, tmp_path)
        known = take(roster.path, anna(roster).id, look_into_session(again), folder)
        assert (known.session, known.known, known.made) == (taken.session, True, None)
    assert len(roster.sessions.all()) == len(list(folder.iterdir())) == 3
    first = reassessed(roster, roster.sessions.all()[0])
    assert first.change_notes  # the later one knows of the earlier ones


def test_a_session_comes_back_to_a_roster_that_has_lost_its_file(roster, folder, tmp_path):
    looked = look_into_session(dropped(RUNS[0], tmp_path))
    first = take(roster.path, anna(roster).id, looked, folder)
    assert first.made is not None
    first.made.unlink()
    second = take(
        roster.path, anna(roster).id, look_into_session(dropped(RUNS[0], tmp_path)), folder
    )
    assert not second.known
    assert second.session == first.session
    assert second.made is not None
    assert second.made.exists()
    roster.take_back(second.change)
    assert roster.sessions.get(first.session).recording == first.made


def test_what_was_taken_is_taken_back(roster, folder, tmp_path):
    taken = take(
        roster.path, anna(roster).id, look_into_session(dropped(RUNS[0], tmp_path)), folder
    )
    roster.take_back(taken.change)
    assert roster.sessions.all() == []


def test_somebody_elses_session_is_refused_and_no_file_stays(roster, folder, tmp_path):
    ben = roster.athletes.add("Ben")
    take(roster.path, ben.id, look_into_session(dropped(RUNS[0], tmp_path)), folder)
    looked = look_into_session(dropped(RUNS[0], tmp_path))
    with pytest.raises(UsageError, match="is Ben's already"):
        take(roster.path, anna(roster).id, looked, folder)
    assert len(list(folder.iterdir())) == 1


def test_a_file_is_called_as_it_was_dropped(tmp_path):
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"\x00\x01 nothing")
    for name in ("my run.gait", "<b>run</b>.gait"):
        with pytest.raises(InputError) as said:
            kind_of(dropped(rubbish, tmp_path, name))
        assert str(said.value).startswith(f"{name} is neither")
        assert str(tmp_path) not in str(said.value)
    empty = tmp_path / "empty"
    empty.touch()
    with pytest.raises(InputError, match=r"^none\.gait is empty"):
        kind_of(dropped(empty, tmp_path, "none.gait"))


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(taking, "MOST_UNPACKED_BYTES", 3_000_000)
    bomb = tmp_path / "bomb"
    with gzip.open(bomb, "wb") as file:
        file.write(b"time_s,acc_x_m_s2\n" + bytes(4_000_000))
    with pytest.raises(InputError, match=r"bomb\.csv\.gz unpacks to more than 3 MB"):
        kind_of(dropped(bomb, tmp_path, "bomb.csv.gz"))
    monkeypatch.setattr(taking, "MOST_BYTES", 100)
    with pytest.raises(InputError, match="larger than 0 MB"):
        kind_of(dropped(RUNS[0], tmp_path))


def test_a_session_that_was_cut_off_is_kept_as_far_as_it_goes(roster, folder, tmp_path):
    whole = RUNS[2].read_bytes()  # JSON lines, packed
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: len(whole) // 2])
    file = dropped(cut, tmp_path, "cut.jsonl.gz")
    assert kind_of(file) == "session"
    taken = take(roster.path, anna(roster).id, look_into_session(file), folder)
    summary = roster.sessions.summary(roster.sessions.get(taken.session))
    assert 1.0 < summary.duration_s < 12.0
    assert summary.notes


@pytest.mark.parametrize(
    ("name", "side"),
    [("left.csv", Side.LEFT), ("Run-RIGHT foot.csv.gz", Side.RIGHT), ("a_left_1.csv", Side.LEFT)],
)
def test_a_table_says_its_foot_in_its_name(name, side):
    assert side_of(name) is side


@pytest.mark.parametrize("name", ["foot.csv", "copyright.csv", "left and right.csv", "leftover"])
def test_a_name_that_does_not_say_a_foot_is_refused(name):
    with pytest.raises(UsageError, match="put left or right into its name"):
        side_of(name)


def test_two_tables_are_one_run(roster, folder, tmp_path):
    tables = []
    for side, foot in virtual_feet(SimulateOptions("easy_run", 14.0)).items():
        path = tmp_path / f"{side}.csv"
        write_table(path, foot.samples)
        tables.append(dropped(path, tmp_path, f"monday {side}.csv"))
    assert {kind_of(table) for table in tables} == {"table"}
    with pytest.raises(UsageError, match="when the recording was made"):
        look_into_tables(tables, "")
    [looked] = look_into_tables(tables, "2026-05-17T18:30")
    taken = take(roster.path, anna(roster).id, looked, folder)
    kept = roster.sessions.get(taken.session)
    assert datetime.fromisoformat(kept.started_at).astimezone().hour == 18
    assert kept.source == "monday left.csv + monday right.csv"
    assert (kept.recording, taken.made) == (None, None)
    assert roster.sessions.summary(kept).measures["both"]["cadence_spm"].value > 150
    with pytest.raises(UsageError, match="of the same foot"):
        look_into_tables([tables[0], tables[0]], "2026-05-17T18:30")


def test_an_archive_adds_somebody_or_brings_them_up_to_date_and_goes_again(folder, tmp_path):
    path = tmp_path / "anna.gaitroster"
    with Roster(tmp_path / "other.db") as other:
        theirs = other.athletes.add("Anna", groups=["Youth"])
        looked = look_into_session(dropped(RUNS[0], tmp_path))
        take(other.path, theirs.id, looked, tmp_path / "theirs")
        with path.open("wb") as file:
            other.export(theirs, file, recordings=True)
    file = dropped(path, tmp_path)
    assert kind_of(file) == "archive"
    with Roster(tmp_path / "roster.db") as roster:
        taken, change, made = take_archive(roster.path, file, folder)
        assert (taken.is_new, taken.new_sessions, len(made)) == (True, 1, 1)
        roster.diary.note(taken.athlete, datetime.now().date(), "since")
        again, nothing, none = take_archive(roster.path, file, folder)
        assert (again.is_new, again.new_sessions, none) == (False, 0, [])
        assert not nothing
        roster.take_back(change)
        assert roster.athletes.all() == []
        foreign = dropped(tmp_path / "roster.db", tmp_path)
        foreign.path.write_bytes(b"PK\x05\x06" + bytes(18))
        with pytest.raises(InputError, match=r"^foreign\.zip is no archive"):
            take_archive(roster.path, Dropped("foreign.zip", foreign.path), folder)


GPX = """<?xml version="1.0"?><gpx version="1.1" creator="a watch"
 xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>%s</trkseg></trk></gpx>"""
POINT = '<trkpt lat="52.0" lon="%.5f"><time>2026-05-17T18:%02d:%02dZ</time></trkpt>'


def test_the_run_of_a_watch_is_logged_once_in_the_only_shoes(roster, tmp_path):
    points = (POINT % (13.0 + n * 0.0005, *divmod(n * 10, 60)) for n in range(120))
    path = tmp_path / "watch.gpx"
    path.write_text(GPX % "".join(points))
    roster.shoes.add(anna(roster), "Pegasus")
    file = dropped(path, tmp_path)
    assert kind_of(file) == "foreign"
    change, _ = take_runs(roster.path, anna(roster).id, file)
    assert change
    [run] = roster.foreign.all(anna(roster))
    assert run.source == "watch.gpx"
    assert run.minutes == pytest.approx(119 / 6)
    assert run.km == pytest.approx(119 * 0.0005 * 111.19 * 0.6157, rel=0.01)
    assert run.shoe == roster.shoes.find(anna(roster), "Pegasus").id
    again, _ = take_runs(roster.path, anna(roster).id, file)
    assert not again
    roster.take_back(change)
    assert roster.foreign.all(anna(roster)) == []


def test_tables_of_makers_and_of_samples_are_told_apart_and_a_broken_file_is_named(
    roster, tmp_path
):
    stryd = tmp_path / "stryd.csv"
    rows = "".join(f"{1747500000 + n},3.1,{3 * n}\n" for n in range(60))
    stryd.write_text("Timestamp,Power (w/kg),Stryd Distance (meters)\n" + rows)
    assert kind_of(dropped(stryd, tmp_path)) == "foreign"
    samples = tmp_path / "left.csv"
    samples.write_text("time_s,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2\n0,0,0,9.8\n")
    assert kind_of(dropped(samples, tmp_path)) == "table"
    broken = tmp_path / "broken.fit"
    broken.write_bytes(bytes(8) + b".FIT" + bytes(40))
    file = dropped(broken, tmp_path)
    assert kind_of(file) == "foreign"
    with pytest.raises(InputError, match=r"^broken\.fit "):
        take_runs(roster.path, anna(roster).id, file)


def test_what_a_drop_that_was_cut_off_left_is_removed_and_nothing_else(tmp_path):
    names = (".dropped-old", ".archive-old", ".dropped-new", "2026-05-01-abc-1.gait", ".else")
    for name in names:
        (tmp_path / name).touch()
        if "new" not in name:
            os.utime(tmp_path / name, (1.0, 1.0))
    remove_leftovers(tmp_path)
    remove_leftovers(tmp_path / "no folder")
    assert {path.name for path in tmp_path.iterdir()} == set(names[2:])
