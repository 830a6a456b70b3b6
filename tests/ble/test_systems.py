"""What differs between the systems, as far as it can be seen on one of them.

BlueZ, CoreBluetooth and WinRT are not here, so what they would hand out is written down: the
properties of BlueZ's objects, the errors of bleak's backends, the classes of WinRT.
"""

import runpy
from types import SimpleNamespace

import pytest
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService
from bleak.exc import BleakError

from gait.ble import platforms
from gait.ble.connection import SensorConnection
from gait.ble.problems import BONDED_ELSEWHERE, in_words
from gait.sensors import profile

HUNG_UP = BleakError("failed to discover services, device disconnected")


def bluez_device(*, paired: bool) -> BLEDevice:
    props = {"Address": "AA", "Paired": paired}
    return BLEDevice("AA", "shoe", {"path": "/org/bluez/hci0/dev_AA", "props": props})


class FailingRadio:
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def connect(self, *_, **__):
        raise self.error


async def connecting(device: BLEDevice, error: Exception) -> Exception:
    connection = SensorConnection(
        device, profile("shoegait"), FailingRadio(error), lambda: None, lambda *_: None
    )
    with pytest.raises(BleakError) as caught:
        await connection.connect()
    return caught.value


async def test_bluez_hangs_up_on_a_paired_shoe_that_has_forgotten_it():
    assert in_words(await connecting(bluez_device(paired=True), HUNG_UP)) == BONDED_ELSEWHERE
    for device, error in (
        (bluez_device(paired=False), HUNG_UP),
        (bluez_device(paired=True), BleakError("le-connection-abort-by-local")),
        (BLEDevice("AA", "shoe", ("peripheral", "delegate")), HUNG_UP),  # CoreBluetooth
    ):
        assert await connecting(device, error) is error


def characteristic(obj, largest: int) -> BleakGATTCharacteristic:
    service = BleakGATTService(None, 1, "0000fe06-0000-1000-8000-00805f9b34fb")
    return BleakGATTCharacteristic(obj, 2, service.uuid, ["notify"], lambda: largest, service)


def test_the_mtu_is_told_by_all_but_an_old_bluez():
    assert platforms.mtu(characteristic(("/path", {"MTU": 247}), 244)) == 247
    assert platforms.mtu(characteristic(("/path", {}), 20)) is None
    assert platforms.mtu(characteristic(object(), 182)) == 185


async def test_corebluetooth_pairs_by_itself_and_a_refusal_has_its_own_error():
    def client(error):
        async def pair():
            if error:
                raise error

        return SimpleNamespace(pair=pair)

    assert await platforms.pair(client(None))
    assert not await platforms.pair(client(NotImplementedError()))
    with pytest.raises(platforms.PairingError, match="FAILED"):
        await platforms.pair(client(BleakError("Could not pair with device: FAILED")))


def test_windows_is_asked_for_a_short_interval_where_it_can_be(monkeypatch):
    asked = []

    class Windows11:
        def request_preferred_connection_parameters(self, wanted):
            asked.append(wanted)
            return "request"

    fast = SimpleNamespace(throughput_optimized="fast")
    offered = SimpleNamespace(BluetoothLEPreferredConnectionParameters=fast)
    monkeypatch.setattr(platforms, "import_module", lambda name: offered)

    def ask(device):
        return platforms.ask_for_short_interval(
            SimpleNamespace(_backend=SimpleNamespace(_requester=device))
        )

    assert ask(Windows11()) is None  # this is no Windows
    monkeypatch.setattr(platforms.sys, "platform", "win32")
    assert ask(Windows11()) == "request"
    assert asked == ["fast"]
    assert ask(object()) is None  # Windows 10
    assert ask(None) is None


@pytest.mark.parametrize(("platform", "said"), [("linux", ""), ("darwin", "Co"), ("win32", "Al")])
def test_a_first_pairing_in_the_words_of_the_system(monkeypatch, platform, said):
    monkeypatch.setattr(platforms.sys, "platform", platform)
    told = runpy.run_path(platforms.__file__)
    assert told["FIRST_PAIRING"].endswith(".") is bool(said)
    assert f"choose {said}" in told["FIRST_PAIRING"] or not said
