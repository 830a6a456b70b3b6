"""Other makers' sensors against bytes from their documents, open clients and real captures."""

import re
import struct
from contextlib import nullcontext

import numpy as np
import pytest
from dialogues import converse
from hypothesis import given, settings
from hypothesis import strategies as st
from peripherals.polar import compressed

from gait.model import GaitError, InputError, Packet, SensorInfo, Side
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.sensors import (
    PROFILES,
    movella_dot,
    movesense,
    polar,
    profile,
    recognised,
    running_pod,
    witmotion,
)
from gait.sensors.profile import Expect, Read, Subscribe, Wanted, Write

G = STANDARD_GRAVITY_M_S2
WANTED = Wanted(name="it", address="AA", side=Side.LEFT)


def info(kind: str, rate_hz: float, acc_range_g: float = 16.0, gyr: float = 2000.0) -> SensorInfo:
    return SensorInfo(
        side=Side.LEFT, rate_hz=rate_hz, acc_range_g=acc_range_g, gyr_range_dps=gyr, profile=kind
    )


def decoded(about: SensorInfo, *payloads: bytes, host_s: float = 0.0):
    kind = profile(about.profile)
    assert kind.decoder is not None
    packets = [Packet(0, host_s, kind.streams[0], payload) for payload in payloads]
    return kind.decoder(about).push(packets)


@pytest.mark.parametrize(
    ("name", "services", "kind"),
    [
        ("Movesense 204730000081", ["0000fe06-0000-1000-8000-00805f9b34fb"], "movesense"),
        ("Movella DOT", [], "movella_dot"),
        ("Xsens DOT", [], "movella_dot"),
        ("WT901BLE67", [], "witmotion"),
        ("", ["0000FFE5-0000-1000-8000-00805F9A34FB"], "witmotion"),
        ("Polar Sense 8FE8352A", ["0000180d-0000-1000-8000-00805f9b34fb"], "polar"),
        ("Polar H10 1234", ["0000180d-0000-1000-8000-00805f9b34fb"], None),
        ("Stride 42", ["00001814-0000-1000-8000-00805f9b34fb"], "running_pod"),
    ],
)
def test_who_it_is_is_told_from_what_it_advertises(name, services, kind):
    found = recognised(name, services)
    assert (found.name if found else None) == kind


def test_movesense_sample_of_an_open_clients_test() -> None:
    """github.com/noduslabs/movesense-nodejs-driver, test/parsers.test.js: one sample at 999 ms."""
    payload = struct.pack("<BBI6f", 2, 8, 999, 0.1, 0.2, 0.3, 1.1, 1.2, 1.3)
    frames = decoded(info("movesense", 104.0, 8.0), payload)
    assert frames.device_us.tolist() == [999_000]
    np.testing.assert_allclose(frames.acc, [[0.1, 0.2, 0.3]], rtol=1e-6)
    np.testing.assert_allclose(frames.gyr, np.array([[1.1, 1.2, 1.3]]) * RAD_PER_DEG, rtol=1e-6)


def test_movesense_blocks_over_two_notifications() -> None:
    """As the vendor's Python client reads them: all acc, then all gyr, over both parts."""
    acc = np.arange(24.0).reshape(8, 3)
    values = np.concatenate((acc.ravel(), 100 + acc.ravel())).astype("<f4").tobytes()
    whole = struct.pack("<BBI", 2, 99, 1000) + values
    first, second = whole[:155], b"\3\x63" + whole[155:]
    frames = decoded(info("movesense", 208.0, 8.0), b"\1\x63\xc8\0", first, second)
    assert not frames.bad
    assert frames.packet.tolist() == [2]
    np.testing.assert_array_equal(frames.acc, acc)
    np.testing.assert_allclose(frames.gyr, (100 + acc) * RAD_PER_DEG)
    torn = decoded(info("movesense", 208.0, 8.0), first, first, second, second)
    assert len(torn) == 8
    assert [i for i, _ in torn.bad] == [1, 3]


