"""`gait sync` over the real stack: whatever breaks it off, the session is whole in the end, and
nothing is cleared on a shoe before it is."""

import asyncio
import signal
import sqlite3
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from shoes_on_air import noise, payloads, record_all
from shoes_that_logged import BEGAN_S, RATE_HZ, run, shoes_with, worn

from gait.app import fetch, shoe_sync, sync
from gait.app.sync import SyncOptions, report, run_sync
from gait.app.warm import warm_up
from gait.ble.log_link import LogLink
from gait.model import Connection, ConnectionEvent, Mark, Packet, Samples, Side
from gait.pipeline import Result, analyze_items
from gait.recording import open_session, part, writer
from gait.recording.part import PartFile
from gait.virtual import Flash, Mischief, VirtualAir, VirtualShoe

TIMES = {"ic_s", "tc_s"}
LEFT_ONLY = {Side.LEFT: noise(3000)}  # 158 packets


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr("gait.app.record.SCAN_S", 0.3)
    monkeypatch.setattr("gait.app.two_clocks.PAUSE_S", 0.0)


class KilledError(BaseException):
    """What stands for a kill: nothing tidies up after it."""


def analyzed(path: Path) -> Result:
    session = open_session(path)
    result = analyze_items(session.sensors, session.items())
    assert session.problems == []
    return result


def same_strides(one: Result, other: Result) -> None:
    assert len(one.strides) == len(other.strides) > 20
    for name in set(one.strides.dtype.names or ()) - TIMES:
        np.testing.assert_allclose(
            one.strides[name], other.strides[name], rtol=1e-6, atol=1e-6, err_msg=name
        )


async def streamed(samples: dict[Side, Samples]) -> Result:
    """The same run over the air, as it happens."""
    async with VirtualAir(speed=None) as air:
        shoes = {side: VirtualShoe(air, worn(side), part) for side, part in samples.items()}
        for shoe in shoes.values():
            await shoe.__aenter__()
        infos, items = await record_all(air, list(shoes.values()))
        for shoe in shoes.values():
            await shoe.__aexit__()
    return analyze_items(infos, items)


