"""FIT files as devices really write them, against another reader (`fitdecode`) and by hand."""

import io
import struct
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import fitdecode
import numpy as np
import pytest
from fitdecode import profile
from foreign_files import BEGIN, fit_by_hand, fit_file, fit_of_messages, watch_records
from hypothesis import given
from hypothesis import strategies as st
from shared_data import file_path

from gait.recording.fit_messages import BASE_TYPES, PROFILE, crc_of, fit_content

EPOCH = int(datetime(1989, 12, 31, tzinfo=UTC).timestamp())
STAMP = 1_100_000_000  # of FIT, in 2024


def by_another(data: bytes) -> list[dict]:
    """The records as `fitdecode` has them, by name, or index and number."""
    rows: list[dict] = []
    off = fitdecode.CrcCheck.DISABLED
    with fitdecode.FitReader(io.BytesIO(data), processor=None, check_crc=off) as frames:
        for frame in frames:
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record":
                rows.append({})
                for one in cast("list[Any]", frame.fields):
                    stored, key = one.field_def, one.name
                    if stored is not None and stored.is_dev:
                        key = (stored.dev_data_index, stored.def_num)
                    if stored is not None or key not in rows[-1]:  # also what is derived
                        rows[-1][key] = one.value
    return rows


def assert_same(data: bytes) -> None:
    (part,) = fit_content(data, "x").parts
    rows = by_another(data)
    assert part.n == len(rows)
    columns = {**part.columns, **{key: values for key, (_, values) in part.makers.items()}}
    assert columns
    for key, values in columns.items():
        theirs = np.array([np.nan if r.get(key) is None else r[key] for r in rows], dtype=float)
        if key == "timestamp":
            theirs = theirs + EPOCH
        np.testing.assert_allclose(values, theirs, rtol=1e-12, err_msg=str(key))


def test_the_profile_is_garmins():
    for number, (name, fields) in PROFILE.items():
        kind = profile.MESSAGE_TYPES[number]
        assert kind.name == name
        for field, own in fields.items():
            theirs = kind.fields[field]
            assert (own.name, own.scale, own.offset) == (
                theirs.name,
                theirs.scale or 1,
                theirs.offset or 0,
            )


def test_the_types_are_those_of_the_protocol():
    for number, theirs in fitdecode.types.BASE_TYPES.items():
        if theirs.name not in ("string", "byte"):
            own = BASE_TYPES[number & 0x1F]
            assert np.dtype(own.code).itemsize == theirs.size
            if own.unknown is not None:
                assert theirs.parse(own.unknown) is None


def test_a_run_with_a_makers_fields():
    told = [[250.0 + i, 60.0] for i in range(120)]
    fields = [("Power", "W"), ("Form Power", "W")]
    assert_same(fit_file(watch_records(), fields=fields, told=told))


@pytest.mark.parametrize(
    "name",
    [
        "stryd-backgaden-1km.fit",
        "stryd-sport-field-circles.fit",
        "stryd-sport-field-lap.fit",
        "stryd-up-and-down.fit",
    ],
)
def test_real_files(name):
    assert_same(file_path("fit", name).read_bytes())


def a_definition(local: int, fields: list[tuple[int, int, int]], kind: int = 20) -> bytes:
    head = bytes([0x40 | local, 0, 0]) + struct.pack("<HB", kind, len(fields))
    return head + b"".join(bytes(field) for field in fields)


STAMP_FIELD, RATE_FIELD = (253, 4, 0x86), (3, 1, 0x02)


def test_times_of_five_bits():
    """Two definitions: with a time, and with its last five bits in the header of the message."""
    body = a_definition(0, [STAMP_FIELD, RATE_FIELD]) + a_definition(1, [RATE_FIELD])
    body += b"\0" + struct.pack("<IB", STAMP, 140)
    seconds = [1, 2, 5, 20, 31, 40, 63, 90]  # never more than 31 s after the one before
    for second in seconds:
        body += bytes([0x80 | 1 << 5 | (STAMP + second) & 0x1F, 141])
    data = fit_by_hand(body, crc=b"\0\0")
    (part,) = fit_content(data, "x").parts
    times = part.columns["timestamp"] - EPOCH - STAMP
    assert times.tolist() == [0, *seconds]
    assert part.columns["heart_rate"].tolist() == [140.0] + [141.0] * 8
    assert_same(data)


def test_speed_and_distance_in_three_bytes():
    """3 m/s; the distance of 12 bits in sixteenths of a metre rolls over at 256 m."""
    body = a_definition(0, [STAMP_FIELD, (8, 3, 0x0D)])
    for i in range(300):
        both = 300 | ((48 * i) & 0xFFF) << 12
        body += b"\0" + struct.pack("<I", STAMP + i) + both.to_bytes(3, "little")
    (part,) = fit_content(fit_by_hand(body), "x").parts
    assert part.columns["speed"].tolist() == [3.0] * 300
    assert part.columns["distance"].tolist() == [3.0 * i for i in range(300)]


