"""What commands say on stderr beside their output, and how wide a table may be.

Sensors near by, or known, as a table.
"""

from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    pass
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from gait.ble import FoundSensor
from gait.cli.known_sensors import KnownShoe, known_as, labels
from gait.model import SensorInfo
from gait.text import UNKNOWN, printable


def say(text: str) -> None:
    """A line on stderr."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)


WIDE_COLUMNS = 108


PIPE_COLUMNS = 160


def table_console() -> Console:
    """stdout; wide enough for every column where it is no terminal."""
    out = Console()
    return out if out.is_terminal else Console(width=PIPE_COLUMNS)


def is_wide(console: Console) -> bool:
    """Whether addresses fit beside the rest."""
    return console.width >= WIDE_COLUMNS


def what_it_measures(info: SensorInfo) -> str:
    """The facts that decide what can be measured, in a few words."""
    words = [f"{info.rate_hz:g} Hz"] if info.rate_hz > 0 else []
    if info.acc_range_g:
        words.append(f"±{info.acc_range_g:g} g")
    if not info.has_gyroscope:
        words.append("no gyroscope")
    elif info.gyr_range_dps:
        words.append(f"±{info.gyr_range_dps:g} °/s")
    return ", ".join(words) or UNKNOWN


def battery(percent: int | None) -> str:
    return UNKNOWN if percent is None else f"{percent} %"


def sensor_table(
    near: Sequence[FoundSensor],
    shoes: Sequence[KnownShoe],
    *,
    numbered: bool = False,
    wide: bool = True,
) -> Table:
    """One row a sensor; battery and what it measures as remembered from the last recording."""
    table = _table(
        *([""] if numbered else []),
        *("name", "side", "signal", "kind", "known", "battery", "measures"),
        *(["address"] if wide else []),
    )
    for number, sensor in enumerate(near, 1):
        shoe = known_as(sensor.address, sensor.profile.name, shoes)
        side = sensor.side or (shoe.side if shoe else None)
        table.add_row(
            *([str(number)] if numbered else []),
            Text(printable(sensor.label)),
            str(side) if side else "?",
            f"{sensor.rssi} dBm",
            sensor.profile.name,
            "yes" if shoe else "no",
            battery(shoe.battery_pct if shoe else None),
            what_it_measures(shoe.info) if shoe else UNKNOWN,
            *([sensor.address] if wide else []),
        )
    return table


def shoe_table(shoes: Sequence[KnownShoe]) -> Table:
    """The known shoes, as they were when last recorded."""
    table = _table("name", "side", "kind", "battery", "measures", "last seen", "address")
    for shoe, label in zip(shoes, labels(shoes), strict=True):
        table.add_row(
            Text(printable(label)),
            str(shoe.side),
            shoe.profile,
            battery(shoe.battery_pct),
            what_it_measures(shoe.info),
            shoe.last_seen[:10],
            shoe.address,
        )
    return table


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False)
