"""FIT activities: what the watch itself has of running, and what a maker's data field added.

Fields and units as in the Profile of Garmin's FIT SDK; cadence there is of one foot. Where a maker
is known by the names of its developer fields or by its application, those take the place of the
watch's own figures of the same measure.

A file may hold several activities, one after the other (chained) or as sessions (multisport): each
that is on foot is a run, of the moments of its own time and of no others.

The makers whose files are known. A new one is a module beside this one and a name here.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gait.model import InputError
from gait.model.arrays import Bools
from gait.recording.fit_messages import (
    FitPart,
    MakersField,
    Message,
    fit_content,
    unix_time,
)
from gait.recording.foreign.maker import (
    Column,
    Floats,
    Maker,
    RunTold,
    last_known,
    plain,
    steps_of_strides,
    steps_per_min,
)
from gait.recording.foreign.runscribe import RUNSCRIBE
from gait.recording.foreign.sports import (
    ACTIVITY,
    ACTIVITY_SUMMARY,
    KINDS_OF_FILES,
    NoRunError,
    left_out,
    of_fit,
    other_sport,
)
from gait.recording.foreign.stryd import STRYD

MAKERS: tuple[Maker, ...] = (RUNSCRIBE, STRYD)

OURS = "shoegait"
OFFSET_STEP_S, LARGEST_OFFSET_S = 900.0, 14 * 3600.0  # zones are quarters of an hour apart

# Who made the device, by the number in Garmin's profile.
DEVICES = {
    **{1: "Garmin", 13: "Dynastream", 15: "Dynastream", 16: "Timex", 23: "Suunto", 32: "Wahoo"},
    **{37: "Magellan", 70: "Sigma", 71: "TomTom", 95: "Stryd", 123: "Polar", 258: "Lezyne"},
    **{259: "RunScribe", 260: "Zwift", 265: "Strava", 267: "Bryton", 289: "Hammerhead"},
    **{294: "Coros", 310: "Decathlon"},
}
_GARMIN = 1
# What can only be on a bicycle: makers of bike computers, and Garmin's Edge by its products.
_OF_BICYCLES = {258, 267, 289}
_EDGES = {1036, 1169, 1325, 1386, 1561, 1567, 1742, 1836, 1918, 1934, 2067, 2147, 2204, 2238} | {
    *(2347, 2530, 2599, 2713, 2909, 3011, 3112, 3121, 3122, 3558, 3570, 3843, 4061, 4062, 4440),
}
_STANDARD = {
    ("enhanced_speed", "speed"): Column("speed_m_s", "m/s"),
    ("stance_time",): Column("contact_ms", "ms"),
    ("vertical_oscillation",): Column("vertical_oscillation_mm", "mm"),
    ("step_length",): Column("step_length_m", "m", factor=1e-3),
    ("heart_rate",): Column("heart_rate_bpm", "beats/min"),
    ("power",): Column("power_w", "W"),
}
_CADENCE = Column("cadence_spm", "steps/min")
# What brings a developer field to our unit by its own, where it bears one of these.
_FACTORS = {
    "mm": {"mm": 1.0, "millimeters": 1.0, "cm": 10.0, "centimeters": 10.0},
    "ms": {"ms": 1.0, "milliseconds": 1.0, "s": 1000.0, "seconds": 1000.0},
}
SPORT_UNTOLD = "The file does not say what sport it was; it was taken for a run."
NOT_CLOSED = "The watch never closed the file; what it had recorded until then was taken."
EMPTY_FIELDS = "{maker}'s fields are in the file and empty; the watch's own figures were taken."


@dataclass(frozen=True, slots=True)
class _Activity:
    """One session of a file, or the whole file where it has none; times in Unix seconds, NaN
    where not known. `rows` are the records of its time."""

    session: Message
    what: str
    on_foot: bool | None
    begin_s: float
    end_s: float
    rows: Bools
    alone: bool


def read_fit(data: bytes, name: str) -> list[RunTold]:
    """The runs of a file, at least one.

    Raises NoRunError for a sound file that holds none, InputError for one that is damaged or was
    made here.
    """
    content = fit_content(data, name)
    if content.damage:
        raise InputError(f"{name} {content.damage}; fetch it from the watch or the site once more.")
    runs: list[RunTold] = []
    others: list[NoRunError] = []
    for part in content.parts:
        try:
            _check_kind(part, name)
        except NoRunError as error:
            others.append(error)
            continue
        for activity in _activities(part):
            refused = _refusal(part, activity, name)
            if refused is None:
                runs.append(_run(part, activity))
            else:
                others.append(refused)
    if not runs:
        raise others[0] if others else NoRunError(f"{name} has no activity in it.")
    said = left_out([other.what for other in others])
    return [replace(run, notes=[*run.notes, *said]) for run in runs]


def exported_here(name: str) -> InputError:
    return InputError(
        f"{name} was exported from a session here; keep the session itself with `gait import`."
    )


def _check_kind(part: FitPart, name: str) -> None:
    """Raise NoRunError for a file of another kind, InputError for one made here."""
    made_by = [m.get("product_name", "") for m in part.messages.get("device_info", [])]
    if any(str(product).startswith(OURS) for product in made_by):
        raise exported_here(name)
    kind = part.first("file_id").get("type")
    if kind not in (None, ACTIVITY, ACTIVITY_SUMMARY):
        what = KINDS_OF_FILES.get(kind, "no activity")
        raise NoRunError(f"{name} is {what}, so there is no run in it.", what)


def _activities(part: FitPart) -> Iterator[_Activity]:
    seconds = part.columns["timestamp"]
    sessions = part.messages.get("session", [])
    spans = _spans(sessions)
    for number, (session, (begin_s, end_s)) in enumerate(zip(sessions, spans, strict=True)):
        rows = np.isfinite(seconds)
        if len(sessions) > 1:
            # a leg's first and last record may be a second outside of it
            after = [begin for begin, _ in spans[number + 1 :]]
            rows &= (seconds >= begin_s - (1.0 if number == 0 else 0.0)) & (seconds <= end_s + 1.0)
            rows &= seconds < min(after, default=math.inf)
        what, on_foot = _sport(session, part, begin_s, end_s)
        alone = len(sessions) == 1
        yield _Activity(session, what, on_foot, begin_s, end_s, rows, alone)
    if not sessions:
        what, on_foot = _sport({}, part, math.nan, math.nan)
        known = np.isfinite(seconds)
        yield _Activity({}, what, on_foot, math.nan, math.nan, known, alone=True)


def _spans(sessions: Sequence[Message]) -> list[tuple[float, float]]:
    """From when to when each session was; one without a start begins where the last ended."""
    spans: list[tuple[float, float]] = []
    before = math.nan
    for session in sessions:
        begin = unix_time(session.get("start_time"))
        begin = before if math.isnan(begin) else begin
        elapsed = session.get("total_elapsed_time") or session.get("total_timer_time")
        end = begin + elapsed if elapsed else unix_time(session.get("timestamp"))
        spans.append((begin, end))
        before = end
    return spans


def _sport(
    session: Message, part: FitPart, begin_s: float, end_s: float
) -> tuple[str, bool | None]:
    """The session's own; where it says none, that of its laps or of the file."""
    what, on_foot = of_fit(session.get("sport"), session.get("sub_sport"))
    if on_foot is not None:
        return what, on_foot
    laps = [
        lap
        for lap in part.messages.get("lap", [])
        if not unix_time(lap.get("start_time")) < begin_s
        and not unix_time(lap.get("start_time")) >= end_s
    ]
    for message in [*laps, *part.messages.get("sport", [])]:
        other, on_foot = of_fit(message.get("sport"), message.get("sub_sport"))
        if on_foot is not None:
            return other, on_foot
    made = part.first("file_id")
    maker = made.get("manufacturer")
    if maker in _OF_BICYCLES or (maker == _GARMIN and made.get("product") in _EDGES):
        return "of a bike computer, and it does not say otherwise", False
    return what, None


