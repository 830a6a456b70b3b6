"""One connection to one sensor: what is read, written and subscribed over it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator
from typing import TypeVar

import msgspec
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice

from gait.ble.radio import Radio
from gait.model import SensorInfo
from gait.sensors import Profile
from gait.sensors.profile import Expect, Read, Request, Subscribe, Write

SERIAL_UUID = "00002a25-0000-1000-8000-00805f9b34fb"
FIRMWARE_UUID = "00002a26-0000-1000-8000-00805f9b34fb"

CONNECT_S = 10.0

T = TypeVar("T")


class SensorConnection:
    """From connecting to disconnecting, once. Methods raise RADIO_ERRORS.

    `on_packet` is given the characteristic and the payload of what the profile's streams notify.
    """

    def __init__(
        self,
        device: BLEDevice,
        profile: Profile,
        radio: Radio,
        on_lost: Callable[[], None],
        on_packet: Callable[[str, bytes], None],
    ) -> None:
        self._profile = profile
        self._on_packet = on_packet
        self._client: BleakClient = radio.client(device, lambda _: on_lost(), CONNECT_S)
        self._subscribed: set[str] = set()
        self._answers: defaultdict[str, asyncio.Queue[bytes]] | None = None
        self._turn = asyncio.Lock()

    async def connect(self) -> None:
        await self._client.connect()

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

    async def described(self, info: SensorInfo) -> SensorInfo:
        """With serial number and firmware from the device information, where `info` lacks them."""
        return msgspec.structs.replace(
            info,
            serial=info.serial or await self._text(SERIAL_UUID),
            firmware=info.firmware or await self._text(FIRMWARE_UUID),
        )

    async def watch_battery(self, on_percent: Callable[[int], None]) -> None:
        """Tell the battery's level now and whenever it changes, where the sensor knows it."""
        level = self._characteristic(self._profile.battery_uuid)
        if level is None:
            return

        def on_level(_: BleakGATTCharacteristic, data: bytearray) -> None:
            if data:
                on_percent(data[0])

        on_level(level, await self._client.read_gatt_char(level))
        if "notify" in level.properties:
            await self._client.start_notify(level, on_level)

    async def stop(self) -> None:
        """Stop the stream, unsubscribe and disconnect; disconnects in any case."""
        try:
            if self._client.is_connected:
                await self.run(self._profile.stop())
                for uuid in self._subscribed.intersection(self._profile.streams):
                    await self._client.stop_notify(uuid)
        finally:
            await self.disconnect()

    async def disconnect(self) -> None:
        await self._client.disconnect()

    async def _do(self, request: Request, answers: defaultdict[str, asyncio.Queue[bytes]]) -> bytes:
        match request:
            case Read(uuid, may_be_missing):
                if may_be_missing and self._characteristic(uuid) is None:
                    return b""
                return bytes(await self._client.read_gatt_char(uuid))
            case Write(uuid, data, with_response):
                answers.clear()
                await self._client.write_gatt_char(uuid, data, response=with_response)
            case Subscribe(uuid):
                if uuid not in self._subscribed:
                    await self._client.start_notify(uuid, self._hears(uuid))
                self._subscribed.add(uuid)
            case Expect(uuid, seconds, may_be_missing):
                try:
                    async with asyncio.timeout(seconds):
                        return await answers[uuid].get()
                except TimeoutError:
                    if not may_be_missing:
                        raise
        return b""

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
        data = await self._client.read_gatt_char(characteristic)
        return data.split(b"\0", 1)[0].decode("utf-8", errors="replace").strip()
