"""How a maker's columns are named, and what they are here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gait.model.arrays import Floats
from gait.model.history import Foot

METRES_PER_MILE = 1609.344
METRES_PER_FOOT = 0.3048
ONE_FOOT_SPM = (60.0, 110.0)  # a runner's cadence between these is that of one foot


@dataclass(frozen=True, slots=True)
class Column:
    """One column or field of a maker that is a measure here.

    factor    : what brings it to `unit`
    zero_is   : whether 0 is a value; else it stands for "not known"
    """

    measure: str
    unit: str
    side: Foot = "both"
    factor: float = 1.0
    zero_is: bool = False


@dataclass(frozen=True, slots=True)
class RunTold:
    """What a file tells of one run, before it is made one.

    seconds    : (n,) Unix time of each moment
    columns    : each with (n,) values in the unit of the `Column`, NaN where not known
    metres     : (n,) distance so far, NaN where not known
    distance_m : the one figure of the file; None where it has none
    timer_s    : without pauses, where the file says it itself
    on_foot    : whether the file says that it was
    offset_s   : local time less UTC where it was run, None where the file does not say
    """

    maker: str
    seconds: Floats
    columns: Sequence[tuple[Column, Floats]]
    metres: Floats | None = None
    distance_m: float | None = None
    timer_s: float | None = None
    on_foot: bool = False
    offset_s: float | None = None
    notes: list[str] = field(default_factory=list)

    def values(self, measure: str) -> Floats:
        """(n,) of the first column of a measure; NaN where there is none."""
        found = (values for column, values in self.columns if column.measure == measure)
        return next(found, np.full(len(self.seconds), np.nan))


@dataclass(frozen=True, slots=True)
class Maker:
    """A maker whose files are known.

    read_csv         : a table of theirs; `knows` says whether its header is
    fit_fields       : by the plain name of a developer field in FIT, see `plain`
    fit_numbers      : by number, of applications whose fields bear no names
    fit_signs        : plain names that only this maker has, of which one tells their files
    fit_applications : what their applications are called in FIT, 16 bytes in hex
    fit_notes        : said of every such file; `fit_numbers_note` where numbers told the fields
    """

    name: str
    knows: Callable[[Sequence[str]], bool]
    read_csv: Callable[["Table"], RunTold]
    fit_fields: Mapping[str, Column]
    fit_signs: frozenset[str]
    fit_applications: frozenset[str] = frozenset()
    fit_numbers: Mapping[int, Column] = field(default_factory=dict)
    fit_notes: tuple[str, ...] = ()
    fit_numbers_note: str = ""


def plain(name: str) -> str:
    """A field's name as it is looked up: letters and digits, in lower case."""
    return "".join(c for c in name.casefold() if c.isalnum())


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: its columns by their name in lower case, all equally long, as text."""

    name: str
    columns: dict[str, list[str]]

    def numbers(self, name: str) -> Floats:
        """A column as numbers, NaN where there is none in a cell or no such column."""
        length = len(next(iter(self.columns.values()), []))
        cells = self.columns.get(name)
        return np.full(length, np.nan) if cells is None else np.array([_number(c) for c in cells])


def steps_per_min(values: Floats, whose: str) -> tuple[Floats, list[str]]:
    """Cadence of both feet; doubled, and said so, where it can only be that of one."""
    known = values[np.isfinite(values) & (values > 0.0)]
    low, high = ONE_FOOT_SPM
    if len(known) and low <= float(np.median(known)) <= high:
        return 2.0 * values, [f"{whose} counts the steps of one foot; cadence was doubled."]
    return values, []


def steps_of_strides(values: Floats, whose: str) -> tuple[Floats, list[str]]:
    """Cadence of both feet from a field that should be that of one; said where it is not."""
    known = values[np.isfinite(values) & (values > 0.0)]
    if len(known) and float(np.median(known)) > ONE_FOOT_SPM[1]:
        return values, [f"{whose} counts the steps of both feet; cadence was not doubled."]
    return 2.0 * values, []


def last_known(values: Iterable[float]) -> float | None:
    """The largest of a cumulated distance; None without any."""
    known = [value for value in values if np.isfinite(value) and value > 0.0]
    return max(known, default=None)


def _number(cell: str) -> float:
    """Also with a decimal comma: in a cell of its own a comma is nothing else."""
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return float("nan")
