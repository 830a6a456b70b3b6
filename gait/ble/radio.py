"""Which radio is used: the machine's adapter, or another that speaks bleak's backend interface."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bleak import BleakClient, BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback, BaseBleakScanner


@dataclass(frozen=True, slots=True)
class Radio:
    """Backends for bleak's scanner and client; None is the machine's own adapter."""

    scanner_backend: type[BaseBleakScanner] | None = None
    client_backend: type[BaseBleakClient] | None = None

    def scanner(self, on_seen: AdvertisementDataCallback) -> BleakScanner:
        """A scanner for whatever advertises: many sensors are known by their name alone."""
        return BleakScanner(on_seen, **_backend(self.scanner_backend))

    def client(
        self, device: BLEDevice, on_lost: Callable[[BleakClient], None], timeout_s: float
    ) -> BleakClient:
        return BleakClient(device, on_lost, timeout=timeout_s, **_backend(self.client_backend))

    async def find(self, address: str, timeout_s: float) -> BLEDevice | None:
        """The device with this address, as soon as it advertises; None where it does not."""
        return await BleakScanner.find_device_by_address(
            address, timeout_s, **_backend(self.scanner_backend)
        )


def _backend(backend: type | None) -> dict[str, Any]:
    return {} if backend is None else {"backend": backend}