def test_movesense_is_asked_as_in_the_vendors_client() -> None:
    asked, ready = converse(movesense.set_up(WANTED), [b"\1\1Hello"])
    assert asked[0] == Subscribe(movesense.DATA_UUID)
    assert ready.info.rate_hz == 208.0
    asked, _ = converse(movesense.start(ready.info), [b"\1\x63\xc8\0"])
    assert Write(movesense.COMMAND_UUID, b"\1\x63/Meas/IMU6/208") in asked
    assert converse(movesense.stop())[0] == [Write(movesense.COMMAND_UUID, b"\2\x63")]
    with pytest.raises(GaitError, match="refused to send its motion at 208 Hz"):
        converse(movesense.start(ready.info), [b"\1\x63\x94\1"])  # 404
    with pytest.raises(InputError, match="GATT sensor data app"):
        converse(movesense.set_up(WANTED), [b""])


def test_dot_rate_quantities_after_tables_15_and_17() -> None:
    payload = struct.pack("<I6f", 1_000_000, 0.0, 0.0, 9.81, 90.0, -180.0, 0.5) + bytes(12)
    frames = decoded(info("movella_dot", 60.0), payload, payload[:27])
    assert frames.device_us.tolist() == [1_000_000]
    np.testing.assert_allclose(frames.acc, [[0.0, 0.0, 9.81]], rtol=1e-6)
    np.testing.assert_allclose(frames.gyr, np.array([[90.0, -180.0, 0.5]]) * RAD_PER_DEG, rtol=1e-6)
    assert [i for i, _ in frames.bad] == [1]


def test_dot_is_set_to_60_hz_and_the_dynamic_filter_and_keeps_its_tag() -> None:
    about = bytes.fromhex("0102030405d4020301e7070509010203000000001234cd22d40000") + bytes(7)
    before = bytes(7) + b"\x0bMovella DOT".ljust(17, b"\0") + b"\x1e\0\0" + bytes(5)
    after = b"\x30" + before[1:24] + b"\x3c\0\1" + bytes(5)
    asked, ready = converse(movella_dot.set_up(WANTED), [about, before, after])
    assert asked == [
        Read(movella_dot.INFO_UUID),
        Read(movella_dot.DEVICE_UUID),
        Write(movella_dot.DEVICE_UUID, after),
        Read(movella_dot.DEVICE_UUID),
    ]
    assert (ready.info.rate_hz, ready.info.firmware) == (60.0, "2.3.1")
    _, ready = converse(
        movella_dot.set_up(Wanted(name="it", address="", side=Side.LEFT, rate_hz=120.0)),
        [about, before, after],
    )
    assert ready.remarks == ("A DOT streams at 60 Hz at most, and that is used.",)
    asked, _ = converse(movella_dot.start(ready.info))
    assert asked == [
        Subscribe("15172003-4947-11e9-8646-d663bd873d93"),
        Write("15172001-4947-11e9-8646-d663bd873d93", bytes([1, 1, 21])),
    ]


def test_witmotion_frames_of_a_real_sensor() -> None:
    """github.com/obedier/vib, analyze_wt901_data.py: a WT901BLE68 that lies still, the last three
    bytes (of an angle) were not kept there."""
    still = bytes.fromhex("5561 35ff 59ff 0a08 0000 0000 0000 b9fc 000000".replace(" ", ""))
    moved = bytes.fromhex("5561 e403 ebf4 3f00 7c02 02ff 3300 52fe 000000".replace(" ", ""))
    still, moved = still.ljust(20, b"\0"), moved.ljust(20, b"\0")
    frames = decoded(info("witmotion", 10.0), still, moved + still)
    assert frames.count.tolist() == [1, 2]
    assert np.linalg.norm(frames.acc[0]) == pytest.approx(1.01 * G, rel=0.01)
    np.testing.assert_allclose(frames.acc[1] / G, np.array([996, -2837, 63]) / 2048)
    np.testing.assert_allclose(
        frames.gyr[1] / RAD_PER_DEG, np.array([636, -254, 51]) / 32768 * 2000
    )
    dated = decoded(info("witmotion", 10.0), still + bytes(8))
    np.testing.assert_array_equal(dated.acc, frames.acc[:1])


