"""What the columns of an IMU table are: time, acceleration, angular rate, and their units.

Our own spelling is `time_s`, `acc_x_m_s2`, `gyr_x_rad_s`. Others write `Acc_X [m/s^2]`,
`gyro_x_dps`, `accelerometer x (g)` or `ax_g`; Movella's exports write no units at all, which are
known by the rest.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gait.model import InputError
from gait.model.limits import COLUMNS, check_most
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2

TIME_SCALES = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
ACC_SCALES = {"m_s2": 1.0, "g": STANDARD_GRAVITY_M_S2, "mg": 1e-3 * STANDARD_GRAVITY_M_S2}
GYR_SCALES = {"rad_s": 1.0, "deg_s": RAD_PER_DEG, "mdeg_s": 1e-3 * RAD_PER_DEG}
SCALES: dict[str, Mapping[str, float]] = {"acc": ACC_SCALES, "gyr": GYR_SCALES}
# As others write them, without spaces and in lower case.
UNITS = {
    **dict.fromkeys(
        ("m_s2", "m/s2", "m/s^2", "m/s²", "m/s**2", "m/sec^2", "ms-2", "ms^-2"), "m_s2"
    ),
    **dict.fromkeys(("m/s/s", "mps2", "m_s_2"), "m_s2"),
    **dict.fromkeys(("g", "gs", "g's", "gravity"), "g"),
    "mg": "mg",
    **dict.fromkeys(
        ("rad_s", "rad/s", "rad/sec", "rads-1", "rads^-1", "rps", "radians/s"), "rad_s"
    ),
    **dict.fromkeys(("deg_s", "deg/s", "deg/sec", "dps", "°/s", "º/s", "degrees/s"), "deg_s"),
    **dict.fromkeys(("mdps", "mdeg/s", "mdeg_s"), "mdeg_s"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("ms", "msec", "millis", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "µs", "μs", "usec", "micros", "microsecond", "microseconds"), "us"),
    **dict.fromkeys(("ns", "nsec", "nanos", "nanoseconds"), "ns"),
}
EXPECTED = (
    "time_s, acc_x_m_s2, acc_y_m_s2, acc_z_m_s2, gyr_x_rad_s, gyr_y_rad_s, gyr_z_rad_s "
    "(also _g and _deg_s)"
)
_NAMES = {"acc": "accelerometer", "gyr": "gyroscope"}
# Each with the axis behind it; a unit may follow, also in brackets.
_SENSORS = {
    "acc": r"acc|accel|accelerometer|acceleration|a",
    "gyr": r"gyr|gyro|gyroscope|angular ?velocity|angular ?rate|angvel|omega|w|g",
}
_SIGNALS = [
    (sensor, re.compile(rf"(?:{words})[ ]?([xyz])(?:[ ]+(.*))?"))
    for sensor, words in _SENSORS.items()
]
_WITHOUT_GRAVITY = re.compile(r"(?:free|lin(?:ear)?|user) ?acc\w*")
_TIME = re.compile(
    r"(?:time|timestamp|time ?stamp|t|elapsed(?: time)?|epoch|date ?time)(?:[ ]+(.*))?"
)
_MICROSECONDS = "sampletimefine"  # Movella's clock; their tables are in m/s² and deg/s


@dataclass(frozen=True, slots=True)
class Triple:
    """Three columns of one sensor: their places, their unit as spelled here, what makes it SI.

    called : as the table calls them, where it does so in another way
    """

    sensor: str
    places: tuple[int, int, int]
    unit: str
    to_si: float
    called: tuple[str, ...] = ()

    def names(self, unit: str | None = None) -> str:
        """As the table calls them; with a unit, as they should be called then."""
        if unit is None and self.called:
            return ", ".join(self.called)
        return ", ".join(f"{self.sensor}_{axis}_{unit or self.unit}" for axis in "xyz")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the signals are.

    time_to_s : None where no unit is told: ISO 8601, or what gives a rate that can be
    gyr       : None for an accelerometer alone
    names     : all columns, as the table calls them
    """

    time: int
    time_to_s: float | None
    acc: Triple
    gyr: Triple | None
    names: tuple[str, ...]
    notes: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[int]:
        """The columns to read: time, three of acceleration, three of angular rate if any."""
        return [self.time, *self.acc.places, *(self.gyr.places if self.gyr else ())]


@dataclass(frozen=True, slots=True)
class _Signal:
    """What a name means; `unit` is None where it has none, and as it stands where none is known."""

    sensor: str
    axis: str
    unit: str | None


