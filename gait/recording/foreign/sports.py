"""What a file is of: a run, another sport, or no activity at all; and whether a run can be one.

Sports, sub-sports and kinds of files by their numbers in Garmin's FIT profile.
"""

import re
from collections.abc import Sequence

import numpy as np

from gait.model.arrays import Floats
from gait.model.errors import InputError
from gait.text import clock

SPORTS = dict(
    enumerate(
        (
            *("generic", "running", "cycling", "transition", "fitness equipment", "swimming"),
            *("basketball", "soccer", "tennis", "American football", "training", "walking"),
            *("cross-country skiing", "alpine skiing", "snowboarding", "rowing", "mountaineering"),
            *("hiking", "multisport", "paddling", "flying", "e-biking", "motorcycling", "boating"),
            *("driving", "golf", "hang gliding", "horseback riding", "hunting", "fishing"),
            *("inline skating", "rock climbing", "sailing", "ice skating", "sky diving"),
            *("snowshoeing", "snowmobiling", "stand-up paddleboarding", "surfing"),
            *("wakeboarding", "water skiing", "kayaking", "rafting", "windsurfing"),
            *("kitesurfing", "tactical", "jumpmaster", "boxing", "floor climbing", "baseball"),
        )
    )
) | {53: "diving", 62: "HIIT", 64: "racket sport", 65: "wheelchair", 66: "wheelchair"}
SUB_SPORTS = {
    5: "spinning",
    6: "indoor cycling",
    7: "road cycling",
    8: "mountain biking",
    9: "downhill",
    10: "recumbent cycling",
    11: "cyclocross",
    12: "hand cycling",
    13: "track cycling",
    14: "indoor rowing",
    15: "elliptical trainer",
    16: "stair climbing",
    17: "swimming",
    18: "open-water swimming",
    19: "flexibility training",
    20: "strength training",
    22: "a match",
    23: "exercise",
    25: "indoor skiing",
    26: "cardio training",
    28: "e-biking",
    29: "BMX",
    32: "transition",
    33: "transition",
    34: "transition",
    35: "driving",
    36: "motocross",
    37: "backcountry skiing",
    38: "resort skiing",
    41: "whitewater",
    42: "skate skiing",
    43: "yoga",
    44: "pilates",
    46: "gravel cycling",
    47: "e-biking",
    62: "breathing",
    65: "sailing",
    68: "indoor climbing",
    69: "bouldering",
    70: "HIIT",
    73: "AMRAP training",
    74: "EMOM training",
    75: "tabata training",
    84: "pickleball",
    85: "padel",
    86: "wheelchair",
    87: "wheelchair",
    88: "hand cycling",
    94: "squash",
    95: "badminton",
    96: "racquetball",
    97: "table tennis",
}
ON_FOOT = {"running", "walking", "hiking", "snowshoeing", "mountaineering"}
# What says nothing, and is a run where what was measured can be one.
UNTOLD = {"generic", "training", "fitness equipment", "multisport", "all"}
ON_FOOT_SUB_SPORTS = {1, 2, 3, 4, 27, 30, 31, 45, 58, 59, 67}  # treadmill, street, trail, track …
KINDS_OF_FILES = {
    1: "a list of what a device can do",
    2: "settings of a device",
    3: "settings of a sport",
    5: "a planned workout",
    6: "a planned course",
    7: "a calendar of workouts",
    9: "of a scale",
    10: "totals of a device",
    11: "a list of goals",
    14: "of blood pressure",
    15: "monitoring of a day",
    28: "monitoring of a day",
    32: "monitoring of a day",
    34: "a segment",
    35: "a list of segments",
    40: "settings of a device",
}
ACTIVITY, ACTIVITY_SUMMARY = 4, 20

# Fastest over so many seconds, m/s: world records and a little more up to half an hour, which GPS
# and a short course need; from an hour on a tenth below them. There a file that is faster is of
# wheels far more often than of one of the few who could have run it.
FASTEST = (
    (60.0, 9.5),
    (600.0, 7.0),
    (1800.0, 6.4),
    (3600.0, 5.9),
    (7200.0, 5.35),
    (6 * 3600.0, 4.5),
    (86400.0, 3.7),
)
WINDOWS_S = (600.0, 1800.0, 3600.0)
# Without a word of what it was: what few runners do, and nearly every ride.
UNTOLD_MOST_M_S = 5.0
UNTOLD_BURST_M_S, BURST_SHARE = 7.5, 0.02
# What Strava wrote for it in GPX, for years.
_STRAVA = {"1": "cycling", "4": "hiking", "9": "running", "10": "walking"}
# What texts of TCX and GPX call it.
_NOT_ON_FOOT = re.compile(
    r"bik|cycl|ride|swim|ski|row|kayak|cano|paddl|sail|surf|driv|yoga|pilates|strength|weight"
    r"|crossfit|ellipt|skat|golf|climb|fitness_equipment|gym|hiit|workout|spin",
    re.IGNORECASE,
)
_ON_FOOT = re.compile(r"run|walk|hik|jog|trail|treadmill|marathon|foot", re.IGNORECASE)


