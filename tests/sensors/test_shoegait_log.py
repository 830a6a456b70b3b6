"""The log's parts, names and check against a naive reading of docs/protocol.md."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.model import InputError, SensorInfo, Side
from gait.sensors import shoegait
from gait.sensors import shoegait_log as log
from gait.sensors.profile import LogState, LogStatus
from gait.sensors.shoegait_control import Answer, Opcode, Status

PACKET = st.binary(min_size=1, max_size=244)


def naive_crc32(data: bytes) -> int:
    """Bit by bit, as the document says."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xEDB88320 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


@given(st.lists(PACKET, max_size=5), st.integers(0, 5))
@settings(max_examples=50, deadline=None)
def test_the_check_goes_over_packets_back_to_back(packets: list[bytes], cut: int) -> None:
    assert log.crc(packets) == naive_crc32(b"".join(packets))
    assert log.crc(packets[cut:], log.crc(packets[:cut])) == log.crc(packets)


@given(
    st.integers(1, 65535),
    st.integers(0, 2**32 - 4),
    st.lists(PACKET, max_size=4),
    st.integers(23, 517),
)
@settings(max_examples=80, deadline=None)
def test_packets_survive_their_parts(number, first, packets, mtu) -> None:
    together = log.LogParts(number)
    came = []
    for index, packet in enumerate(packets, first):
        parts = list(log.split(number, index, packet, mtu))
        assert all(len(part) <= mtu - 3 for part in parts)
        for offset, part in zip(range(0, len(packet), mtu - 11), parts, strict=True):
            last = part is parts[-1]
            assert part[:8] == struct.pack("<BBHI", 0xF0 | last, number % 256, offset, index)
        came += [whole for part in parts if (whole := together.add(part))]
    assert came == list(enumerate(packets, first))


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_what_is_lost_doubled_or_mixed_up_never_gives_a_wrong_packet(data: st.DataObject) -> None:
    packets = data.draw(st.lists(PACKET, min_size=1, max_size=4))
    parts = [part for i, p in enumerate(packets) for part in log.split(7, i, p, 23)]
    parts += [*log.split(8, 0, b"another log", 23), b"", b"\xf1", bytes(20), b"\xf1\7" + bytes(6)]
    together = log.LogParts(7)
    for part in data.draw(st.lists(st.sampled_from(parts), max_size=80)):
        whole = together.add(part)
        assert whole is None or packets[whole[0]] == whole[1]


def test_a_packet_that_never_ends_takes_no_memory() -> None:
    together = log.LogParts(1)
    for offset in range(0, 12 * 1000, 12):
        assert together.add(struct.pack("<BBHI", 0xF0, 1, offset, 5) + bytes(12)) is None
    assert len(together._data) < 1000


def test_a_part_is_no_live_packet() -> None:
    info = SensorInfo(side=Side.LEFT, rate_hz=400.0, acc_range_g=16.0, gyr_range_dps=2000.0)
    live = bytes.fromhex("1001000000000000000000000008000000000000")
    (part,) = log.split(1, 0, live, 247)
    assert log.is_part(part)
    assert not log.is_part(live)
    assert not log.is_part(b"")
    ((index, why),) = shoegait.decode([live, part], info).bad
    assert (index, why) == (1, "It is a part of a log, which is read and not streamed.")


def test_answers_by_name() -> None:
    status = log.log_status(Answer(Opcode.LOG_STATUS, Status.DONE, (7.0, 2.0, 1.0, 3.0, 4.0, 5.0)))
    assert status == LogStatus(7, LogState.STOPPED, 1, 3, 4, 5)
    assert status.state is LogState.STOPPED
    times = log.log_time(Answer(Opcode.LOG_TIME, Status.DONE, (7, 1_748_757_600_000, 100, 2000)))
    assert (times.host_ms, times.wait_ms, times.since_ms) == (1_748_757_600_000, 100, 2000)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(Opcode.LOG_STATUS, Status.NOT_THERE),
        Answer(Opcode.LOG_STATUS, Status.DONE, (7, 9, 1, 3, 4, 5)),
        Answer(Opcode.LOG_TIME, Status.DONE, (7, 0, 0, 0)),
    ],
)
def test_what_is_no_status(answer: Answer) -> None:
    with pytest.raises(InputError, match=r"that is not known here|update its firmware"):
        log.log_status(answer)
