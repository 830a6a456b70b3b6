"""A coach at work: people, recordings, who changed, notes, shoes, undo, and deleting for good."""

import urllib.request
from datetime import UTC, date, datetime, timedelta
from http.cookiejar import CookieJar
from io import BytesIO

import pytest
from dropped_files import three_runs
from msgspec.structs import replace
from selenium.webdriver.common.keys import Keys

from gait.model import Change, Distance, Summary
from gait.model.history import Verdict
from gait.roster import Roster

TODAY = date.today()


@pytest.fixture
def roster(served):
    with Roster(served.roster) as roster:
        yield roster


def add(coach, name: str) -> None:
    coach.open("/")
    coach.click("Add an athlete")
    coach.write("Name", name)
    coach.keys(Keys.ENTER)
    coach.sees("nothing more is known")


def run_of(days_ago: int, km: float) -> Summary:
    """A summary with nothing but when and how far."""
    started = datetime.now(UTC) - timedelta(days=days_ago)
    return Summary(
        software="test",
        source=f"{days_ago} days ago",
        started_at=started.isoformat(),
        duration_s=1800.0,
        activity_s={"running": 1700.0},
        strides={},
        sensors=[],
        clock_uncertainty_ms=None,
        measures={"left": {}, "right": {}, "both": {}},
        notes=[],
        assessment=None,
        distance=Distance(metres=1000.0 * km),
    )


def more_pronation() -> Change:
    return Change(
        measure="pronation_excursion_deg",
        side="left",
        unit="°",
        value=12.0,
        usual=9.0,
        difference=3.0,
        smallest=1.5,
        z=3.0,
        runs=10,
        speed_m_s=3.0,
        seen_in=3,
        counts=True,
        text="Your left shoe rolled in 3.0° more than in ten earlier runs at this pace.",
    )


def test_somebody_is_added_and_recordings_are_dropped(coach, served, tmp_path):
    coach.sees("Nobody is in the roster yet")
    add(coach, "Anna Berg")
    rubbish = tmp_path / "holiday.jpg"
    rubbish.write_bytes(b"\xff\xd8 no recording at all")
    coach.drop(*three_runs(), rubbish)
    coach.sees(
        "run 3.gait: kept.",
        "run 2.gait: kept.",
        "run 1.jsonl.gz: kept.",
        "holiday.jpg is neither a session file nor an IMU table",
    )
    coach.sees("2026-05-01", "2026-05-02", "2026-05-03", "Undo: added 3 sessions")
    kept = sorted(served.recordings.iterdir())
    assert [path.suffix for path in kept] == [".gz", ".gait", ".gait"]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    coach.drop(*three_runs())
    coach.sees("run 3.gait: was kept before.")
    coach.click("Undo: added 3 sessions")
    coach.sees("Undone: added 3 sessions", "No session yet")
    assert list(served.recordings.iterdir()) == []
    assert coach.everything_came_from_here()


def test_an_import_goes_on_while_the_coach_is_on_another_page(coach, roster, served):
    add(coach, "Left Alone")
    coach.drop(*three_runs())
    coach.until(lambda: len(list(served.recordings.glob(".dropped-*"))) == 3)
    coach.open("/")
    coach.sees("Take in an archive")
    left = roster.athletes.find("Left Alone")
    coach.until(lambda: len(roster.sessions.all(left)) == 3)
    coach.until(lambda: list(served.recordings.glob(".dropped-*")) == [])
    coach.open("/")
    coach.click("Undo: added 3 sessions")
    coach.sees("Undone: added 3 sessions")
    coach.click("Undo: added Left Alone")
    coach.sees("Undone: added Left Alone")


