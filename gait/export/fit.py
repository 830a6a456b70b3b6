"""A session as a FIT activity, for Garmin Connect, Strava, intervals.icu and the like.

Written with Garmin's own SDK (the extra `fit`). One record a second with the fields those tools
know of running: cadence (of one foot, as FIT has it), speed, distance, contact ("stance") time and
its balance, vertical oscillation, step length, and heart rate and place where another device
recorded them. The runner's pauses stop its timer, their marks begin laps. Pronation and impact,
for which FIT has no field, are developer fields.
See the Encoding Activity Files recipe of the FIT SDK.

The stopwatch of a run in whole seconds: when it stood still, and where laps began.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from gait.export.per_second import Floats, Seconds
from gait.model import GaitError
from gait.model.packets import MARKED, Mark, pauses_of
from gait.model.strides import Side
from gait.recording.files import private_output
from gait.recording.tracks import Track

Span = tuple[int, int]  # from and to, s since the session began


@dataclass(frozen=True, slots=True)
class Timer:
    """`length` in s; `pauses` lie within and do not touch; `laps` begin within, the first at 0."""

    length: int
    pauses: Sequence[Span] = ()
    laps: Sequence[int] = (0,)

    @property
    def lap_spans(self) -> list[Span]:
        return list(zip(self.laps, [*self.laps[1:], self.length], strict=True))

    @property
    def going(self) -> list[Span]:
        """Where the watch was running: between the pauses."""
        ends = [0, *(end for _, end in self.pauses)]
        begins = [*(begin for begin, _ in self.pauses), self.length]
        return [(a, b) for a, b in zip(ends, begins, strict=True) if b > a]

    def seconds(self, span: Span) -> int:
        """How long of a span the watch was running."""
        return sum(max(0, min(b, span[1]) - max(a, span[0])) for a, b in self.going)


def timer_of(marks: Iterable[Mark], length: int) -> Timer:
    """From the runner's marks, in any order; a pause that was not ended lasts to the end."""
    marks = list(marks)
    pauses: list[Span] = []
    for begin_s, end_s in pauses_of(marks):
        _add(pauses, begin_s, end_s, length)
    moments = (round(mark.host_s) for mark in marks if mark.text == MARKED)
    laps = {0, *(min(max(0, second), length) for second in moments)}
    return Timer(length, pauses, sorted(laps - {length}) or [0])


def _add(pauses: list[Span], begin_s: float, end_s: float, length: int) -> None:
    begin, end = (round(min(max(0.0, s), length)) for s in (begin_s, end_s))
    if pauses and begin <= pauses[-1][1]:
        begin, _ = pauses.pop()
    if end > begin:
        pauses.append((begin, end))


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
    marks: Sequence[Mark] = (),
    track: Track | None = None,
    software: str = "",
    overwrite: bool = False,
) -> None:
    """Write one activity.

    started_at : when second 0 began, with a time zone
    marks      : of the session; those of the runner are pauses and laps
    track      : heart rate and place from another device, merged by time

    Raises UsageError for a path that is taken, GaitError where the disk refuses or the extra `fit`
    is not installed.
    """
    data = fit_activity(seconds, started_at, marks=marks, track=track, software=software)
    with private_output(path, overwrite=overwrite) as file:
        file.write(data)


def fit_activity(
    seconds: Seconds,
    started_at: datetime,
    *,
    marks: Sequence[Mark] = (),
    track: Track | None = None,
    software: str = "",
) -> bytes:
    """The bytes of the file; arguments as of `write_fit`."""
    try:
        from garmin_fit_sdk import Encoder, Profile
    except ImportError as error:
        raise GaitError("FIT files need the extra `fit`: pip install 'shoegait[fit]'.") from error
    numbers = Profile["mesg_num"]
    encoder = Encoder(_descriptions())
    run = _Run(seconds, started_at, timer_of(marks, len(seconds)), track)
    for kind, message in _messages(run, software):
        encoder.on_mesg(numbers[kind], message)
    return bytes(encoder.close())


@dataclass(frozen=True, slots=True)
class _Run:
    """What the messages are made of; FIT's times are whole seconds."""

    seconds: Seconds
    started_at: datetime
    timer: Timer
    track: Track | None

    def at(self, second: int) -> datetime:
        start = self.started_at.astimezone(UTC).replace(microsecond=0)
        return start + timedelta(seconds=second)

    @property
    def sport(self) -> str:
        return self.seconds.sport


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


