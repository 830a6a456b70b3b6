"""IMU tables: one foot's samples as CSV or Parquet.

Columns `time_s, acc_x_m_s2, acc_y_m_s2, acc_z_m_s2, gyr_x_rad_s, gyr_y_rad_s, gyr_z_rad_s`, or as
others write them (see `column_names`); without gyroscope columns it is an accelerometer alone;
other columns are ignored. As text in UTF-8 or UTF-16, parted by comma, semicolon or tab, with
decimal points or commas, quoted or not, below any lines that a device writes above the names; time
as a number, as date and time, or of a counter that began anew.

Whether the values of a table fit the units its columns name, and where a sensor clipped.

The numbers of a text table, also where some of its lines are not numbers.

The numbers of a Parquet table. Needs the extra `parquet`, loaded only here.
"""

import csv
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gait.model import GaitError, InputError, Samples, SensorInfo, Side
from gait.model.errors import told_as
from gait.model.limits import SAMPLES, TABLE_LINE_BYTES, check_most, check_unpacked
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.recording.column_names import Columns, Triple, find_columns, has_signals
from gait.recording.files import private_output
from gait.recording.timing import RATE_HZ, put_in_order
from gait.recording.tolerant_reader import as_text, check_unpacks, container, text_blocks

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
    table.end()
    if table.columns is None:
        what = "is damaged; nothing of it can be read" if problems else "is empty"
        raise InputError(f"{path} {what}.")
    if not table.parts:
        raise InputError(f"{path} has column names but no rows; nothing was recorded in it.")
    values = np.concatenate(table.parts)
    return table.named, values, problems + table.columns.notes + table.remarks(len(values))


PREAMBLE_LINES = 100  # what devices write above the names of the columns: tags, versions, dates
SEPARATORS = ",;\t"


def cells_of(line: str, separator: str) -> list[str]:
    """The cells of a line, also where some are quoted."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def has_samples(head: bytes) -> bool:
    """Whether a text that begins so is an IMU table: some line names columns of acceleration."""
    lines = as_text(head).splitlines()[:PREAMBLE_LINES]
    return any(has_signals(cells_of(line, mark)) for line in lines for mark in SEPARATORS)


class _Table:
    """Takes a table line by line: first the names of its columns, then numbers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._delimiter = ","
        self._rows = 0
        self._above: list[str] = []
        self._cells = _Cells(self._delimiter, (), iso=False)
        self.columns: Columns | None = None
        self.parts: list[NDArray[np.float64]] = []

    def add(self, lines: list[str]) -> None:
        if self.columns is None:
            if lines:
                lines[0] = lines[0].lstrip("\ufeff")
            lines = self._find_names(lines)
        if self.columns is not None:
            self._take([line for line in lines if line.strip()])

    @property
    def named(self) -> Columns:
        """The columns, with what the cells told of the time."""
        assert self.columns is not None
        return replace(self.columns, time_to_s=1.0) if self._cells.iso else self.columns

    def end(self) -> None:
        """There are no more lines: those above are all there is."""
        if self.columns is None and self._above:
            self._name(self._above[0], self._separator(self._above[0]))

    def remarks(self, rows: int) -> list[str]:
        """What of the cells was not understood, where others were."""
        if self._cells.first is None:
            return []
        row, column, cell = self._cells.first
        return [f"The first cell that is no number: “{cell}” in row {row:,}, column {column}."]

    def _find_names(self, lines: list[str]) -> list[str]:
        """Name the columns by the first line that does; the lines below it."""
        for number, line in enumerate(lines):
            if not line.strip() or line[0] == "#":
                continue
            separator = self._separator(line)
            if has_signals(cells_of(line, separator)):
                self._name(line, separator)
                return lines[number + 1 :]
            self._above.append(line)
            if len(self._above) > PREAMBLE_LINES:
                break
        if len(self._above) > PREAMBLE_LINES:
            self.end()  # raises: these are no names
        return []

    def _separator(self, line: str) -> str:
        """Of what was said (`sep=;`) and what is there, what parts the line most."""
        told = [above[4:5] for above in self._above if above.lower().startswith("sep=")]
        if told and told[0] in line:
            return told[0]
        return max(SEPARATORS, key=line.count)

    def _name(self, line: str, separator: str) -> None:
        self._delimiter = separator
        self.columns = find_columns(cells_of(line, separator), str(self._path))

    def _take(self, rows: list[str]) -> None:
        assert self.columns is not None
        if not rows:
            return
        if not self.parts:
            self._cells = self._cells_like(rows[0], self.columns)
        self._rows += len(rows)
        check_most(self._rows, SAMPLES, "rows", str(self._path))
        self.parts.append(self._cells.numbers(rows, self._rows - len(rows)))

    def _cells_like(self, row: str, columns: Columns) -> "_Cells":
        """How cells are written, by the first row."""
        fields, place = cells_of(row, self._delimiter), columns.time
        iso = place < len(fields) and is_moment(fields[place])
        return _Cells(self._delimiter, tuple(columns.places), iso=iso, names=columns.names)


