"""`gait sync` over the real stack: whatever breaks it off, the session is whole in the end, and
nothing is cleared on a shoe before it is."""

import asyncio
import signal
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from shoes_on_air import noise
from shoes_that_logged import (
    KilledError,
    analyzed,
    killed_in,
    packets_in,
    reads,
    run,
    same_strides_but_when,
    sessions,
    shoes_with,
    streamed,
    when_kept,
    without_pauses,
)

from gait.ble.log_link import LogLink
from gait.cli import sync
from gait.cli.sync import report
from gait.cli.warm import warm_up
from gait.logs import fetch
from gait.model import Mark, Side
from gait.recording import SessionWriter, open_session, writer
from gait.recording import partial_download as part
from gait.recording.partial_download import PartialDownload
from gait.virtual import FaultInjector, Flash

LEFT_ONLY = {Side.LEFT: noise(3000)}  # 158 packets


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    without_pauses(monkeypatch)


async def test_links_that_break_in_the_middle_are_made_again(tmp_path, monkeypatch):
    breaks, tasks = [30, 90, 91, 150], []
    async with shoes_with(LEFT_ONLY, mtu=65) as here:
        shoe = here.shoes[Side.LEFT]

        def break_it(part: PartialDownload) -> None:
            if breaks and len(part) >= breaks[0]:
                breaks.pop(0)
                tasks.append(asyncio.create_task(shoe.presence.break_link(0.0)))

        when_kept(monkeypatch, break_it)
        await here.begin()
        whole = list(here.flash(Side.LEFT).logs[0].packets)
        asked = reads(monkeypatch)
        synced = await here.sync(tmp_path)
    assert synced.problems == []
    assert breaks == []
    assert len(asked) > 3
    assert [wanted.start for wanted in asked] == sorted({wanted.start for wanted in asked})
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == whole


async def test_parts_that_are_lost_doubled_or_mixed_up_are_asked_for_again(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.ble.log_link.QUIET_S", 0.2)
    trouble = FaultInjector(lose=0.05, duplicate=0.1, reorder=0.1, rubbish=0.1, seed=4)
    async with shoes_with(LEFT_ONLY, mtu=158, faults=trouble) as here:
        await here.begin()
        whole = list(here.flash(Side.LEFT).logs[0].packets)
        synced = await here.sync(tmp_path)
        assert here.flash(Side.LEFT).logs == []
    assert synced.problems == []
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == whole


async def test_a_shoe_that_is_gone_for_good_keeps_its_log_and_the_part_stays(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.ble.log_link.PATIENCE_S", 0.5)
    monkeypatch.setattr("gait.ble.reconnect.FIND_S", 0.2)
    tasks = []
    async with shoes_with(run()) as here:
        await here.begin()
        left = here.shoes[Side.LEFT]

        def go_away(part: PartialDownload) -> None:
            if len(part) == 40 and "left" in part.path.name:
                tasks.append(asyncio.create_task(left.presence.break_link(np.inf)))

        with monkeypatch.context() as away:
            when_kept(away, go_away)
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
        asked = reads(monkeypatch)
        again = await here.sync(tmp_path)
        assert asked[0].start > 20
    assert again.problems == []
    assert [p.name for p in tmp_path.iterdir()] == [right_alone.name]
    assert right_alone.read_bytes() != first_run
    assert "and what was there before" in again.written[0].what
    warm_up()
    same_strides_but_when(analyzed(right_alone), await streamed(run()))


async def test_killed_while_fetching_it_goes_on_with_what_was_committed(tmp_path, monkeypatch):
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs
        await killed_in(
            here, tmp_path, monkeypatch, PartialDownload, "keep", lambda part, *_: len(part) == 140
        )
        assert sessions(tmp_path) == []
        assert here.flash(Side.LEFT).logs == [log]
        asked = reads(monkeypatch)
        assert (await here.sync(tmp_path)).problems == []
        assert [wanted.start for wanted in asked] == [128]
    (path,) = tmp_path.iterdir()
    assert packets_in(path) == log.packets


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (SessionWriter, "write"),
        (sync, "write_session"),
        (sync, "clear"),
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
                broken.setattr(sync, "clear", cleared_and_killed)
                broken.setattr(PartialDownload, "close", lambda part: part._db.close())
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
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        (log,) = here.flash(Side.LEFT).logs

        def end(part: PartialDownload) -> None:
            if len(part) == 50:
                here.ending.on_signal(signal.SIGINT)

        with monkeypatch.context() as ended:
            when_kept(ended, end)
            synced = await here.sync(tmp_path)
        assert synced.ended_by is signal.SIGINT
        assert synced.written == synced.problems == []
        report(synced)
        assert "Ended: Ctrl-C; what came is kept" in capsys.readouterr().err
        assert here.flash(Side.LEFT).logs == [log]
        part_file = PartialDownload(*_only_part(tmp_path))
        assert len(part_file) >= 50
        part_file.close()
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
            here, tmp_path, monkeypatch, PartialDownload, "keep", lambda part, *_: len(part) == 140
        )
        path, _ = _only_part(tmp_path)
        with sqlite3.connect(path) as db:
            db.execute("UPDATE packets SET content = zeroblob(236) WHERE number = 50")
        db.close()
        asked = reads(monkeypatch)
        assert (await here.sync(tmp_path)).problems == []
        assert asked[0] == range(40, 80)  # the piece, and not what was right
        assert asked[1].start >= 120
    (path,) = sessions(tmp_path)
    assert packets_in(path) == log.packets


async def test_what_never_agrees_with_the_shoes_check_is_not_stored_and_not_cleared(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("gait.virtual.control_point.crc", lambda packets: 1)
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
    usage = sync.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(
        sync.shutil, "disk_usage", lambda _: type(usage)(usage.total, usage.used, 5_000_000)
    )
    async with shoes_with(LEFT_ONLY) as here:
        await here.begin()
        synced = await here.sync(tmp_path)
        assert len(here.flash(Side.LEFT).logs) == 1
    assert "left log 1 needs 10 MB of space for a while" in synced.problems[0]
    assert list(tmp_path.iterdir()) == []
