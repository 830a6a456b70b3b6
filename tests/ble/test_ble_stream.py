"""The client against virtual shoes, over a whole Bluetooth LE host stack."""

import asyncio
import contextlib
import time
from itertools import pairwise

import numpy as np
import pytest
from bumble.att import Attribute
from shoes_on_air import RATE_HZ, noise, payloads, record_all, sensor

from gait.ble import ShoeStream, scan
from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    GaitError,
    Mark,
    Packet,
    Side,
    UsageError,
)
from gait.sensors import shoegait
from gait.virtual import VirtualAir, VirtualShoe
from gait.virtual.air import LATE_S
from gait.virtual.peripheral import Attributes

LONG_SCAN_S = 60.0


@pytest.mark.parametrize("mtu", [23, 65, 158, 247])
async def test_every_packet_arrives_in_order_with_the_codecs_bytes(mtu):
    feet = {Side.LEFT: noise(900, 1), Side.RIGHT: noise(900, 2)}
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(Side.LEFT), feet[Side.LEFT], mtu=mtu) as left,
        VirtualShoe(air, sensor(Side.RIGHT), feet[Side.RIGHT], mtu=mtu) as right,
    ):
        sensors, items = await record_all(air, [left, right])
    for device, info in enumerate(sensors):
        wanted = [payload for _, payload in shoegait.encode(feet[info.side], info, mtu)]
        assert payloads(items, device) == wanted
        assert len(wanted) == -(-900 // shoegait.samples_per_packet(mtu))


async def test_long_runs_are_the_codecs_bytes_too():
    samples = noise(9500)  # more than a shoe quantises at once
    samples.breaks[[33, 5000, 9499]] = True
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), samples, offset_us=2**32 - 10_000_000, first_seq=65_400) as shoe,
    ):
        (info,), items = await record_all(air, [shoe])
    whole = shoegait.encode(samples, info, 247, 65_400, 2**32 - 10_000_000)
    assert payloads(items) == [payload for _, payload in whole]
    frames = shoegait.decode(payloads(items), info)
    assert frames.device_us.max() > 2**32 - 100_000  # it did wrap
    assert frames.device_us.min() < 100_000
    assert np.all(np.diff(frames.seq) % 65_536 == 1)


async def test_a_session_has_its_sensors_battery_and_connection_events():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(2000), battery_pct=77, battery_s_per_pct=2.0) as shoe,
    ):
        (info,), items = await record_all(air, [shoe])
    assert info == sensor(name="shoegait L 0042", address=shoe.address)
    battery = [item.percent for item in items if isinstance(item, BatteryReading)]
    assert battery == [77, 76, 75]  # 5 s of run, 1 % every 2 s
    events = [item.event for item in items if isinstance(item, ConnectionEvent)]
    assert events == [Connection.CONNECTED, Connection.CLOSED]
    assert items[0].host_s >= 0
    assert all(a.host_s <= b.host_s for a, b in pairwise(items))


async def test_without_real_time_two_shoes_still_keep_step():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(1200), mtu=23) as left,
        VirtualShoe(air, sensor(Side.RIGHT), noise(1200), mtu=247) as right,
    ):
        sensors, items = await record_all(air, [left, right])
    for device, info in enumerate(sensors):
        packets = [i for i in items if isinstance(i, Packet) and i.device == device]
        frames = shoegait.decode([p.payload for p in packets], info)
        full_s = frames.device_us * 1e-6 + (frames.count - 1) / RATE_HZ
        assert np.abs(np.array([p.host_s for p in packets]) - full_s).max() < 0.1


async def test_real_time_at_the_smallest_mtu_loses_nothing_and_keeps_time():
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(400), mtu=23) as left,
        VirtualShoe(air, sensor(Side.RIGHT), noise(400), mtu=23) as right,
    ):
        _, items = await record_all(air, [left, right])
    for device in (0, 1):
        packets = [i for i in items if isinstance(i, Packet) and i.device == device]
        assert len(packets) == 400
        waited = np.array([p.host_s for p in packets]) - np.arange(400) / RATE_HZ
        assert np.median(waited) - waited.min() < LATE_S  # the run waits for who is later


async def test_start_up_does_not_wait_for_the_end_of_the_scan():
    async with (
        VirtualAir(speed=10) as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(400)),
        VirtualShoe(air, sensor(Side.RIGHT), noise(400)),
    ):
        began = time.monotonic()
        found = await scan(LONG_SCAN_S, air.radio, enough=2)
        async with ShoeStream(found, radio=air.radio, clock=air.clock) as stream:
            await anext(stream)
        assert time.monotonic() - began < LONG_SCAN_S / 2.0


