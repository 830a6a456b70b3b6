"""What other programs read: the stride table (CSV or Parquet) and the summary (JSON)."""

import csv
import io
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from gait.model.strides import Activity, Side, Strike, why_sentence
from gait.model.summary import Summary
from gait.recording.files import private_output
from gait.recording.tables import is_parquet, write_parquet

# In this order first, whatever else a later version measures.
CONTRACT_COLUMNS = (
    "side",
    "activity",
    "ic_s",
    "tc_s",
    "stride_s",
    "contact_ms",
    "flight_ms",
    "cadence_spm",
    "strike_angle_deg",
    "strike",
    "roll_at_ic_deg",
    "pronation_excursion_deg",
    "pronation_velocity_deg_s",
    "time_to_pronation_ms",
    "impact_g",
    "braking_g",
    "stride_length_m",
    "speed_m_s",
    "valid",
    "why",
)

SIDES = (Side.LEFT, Side.RIGHT)
_WORDS: dict[str, Callable[[int], str]] = {
    "side": lambda value: SIDES[value].value,
    "activity": lambda value: Activity(value).name.lower(),
    "strike": lambda value: "" if value == Strike.UNKNOWN else Strike(value).name.lower(),
    "valid": lambda value: "true" if value else "false",
    "why": why_sentence,
}
# Decimals by the unit a name ends in; the first that fits. An order finer than can be measured.
_DECIMALS = {
    "_deg_s": 1,
    "_m_s": 4,
    "_ms": 2,
    "_spm": 2,
    "_pct": 2,
    "_deg": 2,
    "_g": 3,
    "_m": 4,
    "_s": 6,
}
_OTHER_DECIMALS = 4

TEXTS = ("side", "activity", "strike", "why")
Target = Path | str | TextIO


def stride_columns(strides: NDArray[np.void]) -> list[str]:
    """The columns of the stride table: those of the contract, then every further measure."""
    names = strides.dtype.names or ()
    return [*CONTRACT_COLUMNS, *(name for name in names if name not in CONTRACT_COLUMNS)]


def write_strides(target: Target, strides: NDArray[np.void], *, overwrite: bool = False) -> None:
    """Write one row a stride, empty where not measured.

    strides : (n,) with `gait.model.strides.EVENT_FIELDS` and one float64 field a measure
    target  : an open text file, or a path: Parquet where it ends in `.parquet` (words as text,
              `valid` as bool, numbers as float64 with null for NaN), else CSV, compressed where it
              ends in `.gz`

    Raises UsageError for a path that is taken (unless `overwrite`) or in no folder, and
    GaitError where the disk refuses, or where Parquet needs an extra that is not installed.
    """
    columns = stride_columns(strides)
    if isinstance(target, Path | str) and is_parquet(target):
        table = {
            name: [cell or None for cell in stride_cells(strides, name)]
            if name in TEXTS
            else strides[name]
            for name in columns
        }
        write_parquet(Path(target), table, overwrite=overwrite)
        return
    with _text_output(target, overwrite=overwrite) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(zip(*(stride_cells(strides, name) for name in columns), strict=True))


def write_summary_json(target: Target, summary: Summary, *, overwrite: bool = False) -> None:
    """Write the summary as indented JSON; `target` and errors as for `write_strides`."""
    pretty = msgspec.json.format(msgspec.json.encode(summary), indent=2).decode()
    with _text_output(target, overwrite=overwrite) as file:
        file.write(pretty + "\n")


def stride_cells(strides: NDArray[np.void], name: str) -> list[str]:
    """One column of the stride table as text, empty where not measured."""
    if name not in (strides.dtype.names or ()):
        return [""] * len(strides)
    values = strides[name].tolist()
    if name in _WORDS:
        return [_WORDS[name](value) for value in values]
    decimals = next((d for end, d in _DECIMALS.items() if name.endswith(end)), _OTHER_DECIMALS)
    return [f"{value:z.{decimals}f}" if math.isfinite(value) else "" for value in values]


@contextmanager
def _text_output(target: Target, *, overwrite: bool) -> Iterator[TextIO]:
    """`target` itself where it is open already, else a new file for its owner only."""
    if not isinstance(target, Path | str):
        yield target
        return
    with private_output(Path(target), overwrite=overwrite) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        try:
            yield text
        finally:
            text.detach()
