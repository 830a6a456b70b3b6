"""What a terminal can draw of numbers: large digits, a scale, a row of bars."""

import math
from collections.abc import Sequence

from rich.text import Text

BARS = "▁▂▃▄▅▆▇█"
DIGIT_ROWS, DIGIT_COLUMNS, DIGIT_GAP = 5, 3, 1
GAUGE_LOW, GAUGE_HIGH = 140, 200

# Five rows of three squares; a square is two columns wide, which looks about square.
_DIGITS = {
    "0": ("███", "█ █", "█ █", "█ █", "███"),
    "1": ("██ ", " █ ", " █ ", " █ ", "███"),
    "2": ("███", "  █", "███", "█  ", "███"),
    "3": ("███", "  █", "███", "  █", "███"),
    "4": ("█ █", "█ █", "███", "  █", "  █"),
    "5": ("███", "█  ", "███", "  █", "███"),
    "6": ("███", "█  ", "███", "█ █", "███"),
    "7": ("███", "  █", "  █", "  █", "  █"),
    "8": ("███", "█ █", "███", "█ █", "███"),
    "9": ("███", "█ █", "███", "  █", "███"),
}


def big_number(number: float, scale: int = 1) -> list[str]:
    """The rows of a whole number in large digits, `5 · scale` of them."""
    rows = []
    for row in range(DIGIT_ROWS):
        squares = (" " * DIGIT_GAP).join(_DIGITS[digit][row] for digit in f"{number:.0f}")
        rows += ["".join(square * 2 * scale for square in squares)] * scale
    return rows


def sparkline(values: Sequence[float], least_range: float) -> str:
    """One bar a stride, scaled from the lowest to the highest of them; a dot where unknown."""
    known = [v for v in values if math.isfinite(v)]
    if not known:
        return ""
    middle = 0.5 * (min(known) + max(known))
    height = max(max(known) - min(known), least_range)
    low = middle - 0.5 * height
    steps = len(BARS) - 1
    return "".join(
        BARS[round(steps * (v - low) / height)] if math.isfinite(v) else "·" for v in values
    )


def gauge(cadence_spm: float | None, band: tuple[float, float], width: int) -> Text:
    """The cadence on a scale with a band marked on it, in two rows; readable without colour."""
    cells = max(20, width - 10)
    place = (cells - 1) / (GAUGE_HIGH - GAUGE_LOW)

    def column(value: float) -> int:
        return round((min(max(value, GAUGE_LOW), GAUGE_HIGH) - GAUGE_LOW) * place)

    low, high = column(band[0]), column(band[1])
    bar = Text()
    for i in range(cells):
        if cadence_spm is not None and i == column(cadence_spm):
            off = "◀" if cadence_spm < GAUGE_LOW else "▶" if cadence_spm > GAUGE_HIGH else "●"
            bar.append(off, "bold")
        elif i in (low, high):
            bar.append("┃", "green")
        else:
            inside = low < i < high
            bar.append("━" if inside else "─", "green" if inside else "dim")
    scale = Text(f" {GAUGE_LOW} ").append_text(bar).append(f" {GAUGE_HIGH}")
    return scale.append("\n" + " " * 5 + _marks(band, (low, high), cells), "dim")


def _marks(band: tuple[float, float], at: tuple[int, int], cells: int) -> str:
    """The numbers below the ends of the band; one in the middle where there is no room for two."""
    words = [f"{end:.0f}" for end in band]
    if at[1] - at[0] < len(words[0]) + 2:
        both = "–".join(dict.fromkeys(words))
        words, at = [both], ((at[0] + at[1]) // 2, 0)
    marks = [" "] * cells
    for word, middle in zip(words, at, strict=False):
        start = min(max(0, middle - len(word) // 2), cells - len(word))
        marks[start : start + len(word)] = word
    return "".join(marks)