def test_who_changed_is_found_first_with_the_reason_in_words(coach, roster):
    for name in ("Chloé Martin", "Ben Okafor", "Dara Byrne"):
        roster.athletes.add(name, groups=["Trail"])
    ben, dara = roster.athletes.find("Ben Okafor"), roster.athletes.find("Dara Byrne")
    roster.sessions.register(ben, run_of(3, 5.0), key="b1")
    differed = roster.sessions.register(ben, run_of(1, 5.0), key="b2")
    found = Verdict(shown=[more_pronation()])
    roster.compared.keep({differed.id: found}, roster.compared.state())
    roster.sessions.register(dara, run_of(9, 8.0), key="d1")
    roster.sessions.register(dara, run_of(2, 13.0), key="d2")
    coach.open("/")
    coach.sees("2 of 4 athletes need a look today.")
    text = coach.words.split("Needs attention")[1]
    assert text.index("Ben Okafor") < text.index("Dara Byrne") < text.index("Anna Berg")
    coach.sees("pronation (left) 12.0°, usually 9.0°.", "62 % longer", "cannot tell: no run yet")
    coach.click("Every group")
    coach.click("Trail (3)")
    coach.sees("2 of 3 athletes need a look today.")
    coach.sees_no("Anna Berg –")
    coach.write("Find an athlete ( / )", "MARTIN")
    coach.sees("None of 1 athletes needs a look today.")
    coach.sees_no("Ben Okafor")
    coach.write("Find an athlete ( / )", "nobody at all")
    coach.sees("No athlete matches “nobody at all”")
    coach.open("/today")
    coach.sees("2 of 4 athletes need a look today.", "pronation (left) 12.0°, usually 9.0°.")
    assert coach.words.index("Ben Okafor") < coach.words.index("Dara Byrne")
    coach.click("Nothing to look at today (2)")
    coach.sees("Cannot tell: no run yet.")
    coach.click("Ben Okafor")
    coach.sees("changed: pronation (left) higher", "Warning signs and conditions")


def test_everything_of_an_athlete_is_changed_and_taken_back(coach, roster):
    dara = roster.athletes.find("Dara Byrne")
    coach.open(f"/athlete/{dara.id}")
    coach.click("Edit")
    coach.write("Name", "Dara Ní Bhriain")
    coach.write("Height in m", "1.71")
    coach.write("Groups, with commas between them", "Masters")
    coach.click("Save")
    coach.sees("Dara Ní Bhriain", "1.71 m, in Masters")
    coach.click("Add a pair")
    coach.write("What they are called", "Ghost <b>15</b>")
    coach.write("km run in them before", "790")
    coach.keys(Keys.ENTER)
    coach.sees("Ghost <b>15</b>: 790 km")
    coach.click("Log a run by hand")
    coach.write("Distance in km", "11")
    coach.click("Log")
    coach.sees(f"{TODAY}, 11 km, Ghost <b>15</b>", "Ghost <b>15</b>: 801 km", "500 miles")
    coach.click("Retire: Ghost <b>15</b>")
    coach.sees(f"retired {TODAY}")
    coach.write("Something worth remembering", "new shoes feel good")
    coach.click("Add the note")
    coach.sees(f"{TODAY}: new shoes feel good")
    coach.write("What is aimed at", "ten kilometres")
    coach.click("Set the goal")
    coach.click("Reached: ten kilometres")
    coach.sees(f"ten kilometres, reached {TODAY}")
    for did in (
        "reached a goal",
        "set a goal",
        "added a note",
        "retired Ghost <b>15</b>",
        f"logged the run of {TODAY}",
        "added Ghost <b>15</b>",
        "edited Dara Byrne",
    ):
        coach.click(f"Undo: {did}")
        coach.sees(f"Undone: {did}")
    coach.sees("Dara Byrne", "in Trail", "No shoes yet.")
    assert roster.athletes.get(dara.id) == dara
    assert roster.shoes.all(dara) == roster.diary.logged(dara) == roster.diary.goals(dara) == []


