"""Finding shoe sensors by the service they advertise."""

import asyncio
import contextlib
from dataclasses import dataclass

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from gait.ble.problems import radio_errors
from gait.ble.radio import Radio
from gait.model import Side
from gait.sensors import PROFILES, Profile, profile_of_services

SCAN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSensor:
    """A sensor that advertises; `side` where its name says so, `rssi` in dBm."""

    name: str
    address: str
    rssi: int
    profile: Profile
    side: Side | None
    device: BLEDevice

    @property
    def label(self) -> str:
        return self.name or self.address


async def scan(
    seconds: float = SCAN_S, radio: Radio | None = None, *, enough: int | None = None
) -> list[FoundSensor]:
    """Sensors in reach, the nearest first; may be empty.

    Ends before `seconds` are over as soon as `enough` sensors have said their name. Raises
    GaitError where Bluetooth cannot be used.
    """
    found: dict[str, FoundSensor] = {}
    complete = asyncio.Event()

    def on_seen(device: BLEDevice, said: AdvertisementData) -> None:
        kind = profile_of_services(said.service_uuids)
        if kind is None:
            return
        found[device.address] = _found(device, said, kind)
        if enough is not None and sum(bool(sensor.name) for sensor in found.values()) >= enough:
            complete.set()

    services = [kind.service_uuid for kind in PROFILES.values()]
    with radio_errors():
        async with (radio or Radio()).scanner(services, on_seen):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await complete.wait()
    return sorted(found.values(), key=lambda sensor: -sensor.rssi)


def _found(device: BLEDevice, said: AdvertisementData, kind: Profile) -> FoundSensor:
    name = said.local_name or device.name or ""
    return FoundSensor(
        name=name,
        address=device.address,
        rssi=said.rssi,
        profile=kind,
        side=kind.advertised_side(name),
        device=device,
    )
