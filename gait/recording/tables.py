"""IMU tables: one foot's samples as CSV or Parquet.

Columns `time_s, acc_x_m_s2, acc_y_m_s2, acc_z_m_s2, gyr_x_rad_s, gyr_y_rad_s, gyr_z_rad_s`, also
`time_ms`, `time_us`, `acc_x_g` and `gyr_x_deg_s`; without gyroscope columns it is an
accelerometer alone; other columns are ignored.

Which columns of a table hold time, acceleration and angular rate, and in which units.

Whether the values of a table fit the units its columns name, and where a sensor clipped.

The numbers of a text table, also where some of its lines are not numbers.

The numbers of a Parquet table. Needs the extra `parquet`, loaded only here.
"""

import logging
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gait.model import GaitError, InputError, Samples, SensorInfo, Side
from gait.model.errors import told_as
from gait.model.limits import COLUMNS, SAMPLES, TABLE_LINE_BYTES, check_most, check_unpacked
from gait.model.units import DEG_PER_RAD, RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.recording.files import private_output
from gait.recording.timing import put_in_order
from gait.recording.tolerant_reader import check_unpacks, container, text_blocks

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


def has_samples(head: bytes) -> bool:
    """Whether a table that begins so names a column of acceleration."""
    return b"acc" in head.lower()


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


# Median of |acc|: 1 g standing, up to 3.5 g in fast running, so 0.3 to 6 g can be, and the same
# figures as a number of m/s² cannot.
ACC_MEDIAN = (0.3, 6.0)
ACC_MEDIAN_MAX_G = 12.0
# A foot in sprinting turns at up to about 40 rad/s.
GYR_MAX_RAD_S = 100.0
GYR_SHARE = 0.99  # a few wild values say nothing about the unit
# What a foot that strikes the ground always exceeds.
STRIKING_M_S2 = 25.0
TURNING_MIN_DEG_S = 40.0

FLAT_SAMPLES = 5
FLAT_TOLERANCE = 0.02
PILE_SHARE, PILE_SAMPLES, PILE_TIMES = 0.03, 20, 4.0
ACC_FULL_SCALES_G = (2.0, 4.0, 8.0, 16.0, 32.0)
# Parts of one family saturate at 32768 × 70 mdps = 2294 deg/s when set to 2000, and so on.
GYR_FULL_SCALES_DPS = tuple(
    nominal * factor for nominal in (250, 500, 1000, 2000, 4000) for factor in (1.0, 1.14688)
)


def check_acc_unit(acc: NDArray[np.float64], triple: Triple, source: str) -> None:
    """Raise InputError where `acc` (n, 3), in the unit of its columns, cannot be in that unit."""
    median = float(np.median(np.linalg.norm(acc, axis=1)))
    low, high = ACC_MEDIAN
    start = f"{source} has accelerations around {median:.3g} in {triple.names()}"
    if median < low:
        raise InputError(
            f"{start}, where standing still gives {1.0 / _per_g(triple):.2g}; the sensor was off, "
            "or gravity was taken out, and it is needed."
        )
    if triple.unit == "m_s2" and median < high:
        raise InputError(f"{start}, which looks like g; name them {triple.names('g')}.")
    median_g = median * _per_g(triple)
    if triple.unit == "g" and high <= median < ACC_MEDIAN_MAX_G * STANDARD_GRAVITY_M_S2:
        raise InputError(f"{start}, which looks like m/s²; name them {triple.names('m_s2')}.")
    if median_g > ACC_MEDIAN_MAX_G:
        raise InputError(f"{start}, which no foot reaches; convert raw counts or mg to m/s².")


def _per_g(triple: Triple) -> float:
    return triple.to_si / STANDARD_GRAVITY_M_S2


