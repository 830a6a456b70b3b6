"""A virtual shoe: a Bluetooth LE peripheral that behaves as docs/protocol.md says."""

import asyncio
from collections.abc import Sequence
from typing import Self

import numpy as np
from bumble.device import (
    AdvertisingEventProperties,
    AdvertisingParameters,
    Connection,
    Device,
)
from numpy.typing import NDArray

from gait.model import Samples, SensorInfo
from gait.sensors.shoegait import TIME_MODULO_US
from gait.sensors.shoegait_control import (
    Answer,
    Command,
    Opcode,
    RefusedError,
    Signal,
    Status,
    decode_command,
    encode_answer,
)
from gait.sensors.shoegait_info import advertised_name, encode_info
from gait.virtual.air import VirtualAir
from gait.virtual.attributes import Attributes, advertisement
from gait.virtual.packets import PacketMaker

ADVERTISING_MS = 30.0
FIFO_S = 0.1  # samples so old still wait in the sensor when the stream starts


class VirtualShoe:
    """A shoe that has `samples` to stream; an async context manager that switches it on and off.

    samples         : as the sensor measures them: sensor axes, times of its own clock
    due_s           : (n,) seconds of the run at which each sample is taken; without it the
                      sensor's clock is right: its time less that of the first sample
    mtu             : the largest it agrees to, 23 to 247
    offset_us       : added to the samples' times, to choose where the 32 bits wrap
    first_seq       : sequence number of the first packet
    battery_pct     : level when switched on; falls by 1 every `battery_s_per_pct` s of the run
    drop            : (from, to) seconds of the run in which packets are made and not sent
    disconnect_at   : seconds of the run at which it breaks the link and advertises again

    While the shoe is not streaming the run goes on without it, and the samples of that time are
    lost, but for an air with `speed` None, where it goes on where it was. `finished` is set when
    the samples are used up, `identified` has the signals it was asked for.
    """

    def __init__(
        self,
        air: VirtualAir,
        info: SensorInfo,
        samples: Samples,
        *,
        due_s: NDArray[np.float64] | None = None,
        mtu: int = 247,
        offset_us: int = 0,
        first_seq: int = 0,
        battery_pct: int = 90,
        battery_s_per_pct: float = 300.0,
        drop: Sequence[tuple[float, float]] = (),
        disconnect_at: Sequence[float] = (),
    ) -> None:
        if len(samples) == 0:
            raise ValueError("a shoe needs samples")
        self.info = info
        self.name = advertised_name(info.side, info.serial)
        self.finished = asyncio.Event()
        self.identified: list[Signal] = []
        self._air = air
        self._mtu = mtu
        self._offset_us = offset_us
        self._battery = (battery_pct, battery_s_per_pct)
        self._told_pct = battery_pct
        self._drop = list(drop)
        self._disconnect_at = sorted(disconnect_at)
        self._time_s = samples.time_s
        self._due_s = samples.time_s - samples.time_s[0] if due_s is None else due_s
        self._packets = PacketMaker(samples, info, first_seq, offset_us)
        self._streaming: asyncio.Task[None] | None = None
        self._attributes = Attributes(
            info, self._on_command, lambda: encode_info(info), lambda: bytes([self.battery_pct])
        )
        self._device: Device | None = None

    @property
    def address(self) -> str:
        return str(self._host.random_address).split("/")[0]

    @property
    def streaming(self) -> bool:
        return self._streaming is not None and not self._streaming.done()

    @property
    def packets_made(self) -> int:
        """Packets so far, sent or dropped."""
        return self._packets.made

    @property
    def battery_pct(self) -> int:
        full, s_per_pct = self._battery
        return max(1, full - int(self._air.time.run_s / s_per_pct))

    @property
    def device_us(self) -> int:
        """The shoe's clock now, in µs, as on the wire."""
        now_s = float(np.interp(self._air.time.run_s, self._due_s, self._time_s))
        return (round(now_s * 1e6) + self._offset_us) % TIME_MODULO_US

    async def __aenter__(self) -> Self:
        self._air.time.expect(self)
        self._device = await self._air.add_host(self.name)
        self._host.gatt_server.max_mtu = self._mtu
        self._host.add_services(self._attributes.services)
        self._host.on(Device.EVENT_CONNECTION, self._on_connection)
        await self._host.create_advertising_set(
            advertising_parameters=AdvertisingParameters(
                advertising_event_properties=AdvertisingEventProperties(is_connectable=True),
                primary_advertising_interval_min=ADVERTISING_MS,
                primary_advertising_interval_max=ADVERTISING_MS,
            ),
            random_address=self._host.random_address,
            advertising_data=advertisement(self.info),
            auto_restart=True,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._air.time.withdraw(self)
        await self._stop()
        for advertising in list(self._host.extended_advertising_sets.values()):
            await advertising.remove()
        await self._air.remove_host(self._host)

    @property
    def _host(self) -> Device:
        if self._device is None:
            raise RuntimeError("the shoe is not switched on; use `async with`")
        return self._device

    def _on_connection(self, connection: Connection) -> None:
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, _: int) -> None:
        if self._streaming is not None:
            self._streaming.cancel()

    async def _on_command(self, connection: Connection, data: bytes) -> None:
        try:
            command = decode_command(data)
        except RefusedError as refused:
            answer = refused.answer
        else:
            answer = await self._answer(command, connection)
        await self._host.notify_subscriber(
            connection, self._attributes.control, encode_answer(answer)
        )

    async def _answer(self, command: Command, connection: Connection) -> Answer:
        done = Answer(command.opcode, Status.DONE)
        match command.opcode:
            case Opcode.START:
                if not self.streaming:
                    self._streaming = asyncio.create_task(self._stream(connection))
            case Opcode.STOP:
                await self._stop()
            case Opcode.SET_RATE:
                return self._set(command, (self.info.rate_hz,))
            case Opcode.SET_RANGES:
                gyr_range_dps = self.info.gyr_range_dps or 0.0
                return self._set(command, (self.info.acc_range_g or 0.0, gyr_range_dps))
            case Opcode.QUERY_TIME:
                return Answer(command.opcode, Status.DONE, (self.device_us,))
            case Opcode.IDENTIFY:
                if command.values[0] not in list(Signal):
                    return Answer(command.opcode, Status.NOT_SUPPORTED)
                self.identified.append(Signal(command.values[0]))
        return done

    def _set(self, command: Command, in_force: tuple[float, ...]) -> Answer:
        """The samples are as they are, so only what is in force already can be set."""
        if self.streaming:
            return Answer(command.opcode, Status.BUSY, in_force)
        same = np.allclose(command.values, in_force, rtol=0, atol=0.005)
        return Answer(command.opcode, Status.DONE if same else Status.NOT_SUPPORTED, in_force)

    async def _stop(self) -> None:
        if self._streaming is not None:
            self._streaming.cancel()
            await asyncio.wait({self._streaming})
        self._streaming = None

    async def _stream(self, connection: Connection) -> None:
        time = self._air.time
        try:
            await time.begin(self)
            if time.speed is not None:
                oldest_s = time.run_s - FIFO_S * max(1.0, time.speed)
                self._packets.skip(int(np.searchsorted(self._due_s, oldest_s)))
            while not self._packets.used_up:
                part, payload = self._packets.make(connection.att_mtu)
                due_s = float(self._due_s[part.stop - 1])
                await time.until(self, due_s)
                if not any(start <= due_s < end for start, end in self._drop):
                    await self._send(connection, payload)
                await self._tell_battery(connection)
                if self._disconnect_at and due_s >= self._disconnect_at[0]:
                    self._disconnect_at.pop(0)
                    await connection.disconnect()
                    return
            self.finished.set()
        finally:
            time.leave(self)

    async def _send(self, connection: Connection, payload: bytes) -> None:
        """Returns when the controller has taken it, so that nothing piles up."""
        await self._host.notify_subscriber(connection, self._attributes.stream, payload)
        queue = self._host.host.le_acl_packet_queue
        if queue is not None and queue.pending and connection.handle in self._host.connections:
            await queue.drain(connection.handle)

    async def _tell_battery(self, connection: Connection) -> None:
        if self.battery_pct != self._told_pct:
            self._told_pct = self.battery_pct
            await self._host.notify_subscriber(connection, self._attributes.battery)
