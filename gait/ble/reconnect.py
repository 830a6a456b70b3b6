"""Reaching one sensor, also when it was away: connect in turn, look for it, and wait longer each
time."""

import asyncio
import contextlib
from collections.abc import Callable

from bleak.exc import BleakCharacteristicNotFoundError, BleakDeviceNotFoundError

from gait.ble.connection import REQUEST_S, SensorConnection
from gait.ble.listening import FoundSensor
from gait.ble.problems import RADIO_ERRORS
from gait.ble.radio import Radio, RadioLock
from gait.sensors.profile import Ready, Wanted

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 4.0  # with `FIND_S` and a connection less than 10 s: so soon it is back
FIRST_REQUEST_S = 40.0  # at first somebody may have to allow the pairing in a window
FIND_S = 3.0
CLOSE_S = 3.0


class Reconnector:
    """`connection` is the one there is, or is being made. Methods raise RADIO_ERRORS. `turn` is
    shared by all sensors."""

    def __init__(self, found: FoundSensor, radio: Radio, turn: RadioLock) -> None:
        self.connection: SensorConnection | None = None
        self._found = found
        self._device = found.device
        self._address = found.address
        self._radio = radio
        self._turn = turn
        self._pause_s = FIRST_PAUSE_S
        self._request_s = FIRST_REQUEST_S
        self._forgot = False  # the table of its services, once

    async def open(
        self, wanted: Wanted, on_lost: Callable[[], None], on_packet: Callable[[str, bytes], None]
    ) -> tuple[SensorConnection, Ready]:
        """Connect and set up; where it lacks a characteristic, once more without the table of its
        services that the system remembers, as that is of an older firmware after an update.

        The connection stays until `drop`, also where this fails.
        """
        try:
            return await self._open(wanted, on_lost, on_packet)
        except BleakCharacteristicNotFoundError:
            if self._forgot or not await self._radio.forget_services(self._device):
                raise
            self._forgot = True
        if not await self.is_there():
            raise BleakDeviceNotFoundError(self._found.address)
        return await self._open(wanted, on_lost, on_packet, ask_services=True)

    async def _open(
        self,
        wanted: Wanted,
        on_lost: Callable[[], None],
        on_packet: Callable[[str, bytes], None],
        *,
        ask_services: bool = False,
    ) -> tuple[SensorConnection, Ready]:
        await self.drop()
        connection = self.connection = SensorConnection(
            self._device,
            self._found.profile,
            self._radio,
            on_lost=on_lost,
            on_packet=on_packet,
            request_s=self._request_s,
        )
        async with self._turn:
            await connection.connect(ask_services=ask_services)
        ready = await connection.set_up(wanted)
        self._address = ready.info.address
        self._request_s = REQUEST_S
        return connection, ready

    async def drop(self) -> None:
        """Leave nothing of a connection that failed, or is not needed any more."""
        connection, self.connection = self.connection, None
        if connection is not None:
            with contextlib.suppress(*RADIO_ERRORS):  # it is gone in any case
                async with asyncio.timeout(CLOSE_S):
                    await connection.disconnect()

    async def is_there(self) -> bool:
        """It advertises, or the system has connected it again by itself."""
        seen = await self._turn.find(self._radio, self._address, FIND_S)
        self._device = seen or self._device
        if seen is not None:
            return True
        async with asyncio.timeout(FIND_S):
            return self._address in await self._radio.connected()

    async def pause(self) -> None:
        """Before it is tried again; each is longer until one was reached as wanted."""
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)

    def reached(self) -> None:
        self._pause_s = FIRST_PAUSE_S
