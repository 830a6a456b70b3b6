"""What the strides before say of the events of a contact.

A runner's contacts are alike to some milliseconds. An event that is further off, seen from two
marks, was read from something else: it is put between where the two let it be expected.
"""

from collections import deque
from dataclasses import dataclass, field, replace

import numpy as np

from gait.steps.parameters import Parameters

from .signals import Signals

REMEMBERED = 7  # strides
LEAST = 3  # of them, before anything is expected; and in a row off, after which it is so
MISSING_SD_SHARE = 0.3  # of the time that is missing around an event: how well it is known


@dataclass(frozen=True)
class Event:
    """Times in s: when (NaN unknown), how well that is known, how long samples miss around it."""

    time_s: float
    sd_s: float
    missing_s: float = 0.0


@dataclass
class Habit:
    """One kind of event in the last strides."""

    since_s: deque[tuple[float, float]] = field(  # from each of two marks to it
        default_factory=lambda: deque(maxlen=REMEMBERED)
    )
    put: int = 0  # since the last that was remembered: seen, but put where it was expected

    def forget(self) -> None:
        self.since_s.clear()
        self.put = 0


def seen_in(samples: Signals, event: Event, edge_s: float) -> Event:
    """The event, with how long the longest gap around it is: 0 where all samples within `edge_s` of
    it, and one more on each side, were measured."""
    if np.isnan(event.time_s):
        return event
    time_s, last = samples.time_s, len(samples) - 1
    earlier = np.flatnonzero(time_s <= event.time_s - edge_s)
    later = np.flatnonzero(time_s >= event.time_s + edge_s)
    first = int(max(earlier, default=0))
    final = max(int(min(later, default=last)), min(first + 1, last))
    measured = np.flatnonzero(~samples.filled)
    gaps_s = [0.0]
    for missing in first + np.flatnonzero(samples.filled[first : final + 1]):
        begin = int(max(measured[measured < missing], default=0))
        end = int(min(measured[measured > missing], default=last))
        gaps_s.append(float(time_s[end] - time_s[begin]))
    return replace(event, missing_s=max(gaps_s))


def steadied(
    habit: Habit, event: Event, marks_s: tuple[float, float], jump_s: float, p: Parameters
) -> Event:
    """The event as it is with its `habit`, which learns from it.

    marks_s: two other times of the foot, s; the second may be unknown (NaN). Further off than
    `jump_s`, from both and the same way, the event has jumped.
    """
    if np.isnan(event.time_s):
        return event
    since_s = event.time_s - np.array(marks_s)
    hidden = event.missing_s > p.event_gap_s
    if len(habit.since_s) >= LEAST:
        off_s = since_s - np.median(np.array(habit.since_s), axis=0)
        jumped = bool((off_s > jump_s).all() or (off_s < -jump_s).all())
        if hidden or (jumped and habit.put < LEAST - 1):
            habit.put += not hidden
            return replace(
                event,
                time_s=event.time_s - float(np.nanmean(off_s)),
                sd_s=float(np.hypot(event.sd_s, p.landing_put_sd_s)),
            )
        if jumped:
            habit.forget()
    if not hidden and not np.isnan(since_s).any():
        habit.since_s.append((float(since_s[0]), float(since_s[1])))
        habit.put = 0
    return replace(event, sd_s=float(np.hypot(event.sd_s, MISSING_SD_SHARE * event.missing_s)))