def test_witmotion_register_answers_of_the_document_are_no_samples() -> None:
    field = bytes.fromhex("5571 3a00 6801 6900 7a00 00000000000000000000".replace(" ", ""))
    frames = decoded(info("witmotion", 200.0), field, b"\x55", b"\x55\x61" + bytes(17))
    assert len(frames) == 0
    assert [i for i, _ in frames.bad] == [1, 2]


def registers(first: int, *values: int) -> bytes:
    return b"\x55\x71" + struct.pack("<9H", first, *values, *[0] * (8 - len(values)))


@pytest.mark.parametrize(("code", "rate_hz"), [(11, 200.0), (10, 125.0), (9, 100.0)])
def test_witmotion_believes_what_the_registers_hold(code: int, rate_hz: float) -> None:
    """FF AA 69 88 B5 unlocks, FF AA 03 09 00 asks for 100 Hz, 1F 00 for a low-pass of 256 Hz, 20
    and 21 for the widest ranges, FF AA 27 03 00 reads the rate back."""
    frame = b"\x55\x61" + bytes(18)
    answers = [frame, frame, registers(3, code), frame, registers(0x1F, 2, 3, 2)]
    asked, ready = converse(witmotion.set_up(WANTED), answers)
    assert [one.data.hex() for one in asked if isinstance(one, Write)] == [
        "ffaa6988b5",
        "ffaa030900",
        "ffaa1f0000",
        "ffaa200300",
        "ffaa210300",
        "ffaa270300",
        "ffaa271f00",
    ]
    assert ready.info.rate_hz == rate_hz
    assert len(ready.remarks) == (rate_hz != 100.0)
    assert (ready.info.lowpass_hz, ready.info.gyr_range_dps, ready.info.acc_range_g) == (
        98.0,
        2000.0,
        8.0,
    )


def test_witmotion_that_does_not_tell_its_low_pass_is_taken_to_smooth() -> None:
    frame = b"\x55\x61" + bytes(18)
    wanted = Wanted(name="it", address="AA", side=Side.LEFT, rate_hz=200)
    asked, ready = converse(witmotion.set_up(wanted), [registers(3, 11), *[frame] * 60])
    assert "ffaa030b00" in [one.data.hex() for one in asked if isinstance(one, Write)]
    assert ready.info.lowpass_hz == 20.0
    assert ready.info.sees_hz == 50.0
    assert "not measured" in ready.remarks[0]


def test_polar_reference_and_differences_of_the_sdks_tests() -> None:
    """polar-ble-sdk, AccDataTest and GyrDataTest: compressed type 1 and type 0."""
    acc = bytes.fromhex("F1FF1400F00306017B0F08")
    assert polar.samples_of(0x81, acc).tolist() == [[-15, 20, 1008], [-20, 17, 1008]]
    gyr = bytes.fromhex("EAFF08000D000301DF00")
    assert polar.samples_of(0x80, gyr).tolist() == [[-22, 8, 13], [-23, 11, 16]]
    raw = bytes.fromhex("F7FFFFFFE703F8FFFEFFE503")
    assert polar.samples_of(1, raw).tolist() == [[-9, -1, 999], [-8, -2, 997]]
    long = bytes.fromhex("7107F06A9E8D0A01BE5CBEBA")
    assert polar.samples_of(0x80, long)[1].tolist() == [1905 + 190, 27376 - 105, -29282 - 85]


REAL = bytes.fromhex(
    "0200416fc41245930a81ee021ffe82ff080a10da20d6a30bd9cbe7d6f6c4e6f1e1f3e0151afe281bf8372c2520"
    "1319110a2fed4fc07ef4e9bb6e800dc82fb03e14d1afb07f16c4cc2087340354128bff8d00c142fbe6d3dfb5e1"
    "91532fbef9ed43b03efddb9b903df503605f7bfad9dfae000b2464704012cccfbf04e4c533b038084180efc212"
    "ec178146fdfe5bb001f3d1d76f81ffcd7b0fc20136607f43d35f3f3f78cb06484eff000efc820551ab55e34a2d"
    "1d0c5fbde858734dbdeba06751020cc47041ca267fa0028919fe3f5f74e72244203f1566b0524d055ca41fbee9"
    "6800"
)