def _refusal(part: FitPart, activity: _Activity, name: str) -> NoRunError | None:
    if activity.on_foot is False:
        return other_sport(name, activity.what)
    if activity.rows.any():
        return None
    if math.isfinite(activity.begin_s) and activity.session.get("total_timer_time"):
        return None
    if activity.alone:
        return NoRunError(f"{name} has no moment with a time, so there is no run in it.")
    return NoRunError(f"{name} has a part without a time.", "a part without a time")


def _run(part: FitPart, activity: _Activity) -> RunTold:
    rows = activity.rows
    columns, notes = _standard(part, rows)
    own, maker, more = _makers(part, rows)
    measured = {column.measure for column, _ in own}
    columns = [(c, values) for c, values in columns if c.measure not in measured] + own
    seconds, metres = part.columns["timestamp"][rows], part.column("distance")[rows]
    told = activity.session.get("total_distance")
    total = told or (last_known(metres) if activity.alone else _covered(metres))
    if not len(seconds):  # a leg that only its summary is kept of
        seconds = np.array([activity.begin_s, activity.end_s])
        columns, metres = [], np.full(2, np.nan)
    on_foot = activity.on_foot is True or maker is not None  # a pod of theirs is on a shoe
    if not on_foot:
        notes.append(SPORT_UNTOLD)
    if not part.closed:
        notes.append(NOT_CLOSED)
    timer = activity.session.get("total_timer_time")
    return RunTold(
        maker.name if maker else _device(part),
        seconds,
        columns,
        metres=metres,
        distance_m=float(total) if total else None,
        timer_s=float(timer) if timer else None,
        on_foot=on_foot,
        offset_s=_offset(part.first("activity")),
        notes=[*notes, *more],
    )


