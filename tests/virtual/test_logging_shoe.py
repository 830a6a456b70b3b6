"""A virtual shoe that logs to its flash, against the chapter "Log"."""

import asyncio

import pytest
from plain_host import PlainHost, plain_host
from shoes_on_air import noise, sensor

from gait.sensors import shoegait
from gait.sensors.profile import UNKNOWN_MS, LogState
from gait.sensors.shoegait_control import Opcode, Status
from gait.sensors.shoegait_log import (
    LogParts,
    crc,
    is_part,
    log_status,
    log_time,
)
from gait.virtual import FaultInjector, Flash, VirtualAir, VirtualShoe

HOST_MS = 1_748_757_600_000


def all_packets(samples) -> list[bytes]:
    return [payload for _, payload in shoegait.encode(samples, sensor(), 247)]


async def status(host: PlainHost, log: int = 0):
    return log_status(await host.ask(Opcode.LOG_STATUS, log))


async def fetch(host: PlainHost, log: int, packets: int, stored: dict[int, bytes]) -> None:
    """Read what is not stored yet, again and again, as a host does."""
    while missing := [i for i in range(packets) if i not in stored]:
        host.came.clear()
        answer = await host.ask(Opcode.LOG_READ, log, missing[0], 65535)
        assert answer.values == (missing[0], packets - missing[0])
        await host.quiet()
        together = LogParts(log)
        stored.update(packet for part in host.came if (packet := together.add(part)))


@pytest.mark.parametrize("mtu", [23, 247])
async def test_a_run_without_a_host_is_fetched_checked_and_cleared(mtu):
    samples = noise(1500)
    whole = all_packets(samples)
    stored: dict[int, bytes] = {}
    flash = Flash()
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), samples, mtu=mtu, flash=flash) as shoe,
    ):
        async with plain_host(air) as host:
            assert (await status(host)).state is LogState.NONE
            shoe._sample_on = lambda: None  # it starts to run when the host is gone
            begun = await host.ask(Opcode.LOG_START, HOST_MS)
            assert begun.values == (1, 0)
            assert (await host.ask(Opcode.LOG_CLEAR, 1, 0, 0)).status is Status.BUSY
        del shoe._sample_on
        shoe.log()
        await shoe.finished.wait()
        async with plain_host(air) as host:
            said = await status(host)
            assert (said.log, said.state, said.kept) == (1, LogState.LOGGING, 1)
            await host.ask(Opcode.LOG_STOP)
            said = await status(host)
            assert said.state is LogState.STOPPED
            assert said.packets == len(whole)
            assert (said.first_us, said.last_us) == (0, (len(whole) - 1) * 19 * 2500)
            times = log_time(await host.ask(Opcode.LOG_TIME, 1))
            assert (times.host_ms, times.wait_ms) == (HOST_MS, 0)
            await fetch(host, 1, said.packets, stored)
            assert [stored[i] for i in range(len(whole))] == whole
            assert all(is_part(payload) for payload in host.came)
            checked = await host.ask(Opcode.LOG_CHECK, 1, 10, 20)
            assert checked.values == (crc(whole[10:30]),)
            beyond = await host.ask(Opcode.LOG_CHECK, 1, 10, len(whole))
            assert beyond.status is Status.NOT_THERE
            right = (len(whole), crc(whole))
            for wrong in ((right[0] - 1, right[1]), (right[0], right[1] ^ 1)):
                refused = await host.ask(Opcode.LOG_CLEAR, 1, *wrong)
                assert refused.status is Status.MISMATCH
            assert (await host.ask(Opcode.LOG_CLEAR, 1, *right)).status is Status.DONE
            assert (await host.ask(Opcode.LOG_CLEAR, 1, *right)).status is Status.NOT_THERE
            assert (await status(host)).state is LogState.NONE
            assert not flash.logs


async def test_reading_goes_on_where_the_link_broke():
    samples = noise(1500)
    whole = all_packets(samples)
    stored: dict[int, bytes] = {}
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), samples, mtu=23, flash=Flash()) as shoe,
    ):
        async with plain_host(air) as host:
            shoe._sample_on = lambda: None
            await host.ask(Opcode.LOG_START, 0)
        del shoe._sample_on
        shoe.log()
        await shoe.finished.wait()
        async with plain_host(air) as host:
            await host.ask(Opcode.LOG_READ, 1, 0, 65535)
            await host.wait_for(lambda: len(host.came) > 200)
            await shoe.presence.break_link(0.0)
        together = LogParts(1)
        stored.update(packet for part in host.came if (packet := together.add(part)))
        assert 5 < len(stored) < len(whole)
        async with plain_host(air) as host:
            await fetch(host, 1, len(whole), stored)
            assert host.came[0][4:8] != bytes(4)  # it did not begin again
    assert [stored[i] for i in range(len(whole))] == whole


async def test_a_log_read_through_trouble_is_whole_in_the_end():
    samples = noise(800)
    whole = all_packets(samples)  # not as short as for the link
    stored: dict[int, bytes] = {}
    trouble = FaultInjector(lose=0.05, duplicate=0.1, reorder=0.1, rubbish=0.1, seed=4)
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), samples, mtu=65, flash=Flash(), faults=trouble) as shoe,
        plain_host(air) as host,
    ):
        await host.ask(Opcode.LOG_START, 0)
        await shoe.finished.wait()
        await fetch(host, 1, len(whole), stored)
    assert [stored[i] for i in range(len(whole))] == whole