@dataclass(slots=True)
class _Cells:
    """Rows of text as numbers: in one go where all are alike, else cell by cell.

    iso   : the time is a date and time, or a time of day
    first : row, column and text of the first cell that was no number
    """

    delimiter: str
    places: tuple[int, ...]
    iso: bool
    names: tuple[str, ...] = ()
    first: tuple[int, str, str] | None = None

    def numbers(self, rows: list[str], before: int) -> NDArray[np.float64]:
        """(n, places) of rows that follow `before` others."""
        if self.delimiter != "," and "," in rows[0]:
            rows = [row.replace(",", ".") for row in rows]  # decimal commas
        if not self.iso:
            try:
                return np.loadtxt(
                    rows,
                    delimiter=self.delimiter,
                    usecols=self.places,
                    ndmin=2,
                    comments=None,
                    quotechar='"',
                )
            except ValueError:  # some line is not as the others: slower, value by value
                pass
        values = np.full((len(rows), len(self.places)), np.nan)
        quoted = any('"' in row for row in rows)
        for number, row in enumerate(rows):
            fields = cells_of(row, self.delimiter) if quoted else row.split(self.delimiter)
            self._row(values[number], fields, before + number)
        return values

    def _row(self, values: NDArray[np.float64], fields: Sequence[str], number: int) -> None:
        """All NaN where time or acceleration is no number, as the row is of no use then."""
        for column, place in enumerate(self.places):
            cell = fields[place] if place < len(fields) else ""
            values[column] = moment(cell) if self.iso and not column else _number(cell)
            wrong = math.isnan(values[column]) and cell.strip().lower() not in NOT_KNOWN
            if wrong and self.first is None:
                name = self.names[place] if place < len(self.names) else "?"
                self.first = (number + 1, name, cell.strip()[:LONGEST_CELL])
        if np.isnan(values[:_NEEDED]).any():
            values[:] = np.nan


NOT_KNOWN = {"", "nan", "na", "n/a", "null", "none", "-", "--", "inf", "-inf"}
LONGEST_CELL = 40
_NEEDED = 4  # time and three of acceleration; without them a row is of no use


def _number(cell: str) -> float:
    """Also with a decimal comma: in a cell of its own a comma is nothing else."""
    try:
        return float(cell)
    except ValueError:
        pass
    text = cell.strip().strip('"')
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return math.nan


def is_moment(cell: str) -> bool:
    """Whether it is a date and time, or a time of day, and no number."""
    return math.isnan(_number(cell)) and not math.isnan(moment(cell))


