"""A virtual shoe of version 2, against the chapter "Pairing": whom it serves, and how it hides."""

import asyncio

import numpy as np
import pytest
from bleak.exc import BleakError
from bumble.core import AdvertisingData
from bumble.hci import Address
from plain_host import plain_client, plain_host
from shoes_on_air import noise, payloads, record_all, sensor

from gait.ble import scan
from gait.cli.simulate import SimulateOptions, virtual_feet
from gait.model import BatteryReading, Connection, ConnectionEvent, Exchange, Packet, Side
from gait.sensors import recognised, running_pod, shoegait
from gait.sensors.profile import DeviceTime
from gait.sensors.shoegait_control import Command, Opcode, Status, encode_command
from gait.sensors.shoegait_info import Feature, features, version
from gait.sensors.shoegait_profile import told
from gait.virtual import Bonds, Flash, VirtualAir, VirtualShoe
from gait.virtual.bonds import WINDOW_S
from gait.virtual.peripheral import ADDRESS_S, advertisement

DEVICE_NAME = "00002a00-0000-1000-8000-00805f9b34fb"


async def test_commands_are_taken_over_an_encrypted_link_alone_and_what_it_is_can_be_read():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(40), bonds=Bonds(), flash=Flash()) as shoe,
        plain_client(air) as host,
    ):
        info = await host.read_gatt_char(shoegait.INFO_UUID)
        assert version(info) == 2
        assert Feature.BONDS in features(info)
        await host.start_notify(shoegait.STREAM_UUID, lambda *_: None)
        for opcode in (Opcode.START, Opcode.STOP, Opcode.QUERY_TIME):
            with pytest.raises(BleakError):
                await host.write_gatt_char(
                    shoegait.CONTROL_UUID, encode_command(Command(opcode)), response=True
                )
        assert not shoe.streaming
        await host.pair()
        await host.write_gatt_char(
            shoegait.CONTROL_UUID, encode_command(Command(Opcode.START)), response=True
        )
        assert shoe.streaming


async def test_nobody_can_give_it_another_name():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(40), bonds=Bonds()),
        plain_client(air) as host,
    ):
        await host.pair()
        named = host.services.get_characteristic(DEVICE_NAME)
        assert named is not None
        assert not {"write", "write-without-response"} & set(named.properties)


async def pairs(air: VirtualAir) -> bool:
    """Whether a host that has no keys can pair now."""
    await air.keys.delete_all()
    async with plain_client(air) as host:
        try:
            await host.pair()
        except BleakError:
            return False
        return True


async def test_hosts_pair_after_power_on_three_taps_or_on_a_cable_and_else_not(monkeypatch):
    bonds, later_s = Bonds(), 0.0
    async with VirtualAir() as air:
        clock = air.clock
        monkeypatch.setattr(air, "clock", lambda: clock() + later_s)
        async with VirtualShoe(air, sensor(), noise(40), bonds=bonds) as shoe:
            assert await pairs(air)
            later_s += WINDOW_S
            assert not await pairs(air)  # also one that it knows, and that lost its keys
            bonds.usb_power = True
            assert await pairs(air)
            bonds.usb_power = False
            assert not await pairs(air)
            await shoe.presence.tap_three_times()
            assert await pairs(air)
            assert bonds.hosts
            bonds.usb_power = True
            await shoe.presence.tap_three_times()
            assert not bonds.hosts


async def test_a_host_that_is_paired_comes_back_long_after_the_window():
    keys, bonds = None, Bonds()
    for window_s in (WINDOW_S, 0.0):
        bonds.window_s = window_s
        async with (
            VirtualAir(speed=None, keys=keys) as air,
            VirtualShoe(air, sensor(), noise(400), bonds=bonds) as shoe,
        ):
            _, items = await record_all(air, [shoe])
            keys = air.keys
        assert len(payloads(items)) == shoe.packets_made


async def test_a_link_that_nobody_encrypts_does_not_keep_others_away():
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(), noise(40), bonds=Bonds(), unencrypted_s=0.3) as shoe,
    ):
        async with plain_client(air) as host, asyncio.timeout(5):
            await host.read_gatt_char(shoegait.INFO_UUID)
            while host.is_connected:  # noqa: ASYNC110 - of bleak
                await asyncio.sleep(0.02)
        async with plain_client(air) as host:
            await host.pair()
            await asyncio.sleep(0.6)
            assert host.is_connected
        assert shoe.version == 2


async def test_an_older_shoe_keeps_a_link_that_nobody_encrypts():
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(), noise(40), unencrypted_s=0.1) as shoe,
        plain_host(air) as host,
    ):
        await asyncio.sleep(0.3)
        assert (await host.ask(Opcode.QUERY_TIME)).values == (0,)
        assert shoe.version == 1


async def test_its_address_changes_and_tells_strangers_nothing(monkeypatch):
    seen: list[str] = []
    bonds, later_s = Bonds(), 0.0
    async with VirtualAir() as air:
        clock = air.clock
        monkeypatch.setattr(air, "clock", lambda: clock() + later_s)
        async with VirtualShoe(air, sensor(), noise(40), bonds=bonds) as shoe:
            for _ in range(2):
                (found,) = await scan(5, air.radio, enough=1)
                seen.append(found.address)
                assert Address(found.address).is_resolvable
                later_s += ADDRESS_S
                async with plain_client(air):  # a link lasts, and it advertises anew after it
                    pass
                async with asyncio.timeout(5):
                    while shoe.presence.advertised_address == seen[-1]:  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
            assert shoe.address not in seen
    assert len(set(seen)) == 2


