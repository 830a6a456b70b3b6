"""What can go wrong with a radio, in one sentence each that says what to do."""

import contextlib
import re
from collections.abc import Iterator

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
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

from gait.ble.platforms import ALLOW, FIRST_PAIRING, TURN_ON, UNPAIR, PairingError
from gait.model import GaitError

# What bleak and the systems below it raise where a radio or a link fails; OSError includes
# time-outs, missing sockets and missing permission. The last two are what a backend raises that
# meets a link or a bus in a state it did not expect: it ends that link and nothing else.
RADIO_ERRORS = (BleakError, OSError, EOFError, AssertionError, RuntimeError)

NO_ADAPTER = (
    "This machine has no Bluetooth LE adapter that can be used; plug one in, or try virtual shoes "
    "with --virtual."
)
POWERED_OFF = f"Bluetooth is switched off; {TURN_ON} and try again."
NOT_ALLOWED = f"This program may not use Bluetooth; {ALLOW}."
NO_SERVICE = (
    "The Bluetooth service does not run on this machine (no D-Bus, or BlueZ is not installed); "
    "install `bluez` and run `sudo systemctl start bluetooth`, or try virtual shoes with --virtual."
)
NO_ANSWER = (
    "Bluetooth did not answer in time; bring the sensor closer, switch it off and on, and try "
    "again."
)
GONE = "The sensor is not in reach any more; switch it on, bring it closer and try again."
NOT_A_SHOE = (
    "It lacks a part of what a shoe sensor offers; update its firmware, and where that was done "
    f"lately, {UNPAIR}, as this machine remembers how it was before."
)
NO_SUCH_ADAPTER = "This machine has no Bluetooth adapter {name}; `bluetoothctl list` shows them."
BONDED_ELSEWHERE = (
    "The sensor does not trust this machine: it is paired with another device, has forgotten this "
    f"one, or takes no new one now; {UNPAIR}, switch it off and on (some take a new one only in "
    f"the two minutes after that), and try again. {FIRST_PAIRING}"
).rstrip()
BUSY = (
    "The sensor or the adapter is busy with another connection; close other programs that use the "
    "sensor, disconnect it from phones and watches, and try again."
)
NO_SENSOR = (
    "No shoe sensor was found; switch the sensors on, bring them closer and disconnect them from "
    "other devices, then try again."
)

_REASONS = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: NO_ADAPTER,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: NO_ADAPTER,
    BleakBluetoothNotAvailableReason.POWERED_OFF: POWERED_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: NOT_ALLOWED,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: NOT_ALLOWED,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: NOT_ALLOWED,
}
_DBUS = {
    "org.bluez.Error.NotReady": POWERED_OFF,
    "org.bluez.Error.NotPermitted": NOT_ALLOWED,
    "org.bluez.Error.NotAuthorized": NOT_ALLOWED,
    "org.bluez.Error.AuthenticationFailed": BONDED_ELSEWHERE,
    "org.bluez.Error.AuthenticationRejected": BONDED_ELSEWHERE,
    "org.bluez.Error.AuthenticationCanceled": BONDED_ELSEWHERE,
    "org.bluez.Error.AuthenticationTimeout": BONDED_ELSEWHERE,
    "org.bluez.Error.AlreadyConnected": BUSY,
    "org.bluez.Error.InProgress": BUSY,
    "org.freedesktop.DBus.Error.AccessDenied": NOT_ALLOWED,
    "org.freedesktop.DBus.Error.ServiceUnknown": NO_SERVICE,
    "org.freedesktop.DBus.Error.NameHasNoOwner": NO_SERVICE,
    "org.freedesktop.DBus.Error.NoReply": NO_ANSWER,
}


# ATT: insufficient authentication, authorization, key size, encryption.
_NOT_TRUSTED = (0x05, 0x08, 0x0C, 0x0F)


# What bleak says of an adapter that it was asked for and BlueZ does not have.
_NO_ADAPTER_NAMED = re.compile(r"adapter '(.*)' not found")

# What establish_connection makes of the last failure.
_GIVEN_UP = (BleakAbortedError, BleakConnectionError, BleakNotFoundError)


def in_words(error: BaseException) -> str:
    """The sentence for one of RADIO_ERRORS."""
    if isinstance(error, PairingError):
        return BONDED_ELSEWHERE
    if isinstance(error, BleakOutOfConnectionSlotsError):
        return BUSY
    if isinstance(error, _GIVEN_UP) and error.__cause__ is not None:
        return in_words(error.__cause__)
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, NO_ADAPTER)
    if isinstance(error, BleakDBusError) and error.dbus_error in _DBUS:
        return _DBUS[error.dbus_error]
    if isinstance(error, BleakDeviceNotFoundError):
        return GONE
    if isinstance(error, BleakCharacteristicNotFoundError):
        return NOT_A_SHOE
    if isinstance(error, BleakGATTProtocolError) and error.args[0] in _NOT_TRUSTED:
        return BONDED_ELSEWHERE
    if isinstance(error, TimeoutError):
        return NO_ANSWER
    if isinstance(error, PermissionError):
        return NOT_ALLOWED
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return NO_SERVICE
    if named := _NO_ADAPTER_NAMED.search(str(error)):
        return NO_SUCH_ADAPTER.format(name=named[1])
    said = str(error).strip().rstrip(".") or type(error).__name__
    return f"Bluetooth failed ({said}); switch the sensor and Bluetooth off and on and try again."


@contextlib.contextmanager
def radio_errors(who: str = "", address: str = "ADDRESS") -> Iterator[None]:
    """Turn RADIO_ERRORS into a GaitError whose sentence may begin with `who`, and tells what to do
    with the sensor at this address."""
    try:
        yield
    except RADIO_ERRORS as error:
        said = in_words(error).replace("ADDRESS", address)
        raise GaitError(f"{who}: {said}" if who else said) from error
