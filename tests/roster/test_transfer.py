"""An athlete goes from roster to roster and nothing is twice, lost or written elsewhere."""

import io
import json
import random
import re
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from summaries import summary

from gait.model import GaitError, InputError
from gait.roster import ArchivedSession, Athlete, Roster


@pytest.fixture
def ours(tmp_path: Path):
    with Roster(tmp_path / "ours" / "roster.db") as roster:
        yield roster


@pytest.fixture
def theirs(tmp_path: Path):
    with Roster(tmp_path / "theirs" / "roster.db") as roster:
        yield roster


def full_athlete(roster: Roster, recording: Path | None = None) -> Athlete:
    anna = roster.athletes.add("Anna", height_m=1.68, groups=["Youth"])
    pair = roster.shoes.add(anna, "Pegasus", since=date(2026, 1, 1), km_before=120.0)
    for day in range(3):
        roster.sessions.register(
            anna, summary(day), key=f"key{day}", shoe=pair, effort=day, recording=recording
        )
    roster.checkups.keep(anna, taken_on=date(2026, 5, 1), answers={"a": [1, True]}, version="1")
    roster.diary.note(anna, date(2026, 5, 2), "calf tight")
    roster.diary.set_goal(anna, "half marathon", date(2026, 9, 1))
    roster.diary.log(anna, date(2026, 5, 20), km=9.0, shoe=pair)
    return anna


def archive(roster: Roster, athlete: Athlete, *, recordings: bool = False) -> io.BytesIO:
    file = io.BytesIO()
    roster.export(athlete, file, recordings=recordings)
    file.seek(0)
    return file


def all_of(roster: Roster, name: str) -> dict:
    """Everything of an athlete, without what only counts in one roster."""
    athlete = roster.athletes.find(name)

    def plain(items) -> list:
        return [replace(item, id=0) for item in items]

    shoes = {shoe.id: shoe.model for shoe in roster.shoes.all(athlete)}
    sessions = roster.sessions.all(athlete)
    return {
        "athlete": replace(athlete, id=0),
        "shoes": plain(roster.shoes.all(athlete)),
        "checkups": plain(roster.checkups.all(athlete)),
        "notes": plain(roster.diary.notes(athlete)),
        "goals": plain(roster.diary.goals(athlete)),
        "runs": [
            (r.day, r.km, r.minutes, shoes.get(r.shoe or 0)) for r in roster.diary.logged(athlete)
        ],
        "sessions": [
            (replace(s, id=0, athlete=0, shoe=None), shoes.get(s.shoe or 0)) for s in sessions
        ],
        "summaries": [roster.sessions.summary(s) for s in sessions],
        "past": roster.history.past_runs(athlete, before="9"),
        "trend": [p.value for p in roster.history.trend(athlete, "cadence_spm", "left")],
    }


def test_an_athlete_arrives_whole_and_once(ours: Roster, theirs: Roster):
    file = archive(ours, full_athlete(ours))
    taken = theirs.take_in(file, "anna.gaitroster")
    assert (taken.is_new, taken.named_anew, taken.new_sessions) == (True, False, 3)
    assert all_of(theirs, "Anna") == all_of(ours, "Anna")
    again = theirs.take_in(file, "anna.gaitroster")
    assert (again.is_new, again.new_sessions, again.sessions) == (False, 0, 3)
    assert all_of(theirs, "Anna") == all_of(ours, "Anna")
    back = ours.take_in(archive(theirs, again.athlete), "back")
    assert (back.is_new, back.new_sessions) == (False, 0)
    assert all_of(theirs, "Anna") == all_of(ours, "Anna")


