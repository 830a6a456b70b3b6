"""Whether what was measured can be: a table of checks, applied once everything is measured.

A recording told to be of the wrong foot, with axes of the other hand or on two clocks gives numbers
like any other. Each row of `CHECKS` looks for one such thing in the strides of a foot or of both
and in what is known of the sensors, says in one sentence what it found and what to do, and names
the measures that cannot stand. A new check is one function and one row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gait.measures.aggregate import FEW
from gait.measures.clocks import drift_of, step_times_s, timed
from gait.measures.session_table import SYMMETRIES
from gait.measures.signals import Signals
from gait.measures.table import BY_NAME, STRIDE_MEASURES
from gait.model.arrays import Bools, Records
from gait.model.sensor import SensorInfo, enough_rate
from gait.model.strides import Activity, QualityFlag, Side, Strike, is_running, is_side
from gait.model.summary import Clocks, Doubt

# What is spoiled, by what it is taken from.
ROLL = frozenset(
    row.name for row in STRIDE_MEASURES if "roll" in row.name or "pronation" in row.name
) | {"everted_pct"}
PAIRED = frozenset(row.name for row in STRIDE_MEASURES if row.paired)
PATH = frozenset({"speed_m_s", "stride_length_m", "step_length_m", "swing_height_m"})
CONTACT = frozenset(
    {"contact_ms", "flight_ms", "swing_ms", "duty_factor_pct", "vertical_oscillation_mm"}
)
ALL_BUT_COUNTING = frozenset(BY_NAME) - {"cadence_spm"}
NOT_OF_RUNNER = frozenset(row.name for row in STRIDE_MEASURES if not row.of_runner)
COMPARISONS = frozenset(row.name for row in SYMMETRIES)

# Side. The foot lands on its outer edge and swings round the other leg: on 15 of 17 real feet both
# are so in most strides, on two only the second. As the other foot, both are turned.
LEAST_LANDINGS = 8
EVERTED_DEG, EVERTED_SHARE = 2.5, 0.6
SWINGS_IN_M, SWINGS_IN_SHARE = -0.005, 0.55
# One of the two alone, where the other says nothing; the first in running only.
CLEARLY_EVERTED_DEG, CLEARLY_EVERTED_SHARE = 4.0, 0.75
NO_SWING_M = 0.010
CLEARLY_IN_M, CLEARLY_IN_SHARE = -0.015, 0.75
NOT_INVERTED_DEG, NOT_INVERTED_SHARE = -2.0, 0.3

MOST = 0.5  # of the strides: what holds for more, holds for the recording
LEAST_STRIDES = 5
UPSIDE_DOWN_G = -0.3  # mean force upwards, in foot axes; where all is right it is 0.6 to 1
SAME_STRIDE_S = 0.0002  # two feet's stride times differ by more, by far
LEAST_SPREAD_S = 0.001  # between strides, below which equal stride times say nothing
# Of the stride, from its middle: no running is so uneven, and after a stroke walking hardly is.
OFF_HALF = {Activity.RUN: 0.10, Activity.WALK: 0.18}
TOGETHER = 0.15  # of the stride; nearer than this, they land at once
NO_FLIGHT_MS = -30.0  # in running, beyond what both events may be off by
MOST_DUTY_PCT = 52.0  # of the stride on the ground, in running; half, and what they may be off by
# From the slowest jog to the fastest sprint, and the fastest walking race.
RUN_STRIDE_M, RUN_SPEED_M_S = (0.6, 5.2), 12.0
WALK_STRIDE_M, WALK_SPEED_M_S = (0.15, 3.0), 4.5
REACH_M = 1.7  # that a body moves on over the foot; 0.6 to 1.2 in all walking and running
CADENCE_APART, SPEED_APART = 0.03, 0.15  # between the feet of one runner, relative
ENDS_EARLY_SHARE, ENDS_EARLY_S = 0.9, 5.0
HELD_SHARE = 0.3
MANY_WRONG = 0.02  # of the samples; fewer are told beside the sensor
FEW_CLIPPED, FEW_MISSING = 0.002, 0.05  # shares of samples, above which force does not add up

SAME_RUN = "name two recordings of the same time, or say --clock separate"


@dataclass(frozen=True, slots=True)
class FootEvidence:
    """What is known of one foot. Times on the clock of the strides.

    landings : (m,) of dtype `gait.measures.landing.LANDING`, of the same strides in some order
    """

    info: SensorInfo
    strides: Records
    landings: Records
    signals: Signals
    first_s: float = np.nan
    last_s: float = np.nan
    clipped_share: float = 0.0  # of the samples
    missing_share: float = 0.0
    wrong_share: float = 0.0  # no measurement: not finite, all zero, or far beyond the range

    @property
    def lasts_s(self) -> float:
        return self.last_s - self.first_s

    @property
    def signals_wrong(self) -> bool:
        """Whether it is known already why the gyroscope cannot be used."""
        return self.signals.turns_the_other_way or bool(self.signals.stuck_axes)

    @property
    def far_off(self) -> bool:
        """Whether the gyroscope does not fit, and neither clipping nor loss explains it."""
        whole = self.clipped_share < FEW_CLIPPED and self.missing_share < FEW_MISSING
        return whole and self.signals.far_off

    @property
    def gyroscope_wrong(self) -> bool:
        return self.signals_wrong or self.far_off

    @property
    def running(self) -> Records:
        return self.strides[is_running(self.strides)]

    def median(self, name: str, activity: Activity) -> float:
        """Of the valid strides that have it; NaN where they are few."""
        mine = self.strides[self.strides["valid"] & (self.strides["activity"] == activity)]
        known = mine[name][np.isfinite(mine[name])]
        return float(np.median(known)) if len(known) >= LEAST_STRIDES else np.nan

    def cadence_spm(self, activity: Activity) -> float:
        """Of those strides together, however they alternate; NaN where they are few."""
        mine = timed(self.strides)
        stride_s = mine["stride_s"][mine["activity"] == activity]
        return 120.0 / float(np.mean(stride_s)) if len(stride_s) >= LEAST_STRIDES else np.nan

    def mostly(self, why: QualityFlag) -> bool:
        marked: Bools = (self.strides["why"] & int(why)) != 0
        return len(marked) >= LEAST_STRIDES and float(np.mean(marked)) > MOST


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a recording.

    clocks     : of two feet, whether they can be set against each other in time
    apart      : why they cannot, "" where that was said by whoever recorded them
    overlap    : whether they were recorded at the same time, as far as that is known
    of_session : it comes from a session file, not from tables
    """

    feet: Mapping[Side, FootEvidence]
    clocks: Clocks = "one"
    apart: str = ""
    overlap: bool = True
    of_session: bool = False

    @property
    def both(self) -> tuple[FootEvidence, FootEvidence]:
        return self.feet[Side.LEFT], self.feet[Side.RIGHT]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: on which feet, what it is, what to do, and what cannot stand.

    spoils : stride measures of those feet, and names of left–right comparisons
    lowers : stride measures of those feet that are given, with low quality
    """

    feet: Sequence[Side]
    what: str
    do: str
    spoils: frozenset[str]
    lowers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong with a recording.

    needs_both : two feet; needs_clock: on one clock. live: also looked for during a run
    alone      : with it, nothing else that is found means anything
    """

    name: str
    finds: Callable[[Evidence], list[Found]]
    needs_both: bool = False
    needs_clock: bool = False
    live: bool = True
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is doubted, in the order of the table, and why a measure cannot stand, or is unsure."""

    doubts: list[Doubt] = field(default_factory=list[Doubt])
    spoiled: Mapping[Side, Mapping[str, str]] = field(default_factory=dict[Side, Mapping[str, str]])
    lowered: Mapping[Side, Mapping[str, str]] = field(default_factory=dict[Side, Mapping[str, str]])
    not_compared: Mapping[str, str] = field(default_factory=dict[str, str])


def _the(side: Side) -> str:
    return f"the {side} foot"


# Axes and signals.


def _gravity(evidence: Evidence) -> list[Found]:
    turned = [
        side
        for side, foot in evidence.feet.items()
        if foot.info.mounting == "foot" and foot.signals.mean_acc_g[2] < UPSIDE_DOWN_G
    ]
    what = "gravity points the wrong way: the accelerometer has its sign turned, or z is not up"
    do = "turn the sign of all acceleration columns, or leave --frame away"
    return [Found(turned, what, do, ALL_BUT_COUNTING)] if turned else []


def _hand(evidence: Evidence) -> list[Found]:
    turned = [side for side, foot in evidence.feet.items() if foot.signals.turns_the_other_way]
    what = (
        "the gyroscope turns the other way than the accelerometer says: the axes are left-handed, "
        "or the sign of the gyroscope is turned"
    )
    do = (
        "turn the sign of one axis in both sensors (left-handed), or of the whole gyroscope; until "
        "then steps are counted and nothing else is measured"
    )
    return [Found(turned, what, do, ALL_BUT_COUNTING)] if turned else []


def _stuck(evidence: Evidence) -> list[Found]:
    found: list[Found] = []
    for side, foot in evidence.feet.items():
        axes = foot.signals.stuck_axes
        if axes:
            what = f"{' and '.join(axes)} of {_the(side)} stands still while the foot moves"
            do = "record with another sensor; steps are counted and nothing else is measured"
            found.append(Found([side], what, do, ALL_BUT_COUNTING))
    return found


def _gyroscope(evidence: Evidence) -> list[Found]:
    doubted = {
        side: foot
        for side, foot in evidence.feet.items()
        if not foot.signals_wrong and (foot.mostly(QualityFlag.GYROSCOPE_DOUBTED) or foot.far_off)
    }
    what = "the gyroscope contradicts the accelerometer"
    do = "check the unit, the order and the sign of its axes"
    if doubted and all(foot.clipped_share >= FEW_CLIPPED for foot in doubted.values()):
        most = max(foot.clipped_share for foot in doubted.values())
        what += f": {100.0 * most:.2g} % of the samples are at the end of the sensor's range"
        do = "set it to a larger one"
    do += "; until then steps are counted and nothing else is measured"
    return [Found(list(doubted), what, do, ALL_BUT_COUNTING)] if doubted else []


def _mounting(evidence: Evidence) -> list[Found]:
    unknown = [
        side
        for side, foot in evidence.feet.items()
        if foot.mostly(QualityFlag.MOUNTING_UNKNOWN) and not foot.gyroscope_wrong
    ]
    what = "how the sensor sits on the shoe could not be told, so only steps are counted"
    do = "stand still for two seconds, then walk or run straight on for a minute"
    return [Found(unknown, what, do, frozenset())] if unknown else []


def _held(evidence: Evidence) -> list[Found]:
    found: list[Found] = []
    for side, foot in evidence.feet.items():
        rate = foot.info.rate_hz
        real = (1.0 - foot.signals.held_share) * rate
        spoils = frozenset(
            row.name
            for row in STRIDE_MEASURES
            if enough_rate(rate, row.least_rate_hz) and not enough_rate(real, row.least_rate_hz)
        )
        if real < (1.0 - HELD_SHARE) * rate and spoils:
            what = (
                f"the sensor of {_the(side)} repeats its values: it really gives {real:.0f} "
                f"samples a second, not {rate:.0f}"
            )
            do = "set it to a higher rate; what needs one is left out"
            found.append(Found([side], what, do, spoils))
    return found


def _wrong(evidence: Evidence) -> list[Found]:
    found: list[Found] = []
    for side, foot in evidence.feet.items():
        if foot.wrong_share >= MANY_WRONG:
            what = (
                f"{100.0 * foot.wrong_share:.0f} % of the samples of {_the(side)} are no "
                "measurement (not finite, all zero or far beyond the sensor's range)"
            )
            do = "they count as missing; check the sensor, and the units of a table"
            found.append(Found([side], what, do, frozenset()))
    return found


# Sides.


def _share(values: Bools) -> float:
    return float(np.mean(values)) if len(values) else 0.0


@dataclass(frozen=True, slots=True)
class _Lands:
    """How a foot lands and swings, in the mean of its running strides, else of all."""

    runs: bool
    everted_deg: float = np.nan
    everted_share: float = 0.0
    swing_m: float = 0.0  # outwards; 0 where it is not known
    inside_share: float = 0.0

    @classmethod
    def of(cls, landings: Records) -> "_Lands":
        running = landings[landings["activity"] == Activity.RUN]
        runs = len(running) >= LEAST_LANDINGS
        landings = running if runs else landings
        known = landings[np.isfinite(landings["roll_deg"])]
        if len(known) < LEAST_LANDINGS:
            return cls(runs)
        everted = (known["roll_deg"] > 0.0) & (known["outward_deg"] > known["inward_deg"])
        swings = landings["swings_out_m"][np.isfinite(landings["swings_out_m"])]
        return cls(
            runs,
            float(np.median(known["roll_deg"])),
            _share(everted),
            float(np.median(swings)) if len(swings) >= LEAST_LANDINGS else 0.0,
            _share(swings < 0.0),
        )

    @property
    def clearly_everted(self) -> bool:
        everted = self.everted_deg >= CLEARLY_EVERTED_DEG
        return self.runs and everted and self.everted_share >= CLEARLY_EVERTED_SHARE


def looks_mirrored(landings: Records) -> bool:
    """Whether these strides are rather those of the other foot, or of one in a mirror."""
    foot = _Lands.of(landings)
    if foot.everted_deg >= EVERTED_DEG and foot.everted_share >= EVERTED_SHARE:
        if foot.swing_m <= SWINGS_IN_M and foot.inside_share >= SWINGS_IN_SHARE:
            return True
        return foot.clearly_everted and abs(foot.swing_m) < NO_SWING_M
    neutral = foot.everted_deg >= NOT_INVERTED_DEG and foot.everted_share >= NOT_INVERTED_SHARE
    return neutral and foot.swing_m <= CLEARLY_IN_M and foot.inside_share >= CLEARLY_IN_SHARE


def lands_on_inner_edge(landings: Records) -> bool:
    """Whether a running foot lands rolled inward, though it swings as the foot it is said to be."""
    foot = _Lands.of(landings)
    return foot.clearly_everted and foot.swing_m >= NO_SWING_M


def _edge(evidence: Evidence) -> list[Found]:
    found: list[Found] = []
    for side, foot in evidence.feet.items():
        if lands_on_inner_edge(foot.landings) and not foot.gyroscope_wrong:
            what = f"{_the(side)} lands on its inner edge, as hardly any runner does"
            do = "check the sign of each axis of the gyroscope; until then pronation is unsure"
            found.append(Found([side], what, do, frozenset(), ROLL))
    return found


def _sides(evidence: Evidence) -> list[Found]:
    turned = [
        side
        for side, foot in evidence.feet.items()
        if looks_mirrored(foot.landings) and not foot.gyroscope_wrong
    ]
    if len(turned) == 2:
        what = "the two feet look swapped, or the sign of both accelerometers is turned"
        do = (
            "analyse it with --swap, and put them on the other way round next time"
            if evidence.of_session
            else "give --left and --right the other way round"
        )
        return [Found(turned, what, do, ROLL)]
    found: list[Found] = []
    for side in turned:
        if len(evidence.feet) == 1:
            what = f"this looks like the {side.other} shoe"
            do = f"analyse it with --side {side.other}"
        else:
            what = f"what is said to be {_the(side)} looks like {_the(side.other)}"
            do = "check which shoe it was on"
        what += ", or the sign of the accelerometer is turned"
        found.append(Found([side], what, do, ROLL))
    return found


# Two feet.


def _same(evidence: Evidence) -> list[Found]:
    left, right = evidence.both
    one, other = timed(left.strides), timed(right.strides)
    same = left.signals.digest == right.signals.digest
    if not same and LEAST_STRIDES <= len(one) == len(other):
        apart_s = np.abs(one["stride_s"] - other["stride_s"])
        varied = float(np.std(one["stride_s"])) > LEAST_SPREAD_S
        same = varied and _share(apart_s < SAME_STRIDE_S) > 0.9
    what = "both feet are the same recording, so one of them is missing"
    do = "name the recordings of both feet"
    return [Found(list(Side), what, do, NOT_OF_RUNNER | COMPARISONS)] if same else []


def _clocks(evidence: Evidence) -> list[Found]:
    if evidence.clocks != "separate" or not evidence.apart:
        return []
    if not any(len(foot.running) >= LEAST_STRIDES for foot in evidence.both):
        return []  # nothing of walking needs it
    if not evidence.overlap:
        do = "record both shoes at the same time" if evidence.of_session else SAME_RUN
    else:
        do = "if they do, say so with --clock shared"
    what = (
        f"the two feet are not known to share a clock ({evidence.apart}), so flight and step time "
        "are not measured"
    )
    return [Found(list(Side), what, do, PAIRED | _of(PAIRED))]


def _of(names: frozenset[str]) -> frozenset[str]:
    """The comparisons of those measures."""
    return frozenset(row.name for row in SYMMETRIES if row.of in names)


def _steps(evidence: Evidence) -> list[Found]:
    left, right = evidence.both
    mine = timed(left.strides)
    step_s = step_times_s(mine, right.strides)
    known = np.isfinite(step_s)
    shares = (step_s / mine["stride_s"])[known]
    if len(shares) < LEAST_LANDINGS:
        return []
    running: Bools = mine["activity"] == Activity.RUN
    runs = float(np.mean(running)) > MOST
    most = OFF_HALF[Activity.RUN if runs else Activity.WALK]
    together = _share(np.minimum(shares, 1.0 - shares) < TOGETHER)
    middle = float(np.median(shares))
    do = "check that they share a clock"
    do += "" if evidence.of_session else " (else --clock separate) and are of two feet"
    if together > MOST:
        what = "both feet land at the same moment, which no gait does"
    elif abs(middle - 0.5) > most:
        short, long = sorted((middle, 1.0 - middle))
        what = (
            f"the feet land unevenly, {100 * short:.0f} and {100 * long:.0f} % of a stride apart, "
            "as no gait does"
        )
    elif abs(drift_of(shares)) > most:
        what = "the steps of left and right drift against each other"
    else:
        return []
    return [Found(list(Side), what, do, PAIRED | _of(PAIRED))]


def _flight(evidence: Evidence) -> list[Found]:
    feet = {s: f.median("flight_ms", Activity.RUN) for s, f in evidence.feet.items()}
    below = {side: flight for side, flight in feet.items() if flight < NO_FLIGHT_MS}
    if not below or _steps(evidence):
        return []
    if len(below) == 2:
        what = "both feet are on the ground at once, which running is not"
        return [Found(list(Side), what, "contact and flight are left out", CONTACT | _of(CONTACT))]
    side = next(iter(below))
    what = (
        f"the {side.other} foot lands {-below[side]:.0f} ms before {_the(side)} has left the "
        "ground, but not the other way round: their clocks seem to be apart"
    )
    do = "check that they share a clock"
    return [Found(list(Side), what, do, PAIRED | _of(PAIRED))]


def _agree(evidence: Evidence) -> list[Found]:
    """One runner's feet are as fast as each other, whatever the clocks."""
    found: list[Found] = []
    for activity in Activity:
        cadence = [foot.cadence_spm(activity) for foot in evidence.both]
        speed = [foot.median("speed_m_s", activity) for foot in evidence.both]
        if _apart(cadence) > CADENCE_APART and _alike_long(evidence):
            what = (
                f"the left foot makes {cadence[0]:.0f} steps a minute, the right {cadence[1]:.0f}"
            )
            do = "name two recordings of one run"
            return [Found(list(Side), what, do, PAIRED | COMPARISONS)]
        if _apart(speed) > SPEED_APART and _alike_long(evidence):
            what = f"the left foot goes {speed[0]:.1f} m/s, the right {speed[1]:.1f}"
            do = "speed and distance are left out; stand still for two seconds before you start"
            found = [Found(list(Side), what, do, PATH)]
    return found