async def test_a_stream_and_a_log_are_the_same_packets():
    samples = noise(1200)
    async with (
        VirtualAir(speed=5) as air,
        VirtualShoe(air, sensor(), samples, flash=Flash(), disconnect_at=[1.0]) as shoe,
    ):
        async with plain_host(air) as host:
            await host.ask(Opcode.LOG_START, HOST_MS)
            await host.ask(Opcode.START)
            assert (await host.ask(Opcode.LOG_START, 0)).values[0] == 1  # it goes on
            assert (await host.ask(Opcode.SET_RATE, 400.0)).status is Status.BUSY
            await host.wait_for(lambda: not host.client.is_connected)
        await shoe.finished.wait()
        async with plain_host(air) as later:
            stored: dict[int, bytes] = {}
            made = (await status(later)).packets
            await fetch(later, 1, made, stored)
            times = log_time(await later.ask(Opcode.LOG_TIME, 1))
            assert times.since_ms <= 60  # its clock ends with its samples: a packet of 19 at most
    assert list(stored.values()) == all_packets(samples)
    kept = list(stored.values())
    first = kept.index(host.came[0])  # the log began before the stream
    assert host.came == kept[first : first + len(host.came)]
    assert len(host.came) >= 21


async def test_stopping_the_log_leaves_the_stream_and_the_reverse():
    async with (
        VirtualAir(speed=2) as air,
        VirtualShoe(air, sensor(), noise(8000), flash=Flash()) as shoe,
        plain_host(air) as host,
    ):
        await host.ask(Opcode.START)
        await host.ask(Opcode.LOG_START, 0)
        await host.ask(Opcode.STOP)
        assert shoe.sampling
        assert not shoe.streaming
        await host.ask(Opcode.START)
        await host.ask(Opcode.LOG_STOP)
        assert shoe.streaming
        await host.ask(Opcode.STOP)
        assert not shoe.sampling


async def test_a_full_flash_ends_the_log_and_takes_no_other():
    flash = Flash(size=3000)
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(1200), ring_s=5, flash=flash) as shoe,
        plain_host(air) as host,
    ):
        await host.ask(Opcode.LOG_START, 0)
        await host.wait_for(lambda: not shoe.logging)
        said = await status(host)
        assert (said.state, said.packets) == (LogState.FULL, 3000 // 236)
        flash._size = 3000 // 236 * 236
        assert (await host.ask(Opcode.LOG_START, 0)).status is Status.FULL
        log = flash.logs[0]
        cleared = await host.ask(Opcode.LOG_CLEAR, 1, said.packets, log.crc)
        assert cleared.status is Status.DONE
        assert (await host.ask(Opcode.LOG_START, 0)).values[0] == 2


async def test_a_reboot_begins_sequence_clock_and_log_anew():
    samples = noise(2400)
    flash = Flash()
    async with (
        VirtualAir(speed=5) as air,
        VirtualShoe(
            air, sensor(), samples, ring_s=9, flash=flash, first_seq=500, reboot_at=[2.0]
        ) as shoe,
    ):
        async with plain_host(air) as host:
            await host.ask(Opcode.LOG_START, HOST_MS)
            await host.ask(Opcode.START)
            await host.wait_for(lambda: not host.client.is_connected)
        async with plain_host(air) as host:
            await host.ask(Opcode.START)
            await shoe.finished.wait()
            await host.quiet()
            assert (await host.ask(Opcode.RESEND, 500, 10)).values[1] == 0
            first = await status(host)
            assert (first.log, first.state, first.kept) == (1, LogState.POWER_LOST, 2)
            second = await status(host, 2)
            assert second.state is LogState.LOGGING
            assert second.first_us < 100_000
            assert log_time(await host.ask(Opcode.LOG_TIME, 1)).since_ms == UNKNOWN_MS
            assert log_time(await host.ask(Opcode.LOG_TIME, 2)).host_ms == 0
    one, other = (log.packets for log in flash.logs)
    assert [int.from_bytes(p[2:4], "little") for p in one] == [500 + i for i in range(len(one))]
    assert [int.from_bytes(p[2:4], "little") for p in other] == list(range(len(other)))
    assert host.came[-1] == other[-1]


async def test_the_flash_outlives_the_shoe():
    flash = Flash()
    async with VirtualAir(speed=None) as air:
        async with (
            VirtualShoe(air, sensor(), noise(400), flash=flash) as shoe,
            plain_host(air) as host,
        ):
            await host.ask(Opcode.LOG_START, HOST_MS)
            await shoe.finished.wait()
        async with VirtualShoe(air, sensor(), noise(400), flash=flash) as shoe:
            await asyncio.wait_for(shoe.finished.wait(), 5)  # nobody asked it to: it goes on
            async with plain_host(air) as host:
                assert (await status(host, 1)).state is LogState.POWER_LOST
                assert (await status(host, 2)).packets == (await status(host, 1)).packets
