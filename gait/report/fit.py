"""A session as a FIT activity, for Garmin Connect, Strava, intervals.icu and the like.

Written with Garmin's own SDK (the extra `fit`). One record a second with the fields those tools
know of running: cadence (of one foot, as FIT has it), speed, distance, contact ("stance") time and
its balance, vertical oscillation, step length, and heart rate and place where another device
recorded them. Pronation and impact, for which FIT has no field, are developer fields.
See the Encoding Activity Files recipe of the FIT SDK.
"""

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from gait.model import GaitError
from gait.model.side import Side
from gait.recording.files import private_output
from gait.recording.tracks import Track
from gait.report.seconds import Floats, Seconds

APPLICATION_ID = b"shoegait-running"  # 16 bytes that name whose developer fields these are
DEVELOPMENT = 255  # the maker's number for who has none
SEMICIRCLES = 2**31 / 180.0
FLOAT32 = 136  # base type in the FIT protocol

# developer field: name, unit
_OWN = {
    ("pronation_deg", Side.LEFT): ("Pronation left", "deg"),
    ("pronation_deg", Side.RIGHT): ("Pronation right", "deg"),
    ("impact_g", Side.LEFT): ("Impact left", "g"),
    ("impact_g", Side.RIGHT): ("Impact right", "g"),
}

Message = dict[str, Any]


def write_fit(
    path: Path,
    seconds: Seconds,
    started_at: datetime,
    *,
    track: Track | None = None,
    software: str = "",
    overwrite: bool = False,
) -> None:
    """Write one activity with one lap.

    started_at : when second 0 began, with a time zone
    track      : heart rate and place from another device, merged by time

    Raises UsageError for a path that is taken, GaitError where the disk refuses or the extra `fit`
    is not installed.
    """
    data = fit_activity(seconds, started_at, track=track, software=software)
    with private_output(path, overwrite=overwrite) as file:
        file.write(data)


def fit_activity(
    seconds: Seconds, started_at: datetime, *, track: Track | None = None, software: str = ""
) -> bytes:
    """The bytes of the file; arguments as of `write_fit`."""
    try:
        from garmin_fit_sdk import Encoder, Profile  # noqa: PLC0415
    except ImportError as error:
        raise GaitError("FIT files need the extra `fit`: pip install 'shoegait[fit]'.") from error
    numbers = Profile["mesg_num"]
    encoder = Encoder(_descriptions())
    for kind, message in _messages(seconds, started_at, track, software):
        encoder.on_mesg(numbers[kind], message)
    return bytes(encoder.close())


def _descriptions() -> Any:
    """By the keys under which records have these fields; the SDK has no public type for it."""
    return {
        key: {"developer_data_id_mesg": _application(), "field_description_mesg": description}
        for key, description in enumerate(_own_fields())
    }


def _application() -> Message:
    return {
        "developer_data_index": 0,
        "application_id": list(APPLICATION_ID),
        "application_version": 1,
        "manufacturer_id": DEVELOPMENT,
    }


def _own_fields() -> Iterator[Message]:
    for number, (name, unit) in enumerate(_OWN.values()):
        yield {
            "developer_data_index": 0,
            "field_definition_number": number,
            "fit_base_type_id": FLOAT32,
            "field_name": name,
            "units": unit,
        }


def _messages(
    seconds: Seconds, started_at: datetime, track: Track | None, software: str
) -> Iterator[tuple[str, Message]]:
    """In the order of the SDK's recipe: a file that was cut off can still be read."""
    start = started_at.astimezone(UTC).replace(microsecond=0)
    end = start + timedelta(seconds=len(seconds))
    yield (
        "FILE_ID",
        {
            "type": "activity",
            "manufacturer": "development",
            "product": 0,
            "serial_number": 1,
            "time_created": start,
        },
    )
    yield (
        "DEVICE_INFO",
        {
            "timestamp": start,
            "device_index": "creator",
            "manufacturer": "development",
            "product": 0,
            "product_name": software or "shoegait",
        },
    )
    yield "DEVELOPER_DATA_ID", _application()
    for description in _own_fields():
        yield "FIELD_DESCRIPTION", description
    yield "EVENT", {"timestamp": start, "event": "timer", "event_type": "start"}
    for i in range(len(seconds)):
        yield "RECORD", _record(seconds, i, start, track)
    yield "EVENT", {"timestamp": end, "event": "timer", "event_type": "stop_all"}
    totals = _totals(seconds, start, end, track)
    yield "LAP", {"message_index": 0, **totals, "event": "lap", "lap_trigger": "session_end"}
    yield (
        "SESSION",
        {
            "message_index": 0,
            **totals,
            "event": "session",
            "first_lap_index": 0,
            "num_laps": 1,
            "trigger": "activity_end",
        },
    )
    local = started_at.replace(tzinfo=UTC) - timedelta(microseconds=started_at.microsecond)
    yield (
        "ACTIVITY",
        {
            "timestamp": end,
            "local_timestamp": local + timedelta(seconds=len(seconds)),
            "num_sessions": 1,
            "total_timer_time": float(len(seconds)),
            "type": "manual",
            "event": "activity",
            "event_type": "stop",
        },
    )


