"""A host without the program's own client: bytes in, bytes out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bleak import BleakClient

from gait.ble import scan
from gait.sensors import shoegait
from gait.sensors.shoegait_control import (
    Answer,
    Command,
    Opcode,
    decode_answer,
    encode_command,
)
from gait.virtual import VirtualAir


class Terminal:
    """Writes to the control point and waits for the answer, all in hex."""

    def __init__(self, client: BleakClient) -> None:
        self._client = client
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()

    async def open(self) -> "Terminal":
        await self._client.start_notify(
            shoegait.CONTROL_UUID, lambda _, data: self._answers.put_nowait(bytes(data))
        )
        return self

    async def ask(self, command: str) -> str:
        return (await self.write(bytes.fromhex(command))).hex(" ")

    async def write(self, data: bytes) -> bytes:
        await self._client.write_gatt_char(shoegait.CONTROL_UUID, data, response=True)
        async with asyncio.timeout(2):
            return await self._answers.get()


class PlainHost:
    """Connected to one shoe; `came` has all notifications of its stream."""

    def __init__(self, client: BleakClient, terminal: Terminal, came: list[bytes]) -> None:
        self.client = client
        self.came = came
        self._terminal = terminal

    async def ask(self, opcode: Opcode, *values: float) -> Answer:
        written = encode_command(Command(opcode, values))
        return decode_answer(await self._terminal.write(written))

    async def write(self, data: bytes) -> bytes:
        """Write to the control point; the answer."""
        return await self._terminal.write(data)

    async def wait_for(self, what) -> None:
        """Until `what()` is true."""
        async with asyncio.timeout(10):
            while not what():  # noqa: ASYNC110 - of anything, not of an event
                await asyncio.sleep(0.005)

    async def quiet(self) -> None:
        """Until nothing more comes."""
        before = -1
        while before != len(self.came):
            before = len(self.came)
            await asyncio.sleep(0.05)


@asynccontextmanager
async def plain_client(air: VirtualAir) -> AsyncIterator[BleakClient]:
    """Finds the one shoe in `air` and connects, no more."""
    (found,) = await scan(5, air.radio, enough=1)
    client = await air.radio.connect(found.device, lambda _: None, 5.0)
    try:
        yield client
    finally:
        await client.disconnect()


@asynccontextmanager
async def plain_host(air: VirtualAir, came: list[bytes] | None = None) -> AsyncIterator[PlainHost]:
    """Finds the one shoe in `air`, connects and subscribes."""
    came = [] if came is None else came
    async with plain_client(air) as client:
        terminal = await Terminal(client).open()
        await client.start_notify(shoegait.STREAM_UUID, lambda _, data: came.append(bytes(data)))
        yield PlainHost(client, terminal, came)
