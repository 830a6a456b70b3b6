"""`gait log`: letting shoes log, and seeing what they keep."""

import random

import pytest
from rich.table import Table
from shoes_on_air import noise
from shoes_that_logged import BEGAN_S, RATE_HZ, Worn, shoes_with, without_pauses
from typer.testing import CliRunner

from gait.ble.log_link import LogLink
from gait.cli import log, main
from gait.cli.log import each_shoe, start, stop
from gait.logs import clock_sync
from gait.logs.clock_sync import MOST, BegunLog, BegunLogs
from gait.model import Side
from gait.sensors.profile import LogState
from gait.virtual import Flash

BOTH = {side: noise(400, seed=number) for number, side in enumerate(Side)}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    without_pauses(monkeypatch)


def begins(here: Worn):
    return lambda link, wall: start(link, wall, here.begun)


async def test_start_says_for_how_long_and_stop_ends_it(capsys):
    async with shoes_with(BOTH) as here:
        for shoe in here.shoes.values():
            shoe._sample_on = lambda: None  # nobody runs yet
        assert await each_shoe(here.source, {}, here.known, begins(here)) == []
        left, right = (here.flash(side).logs[0] for side in Side)
        assert left.state is right.state is LogState.LOGGING
        assert left.host_ms / 1e3 == pytest.approx(BEGAN_S, abs=0.5)
        hours = (64 << 20) // 236 * 19 / RATE_HZ / 3600
        said = capsys.readouterr().err
        assert f"left shoe: log 1 began; there is room for {int(hours)}:" in said
        assert "battery 90 %" in said
        await each_shoe(here.source, {Side.LEFT: "shoegait L 0042"}, here.known, begins(here))
        assert "left shoe: log 1 goes on already" in capsys.readouterr().err
        await each_shoe(here.source, {}, here.known, stop)
        assert left.state is right.state is LogState.STOPPED
        assert "left shoe: log 1 ended; fetch" in capsys.readouterr().err
        await each_shoe(here.source, {}, here.known, stop)
        assert "right shoe: no log went on" in capsys.readouterr().err
        assert {shoe.side for shoe in here.known.all()} == set(Side)


async def test_a_shoe_without_room_is_named(capsys):
    async with shoes_with({Side.LEFT: noise(400)}, flash=Flash(most_logs=1)) as here:
        await here.begin()
        await each_shoe(here.source, {}, here.known, stop)
        (refused,) = await each_shoe(here.source, {}, here.known, begins(here))
    assert refused.startswith("shoegait L 0042: The sensor refused to begin a log: its memory is")


@pytest.mark.parametrize("seed", range(3))
async def test_when_it_began_is_known_better_than_the_shoe_was_told(seed):
    """A command waits for the next of the link's intervals of 50 ms, and so does its answer."""
    wait_s = random.Random(seed)
    async with shoes_with({Side.LEFT: noise(40)}) as here:
        here.shoes[Side.LEFT]._sample_on = lambda: None
        here.air.time._began_s = here.air.clock()  # its clock goes on
        here.later(10.0)
        here.air.time._reached_s -= 10.0
        heard_s = []

        async def begin(link: LogLink, wall) -> None:
            ask = link.ask

            async def slow(dialogue):
                here.air.time._reached_s += 1e-3 + wait_s.uniform(0.0, 0.05)
                heard_s.append(wall())
                answer = await ask(dialogue)
                here.air.time._reached_s += 0.05
                return answer

            link.ask = slow
            await clock_sync.begin(link, wall, here.begun)

        await each_shoe(here.source, {}, here.known, begin)
        (kept,) = here.flash(Side.LEFT).logs
        assert kept.host_ms / 1e3 == pytest.approx(heard_s[clock_sync.ASKED], abs=0.03)
        noted = here.begun.find(here.shoes[Side.LEFT].address, 1, kept.host_ms)
        assert noted is not None
        assert abs(noted.began_s - heard_s[clock_sync.ASKED]) < 3 * noted.sd_s < 0.03


def test_what_began_is_remembered_and_only_makes_times_better(tmp_path):
    path = tmp_path / "data" / "begun.json"
    one = BegunLog(address="a", log=7, host_ms=5, began_s=0.007, sd_s=0.001)
    BegunLogs(path).add(one)
    assert path.stat().st_mode & 0o077 == 0
    for number in range(MOST):
        BegunLogs(path).add(BegunLog(address="b", log=number, host_ms=5, began_s=0.0, sd_s=0.1))
        assert (BegunLogs(path).find("a", 7, 5) == one) is (number < MOST - 1)
    assert BegunLogs(path).find("b", 0, 5) is not None
    assert BegunLogs(path).find("b", 0, 6) is None
    path.write_bytes(b"rubbish")
    assert BegunLogs(path).find("b", 0, 5) is None
    BegunLogs(tmp_path / "data" / "begun.json" / "no folder").add(one)  # does not matter


def test_the_commands_are_there(monkeypatch):
    asked = []
    for name in ("run_status", "run_start", "run_stop"):
        monkeypatch.setattr(
            log, name, lambda worn, adapter, name=name: asked.append((name, worn, adapter))
        )
    run = CliRunner().invoke
    assert run(main.app, ["log", "--left", "a"]).exit_code == 0
    assert run(main.app, ["log", "start", "--right", "b", "--adapter", "hci1"]).exit_code == 0
    assert run(main.app, ["log", "stop"]).exit_code == 0
    assert asked == [
        ("run_status", {Side.LEFT: "a"}, None),
        ("run_start", {Side.RIGHT: "b"}, "hci1"),
        ("run_stop", {}, None),
    ]


async def test_the_table_of_what_is_kept(capsys):
    async with shoes_with({Side.LEFT: noise(2000)}, flash=Flash(size=50 * 236)) as here:
        await here.begin()
        table = Table(*log.COLUMNS, box=None, pad_edge=False)
        await each_shoe(here.source, {}, here.known, log.into(table))
        log.table_console().print(table)
        row = capsys.readouterr().out.splitlines()[-1]
        assert row.split("  ")[0] == "shoegait L 0042"
        for cell in ("left", "90 %", "1", "ended: memory full", "50", "00:00"):
            assert cell in row