def find_columns(called: Sequence[str], source: str) -> Columns:
    """Find the signals among the columns a table has; `source` begins the sentences of InputError.

    Raises InputError for missing, doubled or mixed columns. Columns of no use are noted.
    """
    check_most(len(called), COLUMNS, "columns", source)
    names = [name.strip().strip('"').strip().lower() for name in called]
    if names and all(_is_number(name) for name in names):
        raise InputError(f"{source} has no line of column names; its first line must be {EXPECTED}")
    for name, count in Counter(names).items():
        if name and count > 1:
            raise InputError(f"{source} has the column {name} more than once; keep one of them.")
    signals = [_signal(name) for name in names]
    fine = _MICROSECONDS in names
    time, time_to_s = _find_time(names)
    acc = _find_triple(names, signals, "acc", source, "m_s2" if fine else None)
    if acc is None and time is not None:
        free = [name for name in names if _WITHOUT_GRAVITY.match(_words(name))]
        if free:
            raise InputError(
                f"{source} has only acceleration without gravity ({', '.join(free)}); gravity is "
                "needed, so export the acceleration as the sensor measures it."
            )
    if time is None and acc is None:
        raise InputError(f"{source} is not an IMU table; its columns must be {EXPECTED}.")
    if time is None:
        raise InputError(f"{source} has no column time_s (or time_ms, time_us); add it.")
    if acc is None:
        raise InputError(f"{source} lacks acc_x_m_s2, acc_y_m_s2, acc_z_m_s2 (or acc_x_g …).")
    gyr = _find_triple(names, signals, "gyr", source, "deg_s" if fine else None)
    columns = Columns(time, time_to_s, acc, gyr, tuple(names))
    unused = [name for place, name in enumerate(names) if place not in columns.places]
    if unused:
        columns.notes.append(f"Columns that are not used: {', '.join(filter(None, unused))}.")
    if gyr is None:
        columns.notes.append("There are no gyroscope columns, so this is an accelerometer alone.")
    return columns


def has_signals(called: Sequence[str]) -> bool:
    """Whether these are names of columns, and one of acceleration among them."""
    names = [name.strip().strip('"').strip().lower() for name in called]
    return any(
        (signal := _signal(name)) is not None and signal.sensor == "acc" for name in names
    ) or any(_WITHOUT_GRAVITY.match(_words(name)) for name in names)


def _words(name: str) -> str:
    """Brackets, underscores and the like between words as one space."""
    return re.sub(r"[\s_.,:\-\[\](){}]+", " ", name.replace("m/s-2", "ms-2")).strip()


def _signal(name: str) -> _Signal | None:
    words = _words(name)
    for sensor, pattern in _SIGNALS:
        found = pattern.fullmatch(words)
        if found is None:
            continue
        axis, unit = found.groups()
        told = _unit(name, unit)
        if told is None and unit:
            continue
        if told is not None and told not in SCALES[sensor]:
            continue
        return _Signal(sensor, axis, told)
    return None


def _unit(name: str, words: str | None) -> str | None:
    """The unit, spelled as here; None where there is none, or none that is known."""
    if not words:
        return None
    bracket = re.search(r"[\[(]\s*([^\])]*?)\s*[\])]\s*$", name)
    for told in (bracket[1] if bracket else words, words.replace(" ", "_"), words):
        known = UNITS.get(told.replace(" ", ""))
        if known is not None:
            return known
    return None


def _find_time(names: Sequence[str]) -> tuple[int | None, float | None]:
    """Place and scale; our own spelling first."""
    for unit in ("s", "ms", "us"):
        if f"time_{unit}" in names:
            return names.index(f"time_{unit}"), TIME_SCALES[unit]
    if _MICROSECONDS in names:
        return names.index(_MICROSECONDS), 1e-6
    untold = None
    for place, name in enumerate(names):
        found = _TIME.fullmatch(_words(name))
        if found is None:
            continue
        unit = _unit(name, found[1])
        if unit in TIME_SCALES:
            return place, TIME_SCALES[unit]
        if untold is None and not found[1]:
            untold = place
    return untold, None


def _find_triple(
    names: Sequence[str],
    signals: Sequence[_Signal | None],
    sensor: str,
    source: str,
    usual: str | None,
) -> Triple | None:
    """`usual` is the unit of tables of this kind that write none."""
    scales = SCALES[sensor]
    present: dict[str | None, dict[str, int]] = {}
    for place, signal in enumerate(signals):
        if signal is None or signal.sensor != sensor:
            continue
        axes = present.setdefault(signal.unit or usual, {})
        if signal.axis in axes:
            raise InputError(
                f"{source} has two columns for one axis: {names[axes[signal.axis]]} and "
                f"{names[place]}; keep one of them."
            )
        axes[signal.axis] = place
    for unit, to_si in scales.items():
        axes = present.get(unit, {})
        if len(axes) == 3:
            x, y, z = (axes[axis] for axis in "xyz")
            called = (names[x], names[y], names[z])
            return Triple(sensor, (x, y, z), unit, to_si, called)
    found = {names[place]: axis for axes in present.values() for axis, place in axes.items()}
    if not found:
        return None
    told = ", ".join(sorted(found))
    if present.get(None):
        first, second = list(scales)[:2]
        raise InputError(
            f"{source} has columns of the {_NAMES[sensor]} without a unit ({told}); name them "
            f"{sensor}_x_{first} or {sensor}_x_{second}, and so on."
        )
    if set(found.values()) == set("xyz"):
        raise InputError(
            f"{source} mixes units of the {_NAMES[sensor]}: {told}; give all three axes the same "
            "unit."
        )
    unit = next(iter(present))
    missing = [f"{sensor}_{axis}_{unit}" for axis in "xyz" if axis not in found.values()]
    raise InputError(f"{source} lacks {', '.join(missing)}; all three axes are needed.")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