def moment(cell: str) -> float:
    """Seconds since 1970 of a date and time in ISO 8601, of a day for a time; NaN where it is none.

    Without an offset it is taken as UTC: so nothing jumps where clocks are changed.
    """
    text = cell.strip().strip('"').replace(",", ".")
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        try:
            day = time.fromisoformat(text)
        except ValueError:
            return math.nan
        return day.hour * 3600.0 + day.minute * 60.0 + day.second + day.microsecond * 1e-6
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def read_parquet_table(path: Path) -> tuple[Columns, NDArray[np.float64], list[str]]:
    """Columns, values (n, 4 or 7) in the units of the file, and problems. Nulls become NaN.

    Raises InputError where it is not a table of numbers, GaitError where pyarrow is absent.
    """
    pa, parquet = parquet_modules()
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
    """Write `samples` in SI units, without columns for an absent gyroscope: `.csv`, `.csv.gz`, or
    `.parquet`, by the end of the name.

    Raises UsageError for a taken path, GaitError where the disk refuses, or where the extra
    `parquet` is asked for and not installed.
    """
    columns = si_columns(samples)
    if is_parquet(path):
        write_parquet(Path(path), columns, overwrite=overwrite)
        return
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


def is_parquet(path: Path | str) -> bool:
    """Whether a file to be made is Parquet, by the end of its name."""
    return str(path).lower().endswith(".parquet")


def parquet_modules() -> tuple[Any, Any]:
    """`pyarrow` and its part for Parquet. Raises GaitError where the extra is not installed."""
    try:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]  # noqa: PLC0415
        from pyarrow import parquet  # pyright: ignore[reportMissingImports]  # noqa: PLC0415
    except ImportError as error:
        raise GaitError(
            "Parquet needs the extra `parquet`: pip install 'shoegait[parquet]'."
        ) from error
    return pa, parquet


def write_parquet(path: Path, columns: Mapping[str, Any], *, overwrite: bool = False) -> None:
    """Write columns, all equally long, with null for NaN; errors as of `write_table`."""
    pa, parquet = parquet_modules()
    table = pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})
    with private_output(path, overwrite=overwrite) as file:
        parquet.write_table(table, file)


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
        cell = next((problem for problem in problems if "no number:" in problem), "")
        raise InputError(
            f"{path} has no row in which time, and every axis, is a number. {cell}".rstrip()
        )
    breaks = np.diff(kept, prepend=kept[0]) > 1
    lost = len(values) - len(kept)
    if lost:
        problems.append(
            f"{lost:,} of {len(values):,} rows left out, because they hold no number or an "
            "infinite one; a gap is marked there."
        )
    gyr_to_si = columns.gyr.to_si if columns.gyr else 1.0
    return Samples(
        _seconds(values[kept, 0], columns, str(path), problems),
        values[kept, 1:4] * columns.acc.to_si,
        gyr[kept] * gyr_to_si,
        breaks,
    )


COUNTER, DAY_S = 2.0**32, 86400.0  # where clocks begin anew
UNIT_NAMES = {1.0: "seconds", 1e-3: "milliseconds", 1e-6: "microseconds", 1e-9: "nanoseconds"}


def _seconds(
    stored: NDArray[np.float64], columns: Columns, source: str, problems: list[str]
) -> NDArray[np.float64]:
    """Time in seconds, also across the end of a counter of 32 bits and of a day."""
    scale = columns.time_to_s
    counts = bool(np.all(stored == np.round(stored))) and stored.min() >= 0.0
    for end, possible in ((COUNTER, counts and stored.max() < COUNTER), (DAY_S, scale == 1.0)):
        again = np.diff(stored) < -0.9 * end
        if possible and again.any() and stored.max() < end:
            stored = stored + end * np.cumsum(np.append(False, again))
            problems.append("The clock of the table began anew, as it does; it was counted on.")
            break
    if scale is not None:
        return stored * scale
    name = columns.names[columns.time]
    period = float(np.median(np.diff(stored))) if len(stored) > 1 else 0.0
    for scale, unit in UNIT_NAMES.items():
        if period > 0.0 and RATE_HZ[0] <= 1.0 / (period * scale) <= RATE_HZ[1]:
            problems.append(f"The column {name} has no unit; it was taken for {unit}.")
            return stored * scale
    raise InputError(
        f"{source} does not say the unit of its column {name}, and none gives {RATE_HZ[0]:g} to "
        f"{RATE_HZ[1]:g} samples a second; name it time_s, time_ms or time_us."
    )