def check_gyr_unit(
    gyr: NDArray[np.float64], acc_m_s2: NDArray[np.float64], triple: Triple, source: str
) -> None:
    """Raise InputError where `gyr` (n, 3), in the unit of its columns, cannot be in that unit."""
    fastest = float(np.quantile(np.linalg.norm(gyr, axis=1), GYR_SHARE))
    start = f"{source} has angular rates up to {fastest:.3g} in {triple.names()}"
    if fastest * triple.to_si > GYR_MAX_RAD_S:
        if triple.unit == "rad_s" and fastest < GYR_MAX_RAD_S * DEG_PER_RAD:
            raise InputError(f"{start}, which looks like deg/s; name them {triple.names('deg_s')}.")
        raise InputError(f"{start}, which no foot reaches; convert raw counts to rad/s.")
    strikes = np.quantile(np.linalg.norm(acc_m_s2, axis=1), 0.99) > STRIKING_M_S2
    if triple.unit == "deg_s" and strikes and 0.0 < fastest < TURNING_MIN_DEG_S:
        raise InputError(f"{start}, which looks like rad/s; name them {triple.names('rad_s')}.")


def full_scale(values: NDArray[np.float64], candidates: tuple[float, ...]) -> float | None:
    """Where (n, 3) `values` were cut off by the sensor's range, in their own unit, or None.

    An axis that stays on the very same extreme value near a usual full scale was clipped; so was
    one whose values pile up just below its extreme, as those of a calibrated sensor do, which
    mixes axes and smooths after it clips. The value found is returned rather than the nominal
    one; the smallest of all axes, so that no clipped sample is missed.
    """
    ends: list[float] = []
    for axis in range(values.shape[1]):
        for signed in (values[:, axis], -values[:, axis]):
            end = float(signed.max())
            if not any(abs(end - scale) < FLAT_TOLERANCE * scale for scale in candidates):
                continue
            if np.count_nonzero(signed == end) >= FLAT_SAMPLES:
                ends.append(end)
            elif _piles_up(signed, end):
                ends.append((1.0 - PILE_SHARE) * end)
    return min(ends, default=None)


def _piles_up(signed: NDArray[np.float64], end: float) -> bool:
    """Whether far more values lie just below the extreme than a little further below it.

    Of smooth peaks that are all alike 2.4 times as many do, of others fewer.
    """
    top = np.count_nonzero(signed > (1.0 - PILE_SHARE) * end)
    below = np.count_nonzero(signed > (1.0 - 2.0 * PILE_SHARE) * end) - top
    return bool(top >= PILE_SAMPLES and top > PILE_TIMES * below)


_NEEDED = 4  # time and three of acceleration; without them a row is of no use


def read_text_table(path: Path) -> tuple[Columns, NDArray[np.float64], list[str]]:
    """Columns, values (n, 4 or 7) in the units of the file, and problems.

    What is not a number becomes NaN. One million rows of seven columns take 1.4 s, or 3.6 s
    where some line is not as the others; the text is never in memory as a whole.
    Raises InputError where the text is not a table.
    """
    check_unpacks(path)
    table = _Table(path)
    source = text_blocks(path, line_bytes=TABLE_LINE_BYTES)
    while True:
        try:
            # a byte that is no text spoils its own value only; it may be in a column of no use
            table.add(next(source).decode("utf-8", "replace").splitlines())
        except StopIteration as end:
            problems: list[str] = end.value
            break
    if table.columns is None:
        what = "is damaged; nothing of it can be read" if problems else "is empty"
        raise InputError(f"{path} {what}.")
    if not table.parts:
        raise InputError(f"{path} has column names but no rows; nothing was recorded in it.")
    return table.columns, np.concatenate(table.parts), problems + table.columns.notes


