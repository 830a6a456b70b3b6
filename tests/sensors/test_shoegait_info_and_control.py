"""Info, names, control point and registry against hand-written bytes."""

import contextlib
import struct

import control_vectors
import pytest
from dialogues import converse
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gait.model import GaitError, InputError, SensorInfo, Side
from gait.sensors import PROFILES, profile, recognised, shoegait
from gait.sensors import shoegait_control as control
from gait.sensors.profile import Expect, Pair, Read, Subscribe, Wanted, Write
from gait.sensors.shoegait_control import Answer, Command, Opcode, Status
from gait.sensors.shoegait_info import (
    MOUNTINGS,
    SIDES,
    Feature,
    add_features,
    advertised_name,
    advertised_side,
    decode_info,
    encode_info,
    features,
    version,
)

INFO = SensorInfo(
    side=Side.RIGHT,
    rate_hz=416.67,
    acc_range_g=16.0,
    gyr_range_dps=2293.76,
    mounting="heel",
    serial="SG-000000000042x",
    firmware="1.2.3",
)
INFO_BYTES = struct.pack(
    "<BBBBIII16s16s", 2, 2, 17, 1, 41667, 16000, 2293760, b"SG-000000000042x", b"1.2.3"
)


OLDER = bytes([1, INFO_BYTES[1], 1]) + INFO_BYTES[3:]  # as version 1 says it
TIME = bytes.fromhex("05000100000057")


def test_info_both_ways() -> None:
    assert decode_info(OLDER) == INFO
    assert encode_info(INFO, 1) == OLDER
    with pytest.raises(ValueError, match="no version 3"):
        encode_info(INFO, 3)
    assert encode_info(INFO) == INFO_BYTES
    assert decode_info(INFO_BYTES) == INFO
    assert decode_info(INFO_BYTES + b"later", "shoegait R 042x", "AA:BB").name == "shoegait R 042x"


def test_info_without_gyroscope_or_known_mounting() -> None:
    data = bytearray(INFO_BYTES)
    data[2], data[3] = 0, 200
    info = decode_info(bytes(data))
    assert not info.has_gyroscope
    assert info.gyr_range_dps is None
    assert info.mounting == "unknown"


@pytest.mark.parametrize(
    ("offset", "value", "sentence"),
    [
        (0, b"\3", "version 3, where versions 1 to 2 are understood; update shoegait"),
        (0, b"\0", "version 0, .* its firmware is too old; update it"),
        (1, b"\0", "does not say on which foot it is"),
        (4, bytes(4), "does not say its rate or ranges"),
        (8, bytes(4), "does not say its rate or ranges"),
        (12, bytes(4), "does not say its rate or ranges"),
    ],
)
def test_info_that_cannot_be_used(offset: int, value: bytes, sentence: str) -> None:
    data = INFO_BYTES[:offset] + value + INFO_BYTES[offset + len(value) :]
    with pytest.raises(InputError, match=sentence):
        decode_info(data, "shoegait R 042x")


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_hostile_info_gives_a_sentence_or_a_sensor(data: bytes) -> None:
    with contextlib.suppress(InputError):
        info = decode_info(bytes([1, 1]) + data)
        assert info.rate_hz > 0
        assert (info.serial + info.firmware).isprintable()


def test_features_are_said_beside_the_rest() -> None:
    assert features(INFO_BYTES) == Feature.GYROSCOPE | Feature.BONDS
    more = add_features(INFO_BYTES, Feature.RESENDS | Feature.LOGS)
    assert more == INFO_BYTES[:2] + b"\x17" + INFO_BYTES[3:]
    assert features(more) == features(INFO_BYTES) | Feature.RESENDS | Feature.LOGS
    assert decode_info(more) == replace(INFO, resends=True)
    assert encode_info(replace(INFO, resends=True)) == INFO_BYTES[:2] + b"\x13" + INFO_BYTES[3:]
    assert features(INFO_BYTES[:2] + b"\xff" + INFO_BYTES[3:]) == sum(Feature)
    assert features(OLDER) == Feature.GYROSCOPE
    assert version(OLDER) == 1
    assert not features(b"")
    assert not features(INFO_BYTES[:40])


def test_info_that_does_not_fit() -> None:
    for wrong in ({"serial": "x" * 17}, {"mounting": "knee"}, {"acc_range_g": None}):
        fields = {name: getattr(INFO, name) for name in INFO.__struct_fields__}
        with pytest.raises(ValueError, match=r"longer than|mounting must|ranges must"):
            encode_info(SensorInfo(**(fields | wrong)))


def test_mounting_codes_are_distinct_words() -> None:
    assert len(set(MOUNTINGS.values())) == len(MOUNTINGS)


