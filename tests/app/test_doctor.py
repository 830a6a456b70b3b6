"""`gait doctor`: what it says of shoes, and of what stands in their way."""

import asyncio
import threading
from types import SimpleNamespace

from shoes_on_air import noise, sensor
from test_known_shoes import shoe

from gait.app import doctor
from gait.app.known import KnownShoes
from gait.ble.bluez import connected_here, connected_of
from gait.model import Side
from gait.virtual import VirtualAir, VirtualShoe


async def test_each_known_shoe_is_near_taken_or_not_heard(tmp_path, monkeypatch):
    known = KnownShoes(tmp_path / "known.json")
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(40)) as near:
        known.remember(
            [
                shoe(Side.LEFT, near.address, name="near shoe"),
                shoe(Side.RIGHT, "AA:02", name="taken shoe"),
                shoe(Side.RIGHT, "AA:03", name="lost shoe", battery_pct=None),
            ]
        )

        async def taken():
            return {"aa:02"}

        monkeypatch.setattr(doctor, "connected_here", taken)
        heard, connected = await doctor._look(air.radio, 0.4)
    findings = {s.label: doctor._shoe(s, heard, connected) for s in known.all()}
    assert findings["near shoe"].works
    assert "near (" in findings["near shoe"].said
    assert "firmware 1.2.3, battery 80 % when last recorded" in findings["near shoe"].said
    assert not findings["taken shoe"].works
    assert "`bluetoothctl disconnect AA:02`" in findings["taken shoe"].said
    assert not findings["lost shoe"].works
    assert "connected elsewhere" in findings["lost shoe"].said


def test_the_file_of_known_shoes_is_looked_at(tmp_path):
    path = tmp_path / "known.json"
    (nothing,) = doctor.shoe_findings(KnownShoes(path), bluetooth=False)
    assert nothing.works
    assert "none yet" in nothing.said
    path.write_text("broken")
    (broken,) = doctor.shoe_findings(KnownShoes(path), bluetooth=False)
    assert not broken.works
    assert "moved to" in broken.said
    path.write_text('{"version": 99}')
    (newer,) = doctor.shoe_findings(KnownShoes(path), bluetooth=False)
    assert not newer.works
    assert "update shoegait" in newer.said
    path.unlink()
    KnownShoes(path).remember([shoe()])
    (one,) = doctor.shoe_findings(KnownShoes(path), bluetooth=False)
    assert one.works
    assert f"1 in {path}" in one.said


def variant(value):
    return SimpleNamespace(value=value)


def test_bluez_objects_tell_who_is_connected():
    def device(address, connected):
        return {"org.bluez.Device1": {"Address": variant(address), "Connected": variant(connected)}}

    objects = {
        "/org/bluez": {"org.bluez.AgentManager1": {}},
        "/org/bluez/hci0": {"org.bluez.Adapter1": {"Address": variant("00")}},
        "/org/bluez/hci0/dev_1": device("AA:01", True),
        "/org/bluez/hci0/dev_2": device("AA:02", False),
        "/org/bluez/hci0/dev_3": {"org.bluez.Device1": {}},
    }
    assert connected_of(objects) == {"AA:01"}


def test_without_a_bus_nobody_is_known_to_be_connected(monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent")
    found = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(connected_here())))
    thread.start()
    thread.join(10)
    assert found == [set()]
