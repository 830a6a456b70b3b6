"""Which radio is used: the machine's adapter, or another that speaks bleak's backend interface.

Taking turns at the radio, which connects one sensor at a time and looks for all at once.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak_retry_connector import clear_cache, establish_connection, get_device

from gait.ble import bluez, platforms
from gait.ble.problems import RADIO_ERRORS, in_words
from gait.model import UsageError

HUNG_S = 2.0  # for a system that does not begin or end a scan: it is not to hold all the others


ATTEMPTS = 1  # passing failures of the system do not count; whoever connects tries again
FORGET_S = 2.0
STATUS_TIMEOUT_S = 4.0


@dataclass(frozen=True, slots=True)
class Radio:
    """Backends for bleak's scanner, client and adapter; None is the machine's own, and of several
    adapters that named `adapter`, as "hci1". Only BlueZ lets a program choose."""

    scanner_backend: type[BaseBleakScanner] | None = None
    client_backend: type[BaseBleakClient] | None = None
    adapter_backend: type[BaseBleakAdapter] | None = None
    adapter: str = ""

    def scanner(self, on_seen: AdvertisementDataCallback) -> BleakScanner:
        """A scanner for whatever advertises: many sensors are known by their name alone."""
        return BleakScanner(on_seen, **self._chosen(self.scanner_backend))

    async def connect(
        self,
        device: BLEDevice,
        on_lost: Callable[[BleakClient], None],
        timeout_s: float,
        *,
        ask_services: bool = False,
    ) -> BleakClient:
        """A client whose services are known; with `ask_services` the device is asked for them, and
        no table of an earlier connection is used. Raises RADIO_ERRORS.

        `on_lost` may also be told of attempts that failed before the one that did not.
        """
        winrt = {"winrt": {"use_cached_services": False}} if ask_services else {}
        async with asyncio.timeout(timeout_s):
            return await establish_connection(
                BleakClient,
                device,
                device.name or device.address,
                on_lost,
                ATTEMPTS,
                use_services_cache=not ask_services,
                **winrt,
                **self._chosen(self.client_backend),
            )

    async def forget_services(self, device: BLEDevice) -> bool:
        """Forget which services the device had; False where this system has nothing to forget.
        With BlueZ it is then found again by a scan alone, and one that is paired is left, as its
        keys would go, too."""
        if self.client_backend is not None or platforms.is_paired(device):
            return False
        if sys.platform == "win32":
            return True
        forgot = await clear_cache(device.address)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FORGET_S):
                while forgot and await get_device(device.address):  # noqa: ASYNC110 - of bleak
                    await asyncio.sleep(0.05)
        return forgot

    async def connected(self) -> set[str]:
        """Addresses of what this machine is connected to, which no scan finds, as it does not
        advertise. Raises RADIO_ERRORS."""
        adapter = await BleakAdapter.get(**self._chosen(self.adapter_backend))
        return {device.address for device in await adapter.get_connected_devices()}

    def service_watched(
        self, on_gone: Callable[[], None]
    ) -> contextlib.AbstractAsyncContextManager[None]:
        """While the block runs, `on_gone` is called when the system's Bluetooth service ends,
        where it would not be noticed otherwise."""
        if self.client_backend is not None:
            return contextlib.nullcontext()
        return bluez.service_watched(on_gone)

    def _chosen(self, backend: type | None) -> dict[str, Any]:
        if backend is not None:
            return {"backend": backend}
        return {"bluez": {"adapter": self.adapter}} if self.adapter else {}


def radio_of(adapter: str | None) -> Radio:
    """The machine's radio, with the adapter of this name where one is named. Raises UsageError
    where the system does not let a program choose."""
    if adapter and sys.platform != "linux":
        raise UsageError(
            "Only Linux lets a program choose the Bluetooth adapter; leave out --adapter, and "
            "choose it in the settings of this system."
        )
    return Radio(adapter=adapter or "")


def adapter_status(radio: Radio | None = None) -> str | None:
    """None where the Bluetooth adapter of `radio`, or else of this machine, can be used, else a
    sentence that says why not.

    Takes a few seconds at most. Runs an event loop of its own, so call it from outside of one.
    """
    try:
        asyncio.run(_try(radio or Radio()))
    except RADIO_ERRORS as error:
        return in_words(error)
    return None


async def _try(radio: Radio) -> None:
    async with asyncio.timeout(STATUS_TIMEOUT_S), radio.scanner(lambda _, __: None):
        pass


class RadioLock:
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
