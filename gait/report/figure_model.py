"""A figure as data: axes, lines, bands, and the same in words and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from gait.model.arrays import Floats
from gait.text import words

SIDES = (words.LEFT, words.RIGHT)
MARK = {words.LEFT: "●", words.RIGHT: "▲", words.BOTH: "◆"}
HOLLOW = ("□", "◇", "▽", "○")  # for the figures of others


@dataclass(frozen=True, slots=True)
class Axis:
    """`label` names what is on it, with its unit; without `ticks` there are round values."""

    label: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Values of one side. NaN in `y` is a gap.

    around : lower and upper edge of a shade around it
    doubt  : half the length of a whisker at each point
    ink    : name of the CSS variable of its colour; the side's own where empty
    dashes : empty or `dashed`, so that lines differ without colours
    mark   : one of `MARK` or `HOLLOW` at each point, empty for none
    """

    name: str
    side: str
    x: Floats
    y: Floats
    around: tuple[Floats, Floats] | None = None
    doubt: Floats | None = None
    ink: str = ""
    dashes: str = ""
    mark: str = ""

    @property
    def colour(self) -> str:
        return self.ink or (self.side if self.side in SIDES else "ink")


@dataclass(frozen=True, slots=True)
class Columns:
    """A histogram of one side: `heights` (n,) between `edges` (n + 1,), its median marked."""

    side: str
    edges: Floats
    heights: Floats
    median: float


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle; `said` is what it stands for."""

    kind: str
    x: tuple[float, float]
    y: tuple[float, float]
    said: str


@dataclass(frozen=True, slots=True)
class Band:
    """A shade between two levels of y."""

    low: float
    high: float
    ink: str = "band"


@dataclass(frozen=True, slots=True)
class Span:
    """A level bar at height `y`, such as what is usual for one side."""

    side: str
    low: float
    high: float
    y: float


@dataclass(frozen=True, slots=True)
class Upright:
    """A vertical line, with a word at its top."""

    x: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """What the values are at one place, in words; `href` is what a click opens."""

    x: float
    said: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """`said` and the table (`head`, `rows`) are for who does not see it, `notes` for who does.

    key     : keeps its ids apart from those of other figures of a page
    legend  : a mark or stroke, the CSS variable of its colour, and what it stands for, each
    kinds   : of blocks, and what each stands for
    flat    : less high, as it is no curve
    brushed : whether a part of it can be chosen with a mouse
    """

    key: str
    title: str
    x: Axis
    y: Axis
    said: str
    lines: Sequence[Line] = ()
    columns: Sequence[Columns] = ()
    blocks: Sequence[Block] = ()
    bands: Sequence[Band] = ()
    levels: Sequence[float] = ()
    uprights: Sequence[Upright] = ()
    spans: Sequence[Span] = ()
    spots: Sequence[Spot] = ()
    notes: Sequence[str] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    legend: Sequence[tuple[str, str, str]] = ()
    kinds: Sequence[tuple[str, str]] = ()
    flat: bool = False
    brushed: bool = False
