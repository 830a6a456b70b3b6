"""How numbers, times and words are shown anywhere."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

UNKNOWN = "–"
MOST_RUNNERS = (160.0, 180.0)  # steps a minute


def printable(text: str) -> str:
    """`text` in one line, without anything that could steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text).strip()


def number(value: float, decimals: int, *, signed: bool = False) -> str:
    """With a minus sign that is one, and no negative zero; a dash where it is not known.

    signed : a plus where it is positive
    """
    if not math.isfinite(value):
        return UNKNOWN
    sign = "+" if signed else ""
    return f"{value:{sign}z.{decimals}f}".replace("-", "−")


def clock(seconds: float) -> str:
    """Hours, minutes and seconds, hours only where there are any."""
    minutes, s = divmod(int(max(0.0, seconds)), 60)
    hours, m = divmod(minutes, 60)
    return f"{hours}:{m:02d}:{s:02d}" if hours else f"{m:02d}:{s:02d}"


def pace(speed_m_s: float) -> str:
    """Minutes and seconds a kilometre."""
    minutes, seconds = divmod(round(1000.0 / speed_m_s), 60)
    return f"{minutes}:{seconds:02d} min/km"


def band_sentence(cadence_spm: float, target: tuple[float, float] | None = None) -> str:
    """Where a cadence lies against the runner's own target, else where most runners are."""
    low, high = target or MOST_RUNNERS
    band = f"{low:.0f}–{high:.0f}"
    whose = f"your target {band}" if target else f"{band}, where most runners are"
    if round(cadence_spm) < round(low):
        return f"below {whose}"
    if round(cadence_spm) > round(high):
        return f"above {whose}"
    return f"within {whose}"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def called(name: str, address: str, *, alike: bool) -> str:
    """A sensor by its name, and by its address where it has none or another is named alike."""
    if not name:
        return address
    return f"{name} ({address})" if alike else name


def alike_among(names: Iterable[str]) -> set[str]:
    """Names that more than one has, whatever their case."""
    counts = Counter(name.casefold() for name in names if name)
    return {name for name, count in counts.items() if count > 1}


def told_apart(sensors: Sequence[tuple[str, str]]) -> list[str]:
    """What to call each of a list, of names and addresses (or serial numbers)."""
    alike = alike_among(name for name, _ in sensors)
    return [
        called(name, address, alike=bool(address) and name.casefold() in alike)
        for name, address in sensors
    ]