def _apart(pair: Sequence[float]) -> float:
    """Relative difference; NaN, which is never more, where one is not known."""
    return abs(pair[0] - pair[1]) / (0.5 * (pair[0] + pair[1]))


def _alike_long(evidence: Evidence) -> bool:
    """Whether both feet have about as many strides, so that they were taken of the same run."""
    counts = sorted(len(timed(foot.strides)) for foot in evidence.both)
    return counts[0] >= max(FEW, ENDS_EARLY_SHARE * counts[1])


def _ends(evidence: Evidence) -> list[Found]:
    left, right = evidence.both
    longest_s = max(left.lasts_s, right.lasts_s)
    if evidence.clocks == "shared":
        common_s = min(left.last_s, right.last_s) - max(left.first_s, right.first_s)
    else:
        common_s = min(left.lasts_s, right.lasts_s)
    if not common_s < ENDS_EARLY_SHARE * longest_s or longest_s - common_s < ENDS_EARLY_S:
        return []
    shorter = Side.LEFT if left.lasts_s < right.lasts_s else Side.RIGHT
    if evidence.clocks == "shared" and common_s > 0.0:
        what = (
            f"only {common_s:.0f} of {longest_s:.0f} s have both feet; {_the(shorter)} is recorded "
            "for less"
        )
        return [Found([shorter], what, "left and right are compared over those", frozenset())]
    what = f"{_the(shorter)} is recorded for {common_s:.0f} s, the other for {longest_s:.0f} s"
    do = "left and right are not compared, as it is not known which times belong together"
    return [Found(list(Side), what, do, COMPARISONS)]


