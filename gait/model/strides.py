"""What is said of one stride besides its measures.

Left or right, from the runner's own point of view.
"""

from enum import IntEnum, IntFlag, StrEnum

import numpy as np

from gait.model.arrays import Bools, Records


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Side":
        return Side.RIGHT if self is Side.LEFT else Side.LEFT

    @property
    def code(self) -> int:
        """As the `side` of stride records has it: 0 left, 1 right."""
        return 0 if self is Side.LEFT else 1


class Activity(IntEnum):
    RUN = 0
    WALK = 1


class Strike(IntEnum):
    """Foot strike by the angle of the shoe at contact (Altman & Davis 2012)."""

    UNKNOWN = -1
    REARFOOT = 0
    MIDFOOT = 1
    FOREFOOT = 2


STRIKE_BOUNDS_DEG = (-1.6, 8.0)  # strike angle: forefoot below, rearfoot above (the same)


class QualityFlag(IntFlag):
    """Why something about a stride is not measured. Several can hold at once."""

    NOTHING = 0
    GAP = 1
    ACC_CLIPPED = 2
    GYR_CLIPPED = 4
    NO_NEXT_CONTACT = 8
    NO_STANDING = 16
    LOW_RATE = 32
    ODD_DURATION = 64
    NO_GYROSCOPE = 128
    ONE_SHOE = 256
    MOUNTING_POOR = 512
    WALKING = 1024
    NOT_STEADY = 2048
    IMPACT_CLIPPED = 4096
    LANDING_CLIPPED = 8192
    NOT_A_STEP = 16384
    PAUSED = 32768
    BRIDGED = 65536
    LANDING_BRIDGED = 131072
    TOE_OFF_BRIDGED = 262144
    PATH_BRIDGED = 524288
    MOUNTING_UNKNOWN = 1048576
    GYROSCOPE_DOUBTED = 2097152
    CLOCKS_APART = 4194304
    IMPLAUSIBLE = 8388608
    EVENTS_CLIPPED = 16777216
    PATH_CLIPPED = 33554432


WHY_TEXT: dict[QualityFlag, str] = {
    QualityFlag.GAP: "samples are missing inside this stride",
    QualityFlag.ACC_CLIPPED: (
        "the accelerometer reached the end of its range, so the path is left out"
    ),
    QualityFlag.IMPACT_CLIPPED: (
        "the impact reached the end of the accelerometer's range, so its peak is a lower bound"
    ),
    QualityFlag.LANDING_CLIPPED: (
        "the accelerometer was at the end of its range before the foot landed, so the moment of "
        "contact is not known well enough"
    ),
    QualityFlag.GYR_CLIPPED: "the gyroscope reached the end of its range, so angles are left out",
    QualityFlag.NO_NEXT_CONTACT: "the next contact of this foot was not recorded",
    QualityFlag.NO_STANDING: "no quiet standing before it, so there is no neutral angle",
    QualityFlag.LOW_RATE: "the sampling rate is too low for some of its measures",
    QualityFlag.ODD_DURATION: "its duration does not fit steady gait",
    QualityFlag.NOT_A_STEP: (
        "the foot did not move on over a quiet, upright stance, so it was hardly a step (the shoe "
        "handled, or a turn on the spot)"
    ),
    QualityFlag.NO_GYROSCOPE: (
        "the sensor has no gyroscope, so there are no angles and no contact times"
    ),
    QualityFlag.ONE_SHOE: (
        "the next contact of the other foot was not recorded, so flight and step time are not known"
    ),
    QualityFlag.MOUNTING_POOR: (
        "how the sensor sits on the shoe is not known well enough for angles"
    ),
    QualityFlag.WALKING: "walking, so measures of running do not apply",
    QualityFlag.NOT_STEADY: "the foot was not still enough in mid-stance to measure the path",
    QualityFlag.PAUSED: "the runner had paused the recording",
    QualityFlag.BRIDGED: "single samples were missing and were filled in",
    QualityFlag.LANDING_BRIDGED: (
        "samples were missing when the foot landed, so that moment is known less well"
    ),
    QualityFlag.TOE_OFF_BRIDGED: (
        "samples were missing when the foot left the ground, so that moment is known less well"
    ),
    QualityFlag.PATH_BRIDGED: (
        "too many samples in a row were missing for the foot's path and angles"
    ),
    QualityFlag.MOUNTING_UNKNOWN: (
        "how the sensor sits on the shoe could not be told, so steps are counted and timed, and "
        "nothing else is measured"
    ),
    QualityFlag.CLOCKS_APART: (
        "the two feet are not known to share a clock, so flight and step time are not known"
    ),
    QualityFlag.IMPLAUSIBLE: (
        "some of its measures cannot be right and are left out; the summary says why"
    ),
    QualityFlag.PATH_CLIPPED: (
        "the gyroscope was at the end of its range for so long that the path is not known"
    ),
    QualityFlag.EVENTS_CLIPPED: (
        "the gyroscope was at the end of its range for so long that the moments of contact are "
        "not known well enough"
    ),
    QualityFlag.GYROSCOPE_DOUBTED: (
        "the gyroscope contradicts the accelerometer, so steps are counted and timed, and nothing "
        "else is measured"
    ),
}


def why_sentence(why: int) -> str:
    """The reasons in words, joined by semicolons; empty for none."""
    return "; ".join(text for flag, text in WHY_TEXT.items() if why & flag)


# The part of a stride record that detection fills in; `gait.measures` adds a column a measure.
EVENT_FIELDS: list[tuple[str, type]] = [
    ("side", np.int8),  # `Side.code`
    ("activity", np.int8),  # Activity
    ("strike", np.int8),  # Strike
    ("valid", np.bool_),
    ("why", np.uint32),  # Why
    ("ic_s", np.float64),  # initial contact
    ("tc_s", np.float64),  # terminal contact
    ("stride_s", np.float64),  # to the next initial contact of the same foot; NaN unknown
    ("ic_sd_ms", np.float64),  # how well initial contact is known, one standard deviation
    ("tc_sd_ms", np.float64),  # … and terminal contact
]


def is_side(strides: Records, side: Side) -> Bools:
    """(n,) which of these records of dtype STRIDE or CLOSED are of that foot."""
    return strides["side"] == side.code


def of_side(strides: Records, side: Side) -> Records:
    """Those of one foot, a copy."""
    return strides[is_side(strides, side)]


def is_running(strides: Records) -> Bools:
    """(n,) which of these records of dtype STRIDE are valid and running, as means want them."""
    return strides["valid"] & (strides["activity"] == Activity.RUN)
