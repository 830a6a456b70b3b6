"""The machine's own adapter by way of BlueZ: a real D-Bus, with BlueZ's objects written down."""

import sys

import pytest
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError
from mock_bluez import ADAPTER, adapter, bluez, bus, device

from gait.ble import Radio, scan
from gait.ble.problems import (
    BONDED_ELSEWHERE,
    NO_ADAPTER,
    NO_SERVICE,
    NOT_ALLOWED,
    POWERED_OFF,
    in_words,
)
from gait.model import GaitError

if sys.platform == "linux":
    from bleak.backends.bluezdbus import version


async def refusal() -> str:
    with pytest.raises(GaitError) as caught:
        await scan(0.1)
    return str(caught.value)


async def test_it_scans_where_all_is_well(tmp_path, monkeypatch):
    async with bus(tmp_path, monkeypatch) as address, bluez(address, adapter()) as called:
        assert await scan(0.1) == []
        assert {"StartDiscovery", "StopDiscovery"} <= set(called)


@pytest.mark.parametrize(
    ("objects", "errors", "said"),
    [
        ({}, {}, NO_ADAPTER),
        (adapter(Roles=("as", ["peripheral"])), {}, NO_ADAPTER),
        (adapter(Powered=("b", False)), {}, POWERED_OFF),
        (adapter(), {"StartDiscovery": "org.bluez.Error.NotReady"}, POWERED_OFF),
        (adapter(), {"StartDiscovery": "org.bluez.Error.NotAuthorized"}, NOT_ALLOWED),
    ],
)
async def test_an_adapter_that_cannot_be_used(tmp_path, monkeypatch, objects, errors, said):
    async with bus(tmp_path, monkeypatch) as address, bluez(address, objects, errors):
        assert await refusal() == said


async def test_a_user_who_may_not_talk_to_bluez(tmp_path, monkeypatch):
    deny = '<deny send_destination="org.bluez"/>'
    async with bus(tmp_path, monkeypatch, deny) as address, bluez(address, adapter()):
        assert await refusal() == NOT_ALLOWED


async def test_a_bus_without_bluez(tmp_path, monkeypatch):
    async with bus(tmp_path, monkeypatch):
        assert await refusal() == NO_SERVICE


async def test_no_bus(tmp_path, monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    assert await refusal() == NO_SERVICE
    with pytest.raises(FileNotFoundError) as caught:
        await Radio().connected()
    assert in_words(caught.value) == NO_SERVICE


async def test_who_is_connected_to_this_machine(tmp_path, monkeypatch):
    objects = {
        **adapter(),
        **device("AA01", connected=True),
        **device("AA02", connected=False),
    }
    async with bus(tmp_path, monkeypatch) as address, bluez(address, objects):
        assert await Radio().connected() == {"AA01"}


async def failing(tmp_path, monkeypatch, error: str, said: str = "no") -> tuple[Exception, int]:
    """What comes of a Device1.Connect that fails so, and how often it was tried."""
    monkeypatch.setattr(version.BlueZFeatures, "checked_bluez_version", True)  # no bluetoothctl
    objects = {**adapter(), **device("AA01", connected=False)}
    shoe = BLEDevice("AA01", "shoe", {"path": f"{ADAPTER}/dev_AA01", "props": {}})
    errors = {"Connect": error}
    async with bus(tmp_path, monkeypatch) as address, bluez(address, objects, errors, said) as did:
        with pytest.raises(BleakError) as caught:
            await Radio().connect(shoe, lambda _: None, 20.0)
        return caught.value, did.count("Connect")


async def test_a_passing_failure_of_bluez_is_tried_again(tmp_path, monkeypatch):
    error, tried = await failing(
        tmp_path, monkeypatch, "org.bluez.Error.Failed", "br-connection-canceled"
    )
    assert tried > 5
    assert "switch the sensor and Bluetooth off and on" in in_words(error)


async def test_a_refusal_is_tried_once_and_has_its_sentence(tmp_path, monkeypatch):
    error, tried = await failing(tmp_path, monkeypatch, "org.bluez.Error.AuthenticationFailed")
    assert tried == 1
    assert in_words(error) == BONDED_ELSEWHERE