def test_advertised_names() -> None:
    assert advertised_name(Side.LEFT, "SG-0042") == "shoegait L 0042"
    assert advertised_name(Side.RIGHT, "") == "shoegait R"
    assert advertised_side("shoegait L 0042") is Side.LEFT
    assert advertised_side("shoegait R") is Side.RIGHT
    for other in ("", "shoegait", "shoegait X 1", "Left shoe L 1"):
        assert advertised_side(other) is None


COMMANDS = [
    (Command(Opcode.START), "01"),
    (Command(Opcode.STOP), "02"),
    (Command(Opcode.SET_RATE, (416.67,)), "03c3a20000"),
    (Command(Opcode.SET_RANGES, (16.0, 2293.76)), "04803e000000002300"),
    (Command(Opcode.QUERY_TIME), "05"),
    (Command(Opcode.IDENTIFY, (2,)), "0602"),
]
ANSWERS = [
    (Answer(Opcode.START, Status.DONE), "0100"),
    (Answer(Opcode.SET_RATE, Status.NOT_SUPPORTED, (400.0,)), "0303409c0000"),
    (Answer(Opcode.SET_RATE, Status.BUSY), "0304"),
    (Answer(Opcode.SET_RANGES, Status.DONE, (8.0, 500.0)), "0400401f000020a10700"),
    (Answer(Opcode.QUERY_TIME, Status.DONE, (4294967295,)), "0500ffffffff"),
    (Answer(99, Status.UNKNOWN_OPCODE), "6301"),
]


@pytest.mark.parametrize(("command", "data"), COMMANDS)
def test_commands_both_ways(command: Command, data: str) -> None:
    assert control.encode_command(command).hex() == data
    assert control.decode_command(bytes.fromhex(data)) == command


@pytest.mark.parametrize(("answer", "data"), ANSWERS)
def test_answers_both_ways(answer: Answer, data: str) -> None:
    assert control.encode_answer(answer).hex() == data
    assert control.decode_answer(bytes.fromhex(data)) == answer


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        ("", "0002"),
        ("10", "1001"),
        ("0700", "0702"),
        ("ff00", "ff01"),
        ("0100", "0102"),
        ("03c3a2", "0302"),
    ],
)
def test_commands_that_cannot_be_read_have_an_answer(data: str, reply: str) -> None:
    with pytest.raises(control.RefusedError) as refused:
        control.decode_command(bytes.fromhex(data))
    assert control.encode_answer(refused.value.answer).hex() == reply


@given(st.binary(max_size=12))
@settings(max_examples=150, deadline=None)
def test_hostile_control_bytes(data: bytes) -> None:
    with contextlib.suppress(InputError):
        assert control.encode_answer(control.decode_answer(data)) == data
    try:
        command = control.decode_command(data)
    except control.RefusedError as refused:
        answer = refused.answer
    else:
        assert control.encode_command(command) == data
        answer = Answer(command.opcode, Status.BUSY)
    assert control.decode_answer(control.encode_answer(answer)) == answer


def test_values_that_do_not_fit_the_opcode() -> None:
    for command in (Command(Opcode.SET_RATE), Command(Opcode.SET_RATE, (-1.0,))):
        with pytest.raises(ValueError, match=r"values are needed|do not fit"):
            control.encode_command(command)


def test_setting_up_asks_for_the_rate_and_reads_the_info() -> None:
    ours = profile("shoegait")
    wanted = Wanted(name="shoegait R 042x", address="AA", rate_hz=208.0)
    refused = bytes.fromhex("0303409c0000")
    asked, ready = converse(ours.set_up(wanted), [OLDER, refused, OLDER])
    assert asked == [
        Read(shoegait.INFO_UUID),
        Subscribe(shoegait.CONTROL_UUID),
        Write(shoegait.CONTROL_UUID, bytes.fromhex("0340510000")),
        Expect(shoegait.CONTROL_UUID),
        Read(shoegait.INFO_UUID),
    ]
    assert ready.info == decode_info(INFO_BYTES, "shoegait R 042x", "AA")
    assert ready.remarks == (
        "The sensor refused the sampling rate: it does not support what was asked for "
        "(it runs at 400 Hz).",
    )


def test_a_shoe_that_bonds_is_paired_before_it_is_told_anything() -> None:
    wanted = Wanted(name="", address="")
    older = add_features(OLDER, Feature.BONDS), bytes.fromhex("050001000000")
    for answers in (older, (INFO_BYTES, TIME)):
        asked, _ = converse(profile("shoegait").set_up(wanted), answers)
        assert asked == [
            Read(shoegait.INFO_UUID),
            Pair(),
            Subscribe(shoegait.CONTROL_UUID),
            Write(shoegait.CONTROL_UUID, b"\5"),
            Expect(shoegait.CONTROL_UUID),
        ]


