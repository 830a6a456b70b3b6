"""A virtual shoe that keeps its newest packets, against the chapter "Resending"."""

import asyncio

import pytest
from plain_host import plain_host
from shoes_on_air import noise, sensor

from gait.sensors import shoegait
from gait.sensors.shoegait import Flag
from gait.sensors.shoegait_control import Answer, Opcode, Status
from gait.sensors.shoegait_info import Feature, features
from gait.virtual import Flash, VirtualAir, VirtualShoe
from gait.virtual.memory import Ring
from gait.virtual.shoe import MOST_WAITING, Outbox


def seq(payload: bytes) -> int:
    return int.from_bytes(payload[2:4], "little")


def as_sent_first(payload: bytes) -> bytes:
    return bytes([payload[0] & 0xFD]) + payload[1:]


def all_packets(samples, mtu=247, first_seq=0) -> list[bytes]:
    return [payload for _, payload in shoegait.encode(samples, sensor(), mtu, first_seq)]


async def test_an_older_shoe_knows_no_such_command():
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(), noise(40)),
        plain_host(air) as host,
    ):
        unknown = [
            await host.ask(Opcode.RESEND, 0, 1),
            await host.ask(Opcode.LOG_START, 0),
            await host.ask(Opcode.LOG_STATUS, 0),
        ]
    assert {answer.status for answer in unknown} == {Status.UNKNOWN_OPCODE}


async def test_info_names_what_it_can():
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(), noise(40), ring_s=5, flash=Flash(), vibrates=False),
        plain_host(air) as host,
    ):
        info = bytes(await host.client.read_gatt_char(shoegait.INFO_UUID))
        assert features(info) == Feature.GYROSCOPE | Feature.RESENDS | Feature.LOGS
        assert (await host.ask(Opcode.IDENTIFY, 2)).status is Status.NOT_SUPPORTED


async def test_what_the_air_dropped_can_be_had_again():
    samples = noise(2000)
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), samples, ring_s=60, first_seq=65500, drop=[(1, 2)]) as shoe,
        plain_host(air) as host,
    ):
        await host.ask(Opcode.START)
        await shoe.finished.wait()
        await host.quiet()
        wanted = all_packets(samples, first_seq=65500)
        missing = [packet for packet in wanted if packet not in host.came]
        assert len(missing) > 20
        host.came.clear()
        answer = await host.ask(Opcode.RESEND, seq(missing[0]), len(missing))
        assert answer == Answer(Opcode.RESEND, Status.DONE, (seq(missing[0]), len(missing)))
        await host.wait_for(lambda: len(host.came) == len(missing))
    assert all(packet[0] & Flag.RESENT for packet in host.came)
    assert [as_sent_first(packet) for packet in host.came] == missing


async def test_what_left_the_ring_or_was_never_made_is_not_promised():
    samples = noise(2000)  # 106 packets, 5 s
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), samples, ring_s=1.0) as shoe,
        plain_host(air) as host,
    ):
        await host.ask(Opcode.START)
        await shoe.finished.wait()
        made, kept = shoe.packets_made, len(shoe.ring)
        assert made == 106
        assert kept == pytest.approx(400 / 19, abs=2)
        first = made - kept
        assert (await host.ask(Opcode.RESEND, 0, first)).values == (0, 0)
        assert (await host.ask(Opcode.RESEND, made, 9)).values == (made, 0)
        assert (await host.ask(Opcode.RESEND, 3, 0)).values == (3, 0)
        await host.quiet()
        host.came.clear()
        assert (await host.ask(Opcode.RESEND, 0, 65535)).values == (first, kept)
        await host.wait_for(lambda: len(host.came) == kept)
    assert [seq(packet) for packet in host.came] == list(range(first, made))