async def test_a_lost_shoe_comes_back_and_the_other_goes_on():
    async with (
        VirtualAir(speed=2) as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(1200), disconnect_at=[0.5]) as left,
        VirtualShoe(air, sensor(Side.RIGHT), noise(1200)) as right,
    ):
        sensors, items = await record_all(air, [left, right])
    events = [i.event for i in items if isinstance(i, ConnectionEvent) and i.device == 0]
    assert events == [
        Connection.CONNECTED,
        Connection.LOST,
        Connection.CONNECTED,
        Connection.CLOSED,
    ]
    other = shoegait.decode(payloads(items, 1), sensors[1])
    assert np.array_equal(other.seq, np.arange(right.packets_made))
    assert len(other) == 1200

    frames = shoegait.decode(payloads(items, 0), sensors[0])
    assert np.array_equal(frames.seq, np.arange(left.packets_made))  # none was made meanwhile
    jump = int(np.argmax(np.diff(frames.device_us))) + 1
    gap_s = (frames.device_us[jump] - frames.device_us[jump - 1]) * 1e-6
    assert gap_s > 0.1
    assert frames.lost_before.sum() == 1
    assert frames.lost_before[jump]


async def test_a_rate_the_shoe_does_not_have_is_said_once_and_its_own_is_used():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(400), disconnect_at=[0.5]) as shoe,
    ):
        (info,), items = await record_all(air, [shoe], rate_hz=208.0)
    (mark,) = [item for item in items if isinstance(item, Mark)]
    assert "400 Hz" in mark.text
    assert info.rate_hz == RATE_HZ
    assert payloads(items)


async def test_two_left_feet_are_refused():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(serial="SG-1"), noise(40)),
        VirtualShoe(air, sensor(serial="SG-2"), noise(40)),
    ):
        found = await scan(5, air.radio, enough=2)
        with pytest.raises(UsageError, match="2 sensors say they are on the left shoe"):
            async with ShoeStream(found, radio=air.radio):
                pass


async def test_a_sensor_that_does_not_describe_itself_is_refused_by_name(monkeypatch):
    monkeypatch.setattr("gait.virtual.shoe.encode_info", lambda *_: b"\x63" * 48)
    async with VirtualAir(speed=None) as air, VirtualShoe(air, sensor(), noise(40)):
        found = await scan(5, air.radio, enough=1)
        with pytest.raises(GaitError, match=r"shoegait L 0042.* with version 99"):
            async with ShoeStream(found, radio=air.radio):
                pass


async def test_a_shoe_whose_battery_cannot_be_read_still_streams(monkeypatch):
    class Locked(Attributes):
        def __init__(self, *parts, **named) -> None:
            super().__init__(*parts, **named)
            self.battery.permissions |= Attribute.READ_REQUIRES_AUTHORIZATION

    monkeypatch.setattr("gait.virtual.shoe.Attributes", Locked)
    async with VirtualAir(speed=None) as air, VirtualShoe(air, sensor(), noise(400)) as shoe:
        _, items = await record_all(air, [shoe])
    (mark,) = [item for item in items if isinstance(item, Mark)]
    assert mark.text == "left shoe: its battery cannot be read."
    assert len(payloads(items)) == shoe.packets_made


async def test_a_shoe_that_goes_away_before_the_start_is_named():
    async with VirtualAir(speed=None) as air, VirtualShoe(air, sensor(), noise(40)) as shoe:
        found = await scan(5, air.radio, enough=1)
        stream = ShoeStream(found, radio=air.radio)
        (link,) = stream._links
        await link.open()
        await air.remove_host(shoe.presence.host)
        with pytest.raises(GaitError, match=r"shoegait L 0042 cannot be started: Bluetooth failed"):
            await link.start()
        await stream.stop()


async def test_no_sensor_is_said_in_words():
    async with VirtualAir() as air:
        assert await scan(0.1, air.radio) == []
    with pytest.raises(GaitError, match="No shoe sensor was found"):
        ShoeStream([])


async def test_stopping_while_a_shoe_is_away_is_clean():
    async with VirtualAir() as air:
        async with VirtualShoe(air, sensor(), noise(4000)):
            found = await scan(5, air.radio, enough=1)
            stream = ShoeStream(found, radio=air.radio, clock=air.clock)
            await stream.__aenter__()
        async with asyncio.timeout(5):
            while getattr(await anext(stream), "event", None) is not Connection.LOST:
                pass
            await stream.stop()
        left = [item async for item in stream]
        assert [getattr(item, "event", None) for item in left] == [Connection.CLOSED]


async def test_stopping_does_not_trust_a_single_cancellation(monkeypatch):
    async def deaf(_) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    monkeypatch.setattr("gait.ble.link.SensorLink.hold", deaf)
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(4000)):
        stream = ShoeStream(await scan(5, air.radio, enough=1), radio=air.radio)
        async with asyncio.timeout(20), stream:
            await asyncio.sleep(0.01)
            await stream.stop()
        left = [item async for item in stream]
        assert getattr(left[-1], "event", None) is Connection.CLOSED


async def test_a_mark_comes_in_its_turn():
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(4000)):
        found = await scan(5, air.radio, enough=1)
        async with ShoeStream(found, radio=air.radio, clock=air.clock) as stream:
            stream.mark("shoe laced")
            marks = [item async for item in _until_mark(stream)]
    assert marks[-1].text == "shoe laced"
    assert 0 <= marks[-1].host_s < 1


async def _until_mark(stream):
    async for item in stream:
        yield item
        if isinstance(item, Mark):
            return
