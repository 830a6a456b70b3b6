"""Which columns of a table hold time, acceleration and angular rate, and in which units."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gait.model import InputError
from gait.model.limits import COLUMNS, check_most
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2

TIME_SCALES = {"time_s": 1.0, "time_ms": 1e-3, "time_us": 1e-6}
ACC_SCALES = {"m_s2": 1.0, "g": STANDARD_GRAVITY_M_S2}
GYR_SCALES = {"rad_s": 1.0, "deg_s": RAD_PER_DEG}
EXPECTED = (
    "time_s, acc_x_m_s2, acc_y_m_s2, acc_z_m_s2, gyr_x_rad_s, gyr_y_rad_s, gyr_z_rad_s "
    "(also _g and _deg_s)"
)
_NAMES = {"acc": "accelerometer", "gyr": "gyroscope"}


@dataclass(frozen=True, slots=True)
class Triple:
    """Three columns of one sensor: their places, their unit as spelled, and what makes it SI."""

    sensor: str
    places: tuple[int, int, int]
    unit: str
    to_si: float

    def names(self, unit: str | None = None) -> str:
        return ", ".join(f"{self.sensor}_{axis}_{unit or self.unit}" for axis in "xyz")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the signals are. `gyr` is None for an accelerometer alone."""

    time: int
    time_to_s: float
    acc: Triple
    gyr: Triple | None
    notes: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[int]:
        """The columns to read: time, three of acceleration, three of angular rate if any."""
        return [self.time, *self.acc.places, *(self.gyr.places if self.gyr else ())]


def find_columns(names: Sequence[str], source: str) -> Columns:
    """Find the signals among column `names`; `source` begins the sentences of InputError.

    Raises InputError for missing, doubled or mixed columns. Columns of no use are noted.
    """
    check_most(len(names), COLUMNS, "columns", source)
    names = [name.strip().strip('"').lower() for name in names]
    if names and all(_is_number(name) for name in names):
        raise InputError(f"{source} has no line of column names; its first line must be {EXPECTED}")
    for name, count in Counter(names).items():
        if name and count > 1:
            raise InputError(f"{source} has the column {name} more than once; keep one of them.")
    time = next((name for name in TIME_SCALES if name in names), None)
    acc = _find_triple(names, "acc", ACC_SCALES, source)
    if time is None and acc is None:
        raise InputError(f"{source} is not an IMU table; its columns must be {EXPECTED}.")
    if time is None:
        raise InputError(f"{source} has no column time_s (or time_ms, time_us); add it.")
    if acc is None:
        raise InputError(f"{source} lacks acc_x_m_s2, acc_y_m_s2, acc_z_m_s2 (or acc_x_g …).")
    gyr = _find_triple(names, "gyr", GYR_SCALES, source)
    columns = Columns(names.index(time), TIME_SCALES[time], acc, gyr)
    unused = [name for place, name in enumerate(names) if place not in columns.places]
    if unused:
        columns.notes.append(f"Columns that are not used: {', '.join(filter(None, unused))}.")
    if gyr is None:
        columns.notes.append("There are no gyroscope columns, so this is an accelerometer alone.")
    return columns


def _find_triple(
    names: Sequence[str], sensor: str, scales: Mapping[str, float], source: str
) -> Triple | None:
    present: dict[str, list[str]] = {}
    for unit, to_si in scales.items():
        wanted = [f"{sensor}_{axis}_{unit}" for axis in "xyz"]
        present[unit] = [name for name in wanted if name in names]
        if len(present[unit]) == 3:
            x, y, z = (names.index(name) for name in wanted)
            return Triple(sensor, (x, y, z), unit, to_si)
    found = [name for part in present.values() for name in part]
    if not found:
        return None
    if {name[4] for name in found} == set("xyz"):
        raise InputError(
            f"{source} mixes units of the {_NAMES[sensor]}: {', '.join(sorted(found))}; "
            "give all three axes the same unit."
        )
    unit = next(unit for unit, part in present.items() if part)
    missing = [f"{sensor}_{axis}_{unit}" for axis in "xyz" if axis not in {n[4] for n in found}]
    raise InputError(f"{source} lacks {', '.join(missing)}; all three axes are needed.")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
