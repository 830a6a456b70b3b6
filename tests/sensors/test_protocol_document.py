"""docs/protocol.md says what the codec does: its examples and tables are read and compared."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from naive_stream import RAD_PER_DEG, STANDARD_GRAVITY

from gait.model import InputError, SensorInfo, Side
from gait.sensors import shoegait
from gait.sensors import shoegait_control as control
from gait.sensors import shoegait_log as log
from gait.sensors.profile import LogState
from gait.sensors.shoegait import Flag
from gait.sensors.shoegait_control import Answer, Command, Opcode, Status
from gait.sensors.shoegait_info import MOUNTINGS, Feature, decode_info, encode_info

TEXT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def section(title: str) -> str:
    return re.split(r"^#+ ", TEXT.split(f"# {title}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def example(title: str) -> tuple[dict, bytes]:
    """The values and the bytes of a section: its yaml block and its hex block."""
    blocks = dict(re.findall(r"```(yaml|hex)\n(.*?)```", section(title), re.DOTALL))
    pairs = (re.split(r"\s{2,}", line)[0] for line in blocks["hex"].splitlines())
    return yaml.safe_load(blocks["yaml"]), bytes.fromhex(" ".join(pairs))


def tables(title: str) -> list[list[list[str]]]:
    """The tables of a section, each as rows of cells without its heading."""
    blocks = re.findall(r"(?:^\|.*\n)+", section(title), re.MULTILINE)
    return [
        [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]
        for lines in (block.splitlines() for block in blocks)
    ]


def test_the_worked_example() -> None:
    said, payload = example("Worked example")
    info = SensorInfo(
        side=Side.LEFT,
        rate_hz=400.0,
        acc_range_g=said["acc_range_g"],
        gyr_range_dps=said["gyr_range_dps"],
    )
    acc = np.array(said["acc_g"]) * STANDARD_GRAVITY
    gyr = np.array(said["gyr_dps"]) * RAD_PER_DEG

    frames = shoegait.decode([payload], info)
    raw, clipped = shoegait.quantise(acc, gyr, info)

    assert not frames.bad
    assert (frames.seq[0], frames.device_us[0]) == (said["seq"], said["device_us"])
    assert frames.flags[0] == said["flags"] == Flag.CLIPPED
    np.testing.assert_allclose(frames.acc, acc, rtol=1e-14)
    np.testing.assert_allclose(frames.gyr, gyr, rtol=1e-14)
    assert clipped.tolist() == [False, True]
    assert shoegait.encode_packet(raw, said["seq"], said["device_us"], Flag.CLIPPED) == payload


def test_the_info_example() -> None:
    said, data = example("Info")
    info = SensorInfo(**(said | {"side": Side(said["side"])}))
    assert encode_info(info) == data
    assert decode_info(data) == info


def test_the_uuids() -> None:
    uuids = [row[1] for row in tables("Services")[0][:4]]
    assert uuids == [
        shoegait.SERVICE_UUID,
        shoegait.STREAM_UUID,
        shoegait.CONTROL_UUID,
        shoegait.INFO_UUID,
    ]


def test_the_tables_of_the_stream() -> None:
    _, flags, packing = tables("Stream")
    assert [(row[0], row[1]) for row in flags] == [
        (str(int(flag)), str(flag.name).lower().replace("_", " ")) for flag in Flag
    ]
    assert len(packing) == 6
    for mtu, samples, accelerometer_only in (map(int, row) for row in packing):
        assert shoegait.samples_per_packet(mtu) == samples
        assert shoegait.samples_per_packet(mtu, accelerometer_only=True) == accelerometer_only


def test_the_codes() -> None:
    mounting = next(row[2] for row in tables("Info")[0] if row[0] == "3")
    assert mounting == "mounting: " + ", ".join(
        f"{code} {word}" for code, word in MOUNTINGS.items()
    )
    features = next(row[2] for row in tables("Info")[0] if row[0] == "2")
    assert features == (
        "features: "
        + ", ".join(f"{int(bit)} {str(bit.name).lower()}" for bit in Feature)
        + "; other bits 0"
    )
    opcodes, statuses, _ = tables("Control point")
    states, _, _ = tables("Log")
    for table, codes in ((opcodes, Opcode), (statuses, Status), (states, LogState)):
        assert [row[:2] for row in table] == [[str(int(code)), code.name] for code in codes]


WIDTHS = {"uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8}


def size(cell: str) -> int:
    """Bytes of the values that a cell of the table of opcodes names."""
    counted = re.findall(r"(?:(\d+) × )?(uint\d+)", cell)
    return sum(int(times or 1) * WIDTHS[name] for times, name in counted)


@pytest.mark.parametrize("row", tables("Control point")[0], ids=lambda row: row[1])
def test_the_sizes_of_commands_and_answers(row: list[str]) -> None:
    opcode, values, told = Opcode[row[1]], size(row[2]), row[3]
    answered = values if told.endswith("the same") else size(told)
    assert 2 + answered <= 20  # at MTU 23
    assert control.decode_command(bytes([opcode]) + bytes(values)).opcode is opcode
    with pytest.raises(control.RefusedError):
        control.decode_command(bytes([opcode]) + bytes(values + 1))
    assert control.decode_answer(bytes([opcode, 0]) + bytes(answered)).status is Status.DONE
    with pytest.raises(InputError):
        control.decode_answer(bytes([opcode, 0]) + bytes(answered + 1))


def test_a_packet_in_parts() -> None:
    said, bytes_of_parts = example("A packet in parts")
    packet = bytes.fromhex(said["packet"])
    parts = list(log.split(said["log"], said["index"], packet, said["mtu"]))
    assert b"".join(parts) == bytes_of_parts
    assert [len(part) for part in parts] == [said["mtu"] - 3, 8 + len(packet) - 12]
    together = log.LogParts(said["log"])
    assert [together.add(part) for part in parts] == [None, (said["index"], packet)]
    assert log.crc([packet]) == said["crc32"]


DIALOGUE = [
    *tables("Control point")[2],
    *tables("Resending")[0],
    *tables("Log")[2],
]


@pytest.mark.parametrize("row", DIALOGUE, ids=lambda row: row[1])
def test_the_dialogue(row: list[str]) -> None:
    name, *asked = row[1].split()
    status, *told = row[3].split()
    command = Command(Opcode[name], tuple(map(float, asked)))
    answer = Answer(command.opcode, Status[status], tuple(map(float, told)))
    written, notified = bytes.fromhex(row[0]), bytes.fromhex(row[2])
    assert control.encode_command(command) == written
    assert control.decode_command(written) == command
    assert control.encode_answer(answer) == notified
    assert control.decode_answer(notified) == answer