def test_the_newer_of_two_copies_stays_whichever_way_it_goes(ours: Roster, theirs: Roster):
    anna = full_athlete(ours)
    first = archive(ours, anna)
    theirs.take_in(first, "first")
    there = theirs.athletes.find("Anna")
    # each side changes something else
    (session, *_) = ours.sessions.all(anna)
    ours.sessions.edit(replace(session, notes="windy"))
    (pair,) = theirs.shoes.all(there)
    theirs.shoes.edit(replace(pair, retired=date(2026, 6, 1)))
    theirs.athletes.edit(replace(there, mass_kg=60.0))
    (checkup,) = theirs.checkups.all(there)
    theirs.checkups.change(checkup, answers={"a": "new"})
    ours.diary.note(anna, date(2026, 6, 1), "fine again")
    theirs.take_in(archive(ours, ours.athletes.find("Anna")), "ours")
    ours.take_in(archive(theirs, theirs.athletes.find("Anna")), "theirs")
    assert all_of(ours, "Anna") == all_of(theirs, "Anna")
    assert ours.sessions.all(anna)[0].notes == "windy"
    assert ours.shoes.all(anna)[0].retired == date(2026, 6, 1)
    assert ours.athletes.find("Anna").mass_kg == 60.0
    assert ours.checkups.all(anna)[0].answers == {"a": "new"}
    assert len(theirs.diary.notes(there)) == 2
    theirs.take_in(first, "the first one again")  # an old copy changes nothing
    assert all_of(ours, "Anna") == all_of(theirs, "Anna")


def test_another_of_the_same_name_is_named_anew_and_may_be_merged(ours: Roster, theirs: Roster):
    here = theirs.athletes.add("anna", mass_kg=55.0)
    pair = theirs.shoes.add(here, "pegasus", km_before=10.0)
    theirs.sessions.register(here, summary(9), key="own", shoe=pair)
    file = archive(ours, full_athlete(ours))
    taken = theirs.take_in(file, "anna")
    assert (taken.named_anew, taken.athlete.name) == (True, "Anna (2)")
    merged = theirs.merge(here, taken.athlete)
    assert [a.name for a in theirs.athletes.all()] == ["anna"]
    assert (merged.mass_kg, merged.height_m, merged.groups) == (55.0, 1.68, ("Youth",))
    (only,) = theirs.shoes.all(here)
    assert (only.model, only.km) == ("pegasus", pytest.approx(10.0 + 4 * 5.0 + 9.0))
    assert len({s.gear for s in theirs.sessions.all(here)}) == 1
    # the merged one is known when the archive comes again
    again = theirs.take_in(file, "anna")
    assert (again.is_new, again.athlete.name, again.new_sessions) == (False, "anna", 0)
    assert len(theirs.sessions.all(here)) == 4
    assert len(theirs.shoes.all(here)) == 1
    with pytest.raises(GaitError, match="one entry already"):
        theirs.merge(here, here)


def test_a_session_that_is_somebody_elses_here_stays_theirs(ours: Roster, theirs: Roster):
    ben = theirs.athletes.add("Ben")
    theirs.sessions.register(ben, summary(1), key="key1")
    taken = theirs.take_in(archive(ours, full_athlete(ours)), "anna")
    assert (taken.elsewhere, taken.new_sessions) == (1, 2)
    assert [s.key for s in theirs.sessions.all(ben)] == ["key1"]


def test_recordings_are_handed_over_byte_for_byte(ours: Roster, theirs: Roster, tmp_path: Path):
    recording = tmp_path / "run.jsonl.gz"
    recording.write_bytes(random.Random(1).randbytes(50_000))
    anna = full_athlete(ours, recording)
    (tmp_path / "gone.gait").write_bytes(b"x")
    ours.sessions.register(anna, summary(8), key="gone", recording=tmp_path / "gone.gait")
    (tmp_path / "gone.gait").unlink()
    file = io.BytesIO()
    assert ours.export(anna, file, recordings=True) == 1
    kept: list[tuple[str, str, bytes]] = []

    def keep(session: ArchivedSession, content) -> Path:
        kept.append((session.key, session.ending, content.read()))
        return tmp_path / f"kept-{session.key}"

    theirs.take_in(file, "anna", keep)
    assert sorted(kept) == [(f"key{n}", ".jsonl.gz", recording.read_bytes()) for n in range(3)]
    there = theirs.athletes.find("Anna")
    assert {s.recording for s in theirs.sessions.all(there)} == {
        None,
        *(tmp_path / f"kept-key{n}" for n in range(3)),
    }


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), cut=st.booleans())
def test_a_damaged_archive_changes_nothing(tmp_path_factory, seed: int, cut: bool):
    folder, rng = tmp_path_factory.mktemp("damaged"), random.Random(seed)
    with Roster(folder / "ours.db") as ours, closing(Roster(folder / "theirs.db")) as theirs:
        content = bytearray(archive(ours, full_athlete(ours)).getvalue())
        if cut:
            del content[rng.randrange(len(content)) :]
        else:
            at = rng.randrange(len(content) - 8)
            content[at : at + 8] = rng.randbytes(8)
        refused = None
        try:
            theirs.take_in(io.BytesIO(bytes(content)), "anna.gaitroster")
        except InputError as error:
            refused = str(error)
        if refused:
            # what was changed may be the length that a member says it has
            assert re.match(
                r"anna\.gaitroster (is no archive|\(its \w+\) unpacks to|has more than)", refused
            )
            assert theirs.athletes.all() == []
        else:  # where nobody reads: a date or a flag of the ZIP itself
            assert all_of(theirs, "Anna") == all_of(ours, "Anna")