class NoRunError(InputError):
    """The file is sound and no run: another sport, a plan, the settings of a device.

    what : that in few words
    """

    def __init__(self, sentence: str = "", what: str = "too fast or too little for a run") -> None:
        super().__init__(sentence)
        self.what = what


def of_fit(sport: int | None, sub_sport: int | None) -> tuple[str, bool | None]:
    """What it was in words, and whether that is on foot; None where the file does not say."""
    if sub_sport in SUB_SPORTS:
        return SUB_SPORTS[sub_sport], False
    told = SPORTS.get(sport if sport is not None else 0, f"sport {sport}")
    if told in ON_FOOT or (told in UNTOLD and sub_sport in ON_FOOT_SUB_SPORTS):
        return told, True
    return told, None if told in UNTOLD else False


def of_text(told: str) -> tuple[str, bool | None]:
    """As `of_fit`, of what a TCX or GPX file calls it."""
    told = _STRAVA.get(told.strip(), told)
    if _NOT_ON_FOOT.search(told):
        return told, False
    return told, True if _ON_FOOT.search(told) else None


def other_sport(name: str, what: str) -> NoRunError:
    return NoRunError(f"{name} is not on foot ({what}), so it is no run to keep.", what)


def check_can_be_run(
    name: str,
    *,
    on_foot: bool,
    seconds: Floats,
    metres: Floats,
    speed_m_s: Floats,
    total_m: float | None,
    duration_s: float,
    steps_known: bool,
) -> None:
    """Raise NoRunError for what nobody runs.

    on_foot    : whether the file says that it was
    seconds    : (n,) Unix time of each moment; `metres` so far and `speed_m_s` at them, NaN where
                 not known
    total_m    : the whole distance, None where not known
    duration_s : without pauses
    """
    if total_m and total_m > _fastest(duration_s) * duration_s:
        raise _too_fast(name, total_m, duration_s)
    for window_s in WINDOWS_S:
        farthest = _farthest(seconds, metres, window_s)
        if farthest > _fastest(window_s) * window_s:
            raise _too_fast(name, farthest, window_s)
    if on_foot:
        return
    if not total_m and not steps_known:
        raise NoRunError(
            f"{name} does not say what sport it was, and has neither distance nor steps, so it is "
            "no run to keep."
        )
    speeds = speed_m_s[np.isfinite(speed_m_s)]
    if not len(speeds):
        known = np.isfinite(seconds) & np.isfinite(metres)
        with np.errstate(divide="ignore", invalid="ignore"):
            speeds = np.diff(metres[known]) / np.diff(seconds[known])
    bursts = len(speeds) > 0 and float(np.mean(speeds > UNTOLD_BURST_M_S)) > BURST_SHARE
    if bursts or (total_m or 0.0) > UNTOLD_MOST_M_S * max(duration_s, 600.0):
        raise NoRunError(
            f"{name} does not say what sport it was, and moves as fast as a ride, so it is no run "
            "to keep."
        )


def _too_fast(name: str, metres: float, duration_s: float) -> NoRunError:
    return NoRunError(
        f"{name} has {metres / 1000:.1f} km in {clock(duration_s)}, faster than anybody should be "
        "believed to run, so it is no run to keep; if it was one, note it with `gait roster log`."
    )


def _fastest(duration_s: float) -> float:
    """In between by the logarithm of time, as records fall off."""
    times, speeds = np.array(FASTEST).T
    return float(np.interp(np.log(max(duration_s, 1.0)), np.log(times), speeds))


def _farthest(seconds: Floats, distance_m: Floats, window_s: float) -> float:
    """The most metres within so long a stretch of time; 0 where there is none so long."""
    known = np.isfinite(seconds) & np.isfinite(distance_m)
    at, metres = seconds[known], np.maximum.accumulate(distance_m[known])
    if len(at) < 2 or at[-1] - at[0] < window_s:
        return 0.0
    order = np.argsort(at, kind="stable")
    at, metres = at[order], metres[order]
    ends = np.searchsorted(at, at + window_s, side="right") - 1
    return float(np.max(metres[ends] - metres))


def left_out(others: Sequence[str]) -> list[str]:
    """What to say of the parts of a file that are no runs."""
    if not others:
        return []
    return [f"Left out, as no run: {', '.join(dict.fromkeys(others))}."]
