"""The messages of a FIT file, as the FIT protocol and its profile have them.

Real files are seldom as the protocol wants them: several files one after the other (chained), a
length that was never filled in, no checksum, bytes behind the end, times of five bits in the
header of a message, fields of makers without a name. All of that is read, and where a file is
damaged it is said in what. Structure and work are checked message by message; the values of the
records, which are nearly all of a file, are then taken column by column: what a file may cost
does not depend on what it says of itself. Only fields that somebody here uses are decoded.
"""

import math
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gait.model import InputError
from gait.model.arrays import Floats
from gait.model.limits import (
    FIT_DEFINITIONS,
    FIT_DESCRIPTIONS,
    FIT_FILES,
    FIT_MAKERS_VALUES,
    FIT_MESSAGES,
    FIT_SUMMARIES,
    TRACK_POINTS,
    check_most,
)

FIT_MAGIC = b".FIT"  # at byte 8
FIT_EPOCH_S = 631_065_600  # 1989-12-31T00:00Z in Unix time
EARLIEST_S = 0x10000000  # smaller stamps count from when the device was switched on
_LEAST_HEADER_BYTES = 12
_CRC_BYTES = 2
_NOT_FILLED_IN = (0, 0xFFFFFFFF)  # lengths of a file whose device never closed it
_COMPRESSED, _DEFINITION, _DEVELOPER, _LOCAL = 0x80, 0x40, 0x20, 0x0F
_SHORT_TIME_S = 32  # what the five bits of a compressed time can count


class BaseType(NamedTuple):
    """A type of the protocol: of numpy without byte order, and what stands for "not known"."""

    code: str
    unknown: float | None


TEXT, BYTES = 0x07, 0x0D
# By the low five bits of their number; the rest says only whether byte order matters.
BASE_TYPES = {
    0x00: BaseType("u1", 0xFF),
    0x01: BaseType("i1", 0x7F),
    0x02: BaseType("u1", 0xFF),
    0x03: BaseType("i2", 0x7FFF),
    0x04: BaseType("u2", 0xFFFF),
    0x05: BaseType("i4", 0x7FFFFFFF),
    0x06: BaseType("u4", 0xFFFFFFFF),
    0x08: BaseType("f4", None),
    0x09: BaseType("f8", None),
    0x0A: BaseType("u1", 0),
    0x0B: BaseType("u2", 0),
    0x0C: BaseType("u4", 0),
    0x0E: BaseType("i8", 2**63 - 1),
    0x0F: BaseType("u8", 2**64 - 1),
    0x10: BaseType("u8", 0),
}


class FieldKind(NamedTuple):
    """A field of the profile: value = stored / scale - offset."""

    name: str
    scale: float = 1.0
    offset: float = 0.0


RECORD, _FIELD_DESCRIPTION, _DEVELOPER_DATA_ID = 20, 206, 207
_STAMP, _SPEED_AND_DISTANCE = 253, 8
# What is used here of Garmin's profile: messages and fields by their numbers.
PROFILE: dict[int, tuple[str, dict[int, FieldKind]]] = {
    0: (
        "file_id",
        {
            0: FieldKind("type"),
            1: FieldKind("manufacturer"),
            2: FieldKind("product"),
            8: FieldKind("product_name"),
        },
    ),
    12: ("sport", {0: FieldKind("sport"), 1: FieldKind("sub_sport")}),
    18: (
        "session",
        {
            _STAMP: FieldKind("timestamp"),
            2: FieldKind("start_time"),
            5: FieldKind("sport"),
            6: FieldKind("sub_sport"),
            7: FieldKind("total_elapsed_time", 1000.0),
            8: FieldKind("total_timer_time", 1000.0),
            9: FieldKind("total_distance", 100.0),
        },
    ),
    19: (
        "lap",
        {
            _STAMP: FieldKind("timestamp"),
            2: FieldKind("start_time"),
            25: FieldKind("sport"),
            39: FieldKind("sub_sport"),
        },
    ),
    RECORD: (
        "record",
        {
            _STAMP: FieldKind("timestamp"),
            0: FieldKind("position_lat"),
            1: FieldKind("position_long"),
            2: FieldKind("altitude", 5.0, 500.0),
            3: FieldKind("heart_rate"),
            4: FieldKind("cadence"),
            5: FieldKind("distance", 100.0),
            6: FieldKind("speed", 1000.0),
            7: FieldKind("power"),
            39: FieldKind("vertical_oscillation", 10.0),
            41: FieldKind("stance_time", 10.0),
            53: FieldKind("fractional_cadence", 128.0),
            73: FieldKind("enhanced_speed", 1000.0),
            78: FieldKind("enhanced_altitude", 5.0, 500.0),
            85: FieldKind("step_length", 10.0),
        },
    ),
    23: ("device_info", {27: FieldKind("product_name")}),
    34: ("activity", {_STAMP: FieldKind("timestamp"), 5: FieldKind("local_timestamp")}),
    _FIELD_DESCRIPTION: (
        "field_description",
        {
            0: FieldKind("developer_data_index"),
            1: FieldKind("field_definition_number"),
            2: FieldKind("fit_base_type_id"),
            3: FieldKind("field_name"),
            8: FieldKind("units"),
        },
    ),
    _DEVELOPER_DATA_ID: (
        "developer_data_id",
        {1: FieldKind("application_id"), 3: FieldKind("developer_data_index")},
    ),
}

