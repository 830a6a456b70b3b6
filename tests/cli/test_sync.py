"""`gait sync` over the real stack: what the shoes logged becomes sessions, as if streamed."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from shoes_on_air import noise, payloads
from shoes_that_logged import (
    BEGAN_S,
    RATE_HZ,
    analyzed,
    packets_in,
    run,
    same_strides_but_when,
    sessions,
    shoes_with,
    streamed,
    without_pauses,
)

from gait.cli import sync
from gait.cli.sync import SyncOptions, report, run_sync
from gait.cli.warm import warm_up
from gait.model import Connection, ConnectionEvent, Mark, Packet, Samples, Side
from gait.recording import open_session
from gait.virtual import Flash

LEFT_ONLY = {Side.LEFT: noise(3000)}  # 158 packets


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    without_pauses(monkeypatch)


def began_at(path: Path) -> datetime:
    return datetime.fromisoformat(open_session(path).started_at or "")


async def test_two_logs_become_one_session_that_equals_the_stream(tmp_path, capsys):
    warm_up()
    async with shoes_with(run()) as here:
        await here.begin()
        logged = {side: here.flash(side).logs[0].packets for side in Side}
        here.later(3600.0)
        synced = await here.sync(tmp_path)
        assert synced.problems == []
        assert all(not here.flash(side).logs for side in Side)
        assert {(s.side, s.battery_pct) for s in here.known.all()} == {(s, 78) for s in Side}
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    session = open_session(path)
    items = list(session.items())
    assert [info.side for info in session.sensors] == list(Side)
    for device, side in enumerate(Side):
        assert payloads(items, device) == logged[side]
    assert items == sorted(items, key=lambda item: item.host_s)
    assert items[0].host_s >= 0
    assert {i.event for i in items if isinstance(i, ConnectionEvent)} == {
        Connection.CONNECTED,
        Connection.CLOSED,
    }
    began = began_at(path)
    assert began.timestamp() == pytest.approx(BEGAN_S, abs=1.0)
    assert path.name == f"{began.astimezone():%Y-%m-%d_%H.%M.%S}.gait"
    same_strides_but_when(analyzed(path), await streamed(run()))
    report(synced)
    out, err = capsys.readouterr()
    assert out.startswith(f"{path}: 00:15, left log 1, right log 1")
    assert "shoegait L 0042, battery 78 %: left log 1 was fetched and is cleared" in err


async def test_the_feet_are_on_one_clock_though_their_quartzes_drift(tmp_path):
    """Each shoe's clock is off by another 80 ppm, and one is asked much later than the other."""
    warm_up()
    truth = await streamed(run())
    drift = {Side.LEFT: 8e-5, Side.RIGHT: -8e-5}
    samples = {
        side: Samples(
            part.time_s * (1 + drift[side]) + 77.0 * (side is Side.RIGHT), part.acc, part.gyr
        )
        for side, part in run().items()
    }
    for late_s, side in ((10.0, Side.LEFT), (7200.0, Side.RIGHT)):
        due_s = run()[side].time_s - run()[side].time_s[0]
        async with shoes_with({side: samples[side]}, due_s=due_s) as here:
            await here.begin()
            here.later(late_s, 1e6 * drift[side])
            await here.sync(tmp_path)
    (path,) = tmp_path.iterdir()
    result = analyzed(path)
    one, within_s = result.strides, result.clock_uncertainty_s or 0.0
    same = truth.strides
    both = one[one["side"] == 0]["ic_s"], one[one["side"] == 1]["ic_s"]
    true = same[same["side"] == 0]["ic_s"], same[same["side"] == 1]["ic_s"]
    apart = (both[1][:10] - both[0][:10]) - (true[1][:10] - true[0][:10])
    assert 0.005 < within_s < 0.01
    assert np.abs(apart).max() < 2 * within_s


async def test_keep_leaves_the_log_and_it_is_not_fetched_twice(tmp_path, monkeypatch):
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        assert (await here.sync(tmp_path, keep=True)).problems == []
        (log,) = here.flash(Side.LEFT).logs
        whole = list(log.packets)
        monkeypatch.setattr(sync, "fetch", None)  # nothing is fetched any more
        again = await here.sync(tmp_path, keep=True)
        assert again.shoes == [
            "shoegait L 0042, battery 90 %: left log 1 was here already and stays on the shoe"
        ]
        assert again.written == []
        cleared = await here.sync(tmp_path)
        assert "left log 1 was here already and is cleared" in cleared.shoes[0]
        assert here.flash(Side.LEFT).logs == []
        nothing = await here.sync(tmp_path)
        assert nothing.shoes == ["shoegait L 0042, battery 90 %: it keeps no log"]
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == whole


