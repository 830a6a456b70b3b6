"""Hearing sensors come and go, for as long as somebody listens.

Finding shoe sensors by what they advertise.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from gait.ble.problems import RADIO_ERRORS, radio_errors
from gait.ble.radio import Radio
from gait.model import Side
from gait.sensors import Profile, recognised
from gait.sensors.profile import Wanted
from gait.text import alike_among, called

_log = logging.getLogger(__name__)

QUIET_S = 6.0  # without anything from anybody: perhaps the scan has ended unnoticed
STOP_S = 3.0

NOBODY_SAID: Mapping[Side, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSensor:
    """A sensor that advertises; `worn` is the foot it is on as the runner says, `rssi` in dBm.

    named_alike : another that is near has the same name, so the address tells them apart
    """

    name: str
    address: str
    rssi: int
    profile: Profile
    device: BLEDevice
    worn: Side | None = None
    named_alike: bool = False

    @property
    def label(self) -> str:
        """What to call it in a list and a sentence."""
        return called(self.name, self.address, alike=self.named_alike)

    @property
    def side(self) -> Side | None:
        """As the runner says, else as its name does; None where neither."""
        return self.worn or self.profile.advertised_side(self.name)

    def wanted(self, rate_hz: float | None = None) -> Wanted:
        """What it is to be. A sensor that knows its side is told another only by the runner."""
        side = self.worn if self.profile.knows_side else self.side
        return Wanted(name=self.name, address=self.address, rate_hz=rate_hz, side=side)


class Heard:
    """The sensors heard so far, by address, each as it last said it is."""

    def __init__(self, worn: Mapping[Side, str]) -> None:
        self.sensors: dict[str, FoundSensor] = {}
        self.anything = False  # was heard, of whatever device, since this was set to False
        self._worn = {called.casefold(): side for side, called in worn.items()}
        self._news = asyncio.Event()

    @property
    def nearest_first(self) -> list[FoundSensor]:
        alike = alike_among(sensor.name for sensor in self.sensors.values())
        near = sorted(self.sensors.values(), key=lambda sensor: -sensor.rssi)
        return [replace(s, named_alike=s.name.casefold() in alike) for s in near]

    async def until(
        self, enough: Callable[[Mapping[str, FoundSensor]], bool], seconds: float
    ) -> bool:
        """Wait until what was heard is `enough`; False where `seconds` were over before."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not enough(self.sensors):
                    self._news.clear()
                    await self._news.wait()
                return True
        return False

    def on_seen(self, device: BLEDevice, said: AdvertisementData) -> None:
        self.anything = True
        before = self.sensors.get(device.address)
        name = said.local_name or device.name or (before.name if before else "")
        kind = recognised(name, said.service_uuids)
        if kind is None:
            return
        if before is None:
            _log.info("heard a %s sensor at %d dBm", kind.name, said.rssi)
        worn = self._worn.get(name.casefold()) or self._worn.get(device.address.casefold())
        self.sensors[device.address] = FoundSensor(
            name=name,
            address=device.address,
            rssi=said.rssi,
            profile=kind,
            device=device,
            worn=worn,
        )
        self._news.set()


@asynccontextmanager
async def listening(
    radio: Radio | None = None, *, worn: Mapping[Side, str] = NOBODY_SAID
) -> AsyncIterator[Heard]:
    """Listen while the block runs. `worn` has the name or address of the sensor on each foot,
    where the runner says it. Raises GaitError where Bluetooth cannot be used.

    A system whose Bluetooth was switched off meanwhile, or whose service began anew, does not go on
    with a scan; so where nothing at all is heard it is begun again.
    """
    heard = Heard(worn)
    radio = radio or Radio()
    scanner = radio.scanner(heard.on_seen)
    with radio_errors():
        await scanner.start()
    scanning = asyncio.create_task(_scan_on(scanner, radio, heard))
    try:
        yield heard
    finally:
        scanning.cancel()
        await asyncio.wait({scanning})


async def _scan_on(scanner: BleakScanner, radio: Radio, heard: Heard) -> None:
    """Until cancelled; then the scan is stopped. What was heard stays true."""
    try:
        while True:
            heard.anything = False
            await asyncio.sleep(QUIET_S)
            if heard.anything:
                continue
            with contextlib.suppress(*RADIO_ERRORS):
                await _stopped(scanner)
                scanner = radio.scanner(heard.on_seen)
                await scanner.start()
    finally:
        await _stopped(scanner)


async def _stopped(scanner: BleakScanner) -> None:
    with contextlib.suppress(*RADIO_ERRORS):
        async with asyncio.timeout(STOP_S):
            await scanner.stop()


SCAN_S = 5.0


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

    def complete(sensors: Mapping[str, FoundSensor]) -> bool:
        with_side = sum(sensor.side is not None for sensor in sensors.values())
        return enough is not None and with_side >= enough

    async with listening(radio, worn=worn) as heard:
        await heard.until(complete, seconds)
    return heard.nearest_first
