"""What differs between the Bluetooth services of Linux, macOS and Windows; nobody else asks.

Address : the sensor's own with BlueZ and WinRT, a UUID that this Mac made up for it with
    CoreBluetooth. So an address is only compared with one that the same machine told.
MTU : each system exchanges it by itself as it connects, with the largest it has, and no program
    sets it. BlueZ tells it from version 5.62 on, the others always.
Connection interval : the sensor asks for it and the system grants it, which is why ours asks
    (docs/protocol.md). A program may ask with WinRT alone, from Windows 11 on.
Pairing : with BlueZ and WinRT a program asks for it; both do just works without a window.
    CoreBluetooth does it by itself at the first refused read or write, and a window asks the user.
Who is connected already : all tell it, to `BleakAdapter`.

Sources: bleak's documentation (bleak.readthedocs.io: the pages of the three backends,
`BleakClient.pair`, `BleakGATTCharacteristic.max_write_without_response_size`) and its backends;
BlueZ, doc/org.bluez.Device.rst; Apple, Accessory Design Guidelines, Bluetooth LE; Microsoft,
`BluetoothLEDevice.RequestPreferredConnectionParameters`.

Time while the machine sleeps: a clock that goes on, and how long it has slept.

On Linux `time.monotonic` stands still while the machine is suspended and CLOCK_BOOTTIME does not;
macOS has the same in its CLOCK_MONOTONIC, and Windows' `time.monotonic` goes on by itself.

Sources: clock_gettime(2) of Linux; mach_absolute_time and clock_gettime of macOS; Microsoft,
"GetTickCount64" and "QueryPerformanceCounter".
"""

import asyncio
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from gait.sensors.profile import ATT_BYTES

# Four in a connection event of 30 ms, the longest that our sensor asks for. A radio could take
# more; many systems do not (Punch Through, "Maximizing BLE Throughput on iOS and Android").
MOST_PACKETS_PER_S = 4 / 0.030

TURN_ON = {
    "linux": "run `bluetoothctl power on`",
    "darwin": "turn it on in System Settings",
    "win32": "turn it on in Settings",
}.get(sys.platform, "turn it on")
ALLOW = {
    "linux": "add yourself to the group `bluetooth` (or `lp`) and log in again",
    "darwin": "allow your terminal in System Settings, Privacy & Security, Bluetooth",
    "win32": "allow apps to use radios in Settings, Privacy",
}.get(sys.platform, "allow this program to use Bluetooth")
UNPAIR = {
    "linux": "remove the pairing on both (here: `bluetoothctl remove ADDRESS`)",
    "darwin": "forget it in System Settings, Bluetooth, and on the other device",
    "win32": "remove it in Settings, Bluetooth & devices, and on the other device",
}.get(sys.platform, "remove the pairing here and there")
# What the first pairing looks like, where the system and not this program asks for it.
FIRST_PAIRING = {
    "darwin": 'If macOS asks whether to pair with the sensor ("Connection Request"), choose '
    "Connect; the window may be behind others.",
    "win32": 'If Windows asks whether to add the device ("Add a device"), choose Allow; the '
    "message is at the lower right and goes away by itself.",
}.get(sys.platform, "")
DISCONNECT = {
    "linux": "run `bluetoothctl disconnect ADDRESS`",
    "darwin": "disconnect it in System Settings, Bluetooth",
    "win32": "disconnect it in Settings, Bluetooth & devices",
}.get(sys.platform, "disconnect it")


class PairingError(BleakError):
    """The sensor or the system did not pair."""


async def pair(client: BleakClient) -> bool:
    """Encrypt the link, with keys that both sides keep; False where the system does that by itself
    as soon as it is needed. Raises PairingError where refused."""
    try:
        await client.pair()
    except NotImplementedError:  # CoreBluetooth
        return False
    except BleakError as error:
        raise PairingError(str(error)) from error
    return True


def forgot_us(device: BLEDevice, error: BleakError) -> bool:
    """Whether `error` may come of keys that this machine has for the sensor, and it has not: BlueZ
    uses them as it connects, and does not say that they were of no use."""
    return is_paired(device) and "device disconnected" in str(error)


def is_paired(device: BLEDevice) -> bool:
    """Whether BlueZ has keys for it; the others do not tell."""
    details = device.details
    return isinstance(details, dict) and bool(details.get("props", {}).get("Paired"))


def mtu(characteristic: BleakGATTCharacteristic) -> int | None:
    """The ATT MTU of the link this characteristic is reached by; None where nobody tells it."""
    about = characteristic.obj
    if isinstance(about, tuple) and "MTU" not in about[1]:  # BlueZ before 5.62
        return None
    return characteristic.max_write_without_response_size + ATT_BYTES


def ask_for_short_interval(client: BleakClient) -> Any:
    """Ask for what the system offers to whoever streams, where a program may ask.

    What is returned must be kept as long as the link: with it the request would go.
    """
    device = getattr(client._backend, "_requester", None)
    if sys.platform != "win32" or device is None:
        return None
    offered = import_module("winrt.windows.devices.bluetooth")
    try:
        wanted = offered.BluetoothLEPreferredConnectionParameters.throughput_optimized
        return device.request_preferred_connection_parameters(wanted)
    except (AttributeError, OSError):  # Windows 10 has no such request
        return None


NOTICED_S = 1.0
LOOK_S = 0.5
SLEPT = "this machine slept for {seconds:.0f} s, and nothing could be received meanwhile"


def clock() -> float:
    """Seconds from any beginning, those in which the machine slept among them."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


def slept_s() -> float:
    """Seconds that the machine has slept, from any beginning; Windows does not tell, and it is the
    same always."""
    return clock() - time.monotonic()


async def watch_for_sleep(
    on_slept: Callable[[float], None], slept_s: Callable[[], float] = slept_s
) -> None:
    """Tell each sleep of the machine, in s, when it is over; until cancelled."""
    before_s = slept_s()
    while True:
        await asyncio.sleep(LOOK_S)
        now_s = slept_s()
        if now_s - before_s > NOTICED_S:
            on_slept(now_s - before_s)
        before_s = now_s
