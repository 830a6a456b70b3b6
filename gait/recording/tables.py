"""IMU tables: one foot's samples as CSV or Parquet.

Columns `time_s, acc_x_m_s2, acc_y_m_s2, acc_z_m_s2, gyr_x_rad_s, gyr_y_rad_s, gyr_z_rad_s`, also
`time_ms`, `time_us`, `acc_x_g` and `gyr_x_deg_s`; without gyroscope columns it is an
accelerometer alone; other columns are ignored.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gait.model import InputError, Samples, SensorInfo, Side
from gait.model.edge import told_as
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.recording.columns import Columns
from gait.recording.file_kind import container
from gait.recording.files import private_output
from gait.recording.plausibility import (
    ACC_FULL_SCALES_G,
    GYR_FULL_SCALES_DPS,
    check_acc_unit,
    check_gyr_unit,
    full_scale,
)
from gait.recording.table_parquet import read_parquet_table
from gait.recording.table_text import read_text_table
from gait.recording.timing import put_in_order

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
