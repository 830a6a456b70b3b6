"""Other makers' sensors, emulated, and the real client: from the air to the summary."""

import struct

import msgspec
import numpy as np
import pytest
from peripherals import (
    Dot,
    Movesense,
    Pod,
    VeritySense,
    WitMotion,
    record_from,
    simulated,
    true_cadence,
)

from gait.ble import ShoeStream, scan
from gait.ble.platforms import MOST_PACKETS_PER_S
from gait.model import Connection, ConnectionEvent, Mark, Packet, SensorInfo, Side, UsageError
from gait.pipeline import Pipeline, Shoe, analyze_items, summarise
from gait.recording import SessionWriter, open_session
from gait.report.first_screen import first_screen
from gait.sensors import profile
from gait.virtual import VirtualAir


def samples_of(info: SensorInfo, items, block: int = 10**9):
    """All samples that the client's items give, decoded and timed in blocks."""
    shoe = Shoe(info)
    taken = []
    shoe.on_samples = taken.append
    packets = [item for item in items if isinstance(item, Packet)]
    for first in range(0, len(packets), block):
        shoe.packets(packets[first : first + block])
    assert shoe.clock is not None
    taken.append(shoe.clock.flush().samples)
    return {
        name: np.concatenate([getattr(part, name) for part in taken])
        for name in ("time_s", "acc", "gyr", "breaks")
    }, shoe


def cadence_of(info, items):
    summary = summarise(analyze_items([info], items), source="test")
    return summary, summary.measures["left"]["cadence_spm"].value


MAKERS = {
    "movesense": Movesense,
    "movesense, first app": lambda air, samples: Movesense(air, samples, answers=False),
    "dot": lambda air, samples: Dot(air, samples, first_us=2**32 - 5_000_000),
    "witmotion": WitMotion,
    "polar": VeritySense,
    "polar, of steps of its own": lambda air, samples: VeritySense(
        air, samples, acc_factor=0.00052, acc_step_g=0.00052, acc_frame_type=0x80
    ),
}
# rate; most that acc (m/s²) and gyr (rad/s) may be off by; most jitter of a time (s)
EXPECTED = {
    "movesense": (208.0, 1e-4, 1e-4, 0.001),
    "movesense, first app": (208.0, 1e-4, 1e-4, 0.001),
    "dot": (60.0, 1e-4, 1e-4, 1e-5),
    "witmotion": (100.0, 0.01, 0.002, 0.001),
    "polar": (208.0, 0.01, 1.0, 1e-4),
    "polar, of steps of its own": (208.0, 0.01, 1.0, 1e-4),
}


@pytest.mark.parametrize("maker", MAKERS)
async def test_from_the_air_to_the_summary(maker: str) -> None:
    rate_hz, acc_off, gyr_off, jitter_s = EXPECTED[maker]
    sent = simulated(rate_hz)
    async with VirtualAir(speed=None) as air, MAKERS[maker](air, sent) as sensor:
        info, items = await record_from(sensor)
    assert (info.side, info.rate_hz, info.name) == (Side.LEFT, rate_hz, sensor.name)
    got, shoe = samples_of(info, items)
    assert shoe.bad_packets == 0
    assert not got["breaks"].any()
    packets_per_s = profile(info.profile).packets_per_s
    assert packets_per_s is not None
    expected = packets_per_s(info, sensor.mtu)
    assert expected < MOST_PACKETS_PER_S
    sent_per_s = sum(isinstance(i, Packet) for i in items) / sent.time_s[-1]
    assert sent_per_s == pytest.approx(expected, rel=0.2)
    n = len(got["time_s"])
    assert n >= len(sent) - 40  # the last ones of Polar's accelerations wait for rotation
    # Polar's rotation begins half a period later; WitMotion's sends before anybody started it
    skipped = {"polar": 1, "witmotion": len(sent) - n}.get(maker.split(",", maxsplit=1)[0], 0)
    np.testing.assert_allclose(got["acc"], sent.acc[skipped : skipped + n], atol=acc_off)
    off = np.abs(got["gyr"] - sent.gyr[skipped : skipped + n])
    assert np.quantile(off, 0.99) <= gyr_off
    since = got["time_s"] - got["time_s"][0]
    assert np.abs(since - np.arange(n) / rate_hz).max() < jitter_s
    summary, cadence = cadence_of(info, items)
    if rate_hz > 100:
        assert cadence == pytest.approx(true_cadence(), abs=1.0)
    (note,) = summary.sensors
    assert set(shoe._cannot()) <= set(note.notes)
    assert note.packets_bad == 0


