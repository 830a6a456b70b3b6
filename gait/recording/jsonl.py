"""Sessions as JSON lines: small, reviewable, with one hex packet a line.

The first line describes the recording, each further line is one item. `.gz` is read and
written too.

    {"format":"gait-session","version":1,"meta":{…},"sensors":[{…}],"attachments":{name: base64}}
    {"device":0,"host_s":0.0125,"characteristic":"…","payload":"00ff…"}
    {"device":0,"host_s":1.0,"battery":87}
    {"device":0,"host_s":1.5,"connection":"lost","detail":"…"}
    {"host_s":2.0,"mark":"…"}
    {"device":0,"host_s":2.5,"characteristic":"…","took_s":0.03,"written":"05","answer":"0500…"}
"""

from collections.abc import Generator
from pathlib import Path

import msgspec

from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    Exchange,
    InputError,
    Mark,
    Packet,
    SensorInfo,
    SessionItem,
)
from gait.model.errors import reason_of
from gait.model.limits import HEADER_BYTES, LINE_BYTES, SENSORS, check_most, decode_json
from gait.recording.files import private_output
from gait.recording.session import Session
from gait.recording.session_format import FORMAT_VERSION, item_can_be
from gait.recording.tolerant_reader import LenientBytes, check_version, lines


class _Header(msgspec.Struct, kw_only=True):
    format: str = "gait-session"
    version: int = FORMAT_VERSION
    meta: dict[str, str]
    sensors: list[SensorInfo]
    attachments: dict[str, bytes] = {}


class _Line(msgspec.Struct, kw_only=True, omit_defaults=True):
    device: int | None = None
    host_s: float
    characteristic: str | None = None
    payload: str | None = None
    battery: int | None = None
    connection: Connection | None = None
    detail: str = ""
    mark: str | None = None
    took_s: float | None = None
    written: str = ""
    answer: str = ""


def read_jsonl(path: Path) -> Session:
    """The session in `path`. Raises InputError where its first line cannot be read."""
    header = _header(path)

    def items() -> Generator[SessionItem, None, list[str]]:
        return _items(path, len(header.sensors))

    return Session(path, header.sensors, header.meta, header.attachments, items)


def write_jsonl(session: Session, path: Path | str, *, overwrite: bool = False) -> None:
    """Write `session` as JSON lines, compressed where `path` ends in `.gz`.

    Raises UsageError for a taken path, GaitError where the disk refuses.
    """
    encode = msgspec.json.Encoder().encode
    header = _Header(meta=session.meta, sensors=session.sensors, attachments=session.attachments)
    with private_output(Path(path), overwrite=overwrite) as file:
        file.write(encode(header) + b"\n")
        for item in session.items():
            file.write(encode(_line_of(item)) + b"\n")


def _header(path: Path) -> _Header:
    first = next(_lines(path), b"")
    try:
        # the version first: a newer header may not fit this one's shape
        version = decode_json(first, dict[str, msgspec.Raw], most_bytes=HEADER_BYTES).get("version")
        check_version(path, msgspec.json.decode(version or b"1", type=int))
        header: _Header = decode_json(first, _Header, most_bytes=HEADER_BYTES)
    except ValueError as error:
        raise InputError(
            f"{path} is damaged: its first line does not describe a session ({reason_of(error)})."
        ) from error
    check_most(len(header.sensors), SENSORS, "sensors", str(path))
    return header


def _lines(path: Path) -> LenientBytes:
    return lines(path, most_bytes=LINE_BYTES, first_bytes=HEADER_BYTES)


def _items(path: Path, sensors: int) -> Generator[SessionItem, None, list[str]]:
    decode = msgspec.json.Decoder(_Line).decode
    source = _lines(path)
    next(source)
    bad = total = 0
    while True:
        try:
            text = next(source)
        except StopIteration as end:
            problems: list[str] = list(end.value)
            break
        if not text.strip():
            continue
        total += 1
        try:
            item = _item_of(decode(text), sensors)
        except (ValueError, RecursionError):
            bad += 1
            continue
        yield item
    if bad:
        problems.append(
            f"The file is damaged: {total - bad:,} of {total:,} lines could be read; "
            "the others are left out."
        )
    return problems


def _line_of(item: SessionItem) -> _Line:
    if isinstance(item, Packet):
        return _Line(
            device=item.device,
            host_s=item.host_s,
            characteristic=item.characteristic,
            payload=item.payload.hex(),
        )
    if isinstance(item, BatteryReading):
        return _Line(device=item.device, host_s=item.host_s, battery=item.percent)
    if isinstance(item, ConnectionEvent):
        return _Line(
            device=item.device, host_s=item.host_s, connection=item.event, detail=item.detail
        )
    if isinstance(item, Exchange):
        return _Line(
            device=item.device,
            host_s=item.host_s,
            characteristic=item.characteristic,
            took_s=item.took_s,
            written=item.written.hex(),
            answer=item.answer.hex(),
        )
    return _Line(host_s=item.host_s, mark=item.text)


def _item_of(line: _Line, sensors: int) -> SessionItem:
    """Raises ValueError where it is none, or none that a program of ours could have written."""
    item = _any_item_of(line)
    if not item_can_be(item, sensors):
        raise ValueError("out of range")
    return item


def _any_item_of(line: _Line) -> SessionItem:
    if line.mark is not None:
        return Mark(line.host_s, line.mark)
    if line.device is None:
        raise ValueError("no device")
    if line.payload is not None and line.characteristic is not None:
        return Packet(line.device, line.host_s, line.characteristic, bytes.fromhex(line.payload))
    if line.battery is not None:
        return BatteryReading(line.device, line.host_s, line.battery)
    if line.connection is not None:
        return ConnectionEvent(line.device, line.host_s, line.connection, line.detail)
    if line.took_s is not None and line.characteristic is not None:
        written, answer = bytes.fromhex(line.written), bytes.fromhex(line.answer)
        return Exchange(line.device, line.host_s, line.took_s, line.characteristic, written, answer)
    raise ValueError("neither packet nor event")