Message = Mapping[str, Any]
MakersKey = tuple[int, int]  # the index of an application in the file, and its field's number


@dataclass(frozen=True, slots=True)
class MakersField:
    """A developer field as its file describes it.

    application : 16 bytes in hex, empty where the file has none
    name        : empty where it has none
    """

    application: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class FitPart:
    """One file of a chain.

    messages : by kind, all but the records, in order; without fields that are not known
    columns  : what the n records have, each (n,), NaN where not known; `timestamp` is Unix time
    makers   : the developer fields of the records and their values, each (n,)
    closed   : whether its length was filled in; else it ends where its messages do
    """

    messages: Mapping[str, list[Message]]
    n: int
    columns: Mapping[str, Floats]
    makers: Mapping[MakersKey, tuple[MakersField, Floats]]
    closed: bool = True

    def first(self, kind: str) -> Message:
        return next(iter(self.messages.get(kind, [])), {})

    def column(self, *names: str) -> Floats:
        """(n,), moment by moment that of the first name which has it; NaN where none has."""
        values = np.full(self.n, np.nan)
        for name in reversed(names):
            told = self.columns.get(name)
            if told is not None:
                values = np.where(np.isfinite(told), told, values)
        return values


@dataclass(frozen=True, slots=True)
class FitContent:
    """Every file of a chain, and what is wrong with the last where it is damaged, else empty.

    damage : goes on after the file's name
    """

    parts: list[FitPart]
    damage: str


def fit_content(data: bytes, name: str) -> FitContent:
    """Everything up to the first damage. Raises InputError where it is made to take time."""
    walk = _Walk(data, name)
    parts = [part.told() for part in walk.files()]
    return FitContent(parts, walk.damage)


def unix_time(stamp: Any) -> float:
    """Unix time of a FIT date, NaN where it is none."""
    if isinstance(stamp, int | float) and stamp >= EARLIEST_S:
        return float(FIT_EPOCH_S + stamp)
    return float("nan")


class _Field(NamedTuple):
    number: int
    at: int  # bytes after the header of the message
    size: int
    base: int


@dataclass(frozen=True, slots=True)
class _Definition:
    """How the messages of one local number look; `stamp_at` is -1 without a time."""

    kind: int
    order: str
    length: int
    fields: tuple[_Field, ...]
    makers: tuple[_Field, ...]  # `base` is the index of the application
    stamp_at: int