BODY = a_definition(0, [STAMP_FIELD, RATE_FIELD]) + b"".join(
    b"\0" + struct.pack("<IB", STAMP + i, 140 + i) for i in range(9)
)
WHOLE = fit_by_hand(BODY)
SUMMED = WHOLE[:-2] + struct.pack("<H", crc_of(WHOLE[:-2]))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(SUMMED, id="checksum"),
        pytest.param(WHOLE, id="checksum of zero"),
        pytest.param(fit_by_hand(BODY, crc=b""), id="no checksum"),
        pytest.param(fit_by_hand(BODY, crc=b"\0"), id="half a checksum"),
        pytest.param(fit_by_hand(BODY, header=12), id="short header"),
        pytest.param(fit_by_hand(BODY, header=16), id="long header"),
        pytest.param(fit_by_hand(BODY, length=0), id="length never filled in"),
        pytest.param(fit_by_hand(BODY, length=0xFFFFFFFF, crc=b""), id="length of ones"),
        pytest.param(b"\0" + WHOLE[1:], id="header of no length"),
        pytest.param(SUMMED + bytes(500), id="zeros behind"),
        pytest.param(SUMMED + b"<html>", id="bytes behind"),
        pytest.param(SUMMED + b"\xff" * 13, id="ones behind"),
    ],
)
def test_whole_files_are_whole(data):
    content = fit_content(data, "x")
    assert content.damage == ""
    (part,) = content.parts
    assert part.columns["heart_rate"].tolist() == [140.0 + i for i in range(9)]
    assert (part.columns["timestamp"] - EPOCH).tolist() == [STAMP + i for i in range(9)]


@pytest.mark.parametrize(
    ("data", "said", "kept"),
    [
        (SUMMED[:-8], "is cut off: 60 of 66 bytes are there", 8),
        (SUMMED[:13], "is cut off within its header", 0),
        (SUMMED[:40] + b"\0" + SUMMED[41:], "its checksum does not fit", 9),
        (fit_by_hand(BODY, length=len(BODY) - 2), "ends in the middle of a message", 8),
        (fit_by_hand(BODY + b"\x05" * 9), "make no sense from byte", 9),
    ],
)
def test_damage_is_called_what_it_is(data, said, kept):
    content = fit_content(data, "x")
    assert said in content.damage
    (part,) = content.parts
    assert part.n == kept


def test_files_one_after_the_other():
    parts = fit_content(SUMMED + WHOLE + fit_file(watch_records(5)), "x").parts
    assert [part.n for part in parts] == [9, 9, 5]


def test_a_definition_before_every_message_costs_nothing():
    messages: list = [("FILE_ID", {"type": "activity"})]
    for i in range(3000):
        when = {"timestamp": BEGIN + timedelta(seconds=i)}
        messages += [("RECORD", {**when, "heart_rate": 140}), ("EVENT", {**when, "data": i})]
    (part,) = fit_content(fit_of_messages(messages), "x").parts
    assert part.n == 3000


FIELDS = [(number, size, base) for number, size, base in (
    (253, 4, 0x86), (3, 1, 0x02), (4, 1, 0x02), (5, 4, 0x86), (6, 2, 0x84), (7, 2, 0x84),
    (0, 4, 0x85), (2, 2, 0x84), (39, 2, 0x84), (41, 2, 0x84), (53, 1, 0x02), (73, 4, 0x86),
    (85, 2, 0x84), (200, 3, 0x0D), (201, 5, 0x07),
)]  # fmt: skip


@given(
    fields=st.lists(st.sampled_from(FIELDS), min_size=1, max_size=8, unique_by=lambda f: f[0]),
    big=st.booleans(),
    content=st.data(),
)
def test_any_records_are_as_another_reader_has_them(fields, big, content):
    head = bytes([0x40, 0, int(big)]) + struct.pack(">HB" if big else "<HB", 20, len(fields))
    size = sum(field[1] for field in fields)
    rows = content.draw(st.lists(st.binary(min_size=size, max_size=size), min_size=1, max_size=5))
    body = head + b"".join(bytes(f) for f in fields) + b"".join(b"\0" + row for row in rows)
    data = fit_by_hand(body)
    (part,) = fit_content(data, "x").parts
    theirs = by_another(data)
    for name, values in part.columns.items():
        if name != "timestamp":
            wanted = [np.nan if r.get(name) is None else float(r[name]) for r in theirs]
            np.testing.assert_allclose(values, wanted, rtol=1e-12)
