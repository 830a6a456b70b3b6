"""The numbers of a Parquet table. Needs the extra `parquet`, loaded only here."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.model import GaitError, InputError
from gait.model.limits import SAMPLES, check_most, check_unpacked
from gait.recording.columns import Columns, find_columns


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
