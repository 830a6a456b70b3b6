"""One connection to one sensor: what is read, written and subscribed over it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any, TypeVar

import msgspec
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakCharacteristicNotFoundError, BleakError

from gait.ble import bluez, platforms
from gait.ble.radio import Radio
from gait.model import SensorInfo
from gait.sensors import Profile
from gait.sensors.profile import (
    BATTERY_UUID,
    Expect,
    Pair,
    Read,
    Ready,
    Request,
    Subscribe,
    Wanted,
    Write,
)

SERIAL_UUID = "00002a25-0000-1000-8000-00805f9b34fb"
FIRMWARE_UUID = "00002a26-0000-1000-8000-00805f9b34fb"

CONNECT_S = 15.0
PAIR_S = 40.0
REQUEST_S = 10.0  # some systems wait for ever for what a radio that is off cannot send
NOT_PAIRED = "It did not pair with this machine, so what it sends is not encrypted."

T = TypeVar("T")


class SensorConnection:
    """From connecting to disconnecting, once. Methods raise RADIO_ERRORS.

    `on_packet` is given the characteristic and the payload of what the profile's streams notify;
    `request_s` bounds what is read, written or subscribed to;
    `paired` and `refused_to_pair` say what came of the profile's wish to pair, if it has it.
    """

    def __init__(
        self,
        device: BLEDevice,
        profile: Profile,
        radio: Radio,
        on_lost: Callable[[], None],
        on_packet: Callable[[str, bytes], None],
        request_s: float = REQUEST_S,
    ) -> None:
        self.paired = False
        self.refused_to_pair = False
        self._device = device
        self._profile = profile
        self._radio = radio
        self._on_lost = on_lost
        self._on_packet = on_packet
        self._request_s = request_s
        self._connected: BleakClient | None = None
        self._asked_for: Any = None
        self._subscribed: set[str] = set()
        self._answers: defaultdict[str, asyncio.Queue[bytes]] | None = None
        self._turn = asyncio.Lock()

    async def connect(self, *, ask_services: bool = False) -> None:
        """`ask_services`: whatever this system knows of them from before."""
        try:
            client = await self._radio.connect(
                self._device, self._on_disconnected, CONNECT_S, ask_services=ask_services
            )
        except BleakError as error:
            if platforms.forgot_us(self._device, error):
                raise platforms.PairingError(str(error)) from error
            raise
        self._connected = client
        self.check_connected()  # it may have gone before we could be told
        self._asked_for = platforms.ask_for_short_interval(client)

    async def set_up(self, wanted: Wanted) -> Ready:
        """The sensor as it is, with the address by which this machine knows it from now on, and
        with serial number and firmware from its device information where its kind does not tell
        them. Raises InputError where it cannot be read."""
        for uuid in self._profile.streams:
            if self._characteristic(uuid) is None:
                raise BleakCharacteristicNotFoundError(uuid)
        ready = await self.run(self._profile.set_up(wanted))
        return replace(ready, info=await self._described(ready.info))

    @property
    def mtu(self) -> int | None:
        """The ATT MTU as the streams have it; None where nobody tells it."""
        streams = map(self._characteristic, self._profile.streams)
        return next((platforms.mtu(stream) for stream in streams if stream is not None), None)

    def remarks(self, info: SensorInfo) -> list[str]:
        """In a sentence each, what is not as well with this link as it could be."""
        said = [NOT_PAIRED] if self.refused_to_pair else []
        packets_per_s, mtu = self._profile.packets_per_s, self.mtu
        if packets_per_s is not None and mtu is not None:
            per_s = packets_per_s(info, mtu)
            if per_s > platforms.MOST_PACKETS_PER_S:
                said.append(
                    f"Its packets are small (MTU {mtu}): at {info.rate_hz:g} Hz it has to send "
                    f"{per_s:.0f} a second, more than many adapters take, so there may be gaps; "
                    "another Bluetooth adapter or a lower rate helps."
                )
        return said

    async def run(self, dialogue: Generator[Request, bytes, T]) -> T:
        """Do what the dialogue asks for, one after another; what it returns. Others wait."""
        async with self._turn:
            self._answers = defaultdict(asyncio.Queue)
            answer: bytes | None = None
            try:
                while True:
                    request = next(dialogue) if answer is None else dialogue.send(answer)
                    answer = await self._do(request, self._answers)
            except StopIteration as end:
                return end.value
            finally:
                self._answers = None
                dialogue.close()

    async def watch_battery(self, on_percent: Callable[[int], None]) -> None:
        """Tell the battery's level now and whenever it changes, where the sensor knows it."""
        level = self._characteristic(self._profile.battery_uuid)
        if level is None:
            if self._profile.battery_uuid == BATTERY_UUID:
                await bluez.watch_battery(self._client, on_percent)
            return

        def on_level(_: BleakGATTCharacteristic, data: bytearray) -> None:
            if data:
                on_percent(data[0])

        on_level(level, bytearray(await self._read(level)))
        if "notify" in level.properties:
            async with asyncio.timeout(self._request_s):
                await self._client.start_notify(level, on_level)

    def check_connected(self) -> None:
        """Raises BleakError where the link was lost already."""
        if not self._client.is_connected:
            raise BleakError("the connection was lost")

    async def stop(self) -> None:
        """Stop the stream, unsubscribe and disconnect; disconnects in any case."""
        try:
            if self._connected is not None and self._connected.is_connected:
                await self.run(self._profile.stop())
                for uuid in self._subscribed.intersection(self._profile.streams):
                    await self._client.stop_notify(uuid)
        finally:
            await self.disconnect()

    async def disconnect(self) -> None:
        if self._connected is not None:
            await self._connected.disconnect()

    @property
    def _client(self) -> BleakClient:
        if self._connected is None:
            raise BleakError("it is not connected")
        return self._connected

    def _on_disconnected(self, client: BleakClient) -> None:
        if client is self._connected:  # no attempt that failed
            self._on_lost()

    async def _do(self, request: Request, answers: defaultdict[str, asyncio.Queue[bytes]]) -> bytes:
        match request:
            case Expect(uuid, seconds, may_be_missing):
                try:
                    async with asyncio.timeout(seconds):
                        return await answers[uuid].get()
                except TimeoutError:
                    if not may_be_missing:
                        raise
            case Pair():
                async with asyncio.timeout(PAIR_S):
                    await self._pair()
            case Write(uuid, data, with_response):
                answers.clear()
                async with asyncio.timeout(self._request_s):
                    await self._client.write_gatt_char(uuid, data, response=with_response)
            case Subscribe(uuid):
                if uuid not in self._subscribed:
                    async with asyncio.timeout(self._request_s):
                        await self._client.start_notify(uuid, self._hears(uuid))
                self._subscribed.add(uuid)
            case Read(uuid, may_be_missing):
                if not may_be_missing or self._characteristic(uuid) is not None:
                    return await self._read(uuid)
        return b""

    async def _read(self, characteristic: str | BleakGATTCharacteristic) -> bytes:
        async with asyncio.timeout(self._request_s):
            return bytes(await self._client.read_gatt_char(characteristic))

    async def _pair(self) -> None:
        """A sensor that only offers it does without; one that needs it will refuse commands."""
        try:
            self.paired = await platforms.pair(self._client)
        except platforms.PairingError:
            if not self._client.is_connected:
                raise
            self.refused_to_pair = True

    async def _described(self, info: SensorInfo) -> SensorInfo:
        return msgspec.structs.replace(
            info,
            address=await bluez.address(self._client),
            serial=info.serial or await self._text(SERIAL_UUID),
            firmware=info.firmware or await self._text(FIRMWARE_UUID),
        )

    def _hears(self, uuid: str) -> Callable[[BleakGATTCharacteristic, bytearray], None]:
        """What is done with a notification of this characteristic."""
        streamed = uuid in self._profile.streams

        def on_notification(_: BleakGATTCharacteristic, data: bytearray) -> None:
            payload = bytes(data)
            if self._answers is not None:
                self._answers[uuid].put_nowait(payload)
            if streamed:
                self._on_packet(uuid, payload)

        return on_notification

    def _characteristic(self, uuid: str) -> BleakGATTCharacteristic | None:
        return self._client.services.get_characteristic(uuid)

    async def _text(self, uuid: str) -> str:
        characteristic = self._characteristic(uuid)
        if characteristic is None:
            return ""
        data = await self._read(characteristic)
        return data.split(b"\0", 1)[0].decode("utf-8", errors="replace").strip()
