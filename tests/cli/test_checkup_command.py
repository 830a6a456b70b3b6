"""`gait checkup` as a runner meets it: lines in, questions on stderr, every answer kept at once."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
import yaml
from rich.console import Console
from usual_signals import listen

from gait.athletes.checkup_storage import KeptInFile
from gait.cli.checkup import ask
from gait.risk import assess, load_evidence, parse_profile
from gait.risk.checkup import CheckupFlow
from gait.risk.questions import load_questions
from gait.risk.wording import banned_words
from gait.roster import Roster

TODAY = date.today()
NONE = "n\n" * 4  # no warning sign


@pytest.fixture
def gait(tmp_path, monkeypatch):
    """Run the command with these lines; gives its exit code, stdout and stderr."""
    monkeypatch.setenv("GAIT_ROSTER", str(tmp_path / "roster.db"))
    monkeypatch.setenv("COLUMNS", "80")

    def run(lines, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "gait", "checkup", *map(str, arguments)],
            input=lines,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def read(path):
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def test_answers_go_to_a_profile_that_analyze_reads(gait, tmp_path):
    lines = NONE + "6\n1\n3\n2\n1 2\n3\n\nq\n"
    code, out, err = gait(lines)
    assert (code, out) == (0, "")
    path = tmp_path / "me.yaml"
    assert path.stat().st_mode & 0o077 == 0
    profile = parse_profile(path.read_text(encoding="utf-8"), "yaml")
    assert profile.answered_on == TODAY
    (pain,) = profile.pain or []
    assert (pain.where, pain.side, pain.level, pain.morning) == ("heel", "left", 3.0, True)
    assert list(profile.red_flags.values()) == [False] * 29
    assert profile.history.injuries is None  # not asked yet, so not known
    assert "gait analyze RUN.gait --profile me.yaml" in err
    assert "No warning sign was answered with yes" in err
    assert not banned_words(err)


def test_it_goes_on_where_it_ended_and_every_answer_can_be_changed_and_taken_back(gait, tmp_path):
    assert gait(NONE + "q\n")[0] == 0
    _, _, err = gait("n\ny\nl 5\n6\nl 6\n2\nl 1\n-\nq\n")
    assert "going on with them" in err
    found = read(tmp_path / "me.yaml")
    assert found["pain"] == [{"where": "heel", "side": "right"}]
    assert found["history"] == {"injured_last_12_months": True}
    assert len(found["red_flags"]) == 24  # those of the first question were taken back


def test_a_warning_sign_comes_first_and_the_rest_is_offered(gait, tmp_path):
    code, _, err = gait("n\nn\n3\n")
    assert code == 0
    first = err.index("Within days: Do not run. See a clinician within days.")
    assert err.index("First of all") < first < err.index("Thank you")
    assert "no condition will carry a level" in " ".join(err.split())
    assert "Where does it hurt" not in err
    code, _, err = gait("g\nn\n6\n")  # it says so again, and goes on
    assert err.index("First of all") < err.index("Where does it hurt")
    told = read(tmp_path / "me.yaml")
    assert told["pain"] == [{"where": "heel"}]
    found = assess({}, parse_profile(json.dumps(told, default=str), "json"), load_evidence())
    assert found.stop


def test_nothing_typed_keeps_nothing(gait, tmp_path):
    for lines in ("", "\n\n\n", "q\n", "s\ns\ns\n"):
        assert gait(lines)[0] == 0
    assert not (tmp_path / "me.yaml").exists()


def test_what_is_not_understood_is_asked_again_and_help_says_how(gait, tmp_path):
    _, _, err = gait("maybe\n?\nn\nq\n")
    assert "! Write numbers from 1 to 5" in err
    assert "Look at the foot" in err
    assert "Without an answer it is unknown, never a no" in " ".join(err.split())
    assert len(read(tmp_path / "me.yaml")["red_flags"]) == 5


def test_a_log_of_runs_line_by_line(gait, tmp_path):
    lines = NONE + "n\n\n\n2026-05-03 9\n2026-05-10 6 mi\n\n620\nq\n"
    gait(lines)
    found = read(tmp_path / "me.yaml")
    assert [run["distance_km"] for run in found["training"]] == [9.0, 9.656]
    assert found["shoes"] == {"distance_km": 620.0}


def test_shown_and_exported_as_json(gait, tmp_path):
    gait(NONE + "8\nq\n", "--export", "me.json")
    assert json.loads((tmp_path / "me.json").read_text())["pain"] == [{"where": "ankle"}]
    code, out, err = gait("", "--export", "me.json", "--show")
    assert (code, err) == (0, "")
    assert "Where does it hurt, now or in the last two weeks? Ankle" in out
    assert "the rest is unknown" in out


def test_a_profile_written_by_hand_is_gone_on_with(gait, tmp_path):
    (tmp_path / "me.yaml").write_text("pain: [{where: Heel}]\nbody: {height_m: 1.78}\n")
    gait("l 5\n5 6\nq\n")
    found = read(tmp_path / "me.yaml")
    assert [p["where"] for p in found["pain"]] == ["heel", "shin"]
    assert found["body"] == {"height_m": 1.78}


def test_another_day_asks_anew_what_may_have_changed(gait, tmp_path):
    before = TODAY - timedelta(days=61)
    (tmp_path / "me.yaml").write_text(
        f"answered_on: {before}\npain: [{{where: heel}}]\nred_flags: {{new_lump: no}}\n"
        "body: {height_m: 1.78}\n"
        "history: {injuries: [{condition: ankle_sprain, months_ago: 4}]}\n"
    )
    _, _, err = gait("l 1\nn\nq\n")
    assert f"me.yaml is of {before}" in err
    found = read(tmp_path / "me.yaml")
    assert "pain" not in found
    assert "new_lump" not in found["red_flags"]
    assert found["body"] == {"height_m": 1.78}
    assert found["history"]["injuries"][0]["months_ago"] == pytest.approx(6.0)
    assert str(found["answered_on"]) == str(TODAY)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--export", "me.toml"], 2, "must end in .yaml or .json"),
        (["--export", "nowhere/me.yaml"], 2, "folder nowhere does not exist"),
        (["--delete", "2026-05-01"], 2, "Say whose checkup"),
        (["nobody"], 2, "nobody"),
        (["anna", "--show"], 2, "no checkup yet"),
        (["anna", "--export", "a.yaml"], 2, "no checkup yet"),
        (["anna", "--delete", "soon"], 2, "no date"),
        (["anna", "--delete", "2026-05-01"], 2, "no checkup of 2026-05-01; there are: none yet"),
    ],
)
def test_wrong_use_is_one_sentence(gait, tmp_path, arguments, code, said):
    with Roster(tmp_path / "roster.db") as roster:
        roster.athletes.add("Anna")
    found = gait("", *arguments)
    assert (found[0], found[1]) == (code, "")
    assert found[2].startswith("gait: ")
    assert found[2].count("\n") == 1
    assert said in found[2]


def test_the_roster_keeps_a_checkup_a_day_and_what_it_knows_is_not_asked(gait, tmp_path):
    path = tmp_path / "roster.db"
    with Roster(path) as roster:
        anna = roster.athletes.add("Anna", height_m=1.68, birth_year=1985, sex="female")
        for days in (9, 6, 3):
            roster.diary.log(anna, day=TODAY - timedelta(days=days), km=12.5)
        old = {"pain": [{"where": "shin"}], "answered_on": str(TODAY - timedelta(days=30))}
        roster.checkups.keep(anna, taken_on=TODAY - timedelta(days=30), answers=old, version="1")
    _, _, err = gait(NONE + "6\nl\nq\n", "anna")
    assert "How tall are you?" not in err
    assert "How old are you?" not in err
    assert "Your runs of the last 30 days" not in err
    assert "What is your mass?" in err
    gait("1\nq\n", "Anna")  # the same day: the same checkup
    with Roster(path) as roster:
        kept = roster.checkups.all(anna)
        assert [c.taken_on for c in kept] == [TODAY, TODAY - timedelta(days=30)]
        assert kept[0].answers["pain"] == [{"where": "heel", "side": "left"}]
        assert kept[0].version == load_questions().version
        assert "training" not in kept[0].answers
        assert kept[1].answers == old
    assert "Heel: On which side? left" in gait("", "anna", "--show")[1].replace(
        "Heel, left", "Heel"
    )
    assert gait("", "anna", "--export", "anna.yaml")[0] == 0
    profile = parse_profile((tmp_path / "anna.yaml").read_text(), "yaml")
    assert (profile.body.height_m, profile.body.sex) == (1.68, "female")
    assert [run.distance_km for run in profile.training or []] == [12.5] * 3
    assert gait("", "anna", "--export", "anna.yaml")[0] == 2  # taken
    assert gait("", "anna", "--export", "anna.yaml", "--overwrite")[0] == 0
    assert gait("", "anna", "--delete", TODAY)[0] == 0
    with Roster(path) as roster:
        assert [c.answers for c in roster.checkups.all(anna)] == [old]


def until(master, said):
    """What the terminal shows, up to some words."""
    seen, end = "", time.monotonic() + 60
    while said not in seen:
        assert time.monotonic() < end, seen
        if select.select([master], [], [], 1.0)[0]:
            seen += os.read(master, 4096).decode()
    return seen


def exit_status(child):
    """Of a child that is to end by itself."""
    end = time.monotonic() + 60
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise AssertionError("it goes on")
        time.sleep(0.05)
    return ended[1]


@pytest.mark.parametrize("by", ["key", "hangup"])
def test_ctrl_c_and_a_closed_terminal_lose_nothing(tmp_path, by):
    child, master = pty.fork()
    if child == 0:
        listen()
        os.environ |= {"COLUMNS": "80", "LINES": "24", "NO_COLOR": "1"}
        os.chdir(tmp_path)
        os.execv(sys.executable, [sys.executable, "-m", "gait", "checkup"])
    until(master, "1 of about")
    for number in (2, 3, 4):
        os.write(master, b"n\n")
        until(master, f"{number} of about")
    if by == "key":
        os.write(master, b"\x03")
        assert "Thank you" in until(master, "--profile me.yaml")
    else:
        os.kill(child, signal.SIGHUP)
    status = exit_status(child)
    os.close(master)
    if by == "key":
        assert os.waitstatus_to_exitcode(status) == 130
    assert len(read(tmp_path / "me.yaml")["red_flags"]) == 18


class Silent(Console):
    """Nobody answers: every question is skipped; `shown` has the lines of each."""

    def __init__(self):
        self.written = StringIO()
        super().__init__(file=self.written, width=80, height=24, color_system=None)
        self.shown: list[list[str]] = []

    def input(self, *_, **__) -> str:
        self.shown.append(self.written.getvalue().splitlines())
        self.written.seek(0)
        self.written.truncate()
        return ""


def screens():
    """Every question as it is shown where everything hurts and everything happened."""
    told = {
        "pain": [{"where": place, "side": "both"} for place in load_evidence().locations],
        "history": {"injuries": [{}, {"condition": "accessory_navicular_syndrome"}]},
    }
    flow = CheckupFlow(load_questions(), load_evidence(), told)
    flow.go(1)
    console = Silent()
    ask(flow, KeptInFile(Path("unused.yaml"), {}), console)
    return console.shown[:-1]


def test_every_question_fits_into_a_small_terminal_without_colour():
    shown = screens()
    assert len(shown) > 70
    for lines in shown:
        assert len(lines) <= 23, "\n".join(lines)  # and the line to write on
        assert max(map(len, lines)) <= 80
        assert not any("\x1b" in line for line in lines)