def _covered(metres: Floats) -> float | None:
    known = metres[np.isfinite(metres)]
    return float(known.max() - known.min()) if len(known) else None


def _device(part: FitPart) -> str:
    return DEVICES.get(part.first("file_id").get("manufacturer", -1), "FIT file")


def _offset(activity: Message) -> float | None:
    """Local time less UTC, where the watch wrote both."""
    utc, local = (unix_time(activity.get(name)) for name in ("timestamp", "local_timestamp"))
    if not abs(local - utc) <= LARGEST_OFFSET_S:
        return None
    return OFFSET_STEP_S * round((local - utc) / OFFSET_STEP_S)


def _standard(part: FitPart, rows: Bools) -> tuple[list[tuple[Column, Floats]], list[str]]:
    columns = [(c, c.factor * part.column(*names)[rows]) for names, c in _STANDARD.items()]
    whole, fraction = part.column("cadence")[rows], part.column("fractional_cadence")[rows]
    cadence, notes = steps_of_strides(whole + np.nan_to_num(fraction), "The file")
    return [*columns, (_CADENCE, cadence)], notes


def _makers(
    part: FitPart, rows: Bools
) -> tuple[list[tuple[Column, Floats]], Maker | None, list[str]]:
    """The first known maker's columns and what to say of them; none where its fields are empty."""
    for maker in MAKERS:
        found = list(_of_maker(part, maker))
        if not found:
            continue
        columns, notes = [], list[str]()
        for column, described, stored in found:
            factor = _FACTORS.get(column.unit, {}).get(described.unit.casefold(), column.factor)
            values = factor * stored[rows]
            if not np.any(np.isfinite(values) & (column.zero_is | (values != 0.0))):
                continue
            if column.measure == _CADENCE.measure:
                values, notes = steps_per_min(values, f"{maker.name}'s field")
            columns.append((column, values))
        if not any(np.any(np.nan_to_num(values)) for _, values in columns):
            return [], None, [EMPTY_FIELDS.format(maker=maker.name)]
        numbered = any(not described.name for _, described, _ in found)
        said = [*notes, *maker.fit_notes, *([maker.fit_numbers_note] if numbered else [])]
        return columns, maker, said
    return [], None, []


def _of_maker(part: FitPart, maker: Maker) -> Iterator[tuple[Column, MakersField, Floats]]:
    """The maker's fields, of those applications that are theirs."""
    theirs = {
        index
        for (index, _), (described, _) in part.makers.items()
        if described.application in maker.fit_applications
        or plain(described.name) in maker.fit_signs
    }
    for (index, number), (described, values) in part.makers.items():
        if index not in theirs:
            continue
        name = plain(described.name)
        column = maker.fit_fields.get(name) if name else maker.fit_numbers.get(number)
        if column is not None:
            yield column, described, values
