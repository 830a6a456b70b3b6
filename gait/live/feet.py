"""What the live view remembers of each foot and each sensor: the last few strides, no more."""

import math
import statistics
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.measures.distance import LEAST_M, MOST_MISSING
from gait.measures.table import BY_NAME
from gait.model import Activity, Connection, QualityFlag, Reading, SensorInfo, Side, Strike
from gait.model.sensor import enough_rate
from gait.text import clock

SPARK_STRIDES = 12  # in a sparkline
LEAST_LOST_PCT = 0.05  # less reads as none
MOST_KNOWN_PCT = 99.5  # of the strides; with more, a loss costs nothing worth a line
RECENT = 10  # valid strides in a shown median
STALE_S = 4.0  # without a stride for so long, nothing is claimed any more
SKIPPED, FIRST = 20, 60  # running strides before, and of, what "the first minutes" are
LATE = 30  # running strides that are held against them
SAME_SPEED = 0.05  # measures change with speed: no word on drift at another one

# column, words on the screen, how the value is written, least range of its sparkline
SHOWN = (
    ("contact_ms", "contact", "{:.0f} ms", 20.0),
    ("strike_angle_deg", "strike", "{:+.0f}°", 4.0),
    ("pronation_excursion_deg", "pronation", "{:.1f}°", 4.0),
    ("impact_g", "impact", "{:.1f} g", 2.0),
)
# column, words, how a change is written, the least change worth showing
DRIFTING = (
    ("cadence_spm", "cadence", "{:+.0f}", 2.0),
    ("contact_ms", "contact", "{:+.0f} ms", 5.0),
    ("pronation_excursion_deg", "pronation", "{:+.1f}°", 1.0),
    ("impact_g", "impact", "{:+.1f} g", 1.0),
)
SHORT_WHY = {
    QualityFlag.GAP: "samples are missing",
    QualityFlag.ACC_CLIPPED: "beyond sensor's range",
    QualityFlag.IMPACT_CLIPPED: "beyond sensor's range",
    QualityFlag.LANDING_CLIPPED: "beyond sensor's range",
    QualityFlag.GYR_CLIPPED: "beyond sensor's range",
    QualityFlag.NO_NEXT_CONTACT: "no next contact yet",
    QualityFlag.ODD_DURATION: "not steady gait",
    QualityFlag.NOT_A_STEP: "hardly a step",
    QualityFlag.MOUNTING_POOR: "mounting not known yet",
    QualityFlag.NO_STANDING: "needs quiet standing",
    QualityFlag.NO_GYROSCOPE: "gyroscope gives nothing",
    QualityFlag.NOT_STEADY: "foot not still in stance",
    QualityFlag.LANDING_BRIDGED: "samples are missing",
    QualityFlag.TOE_OFF_BRIDGED: "samples are missing",
    QualityFlag.PATH_BRIDGED: "samples are missing",
    QualityFlag.MOUNTING_UNKNOWN: "mounting not known yet",
    QualityFlag.GYROSCOPE_DOUBTED: "gyroscope contradicts",
}
ACTIVITY_WORDS = {Activity.RUN: "running", Activity.WALK: "walking"}

# column, speed in m/s: the runner's own usual range, None where it is not known
Usual = Callable[[str, float], tuple[float, float] | None]
Stride = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measure of one foot: its value in words, or None and why; and its last strides.

    usual : the runner's own usual range in words, and where the value lies: "▲", "▼" or "●"
    """

    key: str
    label: str
    value: str | None
    why_not: str = ""
    recent: tuple[float, ...] = ()
    least_range: float = 1.0  # the sparkline's height is at least this, so noise stays small
    usual: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A sensor's connection, and what its losses cost. None: not known.

    contact_pct : of how many strides contact time is known
    """

    state: str
    well: bool
    battery_pct: int | None = None
    lost_pct: float | None = None
    contact_pct: float | None = None

    @property
    def cost(self) -> str:
        """What is lost and what that costs, such as `2.0 % lost: contact time from 91 % of
        strides`; empty where nothing is, or it costs nothing."""
        lost, known = self.lost_pct, self.contact_pct
        if not lost or lost < LEAST_LOST_PCT or known is None or known > MOST_KNOWN_PCT:
            return ""
        return f"{lost:.1f} % lost: contact time from {known:.0f} % of strides"


@dataclass(frozen=True, slots=True, kw_only=True)
class FootNow:
    """One foot. `activity` is "running", "walking" or None with the reason in `why_not`."""

    side: Side
    activity: str | None
    cadence_spm: float | None
    why_not: str
    lines: Sequence[Line]
    strides: int
    link: Link


