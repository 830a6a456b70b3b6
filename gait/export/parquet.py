"""Strides and samples as Parquet. Needs the extra `parquet`, loaded only here."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.model import GaitError, Samples
from gait.recording.files import private_output
from gait.recording.tables import si_columns
from gait.report.tables import stride_cells, stride_columns

WORDS = ("side", "activity", "strike", "why")


def write_strides_parquet(path: Path, strides: NDArray[np.void]) -> None:
    """The stride table: words as text, `valid` as bool, numbers as float64 with null for NaN.

    Raises UsageError for a path that is taken, GaitError where the disk refuses or the extra
    `parquet` is not installed.
    """
    columns: dict[str, object] = {}
    for name in stride_columns(strides):
        if name in WORDS:
            columns[name] = [cell or None for cell in stride_cells(strides, name)]
        else:
            columns[name] = strides[name]
    _write(path, columns)


def write_samples_parquet(path: Path, samples: Samples) -> None:
    """An IMU table in SI units that `gait analyze` reads; errors as of `write_strides_parquet`."""
    _write(path, si_columns(samples))


def _write(path: Path, columns: Mapping[str, object]) -> None:
    try:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]
        from pyarrow import parquet  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise GaitError(
            "Writing Parquet needs the extra `parquet`: pip install 'shoegait[parquet]'."
        ) from error
    table = pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})
    with private_output(path, overwrite=False) as file:
        parquet.write_table(table, file)
