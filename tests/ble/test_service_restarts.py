"""BlueZ ends and comes back, is switched off and on, and forgets: on a real D-Bus."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from bluetoothd import Bluetoothd, bluetoothd
from gathering import Gathered
from mock_bluez import bus

from gait.ble import FoundSensor, ShoeStream, listening, scan
from gait.ble.radio import radio_of
from gait.ble.stream import SERVICE_GONE
from gait.model import (
    BatteryReading,
    Connection,
    GaitError,
    Mark,
    SessionItem,
    Side,
)

if sys.platform == "linux":
    from bleak.backends.bluezdbus import version

BACK_S = 10.0


@pytest.fixture(autouse=True)
def no_bluetoothctl(monkeypatch) -> None:
    monkeypatch.setattr(version.BlueZFeatures, "checked_bluez_version", True)


@asynccontextmanager
async def streaming_from_bluez(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **kind: Any
) -> AsyncIterator[tuple[Bluetoothd, Gathered]]:
    """A stream from the pod, once it sends."""
    async with (
        bus(tmp_path, monkeypatch) as address,
        bluetoothd(address, **kind) as daemon,
        ShoeStream([await the_pod()]) as stream,
    ):
        got = Gathered(stream)
        await got.packets()
        yield daemon, got


async def the_pod() -> FoundSensor:
    (found,) = await scan(5, enough=1, worn={Side.LEFT: "Stride 42"})
    return found


CONNECTED, LOST = Connection.CONNECTED, Connection.LOST


async def killed(daemon: Bluetoothd) -> None:
    await daemon.end()


async def switched_off(daemon: Bluetoothd) -> None:
    daemon.power(on=False)


async def back(daemon: Bluetoothd) -> None:
    if daemon.powered:
        await daemon.start()
    else:
        daemon.power(on=True)


@pytest.mark.parametrize(
    ("goes", "away_s", "said"),
    [(killed, 0.0, SERVICE_GONE), (killed, 0.5, SERVICE_GONE), (switched_off, 0.5, "out of reach")],
)
async def test_bluetooth_that_goes_and_comes_back(tmp_path, monkeypatch, goes, said, away_s):
    async with streaming_from_bluez(tmp_path, monkeypatch) as (daemon, got):
        await goes(daemon)
        await got.until(lambda _: LOST in got.events, 1.0)
        await asyncio.sleep(away_s)
        await back(daemon)
        await got.packets()
        assert got.events == [CONNECTED, LOST, CONNECTED]
        assert said in got.reasons()[0]


async def test_a_sensor_that_stops_sending_while_bluez_says_it_is_connected(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.ble.link.READINGS_SILENT_S", 0.75)
    monkeypatch.setattr("gait.ble.link.AGAIN_S", 0.5)
    async with streaming_from_bluez(tmp_path, monkeypatch) as (daemon, got):
        daemon.silent = True
        await got.until(lambda _: LOST in got.events, 4.0)
        await asyncio.sleep(1.2)  # it is connected and silent again and again
        assert got.events == [CONNECTED, LOST]
        daemon.silent = False
        await got.packets()
        assert got.events == [CONNECTED, LOST, CONNECTED]
        assert "sent nothing" in got.reasons()[0]
        assert daemon.called.count("Disconnect") >= 1


async def test_a_bluez_that_hangs_and_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.ble.link.READINGS_SILENT_S", 0.75)
    monkeypatch.setattr("gait.ble.link.AGAIN_S", 0.5)
    monkeypatch.setattr("gait.ble.reconnect.CLOSE_S", 0.5)
    monkeypatch.setattr("gait.ble.reconnect.FIND_S", 0.5)
    monkeypatch.setattr("gait.ble.radio.HUNG_S", 0.5)
    async with streaming_from_bluez(tmp_path, monkeypatch) as (daemon, got):
        daemon.hung = True
        await got.until(lambda _: LOST in got.events, 4.0)
        await asyncio.sleep(1.0)
        daemon.go_on()
        await got.packets(seconds=BACK_S)
        assert got.events == [CONNECTED, LOST, CONNECTED]


async def test_a_scan_hears_again_after_bluetooth_came_back(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["gait.ble.listening"], "QUIET_S", 1.0)
    async with (
        bus(tmp_path, monkeypatch) as address,
        bluetoothd(address) as daemon,
        listening() as heard,
    ):
        assert await heard.until(bool, 3.0)
        for away in (killed, switched_off):
            await away(daemon)
            heard.sensors.clear()
            await asyncio.sleep(0.5)
            await back(daemon)
            assert await heard.until(bool, BACK_S)


async def test_the_battery_that_an_older_bluez_hides(tmp_path, monkeypatch):
    async with streaming_from_bluez(tmp_path, monkeypatch, battery_pct=83) as (daemon, got):
        daemon.tell_battery(82)
        await got.until(lambda items: len(levels(items)) == 2, 2.0)
        assert levels(got.items) == [83, 82]


async def test_a_sensor_without_a_battery_level_has_none(tmp_path, monkeypatch):
    async with streaming_from_bluez(tmp_path, monkeypatch) as (_, got):
        assert not [item for item in got.items if isinstance(item, BatteryReading | Mark)]


async def test_a_table_of_services_from_before_an_update_is_forgotten(tmp_path, monkeypatch):
    async with streaming_from_bluez(tmp_path, monkeypatch, stale=True) as (daemon, _):
        assert daemon.called.count("RemoveDevice") == 1


async def test_a_sensor_that_lacks_a_part_for_good_is_told(tmp_path, monkeypatch):
    async with bus(tmp_path, monkeypatch) as address, bluetoothd(address, stale=True) as daemon:
        daemon.forgets = False
        with pytest.raises(GaitError, match="update its firmware"):
            async with ShoeStream([await the_pod()]):
                pass


async def test_the_adapter_that_is_named_is_used(tmp_path, monkeypatch):
    async with bus(tmp_path, monkeypatch) as address, bluetoothd(address):
        (found,) = await scan(5, radio_of("hci0"), enough=1, worn={Side.LEFT: "Stride 42"})
        async with ShoeStream([found], radio=radio_of("hci0")) as stream:
            await Gathered(stream).packets()
        with pytest.raises(GaitError, match="no Bluetooth adapter hci7; `bluetoothctl list`"):
            await scan(0.1, radio_of("hci7"))


def levels(items: list[SessionItem]) -> list[int]:
    return [item.percent for item in items if isinstance(item, BatteryReading)]
