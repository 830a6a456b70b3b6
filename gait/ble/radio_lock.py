"""Taking turns at the radio, which connects one sensor at a time and looks for all at once."""

import asyncio
import contextlib
from typing import Self

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from gait.ble.radio import Radio

HUNG_S = 2.0  # for a system that does not begin or end a scan: it is not to hold all the others


class Turn:
    """Shared by all sensors of a radio; `async with` it to connect one, as adapters refuse more."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._sought: set[str] = set()
        self._seen: dict[str, BLEDevice] = {}
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self._lock.acquire()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()

    async def find(self, radio: Radio, address: str, seconds: float) -> BLEDevice | None:
        """The device with this address, as soon as it advertises; None where it does not.

        Whoever looks looks for all that are sought, and ends as soon as one of them is there: so
        one that is gone for good does not keep the others waiting. Raises RADIO_ERRORS.
        """
        wanted = address.casefold()
        self._sought.add(wanted)
        try:
            async with self._lock:
                if wanted not in self._seen:
                    await self._look(radio, seconds)
            return self._seen.get(wanted)
        finally:
            self._sought.discard(wanted)
            self._seen.pop(wanted, None)

    async def _look(self, radio: Radio, seconds: float) -> None:
        self._news.clear()
        async with asyncio.timeout(seconds + HUNG_S), radio.scanner(self._on_seen):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._news.wait()

    def _on_seen(self, device: BLEDevice, _: AdvertisementData) -> None:
        address = device.address.casefold()
        if address in self._sought:
            self._seen[address] = device
            self._news.set()
