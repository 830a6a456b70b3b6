"""A short visit to a sensor: whether it can be used from this machine, and what it says."""

import contextlib
from dataclasses import dataclass

from gait.ble.listening import FoundSensor
from gait.ble.problems import RADIO_ERRORS, radio_errors
from gait.ble.radio import Radio, RadioLock
from gait.ble.reconnect import Reconnector
from gait.model import SensorInfo


@dataclass(frozen=True, slots=True)
class Probe:
    """`mtu` and `battery_pct` are None where nobody tells; `paired`: with this machine; `remarks`
    and `lacks` are sentences, on the link and on what the firmware is too old for."""

    info: SensorInfo
    battery_pct: int | None
    mtu: int | None
    paired: bool
    remarks: tuple[str, ...]
    lacks: str


async def probe(found: FoundSensor, radio: Radio) -> Probe:
    """Connect, set it up as for a recording but for the stream, and leave.

    Raises GaitError with the reason where it cannot be used.
    """
    reach = Reconnector(found, radio, RadioLock())
    levels: list[int] = []
    try:
        with radio_errors(address=found.address):
            connection, ready = await reach.open(found.wanted(), lambda: None, lambda *_: None)
        with contextlib.suppress(*RADIO_ERRORS):  # a sensor that does not tell it can be used
            await connection.watch_battery(levels.append)
        return Probe(
            ready.info,
            levels[-1] if levels else None,
            connection.mtu,
            connection.paired,
            (*ready.remarks, *connection.remarks(ready.info)),
            ready.lacks,
        )
    finally:
        await reach.drop()
