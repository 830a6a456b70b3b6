"""Numbers that only a link, a decoder or a page uses, worked out by hand for each kind."""

import struct

import numpy as np
import pytest
from dialogues import converse

from gait.model import InputError, SensorInfo, Side
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.sensors import movella_dot, polar, profile, witmotion
from gait.sensors.assembly import Assembly, Counted, Paced
from gait.sensors.profile import NO_LOG, LogState, LogStatus
from gait.sensors.shoegait_control import REASONS, UNKNOWN_PCT, Opcode, Signal, Status
from gait.sensors.shoegait_info import Feature
from gait.sensors.shoegait_log import LogParts
from gait.sensors.shoegait_profile import lacks

LEFT = Side.LEFT


@pytest.mark.parametrize(
    ("kind", "rate_hz", "gyroscope", "mtu", "expected"),
    [
        # a block of 8 samples in two notifications; 198 bytes need ten of 20
        ("movesense", 208.0, True, 247, 52.0),
        ("movesense", 208.0, True, 23, 260.0),
        # packets of 19 and 39 samples
        ("shoegait", 400.0, True, 247, 400.0 / 19),
        ("shoegait", 400.0, False, 247, 400.0 / 39),
    ],
)
def test_how_many_notifications_a_second(kind, rate_hz, gyroscope, mtu, expected):
    info = SensorInfo(side=LEFT, rate_hz=rate_hz, has_gyroscope=gyroscope, profile=kind)
    count = profile(kind).packets_per_s
    assert count is not None
    assert count(info, mtu) == pytest.approx(expected)


def test_codes_on_the_wire():
    """As the tables of docs/protocol.md number them."""
    assert [(one.name, int(one)) for one in Status] == [
        ("DONE", 0), ("UNKNOWN_OPCODE", 1), ("MALFORMED", 2), ("NOT_SUPPORTED", 3), ("BUSY", 4),
        ("NOT_THERE", 5), ("MISMATCH", 6), ("FULL", 7),
    ]  # fmt: skip
    assert [int(one) for one in Opcode] == list(range(1, 16))
    assert [(one.name, int(one)) for one in Signal] == [("BLINK", 1), ("VIBRATE", 2)]
    assert [int(one) for one in Feature] == [1, 2, 4, 8, 16, 32]
    assert [int(one) for one in LogState] == [0, 1, 2, 3, 4]
    assert set(REASONS) == set(Status) - {Status.DONE}
    assert UNKNOWN_PCT == 255
    assert LogStatus(log=0, state=LogState.NONE, kept=0, packets=0, first_us=0, last_us=0) == NO_LOG


@pytest.mark.parametrize(
    ("able", "firmware", "said"),
    [
        (Feature.RESENDS | Feature.LOGS, "1.2", None),
        (Feature.LOGS, "1.2", "Its firmware 1.2 does not send again"),
        (Feature.RESENDS, "", "Its firmware keeps no log"),
        (Feature.GYROSCOPE, "", "so gaps stay, and keeps no log"),
    ],
)
def test_what_a_newer_firmware_would_add(able, firmware, said):
    found = lacks(able, firmware)
    assert (said in found) if said else found == ""


def test_ranges_of_a_data_sheet():
    assert (movella_dot.ACC_RANGE_G, movella_dot.GYR_RANGE_DPS) == (16.0, 2000.0)


def test_an_answer_in_parts_is_put_together():
    """Answered, command, measurement, error, more to come; then more to come and the rest."""
    dialogue = polar._ask(1, 2)
    _, found = converse(dialogue, [b"\xf0\1\2\0\1ab", b"\1cd", b"\0ef"])
    assert found == (0, b"abcdef")
    assert converse(polar._ask(1, 2), [b"\xf0\1\2\x05"])[1] == (5, b"")
    assert converse(polar._ask(1, 2), [b"\xf0\1\2\0\0ab"])[1] == (0, b"ab")
    for answer in (b"\xf0\1\2", b"\xf0\1\3\0", b"\xf1\1\2\0", b"\xf0\2\2\0"):
        with pytest.raises(InputError, match="no answer to this"):
            converse(polar._ask(1, 2), [answer])


def test_settings_with_an_error_are_no_offer():
    rates = b"\0\1" + struct.pack("<H", 52) + b"\2\1" + struct.pack("<H", 8)
    assert converse(polar._offered(2, "it"), [b"\xf0\1\2\0\0" + rates])[1] == {0: [52], 2: [8]}
    with pytest.raises(InputError, match="error 5"):
        converse(polar._offered(2, "it"), [b"\xf0\1\2\5\0" + rates])