def rewritten(file: io.BytesIO, change) -> io.BytesIO:
    """The archive with other JSON in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            lines = [json.loads(line) for line in old.read(entry).splitlines()]
            for line in lines:
                change(entry.filename, line)
            new.writestr(entry.filename, "\n".join(json.dumps(line) for line in lines))
    return out


def set_to(name: str, path: list, value):
    def change(entry: str, line) -> None:
        if entry == name:
            for step in path[:-1]:
                line = line[step]
            line[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (set_to("about.json", ["format"], "another"), "is no archive"),
        (set_to("about.json", ["version"], 99), "newer shoegait"),
        (set_to("athlete.json", ["name"], "a\x1b[31mb"), "not sound"),
        (set_to("athlete.json", ["height_m"], 168), "not sound"),
        (set_to("athlete.json", ["shoes", 0, "model"], ""), "not sound"),
        (set_to("athlete.json", ["notes", 0, "day"], "yesterday"), "is no archive"),
        (set_to("athlete.json", ["changed_at"], "soon"), "not sound"),
        (set_to("sessions.jsonl", ["effort"], 11), "not sound"),
        (set_to("sessions.jsonl", ["summary"], {}), "is no archive"),
    ],
)
def test_an_archive_that_is_not_sound_is_refused_whole(
    ours: Roster, theirs: Roster, change, said: str
):
    file = rewritten(archive(ours, full_athlete(ours)), change)
    with pytest.raises(InputError, match=said):
        theirs.take_in(file, "anna.gaitroster")
    assert theirs.athletes.all() == []
    assert theirs.sessions.all() == []


def test_a_change_from_the_future_is_not_newer_for_ever(ours: Roster, theirs: Roster):
    anna = full_athlete(ours)
    change = set_to("athlete.json", ["notes", 0, "changed_at"], "2999-01-01T00:00:00+00:00")
    theirs.take_in(rewritten(archive(ours, anna), change), "anna")
    row = theirs._db.row("SELECT changed_at FROM notes")
    assert row is not None
    assert row["changed_at"] < "2999"


def test_what_else_lies_in_an_archive_is_not_touched(ours: Roster, theirs: Roster, tmp_path: Path):
    recording = tmp_path / "run.gait"
    recording.write_bytes(b"content")
    file = archive(ours, full_athlete(ours, recording), recordings=True)
    with zipfile.ZipFile(file, "a") as more:
        more.writestr("../../evil.txt", "evil")
        more.writestr("/tmp/evil.txt", "evil")
    seen = []
    theirs.take_in(file, "anna", lambda session, content: seen.append(content.name))
    assert sorted(seen) == ["recordings/0", "recordings/1", "recordings/2"]
    assert not list(tmp_path.rglob("evil.txt"))


def test_a_recording_that_would_grow_is_refused(ours: Roster, theirs: Roster, tmp_path: Path):
    recording = tmp_path / "run.gait"
    recording.write_bytes(bytes(1_000_000))
    file = archive(ours, full_athlete(ours, recording), recordings=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
    with pytest.raises(InputError, match="is no archive"):
        theirs.take_in(packed, "anna", lambda session, content: None)
    assert theirs.athletes.all() == []


def test_no_zip_at_all(theirs: Roster):
    for content in (b"", b"PK", b"something else" * 100):
        with pytest.raises(InputError, match="is no archive"):
            theirs.take_in(io.BytesIO(content), "notes.txt")
