"""The table of per-stride measures: one row a measure, from which columns, JSON, report and
"not measured, because" follow. A new measure is one function in `stride.py` and one row here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gait.model.arrays import Records
from gait.model.sensor import FAST_HZ
from gait.model.strides import EVENT_FIELDS, QualityFlag

# What makes a stride's value of a measure unusable, by what the measure is taken from.
NO_GAIT = QualityFlag.ODD_DURATION | QualityFlag.NOT_A_STEP
LEFT_OUT = (
    QualityFlag.GAP | QualityFlag.NO_NEXT_CONTACT | NO_GAIT | QualityFlag.PAUSED
)  # no place in any mean
TIMING = QualityFlag.GAP | QualityFlag.NO_NEXT_CONTACT | NO_GAIT
ONLY_COUNTED = (
    QualityFlag.NO_GYROSCOPE | QualityFlag.MOUNTING_UNKNOWN | QualityFlag.GYROSCOPE_DOUBTED
)
HIDDEN = QualityFlag.LANDING_CLIPPED | QualityFlag.LANDING_BRIDGED | QualityFlag.EVENTS_CLIPPED
LANDING = HIDDEN | QualityFlag.GAP | NO_GAIT | ONLY_COUNTED
CONTACT = LANDING | QualityFlag.TOE_OFF_BRIDGED
ANGLES = LANDING | QualityFlag.GYR_CLIPPED | QualityFlag.MOUNTING_POOR | QualityFlag.PATH_BRIDGED
SHOCK = LANDING | QualityFlag.IMPACT_CLIPPED
AFTER_MID_STANCE = QualityFlag.NO_NEXT_CONTACT  # without a next stance what was level is not known
STANDING = ANGLES | TIMING | QualityFlag.NO_STANDING | QualityFlag.ACC_CLIPPED
PATH = (
    TIMING
    | QualityFlag.ACC_CLIPPED
    | QualityFlag.PATH_CLIPPED
    | QualityFlag.NOT_STEADY
    | QualityFlag.PATH_BRIDGED
    | ONLY_COUNTED
)


class Group(StrEnum):
    """What a measure is about; measures are shown by group, in this order."""

    PACE = "pace"
    CONTACT = "contact"
    FOOT = "foot"
    IMPACT = "impact"
    SPRING = "spring"
    SYMMETRY = "symmetry"
    VARIABILITY = "variability"
    DRIFT = "drift"


class HangsOn(StrEnum):
    """Which moments a measure is taken from, so that their uncertainty is in its own."""

    NOTHING = ""
    CONTACT = "contact"  # landing and leaving, in ms
    DUTY = "duty"  # likewise, in % of the stride
    LANDING = "landing"  # in ms
    STEP = "step"  # landing of both feet, whose errors are alike in good part
    LANDING_ANGLE = "landing angle"  # by how fast the foot turns there, and where the toes point


@dataclass(frozen=True, slots=True)
class StrideMeasure:
    """One per-stride measure.

    `invalid_if`: reasons that empty the column for a stride. `least_rate_hz`: below it the
    sensor cannot show it. `method_sd`: what one session's value may be off by beyond the spread
    between strides (one standard deviation, in the unit); `method_sd_pct` the part of it that
    grows with the value. With them the interval holds the truth of simulated sessions
    (tests/measures/test_coverage.py); they are wider where real running was found to be worse.
    """

    name: str
    unit: str
    decimals: int
    label: str
    sentence: str
    source: str
    invalid_if: QualityFlag
    method_sd: float
    least_rate_hz: float = 0.0
    group: Group = Group.PACE
    key: bool = False  # one of the few that are shown first
    method_sd_pct: float = 0.0
    running_only: bool = True
    paired: bool = False  # filled in when both feet are known
    of_runner: bool = False  # belongs to the runner, so one foot tells it for both
    per_time: bool = False  # a frequency: the session has it from its strides' whole time
    peak: bool = False  # of an acceleration peak: depends on the rate, lost where it is clipped
    hangs_on: HangsOn = HangsOn.NOTHING


STRIDE_MEASURES: tuple[StrideMeasure, ...] = (
    StrideMeasure(
        "cadence_spm",
        "steps/min",
        1,
        "Cadence",
        "Steps of both feet a minute.",
        "120 / stride time",
        TIMING,
        0.2,
        group=Group.PACE,
        key=True,
        running_only=False,
        of_runner=True,
        per_time=True,
    ),
    StrideMeasure(
        "speed_m_s",
        "m/s",
        2,
        "Speed",
        "Speed over ground (on a treadmill, of the belt).",
        "stride length / time",
        PATH,
        0.02,
        90.0,
        group=Group.PACE,
        key=True,
        running_only=False,
        of_runner=True,
        method_sd_pct=2.0,
    ),
    StrideMeasure(
        "stride_length_m",
        "m",
        2,
        "Stride length",
        "From one contact to the next of a foot.",
        "path from mid-stance to mid-stance; Osaka 2022",
        PATH,
        0.01,
        90.0,
        group=Group.PACE,
        key=True,
        running_only=False,
        of_runner=True,
        method_sd_pct=2.0,
    ),
    StrideMeasure(
        "step_length_m",
        "m",
        2,
        "Step length",
        "Half a stride length, so the mean of both feet's steps.",
        "stride length / 2",
        PATH,
        0.005,
        90.0,
        group=Group.PACE,
        of_runner=True,
        method_sd_pct=2.0,
    ),
    StrideMeasure(
        "swing_height_m",
        "m",
        2,
        "Swing height",
        "How high the sensor rises in the swing.",
        "path of the sensor",
        PATH,
        0.02,
        90.0,
        group=Group.PACE,
    ),
    StrideMeasure(
        "contact_ms",
        "ms",
        0,
        "Contact time",
        "How long the foot is on the ground.",
        "terminal − initial contact; Falbriard 2018",
        CONTACT,
        6.0,
        90.0,
        group=Group.CONTACT,
        key=True,
        running_only=False,
        hangs_on=HangsOn.CONTACT,
    ),
    StrideMeasure(
        "flight_ms",
        "ms",
        0,
        "Flight time",
        "From leaving the ground to the other foot's contact; needs both shoes.",
        "other foot's initial contact − terminal contact",
        TIMING | CONTACT,
        7.0,
        90.0,
        group=Group.CONTACT,
        key=True,
        paired=True,
        hangs_on=HangsOn.CONTACT,
    ),
    StrideMeasure(
        "step_time_ms",
        "ms",
        0,
        "Step time",
        "From this foot's contact to the other's; needs both shoes.",
        "other foot's initial contact − initial contact",
        TIMING | LANDING,
        3.5,
        90.0,
        group=Group.CONTACT,
        paired=True,
        hangs_on=HangsOn.STEP,
    ),
    StrideMeasure(
        "swing_ms",
        "ms",
        0,
        "Swing time",
        "From leaving the ground to the same foot's next contact.",
        "stride − contact time",
        TIMING | CONTACT,
        6.0,
        90.0,
        group=Group.CONTACT,
        hangs_on=HangsOn.CONTACT,
    ),
    StrideMeasure(
        "duty_factor_pct",
        "%",
        1,
        "Duty factor",
        "Share of the stride the foot is down.",
        "contact / stride time",
        TIMING | CONTACT,
        0.9,
        90.0,
        group=Group.CONTACT,
        running_only=False,
        hangs_on=HangsOn.DUTY,
    ),
    StrideMeasure(
        "strike_angle_deg",
        "°",
        1,
        "Foot strike angle",
        "How far the toes point up at contact, relative to the flat foot.",
        "pitch at contact − mid-stance; Falbriard 2020",
        ANGLES,
        2.5,
        90.0,
        group=Group.FOOT,
        key=True,
        hangs_on=HangsOn.LANDING_ANGLE,
    ),
    StrideMeasure(
        "roll_at_ic_deg",
        "°",
        1,
        "Roll at contact",
        "How the shoe is tilted sideways at contact, relative to mid-stance; negative is on "
        "the outer edge.",
        "shoe roll − that of mid-stance",
        ANGLES,
        2.0,
        90.0,
        group=Group.FOOT,
        hangs_on=HangsOn.LANDING_ANGLE,
    ),
    StrideMeasure(
        "roll_at_ic_standing_deg",
        "°",
        1,
        "Roll at contact from standing",
        "How the shoe is tilted sideways at contact, relative to quiet standing; negative is "
        "on the outer edge.",
        "shoe roll − that of standing, by gravity over the stride",
        STANDING,
        2.5,
        90.0,
        group=Group.FOOT,
        hangs_on=HangsOn.LANDING_ANGLE,
    ),
    StrideMeasure(
        "pronation_excursion_deg",
        "°",
        1,
        "Pronation",
        "How far the shoe rolls inward after contact (the shoe, not the heel bone).",
        "largest shoe roll in the first 60 % of contact − roll at contact",
        ANGLES | AFTER_MID_STANCE,
        2.0,
        90.0,
        group=Group.FOOT,
        key=True,
        hangs_on=HangsOn.LANDING_ANGLE,
    ),
    StrideMeasure(
        "roll_max_standing_deg",
        "°",
        1,
        "Most rolled in from standing",
        "The most inward tilt of the shoe in contact, relative to quiet standing; where "
        "standing is taken as zero moves it by degrees.",
        "largest shoe roll in the first 60 % of contact − that of standing; reference "
        "position: science 1.1",
        STANDING,
        2.5,
        90.0,
        group=Group.FOOT,
    ),
    StrideMeasure(
        "pronation_velocity_deg_s",
        "°/s",
        0,
        "Pronation speed",
        "How fast the shoe rolls inward at most in the first half of contact.",
        "slope of shoe roll over 20 ms; Mitschke 2017",
        ANGLES | AFTER_MID_STANCE,
        25.0,
        FAST_HZ,
        group=Group.FOOT,
        method_sd_pct=10.0,
    ),
    StrideMeasure(
        "time_to_pronation_ms",
        "ms",
        0,
        "Time to full pronation",
        "From contact to the most inward roll; uncertain where the foot stays rolled in.",
        "shoe roll",
        ANGLES | AFTER_MID_STANCE,
        26.0,
        90.0,
        group=Group.FOOT,
        hangs_on=HangsOn.LANDING,
    ),
    StrideMeasure(
        "everted_pct",
        "%",
        0,
        "Time rolled in",
        "Share of contact rolled inward beyond standing; not validated for any sensor.",
        "shoe roll against standing",
        STANDING,
        15.0,
        90.0,
        group=Group.FOOT,
    ),
    StrideMeasure(
        "impact_g",
        "g",
        1,
        "Impact",
        "Largest acceleration of the shoe in the first 50 ms, gravity included. Not load. A "
        "lower estimate below 500 samples a second.",
        "resultant of specific force; rate: Mitschke 2017. In simulated runs it reads low by up to "
        "27 % at 200 samples a second, 9 % at 400, 3 % at 800 and 2 % at 1600",
        SHOCK,
        0.3,
        FAST_HZ,
        group=Group.IMPACT,
        key=True,
        peak=True,
    ),
    StrideMeasure(
        "axial_g",
        "g",
        1,
        "Upward impact",
        "The upward part of the impact.",
        "specific force along the vertical of mid-stance",
        SHOCK | AFTER_MID_STANCE,
        0.3,
        FAST_HZ,
        group=Group.IMPACT,
        peak=True,
    ),
    StrideMeasure(
        "braking_g",
        "g",
        1,
        "Braking",
        "The backward part of the impact.",
        "specific force against the foot's heading",
        SHOCK | AFTER_MID_STANCE,
        0.3,
        FAST_HZ,
        group=Group.IMPACT,
        peak=True,
    ),
    StrideMeasure(
        "shock_g",
        "g",
        2,
        "Shock, 10–20 Hz",
        "Upward acceleration of the shoe between 10 and 20 Hz over the contact, root mean "
        "square. It depends on the sampling rate and on where the sensor sits; compare with "
        "your own only.",
        "zero-lag band-pass of specific force along the vertical of mid-stance",
        SHOCK | AFTER_MID_STANCE,
        0.03,
        FAST_HZ,
        group=Group.IMPACT,
        method_sd_pct=5.0,
    ),
    StrideMeasure(
        "vertical_oscillation_mm",
        "mm",
        0,
        "Vertical oscillation",
        "How far the body moves up and down in a step, from contact and flight time; level "
        "ground only.",
        "sine-wave model, Morin 2005; mean flight is half the stride − contact",
        TIMING | CONTACT,
        4.0,
        90.0,
        group=Group.SPRING,
    ),
)

BY_NAME: dict[str, StrideMeasure] = {m.name: m for m in STRIDE_MEASURES}

STRIDE = np.dtype([*EVENT_FIELDS, *((m.name, np.float64) for m in STRIDE_MEASURES)])
_UNKNOWN = np.zeros(1, dtype=STRIDE)
for _name in STRIDE.names or ():
    if STRIDE[_name] == np.float64:
        _UNKNOWN[_name] = np.nan


def empty_strides(count: int = 0) -> Records:
    """`count` stride records with everything unknown."""
    return np.repeat(_UNKNOWN, count)


def joined(parts: Sequence[Records]) -> Records:
    """Stride records of all parts, one after the other."""
    if not parts:
        return empty_strides()
    # as bytes, since numpy goes through every column of such records before it joins them
    raw = [np.ascontiguousarray(part).view(np.uint8) for part in parts]
    return np.concatenate(raw).view(STRIDE)


def compiled_measures() -> dict[str, Callable[..., float]]:
    """The compiled function of every measure that needs no other foot."""
    from gait.measures import stride  # noqa: PLC0415 - loads numba; the table itself does not

    return {m.name: getattr(stride, m.name) for m in STRIDE_MEASURES if not m.paired}
