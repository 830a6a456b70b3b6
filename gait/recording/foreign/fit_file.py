"""A FIT activity: what the watch itself has of running, and what a maker's data field added.

Fields and units as in the Profile of Garmin's FIT SDK, which reads it; cadence there is of one
foot. Where a maker is known by the names of its developer fields, those take the place of the
watch's own figures of the same measure.

The makers whose files are known. A new one is a module beside this one and a name here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from gait.model import InputError
from gait.recording.fit_messages import Messages, fit_messages
from gait.recording.foreign.maker import Column, Floats, Maker, RunTold, last_known, steps_per_min
from gait.recording.foreign.runscribe import RUNSCRIBE
from gait.recording.foreign.stryd import STRYD

MAKERS: tuple[Maker, ...] = (RUNSCRIBE, STRYD)


ON_FOOT = {None, "running", "walking", "hiking", "generic", "training", "fitness_equipment"}
OURS = "shoegait"
STEPS_A_CYCLE = 2.0

_STANDARD = {
    "enhanced_speed": Column("speed_m_s", "m/s"),
    "stance_time": Column("contact_ms", "ms"),
    "vertical_oscillation": Column("vertical_oscillation_mm", "mm"),
    "step_length": Column("step_length_m", "m", factor=1e-3),
    "heart_rate": Column("heart_rate_bpm", "beats/min"),
    "power": Column("power_w", "W"),
}
_CADENCE = Column("cadence_spm", "steps/min")

Message = dict[Any, Any]


def read_fit(data: bytes, name: str) -> RunTold:
    """Raises InputError for a file that is damaged, is no run, or was made here; ImportError
    without the extra `fit`."""
    messages = _messages(data, name)
    records = [r for r in messages.get("record_mesgs", []) if _is_time(r.get("timestamp"))]
    session = (messages.get("session_mesgs") or [{}])[0]
    _check(messages, session, records, name)
    fields = {f.get("key"): f for f in messages.get("field_description_mesgs", [])}
    maker = _maker([str(f.get("field_name")) for f in fields.values()])
    columns, notes = _standard(records), list[str]()
    if maker is not None:
        own, more = _developers(records, fields, maker)
        measured = {column.measure for column, _ in own}
        columns = [(c, values) for c, values in columns if c.measure not in measured] + own
        notes += [*more, *maker.fit_notes]
    timer = session.get("total_timer_time")
    total = session.get("total_distance") or last_known(_values(records, "distance"))
    return RunTold(
        maker.name if maker else _device(messages),
        np.array([r["timestamp"].timestamp() for r in records]),
        columns,
        distance_m=float(total) if total else None,
        timer_s=float(timer) if timer else None,
        notes=notes,
    )


def _messages(data: bytes, name: str) -> Messages:
    messages, errors = fit_messages(data, name)
    if errors:
        raise InputError(
            f"{name} is cut off or damaged; fetch it from the watch or the site once more."
        )
    return messages


def _check(messages: Messages, session: Message, records: list[Message], name: str) -> None:
    made_by = [str(m.get("product_name", "")) for m in messages.get("device_info_mesgs", [])]
    if any(product.startswith(OURS) for product in made_by):
        raise InputError(
            f"{name} was exported from a session here; keep the session itself with "
            "`gait roster import`."
        )
    sport = session.get("sport")
    if sport not in ON_FOOT:
        raise InputError(f"{name} is not on foot ({sport}), so it is no run to keep.")
    if not records:
        raise InputError(f"{name} has no moment with a time, so there is no run in it.")


def _maker(names: Sequence[str]) -> Maker | None:
    return next((maker for maker in MAKERS if maker.fit_signs & set(names)), None)


def _device(messages: Messages) -> str:
    manufacturer = (messages.get("file_id_mesgs") or [{}])[0].get("manufacturer")
    if not isinstance(manufacturer, str) or manufacturer == "development":
        return "FIT file"
    return " ".join(word.capitalize() for word in manufacturer.split("_"))


def _standard(records: list[Message]) -> list[tuple[Column, Floats]]:
    columns = [(c, c.factor * _values(records, name)) for name, c in _STANDARD.items()]
    whole, part = _values(records, "cadence"), _values(records, "fractional_cadence")
    cadence = STEPS_A_CYCLE * (whole + np.nan_to_num(part))
    return [*columns, (_CADENCE, cadence)]


def _developers(
    records: list[Message], fields: dict[Any, Message], maker: Maker
) -> tuple[list[tuple[Column, Floats]], list[str]]:
    columns: list[tuple[Column, Floats]] = []
    notes: list[str] = []
    told = [r.get("developer_fields") or {} for r in records]
    for key, description in fields.items():
        column = maker.fit_fields.get(str(description.get("field_name")))
        if column is None:
            continue
        values = column.factor * _values(told, key)
        if column.measure == _CADENCE.measure:
            values, notes = steps_per_min(values, f"{maker.name}'s field")
        columns.append((column, values))
    return columns, notes


def _values(messages: list[Message], name: Any) -> Floats:
    return np.array([_number(message.get(name)) for message in messages], dtype=np.float64)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _is_time(value: Any) -> bool:
    return isinstance(value, datetime)
