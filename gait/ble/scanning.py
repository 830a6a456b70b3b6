"""Finding shoe sensors by what they advertise."""

from collections.abc import Mapping

from gait.ble.listening import NOBODY_SAID, FoundSensor, listening
from gait.ble.radio import Radio
from gait.model import Side

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
