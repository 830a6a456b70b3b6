"""Reaching one sensor, also when it was away: connect in turn, look for it, and wait longer each
time."""

import asyncio
import contextlib
from collections.abc import Callable

from gait.ble.connection import SensorConnection
from gait.ble.listening import FoundSensor
from gait.ble.problems import RADIO_ERRORS
from gait.ble.radio import Radio
from gait.ble.turn import Turn

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
FIND_S = 3.0
CLOSE_S = 3.0


class Reach:
    """Methods raise RADIO_ERRORS. `turn` is shared by all sensors."""

    def __init__(self, found: FoundSensor, radio: Radio, turn: Turn) -> None:
        self._found = found
        self._device = found.device
        self._radio = radio
        self._turn = turn
        self._pause_s = FIRST_PAUSE_S

    def connection(
        self, on_lost: Callable[[], None], on_packet: Callable[[str, bytes], None]
    ) -> SensorConnection:
        """One to be connected with `connect`."""
        return SensorConnection(
            self._device, self._found.profile, self._radio, on_lost=on_lost, on_packet=on_packet
        )

    async def connect(self, connection: SensorConnection) -> None:
        async with self._turn:
            await connection.connect()

    async def is_there(self) -> bool:
        """It advertises, or the system has connected it again by itself."""
        seen = await self._turn.find(self._radio, self._found.address, FIND_S)
        self._device = seen or self._device
        return seen is not None or self._found.address in await self._radio.connected()

    async def pause(self) -> None:
        """Before it is tried again; each is longer until one was reached as wanted."""
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)

    def reached(self) -> None:
        self._pause_s = FIRST_PAUSE_S


async def drop(connection: SensorConnection | None) -> None:
    """Leave nothing of a connection that failed, or is not needed any more."""
    if connection is not None:
        with contextlib.suppress(*RADIO_ERRORS):  # it is gone in any case
            async with asyncio.timeout(CLOSE_S):
                await connection.disconnect()