def test_what_a_newer_firmware_would_add() -> None:
    wanted = Wanted(name="", address="")

    def lacks(more: Feature) -> str:
        told = add_features(INFO_BYTES, more)
        return converse(profile("shoegait").set_up(wanted), [told, TIME])[1].lacks

    assert lacks(Feature.RESENDS | Feature.LOGS) == ""
    assert lacks(Feature.RESENDS) == (
        f"Its firmware {INFO.firmware} keeps no log of its own, so it needs this machine near; "
        "update it if its maker has a newer one."
    )
    assert "does not send again what was lost on the way" in lacks(Feature.LOGS)
    assert "gaps stay, and keeps no log" in lacks(Feature(0))


def test_the_runner_knows_better_than_the_shoe_where_it_is_worn() -> None:
    wanted = Wanted(name="", address="", side=Side.LEFT)
    _, ready = converse(profile("shoegait").set_up(wanted), [INFO_BYTES, TIME])
    assert ready.info == replace(INFO, side=Side.LEFT)
    assert ready.remarks == ()


def test_starting_subscribes_first_and_a_refusal_is_an_error() -> None:
    ours = profile("shoegait")
    asked, _ = converse(ours.start(INFO), [b"\1\0"])
    stream, control = shoegait.STREAM_UUID, shoegait.CONTROL_UUID
    assert asked == [Subscribe(stream), Write(control, b"\1"), Expect(control)]
    assert converse(ours.stop(), [b"\2\0"])[0] == [Write(control, b"\2"), Expect(control)]
    with pytest.raises(GaitError, match="refused to start"):
        converse(ours.start(INFO), [b"\1\4"])


def test_a_shoe_that_cannot_vibrate_says_so() -> None:
    ours = profile("shoegait")
    assert ours.vibrate is not None
    asked, _ = converse(ours.vibrate(), [b"\6\0"])
    assert len(asked) == 2
    with pytest.raises(GaitError, match="refused"):
        converse(ours.vibrate(), [b"\6\4"])


def test_refusals_in_words() -> None:
    assert control.refusal(b"\1\0") is None
    assert control.refusal(b"\x63\1") == (
        "The sensor refused a command: its firmware does not know this command."
    )
    assert control.refusal(b"\x0e\6") == (
        "The sensor refused to clear its log: what it keeps differs from what was named, so "
        "nothing was cleared."
    )
    with pytest.raises(InputError, match="no answer"):
        control.refusal(b"\1\x09")


def test_profiles_are_found_by_name_and_by_service() -> None:
    assert recognised("", ["0000180f-0000-1000-8000-00805f9b34fb"]) is None
    found = recognised("", ["other", shoegait.SERVICE_UUID.upper()])
    assert found is profile("shoegait") is PROFILES["shoegait"]
    with pytest.raises(InputError, match="'acme' is not known here"):
        profile("acme")


@pytest.mark.parametrize("case", control_vectors.dialogues(), ids=lambda case: case["name"])
def test_vector_of_the_control_point(case: dict[str, str]) -> None:
    written, told = bytes.fromhex(case["command"]), bytes.fromhex(case["answer"])
    answer = control.decode_answer(told)
    assert answer.status == int(case["status"])
    assert control.encode_answer(answer) == told
    values = control_vectors.numbers(case.get("values", ""))
    if values:
        assert control._ANSWERS[answer.opcode].wire.unpack(told[2:]) == tuple(values)
    try:
        command = control.decode_command(written)
    except control.RefusedError as refused:
        said = control.encode_answer(refused.answer)
    else:
        said = told
        assert control.encode_command(command) == written
        asked = tuple(control_vectors.numbers(case.get("asked", "")))
        assert control._COMMANDS[command.opcode].wire.unpack(written[1:]) == asked
    assert said == told


@pytest.mark.parametrize("case", control_vectors.infos(), ids=lambda case: case["name"])
def test_vector_of_info(case: dict[str, str]) -> None:
    data = bytes.fromhex(case["bytes"])
    info = decode_info(data)
    assert (info.serial, info.firmware) == (case["serial"], case["firmware"])
    assert SIDES[int(case["side"])] is info.side
    assert MOUNTINGS[int(case["mounting"])] == info.mounting
    in_steps = (
        100 * info.rate_hz,
        1000 * (info.acc_range_g or 0),
        1000 * (info.gyr_range_dps or 0),
    )
    assert [round(value) for value in in_steps] == [int(case[k]) for k in ("rate", "acc", "gyr")]
    assert features(data) == Feature(int(case["features"]))
    assert add_features(encode_info(info), features(data)) == data