def sessions(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.gait"))


def began_at(path: Path) -> datetime:
    return datetime.fromisoformat(open_session(path).started_at or "")


def packets_in(path: Path, device: int = 0) -> list[bytes]:
    return payloads(list(open_session(path).items()), device)


# --- the whole way ----------------------------------------------------------------------------


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
    same_strides(analyzed(path), await streamed(run()))
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
        monkeypatch.setattr(shoe_sync, "fetch", None)  # nothing is fetched any more
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


# --- broken off -------------------------------------------------------------------------------


async def test_links_that_break_in_the_middle_are_made_again(tmp_path, monkeypatch):
    keep, breaks = PartFile.keep, [30, 90, 91, 150]

    async with shoes_with(LEFT_ONLY, mtu=65) as here:
        shoe = here.shoes[Side.LEFT]
        tasks = []

        def kept(self, index, packet):
            keep(self, index, packet)
            if breaks and len(self) >= breaks[0]:
                breaks.pop(0)
                tasks.append(asyncio.create_task(shoe.presence.break_link(0.0)))

        monkeypatch.setattr(PartFile, "keep", kept)
        await here.begin()
        whole = list(here.flash(Side.LEFT).logs[0].packets)
        asked = []
        read = LogLink.read
        monkeypatch.setattr(
            LogLink,
            "read",
            lambda self, log, wanted: asked.append(wanted) or read(self, log, wanted),
        )
        synced = await here.sync(tmp_path)
    assert synced.problems == []
    assert breaks == []
    assert len(asked) > 3
    assert [wanted.start for wanted in asked] == sorted({wanted.start for wanted in asked})
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == whole


async def test_parts_that_are_lost_doubled_or_mixed_up_are_asked_for_again(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.ble.log_link.QUIET_S", 0.2)
    trouble = Mischief(lose=0.05, duplicate=0.1, reorder=0.1, rubbish=0.1, seed=4)
    async with shoes_with(LEFT_ONLY, mtu=158, mischief=trouble) as here:
        await here.begin()
        whole = list(here.flash(Side.LEFT).logs[0].packets)
        synced = await here.sync(tmp_path)
        assert here.flash(Side.LEFT).logs == []
    assert synced.problems == []
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == whole


async def test_a_shoe_that_is_gone_for_good_keeps_its_log_and_the_part_stays(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.ble.log_link.PATIENCE_S", 0.5)
    monkeypatch.setattr("gait.ble.reach.FIND_S", 0.2)
    keep = PartFile.keep
    async with shoes_with(run()) as here:
        await here.begin()
        left = here.shoes[Side.LEFT]
        tasks = []

        def kept(self, index, packet):
            keep(self, index, packet)
            if len(self) == 40 and "left" in self.path.name:
                tasks.append(asyncio.create_task(left.presence.break_link(np.inf)))

        monkeypatch.setattr(PartFile, "keep", kept)
        synced = await here.sync(tmp_path)
        assert len(here.flash(Side.LEFT).logs) == 1
        assert here.flash(Side.RIGHT).logs == []
        assert len(synced.problems) == 1
        assert "shoegait L 0042 does not answer" in synced.problems[0]
        assert any("left log 1 is here to " in line for line in synced.shoes)
        (right_alone,) = sessions(tmp_path)
        (part_file,) = tmp_path.glob("*.part")
        assert part_file.name == "left-SG-0042-log-1.part"
        first_run = right_alone.read_bytes()
        # the next run goes on there, and both become one session
        left.presence._hidden_until_s = 0.0
        await left.presence._advertise()
        monkeypatch.setattr(PartFile, "keep", keep)
        asked = []
        read = LogLink.read
        monkeypatch.setattr(
            LogLink,
            "read",
            lambda self, log, wanted: asked.append(wanted) or read(self, log, wanted),
        )
        again = await here.sync(tmp_path)
        assert asked[0].start > 20
    assert again.problems == []
    assert [p.name for p in tmp_path.iterdir()] == [right_alone.name]
    assert right_alone.read_bytes() != first_run
    assert "and what was there before" in again.written[0].what
    warm_up()
    same_strides(analyzed(right_alone), await streamed(run()))


async def killed_in(here, folder: Path, monkeypatch, where, name: str, when=lambda *_: True):
    """Sync until this function is called (and `when` says so), and leave all as a kill does."""
    real = getattr(where, name)
    open_parts = []
    opened = part._opened
    with monkeypatch.context() as broken:

        def killed(*arguments, **options):
            if when(*arguments):
                for db in open_parts:
                    db.close()
                raise KilledError
            return real(*arguments, **options)

        def noted(path):
            open_parts.append(opened(path))
            return open_parts[-1]

        broken.setattr(part, "_opened", noted)
        broken.setattr(where, name, killed)
        broken.setattr(PartFile, "close", lambda self: None)
        broken.setattr(PartFile, "remove", lambda self: None)
        with pytest.raises(KilledError):
            await here.sync(folder)


async def test_killed_while_fetching_it_goes_on_with_what_was_committed(tmp_path, monkeypatch):
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs
        await killed_in(
            here, tmp_path, monkeypatch, PartFile, "keep", lambda part, *_: len(part) == 140
        )
        assert sessions(tmp_path) == []
        assert here.flash(Side.LEFT).logs == [log]
        asked = []
        read = LogLink.read
        monkeypatch.setattr(
            LogLink,
            "read",
            lambda self, log, wanted: asked.append(wanted) or read(self, log, wanted),
        )
        assert (await here.sync(tmp_path)).problems == []
        assert [wanted.start for wanted in asked] == [128]
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == log.packets


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (writer.SessionWriter, "write"),
        (sync, "write_session"),
        (shoe_sync, "clear"),
        (fetch, "clear"),
    ],
)
async def test_killed_while_storing_or_clearing(tmp_path, monkeypatch, where, name):
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs
        if where is fetch:  # cleared, and the answer did not come
            real = fetch.clear

            async def cleared_and_killed(*arguments):
                await real(*arguments)
                raise KilledError

            with monkeypatch.context() as broken:
                broken.setattr(shoe_sync, "clear", cleared_and_killed)
                broken.setattr(PartFile, "close", lambda part: part._db.close())
                with pytest.raises(KilledError):
                    await here.sync(tmp_path)
        else:
            await killed_in(here, tmp_path, monkeypatch, where, name)
            assert here.flash(Side.LEFT).logs == [log]
        assert list(tmp_path.glob("*.part"))
        assert (await here.sync(tmp_path)).problems == []
        assert here.flash(Side.LEFT).logs == []
    (path,) = sessions(tmp_path)
    assert packets_in(path) == log.packets


async def test_a_signal_ends_it_and_the_next_run_goes_on(tmp_path, monkeypatch, capsys):
    keep = PartFile.keep
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs

        def kept(self, index, packet):
            keep(self, index, packet)
            if len(self) == 50:
                here.ending.on_signal(signal.SIGINT)

        monkeypatch.setattr(PartFile, "keep", kept)
        synced = await here.sync(tmp_path)
        assert synced.ended_by is signal.SIGINT
        assert synced.written == synced.problems == []
        report(synced)
        assert "Ended: Ctrl-C; what came is kept" in capsys.readouterr().err
        assert here.flash(Side.LEFT).logs == [log]
        part_file = PartFile(*_only_part(tmp_path))
        assert len(part_file) >= 50
        part_file.close()
        monkeypatch.setattr(PartFile, "keep", keep)
        here.ending.by = None
        assert (await here.sync(tmp_path)).problems == []
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == log.packets


def _only_part(folder: Path) -> tuple[Path, str]:
    (path,) = folder.glob("*.part")
    with sqlite3.connect(path) as db:
        (log,) = db.execute("SELECT value FROM about WHERE name = 'log'").fetchone()
    db.close()
    return path, log


# --- wrong bytes ------------------------------------------------------------------------------


async def test_a_part_that_was_changed_is_fetched_again(tmp_path, monkeypatch):
    monkeypatch.setattr(
        fetch, "_pieces", lambda n, _: (range(i, min(i + 40, n)) for i in range(0, n, 40))
    )
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs
        await killed_in(
            here, tmp_path, monkeypatch, PartFile, "keep", lambda part, *_: len(part) == 140
        )
        path, _ = _only_part(tmp_path)
        with sqlite3.connect(path) as db:
            db.execute("UPDATE packets SET content = zeroblob(236) WHERE number = 50")
        db.close()
        asked = []
        read = LogLink.read
        monkeypatch.setattr(
            LogLink,
            "read",
            lambda self, log, wanted: asked.append(wanted) or read(self, log, wanted),
        )
        assert (await here.sync(tmp_path)).problems == []
        assert asked[0] == range(40, 80)  # the piece, and not what was right
        assert asked[1].start >= 120
    (path,) = sessions(tmp_path)
    assert packets_in(path) == log.packets


async def test_what_never_agrees_with_the_shoes_check_is_not_stored_and_not_cleared(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("gait.virtual.answers.crc", lambda packets: 1)
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs
        synced = await here.sync(tmp_path)
        assert here.flash(Side.LEFT).logs == [log]
    assert "differ from its own check 4 times" in synced.problems[0]
    assert sessions(tmp_path) == []


async def test_a_stored_session_that_was_damaged_clears_nothing(tmp_path):
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        await here.sync(tmp_path, keep=True)
        (log,) = here.flash(Side.LEFT).logs
        (path,) = tmp_path.iterdir()
        with sqlite3.connect(path) as db:
            db.execute("UPDATE items SET content = zeroblob(236) WHERE seq = 100")
        db.close()
        synced = await here.sync(tmp_path)
        assert synced.problems == []
        assert here.flash(Side.LEFT).logs == []  # fetched once more, and stored
    assert any(packets_in(path) == log.packets for path in sessions(tmp_path))


async def test_a_number_that_comes_again_is_another_log(tmp_path):
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        await here.sync(tmp_path, keep=True)
    async with shoes_with({Side.LEFT: noise(2000, seed=9)}) as here:  # its flash was erased
        here.began_s += 86400.0
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs
        assert log.number == 1
        assert (await here.sync(tmp_path)).problems == []
        assert here.flash(Side.LEFT).logs == []
    assert [len(packets_in(path)) for path in sessions(tmp_path)] == [158, len(log.packets)]


# --- full -------------------------------------------------------------------------------------


async def test_a_log_that_filled_the_flash_says_so(tmp_path):
    async with shoes_with(LEFT_ONLY, flash=Flash(size=100 * 236)) as here:
        await here.begin()
        assert (await here.sync(tmp_path)).problems == []
        assert here.flash(Side.LEFT).logs == []
    (path,) = tmp_path.iterdir()
    assert len(packets_in(path)) == 100
    marks = [i.text for i in open_session(path).items() if isinstance(i, Mark)]
    assert marks == ["left shoe: its log ends here, as its memory was full"]


async def test_a_disk_that_is_full_while_fetching(tmp_path, monkeypatch):
    made = part._made

    def small(*arguments):
        db = made(*arguments)
        db.execute("PRAGMA max_page_count = 10")
        return db

    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs
        with monkeypatch.context() as full:
            full.setattr(part, "_made", small)
            synced = await here.sync(tmp_path)
        assert "the disk is full; free some space and run it again" in synced.problems[0]
        assert here.flash(Side.LEFT).logs == [log]
        assert sessions(tmp_path) == []
        assert (await here.sync(tmp_path)).problems == []
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == log.packets


async def test_a_disk_that_is_full_while_storing(tmp_path, monkeypatch):
    made = writer._new_database

    def small(path):
        db = made(path)
        db.execute("PRAGMA max_page_count = 10")
        return db

    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs
        with monkeypatch.context() as full:
            full.setattr(writer, "_new_database", small)
            synced = await here.sync(tmp_path)
        assert "the disk is full" in synced.problems[0]
        assert "stay on the shoes" in synced.problems[0]
        assert here.flash(Side.LEFT).logs == [log]
        assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
        monkeypatch.setattr(LogLink, "read", None)  # all of it is here already
        assert (await here.sync(tmp_path)).problems == []
        assert here.flash(Side.LEFT).logs == []
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == log.packets


async def test_too_little_space_is_said_before_anything_is_fetched(tmp_path, monkeypatch):
    usage = shoe_sync.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(
        shoe_sync.shutil, "disk_usage", lambda _: type(usage)(usage.total, usage.used, 5_000_000)
    )
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        synced = await here.sync(tmp_path)
        assert len(here.flash(Side.LEFT).logs) == 1
    assert "left log 1 needs 10 MB of space for a while" in synced.problems[0]
    assert list(tmp_path.iterdir()) == []


# --- what becomes of unusual logs -------------------------------------------------------------


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