async def test_a_lost_link_costs_no_packet_while_the_ring_lasts():
    samples = noise(3200)
    whole = all_packets(samples)
    came: list[bytes] = []
    async with (
        VirtualAir(speed=5) as air,
        VirtualShoe(air, sensor(), samples, ring_s=30, disconnect_at=[(2.0, 4.0)]) as shoe,
    ):
        async with plain_host(air, came) as host:
            await host.ask(Opcode.START)
            await host.wait_for(lambda: not host.client.is_connected)
        before = len(came)
        async with plain_host(air, came) as host:
            await host.ask(Opcode.START)
            await shoe.finished.wait()
            await host.quiet()
            got = {seq(packet) for packet in came}
            gap = [i for i in range(len(whole)) if i not in got]
            assert len(gap) > 15  # away from 2 s to 4 s, 21 packets a second
            assert gap == list(range(gap[0], gap[0] + len(gap)))
            assert gap[0] == before
            await host.ask(Opcode.RESEND, gap[0], len(gap))
            await host.wait_for(lambda: len(came) == len(whole))
    assert sorted(map(as_sent_first, came), key=seq) == whole


async def test_a_shoe_gives_up_on_a_host_that_stays_away_longer_than_its_ring():
    async with (
        VirtualAir(speed=10) as air,
        VirtualShoe(air, sensor(), noise(8000), ring_s=1.0, disconnect_at=[1.0]) as shoe,
    ):
        async with plain_host(air) as host:
            await host.ask(Opcode.START)
            await host.wait_for(lambda: not shoe.sampling)
        assert shoe.packets_made < 3 * 400 / 19
        await asyncio.sleep(0.2)  # 2 s of the run, longer than samples wait in the sensor
        async with plain_host(air) as host:
            await host.ask(Opcode.START)
            await host.wait_for(lambda: len(host.came) > 2)
    assert host.came[0][0] & Flag.LOST_BEFORE
    assert [seq(packet) for packet in host.came[:3]] == [seq(host.came[0]) + i for i in range(3)]


async def test_requests_wait_for_each_other_and_too_many_are_refused():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(2000), ring_s=60) as shoe,
        plain_host(air) as host,
    ):
        await host.ask(Opcode.START)
        await shoe.finished.wait()
        await host.quiet()
        host.came.clear()
        async with shoe.outbox._turn:  # the radio is busy
            answers = [await host.ask(Opcode.RESEND, 10 * i, 2) for i in range(MOST_WAITING + 1)]
        assert [answer.status for answer in answers[:-1]] == [Status.DONE] * MOST_WAITING
        assert answers[-1].status is Status.BUSY
        await host.wait_for(lambda: len(host.came) == 2 * MOST_WAITING)
        assert [seq(p) for p in host.came] == [10 * i + k for i in range(4) for k in (0, 1)]
        async with shoe.outbox._turn:
            await host.ask(Opcode.RESEND, 0, 50)
            await host.ask(Opcode.STOP)
        host.came.clear()
        await host.quiet()
        assert len(host.came) <= 1  # the one that was on its way


async def test_live_packets_wait_for_one_resent_packet_at_most():
    went: list[bytes] = []
    gate = asyncio.Semaphore(0)

    async def notify(payload: bytes) -> None:
        await gate.acquire()
        went.append(payload)

    outbox = Outbox(notify)
    outbox.resend(iter([b"old"] * 20))
    outbox.read(iter([b"log"] * 20))
    outbox.go()
    for _ in range(10):
        await asyncio.sleep(0)
        live = asyncio.create_task(outbox.send(b"live"))
        await asyncio.sleep(0)
        gate.release()
        gate.release()
        await live
    await outbox.close()
    between = b",".join(went).split(b"live")
    assert all(part.count(b"old") <= 1 for part in between)
    assert went.count(b"live") == 10
    assert went.count(b"old") >= 9
    assert b"log" not in went  # resent packets come first


def test_a_packet_too_long_for_the_link_is_as_good_as_gone():
    ring = Ring(10.0)
    for i in range(10):
        ring.add(65530 + i if i < 6 else i - 6, 0.1 * i, bytes(236 if i < 4 else 20))
    assert ring.available(65530, 10, 244) == (65530, 10)
    assert ring.available(65530, 10, 20) == (65534, 6)
    assert ring.available(65532, 3, 20) == (65534, 1)
    assert ring.available(65530, 3, 20)[1] == 0
