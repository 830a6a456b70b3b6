"""Why no steps were found in a recording: what is known of it, in words."""

from dataclasses import dataclass

LEAST_S = 8.0  # of samples, in which a mounting and some strides can be found
HARDLY_MOVED_S = 5.0
MANY_MISSING = 0.02  # of the samples
MANY_WRONG, MOST_WRONG = 0.01, 0.5
LOW_RATE_HZ = 40.0
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Recording:
    """What came of one sensor.

    missing_share : of its samples, those that never came, in `gaps` places
    wrong_share   : of those that came, the ones that are no measurements
    gyroscope     : what is wrong with it, in words, "" for nothing
    """

    lasts_s: float
    rate_hz: float
    samples: int
    moving_share: float
    missing_share: float = 0.0
    gaps: int = 0
    wrong_share: float = 0.0
    gyroscope: str = ""


def why_nothing(of: Recording) -> str:
    """The reasons that hold, the most telling first."""
    if of.samples == 0:
        return "the sensor sent no samples"
    if of.lasts_s < LEAST_S:
        return f"only {of.lasts_s:.0f} s were recorded, and it takes some {LEAST_S:.0f} s of steps"
    wrong = f"{100.0 * of.wrong_share:.0f} % of the samples are no measurements"
    wrong += ": zero, repeated, or beyond any range"
    if of.wrong_share >= MOST_WRONG:
        return wrong
    reasons: list[str] = []
    if of.moving_share * of.lasts_s < HARDLY_MOVED_S:
        reasons.append("the foot hardly moved")
    if of.missing_share >= MANY_MISSING:
        all_along = of.gaps > 0.5 * of.lasts_s
        where = "all along" if all_along else f"in {of.gaps} places"
        reasons.append(f"samples are missing {where}: {100.0 * of.missing_share:.0f} % of them")
    if of.wrong_share >= MANY_WRONG:
        reasons.append(wrong)
    if of.gyroscope:
        reasons.append(of.gyroscope)
    if of.rate_hz < LOW_RATE_HZ:
        reasons.append(f"{of.rate_hz:.0f} samples a second are few for finding steps")
    if not reasons:
        reasons.append("the foot moved, but not in the rhythm of steps")
    return "; ".join(reasons[:MOST_REASONS])