def median(values: Sequence[float]) -> float | None:
    known = [v for v in values if math.isfinite(v)]
    return statistics.median(known) if known else None


class FootLog:
    """The last strides of one foot, and how its first minutes of running were."""

    def __init__(self, info: SensorInfo, usual: Usual | None = None) -> None:
        self.info = info
        self.recent: deque[Stride] = deque(maxlen=RECENT)
        self.trace: deque[Stride] = deque(maxlen=SPARK_STRIDES)
        self.strides = 0
        self.distance_m = 0.0
        self.unmeasured = 0  # strides whose length is not in the distance
        self.spoiled: set[str] = set()  # columns of which it is known that they cannot be right
        self.nothing = ""  # why there are no steps, once that is known
        self._with_contact = 0  # strides with a contact time
        self.seen_s = -math.inf
        self._usual = usual
        self._run = 0
        self._first: list[Stride] = []
        self._at_first: dict[str, float] = {}  # their medians, once they are complete
        self._late: deque[Stride] = deque(maxlen=LATE)

    def add(self, strides: NDArray[np.void], session_s: float) -> None:
        names = strides.dtype.names or ()
        for record in strides:
            stride = dict(zip(names, record.item(), strict=True))
            self.strides += 1
            self.seen_s = session_s
            length = stride.get("stride_length_m", math.nan)
            self.distance_m += length if math.isfinite(length) else 0.0
            self.unmeasured += not math.isfinite(length)
            self._with_contact += math.isfinite(stride.get("contact_ms", math.nan))
            self.trace.append(stride)
            if stride["valid"]:
                self.recent.append(stride)
                self._follow(stride)

    def _follow(self, stride: Stride) -> None:
        if stride["activity"] != Activity.RUN:
            return
        self._run += 1
        if SKIPPED < self._run <= SKIPPED + FIRST:
            self._first.append(stride)
            self._at_first = self._middles(self._first) if len(self._first) == FIRST else {}
        elif self._run > SKIPPED + FIRST:
            self._late.append(stride)

    def drift(self) -> dict[str, float]:
        """By column, the change since the first minutes; nothing while it is not known."""
        if len(self._late) < LATE:
            return {}
        first, late = self._at_first, self._middles(self._late)
        speeds = first.get("speed_m_s"), late.get("speed_m_s")
        if not speeds[0] or not speeds[1] or abs(speeds[1] / speeds[0] - 1.0) > SAME_SPEED:
            return {}
        return {n: late[n] - first[n] for n, *_ in DRIFTING if n in first and n in late}

    def _middles(self, strides: Sequence[Stride] | deque[Stride]) -> dict[str, float]:
        """Of what can drift, and of speed, as far as it is known."""
        names = ("speed_m_s", *(name for name, *_ in DRIFTING))
        middles = {name: self._middle(strides, name) for name in names}
        return {name: value for name, value in middles.items() if value is not None}

    @staticmethod
    def _middle(strides: Sequence[Stride] | deque[Stride], name: str) -> float | None:
        return median([stride.get(name, math.nan) for stride in strides])

    def activity(self) -> Activity | None:
        """What most of the last three valid strides are; the latest decides a tie."""
        last = [Activity(int(s["activity"])) for s in list(self.recent)[-3:]]
        return max(reversed(last), key=last.count) if last else None

    def of_activity(self) -> list[Stride]:
        now = self.activity()
        return [s for s in self.recent if s["activity"] == now]

    def median(self, name: str) -> float | None:
        return self._middle(self.of_activity(), name)

    @property
    def known_distance_m(self) -> float | None:
        """Where enough strides have a length to speak of a distance."""
        enough = self.unmeasured <= MOST_MISSING * self.strides
        least_m = LEAST_M if self.unmeasured else 0.0
        return self.distance_m if enough and self.distance_m > least_m else None

    @property
    def contact_pct(self) -> float | None:
        """Of how many strides contact time is known, %; None while they are few, or none can."""
        if self.strides < RECENT or not self.info.has_gyroscope:
            return None
        return 100.0 * self._with_contact / self.strides

    def line(self, name: str, label: str, form: str, least_range: float) -> Line:
        if name in self.spoiled:
            return Line(key=name, label=label, value=None, why_not="cannot be right")
        value = self.median(name)
        return Line(
            key=name,
            label=label,
            value=None if value is None else self._strike(name) + form.format(value),
            why_not="" if value is not None else self._why_not(name),
            recent=tuple(s.get(name, math.nan) for s in self.trace),
            least_range=least_range,
            usual=None if value is None else self._against_usual(name, value),
        )

    def _against_usual(self, name: str, value: float) -> tuple[str, str] | None:
        speed = self.median("speed_m_s")
        if self._usual is None or speed is None or self.activity() is not Activity.RUN:
            return None
        own = self._usual(name, speed)
        if own is None:
            return None
        low, high = own
        place = "▲" if value > high else "▼" if value < low else "●"
        return place, f"{low:.0f}–{high:.0f}"

    def _strike(self, name: str) -> str:
        """What goes before a strike angle: the commonest strike of the recent strides."""
        if name != "strike_angle_deg":
            return ""
        known = [int(s["strike"]) for s in self.of_activity() if s["strike"] != Strike.UNKNOWN]
        return f"{Strike(statistics.mode(known)).name.lower()} " if known else ""

    def _why_not(self, name: str) -> str:
        row = BY_NAME[name]
        if not self.info.has_gyroscope:
            return "no gyroscope"
        if not enough_rate(self.info.rate_hz, row.least_rate_hz):
            return "rate too low"
        if not self.trace:
            return ""
        if row.running_only and self.activity() is Activity.WALK:
            return "walking"
        why = int(self.trace[-1]["why"])
        spoiled = [text for flag, text in SHORT_WHY.items() if why & int(flag & row.invalid_if)]
        if spoiled:
            return spoiled[0]
        return "needs both shoes" if row.paired else "not seen yet"

    def now(self, session_s: float, link: Link) -> FootNow:
        fresh = session_s - self.seen_s <= STALE_S
        activity = self.activity() if fresh else None
        lines = [self.line(*shown) for shown in SHOWN]
        if activity is None:
            lines = [Line(key=line.key, label=line.label, value=None) for line in lines]
        return FootNow(
            side=self.info.side,
            activity=ACTIVITY_WORDS[activity] if activity is not None else None,
            cadence_spm=self.median("cadence_spm") if activity is not None else None,
            why_not="" if activity is not None else self._why_nothing(session_s, fresh=fresh),
            lines=lines,
            strides=self.strides,
            link=link,
        )

    def _why_nothing(self, session_s: float, *, fresh: bool) -> str:
        if not self.strides and self.nothing:
            return self.nothing
        if not self.strides:
            seconds = 8 if self.info.has_gyroscope else 5
            return f"no steps yet; it takes some {seconds} s of running"
        if not fresh:
            return f"no steps for {clock(session_s - self.seen_s)}"
        return "no usable stride yet"