async def test_a_paired_host_finds_it_again_whatever_its_address_is_now(monkeypatch):
    later_s = 0.0
    async with VirtualAir(speed=4) as air:
        clock = air.clock
        monkeypatch.setattr(air, "clock", lambda: clock() + later_s)
        async with VirtualShoe(
            air, sensor(), noise(2400), bonds=Bonds(), disconnect_at=[1.0, 3.0]
        ) as shoe:
            before = shoe.presence.advertised_address
            monkeypatch.setattr("gait.virtual.peripheral.ADDRESS_S", 0.0)
            (info,), items = await record_all(air, [shoe])
            assert shoe.presence.advertised_address != before
            (found,) = await scan(5, air.radio, enough=1)
            assert found.address == info.address == shoe.address
    connected = [
        i for i in items if isinstance(i, ConnectionEvent) and i.event is Connection.CONNECTED
    ]
    assert len(connected) == 3


async def test_the_battery_comes_with_its_time():
    async with (
        VirtualAir(speed=4) as air,
        VirtualShoe(
            air, sensor(), noise(2400), bonds=Bonds(), battery_pct=50, battery_s_per_pct=0.5
        ) as shoe,
    ):
        shoe._tell_battery = nothing  # as where the battery service is not to be had
        _, items = await record_all(air, [shoe])
    levels = [item.percent for item in items if isinstance(item, BatteryReading)]
    answers = [told(item) for item in items if isinstance(item, Exchange)]
    times = [answer for answer in answers if isinstance(answer, DeviceTime)]
    assert levels == sorted(set(levels), reverse=True)
    assert len(levels) > 1
    assert times[-1].battery_pct == levels[-1]


async def nothing() -> None:
    """Instead of a notification."""


@pytest.mark.parametrize("mtu", [23, 65])
async def test_a_stream_that_starts_during_a_log_begins_with_what_fits_the_link(mtu):
    samples = noise(1200)
    async with (
        VirtualAir(speed=1.0) as air,
        VirtualShoe(air, sensor(), samples, mtu=mtu, flash=Flash(), ring_s=9.0) as shoe,
        plain_host(air) as host,
    ):
        await host.ask(Opcode.LOG_START, 1)
        await asyncio.sleep(0.07)  # in the middle of a packet that is made for a longer MTU
        assert (await host.ask(Opcode.START)).status is Status.DONE
        await host.wait_for(lambda: len(host.came) >= 5)
        assert shoe.device_s < 1.0
        frames = shoegait.decode(host.came, sensor())
    assert not frames.bad
    assert set(frames.count.tolist()) == {shoegait.samples_per_packet(mtu)}


async def test_what_it_lacks_it_does_not_know_however_it_is_asked():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(40)),
        plain_host(air) as host,
    ):
        for opcode in (Opcode.RESEND, *range(Opcode.LOG_START, Opcode.LOG_ROOM + 1)):
            for rest in (b"", b"\1", bytes(19)):
                answer = await host.write(bytes([opcode]) + rest)
                assert answer == bytes([opcode, Status.UNKNOWN_OPCODE])


async def test_a_watch_reads_cadence_and_speed_once_it_is_paired():
    foot = virtual_feet(SimulateOptions("easy_run", seconds=20.0))[Side.LEFT]
    came: list[bytes] = []
    async with (
        VirtualAir(speed=4.0) as air,
        VirtualShoe(air, foot.info, foot.samples, due_s=foot.taken_s, bonds=Bonds()) as shoe,
        plain_client(air) as watch,
    ):
        assert running_pod.SERVICE_UUID in {service.uuid for service in watch.services}
        feature = await watch.read_gatt_char("00002a54-0000-1000-8000-00805f9b34fb")
        assert bytes(feature) == b"\4\0"
        assert (await watch.read_gatt_char(running_pod.LOCATION_UUID))[0] in (0, 1, 2)

        async def subscribe() -> None:
            await watch.start_notify(
                running_pod.MEASUREMENT_UUID, lambda _, data: came.append(bytes(data))
            )

        with pytest.raises(BleakError):
            await subscribe()
        assert not shoe.sampling
        await watch.pair()
        await subscribe()
        async with asyncio.timeout(20):
            await shoe.finished.wait()
    readings = [running_pod.read(Packet(0, 0.0, running_pod.MEASUREMENT_UUID, b)) for b in came]
    told = [r for r in readings if r is not None and r.speed_m_s]
    assert len(told) >= 10
    assert not [b for b in came if len(b) != 4]
    assert all(r.running for r in told)
    cadence = np.median([r.cadence_spm or 0.0 for r in told])
    speed = np.median([r.speed_m_s or 0.0 for r in told])
    assert abs(cadence - 120.0 / np.median(foot.truth["stride_s"])) < 1.5
    assert abs(speed / np.median(foot.truth["speed_m_s"]) - 1.0) < 0.06


def test_a_shoe_with_a_pace_is_still_known_by_its_own_service():
    said = advertisement(sensor(), pace=True)
    found = AdvertisingData.from_bytes(said)
    (short,) = found.get_all(AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS)
    assert [uuid.to_hex_str() for uuid in short] == ["1814"]
    kind = recognised("shoegait L 0042", [shoegait.SERVICE_UUID, running_pod.SERVICE_UUID])
    assert kind is not None
    assert kind.name == "shoegait"
