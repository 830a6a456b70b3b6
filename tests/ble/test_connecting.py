"""How a link comes about: MTU, connection interval, and attempts that fail at first."""

import asyncio

import pytest
from bleak.exc import BleakError
from shoes_on_air import noise, payloads, record_all, sensor

from gait.ble import Radio, ShoeStream, scan
from gait.model import Connection, ConnectionEvent, GaitError, Mark, Packet, Side
from gait.sensors import shoegait
from gait.virtual import VirtualAir, VirtualShoe
from gait.virtual.client import VirtualClient


def marks(items) -> list[str]:
    return [item.text for item in items if isinstance(item, Mark)]


@pytest.mark.parametrize(
    ("host", "shoe_mtu", "agreed"), [(247, 23, 23), (65, 247, 65), (247, 158, 158), (517, 247, 247)]
)
async def test_the_largest_mtu_of_both_is_used(host, shoe_mtu, agreed):
    async with (
        VirtualAir(speed=None, mtu=host) as air,
        VirtualShoe(air, sensor(), noise(400), mtu=shoe_mtu) as shoe,
    ):
        (info,), items = await record_all(air, [shoe])
    wanted = [payload for _, payload in shoegait.encode(noise(400), info, agreed)]
    assert payloads(items) == wanted


@pytest.mark.parametrize(("mtu", "rate_hz", "narrow"), [(23, 400, 1), (23, 100, 0), (65, 400, 0)])
async def test_a_link_too_narrow_for_the_stream_is_remarked_once(mtu, rate_hz, narrow):
    async with (
        VirtualAir(speed=None, mtu=mtu) as air,
        VirtualShoe(air, sensor(rate_hz=float(rate_hz)), noise(400), disconnect_at=[0.5]) as shoe,
    ):
        _, items = await record_all(air, [shoe])
    said = marks(items)
    assert len(said) == narrow
    if narrow:
        assert said[0].startswith(
            "left shoe: Its packets are small (MTU 23): at 400 Hz it has to send 400 a second"
        )


def test_an_mtu_below_the_smallest_is_refused():
    with pytest.raises(ValueError, match="at least 23"):
        VirtualAir(mtu=22)


async def test_the_shoe_asks_for_a_short_interval_as_it_streams_and_the_host_grants_it():
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(4000)) as shoe:
        found = await scan(5, air.radio, enough=1)
        stream = ShoeStream(found, radio=air.radio, clock=air.clock)
        await stream._links[0].open()
        (link,) = air.central.connections.values()
        for side in (link, shoe.presence.link):  # as a host with other things to do chooses
            assert side is not None
            side.parameters.connection_interval = 75.0
        await stream._links[0].start()
        async with asyncio.timeout(2):
            while shoe.presence.interval_ms == 75.0:  # noqa: ASYNC110 - of anything, not of an event
                await asyncio.sleep(0.01)
        assert shoe.presence.interval_ms is not None
        assert 15 <= shoe.presence.interval_ms <= 30
        assert link.parameters.connection_interval == shoe.presence.interval_ms
        await stream.stop()


class Stumbles:
    """The radio of an air whose first attempts fail after they had a link."""

    def __init__(self, air: VirtualAir, *errors: Exception) -> None:
        left = list(errors)
        self.left = left

        class Client(VirtualClient):
            async def connect(self, pair, **kwargs):
                await super().connect(pair, **kwargs)
                if left:
                    callback = self._disconnected_callback
                    await self.disconnect()
                    if callback:
                        callback()
                    raise left.pop(0)

        Client.air = air
        self.radio = Radio(air.radio.scanner_backend, Client, air.radio.adapter_backend)


async def test_passing_failures_of_the_system_are_no_failures():
    passing = BleakError("le-connection-abort-by-local")
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(400)) as shoe,
    ):
        air.radio = Stumbles(air, passing, passing, passing).radio
        _, items = await record_all(air, [shoe])
    events = [item.event for item in items if isinstance(item, ConnectionEvent)]
    assert events == [Connection.CONNECTED, Connection.CLOSED]
    assert len(payloads(items)) == shoe.packets_made


async def test_other_failures_are_tried_again_once_and_then_said():
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(40)):
        stumbles = Stumbles(air, *(BleakError(f"failure {n}") for n in range(5)))
        found = await scan(5, air.radio, enough=1)
        with pytest.raises(GaitError, match=r"0042 cannot be read: Bluetooth failed \(failure 1\)"):
            async with ShoeStream(found, radio=stumbles.radio):
                pass
        assert len(stumbles.left) == 3


async def test_giving_up_an_attempt_leaves_the_host_free_for_another():
    async with VirtualAir() as air:
        async with VirtualShoe(air, sensor(), noise(40)):
            (gone,) = await scan(5, air.radio, enough=1)
        async with VirtualShoe(air, sensor(Side.RIGHT), noise(40)):
            with pytest.raises(TimeoutError):
                await air.radio.connect(gone.device, lambda _: None, 0.3)
            (there,) = await scan(5, air.radio, enough=1)
            client = await air.radio.connect(there.device, lambda _: None, 3.0)
            assert client.is_connected
            assert await air.radio.connected() == {there.address}
            await client.disconnect()


async def test_a_shoe_gone_for_good_does_not_keep_the_other_from_coming_back():
    async with (
        VirtualAir(speed=2) as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(4000), gone_at=0.5),
        VirtualShoe(air, sensor(Side.RIGHT), noise(4000), disconnect_at=[(2.0, 2.5)]) as right,
    ):
        found = sorted(await scan(5, air.radio, enough=2), key=lambda sensor: sensor.name)
        back = 0
        async with (
            asyncio.timeout(15),
            ShoeStream(found, radio=air.radio, clock=air.clock) as stream,
        ):
            async for item in stream:
                if isinstance(item, ConnectionEvent) and item.device == 1:
                    back += item.event is Connection.CONNECTED
                if isinstance(item, Packet) and item.device == 1 and back == 2:
                    break
        assert right.packets_made
