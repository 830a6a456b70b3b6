"""What a host asks of a shoe that logs: the bytes of docs/protocol.md, and what is made of them."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from dialogues import converse

from gait.model import GaitError, InputError, SensorInfo, Side
from gait.sensors import profile, shoegait
from gait.sensors import shoegait_profile as requests
from gait.sensors.profile import (
    NO_LOG,
    Expect,
    LogState,
    LogStatus,
    LogTime,
    Read,
    Subscribe,
    Write,
)


def asked(dialogue: Any, *answers: str) -> tuple[list[str], Any]:
    """What is written, in hex, and what came of it."""
    requested, result = converse(dialogue, [bytes.fromhex(answer) for answer in answers])
    written = [one.data.hex(" ") for one in requested if isinstance(one, Write)]
    assert sum(isinstance(one, Expect) for one in requested) == len(answers)
    return written, result


def test_a_log_from_its_begin_until_it_is_forgotten() -> None:
    """The dialogue of the section "Log", in its order."""
    written, begun = asked(requests.begin_log(1748757600000), "08 00 07 00 40 42 0f 00")
    assert (written, begun) == (["08 00 57 13 2a 97 01 00 00"], (7, 1_000_000))
    assert asked(requests.end_log(), "09 00") == (["09"], None)
    told = "0a 00 07 00 02 01 03 00 00 00 e0 c8 10 00 40 2b 11 00"
    written, status = asked(requests.status(), told)
    assert written == ["0a 00 00"]
    assert status == LogStatus(7, LogState.STOPPED, 1, 3, 1_100_000, 1_125_184)
    told = "0b 00 07 00 00 57 13 2a 97 01 00 00 64 00 00 00 d0 07 00 00"
    written, times = asked(requests.times(7), told)
    assert (written, times) == (["0b 07 00"], LogTime(7, 1748757600000, 100, 2000))
    written, coming = asked(requests.read(7, 0, 65535), "0c 00 00 00 00 00 03 00")
    assert (written, coming) == (["0c 07 00 00 00 00 00 ff ff"], 3)
    written, crc = asked(requests.check(7, 0, 2), "0d 00 5d 4e 1f a3")
    assert (written, crc) == (["0d 07 00 00 00 00 00 02 00 00 00"], 2736737885)
    written, _ = asked(requests.clear(7, 3, 1799772684), "0e 00")
    assert written == ["0e 07 00 03 00 00 00 0c 5a 46 6b"]
    assert asked(requests.status(7), "0a 05") == (["0a 07 00"], NO_LOG)


def test_more_than_a_command_holds_is_asked_for_in_parts() -> None:
    written, coming = asked(requests.read(7, 1, 70_000), "0c 00 01 00 00 00 ff ff")
    assert (written, coming) == (["0c 07 00 01 00 00 00 ff ff"], 65535)


@pytest.mark.parametrize(
    ("gyroscope", "per_packet"),
    [(True, 19), (False, 39)],  # the table of packets, MTU 247
)
def test_room_is_in_seconds_of_packets_as_long_as_a_log_has_them(gyroscope, per_packet) -> None:
    info = SensorInfo(side=Side.LEFT, rate_hz=400.0, has_gyroscope=gyroscope)
    written, room_s = asked(requests.room_s(info), "0f 00 51 33 01 00")
    assert written == ["0f"]
    assert room_s == pytest.approx(78673 * per_packet / 400.0)


def test_a_firmware_that_does_not_know_the_question_has_no_room_to_tell() -> None:
    info = SensorInfo(side=Side.LEFT, rate_hz=400.0)
    assert asked(requests.room_s(info), "0f 01") == (["0f"], None)
    with pytest.raises(GaitError):
        asked(requests.room_s(info), "0f 03")


def test_packets_are_asked_for_again() -> None:
    """The dialogue of the section on resending; and a shoe that is busy."""
    written, coming = asked(requests.resend(65531, 10), "07 00 fd ff 08 00")
    assert (written, coming) == (["07 fb ff 0a 00"], (65533, 8))
    assert asked(requests.resend(16, 3), "07 00 10 00 00 00")[1] == (16, 0)
    assert asked(requests.resend(16, 3), "07 04")[1] is None


def test_the_answer_to_an_earlier_command_is_not_taken_for_this_ones() -> None:
    written, coming = asked(requests.resend(16, 3), "01 00", "07 00 10 00 03 00")
    assert (written, coming) == (["07 10 00 03 00"], (16, 3))


@pytest.mark.parametrize(
    ("dialogue", "opcode"),
    [
        (lambda: requests.begin_log(1), 8),
        (requests.end_log, 9),
        (lambda: requests.times(7), 11),
        (lambda: requests.read(7, 0, 1), 12),
        (lambda: requests.check(7, 0, 1), 13),
        (lambda: requests.clear(7, 1, 1), 14),
    ],
)
def test_a_refusal_is_an_error_and_never_a_value(dialogue: Callable[[], Any], opcode: int) -> None:
    for status in (3, 4, 5, 6):
        with pytest.raises(GaitError, match="The sensor refused to "):
            asked(dialogue(), f"{opcode:02x} {status:02x}")


@pytest.mark.parametrize(("features", "logs"), [(4, True), (63, True), (59, False), (0, False)])
def test_whether_it_logs_is_bit_2_of_the_features_in_its_info(features: int, logs: bool) -> None:
    info = struct.pack("<BBBBIII", 2, 1, features, 0, 40_000, 16_000, 2_000_000) + bytes(32)
    requested, offered = converse(requests.logs_offered(), [info])
    assert requested == [Subscribe(profile("shoegait").streams[0]), Read(shoegait.INFO_UUID)]
    assert offered is logs


def test_a_shoe_that_answers_something_else_is_not_believed() -> None:
    with pytest.raises(InputError):
        asked(requests.check(7, 0, 2), "0d 00 5d 4e")


def test_the_time_of_its_clock_is_asked_for() -> None:
    """In µs, and behind it the battery in %, 255 where that is not known."""
    assert asked(requests.time_us(), "05 00 40 42 0f 00 57") == (["05"], 1_000_000)
    assert asked(requests.time_us(), "05 00 ff ff ff ff ff") == (["05"], 2**32 - 1)
    assert asked(requests.device_time(), "05 00 40 42 0f 00 57") == (["05"], True)
    assert asked(requests.device_time(), "05 01") == (["05"], False)
    with pytest.raises(GaitError):
        asked(requests.time_us(), "05 01")