def test_polar_notification_of_a_real_verity_sense() -> None:
    """polar-ble-sdk issue 443: all 227 bytes, a reference and two blocks, of an arm that moves."""
    raw = polar.samples_of(REAL[9], REAL[10:])
    assert len(REAL) == 227
    assert len(raw) == 1 + 10 + 47
    assert raw[0].tolist() == [750, -481, -126]
    assert raw[1].tolist() == [750 + 16, -481 - 38, -126 + 32]
    size = np.linalg.norm(raw, axis=1)  # mg
    assert 400 < size.min() < np.median(size) < 1500
    frames = decoded(info("polar", 52.0, 8.0), REAL)
    assert len(frames) == 0  # it waits for the rotation
    assert not frames.bad


def test_polar_settings_of_the_sdks_tests_and_of_a_real_sensor() -> None:
    """BlePmdClientPmdSettingsTest; and bleakheart, pull request 11."""
    told = polar.settings_of(bytes.fromhex("0001340001011000 0204F500F401E803D007 040103"))
    assert told == {0: [52], 1: [16], 2: [245, 500, 1000, 2000], 4: [3]}
    assert polar.start_command(polar.ACC, 52, 8).hex() == "0202000134000101100002010800040103"
    with pytest.raises(InputError):
        polar.settings_of(b"\0\2\0")


# polar-ble-sdk: the specification's example of a frame, and one of a real sensor in issue 186; both
# were sent without a factor at ±8 g, and both lie still.
AT_REST = {"specification": (-48, 357, 4068), "issue 186": (-3698, -1095, -1228)}


@pytest.mark.parametrize("raw", AT_REST.values(), ids=AT_REST)
def test_polar_raw_steps_without_a_factor_are_the_range_over_16_bits(raw) -> None:
    step_g, note = polar.acc_step_g(0x80, info("polar", 52.0, 8.0))
    assert step_g * np.linalg.norm(raw) == pytest.approx(1.0, abs=0.02)
    assert "did not say" in note


def polar_answers(acc_factor: bytes, gyr_factor: bytes) -> list[bytes]:
    """To `set_up`, in its order: two stops, SDK mode, two offers, two starts, two stops."""
    rates = bytes.fromhex("0001d000")
    offers = [rates + bytes.fromhex(reach) for reach in ("02011000", "0201d007")]

    def answer(command: int, kind: int, settings: bytes = b"") -> bytes:
        return bytes([0xF0, command, kind, 0, 0]) + settings

    return [
        answer(3, 2),
        answer(3, 5),
        answer(2, 9),
        answer(1, 2, offers[0]),
        answer(1, 5, offers[1]),
        answer(2, 2, acc_factor),
        answer(2, 5, gyr_factor),
        answer(3, 5),
        answer(3, 2),
    ]


def factor(value: float) -> bytes:
    return b"\5\1" + struct.pack("<f", value)


@pytest.mark.parametrize(
    ("told", "kept", "frame_type", "step_g"),
    [
        (None, None, 0x81, 0.001),  # as real ones do
        (1.0, 1.0, 0x81, 0.001),
        (0.488, 0.488, 0x81, 0.000488),
        (0.000488, 0.000488, 0x80, 0.000488),  # the chip's own figure
        (0.00052, 0.00052, 0x80, 0.00052),
        (0.000488, 0.000488, 0x01, 0.001),  # frames that are not compressed have no factor
    ],
)
def test_polar_scales_accelerations_as_it_says(told, kept, frame_type, step_g) -> None:
    """As AccData.kt: type 0 is in g a step, type 1 in mg."""
    answers = polar_answers(b"" if told is None else factor(told), factor(0.07))
    _, ready = converse(polar.set_up(WANTED), answers)
    assert ready.remarks == ()
    assert ready.info.acc_factor == (None if kept is None else pytest.approx(kept))
    found, note = polar.acc_step_g(frame_type, ready.info)
    assert found == pytest.approx(step_g)
    assert not note