@pytest.mark.parametrize(
    ("samples", "late_periods", "broken"),
    # 1.5 periods, or three in a hundred of the samples where that is more
    [(5, 1.4, False), (5, 1.6, True), (5, -1.6, True), (60, 1.7, False), (60, 1.9, True)],
)
def test_a_frame_that_is_a_little_late_is_no_gap(samples, late_periods, broken):
    track = polar._Track(50.0)
    track.add(1_000_000, np.zeros((2, 3)))
    last_us = 1_000_000 + round((samples + late_periods) * 20_000)
    track.add(last_us, np.ones((samples, 3)))
    assert track.breaks.tolist() == [False, False, broken] + [False] * (samples - 1)
    step_us = 20_000 if broken else (last_us - 1_000_000) / samples
    np.testing.assert_allclose(track.time_us[:2], [980_000, 1_000_000])
    np.testing.assert_allclose(track.time_us[2:], last_us - step_us * np.arange(samples)[::-1])


def part(offset, index, size=12, *, last=False):
    return struct.pack("<BBHI", 0xF0 | last, 1, offset, index) + bytes(size)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_packet_is_done_once(index):
    """And one that grew too long is not gone on with."""
    parts = LogParts(1)
    assert parts.add(part(0, index, last=True)) == (index, bytes(12))
    assert parts.add(part(12, index, last=True)) is None
    long = LogParts(1)
    for offset in range(0, 1200, 12):
        assert long.add(part(offset, index)) is None
        if offset > 500:
            assert long.add(part(offset + 12, index, last=True)) is None


def test_one_sample_after_another_at_their_pace():
    paced = Paced(10.0)
    assert paced.time(1.0, 3) == (pytest.approx(0.8), False)
    assert paced.time(1.3, 3) == (pytest.approx(1.1), False)
    assert paced.time(1.4, 1) == (pytest.approx(1.4), False)
    # silent for 1.6 s, at the end of which three samples come: the first 0.2 s before
    assert paced.time(3.0, 3) == (pytest.approx(2.8), True)
    assert paced.time(3.1, 1) == (pytest.approx(3.1), False)
    assert paced.time(3.2, 1) == (pytest.approx(3.2), False)


@pytest.mark.parametrize(
    ("off_us", "count", "lost"),
    # 0.75 of a period, or three in a hundred of the samples before where that is more
    [(7_000, 4, False), (8_000, 4, True), (-8_000, 4, True), (14_000, 50, False),
     (16_000, 50, True)],
)  # fmt: skip
def test_numbers_count_arrivals_and_the_time_tells_what_is_missing(off_us, count, lost):
    counted = Counted(100.0, 1_000_000)
    assert counted.number(990_000, count) == (0, False)
    due_us = 990_000 + count * 10_000
    assert counted.number((due_us + off_us) % 1_000_000, 1) == (1, lost)
    assert counted.number((due_us + off_us + 10_000) % 1_000_000, 1) == (2, False)


def test_packets_become_frames_field_by_field():
    info = SensorInfo(side=LEFT, rate_hz=100.0, acc_range_g=2.0, gyr_range_dps=100.0)
    gathered = Assembly(info)
    empty = gathered.frames()
    assert (len(empty.seq), empty.acc.shape, empty.gyr.shape) == (0, (0, 3), (0, 3))
    g, degree = STANDARD_GRAVITY_M_S2, RAD_PER_DEG
    acc = np.array([[1.95, 0.0, 0.0], [0.0, -1.97, 0.0]]) * g
    gyr = np.array([[0.0, 0.0, 97.9], [0.0, -98.1, 0.0]]) * degree
    gathered.add(4, 7, 1000, False, acc, gyr)
    gathered.refuse(5, "odd")
    gathered.add(6, 8, 2000, True, acc[:1], None)
    frames = gathered.frames()
    assert frames.seq.tolist() == [7, 8]
    assert frames.device_us.tolist() == [1000, 2000]
    assert frames.count.tolist() == [2, 1]
    assert frames.lost_before.tolist() == [False, True]
    assert frames.again.tolist() == [False, False]
    assert frames.flags.tolist() == [0, 0]
    assert frames.packet.tolist() == [4, 6]
    assert frames.clipped_acc.tolist() == [False, True, False]
    assert frames.clipped_gyr.tolist() == [False, True, False]
    assert np.isnan(frames.gyr[2]).all()
    assert frames.bad == [(5, "odd")]


@pytest.mark.parametrize(("code", "found"), [(0, 250.0), (3, 2000.0), (4, -1.0), (99, -1.0)])
def test_a_code_that_no_range_has_stands_for_another(code, found):
    assert witmotion._of(witmotion.GYR_RANGES_DPS, code, -1.0) == found
