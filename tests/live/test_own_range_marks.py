"""Where a value lies in the runner's own range, as the live view marks it."""

import numpy as np
import pytest

from gait.live.feet import FootLog
from gait.measures.table import empty_strides
from gait.model import Activity, SensorInfo, Side


@pytest.mark.parametrize(
    ("own", "mark"), [((200.0, 240.0), "▲"), ((240.0, 260.0), "●"), ((260.0, 280.0), "▼")]
)
@pytest.mark.parametrize("side", list(Side))
def test_the_live_view_marks_where_a_value_lies_in_the_own_range(side, own, mark):
    """Contact of 250 ms; what is asked for is the range at the speed that is run."""
    asked = []

    def usual(measure, speed_m_s):
        asked.append((measure, speed_m_s))
        return own

    log = FootLog(SensorInfo(side=side, rate_hz=400, acc_range_g=16, gyr_range_dps=2000), usual)
    strides = empty_strides(12)
    strides["side"] = side is Side.RIGHT
    strides["activity"] = Activity.RUN
    strides["valid"] = True
    strides["ic_s"] = 0.7 * np.arange(12)
    strides["stride_s"], strides["cadence_spm"] = 0.7, 171.4
    strides["contact_ms"], strides["speed_m_s"] = 250.0, 3.0
    log.add(strides, 9.0)
    line = log.line("contact_ms", "Contact", "{:.0f}", 10.0)
    assert line.usual == (mark, f"{own[0]:.0f}–{own[1]:.0f}")
    assert asked == [("contact_ms", 3.0)]