@pytest.mark.parametrize("absurd", [0.0, -1.0, float("nan"), float("inf"), 1e-9, 0.01, 37.0])
def test_polar_factor_that_cannot_be_is_told_and_not_used(absurd: float) -> None:
    _, ready = converse(polar.set_up(WANTED), polar_answers(factor(absurd), factor(0.07)))
    assert ready.info.acc_factor is None
    assert "cannot be" in ready.remarks[0]
    assert polar.acc_step_g(0x81, ready.info) == (0.001, "")
    step_g, note = polar.acc_step_g(0x80, ready.info)
    assert step_g == 16.0 / 32768
    assert note
    with pytest.raises(InputError, match="does not say how its gyroscope scales"):
        converse(polar.set_up(WANTED), polar_answers(factor(1.0), factor(absurd)))


@pytest.mark.parametrize(("told", "frame_type"), [(1.0, 0x80), (0.00052, 0x81)])
def test_polar_factor_that_does_not_fit_its_frames_is_said(told: float, frame_type: int) -> None:
    _, ready = converse(polar.set_up(WANTED), polar_answers(factor(told), factor(0.07)))
    raw = compressed(np.array([[0, 0, 1000], [0, 0, 1001]]))
    payload = struct.pack("<BQB", 2, 10**9, frame_type) + raw
    decoder = polar.Decoder(ready.info)
    decoder.push([Packet(0, 0.0, polar.DATA_UUID, payload)] * 2)
    (note,) = decoder.notes
    assert "may be off" in note


def test_polar_that_scales_otherwise_later_is_refused() -> None:
    _, ready = converse(polar.set_up(WANTED), polar_answers(factor(0.000488), factor(0.07)))
    again = polar_answers(factor(0.000488), factor(0.07))[3:7]
    asked, _ = converse(polar.start(ready.info), again)
    assert Write(polar.CONTROL_UUID, polar.start_command(polar.ACC, 208, 16)) in asked
    with pytest.raises(GaitError, match="scales otherwise"):
        converse(polar.start(ready.info), polar_answers(factor(0.000244), factor(0.07))[3:7])
    with pytest.raises(GaitError, match="scales otherwise"):
        converse(polar.start(ready.info), polar_answers(factor(0.000488), factor(0.035))[3:7])


@given(st.lists(st.tuples(*[st.integers(-9000, 9000)] * 3), min_size=1, max_size=40))
@settings(max_examples=50, deadline=None)
def test_polar_differences_both_ways(values) -> None:
    raw = np.array(values, np.int64)
    np.testing.assert_array_equal(polar.samples_of(0x81, compressed(raw)), raw)


@given(st.lists(st.binary(max_size=60), max_size=6), st.sampled_from(sorted(PROFILES)))
@settings(max_examples=150, deadline=None)
def test_hostile_bytes_are_reported_and_never_raised(payloads, name) -> None:
    kind = profile(name)
    if kind.decoder is None:
        return
    frames = decoded(info(name, 104.0), *payloads, *(b"\2" * 9 + b"\x81" + p for p in payloads))
    assert len(frames) == frames.count.sum()
    assert all(sentence.endswith(".") for _, sentence in frames.bad)


HALF_A_SAMPLE = b"\2\x63" + bytes(4 + 12)  # kind, reference, uint32 ms, and three floats of six


