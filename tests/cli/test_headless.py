"""Recording while nobody looks: each time the shoes move is a session that holds all of it."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from shoes_on_air import sensor
from test_known_shoes import shoe as known_shoe
from typer.testing import CliRunner
from usual_signals import heard, listen

from gait import diagnostics
from gait.ble import ShoeStream
from gait.cli import main
from gait.cli.headless import Headless, HeadlessOptions
from gait.cli.known_sensors import KnownShoes
from gait.cli.source import Source
from gait.cli.warm import warm_up
from gait.live.motion import Motion, MotionSettings, Unrest, unrest
from gait.live.shutdown import Ending, on_signals
from gait.model import BatteryReading, Connection, ConnectionEvent, GaitError, Packet, Samples, Side
from gait.pipeline import analyze_items
from gait.recording import SessionWriter, open_session
from gait.sensors import profile
from gait.simulate import Runner, Segment, Sensor, measure, simulate
from gait.virtual import VirtualAir, VirtualShoe

DOCS = Path(__file__).parents[2] / "docs"
SPEED = 10.0
RATE_HZ = 100.0


def feet(*segments: Segment) -> dict[Side, Samples]:
    motions = simulate(Runner(), segments, seed=3)
    seen = Sensor(rate_hz=RATE_HZ)
    return {side: measure(motion, seen, seed=5) for side, motion in motions.items()}


def moving(side: Side, **changes):
    return sensor(side, rate_hz=RATE_HZ, **changes)


STAND_RUN_TWICE = (
    Segment(kind="stand", duration_s=10.0),
    Segment(kind="run", duration_s=16.0, speed_m_s=3.0),
    Segment(kind="stand", duration_s=24.0),
    Segment(kind="run", duration_s=16.0, speed_m_s=3.0),
    Segment(kind="stand", duration_s=14.0),
)


def source_of(air: VirtualAir) -> Source:
    return Source(air.radio, air.clock)


async def both_shoes(options: HeadlessOptions, samples: dict[Side, Samples]) -> list[str]:
    """Both virtual shoes with nobody looking; every line that was said."""
    said: list[str] = []
    with on_signals() as ending:
        async with (
            VirtualAir(speed=SPEED) as air,
            VirtualShoe(air, moving(Side.LEFT), samples[Side.LEFT]),
            VirtualShoe(air, moving(Side.RIGHT), samples[Side.RIGHT]),
        ):
            await Headless(source_of(air), options, None, ending, said.append).run()
    return said


async def test_stand_run_stand_run_makes_two_sessions_with_all_the_running(tmp_path):
    warm_up()
    said: list[str] = []
    samples = feet(*STAND_RUN_TWICE)
    options = HeadlessOptions(folder=tmp_path, still_s=12.0, seconds=84.0, pause_s=1.0)
    async with (
        VirtualAir(speed=SPEED) as air,
        VirtualShoe(air, moving(Side.LEFT), samples[Side.LEFT]),
        VirtualShoe(air, moving(Side.RIGHT), samples[Side.RIGHT]),
    ):
        with on_signals() as ending:
            await Headless(source_of(air), options, None, ending, said.append).run()
    files = sorted(tmp_path.iterdir())
    assert [file.suffix for file in files] == [".gait", ".gait"], said
    for number, file in enumerate(files):
        session = open_session(file)
        items = list(session.items())
        assert session.problems == []
        assert session.started_at
        assert all(item.host_s >= 0 for item in items)
        events = [i for i in items if isinstance(i, ConnectionEvent)]
        assert {e.device for e in events if e.event is Connection.CONNECTED} == {0, 1}
        assert {i.device for i in items if isinstance(i, BatteryReading)} == {0, 1}
        # All the running is in it: from its first second to its last, on the shoes' own clocks.
        began_s = (10.0, 50.0)[number]
        for device, info in enumerate(session.sensors):
            packets = [i for i in items if isinstance(i, Packet) and i.device == device]
            decoder = profile(info.profile).decoder
            assert decoder
            frames = decoder(info).push(packets)
            assert frames.device_us[0] / 1e6 < began_s - 5.0  # with the standing before it
            assert frames.device_us[-1] / 1e6 > began_s + 16.0 + 5.0
        strides = analyze_items(session.sensors, items).strides
        assert len(strides) > 2 * 15
    assert sum(line.startswith("recording ") for line in said) == 2
    assert sum(line.startswith("closed ") for line in said) == 2


async def until(said: list[str], word: str, times: int) -> None:
    while sum(word in line for line in said) < times:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def test_only_known_shoes_are_waited_for_and_the_late_one_joins(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.cli.headless.OTHER_SHOE_S", 0.5)
    warm_up()
    said: list[str] = []
    samples = feet(
        Segment(kind="stand", duration_s=5.0), Segment(kind="run", duration_s=90.0, speed_m_s=3.0)
    )
    known = KnownShoes(tmp_path / "known.json")
    folder = tmp_path / "sessions"
    folder.mkdir()
    options = HeadlessOptions(folder=folder, still_s=10.0)
    with heard(signal.SIGTERM), on_signals() as ending:
        async with (
            VirtualAir(speed=SPEED) as air,
            VirtualShoe(air, moving(Side.LEFT), samples[Side.LEFT]),  # a stranger
            VirtualShoe(air, moving(Side.LEFT), samples[Side.LEFT]) as left,
        ):
            right = VirtualShoe(air, moving(Side.RIGHT), samples[Side.RIGHT])
            known.remember([known_shoe(Side.LEFT, left.address)])
            known.remember([known_shoe(Side.RIGHT, "C0:DE:5A:1C:E0:04")])
            headless = Headless(source_of(air), options, known, ending, said.append)
            headless._alone_until_s = -np.inf
            running = asyncio.create_task(headless.run())
            async with asyncio.timeout(40):
                await until(said, "recording", 1)
                async with right:
                    assert right.address == "C0:DE:5A:1C:E0:04"
                    await until(said, "recording", 2)
                    os.kill(os.getpid(), signal.SIGTERM)
                    await running
    sessions = [open_session(path) for path in sorted(folder.iterdir())]
    assert [[info.side for info in s.sensors] for s in sessions] == [
        [Side.LEFT],
        [Side.LEFT, Side.RIGHT],
    ]
    recorded = {info.address for s in sessions for info in s.sensors}
    assert recorded == {s.address for s in known.all()}
    assert left.address in recorded
    assert all(s.problems == [] and list(s.items()) for s in sessions)
    assert said[-1].startswith("ended: the system asked to stop")
    assert {s.battery_pct for s in known.all()} == {90}


async def test_without_a_known_shoe_it_says_how_to_get_one(tmp_path):
    with pytest.raises(GaitError, match=r"gait record first\.gait"):
        await Headless(
            Source(), HeadlessOptions(folder=tmp_path), KnownShoes(None), Ending(), print
        ).run()


def test_after_a_power_cut_the_session_is_whole_and_it_is_said(tmp_path):
    path = tmp_path / "2026-01-01_10.00.00.gait"
    code = (
        "import sys, os; from gait.recording import SessionWriter; from gait.model import *\n"
        "w = SessionWriter(sys.argv[1], started_at='2026-01-01T10:00:00Z', software='t')\n"
        "w.add_sensor(SensorInfo(side=Side.LEFT, rate_hz=100))\n"
        "for i in range(300): w.write(Packet(0, i / 10, 'uuid', bytes(100)))\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert len(list(tmp_path.iterdir())) > 1  # the log beside it
    said: list[str] = []
    headless = Headless(
        Source(), HeadlessOptions(folder=tmp_path), KnownShoes(None), Ending(), said.append
    )
    headless._tidy_up()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert len(said) == 1
    assert "was cut off" in said[0]
    session = open_session(path)
    assert len(list(session.items())) >= 290
    assert session.problems  # it still says that it was not finished
    said.clear()
    headless._tidy_up()
    assert said == []


def test_a_session_that_is_being_recorded_is_left_alone(tmp_path):
    path = tmp_path / "now.gait"
    said: list[str] = []
    with SessionWriter(path, started_at="2026-01-01T10:00:00Z", software="t") as writer:
        writer.set_meta("notes", "here")
        Headless(
            Source(), HeadlessOptions(folder=tmp_path), KnownShoes(None), Ending(), said.append
        )._tidy_up()
        writer.set_meta("notes", "still here")
    assert "another program has it open" in said[0]
    assert open_session(path).notes == "still here"


@pytest.mark.long
def test_the_command_records_and_obeys_sigterm(tmp_path):
    folder = tmp_path / "runs"
    child = subprocess.Popen(
        [
            *(sys.executable, "-m", "gait", "record", "--headless", str(folder), "--virtual"),
            *("--seconds", "60"),
        ],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=listen,  # noqa: PLW1509 - there are no threads
    )
    assert child.stderr
    lines = []
    for line in child.stderr:
        lines.append(line)
        if "recording 2" in line:
            child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=60) == 0
    assert "closed" in lines[-2]
    assert "SIGTERM" in lines[-1]
    (path,) = folder.glob("*.gait")
    assert open_session(path).problems == []
    assert folder.stat().st_mode & 0o077 == 0
    log = (folder / diagnostics.NAME).read_text()
    assert "sensor 0: started" in log
    assert str(tmp_path) not in log


# --- motion, pure -----------------------------------------------------------------------------


def test_unrest_tells_standing_from_walking_and_running_however_the_sensor_sits():
    kinds = {
        "stand": Segment(kind="stand", duration_s=12.0),
        "walk": Segment(kind="walk", duration_s=12.0, speed_m_s=1.0),
        "run": Segment(kind="run", duration_s=12.0, speed_m_s=2.2),
    }
    least, most = {}, {}
    for kind, segment in kinds.items():
        for mounting in ((0.0, 0.0, 0.0), (0.3, -0.5, 2.0)):
            motions = simulate(Runner(), (segment,), seed=1)
            samples = measure(motions[Side.LEFT], Sensor(rate_hz=208, mounting=mounting), seed=1)
            values = Unrest(208).push(samples.acc)[6:-2]  # it begins with standing
            least[kind] = min(*values, least.get(kind, np.inf))
            most[kind] = max(*values, most.get(kind, 0.0))
    settings = MotionSettings()
    assert most["stand"] < settings.ends
    assert least["walk"] > settings.begins
    assert least["run"] > settings.begins


def test_unrest_is_the_spread_of_each_second_in_blocks_of_any_size():
    acc = np.random.default_rng(1).normal(size=(1050, 3))
    naive = [
        float(np.std([np.sqrt((row**2).sum()) for row in acc[i : i + 100]]))
        for i in range(0, 1000, 100)
    ]
    for size in (1, 7, 99, 1050):
        watch = Unrest(100.0)
        values = [v for i in range(0, 1050, size) for v in watch.push(acc[i : i + size])]
        np.testing.assert_allclose(values, naive)
    assert unrest(np.empty((0, 3))) == 0.0


def test_motion_begins_after_some_seconds_and_ends_after_stillness():
    settings = MotionSettings(still_s=30.0)

    def states(values, shoes=1):
        motion = Motion(settings)
        states = []
        for second, value in enumerate(values):
            for shoe in range(shoes):
                motion.had(shoe, value, float(second))
            states.append(motion.at(float(second)))
        return states

    assert not any(states([0.1] * 5 + [20.0] * 3 + [0.1] * 30))  # put on and pushed aside
    assert not any(states([20.0] * 3 + [0.1] * 30, shoes=2))  # two shoes are not twice as long
    run = states([0.1] * 5 + [20.0] * 10 + [0.1] * 25 + [20.0] * 2 + [0.1] * 60)
    assert run.index(True) == 8  # the fourth second of motion
    assert all(run[8:71])  # a wait at the lights is not the end
    assert not any(run[71:])
    slow = states([20.0] * 6 + [1.5] * 60)  # between both thresholds: what was goes on
    assert all(slow[3:])
    assert not any(states([1.5] * 60))
    stopped = Motion(settings)
    for second in range(6):
        stopped.had(0, 20.0, float(second))
    assert stopped.at(6.0)
    assert not stopped.at(36.0)  # also where nothing comes any more


def test_the_service_starts_a_command_that_exists(monkeypatch):
    unit = (DOCS / "gait-record.service").read_text()
    (command,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    program, *arguments = command.split()
    assert program.endswith("/bin/gait")
    asked = {}
    monkeypatch.setattr(
        "gait.cli.headless.run_headless", lambda options, virtual: asked.update(it=options)
    )
    main.app(arguments, standalone_mode=False)
    assert asked["it"].folder.name == "runs"
    page = (DOCS / "raspberry-pi.md").read_text()
    help_text = CliRunner().invoke(main.app, ["record", "--help"], env={"COLUMNS": "200"}).output
    for option in set(re.findall(r"--(?:still|cadence|no-cues|headless|seconds)\b", page)):
        assert option in re.sub(r"\x1b\[[0-9;]*m", "", help_text)


async def test_shoes_that_lie_still_are_let_go_and_looked_for_again(tmp_path):
    samples = feet(Segment(kind="stand", duration_s=60.0))
    options = HeadlessOptions(folder=tmp_path, idle_s=8.0, pause_s=0.1, seconds=40.0)
    said = await both_shoes(options, samples)
    assert sum("let go for a while" in line for line in said) >= 2
    assert sum(line.startswith("connected: left") for line in said) >= 2
    assert list(tmp_path.iterdir()) == []


async def test_a_shoe_that_cannot_be_connected_does_not_keep_the_other_from_it(
    tmp_path, monkeypatch
):
    class Picky(ShoeStream):
        def __init__(self, found, **more) -> None:
            if any(sensor.side is Side.LEFT for sensor in found):
                raise GaitError("The sensor shoegait L 0042 cannot be read.")
            super().__init__(found, **more)

    monkeypatch.setattr("gait.cli.headless.ShoeStream", Picky)
    samples = feet(Segment(kind="run", duration_s=30.0, speed_m_s=3.0))
    options = HeadlessOptions(folder=tmp_path, still_s=5.0, seconds=20.0)
    said = await both_shoes(options, samples)
    assert "The sensor shoegait L 0042 cannot be read." in said
    (path,) = tmp_path.iterdir()
    assert [info.side for info in open_session(path).sensors] == [Side.RIGHT]


async def test_a_full_disk_is_said_once_and_nothing_is_begun(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.cli.headless.LEAST_FREE_BYTES", 1e18)
    samples = feet(Segment(kind="run", duration_s=30.0, speed_m_s=3.0))
    options = HeadlessOptions(folder=tmp_path, seconds=20.0)
    said = await both_shoes(options, samples)
    assert sum("disk is full" in line for line in said) == 1
    assert list(tmp_path.iterdir()) == []
