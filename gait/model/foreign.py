"""Runs as devices of other makers told them: history, never compared with what is measured here.

What others call contact time or impact is defined and found in another way (RunScribe's impact
ends at 15.94 g, Stryd's contact is about 5 % short), so a value never goes without its maker.
"""

import msgspec

from gait.model.history import Foot


class ForeignMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """The median over a run of what a device told.

    name : of the same measure here (`contact_ms`), or of one that only others have (`power_w`)
    n    : how many values there were
    """

    name: str
    side: Foot
    unit: str
    value: float
    n: int


class ForeignRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a file.

    key        : names the file by what is in it, so the same one is never kept twice
    started_at : ISO 8601 with an offset; `ended_at`, too, pauses included
    duration_s : without pauses
    distance_m : None where the file has none
    maker      : as the maker writes it, or the form of the file where it names none
    points     : how many moments the file has
    notes      : sentences on what was taken for what
    """

    key: str
    started_at: str
    ended_at: str
    duration_s: float
    distance_m: float | None
    maker: str
    measures: list[ForeignMeasure]
    points: int
    source: str
    notes: list[str] = []


# What only others tell: label, unit, decimals.
ONLY_FOREIGN: dict[str, tuple[str, str, int]] = {
    "heart_rate_bpm": ("Heart rate", "beats/min", 0),
    "power_w": ("Power", "W", 0),
    "power_w_kg": ("Power", "W/kg", 2),
    "form_power_w": ("Form power", "W", 0),
    "form_power_w_kg": ("Form power", "W/kg", 2),
    "air_power_w": ("Air power", "W", 0),
    "air_power_w_kg": ("Air power", "W/kg", 2),
    "flight_ratio_pct": ("Flight ratio", "%", 1),
    "footstrike_type": ("Foot strike, 1 heel to 16 forefoot", "", 0),
}