@pytest.mark.parametrize("maker", MAKERS)
async def test_blocks_of_any_size_give_the_same_samples(maker: str) -> None:
    sent = simulated(EXPECTED[maker][0])[:900]
    async with VirtualAir(speed=None) as air, MAKERS[maker](air, sent) as sensor:
        sensor.lose = [(1.2, 1.9)]
        info, items = await record_from(sensor)
    whole, _ = samples_of(info, items)
    assert whole["breaks"].sum() >= 1
    for block in (1, 7):
        parts, _ = samples_of(info, items, block)
        for name, values in whole.items():
            np.testing.assert_array_equal(values, parts[name], err_msg=name)


@pytest.mark.parametrize("maker", ["movesense", "dot", "witmotion", "polar"])
async def test_what_is_lost_on_the_way_leaves_a_gap_of_its_length(maker: str) -> None:
    rate_hz = EXPECTED[maker][0]
    sent = simulated(rate_hz)
    async with VirtualAir(speed=None) as air, MAKERS[maker](air, sent) as sensor:
        sensor.lose = [(6.0, 7.5)]
        info, items = await record_from(sensor)
    got, shoe = samples_of(info, items)
    longest = int(np.argmax(np.diff(got["time_s"]))) + 1
    assert got["breaks"][longest]
    assert np.diff(got["time_s"]).max() == pytest.approx(1.5, abs=0.35)
    assert got["time_s"][-1] - got["time_s"][0] == pytest.approx(sent.time_s[-1], abs=0.3)
    assert shoe.clock is not None
    assert shoe.clock.lost_s == pytest.approx(1.5, abs=0.45)


@pytest.mark.parametrize("maker", ["movesense", "dot", "witmotion", "polar"])
async def test_a_lost_sensor_is_set_up_and_started_again(maker: str) -> None:
    sent = simulated(EXPECTED[maker][0])
    async with VirtualAir(speed=None) as air, MAKERS[maker](air, sent) as sensor:
        sensor.breaks_at = 6.0
        info, items = await record_from(sensor)
    events = [item.event for item in items if isinstance(item, ConnectionEvent)]
    connected, lost, closed = Connection.CONNECTED, Connection.LOST, Connection.CLOSED
    assert events == [connected, lost, connected, closed]
    assert not [item for item in items if isinstance(item, Mark)]
    got, shoe = samples_of(info, items)
    assert shoe.bad_packets == 0
    assert (np.diff(got["time_s"]) > 0).all()
    assert len(sent) - 100 <= len(got["time_s"]) <= len(sent)


async def test_what_a_slow_sensor_cannot_show_is_said() -> None:
    async with VirtualAir(speed=None) as air, Dot(air, simulated(60.0)) as sensor:
        info, items = await record_from(sensor, rate_hz=120.0)
    assert sensor.modes == [bytes([1, 1, 21]), bytes([1, 0, 21])]
    (mark,) = [item for item in items if isinstance(item, Mark)]
    assert "60 Hz at most" in mark.text
    summary, _ = cadence_of(info, items)
    why = summary.measures["left"]["impact_g"].why_not or ""
    assert "samples a second; this sensor gives 60" in why
    assert any("smooths" in note for note in summary.sensors[0].notes)
    assert summary.sensors[0].battery_pct == 83
    assert (info.firmware, info.serial) == ("3.0.0", "D422CD001234")


async def test_a_verity_sense_without_sdk_mode_is_slow_and_says_so() -> None:
    sent = simulated(52.0)
    async with VirtualAir(speed=None) as air, VeritySense(air, sent, sdk_mode=False) as sensor:
        info, items = await record_from(sensor)
    assert (info.rate_hz, info.acc_range_g) == (52.0, 8.0)
    assert info.gyr_range_dps == pytest.approx(0.07 * 32768)
    (mark,) = [item for item in items if isinstance(item, Mark)]
    assert "no SDK mode" in mark.text


