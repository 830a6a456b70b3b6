"""Which radio is used: the machine's adapter, or another that speaks bleak's backend interface."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback, BaseBleakScanner
from bleak_retry_connector import establish_connection

ATTEMPTS = 1  # passing failures of the system do not count; whoever connects tries again


@dataclass(frozen=True, slots=True)
class Radio:
    """Backends for bleak's scanner, client and adapter; None is the machine's own."""

    scanner_backend: type[BaseBleakScanner] | None = None
    client_backend: type[BaseBleakClient] | None = None
    adapter_backend: type[BaseBleakAdapter] | None = None

    def scanner(self, on_seen: AdvertisementDataCallback) -> BleakScanner:
        """A scanner for whatever advertises: many sensors are known by their name alone."""
        return BleakScanner(on_seen, **_backend(self.scanner_backend))

    async def connect(
        self, device: BLEDevice, on_lost: Callable[[BleakClient], None], timeout_s: float
    ) -> BleakClient:
        """A client whose services are known. Raises RADIO_ERRORS.

        `on_lost` may also be told of attempts that failed before the one that did not.
        """
        async with asyncio.timeout(timeout_s):
            return await establish_connection(
                BleakClient,
                device,
                device.name or device.address,
                on_lost,
                ATTEMPTS,
                **_backend(self.client_backend),
            )

    async def connected(self) -> set[str]:
        """Addresses of what this machine is connected to, which no scan finds, as it does not
        advertise. Raises RADIO_ERRORS."""
        adapter = await BleakAdapter.get(**_backend(self.adapter_backend))
        return {device.address for device in await adapter.get_connected_devices()}


def _backend(backend: type | None) -> dict[str, Any]:
    return {} if backend is None else {"backend": backend}