class _Walk:
    """From message to message through a chain of files."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.name = name
        self.damage = ""
        self._messages = 0
        self._files = 0

    def files(self) -> Iterator["_Part"]:
        """One after the other, until the data end or are damaged (see `damage`)."""
        data, begin = self.data, 0
        while not self.damage and data[begin + 8 : begin + 12] == FIT_MAGIC:
            self._files += 1
            check_most(self._files, FIT_FILES, "files one after the other", self.name)
            told = int.from_bytes(data[begin + 4 : begin + 8], "little")
            body = begin + _header_bytes(data, begin)
            part = _Part(data, self.name)
            if body > len(data):
                self.damage = "is cut off within its header"
            elif told in _NOT_FILLED_IN and body < len(data):
                part.closed = False  # ends where its messages make no more sense
                self._messages_between(part, body, len(data))
                begin = len(data)
            elif body + told > len(data):
                self.damage = f"is cut off: {len(data) - body:,} of {told:,} bytes are there"
                self._messages_between(part, body, len(data))
            else:
                wrong = self._messages_between(part, body, body + told)
                self.damage = wrong or self._checksum(begin, body + told)
                begin = body + told + _CRC_BYTES
            yield part

    def _checksum(self, begin: int, end: int) -> str:
        """Many programs write none, or zero; what is there must fit."""
        told = int.from_bytes(self.data[end : end + _CRC_BYTES], "little")
        if end + _CRC_BYTES > len(self.data) or not told:
            return ""
        if told == crc_of(self.data[begin:end]):
            return ""
        return "is damaged: its checksum does not fit, so something in it was changed"

    def _messages_between(self, part: "_Part", at: int, end: int) -> str:
        """What is wrong where the messages do not end where they should, else empty."""
        data = self.data
        while at < end:
            self._messages += 1
            check_most(self._messages, FIT_MESSAGES, "messages", self.name)
            head = data[at]
            short = bool(head & _COMPRESSED)
            try:
                if head & _DEFINITION and not short:
                    after = part.define(at, head)
                    if after > end:
                        return "is damaged: it ends in the middle of a message"
                else:
                    definition = part.known[(head >> 5) & 0x3 if short else head & _LOCAL]
                    after = at + 1 + definition.length
                    if after > end:
                        return "is damaged: it ends in the middle of a message"
                    part.take(at + 1, definition, head % _SHORT_TIME_S if short else None)
            except KeyError:
                return f"is damaged: its bytes make no sense from byte {at:,} on"
            except IndexError:
                return "is damaged: it ends in the middle of a message"
            at = after
        return ""


def _header_bytes(data: bytes, begin: int) -> int:
    """How long the header is; where it says a length that none has, by where the first message is.

    That can only be a definition, followed by a byte of zero.
    """
    told = data[begin]
    if told >= _LEAST_HEADER_BYTES:
        return told
    at = begin + _LEAST_HEADER_BYTES
    first = data[at : at + 2]
    starts = len(first) == 2 and first[0] & ~_LOCAL == _DEFINITION and not first[1]
    return _LEAST_HEADER_BYTES if starts else _LEAST_HEADER_BYTES + _CRC_BYTES


@dataclass(slots=True)
class _Rows:
    """Records of one definition: which they are, and where their bytes begin."""

    number: "array[int]" = field(default_factory=lambda: array("q"))
    at: "array[int]" = field(default_factory=lambda: array("q"))


class _Part:
    """One file while it is walked through; what came before a damage stays."""

    def __init__(self, data: bytes, name: str) -> None:
        self.known: dict[int, _Definition] = {}
        self.closed = True
        self._data = data
        self._name = name
        self._definitions: dict[bytes, _Definition] = {}  # some devices define before each message
        self._rows: dict[int, tuple[_Definition, _Rows]] = {}
        self._messages: dict[str, list[Message]] = {}
        self._short_times: dict[int, int] = {}
        self._n = self._others = self._descriptions = 0
        self._clock = 0  # the last time, which short ones go on from

    def define(self, at: int, head: int) -> int:
        """Take a definition; where it ends. Raises IndexError beyond the data."""
        data, begin = self._data, at + 1
        count = data[at + 5]
        end = at + 6 + 3 * count
        developer = bool(head & _DEVELOPER)
        if developer:
            end += 1 + 3 * data[end]
        if end > len(data):
            raise IndexError
        shape = data[begin:end] + bytes([developer])
        definition = self._definitions.get(shape)
        if definition is None:
            check_most(len(self._definitions) + 1, FIT_DEFINITIONS, "definitions", self._name)
            definition = self._definitions[shape] = self._definition(shape, count)
        self.known[head & _LOCAL] = definition
        return end

    def _definition(self, shape: bytes, count: int) -> _Definition:
        order = ">" if shape[1] else "<"
        kind = int.from_bytes(shape[2:4], "big" if shape[1] else "little")
        at, length, stamp_at = 5, 0, -1
        lists: list[tuple[_Field, ...]] = []
        for many in (count, shape[at + 3 * count] if shape[-1] else 0):
            fields = []
            for _ in range(many):
                number, size, base = shape[at : at + 3]
                if not size:
                    raise InputError(
                        f"{self._name} is damaged: it has fields or messages of no bytes."
                    )
                if not lists and number == _STAMP and size == 4:
                    stamp_at = length
                fields.append(_Field(number, length, size, base))
                length += size
                at += 3
            lists.append(tuple(fields))
            at += 1
        if not length:
            raise InputError(f"{self._name} is damaged: it has fields or messages of no bytes.")
        return _Definition(kind, order, length, lists[0], lists[1], stamp_at)

    def take(self, at: int, definition: _Definition, short_time: int | None) -> None:
        """Take a message whose fields begin at `at`, all of them within the data."""
        if definition.stamp_at >= 0:
            begin = at + definition.stamp_at
            order = "big" if definition.order == ">" else "little"
            stamp = int.from_bytes(self._data[begin : begin + 4], order)
            if stamp != BASE_TYPES[6].unknown:
                self._clock = stamp
        elif short_time is not None:
            self._clock += (short_time - self._clock) % _SHORT_TIME_S
        if definition.kind == RECORD:
            check_most(self._n + 1, TRACK_POINTS, "moments", self._name)
            _, rows = self._rows.setdefault(id(definition), (definition, _Rows()))
            rows.number.append(self._n)
            rows.at.append(at)
            if short_time is not None:
                self._short_times[self._n] = self._clock
            self._n += 1
        elif definition.kind in PROFILE:
            self._other(at, definition)

    def _other(self, at: int, definition: _Definition) -> None:
        kind, profile = PROFILE[definition.kind]
        self._others += 1
        check_most(self._others, FIT_SUMMARIES, "laps and sessions", self._name)
        if definition.kind == _FIELD_DESCRIPTION:
            self._descriptions += 1
            check_most(self._descriptions, FIT_DESCRIPTIONS, "fields of makers", self._name)
        told = {}
        for one in definition.fields:
            known = profile.get(one.number)
            if known is None:
                continue
            raw = self._data[at + one.at : at + one.at + one.size]
            value = _value(raw, one.base, definition.order)
            if isinstance(value, int | float) and (known.scale, known.offset) != (1.0, 0.0):
                value = value / known.scale - known.offset
            if value is not None:
                told[known.name] = value
        self._messages.setdefault(kind, []).append(told)

    def told(self) -> FitPart:
        profile = PROFILE[RECORD][1]
        columns: dict[str, Floats] = {}
        makers: dict[MakersKey, tuple[MakersField, Floats]] = {}
        described, types = self._described()
        packed = np.full((self._n, 2), np.nan)
        for definition, rows in self._rows.values():
            numbers, starts = np.asarray(rows.number), np.asarray(rows.at)
            for one in definition.fields:
                known = profile.get(one.number)
                if known is not None:
                    values = self._numbers(starts, one, one.base, definition.order)
                    column = columns.setdefault(known.name, np.full(self._n, np.nan))
                    column[numbers] = values / known.scale - known.offset
                elif one.number == _SPEED_AND_DISTANCE and one.size == 3:
                    packed[numbers] = self._packed(starts, one)
            for one in definition.makers:
                key = (one.base, one.number)
                if key not in described:
                    continue  # nothing says what type it is of
                if key not in makers:
                    makers[key] = (described[key], np.full(self._n, np.nan))
                    check_most(self._n * len(makers), FIT_MAKERS_VALUES, "values", self._name)
                values = self._numbers(starts, one, types[key], definition.order)
                makers[key][1][numbers] = values
        _unpack(packed, columns)
        self._times(columns)
        return FitPart(self._messages, self._n, columns, makers, self.closed)

    def _described(self) -> tuple[dict[MakersKey, MakersField], dict[MakersKey, int]]:
        applications = {
            message.get("developer_data_index", 0): message.get("application_id", b"")
            for message in self._messages.get("developer_data_id", [])
        }
        found: dict[MakersKey, MakersField] = {}
        types: dict[MakersKey, int] = {}
        for message in self._messages.get("field_description", []):
            index = message.get("developer_data_index", 0)
            key = (index, message.get("field_definition_number", -1))
            application = applications.get(index)
            found[key] = MakersField(
                application.hex() if isinstance(application, bytes) else "",
                str(message.get("field_name", "")).strip(),
                str(message.get("units", "")).strip(),
            )
            types[key] = message.get("fit_base_type_id", BYTES)
        return found, types

    def _numbers(self, starts: NDArray[np.int64], one: _Field, base: int, order: str) -> Floats:
        """(k,) values of one field, the first where it has several; NaN where not known."""
        known = BASE_TYPES.get(base & 0x1F)
        if known is None:
            return np.full(len(starts), np.nan)
        kind = np.dtype(order + known.code)
        if one.size % kind.itemsize:
            return np.full(len(starts), np.nan)
        raw = np.frombuffer(self._data, np.uint8)
        stored = raw[starts[:, None] + (one.at + np.arange(kind.itemsize))].view(kind)[:, 0]
        with np.errstate(invalid="ignore"):
            values = stored.astype(np.float64)
        if known.unknown is not None:
            values[stored == stored.dtype.type(known.unknown)] = np.nan
        return values

    def _packed(self, starts: NDArray[np.int64], one: _Field) -> Floats:
        """(k, 2) speed (cm/s) and distance (1/16 m), 12 bits each; the distance rolls over."""
        raw = np.frombuffer(self._data, np.uint8)
        three = raw[starts[:, None] + (one.at + np.arange(3))].astype(np.int64)
        both = three[:, 0] | three[:, 1] << 8 | three[:, 2] << 16
        values = np.column_stack([both & 0xFFF, both >> 12]).astype(np.float64)
        values[both == 0xFFFFFF] = np.nan
        return values

    def _times(self, columns: dict[str, Floats]) -> None:
        stamps = columns.get("timestamp", np.full(self._n, np.nan))
        for number, stamp in self._short_times.items():
            if not np.isfinite(stamps[number]):
                stamps[number] = stamp
        columns["timestamp"] = np.where(stamps >= EARLIEST_S, FIT_EPOCH_S + stamps, np.nan)


def _value(raw: bytes, base: int, order: str) -> Any:
    """A number, bytes or a text; None where it is not known."""
    base &= 0x1F
    if base == TEXT:
        return raw.split(b"\0")[0].decode("utf-8", "replace") or None
    known = BASE_TYPES.get(base)
    kind = None if known is None else np.dtype(order + known.code)
    if known is None or kind is None or len(raw) % kind.itemsize:
        return None if set(raw) <= {0xFF} else raw
    if len(raw) > kind.itemsize and kind.itemsize == 1:
        return raw  # an array of bytes, such as what names an application
    value = np.frombuffer(raw, kind)[0].item()
    unknown = math.isnan(value) if known.unknown is None else value == known.unknown
    return None if unknown else value


def _unpack(packed: Floats, columns: dict[str, Floats]) -> None:
    """Speed and distance of devices that keep both in three bytes."""
    there = np.isfinite(packed[:, 0])
    if not there.any():
        return
    speed, distance = packed[there, 0], packed[there, 1]
    steps = np.diff(distance, prepend=0.0) % 4096.0
    for name, values in (("speed", speed / 100.0), ("distance", np.cumsum(steps) / 16.0)):
        column = columns.setdefault(name, np.full(len(packed), np.nan))
        column[there] = np.where(np.isfinite(column[there]), column[there], values)


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
        table.append(crc)
    return table


_CRC_TABLE = _crc_table()


def crc_of(data: bytes) -> int:
    """CRC-16 (ARC), as the FIT protocol has it."""
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc
