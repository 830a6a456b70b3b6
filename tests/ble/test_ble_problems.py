"""What goes wrong with a real radio, in words."""

import errno
import subprocess
import sys

import pytest
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from bleak_retry_connector import (
    BleakAbortedError,
    BleakConnectionError,
    BleakNotFoundError,
    BleakOutOfConnectionSlotsError,
)

from gait.ble import Radio, adapter_status, scan
from gait.ble.platforms import PairingError
from gait.ble.problems import in_words
from gait.model import GaitError

Reason = BleakBluetoothNotAvailableReason


def after(given_up: type[BleakError], last: Exception) -> BleakError:
    """What the retry connector raises after the last failure."""
    error = given_up("AA - Failed to connect after 1 attempt(s)")
    error.__cause__ = last
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BleakBluetoothNotAvailableError("", Reason.NO_BLUETOOTH), "no Bluetooth LE adapter"),
        (BleakBluetoothNotAvailableError("", Reason.NO_BLE_CENTRAL_ROLE), "no Bluetooth LE"),
        (BleakBluetoothNotAvailableError("", Reason.POWERED_OFF), "switched off"),
        (BleakBluetoothNotAvailableError("", Reason.DENIED_BY_USER), "may not use Bluetooth"),
        (BleakDBusError("org.bluez.Error.NotReady", []), "switched off"),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), "may not use"),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "does not run"),
        (BleakDBusError("org.bluez.Error.AuthenticationFailed", []), "paired with another device"),
        (BleakDBusError("org.bluez.Error.InProgress", []), "busy with another connection"),
        (BleakGATTProtocolError(0x0F), "does not trust this machine"),
        (BleakGATTProtocolError(0x0E), "Unlikely Error"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "does not run"),
        (PermissionError(errno.EACCES, "Permission denied"), "may not use"),
        (BleakDeviceNotFoundError("AA"), "not in reach"),
        (TimeoutError(), "did not answer in time"),
        (BleakError("something new."), r"\(something new\)"),
        (after(BleakNotFoundError, TimeoutError()), "did not answer in time"),
        (after(BleakConnectionError, BleakError("new")), r"\(new\)"),
        (after(BleakAbortedError, BleakDeviceNotFoundError("AA")), "not in reach"),
        (BleakOutOfConnectionSlotsError("no slot"), "busy with another connection"),
        (PairingError("Could not pair"), "paired with another device"),
    ],
)
async def test_each_failure_has_one_sentence_and_says_what_to_do(error, said):
    class Failing(BaseBleakScanner):
        def __init__(self, on_seen, services, mode, **_):
            super().__init__(on_seen, services)

        async def start(self):
            raise error

        async def stop(self):
            raise AssertionError("it never started")

    with pytest.raises(GaitError, match=said) as caught:
        await scan(1, Radio(scanner_backend=Failing))
    sentence = str(caught.value)
    assert sentence == in_words(error)
    assert sentence.endswith(".")
    assert ";" in sentence


def test_adapter_status_is_none_or_a_sentence():
    status = adapter_status()
    assert status is None or (status.endswith(".") and ";" in status)


def test_the_client_needs_no_virtual_stack():
    code = "import sys, gait.ble; sys.exit('bumble' in sys.modules or 'numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
