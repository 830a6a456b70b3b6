"""The virtual shoe against docs/protocol.md, by a plain bleak client."""

import asyncio
import struct

import numpy as np
import pytest
from plain_host import Terminal, plain_client
from shoes_on_air import noise, payloads, record_all, sensor

from gait.ble import scan
from gait.model import Side
from gait.sensors import shoegait
from gait.sensors.shoegait_control import Signal
from gait.virtual import VirtualAir, VirtualShoe


@pytest.fixture
async def air():
    async with VirtualAir() as air:
        yield air


async def test_control_point_dialogue(air):
    async with VirtualShoe(air, sensor(rate_hz=416.67), noise(8000), offset_us=1_000_000) as shoe:
        async with plain_client(air) as client:
            ask = (await Terminal(client).open()).ask
            assert await ask("03 61 51 00 00") == "03 03 c3 a2 00 00"  # 208.33 Hz: it has 416.67
            assert await ask("03 c3 a2 00 00") == "03 00 c3 a2 00 00"
            ranges = "80 3e 00 00 80 84 1e 00"
            assert await ask(f"04 {ranges}") == f"04 00 {ranges}"
            assert await ask("04 40 1f 00 00 80 84 1e 00") == f"04 03 {ranges}"  # 8 g
            assert await ask("06 01") == "06 00"
            assert await ask("06 02") == "06 00"
            assert await ask("06 07") == "06 03"
            assert await ask("05") == "05 00 40 42 0f 00"  # before the run: its first sample
            assert await ask("02") == "02 00"  # not streaming: nothing to do
            assert await ask("01") == "01 00"
            assert await ask("01") == "01 00"
            assert shoe.streaming
            assert (await ask("03 c3 a2 00 00")).startswith("03 04")
            await asyncio.sleep(0.1)
            later_us = struct.unpack("<I", bytes.fromhex(await ask("05"))[2:])[0]
            assert 1_090_000 < later_us < 2_000_000
            assert await ask("02") == "02 00"
            assert not shoe.streaming
            assert await ask("63") == "63 01"
            assert await ask("01 00") == "01 02"
            assert await ask("") == "00 02"
        assert shoe.identified == [Signal.BLINK, Signal.VIBRATE]


@pytest.mark.parametrize("mtu", [23, 247])
async def test_standard_services_and_info_at_any_mtu(air, mtu):
    async with (
        VirtualShoe(air, sensor(Side.RIGHT), noise(40), mtu=mtu, battery_pct=64),
        plain_client(air) as client,
    ):
        assert client.mtu_size == mtu
        assert await client.read_gatt_char("2a19") == bytes([64])
        assert await client.read_gatt_char("2a25") == b"SG-0043"
        assert await client.read_gatt_char("2a26") == b"1.2.3"
        info = await client.read_gatt_char(shoegait.INFO_UUID)
        head = bytes.fromhex("01 02 09 02 40 9c 00 00 80 3e 00 00 80 84 1e 00")  # 40000: 400 Hz
        assert bytes(info) == head + b"SG-0043".ljust(16, b"\0") + b"1.2.3".ljust(16, b"\0")


async def test_it_advertises_service_name_and_side(air):
    async with VirtualShoe(air, sensor(Side.RIGHT), noise(40)) as shoe:
        (found,) = await scan(5, air.radio, enough=1)
    assert (found.name, found.side) == ("shoegait R 0043", Side.RIGHT)
    assert found.address == shoe.address
    assert found.profile.services == (shoegait.SERVICE_UUID,)


async def test_a_drop_window_is_a_gap_in_the_sequence():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(2000), drop=[(1.0, 2.0)]) as shoe,
    ):
        (info,), items = await record_all(air, [shoe])
    frames = shoegait.decode(payloads(items), info)
    sent_s = (np.arange(shoe.packets_made) * 19 + 18) / 400  # when a packet is full
    sent_s[-1] = 1999 / 400
    kept = (sent_s < 1.0) | (sent_s >= 2.0)
    assert np.array_equal(frames.seq, np.flatnonzero(kept))
    assert not frames.lost_before.any()  # the shoe lost nothing, the air did


async def test_saturated_samples_are_flagged():
    samples = noise(100)
    samples.acc[50, 2] = 400.0  # of a range of 157 m/s²
    async with VirtualAir(speed=None) as air, VirtualShoe(air, sensor(), samples) as shoe:
        (info,), items = await record_all(air, [shoe])
    frames = shoegait.decode(payloads(items), info)
    assert np.flatnonzero(frames.clipped_acc).tolist() == [50]
    assert np.flatnonzero(frames.flags & shoegait.Flag.CLIPPED).tolist() == [50 // 19]
    assert frames.acc[50, 2] == pytest.approx(16 * 9.80665 * 32767 / 32768)


async def test_an_accelerometer_alone_sends_no_gyroscope():
    info = sensor(has_gyroscope=False, gyr_range_dps=None)
    samples = noise(400)
    async with VirtualAir(speed=None) as air, VirtualShoe(air, info, samples) as shoe:
        (said,), items = await record_all(air, [shoe])
    assert not said.has_gyroscope
    frames = shoegait.decode(payloads(items), said)
    assert np.isnan(frames.gyr).all()
    assert np.abs(frames.acc - samples.acc).max() <= 0.5 * 16 * 9.80665 / 32768 + 1e-9


async def test_samples_come_when_they_are_due():
    samples = noise(200)
    due_s = 1.5 * samples.time_s + 0.2  # the sensor's clock is slow, and the shoe sets off late
    async with VirtualAir(speed=2) as air, VirtualShoe(air, sensor(), samples, due_s=due_s) as shoe:
        _, items = await record_all(air, [shoe])
    packets = [item for item in items if hasattr(item, "payload")]
    assert packets[-1].host_s - packets[0].host_s == pytest.approx(due_s[-1] - due_s[18], abs=0.1)