@pytest.mark.parametrize(
    ("name", "payloads", "bad"),
    [
        ("movesense", [b"\5\x63" + bytes(28)], {0: "neither data nor"}),
        ("movesense", [b"\3\x63" + bytes(12)], {0: "neither data nor"}),
        ("movesense", [b"\2\x63" + bytes(4)], {0: "neither data nor"}),
        ("movesense", [HALF_A_SAMPLE, b"\3\x63" + bytes(11)], {1: "no whole number"}),
        ("movesense", [HALF_A_SAMPLE, b"\2\x63" + bytes(28)], {1: "second part .* missing"}),
        ("movesense", [HALF_A_SAMPLE, b"\3\x63" + bytes(12)], {}),
        ("movesense", [b"\1\x63" + bytes(2)], {}),
        ("movella_dot", [bytes(10)], {0: "10 bytes"}),
        ("witmotion", [b"\x55\x61" + bytes(17)], {0: "5561… is no frame"}),
        ("witmotion", [b""], {0: "no frame"}),
        ("witmotion", [b"\x55\x61" + bytes(18), b"\x55\x60" + bytes(18)], {1: "5560… is no"}),
    ],
)
def test_why_a_notification_is_bad(name: str, payloads: list[bytes], bad: dict[int, str]) -> None:
    found = dict(decoded(info(name, 104.0), *payloads).bad)
    assert found.keys() == bad.keys()
    for i, why in bad.items():
        assert re.search(why, found[i])


@pytest.mark.parametrize("rate_hz", [13, 26, 52, 104, 208, 416])
def test_movesense_has_the_rates_of_the_makers_api(rate_hz: int) -> None:
    wanted = Wanted(name="Movesense 174430000051", address="AA", side=Side.LEFT, rate_hz=rate_hz)
    _, ready = converse(movesense.set_up(wanted), [b"\1\1Hello"])
    assert (ready.info.rate_hz, ready.remarks) == (rate_hz, ())
    assert (ready.info.acc_range_g, ready.info.gyr_range_dps) == (8.0, 2000.0)
    assert ready.info.serial == "174430000051"


def test_movesense_at_a_rate_it_has_not_sends_208_and_says_so() -> None:
    wanted = Wanted(name="it", address="AA", side=Side.LEFT, rate_hz=100)
    _, ready = converse(movesense.set_up(wanted), [b"\1\1Hello"])
    assert ready.info.rate_hz == 208.0
    assert "13, 26, 52, 104, 208, 416 Hz and not 100" in ready.remarks[0]


@pytest.mark.parametrize(
    ("status", "refused"), [(200, False), (399, False), (400, True), (503, True)]
)
def test_movesense_refuses_with_the_numbers_of_http(status: int, refused: bool) -> None:
    answer = b"\1\x63" + struct.pack("<H", status)
    said = pytest.raises(GaitError, match="at 104 Hz") if refused else nullcontext()
    with said:
        converse(movesense.start(info("movesense", 104.0)), [answer])


def test_witmotion_may_answer_with_the_one_register_alone() -> None:
    rate = b"\x55\x71" + struct.pack("<2H", 3, 9)
    _, ready = converse(witmotion.set_up(WANTED), [rate, registers(0x1F, 0, 3, 3)])
    assert ready.info.rate_hz == 100.0


def test_running_speed_and_cadence_of_an_open_clients_tests() -> None:
    """github.com/RonanB96/bluetooth-sig-python, test_rsc_measurement: 2.5 m/s, 180 steps/min."""
    basic = running_pod.read(Packet(0, 3.0, "", bytes.fromhex("008002b4")))
    assert basic is not None
    assert (basic.speed_m_s, basic.cadence_spm, basic.running) == (2.5, 180.0, False)
    full = running_pod.read(Packet(0, 3.0, "", bytes.fromhex("078002b46e0010270000")))
    assert full is not None
    assert (full.stride_length_m, full.running) == (1.1, True)
    assert running_pod.read(Packet(0, 3.0, "", bytes.fromhex("078002b46e00"))) is None
    assert running_pod.read(Packet(0, 3.0, "", b"")) is None


def test_what_each_expects_is_asked_for_only_with_a_side() -> None:
    for kind in PROFILES.values():
        if not kind.knows_side:
            assert kind.cannot
            assert all(not said.endswith(".") for said in kind.cannot)
    asked, ready = converse(running_pod.set_up(WANTED), [b"\1"])
    assert asked == [Read(running_pod.LOCATION_UUID, may_be_missing=True)]
    assert ready.info.mounting == "laces"
    assert Expect("x").seconds == 5.0
