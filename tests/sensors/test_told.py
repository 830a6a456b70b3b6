"""What a shoe tells while it streams, in recorded bytes and as dialogues."""

import pytest
from dialogues import converse
from hypothesis import given
from hypothesis import strategies as st

from gait.model import Exchange
from gait.sensors import shoegait
from gait.sensors.profile import DeviceTime, Expect, PacketsGone, Write
from gait.sensors.shoegait_profile import ASKED

told = ASKED.told


def exchange(written: str, answer: str) -> Exchange:
    return Exchange(
        0, 10.0, 0.05, shoegait.CONTROL_UUID, bytes.fromhex(written), bytes.fromhex(answer)
    )


@pytest.mark.parametrize(
    ("written", "answer", "what"),
    [
        ("05", "050040420f00", DeviceTime(1_000_000)),
        ("05", "050040420f0057", DeviceTime(1_000_000, 87)),
        ("05", "050040420f0000", DeviceTime(1_000_000, 0)),
        ("05", "050040420f00ff", DeviceTime(1_000_000)),
        ("05", "050040420f0065", DeviceTime(1_000_000)),
        ("07fbff0a00", "0700fdff0800", None),  # two older ones may still be asked for
        ("0710000300", "070010000000", PacketsGone(16, 3)),
        ("07fbff0a00", "0700fdff0300", PacketsGone(0, 5)),  # to 65535, and not what comes after
        ("0710000300", "0704", None),  # busy
        ("0710000300", "070010000300", None),
        ("01", "0100", None),
        ("05", "0100", None),
        ("05", "05", None),
        ("", "0500", None),
        ("63", "6301", None),
    ],
)
def test_what_an_exchange_tells(
    written: str, answer: str, what: DeviceTime | PacketsGone | None
) -> None:
    assert told(exchange(written, answer)) == what


@given(st.binary(max_size=8), st.binary(max_size=8))
def test_hostile_exchanges_tell_nothing_or_something(written: bytes, answer: bytes) -> None:
    for start in (b"", b"\5", b"\7"):
        said = told(Exchange(0, 1.0, 0.1, "", start + written, start + b"\0" + answer))
        assert said is None or all(number is None or number >= 0 for number in said)


def test_the_answer_to_an_earlier_command_is_passed_over() -> None:
    control = shoegait.CONTROL_UUID
    asked, coming = converse(
        ASKED.resend(16, 3), [bytes.fromhex("050040420f00"), bytes.fromhex("070010000300")]
    )
    assert asked == [
        Write(control, bytes.fromhex("0710000300")),
        Expect(control),
        Expect(control),
    ]
    assert coming == (16, 3)
    assert converse(ASKED.resend(16, 3), [b"\7\4"])[1] is None
    assert converse(ASKED.device_time(), [bytes.fromhex("050040420f00")])[1] is True
    assert converse(ASKED.device_time(), [b"\5\1"])[1] is False