RESTING_RAD_S, RESTING_SAMPLES = 1.0, 20
# Of the quarter that is least. With gravity it is 0.94 to 1.3 g in walking and running of all the
# feet that were looked at, also without any standing.
WITHOUT_GRAVITY_M_S2, REST_QUANTILE = 0.4 * STANDARD_GRAVITY_M_S2, 0.25
AT_REST = (STANDARD_GRAVITY_M_S2, 1.0, 1000.0)  # in m/s², g, mg
NEAR, STEADY, EXCHANGED_SAMPLES = 0.2, 0.3, 200


def check_gravity(acc: NDArray[np.float64], gyr: NDArray[np.float64], source: str) -> None:
    """Raise InputError where a foot that does not turn shows no gravity: it was taken out.

    acc, gyr : (n, 3) in m/s² and rad/s
    """
    resting = np.linalg.norm(gyr, axis=1) < RESTING_RAD_S
    if np.count_nonzero(resting) < RESTING_SAMPLES:
        return
    rest = float(np.quantile(np.linalg.norm(acc[resting], axis=1), REST_QUANTILE))
    if rest < WITHOUT_GRAVITY_M_S2:
        raise InputError(
            f"{source} has acceleration without gravity: {rest / STANDARD_GRAVITY_M_S2:.2g} g "
            "where the foot is at rest. Gravity is needed, so export the acceleration as the "
            "sensor measures it."
        )


def check_not_exchanged(
    acc: NDArray[np.float64], gyr: NDArray[np.float64], columns: Columns, source: str
) -> None:
    """Raise InputError where gravity stands in the columns of the gyroscope, all (n, 3) as they
    are in the table."""
    first, second = np.linalg.norm(acc, axis=1), np.linalg.norm(gyr, axis=1)
    if len(acc) < EXCHANGED_SAMPLES:
        return
    if columns.gyr is not None and _rests(second, first) and not _rests(first, second):
        raise InputError(
            f"{source} has gravity in {columns.gyr.names()}: the columns of accelerometer and "
            "gyroscope look exchanged; name each by what it holds."
        )


def _rests(values: NDArray[np.float64], others: NDArray[np.float64]) -> bool:
    """Whether values (n,) are steady and those of gravity where the others are smallest."""
    still = values[others <= np.quantile(others, 0.1)]
    low, middle, high = np.quantile(still, (0.25, 0.5, 0.75))
    near = any(abs(middle - rest) < NEAR * rest for rest in AT_REST)
    return bool(near and high - low < STEADY * middle)


def _check_values(
    columns: Columns, samples: Samples, source: str
) -> tuple[float | None, float | None]:
    """Check the units; the ranges (g, deg/s) at which samples were clipped, None for none."""
    # rows of zeros are no measurement, and say nothing of what a column holds
    measured = samples.acc.any(axis=1) | np.nan_to_num(samples.gyr).any(axis=1)
    acc, has_gyr = samples.acc / columns.acc.to_si, not np.isnan(samples.gyr).all()
    if columns.gyr is not None and has_gyr:
        gyr = samples.gyr / columns.gyr.to_si
        check_not_exchanged(acc[measured], gyr[measured], columns, source)
    check_acc_unit(acc, columns.acc, source)
    acc_range_g = full_scale(samples.acc / STANDARD_GRAVITY_M_S2, ACC_FULL_SCALES_G)
    if columns.gyr is None or not has_gyr:
        return acc_range_g, None
    check_gyr_unit(samples.gyr / columns.gyr.to_si, samples.acc, columns.gyr, source)
    check_gravity(samples.acc[measured], samples.gyr[measured], source)
    return acc_range_g, full_scale(samples.gyr * DEG_PER_RAD, GYR_FULL_SCALES_DPS)