class _Table:
    """Takes a table line by line: first the names of its columns, then numbers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._delimiter = ","
        self._rows = 0
        self.columns: Columns | None = None
        self.parts: list[NDArray[np.float64]] = []

    def add(self, lines: list[str]) -> None:
        if self.columns is None:
            if lines:
                lines[0] = lines[0].lstrip("\ufeff")
            start = next(
                (i for i, line in enumerate(lines) if line.strip() and line[0] != "#"), None
            )
            if start is None:
                return
            header, lines = lines[start], lines[start + 1 :]
            self._delimiter = max(",;\t", key=header.count)
            self.columns = find_columns(header.split(self._delimiter), str(self._path))
        rows = [line for line in lines if line.strip()]
        if not rows:
            return
        if not self.parts and self._delimiter == ";" and "," in rows[0]:
            raise InputError(
                f"{self._path} has decimal commas; write its numbers with decimal points."
            )
        self._rows += len(rows)
        check_most(self._rows, SAMPLES, "rows", str(self._path))
        self.parts.append(_numbers(rows, self._delimiter, self.columns.places))


def _numbers(rows: list[str], delimiter: str, places: Sequence[int]) -> NDArray[np.float64]:
    try:
        return np.loadtxt(rows, delimiter=delimiter, usecols=places, ndmin=2, comments=None)
    except ValueError:  # some line is not as the others: slower, value by value
        return np.array([_values(row.split(delimiter), places) for row in rows])


def _values(fields: Sequence[str], places: Sequence[int]) -> list[float]:
    """All NaN where time or acceleration is no number, as the row is of no use then."""
    try:
        first = [float(fields[place]) for place in places[:_NEEDED]]
    except (IndexError, ValueError):
        return [math.nan] * len(places)
    return first + [_number(fields, place) for place in places[_NEEDED:]]


def _number(fields: Sequence[str], place: int) -> float:
    try:
        return float(fields[place])
    except (IndexError, ValueError):
        return math.nan


def read_parquet_table(path: Path) -> tuple[Columns, NDArray[np.float64], list[str]]:
    """Columns, values (n, 4 or 7) in the units of the file, and problems. Nulls become NaN.

    Raises InputError where it is not a table of numbers, GaitError where pyarrow is absent.
    """
    try:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]  # noqa: PLC0415
        from pyarrow import parquet  # pyright: ignore[reportMissingImports]  # noqa: PLC0415
    except ImportError as error:
        raise GaitError(
            f"Reading {path} needs the extra `parquet`: pip install 'shoegait[parquet]'."
        ) from error
    try:
        file = parquet.ParquetFile(path)
        names = file.schema_arrow.names
        columns = find_columns(names, str(path))
        check_most(file.metadata.num_rows, SAMPLES, "rows", str(path))
        groups = (file.metadata.row_group(i) for i in range(file.metadata.num_row_groups))
        told_bytes = sum(group.total_byte_size for group in groups)
        numbers_bytes = 8 * file.metadata.num_rows * len(columns.places)
        check_unpacked(max(told_bytes, numbers_bytes), path.stat().st_size, str(path))
        table = file.read(columns=[names[place] for place in columns.places])
        fields = [table.column(names[place]).cast(pa.float64()) for place in columns.places]
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path} is damaged, or its columns are not numbers.") from error
    if not table.num_rows:
        raise InputError(f"{path} has column names but no rows; nothing was recorded in it.")
    values = np.column_stack([column.to_numpy() for column in fields]).astype(np.float64)
    return columns, values, columns.notes


SI_NAMES = ("time_s", *(f"acc_{a}_m_s2" for a in "xyz"), *(f"gyr_{a}_rad_s" for a in "xyz"))
# A microsecond, and less than the noise of any sensor worn on a shoe.
SI_FORMATS = ("%.6f", *["%.5f"] * 3, *["%.6f"] * 3)

_log = logging.getLogger(__name__)
NO_NUMBER = 1e18  # in any unit, also microseconds since 1970


@dataclass(frozen=True, slots=True)
class Table:
    """One foot's samples (SI units), the sensor as far as the table tells, and what was amiss."""

    samples: Samples
    info: SensorInfo
    problems: list[str]


def read_table(
    path: Path | str, *, side: Side, frame: Literal["sensor", "foot"] = "sensor"
) -> Table:
    """Read `.csv`, `.csv.gz` or `.parquet`, told apart by content.

    `frame` is "foot" where the axes are already x heel → toe, y to the runner's left, z up; it
    becomes the sensor's `mounting`. Times stay on the clock of the table, in seconds. Rows that
    are not numbers are left out and, like gaps in time, marked in `Samples.breaks`.
    The rate is measured; a range is given only where samples were clipped at it.

    Raises InputError where the file is not a table, where columns are missing or of mixed units,
    where values cannot be in the unit named, or where time cannot be trusted.
    """
    path = Path(path)
    with told_as(lambda why: InputError(f"{path} cannot be read as an IMU table ({why})."), _log):
        columns, values, problems = _read_values(path)
        samples = _usable(columns, values, path, problems)
        acc_range_g, gyr_range_dps = _check_values(columns, samples, str(path))
        timed = put_in_order(samples, str(path))
    info = SensorInfo(
        side=side,
        rate_hz=timed.rate_hz,
        acc_range_g=acc_range_g,
        gyr_range_dps=gyr_range_dps,
        has_gyroscope=not np.isnan(samples.gyr).all(),
        profile="table",
        name=path.name,
        mounting="foot" if frame == "foot" else "unknown",
    )
    return Table(timed.samples, info, problems + timed.problems)