class ToldLog:
    """A sensor that sends readings of its own and no samples: a running pod."""

    contact_pct = None

    def __init__(self, info: SensorInfo) -> None:
        self.info = info
        self.last: Reading | None = None

    def fresh(self, session_s: float) -> Reading | None:
        """The last reading with steps in it, while it is not old."""
        last = self.last
        if last is None or session_s - last.host_s > STALE_S or not last.steps:
            return None
        return last

    def now(self, session_s: float, link: Link) -> FootNow:
        reading = self.fresh(session_s)
        activity = None
        if reading is not None:
            activity = "walking" if reading.running is False else "running"
        why_not = "" if reading else "the pod tells of no steps"
        if reading is not None and reading.cadence_spm is None:
            why_not = "not known yet whether the pod counts one foot or both"
        return FootNow(
            side=self.info.side,
            activity=activity,
            cadence_spm=reading.cadence_spm if reading else None,
            why_not=why_not,
            lines=[
                Line(key=name, label=label, value=None, why_not="a pod does not tell")
                for name, label, *_ in SHOWN
            ],
            strides=0,
            link=link,
        )


class LinkLog:
    """What is known of one sensor's connection."""

    def __init__(self) -> None:
        self.state = "waiting"
        self.well = False
        self.battery_pct: int | None = None
        self.lost_pct: float | None = None

    def set(self, event: Connection) -> None:
        self.well = event is Connection.CONNECTED
        self.state = {
            Connection.CONNECTED: "connected",
            Connection.LOST: "connection lost",
            Connection.CLOSED: "closed",
        }[event]

    def now(self, contact_pct: float | None = None) -> Link:
        """contact_pct: of how many of its strides contact time is known."""
        return Link(
            state=self.state,
            well=self.well,
            battery_pct=self.battery_pct,
            lost_pct=self.lost_pct,
            contact_pct=contact_pct,
        )
