"""What is said to a sensor of another maker, to the last byte, as its maker's document has it.

Every number here is from the documents that the profiles name (Movesense GATT SensorData protocol;
Movella DOT BLE service specification, rev. C; WitMotion Bluetooth 5.0 protocol; Polar Measurement
Data specification; Bluetooth SIG Assigned Numbers), none from the code.
"""

import struct
from collections.abc import Sequence

import pytest
from dialogues import converse

from gait.model import GaitError, InputError, Packet, Reading, SensorInfo, Side
from gait.sensors import PROFILES, polar, profile
from gait.sensors.profile import Expect, Read, Request, Subscribe, Wanted, Write

WANTED = Wanted(name="it", address="AA", side=Side.LEFT)


def sig(short: int) -> str:
    """A number of the Bluetooth SIG as a whole UUID."""
    return f"0000{short:04x}-0000-1000-8000-00805f9b34fb"


def dot(short: int) -> str:
    return f"1517{short:04x}-4947-11e9-8646-d663bd873d93"


def wit(short: int) -> str:
    return f"0000{short:04x}-0000-1000-8000-00805f9a34fb"  # with a, not b


def pmd(short: int) -> str:
    return f"fb005c{short:02x}-02e7-f387-1cad-8acd2d8df0c8"


MOVESENSE = "34802252-7185-4d5d-b431-630e7050e8f0"
MOVESENSE_COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"
MOVESENSE_DATA = "34800002-7185-4d5d-b431-630e7050e8f0"
BATTERY_LEVEL = sig(0x2A19)


def said(requests: Sequence[Request]) -> list[tuple[str, str, str]]:
    """What is asked, of which characteristic, and the bytes that are written."""
    found = []
    for request in requests:
        assert isinstance(request, Read | Write | Subscribe | Expect)
        data = request.data.hex() if isinstance(request, Write) else ""
        found.append((type(request).__name__, request.uuid, data))
    return found


def held(name: str, *answers: bytes, rate_hz: float | None = None) -> tuple[list, SensorInfo]:
    wanted = Wanted(name="it", address="AA", side=Side.LEFT, rate_hz=rate_hz)
    asked, ready = converse(profile(name).set_up(wanted), answers)
    return said(asked), ready.info


@pytest.mark.parametrize(
    ("name", "services", "streams", "battery"),
    [
        ("movesense", [MOVESENSE], [MOVESENSE_DATA], BATTERY_LEVEL),
        ("movella_dot", [dot(0x1000)], [dot(0x2003)], dot(0x3001)),
        ("witmotion", [wit(0xFFE5)], [wit(0xFFE4)], BATTERY_LEVEL),
        ("polar", [], [pmd(0x82)], BATTERY_LEVEL),
        ("running_pod", [sig(0x1814)], [sig(0x2A53)], BATTERY_LEVEL),
    ],
)
def test_services_and_characteristics(name, services, streams, battery) -> None:
    kind = PROFILES[name]
    assert list(kind.services) == services
    assert list(kind.streams) == streams
    assert kind.battery_uuid == battery


def test_movesense() -> None:
    """A command is a code, a reference that is chosen here, and a path."""
    asked, info = held("movesense", b"\1\1Hello", rate_hz=104)
    assert asked == [
        ("Subscribe", MOVESENSE_DATA, ""),
        ("Write", MOVESENSE_COMMAND, "0263"),
        ("Write", MOVESENSE_COMMAND, "0001"),
        ("Expect", MOVESENSE_DATA, ""),
    ]
    asked, _ = converse(profile("movesense").start(info), [b"\1\x63" + struct.pack("<H", 200)])
    assert said(asked) == [
        ("Subscribe", MOVESENSE_DATA, ""),
        ("Write", MOVESENSE_COMMAND, "0163" + b"/Meas/IMU6/104".hex()),
        ("Expect", MOVESENSE_DATA, ""),
    ]
    assert said(converse(profile("movesense").stop())[0]) == [("Write", MOVESENSE_COMMAND, "0263")]


@pytest.mark.parametrize("rate_hz", [1, 4, 10, 12, 15, 20, 30, 60])
def test_movella_dot(rate_hz: int) -> None:
    """Table 8: bit 4 the output rate, bit 5 the filter; table 12: mode 21 is rate quantities."""
    about = bytes.fromhex("0102030405d4020301e7070509010203000000001234cd22d40000") + bytes(7)
    before = bytes(32)
    after = b"\x30" + bytes(23) + struct.pack("<HB", rate_hz, 1) + bytes(5)
    asked, info = held("movella_dot", about, before, after, rate_hz=rate_hz)
    assert asked == [
        ("Read", dot(0x1001), ""),
        ("Read", dot(0x1002), ""),
        ("Write", dot(0x1002), after.hex()),
        ("Read", dot(0x1002), ""),
    ]
    assert info.rate_hz == rate_hz
    asked, _ = converse(profile("movella_dot").start(info))
    assert said(asked) == [("Subscribe", dot(0x2003), ""), ("Write", dot(0x2001), "010115")]
    asked, _ = converse(profile("movella_dot").stop())
    assert said(asked) == [("Write", dot(0x2001), "010015")]