# What no runner does.


def _contact(evidence: Evidence) -> list[Found]:
    found: list[Found] = []
    for side, foot in evidence.feet.items():
        duty = foot.median("duty_factor_pct", Activity.RUN)
        if duty > MOST_DUTY_PCT:
            what = f"{_the(side)} is on the ground for {duty:.0f} % of the stride, in running"
            do = "contact and flight are left out; check that the sensor sits firmly"
            found.append(Found([side], what, do, CONTACT | _of(CONTACT)))
    return found


def _speed(evidence: Evidence) -> list[Found]:
    found: list[Found] = []
    for side, foot in evidence.feet.items():
        for activity, word, (shortest, longest), fastest in (
            (Activity.RUN, "running", RUN_STRIDE_M, RUN_SPEED_M_S),
            (Activity.WALK, "walking", WALK_STRIDE_M, WALK_SPEED_M_S),
        ):
            length = foot.median("stride_length_m", activity)
            speed = foot.median("speed_m_s", activity)
            reach = speed * 1e-3 * foot.median("contact_ms", activity)
            if reach > REACH_M:
                what = (
                    f"{_the(side)} would be on the ground for {reach:.1f} m at {speed:.1f} m/s, "
                    "farther than a leg reaches"
                )
                do = "speed, distance and contact are left out; check that the sensor is firm"
                found.append(Found([side], what, do, PATH | CONTACT | _of(CONTACT)))
            elif length < shortest or length > longest or speed > fastest:
                what = (
                    f"strides of {length:.1f} m at {speed:.1f} m/s, as {_the(side)} would have it, "
                    f"are not possible in {word}"
                )
                do = "speed and distance are left out; check the units and that the sensor is firm"
                found.append(Found([side], what, do, PATH))
    return found