def _record(seconds: Seconds, i: int, start: datetime, track: Track | None) -> Message:
    """What is known of second `i`; a field that is not known is left out, as FIT wants it."""
    known = {
        "distance": seconds.distance_m[i],
        "enhanced_speed": seconds.speed_m_s[i],
        "vertical_oscillation": seconds.vertical_oscillation_mm[i],
        "stance_time": seconds.mean_contact_ms[i],
        "stance_time_balance": seconds.left_share_pct[i],
        "step_length": 1e3 * seconds.step_length_m[i],
    }
    record: Message = {
        "timestamp": start + timedelta(seconds=i),
        "activity_type": "running" if seconds.running[i] else "walking",
        **_finite(known.items()),
        **_cadence(seconds.cadence_spm[i]),
        **(_from_track(track, start + timedelta(seconds=i)) if track else {}),
    }
    own = {
        key: float(getattr(seconds, name)[side][i])
        for key, (name, side) in enumerate(_OWN)
        if math.isfinite(getattr(seconds, name)[side][i])
    }
    return {**record, "developer_fields": own} if own else record


def _finite(known: Iterable[tuple[str, float]]) -> Message:
    return {name: float(value) for name, value in known if math.isfinite(value)}


def _cadence(steps_per_min: float, prefix: str = "") -> Message:
    """FIT counts the strides of one foot, and has the part behind the point on its own."""
    if not math.isfinite(steps_per_min):
        return {}
    whole, part = divmod(steps_per_min / 2.0, 1.0)
    fractional = f"{prefix}_fractional_cadence" if prefix else "fractional_cadence"
    return {f"{prefix}_cadence" if prefix else "cadence": int(whole), fractional: part}


def _from_track(track: Track, when: datetime) -> Message:
    point = track.at(when)
    if point is None:
        return {}
    found: Message = {}
    if point.heart_rate_bpm is not None:
        found["heart_rate"] = round(point.heart_rate_bpm)
    if point.latitude_deg is not None and point.longitude_deg is not None:
        found["position_lat"] = round(point.latitude_deg * SEMICIRCLES)
        found["position_long"] = round(point.longitude_deg * SEMICIRCLES)
    if point.altitude_m is not None:
        found["enhanced_altitude"] = point.altitude_m
    return found


def _totals(seconds: Seconds, start: datetime, end: datetime, track: Track | None) -> Message:
    length = float(len(seconds))
    distance = float(seconds.distance_m[-1]) if len(seconds) else 0.0
    return {
        "timestamp": end,
        "start_time": start,
        "event_type": "stop",
        "sport": "running",
        "sub_sport": "generic",
        "total_elapsed_time": length,
        "total_timer_time": length,
        "total_distance": distance,
        **_finite(
            (
                ("enhanced_avg_speed", _middle(seconds.speed_m_s)),
                ("enhanced_max_speed", _most(seconds.speed_m_s)),
                ("avg_stance_time", _middle(seconds.mean_contact_ms)),
                ("avg_stance_time_balance", _middle(seconds.left_share_pct)),
                ("avg_vertical_oscillation", _middle(seconds.vertical_oscillation_mm)),
                ("avg_step_length", 1e3 * _middle(seconds.step_length_m)),
            )
        ),
        **_cadence(_middle(seconds.cadence_spm), "avg"),
        **(_heart_rates(track, start, len(seconds)) if track else {}),
    }


def _heart_rates(track: Track, start: datetime, n: int) -> Message:
    points = [track.at(start + timedelta(seconds=i)) for i in range(n)]
    rates = [p.heart_rate_bpm for p in points if p is not None and p.heart_rate_bpm is not None]
    if not rates:
        return {}
    return {"avg_heart_rate": round(sum(rates) / len(rates)), "max_heart_rate": round(max(rates))}


def _middle(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan


def _most(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.max()) if len(known) else math.nan
