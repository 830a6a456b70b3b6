"""A person who was kept through the command and through the dashboard, and is deleted: no file has
their name, their numbers or their strides any more."""

from pathlib import Path

import pytest
from virtual_run import session_path

from gait.athletes.imports import Dropped, kind_of, look_into_session, take
from gait.athletes.run_detail import run_detail
from gait.cli.simulate import SimulateOptions, virtual_feet, write_session
from gait.dashboard.jobs import report_of, summary_of
from gait.dashboard.pages.athlete_actions import archive_in_file, delete_in_file
from gait.model import Packet
from gait.recording import open_session
from gait.roster import Roster

NAME = "Annabella Bergström"
MARKS = (NAME, "Bergström", "Zquad tight", "Zqpegasus", "Zqgroup", "Zqmarathon", "Zqfelt")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """Every folder that anything is kept in is in here."""
    for name in ("DATA", "CACHE", "CONFIG", "STATE", "RUNTIME"):
        folder = tmp_path / name.lower()
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(f"XDG_{name}_{'DIR' if name == 'RUNTIME' else 'HOME'}", str(folder))
    monkeypatch.setenv("GAIT_ROSTER", str(tmp_path / "data" / "shoegait" / "roster.db"))
    monkeypatch.chdir(tmp_path / "state")
    return tmp_path


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def numbers_of(roster: Path) -> list[bytes]:
    """What stands for their strides in files: the times and angles themselves, the packets they
    came in, and the summary as it is kept."""
    found = []
    with Roster(roster) as opened:
        anna = opened.athletes.find(NAME)
        sessions = opened.sessions.all(anna)
        assert len(sessions) == 2
        for session in sessions:
            assert session.recording is not None
            detail = run_detail(session.recording, session.key, opened.derived_folder)
            found += [stride.tobytes() for stride in detail.strides[:3]]
            items = open_session(session.recording).items()
            packets = [item.payload for item in items if isinstance(item, Packet)]
            found += packets[50:53]
            row = opened._db.row("SELECT * FROM session_contents WHERE session = ?", session.id)
            assert row is not None
            found += [row["summary"][:200], row["comparable"][:100], session.key.encode()]
    return found


def keep_somebody(gait, home: Path) -> Path:
    """Anna through the command and the dashboard with folders of its own, and Ben beside her."""
    mine, elsewhere = home / "mine", home / "elsewhere"
    mine.mkdir()
    for number, path in enumerate((mine / "a.gait", home / "dropped")):
        options = SimulateOptions("easy_run", 14.0, seed=number + 7)
        write_session(path, virtual_feet(options), options, overwrite=True)
    (home / "ben.gait").write_bytes(session_path().read_bytes())
    for arguments in (
        ("roster", "add", "Ben Other"),
        ("roster", "import", home / "ben.gait", "--athlete", "Ben Other"),
        ("roster", "add", NAME, "--height", "1.68", "--group", "Zqgroup"),
        ("roster", "shoe", "add", NAME, "Zqpegasus"),
        ("roster", "note", NAME, "Zquad tight"),
        ("roster", "goal", NAME, "Zqmarathon"),
        ("roster", "import", mine, "--athlete", NAME),
    ):
        assert gait(*arguments)[0] == 0
    roster = home / "data" / "shoegait" / "roster.db"
    with Roster(roster) as opened:
        athlete = opened.athletes.find(NAME).id
    file = Dropped("Bergström.gait", home / "dropped")
    assert kind_of(file) == "session"
    taken = take(roster, athlete, look_into_session(file), elsewhere)
    with Roster(roster) as opened:
        derived = opened.derived_folder
        session = opened.sessions.get(taken.session)
        assert session.recording is not None
        assert session.recording.parent == elsewhere
        opened.sessions.edit(session)
        summary = summary_of(roster, athlete, session.recording, session.started_at)
        assert NAME not in report_of(summary, session.recording, session.key, derived)
    archive_in_file(roster, athlete, True, derived)  # and the dashboard was killed before it went
    # where a version before this one kept strides
    run_detail(session.recording, session.key, elsewhere)
    return roster


@pytest.mark.parametrize("through", ["command", "dashboard"])
def test_nothing_of_a_person_stays(gait, home, through):
    roster = keep_somebody(gait, home)
    numbers = numbers_of(roster)
    before = b"".join(files(home).values())
    assert all(number in before for number in numbers)
    assert NAME.encode() in before
    assert len(list(roster.parent.glob("roster.db.backup-*"))) == 1
    if through == "command":
        code, _, err = gait("roster", "delete", NAME, "--with-recordings", "--yes")
        assert code == 0
        said = err
    else:
        with Roster(roster) as opened:
            id = opened.athletes.find(NAME).id
        said = "\n".join(delete_in_file(roster, id, True))
    assert "1 copy of the roster with them in it went, too" in said
    for path, content in files(home).items():
        for mark in MARKS:
            assert mark.encode() not in content, f"{mark} in {path}"
            assert mark.casefold().encode() not in content, f"{mark} in {path}"
            assert mark not in path.name
        for number in numbers:
            assert number not in content, path
    with Roster(roster) as opened:
        assert [athlete.name for athlete in opened.athletes.all()] == ["Ben Other"]
        assert opened.problems() == []
    (copy,) = roster.parent.glob("roster.db.backup-*")
    assert b"Ben Other" in copy.read_bytes()


def test_strides_of_a_session_that_was_dropped_go_too(gait, home):
    roster = keep_somebody(gait, home)
    with Roster(roster) as opened:
        derived = opened.derived_folder
        session = opened.sessions.all(opened.athletes.find(NAME))[0]
        assert session.recording is not None
        run_detail(session.recording, session.key, derived)
    assert list(derived.glob(f".{session.key}-*"))
    assert gait("roster", "drop", str(session.id))[0] == 0
    assert not list(derived.glob(f".{session.key}-*"))
