"""Recording from virtual shoes: what was seen live is what the file gives, bit for bit."""

import re
import subprocess
import sys
from pathlib import Path

from virtual_run import same_strides, truth_of

from gait.cli.record import RecordOptions, record_from
from gait.cli.replay import slices
from gait.cli.simulate import SimulateOptions
from gait.cli.source import virtual_shoes
from gait.cli.warm import warm_up
from gait.model import BatteryReading, ConnectionEvent, Exchange, Side
from gait.pipeline import Pipeline, analyze_items
from gait.recording import open_session

FAST = 4.0  # times real time


async def test_live_replay_and_analyze_agree_bit_for_bit(tmp_path: Path, capsys) -> None:
    warm_up()  # compiling in the middle of a run would hold up the radio
    path = tmp_path / "run.gait"
    options = SimulateOptions(seconds=30.0, drop=("right:14:14.6",))
    async with virtual_shoes(options, speed=FAST) as source:
        live = await record_from(source, RecordOptions(path, 24.0))
    assert not live.interrupted
    session = open_session(path)
    analysed = analyze_items(session.sensors, session.items())
    assert len(analysed.strides) > 25
    same_strides(live.result.strides, analysed.strides)
    replayed = Pipeline(session.sensors)
    for group in slices(session.items()):
        replayed.feed(group)
    same_strides(live.result.strides, replayed.finish().strides)
    kinds = {type(item) for item in session.items()}
    assert {BatteryReading, ConnectionEvent, Exchange} <= kinds
    right = analysed.shoes[Side.RIGHT].note()
    assert right.packets_lost == 0  # what was dropped was had again
    assert any("had again" in text for text in right.notes)
    assert len(truth_of(session)) > 25
    assert path.stat().st_mode & 0o077 == 0
    assert "steps/min" in capsys.readouterr().err


def test_the_demo_leaves_a_recording_and_a_report(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()  # taken, so the demo must choose another
    ran = subprocess.run(
        [sys.executable, "-m", "gait", "demo", "--seconds", "12", "--folder", "demo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
    folder = tmp_path / "demo-2"
    assert sorted(p.name for p in folder.iterdir()) == ["report.html", "run.gait"]
    assert not any((tmp_path / "demo").iterdir())
    assert "bit for bit" in ran.stderr
    assert str(folder / "report.html") in ran.stderr
    assert "cadence 1" in ran.stdout
    assert len(ran.stdout.splitlines()) <= 20
    page = (folder / "report.html").read_text()
    assert "<svg" in page
    assert not re.search(r"""(src|href)=["']https?:""", page.split("<body", 1)[0])  # stands alone
