"""What can go wrong on the way, and a shoe that dies."""

import asyncio

from plain_host import plain_host
from shoes_on_air import noise, sensor

from gait.ble import scan
from gait.sensors.shoegait_control import Opcode
from gait.virtual import FaultInjector, VirtualAir, VirtualShoe

SENT = [bytes([i // 256, i % 256]) for i in range(2000)]


def through(trouble: FaultInjector, sent: list[bytes] = SENT) -> list[bytes]:
    came = [p for i, payload in enumerate(sent) for p in trouble.arriving(payload, i * 0.01)]
    return came + trouble.rest()


def test_without_mischief_all_arrives_as_sent():
    assert through(FaultInjector()) == SENT


def test_each_kind_of_mischief():
    lost = through(FaultInjector(lose=0.1, seed=1))
    assert 1700 < len(lost) < 1900
    assert lost == sorted(set(lost))

    doubled = through(FaultInjector(duplicate=0.1, seed=1))
    assert 2100 < len(doubled) < 2300
    assert sorted(set(doubled)) == SENT

    mixed = through(FaultInjector(reorder=0.1, seed=1))
    assert sorted(mixed) == SENT
    away = [abs(SENT.index(payload) - i) for i, payload in enumerate(mixed)]
    assert 0 < max(away) <= 8

    rubbish = through(FaultInjector(rubbish=0.1, seed=1))
    assert 2100 < len(rubbish) < 2300
    assert through(FaultInjector(rubbish=0.1, seed=1)) == rubbish  # the same every time


def test_a_burst_comes_at_once_and_what_a_lost_link_held_is_gone():
    trouble = FaultInjector(bursts=[(0.05, 0.1)])
    came = [trouble.arriving(payload, i * 0.01) for i, payload in enumerate(SENT[:15])]
    assert [len(part) for part in came] == [1] * 5 + [0] * 5 + [6] + [1] * 4
    trouble = FaultInjector(bursts=[(0.0, 1.0)])
    assert not trouble.arriving(b"held", 0.5)
    trouble.forget()
    assert not trouble.rest()


async def test_a_shoe_with_an_empty_battery_is_gone_for_good():
    async with (
        VirtualAir(speed=5) as air,
        VirtualShoe(air, sensor(), noise(4000), ring_s=9, gone_at=1.0) as shoe,
    ):
        async with plain_host(air) as host:
            await host.ask(Opcode.START)
            await shoe.finished.wait()
            await host.wait_for(lambda: not host.client.is_connected)
        await asyncio.sleep(0.1)
        assert not await scan(0.3, air.radio)
        assert not shoe.sampling


async def test_a_link_cannot_be_had_before_its_time():
    async with (
        VirtualAir(speed=2) as air,
        VirtualShoe(air, sensor(), noise(8000), disconnect_at=[(0.5, 2.5)]) as shoe,
    ):
        async with plain_host(air) as host:
            await host.ask(Opcode.START)
            await host.wait_for(lambda: not host.client.is_connected)
        assert not await scan(0.3, air.radio)
        assert await scan(5, air.radio, enough=1)
        assert air.time.run_s >= 2.5
        assert not shoe.sampling  # an older shoe, without a ring


async def test_a_shoe_that_dies_while_it_is_away_does_not_come_back():
    async with (
        VirtualAir(speed=5) as air,
        VirtualShoe(
            air, sensor(), noise(4000), ring_s=9, disconnect_at=[(1.0, 2.0)], gone_at=1.5
        ) as shoe,
    ):
        async with plain_host(air) as host:
            await host.ask(Opcode.START)
            await shoe.finished.wait()
        assert not await scan(0.3, air.radio)
        assert air.time.run_s > 2.0