@pytest.mark.parametrize(
    ("rate_hz", "code"), [(10, 0x06), (20, 0x07), (50, 0x08), (100, 0x09), (200, 0x0B)]
)
def test_witmotion(rate_hz: int, code: int) -> None:
    """Registers: 03 rate, 1F bandwidth, 20 and 21 ranges; 27 reads eight from one on."""
    rate = b"\x55\x71" + struct.pack("<9H", 3, code, *[0] * 7)
    ranges = b"\x55\x71" + struct.pack("<9H", 0x1F, 0, 3, 3, *[0] * 5)
    asked, info = held("witmotion", rate, ranges, rate_hz=rate_hz)
    assert asked == [
        ("Subscribe", wit(0xFFE4), ""),
        ("Write", wit(0xFFE9), "ffaa6988b5"),
        ("Write", wit(0xFFE9), f"ffaa03{code:02x}00"),
        ("Write", wit(0xFFE9), "ffaa1f0000"),
        ("Write", wit(0xFFE9), "ffaa200300"),
        ("Write", wit(0xFFE9), "ffaa210300"),
        ("Write", wit(0xFFE9), "ffaa270300"),
        ("Expect", wit(0xFFE4), ""),
        ("Write", wit(0xFFE9), "ffaa271f00"),
        ("Expect", wit(0xFFE4), ""),
    ]
    assert (info.rate_hz, info.lowpass_hz) == (rate_hz, 256.0)
    assert (info.gyr_range_dps, info.acc_range_g) == (2000.0, 16.0)
    assert said(converse(profile("witmotion").start(info))[0]) == [("Subscribe", wit(0xFFE4), "")]


@pytest.mark.parametrize(
    ("code", "lowpass_hz"),
    [(0, 256.0), (1, 188.0), (2, 98.0), (3, 42.0), (4, 20.0), (5, 10.0), (6, 5.0)],
)
def test_witmotion_bandwidths_and_ranges(code: int, lowpass_hz: float) -> None:
    for number, (gyr_dps, acc_g) in enumerate(((250, 2), (500, 4), (1000, 8), (2000, 16))):
        rate = b"\x55\x71" + struct.pack("<9H", 3, 9, *[0] * 7)
        ranges = b"\x55\x71" + struct.pack("<9H", 0x1F, code, number, number, *[0] * 5)
        _, info = held("witmotion", rate, ranges)
        assert info.lowpass_hz == lowpass_hz
        assert (info.gyr_range_dps, info.acc_range_g) == (gyr_dps, acc_g)


def test_polar() -> None:
    """01 asks for the settings, 02 starts, 03 stops; 02 acceleration, 05 rotation, 09 SDK mode.

    Settings: 00 rate, 01 resolution, 02 range, 04 channels, each with a count of one.
    """
    offers = {2: "0001d000" + "01011000" + "02011000" + "040103"}
    offers[5] = "0001d000" + "01011000" + "0201d007" + "040103"
    start_acc, start_gyro = (f"02{kind:02x}{offers[kind]}" for kind in (2, 5))

    def answer(command: int, kind: int, settings: str = "") -> bytes:
        return bytes([0xF0, command, kind, 0, 0]) + bytes.fromhex(settings)

    factor = "0501" + struct.pack("<f", 0.07).hex()
    asked, info = held(
        "polar",
        *(answer(3, 2), answer(3, 5), answer(2, 9)),
        *(answer(1, 2, offers[2]), answer(1, 5, offers[5])),
        *(answer(2, 2), answer(2, 5, factor), answer(3, 5), answer(3, 2)),
    )
    written = ["0302", "0305", "0209", "0102", "0105", start_acc, start_gyro, "0305", "0302"]
    assert asked[0] == ("Subscribe", pmd(0x81), "")
    assert [one for one in asked if one[0] == "Write"] == [("Write", pmd(0x81), w) for w in written]
    assert {one[1] for one in asked} == {pmd(0x81)}
    assert (info.rate_hz, info.acc_range_g) == (208.0, 16.0)
    assert info.gyr_range_dps == pytest.approx(0.07 * 32768)
    asked, _ = converse(
        profile("polar").start(info),
        [
            *(answer(1, 2, offers[2]), answer(1, 5, offers[5])),
            *(answer(2, 2), answer(2, 5, factor)),
        ],
    )
    assert [one for one in said(asked) if one[0] != "Expect"] == [
        ("Write", pmd(0x81), "0102"),
        ("Write", pmd(0x81), "0105"),
        ("Subscribe", pmd(0x82), ""),
        ("Write", pmd(0x81), start_acc),
        ("Write", pmd(0x81), start_gyro),
    ]
    asked, _ = converse(profile("polar").stop(), [answer(3, 2), answer(3, 5)])
    assert [one[2] for one in said(asked) if one[0] == "Write"] == ["0302", "0305"]


