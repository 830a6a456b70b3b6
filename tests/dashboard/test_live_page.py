"""A run in the browser while another program records it over the real Bluetooth stack."""

import os
import re
import subprocess
import sys

import pytest

from gait.dashboard.pages.live import LiveRuns, run_html
from gait.recording import SessionWriter, open_session
from gait.roster import Roster

SECONDS = 16  # of which the first are standing


@pytest.fixture(scope="module")
def recording(served):
    """`gait record --virtual` into the watched folder."""
    with Roster(served.roster) as roster:
        roster.athletes.add("Fay Xu")
    path = served.watched / "fay.gait"
    command = ["record", str(path), "--virtual", "--seconds", str(SECONDS)]
    environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    process = subprocess.Popen(
        [sys.executable, "-m", "gait", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    yield process
    process.kill()
    process.wait()


def test_nothing_is_recorded_at_first(coach, served):
    coach.click("Live")
    coach.sees("Nothing is being recorded there now", str(served.watched))


def test_a_run_is_shown_until_it_ends_and_then_kept(coach, served, recording):
    coach.open("/live")
    coach.sees("fay.gait", "connected")
    coach.sees("steps a minute", "left: running", "right: running", "Battery")
    cadence = re.search(r"^(\d{3})$", coach.words, re.MULTILINE)
    assert cadence is not None
    assert 140 < int(cadence[1]) < 200
    time = re.search(r"00:\d\d", coach.words)
    assert time is not None
    coach.sees_no(time[0])  # it goes on by itself
    coach.sees("This recording has ended.")
    assert recording.wait(60) == 0
    coach.click("Whose run it was")
    coach.click("Fay Xu")
    coach.click("Keep it in the roster")
    coach.sees("What this run says", "Fay Xu, 20")
    with Roster(served.roster) as roster:
        (kept,) = roster.sessions.all(roster.athletes.find("Fay Xu"))
    assert kept.recording == served.watched / "fay.gait"
    coach.open("/live")
    coach.sees("This recording has ended.", "It is in the roster.")


def test_what_is_shown_is_what_a_replay_would_show(tmp_path):
    """The same items in other slices: the same numbers."""
    from gait.live.run import LiveRun, RunStatus, show
    from gait.pipeline import Pipeline

    session = open_session("recordings/easy_run.jsonl.gz")
    items = list(session.items())
    replayed, pipeline = LiveRun(session.sensors), Pipeline(session.sensors)
    strides = pipeline.feed(items)
    show(replayed, items, strides, items[-1].host_s, RunStatus.of(pipeline))

    runs, growing = LiveRuns([tmp_path]), None
    with SessionWriter(tmp_path / "now.gait", started_at="2026-05-03", software="t") as writer:
        for info in session.sensors:
            writer.add_sensor(info)
        for start in range(0, len(items), 700):
            for item in items[start : start + 700]:
                writer.write(item)
            writer.commit()
            runs._looked_at = -1.0
            (growing,) = runs.look()
        assert growing is not None
        assert growing.now is not None
        assert [foot.cadence_spm for foot in growing.now.feet] == pytest.approx(
            [foot.cadence_spm for foot in replayed.now.feet]
        )
        assert not growing.ended
    growing.take()
    assert growing.ended


def test_text_of_others_is_no_markup():
    from msgspec.structs import replace

    from gait.live.run import LiveRun
    from gait.model import Connection, ConnectionEvent

    session = open_session("recordings/easy_run.jsonl.gz")
    view = LiveRun([replace(info, name="<b>x") for info in session.sensors], title="<i>")
    view.on_item(ConnectionEvent(0, 1.0, Connection.LOST, "<script>"))
    assert "<script>" not in run_html(view.now)