def write_table(path: Path | str, samples: Samples, *, overwrite: bool = False) -> None:
    """Write `samples` as `.csv` or `.csv.gz` in SI units, without columns for an absent gyroscope.

    Raises UsageError for a taken path, GaitError where the disk refuses.
    """
    columns = si_columns(samples)
    with private_output(Path(path), overwrite=overwrite) as file:
        np.savetxt(
            file,
            np.column_stack(list(columns.values())),
            fmt=list(SI_FORMATS[: len(columns)]),
            delimiter=",",
            header=",".join(columns),
            comments="",
            encoding="ascii",
        )


def si_columns(samples: Samples) -> dict[str, NDArray[np.float64]]:
    """The table's columns by name, without those of an absent gyroscope."""
    columns = [samples.time_s, *samples.acc.T, *samples.gyr.T]
    width = 4 if np.isnan(samples.gyr).all() else 7
    return dict(zip(SI_NAMES[:width], columns[:width], strict=True))


def _read_values(path: Path) -> tuple[Columns, NDArray[np.float64], list[str]]:
    form = container(path)
    if form == "csv":
        return read_text_table(path)
    if form == "parquet":
        return read_parquet_table(path)
    raise InputError(f"{path} is a session file, not an IMU table; it needs no side.")


def _usable(
    columns: Columns, values: NDArray[np.float64], path: Path, problems: list[str]
) -> Samples:
    """The rows that are numbers, with a break where others were between them. SI units."""
    gyr = values[:, 4:7] if columns.gyr else np.full((len(values), 3), np.nan)
    if columns.gyr and (np.isnan(gyr).all() or not np.any(gyr)):
        problems.append("The gyroscope columns hold no values: an accelerometer alone.")
        gyr = np.full((len(values), 3), np.nan)
    no_gyroscope = bool(np.isnan(gyr).all())
    whole = (np.abs(values[:, :4]) < NO_NUMBER).all(axis=1)
    if not no_gyroscope:
        whole &= (np.abs(gyr) < NO_NUMBER).all(axis=1)
    kept = np.flatnonzero(whole)
    if not len(kept):
        raise InputError(f"{path} has no row in which time, and every axis, is a number.")
    breaks = np.diff(kept, prepend=kept[0]) > 1
    lost = len(values) - len(kept)
    if lost:
        problems.append(
            f"{lost:,} of {len(values):,} rows left out, because they hold no number or an "
            "infinite one; a gap is marked there."
        )
    gyr_to_si = columns.gyr.to_si if columns.gyr else 1.0
    return Samples(
        values[kept, 0] * columns.time_to_s,
        values[kept, 1:4] * columns.acc.to_si,
        gyr[kept] * gyr_to_si,
        breaks,
    )


def _check_values(
    columns: Columns, samples: Samples, source: str
) -> tuple[float | None, float | None]:
    """Check the units; the ranges (g, deg/s) at which samples were clipped, None for none."""
    check_acc_unit(samples.acc / columns.acc.to_si, columns.acc, source)
    acc_range_g = full_scale(samples.acc / STANDARD_GRAVITY_M_S2, ACC_FULL_SCALES_G)
    if columns.gyr is None or np.isnan(samples.gyr).all():
        return acc_range_g, None
    check_gyr_unit(samples.gyr / columns.gyr.to_si, samples.acc, columns.gyr, source)
    return acc_range_g, full_scale(samples.gyr * DEG_PER_RAD, GYR_FULL_SCALES_DPS)
