"""What is known of one stride when it closes: its window of samples and its events.

The step detector fills it, the measures read it.

A window is one contiguous array (n, COLUMNS) in the foot frame, from a little before initial
contact to the mid-stance after the next contact. Angles are relative to the
foot as it is in the stride's mid-stance. "Level" is the frame of that foot turned upright: x along
the foot, z up; force and path are in it.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from gait.model.arrays import Floats, Records
from gait.model.sensor import SensorInfo

TIME = 0
ACC = 1  # 1, 2, 3: specific force, foot frame, m/s²
GYR = 4  # 4, 5, 6: angular rate, foot frame, bias removed, rad/s
PITCH = 7  # toe-up positive, rad
ROLL = 8  # rotation about the foot's x axis, left edge up positive, rad (not yet eversion)
LEVEL_ACC = 9  # 9, 10, 11: specific force in the level frame, m/s²
VELOCITY = 12  # 12, 13, 14: level frame, m/s
POSITION = 15  # 15, 16, 17: level frame from mid-stance, m
COLUMNS = 18

# Samples that are kept: TIME, ACC, GYR, and whether the sensor was at the end of its range.
CLIPPED = 7
ACC_CLIPPED = 1
GYR_CLIPPED = 2
GAP = 4  # no sample of the sensor: filled in where a few were missing …
LONG_GAP = 8  # … or too many for path and angles
HISTORY_COLUMNS = 8

# One contact of the foot with the ground, as found in the samples around it. Times on the
# clock of the input, indices into the history; NaN and −1 where not found.
CONTACT_FIELDS: list[tuple[str, type]] = [
    ("found", np.bool_),
    ("landing_trough_s", np.float64),  # first pitch-rate trough after landing
    ("push_off_trough_s", np.float64),
    ("ic_run_s", np.float64),  # initial contact, were it running …
    ("ic_walk_s", np.float64),  # … and were it walking
    ("ic_run_sd_s", np.float64),  # how well they are known, one standard deviation
    ("ic_walk_sd_s", np.float64),
    ("ic_run_missing_s", np.float64),  # how long samples are missing around them
    ("ic_walk_missing_s", np.float64),
    ("tc_run_s", np.float64),  # terminal contact, likewise
    ("tc_walk_s", np.float64),
    ("tc_run_sd_s", np.float64),
    ("tc_run_missing_s", np.float64),
    ("tc_walk_missing_s", np.float64),
    ("mid_stance", np.int64),
    ("start", np.int64),
]
CONTACT = np.dtype(CONTACT_FIELDS)

# A closed stride: what the measures get beside the window. Indices are into the window.
CLOSED = np.dtype(
    [
        ("activity", np.int8),
        ("why", np.uint32),
        ("side", np.int8),
        ("rate_hz", np.float64),
        ("ic_s", np.float64),
        ("tc_s", np.float64),
        ("next_ic_s", np.float64),
        ("ic_sd_s", np.float64),  # how well they are known, one standard deviation …
        ("tc_sd_s", np.float64),
        ("ic", np.int64),
        ("tc", np.int64),
        ("mid_stance", np.int64),
        ("next_ic", np.int64),
        ("next_mid_stance", np.int64),
        ("closure", np.float64),  # mean specific force over the stride, in g: 1 where all is right
        ("lean", np.float64),  # of the foot in mid-stance to its left, by that gravity, rad
        ("turn", np.float64),  # of the foot to its left until the next mid-stance, rad
        ("neutral_roll", np.float64),  # roll of standing in the level frame, rad; NaN unknown
        ("window_start", np.int64),  # where its window begins in the block of windows
        ("window_length", np.int64),
    ]
)


@dataclass(slots=True)
class StrideBatch:
    """Strides that closed together: `strides` (n,) of dtype CLOSED, `windows` (rows, COLUMNS)."""

    strides: Records
    windows: Floats

    @classmethod
    def taken(
        cls,
        strides: Records,
        windows: Floats,
        info: SensorInfo,
        *,
        neutral_roll: float,
        why: int,
    ) -> Self:
        """What a kernel has just filled, as a copy, with what holds for every stride."""
        strides = strides.copy()
        strides["side"] = info.side.code
        strides["rate_hz"] = info.rate_hz
        strides["neutral_roll"] = neutral_roll
        strides["why"] |= why
        return cls(strides, windows.copy())
