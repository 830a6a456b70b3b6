"""RunScribe: one shoe's steps as CSV, and the developer fields its data fields write into FIT.

FIT fields as the maker's own Connect IQ source names them (ScribeLabs/garmin-connect-iq-
runscribe-light on GitHub: IG impact and BG braking in g, FS foot strike 1 to 16, P pronation
excursion in degrees, FR flight ratio in %, GCT contact in ms, with _L and _R, without them the mean
of both feet); others of its applications write `curr…`, `RS_…` or the words in full, and one writes
numbers without names, which are as Runalyze's FIT reader on GitHub takes them. 0 stands for "no
data". The CSV as richardjy/read-runscribe on GitHub writes it from the maker's dashboard: one row a
stride, miles and feet, local time, the foot in the file's name. Of the roll the maker says: inward
is negative (runningunraveled.com, "Pronation or Supination?", 2016), so the sign is turned. Impact
and braking end at 15.94 g (8 bits).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from gait.model.history import Foot
from gait.recording.foreign.maker import (
    METRES_PER_FOOT,
    METRES_PER_MILE,
    Column,
    Floats,
    Maker,
    RunTold,
    Table,
    last_known,
)

NAME = "RunScribe"
LOCAL_TIME = "RunScribe's times have no zone; they were taken for this computer's."
NO_FOOT = "The file's name does not say which foot it is of; add left or right to it."
NUMBERED = "RunScribe's fields bear no names in this file; their numbers told which is which."
CAPPED = "RunScribe's impact and braking end at 15.94 g, so hard landings count as less."

_IMPACT, _BRAKING = Column("impact_g", "g"), Column("braking_g", "g")
_STRIKE = Column("footstrike_type", "")
_PRONATION = Column("pronation_excursion_deg", "°", factor=-1.0)
_FLIGHT = Column("flight_ratio_pct", "%")
_CONTACT = Column("contact_ms", "ms")
_POWER = Column("power_w", "W")
_COLUMNS = {
    "impact_gs": _IMPACT,
    "braking_gs": _BRAKING,
    "footstrike_type": _STRIKE,
    "pronation_fs_mp": _PRONATION,
    "max_pronation_vel": Column("pronation_velocity_deg_s", "°/s"),
    "contact_time (ms)": _CONTACT,
    "step_rate (s/min)": Column("cadence_spm", "steps/min"),
    "stride_length (ft)": Column("stride_length_m", "m", factor=METRES_PER_FOOT),
}
# By what a field is called without its foot: of the maker's data fields, the oldest last.
_CALLED = {
    "ig": _IMPACT,
    "bg": _BRAKING,
    "fs": _STRIKE,
    "p": _PRONATION,
    "fr": _FLIGHT,
    "gct": _CONTACT,
    "rsimpactgs": _IMPACT,
    "rsbrakinggs": _BRAKING,
    "rsfootstrike": _STRIKE,
    "rspronation": _PRONATION,
    "rsflight": _FLIGHT,
    "rsflightratio": _FLIGHT,
    "rscontacttime": _CONTACT,
    "impactgs": _IMPACT,
    "brakinggs": _BRAKING,
    "fstype": _STRIKE,
    "pronation": _PRONATION,
    "flightratio": _FLIGHT,
    "contacttime": _CONTACT,
    "currimpactgs": _IMPACT,
    "currbrakinggs": _BRAKING,
    "currfstype": _STRIKE,
    "currpronation": _PRONATION,
    "currflightratio": _FLIGHT,
    "currcontacttime": _CONTACT,
}
_SIDES: dict[str, Foot] = {"l": "left", "r": "right", "": "both"}
_FIELDS = {
    f"{name}{ending}": replace(column, side=side)
    for name, column in _CALLED.items()
    for ending, side in _SIDES.items()
} | dict.fromkeys(("power", "currpower", "rspoweravg"), _POWER)
# Of the application that writes no names; as Runalyze reads it, too.
_NUMBERS = {
    number + first: replace(column, side=side)
    for number, column in enumerate((_IMPACT, _BRAKING, _STRIKE, _PRONATION))
    for first, side in ((0, _SIDES["l"]), (6, _SIDES["r"]))
} | {12: _POWER}
_SIGNS = {
    f"{name}{ending}"
    for name in _CALLED
    if name not in ("fs", "p", "fr", "gct", "pronation", "contacttime", "fstype", "flightratio")
    for ending in _SIDES
}


def _knows(header: Sequence[str]) -> bool:
    return {"datetime", "impact_gs", "braking_gs"} <= set(header)


def _read(table: Table) -> RunTold:
    side = _side(table.name)
    paused = table.numbers("active_status") == 0.0
    columns = []
    for name, column in _COLUMNS.items():
        values = column.factor * table.numbers(name)
        columns.append((replace(column, side=side), np.where(paused, np.nan, values)))
    miles = last_known(table.numbers("active_dist (mi)"))
    return RunTold(
        NAME,
        _times(table),
        columns,
        distance_m=None if miles is None else METRES_PER_MILE * miles,
        timer_s=last_known(table.numbers("active_time (s)")),
        on_foot=True,
        notes=[LOCAL_TIME, CAPPED, *([NO_FOOT] if side == "both" else [])],
    )


def _side(name: str) -> Foot:
    word = name.lower()
    if ("left" in word) == ("right" in word):
        return "both"
    return "left" if "left" in word else "right"


HOUR_S = 3600.0


def _times(table: Table) -> Floats:
    """Unix time of each row: the first moment, and from there on the time that is counted.

    The local times jump where clocks are changed; without a count an hour back is taken for that.
    """
    told = np.array([_moment(cell) for cell in table.columns["datetime"]], dtype=np.float64)
    counted = table.numbers("time (s)")
    both = np.flatnonzero(np.isfinite(told) & np.isfinite(counted))
    if len(both):
        return told[both[0]] + counted - counted[both[0]]
    known = np.flatnonzero(np.isfinite(told))
    back = np.diff(told[known], prepend=told[known[:1]]) < -0.5 * HOUR_S
    told[known] += HOUR_S * np.cumsum(back)
    return told


def _moment(cell: str) -> float:
    """Unix time, NaN in a row without one: the second header line has none."""
    try:
        return datetime.fromisoformat(cell.strip()).timestamp()
    except (ValueError, OverflowError, OSError):
        return float("nan")


RUNSCRIBE = Maker(
    NAME,
    _knows,
    _read,
    fit_fields=_FIELDS,
    fit_signs=frozenset(_SIGNS),
    fit_applications=frozenset(
        (
            "aee3c518b4bf11e7abc4cec278b6b50a",  # RunScribe Light
            "1841a964b8a111e7abc4cec278b6b50a",  # its beta
            "502092b3b0dd45ad89b3472ab2060ab6",  # without names
            "c1f5c80a5a054e8a97b3fda34e957035",  # RunScribe Plus
        )
    ),
    fit_numbers=_NUMBERS,
    fit_notes=(CAPPED,),
    fit_numbers_note=NUMBERED,
)