async def test_how_a_polar_scales_stays_in_the_session(tmp_path) -> None:
    """Decoded again from the file, it is what was sent; without what it said, it says that."""
    sent = simulated(208.0)[:900]
    kind = MAKERS["polar, of steps of its own"]
    async with VirtualAir(speed=None) as air, kind(air, sent) as sensor:
        info, items = await record_from(sensor)
    assert info.acc_factor == pytest.approx(0.00052)
    path = tmp_path / "polar.gait"
    with SessionWriter(path, started_at="2026-01-01T12:00:00+00:00", software="test") as writer:
        writer.add_sensor(info)
        for item in items:
            writer.write(item)
    session = open_session(path)
    got, shoe = samples_of(session.sensors[0], session.items())
    np.testing.assert_allclose(got["acc"], sent.acc[1 : 1 + len(got["acc"])], atol=0.01)
    assert not [note for note in shoe.note().notes if "scales" in note]
    untold = msgspec.structs.replace(info, acc_factor=None)
    _, shoe = samples_of(untold, items)
    assert [note for note in shoe.note().notes if "how its acceleration scales" in note]


async def test_a_witmotion_that_sends_otherwise_than_asked() -> None:
    async with VirtualAir(speed=None) as air, WitMotion(air, simulated(125.0)[:400], 10) as sensor:
        info, items = await record_from(sensor)
    assert info.rate_hz == 125.0
    (mark,) = [item for item in items if isinstance(item, Mark)]
    assert "sends at 125 Hz, not at the 100 Hz" in mark.text


@pytest.mark.parametrize("fixed", [False, True])
async def test_what_a_witmotion_smooths_is_measured_only_where_it_is_known(fixed: bool) -> None:
    sent = simulated(200.0)
    async with VirtualAir(speed=None) as air, WitMotion(air, sent, fixed=fixed) as sensor:
        info, items = await record_from(sensor, rate_hz=200.0)
    assert (info.rate_hz, info.lowpass_hz) == (200.0, 20.0 if fixed else 256.0)
    assert any("to send 200 a second" in i.text for i in items if isinstance(i, Mark))
    summary, _ = cadence_of(info, items)
    impact, contact = (summary.measures["left"][name] for name in ("impact_g", "contact_ms"))
    assert contact.value is not None
    assert (impact.value is None) == fixed
    if fixed:
        assert "smooths at 20 Hz" in (impact.why_not or "")


async def test_nobody_said_which_foot_it_is_on() -> None:
    async with VirtualAir(speed=None) as air, Dot(air, simulated(60.0)):
        (found,) = await scan(0.5, air.radio)
        assert found.side is None
        with pytest.raises(UsageError, match=r"Movella DOT does not know which foot .* --left"):
            async with ShoeStream([found], radio=air.radio):
                pass


def told(speed_m_s: float, cadence: int, running: bool = True) -> bytes:
    return struct.pack("<BHB", 4 if running else 0, round(speed_m_s * 256), cadence)


async def test_a_pod_gives_cadence_and_speed_of_its_own_and_nothing_else() -> None:
    measurements = [told(1.5, 110, running=False)] * 5 + [told(3.0, 168 + i % 5) for i in range(30)]
    async with VirtualAir(speed=None) as air, Pod(air, measurements) as sensor:
        info, items = await record_from(sensor)
    assert (info.mounting, info.has_gyroscope) == ("laces", False)
    assert len([i for i in items if isinstance(i, Packet)]) == 35
    events = [i.event for i in items if isinstance(i, ConnectionEvent)]
    assert events == [Connection.CONNECTED, Connection.CLOSED]
    summary, cadence = cadence_of(info, items)
    assert cadence == pytest.approx(170.0, abs=0.5)
    assert summary.duration_s == pytest.approx(34.0, abs=0.5)
    assert summary.activity_s["running"] == pytest.approx(29.0, abs=0.6)
    assert summary.activity_s["walking"] == pytest.approx(5.0, abs=0.6)
    mine = summary.measures["left"]
    assert mine["speed_m_s"].value == pytest.approx(3.0, abs=0.01)
    assert "Stride 42 itself says it" in (mine["cadence_spm"].note or "")
    assert mine["cadence_spm"].quality == "low"
    both = summary.measures["both"]
    assert both["cadence_spm"].value == cadence
    for name, measure in mine.items():
        if name not in ("cadence_spm", "speed_m_s"):
            assert measure.value is None, name
            assert "no motion" in (measure.why_not or ""), name
    assert any("running pod" in note for note in summary.sensors[0].notes)
    screen = first_screen(summary)
    assert "29 s, roughly 5:33 min/km, cadence 170." in screen.says
    assert "These are the sensor's own figures" in screen.says
    assert "Walking: 5 s." in screen.says
    assert not screen.numbers
    live = Pipeline([info])
    for item in items:
        live.feed([item])
    assert live.finish().shoes[Side.LEFT].readings == live.shoes[0].readings