CHECKS: tuple[Check, ...] = (
    Check("gravity", _gravity),
    Check("hand", _hand),
    Check("stuck", _stuck),
    Check("gyroscope", _gyroscope),
    Check("mounting", _mounting),
    Check("same", _same, needs_both=True, live=False, alone=True),
    Check("side", _sides),
    Check("edge", _edge),
    Check("clocks", _clocks, needs_both=True, live=False),
    Check("steps", _steps, needs_both=True, needs_clock=True),
    Check("flight", _flight, needs_both=True, needs_clock=True),
    Check("agree", _agree, needs_both=True),
    Check("contact", _contact),
    Check("speed", _speed),
    Check("ends", _ends, needs_both=True, live=False),
    Check("held", _held),
    Check("wrong", _wrong),
)


def judge(evidence: Evidence, *, live: bool = False) -> Verdict:
    """What of the table holds for this recording."""
    doubts: list[Doubt] = []
    spoiled: dict[Side, dict[str, str]] = {side: {} for side in evidence.feet}
    lowered: dict[Side, dict[str, str]] = {side: {} for side in evidence.feet}
    not_compared: dict[str, str] = {}
    for check in CHECKS:
        if (
            (live and not check.live)
            or (check.needs_both and len(evidence.feet) < 2)
            or (check.needs_clock and evidence.clocks != "shared")
        ):
            continue
        all_found = check.finds(evidence)
        for found in all_found:
            sentence = "; ".join(part for part in (found.what, found.do) if part)
            sentence = sentence[:1].upper() + sentence[1:] + "."
            of = str(found.feet[0]) if len(found.feet) == 1 else "both"
            doubts.append(
                Doubt(
                    check=check.name,
                    side=of,
                    sentence=sentence,
                    what=found.what,
                    spoils=sorted(found.spoils | found.lowers),
                )
            )
            for name in found.lowers:
                for side in found.feet:
                    lowered[side].setdefault(name, found.what)
            for name in sorted(found.spoils):
                if name in COMPARISONS:
                    not_compared.setdefault(name, found.what)
                for side in found.feet if name in BY_NAME else ():
                    spoiled[side].setdefault(name, found.what)
            if found.spoils & CONTACT:
                # flight and step time of the one foot are taken from the other's contacts
                for name in PAIRED:
                    for side in evidence.feet:
                        spoiled[side].setdefault(name, found.what)
        if all_found and check.alone:
            break
    return Verdict(doubts, spoiled, lowered, not_compared)


def take_away(strides: Records, spoiled: Mapping[Side, Mapping[str, str]]) -> None:
    """Empty the columns of what cannot stand, in place, and mark the strides."""
    for side, names in spoiled.items():
        mine = is_side(strides, side)
        for name in names:
            had = mine & np.isfinite(strides[name])
            strides[name][had] = np.nan
            strides["why"][had] |= np.uint32(QualityFlag.IMPLAUSIBLE)
        if "strike_angle_deg" in names:
            strides["strike"][mine] = Strike.UNKNOWN
