"""What to tell the runner while running: strides in, cues out; and how the shoe says it.

A cue is said when a median over the last strides has been off for some seconds, the same one not
again for a while, and never soon after another: so noise makes no cues, and what goes on is not
nagged about. The maker of cues is pure: session time comes in with the strides. The runner feels a
cue, too: the shoe that it is about vibrates, where it can.
"""

import asyncio
import math
import statistics
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gait.model import Activity, GaitError, SensorInfo, Side, UsageError

if TYPE_CHECKING:
    from gait.ble import ShoeStream

VIBRATE_TRIES = 3  # that fail in a row: a shoe may be out of reach for a moment
TARGET_BAND_PCT = 3.0  # around an own target


class CueKind(StrEnum):
    CADENCE_LOW = "cadence low"
    CADENCE_HIGH = "cadence high"
    ASYMMETRY = "asymmetry"
    IMPACT = "impact"


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to tell, at `session_s`; `side` where it is about one foot."""

    session_s: float
    kind: CueKind
    text: str
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CueSettings:
    """When to speak; `cadence` (low, high) in steps a minute, None for no word on cadence.

    Each measure has a value at which it is off and a lower one at which it is well again.
    """

    cadence: tuple[float, float] | None = None
    cadence_margin_spm: float = 1.0  # beyond the band to be off, inside it to be well
    asymmetry_pct: tuple[float, float] = (10.0, 7.0)  # of contact time, between the feet
    impact_pct: tuple[float, float] = (25.0, 15.0)  # above the first minutes, same foot
    same_speed_pct: float = 8.0  # impact grows with speed: no word on it at another speed
    baseline_s: tuple[float, float] = (60.0, 240.0)  # of running: what "the first minutes" are
    window_strides: int = 16  # of each foot
    least_strides: int = 8
    stale_s: float = 6.0  # without a stride for so long, nothing is known any more
    hold_s: float = 5.0  # so long it must be off, or well, to count
    between_s: float = 20.0  # any two cues
    again_s: float = 60.0  # the same cue


def parse_cadence(text: str) -> tuple[float, float]:
    """`LOW-HIGH`, or an own target, which stands for a band of ±3 %. Raises UsageError."""
    try:
        low, *rest = (float(part) for part in text.replace("–", "-").split("-"))
        high = rest[0] if rest else low
    except ValueError:
        low = high = math.nan
        rest = []
    if len(rest) > 1 or not (60 <= low <= high <= 300):
        raise UsageError(
            f"--cadence {text!r} is not understood; write LOW-HIGH in steps a minute, such as "
            "165-175, or one target, such as 170."
        )
    if not rest:
        low, high = low * (1 - TARGET_BAND_PCT / 100), high * (1 + TARGET_BAND_PCT / 100)
    return low, high


class _Switch:
    """On when it was off the mark for `hold_s`, off when it was well for as long."""

    def __init__(self, hold_s: float) -> None:
        self.on = False
        self.said_s = -math.inf
        self._hold_s = hold_s
        self._since_s: float | None = None

    def set(self, off: bool, well: bool, now_s: float) -> None:
        if not (well if self.on else off):
            self._since_s = None
            return
        if self._since_s is None:
            self._since_s = now_s
        if now_s - self._since_s >= self._hold_s:
            self.on = not self.on
            self._since_s = None


class _Foot:
    """The last running strides of a foot, and how its first minutes were."""

    def __init__(self, settings: CueSettings) -> None:
        self._least = settings.least_strides
        self._baseline_s = settings.baseline_s
        self._last: deque[tuple[float, float, float, float]] = deque(maxlen=settings.window_strides)
        self._first: list[tuple[float, float]] = []
        self._baseline: tuple[float, float] | None = None
        self.run_s = 0.0
        self.seen_s = -math.inf

    def add(self, stride: np.void, now_s: float) -> None:
        cadence, contact = float(stride["cadence_spm"]), float(stride["contact_ms"])
        impact, speed = float(stride["impact_g"]), float(stride["speed_m_s"])
        self._last.append((cadence, contact, impact, speed))
        self.seen_s = now_s
        duration = float(stride["stride_s"])
        self.run_s += duration if math.isfinite(duration) else 0.0
        start_s, end_s = self._baseline_s
        if start_s <= self.run_s < end_s:
            self._first.append((impact, speed))
        elif self.run_s >= end_s and self._baseline is None:
            impacts, speeds = zip(*self._first, strict=True) if self._first else ((), ())
            self._baseline = self._middle(impacts), self._middle(speeds)
            self._first.clear()

    def clear(self) -> None:
        self._last.clear()

    @property
    def cadence(self) -> float:
        return self._middle([s[0] for s in self._last])

    @property
    def contact(self) -> float:
        return self._middle([s[1] for s in self._last])

    def impact_pct(self, same_speed_pct: float) -> float:
        """How far above the first minutes, in percent; NaN where that cannot be said."""
        if self._baseline is None:
            return math.nan
        impact, speed = (self._middle([s[i] for s in self._last]) for i in (2, 3))
        first_impact, first_speed = self._baseline
        if first_impact <= 0 or first_speed <= 0:
            return math.nan
        if abs(speed / first_speed - 1) * 100 > same_speed_pct:  # False where not known
            return math.nan
        return (impact / first_impact - 1) * 100

    def _middle(self, values: "list[float] | tuple[float, ...]") -> float:
        known = [value for value in values if math.isfinite(value)]
        return statistics.median(known) if len(known) >= self._least else math.nan


class CueMaker:
    """Feed every stride as it closes; says what is to be told just then."""

    def __init__(self, settings: CueSettings | None = None) -> None:
        self.settings = settings or CueSettings()
        self._feet = {side: _Foot(self.settings) for side in Side}
        self._switches: dict[tuple[CueKind, Side | None], _Switch] = {}
        self._said_s = -math.inf

    def push(self, strides: NDArray[np.void], now_s: float) -> list[Cue]:
        """Strides that closed just now, of either foot, maybe none; `now_s` is session time."""
        for stride in strides:
            if stride["valid"] and stride["activity"] == Activity.RUN:
                self._feet[Side.RIGHT if stride["side"] else Side.LEFT].add(stride, now_s)
        for foot in self._feet.values():
            if now_s - foot.seen_s > self.settings.stale_s:
                foot.clear()
        found = [*self._cadence(now_s), *self._asymmetry(now_s), *self._impact(now_s)]
        return self._due(found, now_s)

    def _cadence(self, now_s: float) -> list[Cue]:
        band = self.settings.cadence
        if band is None:
            return []
        low, high = band
        known = [foot.cadence for foot in self._feet.values() if math.isfinite(foot.cadence)]
        cadence = statistics.fmean(known) if known else math.nan
        margin = min(self.settings.cadence_margin_spm, (high - low) / 4)
        shown = f"cadence {cadence:.0f}, your band is {low:.0f}–{high:.0f}"
        cues = []
        if self._is_on(CueKind.CADENCE_LOW, cadence < low - margin, cadence > low + margin, now_s):
            cues.append(Cue(now_s, CueKind.CADENCE_LOW, f"{shown}: quicker, shorter steps"))
        if self._is_on(
            CueKind.CADENCE_HIGH, cadence > high + margin, cadence < high - margin, now_s
        ):
            cues.append(Cue(now_s, CueKind.CADENCE_HIGH, f"{shown}: slower steps"))
        return cues

    def _asymmetry(self, now_s: float) -> list[Cue]:
        left, right = (self._feet[side].contact for side in (Side.LEFT, Side.RIGHT))
        pct = (left - right) / ((left + right) / 2) * 100
        off, well = self.settings.asymmetry_pct
        if not self._is_on(CueKind.ASYMMETRY, abs(pct) > off, abs(pct) < well, now_s):
            return []
        longer = Side.LEFT if pct > 0 else Side.RIGHT
        text = f"the {longer} foot is {abs(pct):.0f} % longer on the ground than the {longer.other}"
        return [Cue(now_s, CueKind.ASYMMETRY, text, longer)]

    def _impact(self, now_s: float) -> list[Cue]:
        off, well = self.settings.impact_pct
        cues = []
        for side, foot in self._feet.items():
            pct = foot.impact_pct(self.settings.same_speed_pct)
            if self._is_on(CueKind.IMPACT, pct > off, pct < well, now_s, side):
                text = f"{side} impact {pct:.0f} % above your first minutes: land softer"
                cues.append(Cue(now_s, CueKind.IMPACT, text, side))
        return cues

    def _is_on(
        self, kind: CueKind, off: bool, well: bool, now_s: float, side: Side | None = None
    ) -> bool:
        """Whether it is off the mark, and known to be so now (neither off nor well may hold)."""
        switch = self._switches.setdefault((kind, side), _Switch(self.settings.hold_s))
        switch.set(off, well, now_s)
        return switch.on and off

    def _due(self, found: list[Cue], now_s: float) -> list[Cue]:
        """Of what is off, the one that waited longest, if it is time for a cue at all."""
        if now_s - self._said_s < self.settings.between_s:
            return []
        waiting = [
            (self._switches[cue.kind, self._key(cue)].said_s, number, cue)
            for number, cue in enumerate(found)
            if now_s - self._switches[cue.kind, self._key(cue)].said_s >= self.settings.again_s
        ]
        if not waiting:
            return []
        _, _, cue = min(waiting, key=lambda entry: entry[:2])
        self._switches[cue.kind, self._key(cue)].said_s = self._said_s = now_s
        return [cue]

    def _key(self, cue: Cue) -> Side | None:
        return cue.side if cue.kind is CueKind.IMPACT else None


class HapticCues:
    """Call it with a cue; it waits for nothing. A shoe that failed too often is left alone."""

    def __init__(self, stream: "ShoeStream") -> None:
        self._stream = stream
        self._failed = Counter[int]()
        self._going: set[asyncio.Task[None]] = set()

    def __call__(self, cue: Cue) -> None:
        for device in vibrating(cue, self._stream.sensors):
            if self._failed[device] < VIBRATE_TRIES:
                task = asyncio.create_task(self._vibrate(device))
                self._going.add(task)
                task.add_done_callback(self._going.discard)

    async def _vibrate(self, device: int) -> None:
        try:
            await self._stream.vibrate(device)
        except GaitError:
            self._failed[device] += 1
        else:
            self._failed[device] = 0


def vibrating(cue: Cue, sensors: Sequence[SensorInfo]) -> list[int]:
    """The shoes to nudge: that of the cue's foot, or all where it is about both or is not there."""
    mine = [device for device, info in enumerate(sensors) if info.side is cue.side]
    return mine or list(range(len(sensors)))
