"""How many strides there are, why some are left out, and how long was run and walked."""

from collections import Counter

import numpy as np

from gait.measures.aggregate import Strides
from gait.measures.table import LEFT_OUT
from gait.model.strides import WHY_TEXT, Activity
from gait.model.summary import FootCount

LEAST = 4  # valid strides of a foot that make it running or walking; fewer are odd ones


def count_strides(strides: Strides) -> FootCount:
    """How many strides of one foot there are, and why some are left out."""
    valid = strides[strides["valid"]]
    out = strides[~strides["valid"]]
    reasons = Counter(
        text for why in out["why"] for flag, text in WHY_TEXT.items() if int(why) & flag & LEFT_OUT
    )
    return FootCount(
        found=len(strides),
        running=int((valid["activity"] == Activity.RUN).sum()),
        walking=int((valid["activity"] == Activity.WALK).sum()),
        left_out=len(out),
        left_out_why=dict(reasons),
    )


def activity_seconds(strides: Strides, duration_s: float) -> dict[str, float]:
    """Seconds of running, walking and the rest, from the foot that knows more of it.

    One odd stride among many of the other kind is no running: what a foot has less than `LEAST`
    strides of belongs to the rest.
    """
    totals = {"running": 0.0, "walking": 0.0}
    for side in (0, 1):
        mine = strides[(strides["side"] == side) & strides["valid"]]
        for name, activity in (("running", Activity.RUN), ("walking", Activity.WALK)):
            times = mine["stride_s"][mine["activity"] == activity]
            seconds = float(np.nansum(times)) if len(times) >= LEAST else 0.0
            totals[name] = max(totals[name], seconds)
    totals["other"] = max(0.0, duration_s - sum(totals.values()))
    return totals
