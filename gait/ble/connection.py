"""One connection to one sensor: what is read, written and subscribed over it."""

import asyncio
from collections.abc import Callable

import msgspec
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice

from gait.ble.radio import Radio
from gait.model import SensorInfo
from gait.sensors import Profile

BATTERY_LEVEL_UUID = "00002a19-0000-1000-8000-00805f9b34fb"
SERIAL_UUID = "00002a25-0000-1000-8000-00805f9b34fb"
FIRMWARE_UUID = "00002a26-0000-1000-8000-00805f9b34fb"

CONNECT_S = 10.0
ANSWER_S = 5.0


class SensorConnection:
    """From connecting to disconnecting, once. Methods raise RADIO_ERRORS."""

    def __init__(
        self, device: BLEDevice, profile: Profile, radio: Radio, on_lost: Callable[[], None]
    ) -> None:
        self._profile = profile
        self._client: BleakClient = radio.client(device, lambda _: on_lost(), CONNECT_S)
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()

    async def connect(self) -> None:
        await self._client.connect()
        await self._client.start_notify(self._profile.control_uuid, self._on_answer)

    async def info(self, name: str, address: str) -> SensorInfo:
        """What the sensor says of itself. Raises InputError where that cannot be read."""
        data = await self._client.read_gatt_char(self._profile.info_uuid)
        info = self._profile.decode_info(bytes(data), name, address)
        return msgspec.structs.replace(
            info,
            serial=info.serial or await self._text(SERIAL_UUID),
            firmware=info.firmware or await self._text(FIRMWARE_UUID),
        )

    async def command(self, data: bytes) -> str | None:
        """Write a command and wait for its answer; why it was refused, or None."""
        while not self._answers.empty():  # answers that came too late for their command
            self._answers.get_nowait()
        await self._client.write_gatt_char(self._profile.control_uuid, data, response=True)
        async with asyncio.timeout(ANSWER_S):
            return self._profile.refusal(await self._answers.get())

    async def watch_battery(self, on_percent: Callable[[int], None]) -> None:
        """Tell the battery's level now and whenever it changes, where the sensor knows it."""
        level = self._characteristic(BATTERY_LEVEL_UUID)
        if level is None:
            return

        def on_level(_: BleakGATTCharacteristic, data: bytearray) -> None:
            if data:
                on_percent(data[0])

        on_level(level, await self._client.read_gatt_char(level))
        if "notify" in level.properties:
            await self._client.start_notify(level, on_level)

    async def subscribe(self, on_packet: Callable[[bytes], None]) -> None:
        def on_notification(_: BleakGATTCharacteristic, data: bytearray) -> None:
            on_packet(bytes(data))

        await self._client.start_notify(self._profile.stream_uuid, on_notification)

    async def stop(self) -> None:
        """Stop the stream, unsubscribe and disconnect; disconnects in any case."""
        try:
            if self._client.is_connected:
                for data in self._profile.stop_commands():
                    await self.command(data)
                await self._client.stop_notify(self._profile.stream_uuid)
        finally:
            await self.disconnect()

    async def disconnect(self) -> None:
        await self._client.disconnect()

    def _on_answer(self, _: BleakGATTCharacteristic, data: bytearray) -> None:
        self._answers.put_nowait(bytes(data))

    def _characteristic(self, uuid: str) -> BleakGATTCharacteristic | None:
        return self._client.services.get_characteristic(uuid)

    async def _text(self, uuid: str) -> str:
        characteristic = self._characteristic(uuid)
        if characteristic is None:
            return ""
        data = await self._client.read_gatt_char(characteristic)
        return data.split(b"\0", 1)[0].decode("utf-8", errors="replace").strip()