@pytest.mark.parametrize(
    ("location", "mounting"), [(1, "laces"), (2, "insole"), (0, "unknown"), (5, "unknown")]
)
def test_running_pod(location: int, mounting: str) -> None:
    """Sensor location, 0x2A5D: 1 top of the shoe, 2 in the shoe, 0 other, 5 left crank."""
    asked, info = held("running_pod", bytes([location]))
    assert asked == [("Read", sig(0x2A5D), "")]
    assert info.mounting == mounting
    assert said(converse(profile("running_pod").start(info))[0]) == [("Subscribe", sig(0x2A53), "")]


@pytest.mark.parametrize("flags", range(8))
def test_running_pods_flags(flags: int) -> None:
    """Bit 0: stride length there, bit 1: total distance there, bit 2: running, else walking."""
    payload = bytes([flags]) + struct.pack("<HB", 3 * 256 + 64, 172)
    payload += struct.pack("<H", 113) if flags & 1 else b""
    payload += struct.pack("<I", 54321) if flags & 2 else b""
    reader = profile("running_pod").reader
    assert reader is not None
    reading = reader(Packet(0, 9.0, sig(0x2A53), payload))
    assert isinstance(reading, Reading)
    assert (reading.speed_m_s, reading.cadence_spm) == (3.25, 172.0)
    assert reading.stride_length_m == (1.13 if flags & 1 else None)
    assert reading.running == bool(flags & 4)
    if flags & 3:
        assert reader(Packet(0, 9.0, sig(0x2A53), payload[:-1])) is None


@pytest.mark.parametrize("name", ["polar", "witmotion"])
def test_an_answer_that_every_sensor_gives_is_waited_for(name: str) -> None:
    """Only the app of a Movesense may leave a command without an answer."""
    dialogue = profile(name).set_up(WANTED)
    request = next(dialogue)
    while not isinstance(request, Expect):
        request = dialogue.send(b"")
    assert not request.may_be_missing
    dialogue = profile("movesense").set_up(WANTED)
    request = next(dialogue)
    while not isinstance(request, Expect):
        request = dialogue.send(b"")
    assert request.may_be_missing


@pytest.mark.parametrize("error", [1, 5, 9, 13])
@pytest.mark.parametrize(("kind", "what"), [(2, "acceleration"), (5, "rotation")])
def test_polar_that_refuses_to_start_is_told_of(error: int, kind: int, what: str) -> None:
    """Error codes of the specification but 0, success, and 6, already in that state."""
    offers = {2: "0001d000" + "02011000", 5: "0001d000" + "0201d007"}

    def answer(command: int, of: int, code: int = 0, settings: str = "") -> bytes:
        return bytes([0xF0, command, of, code, 0]) + bytes.fromhex(settings)

    settings = "0501" + struct.pack("<f", 0.07).hex()
    answers = [answer(1, 2, 0, offers[2]), answer(1, 5, 0, offers[5])]
    answers += [answer(2, 2, 6), answer(2, 5, 0, settings)]
    info = SensorInfo(
        side=Side.LEFT, rate_hz=208.0, acc_range_g=16.0, gyr_range_dps=0.07 * 32768, profile="polar"
    )
    converse(profile("polar").start(info), answers)
    refused = [*answers[: 2 + (kind == 5)], answer(2, kind, error)]
    with pytest.raises(GaitError, match=rf"its {what} at 208 Hz \(error {error}\)"):
        converse(profile("polar").start(info), refused)


def test_a_sensor_that_does_not_know_its_foot_must_be_told() -> None:
    wanted = Wanted(name="it", address="AA")
    with pytest.raises(InputError, match="on which foot the sensor it is"):
        converse(profile("movesense").set_up(wanted), [b"\1\1Hello"])
    with pytest.raises(InputError, match="on which foot"):
        converse(profile("running_pod").set_up(wanted), [b"\1"])


@pytest.mark.parametrize(("frame_type", "width"), [(0, 1), (1, 2), (2, 3)])
def test_polar_has_8_16_and_24_bits_in_frames_that_are_not_compressed(frame_type, width) -> None:
    values = [[-1, 2, -128], [127, 0, 1]]
    data = b"".join(v.to_bytes(width, "little", signed=True) for row in values for v in row)
    assert polar.samples_of(frame_type, data).tolist() == values