def _messages(run: _Run, software: str) -> Iterator[tuple[str, Message]]:
    """In the order of the SDK's recipe: a file that was cut off can still be read."""
    start, end = run.at(0), run.at(run.timer.length)
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
    yield from _records_and_laps(run)
    laps = len(run.timer.laps)
    yield (
        "SESSION",
        {
            "message_index": 0,
            **_totals(run, (0, run.timer.length)),
            "event": "session",
            "first_lap_index": 0,
            "num_laps": laps,
            "trigger": "activity_end",
        },
    )
    local = local_clock(run.started_at).replace(tzinfo=UTC, microsecond=0)
    yield (
        "ACTIVITY",
        {
            "timestamp": end,
            "local_timestamp": local + timedelta(seconds=run.timer.length),
            "num_sessions": 1,
            "total_timer_time": float(run.timer.seconds((0, run.timer.length))),
            "type": "manual",
            "event": "activity",
            "event_type": "stop",
        },
    )


def local_clock(moment: datetime) -> datetime:
    """As a watch on the wrist showed it: by the offset it was kept with, or, where that is none or
    UTC, which nobody lives by on purpose, by this computer's."""
    return moment if moment.utcoffset() else moment.astimezone()


def _records_and_laps(run: _Run) -> Iterator[tuple[str, Message]]:
    """In order of time: the watch starts and stops, a record a second while it goes, laps."""
    going = run.timer.going
    starts, stops = {a for a, _ in going}, {b for _, b in going}
    ends = {end: number for number, (_, end) in enumerate(run.timer.lap_spans)}
    paused = 0 not in starts
    for i in range(run.timer.length + 1):
        if i in stops:
            yield "EVENT", _timer_event(run, i, "stop_all")
        if i in ends:
            yield "LAP", _lap(run, ends[i])
        if i in starts:
            yield "EVENT", _timer_event(run, i, "start")
        paused = (paused or i in stops) and i not in starts
        if i < run.timer.length and not paused:
            yield "RECORD", _record(run, i)


def _timer_event(run: _Run, i: int, what: str) -> Message:
    return {"timestamp": run.at(i), "event": "timer", "event_type": what}


def _lap(run: _Run, number: int) -> Message:
    span = run.timer.lap_spans[number]
    last = span[1] == run.timer.length
    trigger = "session_end" if last else "manual"
    return {"message_index": number, **_totals(run, span), "event": "lap", "lap_trigger": trigger}


def _record(run: _Run, i: int) -> Message:
    """What is known of second `i`; a field that is not known is left out, as FIT wants it."""
    seconds = run.seconds
    known = {
        "distance": seconds.distance_m[i],
        "enhanced_speed": seconds.speed_m_s[i],
        "vertical_oscillation": seconds.vertical_oscillation_mm[i],
        "stance_time": seconds.mean_contact_ms[i],
        "stance_time_balance": seconds.left_share_pct[i],
        "step_length": 1e3 * seconds.step_length_m[i],
    }
    record: Message = {
        "timestamp": run.at(i),
        "activity_type": "running" if seconds.running[i] else "walking",
        **_finite(known.items()),
        **_cadence(seconds.cadence_spm[i]),
        **(_from_track(run.track, run.at(i)) if run.track else {}),
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


def _totals(run: _Run, span: Span) -> Message:
    """Of the session or a lap. Speed is over the time it is known for, so standing is not in it;
    what belongs to a step is over those of the sport, so a run's contact has no walking in it."""
    seconds, part = run.seconds, slice(*span)
    of_sport = seconds.running[part] == (run.sport == "running")

    def mean_step(values: Floats) -> float:
        return _middle(values[part][of_sport])

    distance = seconds.distance_m[part]
    before = seconds.distance_m[span[0] - 1] if span[0] else 0.0
    return {
        "timestamp": run.at(span[1]),
        "start_time": run.at(span[0]),
        "event_type": "stop",
        "sport": run.sport,
        "sub_sport": "generic",
        "total_elapsed_time": float(span[1] - span[0]),
        "total_timer_time": float(run.timer.seconds(span)),
        "total_distance": float(distance[-1] - before) if len(distance) else 0.0,
        **_finite(
            (
                ("enhanced_avg_speed", _middle(seconds.speed_m_s[part])),
                ("enhanced_max_speed", _most(seconds.speed_m_s[part])),
                ("avg_stance_time", mean_step(seconds.mean_contact_ms)),
                ("avg_stance_time_balance", mean_step(seconds.left_share_pct)),
                ("avg_vertical_oscillation", mean_step(seconds.vertical_oscillation_mm)),
                ("avg_step_length", 1e3 * mean_step(seconds.step_length_m)),
            )
        ),
        **_cadence(mean_step(seconds.cadence_spm), "avg"),
        **(_heart_rates(run, span) if run.track else {}),
    }


def _heart_rates(run: _Run, span: Span) -> Message:
    """While the watch went; a second at a time, as the track may have more or fewer points."""
    assert run.track is not None
    going = [i for a, b in run.timer.going for i in range(max(a, span[0]), min(b, span[1]))]
    points = [run.track.at(run.at(i)) for i in going]
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
