"""What every emulated sensor has: it advertises, is connected, and sends what it has in time."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from functools import cache
from typing import Self

import numpy as np
from bumble.core import UUID, AdvertisingData
from bumble.device import AdvertisingEventProperties, AdvertisingParameters, Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service

from gait.ble import ShoeStream, scan
from gait.cli.simulate import SimulateOptions, VirtualFoot, virtual_feet
from gait.model import Samples, SensorInfo, SessionItem, Side
from gait.virtual import VirtualAir

READ = Characteristic.Properties.READ
WRITE = Characteristic.Properties.WRITE
NOTIFY = Characteristic.Properties.NOTIFY
INDICATE = Characteristic.Properties.INDICATE


def readable(uuid: str, value: bytes) -> Characteristic:
    return Characteristic(UUID(uuid), READ, Characteristic.READABLE, value)


def notified(uuid: str, properties=NOTIFY) -> Characteristic:
    return Characteristic(UUID(uuid), properties, Characteristic.READABLE)


def written(uuid: str, on_write, properties=WRITE, read=None) -> Characteristic:
    """`on_write(connection, data)` is awaited; `read(connection)` gives the value where it can
    be read."""
    value = CharacteristicValue(write=on_write, **({"read": read} if read else {}))
    return Characteristic(
        UUID(uuid), properties, Characteristic.WRITEABLE | Characteristic.READABLE, value
    )


class Peripheral:
    """Subclasses give `services` and `packets`, and call `begin` and `end`.

    packets : (due in seconds of the run, characteristic, payload), in order; each is sent once
    lose    : (from, to) seconds of the run in which nothing is sent
    breaks_at : seconds of the run at which it breaks the link, once; then it goes on where it was
    """

    name = ""
    advertised: Sequence[str] = ()
    mtu = 247
    lose: Sequence[tuple[float, float]] = ()
    breaks_at: float | None = None

    def __init__(self, air: VirtualAir) -> None:
        self.air = air
        self.finished = asyncio.Event()
        self.device: Device | None = None
        self._sending: asyncio.Task[None] | None = None
        self._left: Iterator[tuple[float, Characteristic, bytes]] | None = None

    def services(self) -> list[Service]:
        raise NotImplementedError

    def packets(self) -> Iterable[tuple[float, Characteristic, bytes]]:
        raise NotImplementedError

    def begin(self, connection: Connection) -> None:
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send(connection))

    def end(self) -> None:
        if self._sending is not None:
            self._sending.cancel()

    async def __aenter__(self) -> Self:
        device = self.device = await self.air.add_host(self.name)
        self.air.time.expect(self)
        device.gatt_server.max_mtu = self.mtu
        device.add_services(self.services())
        device.on(Device.EVENT_CONNECTION, self.on_connection)
        await device.create_advertising_set(
            advertising_parameters=AdvertisingParameters(
                advertising_event_properties=AdvertisingEventProperties(is_connectable=True),
                primary_advertising_interval_min=30.0,
                primary_advertising_interval_max=30.0,
            ),
            random_address=device.random_address,
            advertising_data=bytes(AdvertisingData(self._says())),
            auto_restart=True,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self.air.time.withdraw(self)
        self.end()
        assert self.device is not None
        for advertising in list(self.device.extended_advertising_sets.values()):
            await advertising.remove()
        await self.air.remove_host(self.device)

    def on_connection(self, connection: Connection) -> None:
        connection.on(Connection.EVENT_DISCONNECTION, lambda _: self.end())

    async def tell(self, connection: Connection, characteristic, payload: bytes) -> None:
        """Notify, or indicate where that is what the characteristic has."""
        assert self.device is not None
        if characteristic.properties & INDICATE:
            await self.device.indicate_subscriber(connection, characteristic, payload)
        else:
            await self.device.notify_subscriber(connection, characteristic, payload)

    async def _send(self, connection: Connection) -> None:
        time = self.air.time
        try:
            await time.begin(self)
            self._left = self._left or iter(self.packets())
            for due_s, characteristic, payload in self._left:
                await time.until(self, due_s)
                if any(first <= due_s < end for first, end in self.lose):
                    continue
                await self.tell(connection, characteristic, payload)
                queue = self.device.host.le_acl_packet_queue if self.device else None
                if queue is not None and queue.pending:
                    await queue.drain(connection.handle)
                if self.breaks_at is not None and due_s >= self.breaks_at:
                    self.breaks_at = None
                    await connection.disconnect()
                    return
            self.finished.set()
        finally:
            time.leave(self)

    def _says(self) -> Sequence[tuple[int, bytes]]:
        kinds = AdvertisingData.Type
        says: list[tuple[int, bytes]] = [(kinds.COMPLETE_LOCAL_NAME, self.name.encode())]
        for uuid in map(UUID, self.advertised):
            short = len(uuid.to_bytes()) == 2
            kind = (
                kinds.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS
                if short
                else kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
            )
            says.append((kind, bytes(uuid)))
        return says


@cache
def simulated(rate_hz: float, seconds: float = 16.0) -> Samples:
    """A simulated left shoe at some rate, taken from one simulation, clipped to ±7.9 g."""
    fine = _foot(seconds).samples
    at = np.arange(int((fine.time_s[-1] - fine.time_s[0]) * rate_hz)) / rate_hz
    since = fine.time_s - fine.time_s[0]

    def taken(values: np.ndarray) -> np.ndarray:
        return np.column_stack([np.interp(at, since, values[:, i]) for i in range(3)])

    return Samples(at, np.clip(taken(fine.acc), -77.0, 77.0), taken(fine.gyr))


def true_cadence(seconds: float = 16.0) -> float:
    """Steps of both feet a minute in the middle of that simulation."""
    truth = _foot(seconds).truth
    return float(120.0 / np.median(np.diff(truth["ic_s"])))


@cache
def _foot(seconds: float) -> VirtualFoot:
    options = SimulateOptions(seconds=seconds, rate_hz=416.0, side=Side.LEFT)
    return virtual_feet(options)[Side.LEFT]


async def record_from(
    sensor: Peripheral, rate_hz: float | None = None
) -> tuple[SensorInfo, list[SessionItem]]:
    """Find it, say it is on the left foot, stream until it has no more, stop; all that came."""
    found = await scan(5, sensor.air.radio, enough=1, worn={Side.LEFT: sensor.name})
    async with (
        asyncio.timeout(20),
        ShoeStream(
            found, radio=sensor.air.radio, rate_hz=rate_hz, clock=sensor.air.clock
        ) as stream,
    ):
        items: list[SessionItem] = []

        async def gather(stream: AsyncIterator[SessionItem]) -> None:
            async for item in stream:
                items.append(item)

        gathering = asyncio.create_task(gather(stream))
        await sensor.finished.wait()
        await stream.stop()
        await gathering
        return stream.sensors[0], items
