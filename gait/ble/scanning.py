"""Finding shoe sensors by what they advertise."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from gait.ble.problems import radio_errors
from gait.ble.radio import Radio
from gait.model import Side
from gait.sensors import Profile, recognised

SCAN_S = 5.0

NOBODY_SAID: Mapping[Side, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSensor:
    """A sensor that advertises; `worn` is the foot it is on as the runner says, `rssi` in dBm."""

    name: str
    address: str
    rssi: int
    profile: Profile
    device: BLEDevice
    worn: Side | None = None

    @property
    def label(self) -> str:
        return self.name or self.address

    @property
    def side(self) -> Side | None:
        """As the runner says, else as its name does; None where neither."""
        return self.worn or self.profile.advertised_side(self.name)


async def scan(
    seconds: float = SCAN_S,
    radio: Radio | None = None,
    *,
    enough: int | None = None,
    worn: Mapping[Side, str] = NOBODY_SAID,
) -> list[FoundSensor]:
    """Sensors in reach, the nearest first; may be empty.

    Ends before `seconds` are over as soon as `enough` sensors are there whose side is known.
    `worn` has the name or address of the sensor on each foot, where the runner says it. Raises
    GaitError where Bluetooth cannot be used.
    """
    found: dict[str, FoundSensor] = {}
    complete = asyncio.Event()

    def on_seen(device: BLEDevice, said: AdvertisementData) -> None:
        name = said.local_name or device.name or ""
        kind = recognised(name, said.service_uuids)
        if kind is None:
            return
        found[device.address] = FoundSensor(
            name=name,
            address=device.address,
            rssi=said.rssi,
            profile=kind,
            device=device,
            worn=_worn(name, device.address, worn),
        )
        if enough is not None and sum(s.side is not None for s in found.values()) >= enough:
            complete.set()

    with radio_errors():
        async with (radio or Radio()).scanner(on_seen):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await complete.wait()
    return sorted(found.values(), key=lambda sensor: -sensor.rssi)


def _worn(name: str, address: str, worn: Mapping[Side, str]) -> Side | None:
    called = {name.casefold(), address.casefold()}
    return next((side for side, label in worn.items() if label.casefold() in called), None)