async def test_start_lets_the_shoes_log_anew(tmp_path, capsys):
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        await here.sync(tmp_path, begin=True)
        flash = here.flash(Side.LEFT)
        assert flash.logging is not None
        assert flash.logging.number == 2
        assert "left shoe: log 2 began; there is room for" in capsys.readouterr().err
        empty = await here.sync(tmp_path)  # ended before anything moved
        assert "left log 2 is empty and is cleared" in empty.shoes[0]
        assert flash.logs == []


async def test_a_log_and_its_successor_after_a_reboot_are_one_session(tmp_path):
    warm_up()
    async with shoes_with({Side.LEFT: run()[Side.LEFT]}, reboot_at=[9.0]) as here:
        await here.begin()
        logs = list(here.flash(Side.LEFT).logs)
        assert [log.number for log in logs] == [1, 2]
        synced = await here.sync(tmp_path)
        assert synced.problems == []
        assert here.flash(Side.LEFT).logs == []
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == logs[0].packets + logs[1].packets
    items = list(open_session(path).items())
    marks = [i.text for i in items if isinstance(i, Mark)]
    assert "left shoe: its log ends here, as it lost power or started anew" in marks
    result = analyzed(path)
    assert len(result.strides) > 8
    (note,) = [shoe.note() for shoe in result.shoes.values()]
    assert "the sensor's clock began anew 1 times" in note.notes


async def test_a_log_that_nobody_can_date_is_stored_all_the_same(tmp_path):
    flash = Flash()
    async with shoes_with(LEFT_ONLY, flash=flash) as here:
        await here.begin()
    flash.logs[0].host_ms = 0
    whole = list(flash.logs[0].packets)
    async with shoes_with({Side.LEFT: noise(10)}, flash=flash) as here:  # it was switched on anew
        synced = await here.sync(tmp_path)
        assert synced.problems == []
        assert flash.logs == []
    assert "undated-left-log-1.gait" in {path.name for path in tmp_path.iterdir()}
    session = open_session(tmp_path / "undated-left-log-1.gait")
    assert session.started_at is None
    assert payloads(list(session.items())) == whole


def paused(*bounds: tuple[float, float]) -> Samples:
    """Samples in these seconds alone; each begins with a break."""
    times = np.concatenate([np.arange(a, b, 1 / RATE_HZ) for a, b in bounds])
    n = len(times)
    breaks = np.zeros(n, bool)
    starts = np.cumsum([0, *(round((b - a) * RATE_HZ) for a, b in bounds[:-1])])
    breaks[starts] = True
    random = np.random.default_rng(1)
    return Samples(times, random.uniform(-9, 9, (n, 3)), random.uniform(-1, 1, (n, 3)), breaks)


async def test_a_log_of_two_runs_and_signs_of_life_is_two_sessions(tmp_path):
    """A shoe that sleeps between the runs shows itself each hour, over the wraps of its clock."""
    samples = paused(
        (0, 20), (3600, 3602), (7200, 7202), (9000, 9030), (9300, 9320), (12600, 12602)
    )
    async with shoes_with({Side.LEFT: samples}) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs
        synced = await here.sync(tmp_path, keep=True)
        assert synced.problems == []
        cleared = await here.sync(tmp_path)
        assert "was here already and is cleared" in cleared.shoes[0]  # whole to the byte
        assert here.flash(Side.LEFT).logs == []
    first, second = sessions(tmp_path)
    began = [began_at(p).timestamp() for p in (first, second)]
    assert began[1] - began[0] == pytest.approx(9000, abs=1.1)
    lasts = [max(i.host_s for i in open_session(p).items()) for p in (first, second)]
    assert lasts == pytest.approx([20, 320], abs=0.2)
    kept = [len(open_session(p).attachments) for p in (first, second)]
    assert sum(kept) == 3
    assert len(packets_in(first)) + len(packets_in(second)) < len(log.packets)


async def test_a_shoe_without_flash_or_of_another_kind_says_so(tmp_path):
    async with shoes_with(LEFT_ONLY, flash=None) as here:
        synced = await here.sync(tmp_path)
    assert synced.problems == [
        "The sensor shoegait L 0042 keeps no logs; record it with `gait record` instead."
    ]


def test_the_command_with_virtual_shoes(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sync, "VIRTUAL_RUN_S", 10.0)
    folder = tmp_path / "runs"
    run_sync(SyncOptions(folder=folder), virtual=True)
    (path,) = folder.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    assert capsys.readouterr().out.startswith(f"{path}: 00:1")
    assert {i.device for i in open_session(path).items() if isinstance(i, Packet)} == {0, 1}