def test_what_cannot_be_is_one_sentence_and_the_dialog_stays(coach, roster):
    dara = roster.athletes.find("Dara Byrne")
    coach.open(f"/athlete/{dara.id}")
    coach.click("Edit")
    coach.write("Height in m", "171")
    coach.click("Save")
    coach.sees("The height in metres is 171; it must lie between 1 and 2.5.", "Norms for")
    coach.write("Height in m", "1.71")
    coach.write("Name", "ben okafor")
    coach.click("Save")
    coach.sees("There is an athlete called Ben Okafor already")
    coach.click("Cancel")
    coach.sees_no("Norms for")
    assert roster.athletes.get(dara.id) == dara


def test_an_archive_goes_out_and_two_entries_become_one(coach, roster, served, tmp_path):
    ben = roster.athletes.find("Ben Okafor")
    cookies = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    opener.open(served.new_address()).read()
    with opener.open(f"{served.root}/athlete/{ben.id}/archive") as answer:
        assert "Ben%20Okafor.gaitroster" in answer.headers["content-disposition"]
        archive = answer.read()
    assert [path for path in served.recordings.iterdir() if "archive" in path.name] == []
    with Roster(tmp_path / "other.db") as other:
        assert other.take_in(BytesIO(archive), "archive").new_sessions == 2
    renamed = roster.athletes.edit(replace(ben, name="B. Okafor"))
    path = tmp_path / "ben.gaitroster"
    path.write_bytes(archive)
    coach.open("/")
    coach.drop(path)
    coach.sees("Brought up to date: B. Okafor; 0 of 2 sessions are new.")
    double = roster.athletes.add("Benno")
    roster.diary.note(double, TODAY, "of Benno")
    coach.open(f"/athlete/{renamed.id}")
    coach.click("More")
    coach.click("Merge with another entry …")
    coach.write("Who is the same person", "Benno")
    coach.click("Benno")
    coach.click("Merge")
    coach.sees("of Benno", "Undo: merged Benno into B. Okafor")
    assert "Benno" not in {a.name for a in roster.athletes.all()}
    coach.click("Undo: merged Benno into B. Okafor")
    coach.sees("Undone: merged")
    coach.sees_no("of Benno")
    assert [note.text for note in roster.diary.notes(roster.athletes.find("Benno"))] == ["of Benno"]


def test_a_person_is_deleted_for_good_once_the_name_is_typed(coach, roster, served):
    add(coach, "Zoë Gone")
    coach.write("Something worth remembering", "a secret of hers")
    coach.click("Add the note")
    coach.sees("Undo: added a note")
    coach.click("More")
    coach.click("Delete this person …")
    coach.sees("This deletes Zoë Gone with 1 note.", "It cannot be undone")
    coach.write("Type Zoë Gone to do it", "Zoe")
    coach.click("Delete for good")
    coach.sees("nothing was done")
    coach.write("Type Zoë Gone to do it", "zoë gone")
    coach.click("Delete for good")
    coach.sees("Deleted: Zoë Gone.", "Needs attention")
    coach.sees_no("Undo:")
    kept = [path for path in served.roster.parent.rglob("*") if path.is_file()]
    kept = [
        path
        for path in kept
        if path.relative_to(served.roster.parent).parts[0].startswith(served.roster.name)
    ]
    assert all(b"secret of hers" not in path.read_bytes() for path in kept)
    assert "Zoë Gone" not in {athlete.name for athlete in roster.athletes.all()}


HOSTILE = (
    "</title></script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
    "${window.hacked=1}`\\ '\"><svg onload=window.hacked=1>"
)


def test_a_name_is_a_name_whatever_is_in_it(coach, roster):
    athlete = roster.athletes.add(HOSTILE, groups=[HOSTILE])
    roster.diary.note(athlete, TODAY, HOSTILE)
    roster.shoes.add(athlete, HOSTILE)
    session = roster.sessions.register(athlete, run_of(1, 5.0), key="hostile", notes=HOSTILE)
    pages = ("/", f"/athlete/{athlete.id}", f"/athlete/{athlete.id}/checkup")
    for path in (*pages, f"/session/{session.id}", "/compare"):
        coach.open(path)
        coach.sees(HOSTILE if path != "/compare" else "Compare")
        coach.settled()
        assert coach.browser.execute_script("return window.hacked") is None
