"""`gait log`: letting shoes log, and seeing what they keep."""

import pytest
from rich.table import Table
from shoes_on_air import noise
from shoes_that_logged import BEGAN_S, RATE_HZ, shoes_with
from typer.testing import CliRunner

from gait.app import log, main
from gait.app.log import each_shoe, start, stop
from gait.ble.log_link import LogLink
from gait.model import Side
from gait.sensors.logs import LogState
from gait.virtual import Flash

BOTH = {side: noise(400, seed=number) for number, side in enumerate(Side)}


@pytest.fixture(autouse=True)
def _no_long_listening(monkeypatch):
    monkeypatch.setattr("gait.app.record.SCAN_S", 0.3)


async def test_start_says_for_how_long_and_stop_ends_it(capsys):
    async with shoes_with(BOTH) as here:
        for shoe in here.shoes.values():
            shoe._sample_on = lambda: None  # nobody runs yet
        assert await each_shoe(here.source, {}, here.known, start) == []
        left, right = (here.flash(side).logs[0] for side in Side)
        assert left.state is right.state is LogState.LOGGING
        assert left.host_ms / 1e3 == pytest.approx(BEGAN_S, abs=0.5)
        hours = (64 << 20) // 236 * 19 / RATE_HZ / 3600
        said = capsys.readouterr().err
        assert f"left shoe: log 1 began; there is room for {int(hours)}:" in said
        assert "battery 90 %" in said
        await each_shoe(here.source, {Side.LEFT: "shoegait L 0042"}, here.known, start)
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
        (refused,) = await each_shoe(here.source, {}, here.known, start)
    assert refused.startswith("shoegait L 0042: The sensor refused to begin a log: its memory is")


async def test_the_time_that_is_told_is_that_at_which_the_shoe_hears_it():
    """Each answer takes 40 ms; half of that is the way there."""
    async with shoes_with({Side.LEFT: noise(40)}) as here:
        here.shoes[Side.LEFT]._sample_on = lambda: None
        ticks = iter(range(100))

        def slow_wall() -> float:
            return BEGAN_S + 0.04 * next(ticks)

        async def begin(link: LogLink, _) -> None:
            await log.begin(link, slow_wall)

        await each_shoe(here.source, {}, here.known, begin)
        asked = next(ticks) - 1
        assert here.flash(Side.LEFT).logs[0].host_ms == round(1e3 * (BEGAN_S + 0.04 * asked + 0.02))


def test_the_commands_are_there(monkeypatch):
    asked = []
    for name in ("run_status", "run_start", "run_stop"):
        monkeypatch.setattr(log, name, lambda worn, name=name: asked.append((name, worn)))
    run = CliRunner().invoke
    assert run(main.app, ["log", "--left", "a"]).exit_code == 0
    assert run(main.app, ["log", "start", "--right", "b"]).exit_code == 0
    assert run(main.app, ["log", "stop"]).exit_code == 0
    assert asked == [
        ("run_status", {Side.LEFT: "a"}),
        ("run_start", {Side.RIGHT: "b"}),
        ("run_stop", {}),
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
