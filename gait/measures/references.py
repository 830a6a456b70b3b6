"""What a session measure can be seen beside. Context, never a target."""

from dataclasses import dataclass

from gait.measures.norms import SOURCE, norm
from gait.model.runner import Body
from gait.model.strides import Activity
from gait.model.summary import Reference

USUAL_CADENCE_SPM = (160.0, 180.0)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the expectation depends on: running or walking, speed (m/s) and body if known."""

    activity: Activity
    speed_m_s: float | None
    body: Body | None


def reference_for(measure: str, situation: Situation) -> Reference | None:
    """The published expectation at this speed and body, or the usual range, or None."""
    if situation.activity is not Activity.RUN:
        return None
    expected = norm(measure, situation.speed_m_s, situation.body)
    if expected is not None:
        body = situation.body
        whom = "this speed and body" if body and body.height_m else "this speed"
        return Reference(
            kind="expectation",
            low=expected.expected - expected.sd,
            high=expected.expected + expected.sd,
            text=f"most runners at {whom} (two in three)",
            source=SOURCE,
        )
    if measure == "cadence_spm":
        low, high = USUAL_CADENCE_SPM
        return Reference(
            kind="usual range", low=low, high=high, text="most runners", source="field guide"
        )
    return None
