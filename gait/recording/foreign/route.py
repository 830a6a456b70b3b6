"""A GPX or TCX file as a run: time, distance and heart rate, and nothing more."""

import math
import re
from itertools import pairwise

import numpy as np

from gait.model import InputError
from gait.recording.foreign.maker import Column, Told, last_known
from gait.recording.tracks import TrackPoint, track_of

EARTH_M = 6_371_008.8  # mean radius
HEART_RATE = Column("heart_rate_bpm", "beats/min")
ALONG_THE_ROUTE = "The distance is that along the points of the route."
# What TCX and GPX say of what it was, and words for what is not on foot.
_KIND = re.compile(rb"""<Activity\s+Sport=["']([^"']*)|<type>([^<]*)</type>""")
_NOT_ON_FOOT = re.compile(r"bik|cycl|ride|swim|ski|row|kayak|sail|driv", re.IGNORECASE)


def read_route(data: bytes, name: str) -> Told:
    """The content of a GPX or TCX file; distance as it says, else along its points.

    Raises InputError where it is neither, is damaged, has no moment or is not on foot.
    """
    points = track_of(data, name).points
    kind = _kind(data)
    if _NOT_ON_FOOT.search(kind):
        raise InputError(f"{name} is not on foot ({kind}), so it is no run to keep.")
    form = "GPX file" if b"<gpx" in data[:2000].lower() else "TCX file"
    told = last_known(
        math.nan if point.distance_m is None else point.distance_m for point in points
    )
    length = None if told is not None else _length(points)
    return Told(
        form,
        np.array([point.when.timestamp() for point in points]),
        [
            (
                HEART_RATE,
                np.array([point.heart_rate_bpm or math.nan for point in points], dtype=np.float64),
            )
        ],
        distance_m=told or length,
        notes=[ALONG_THE_ROUTE] if length else [],
    )


def _kind(data: bytes) -> str:
    found = _KIND.search(data)
    return (found[1] or found[2] or b"").decode("utf-8", "replace") if found else ""


def _length(points: list[TrackPoint]) -> float | None:
    legs = [_metres(a, b) for a, b in pairwise(points)]
    return sum(leg for leg in legs if leg is not None) or None


def _metres(one: TrackPoint, other: TrackPoint) -> float | None:
    """Great circle (haversine)."""
    if None in (one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg):
        return None
    a, b, c, d = (
        math.radians(angle or 0.0)
        for angle in (one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg)
    )
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2.0 * EARTH_M * math.asin(math.sqrt(min(1.0, half)))
