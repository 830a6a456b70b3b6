"""A bluetoothd with a foot pod in reach, that can end, come back and be switched off and on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from mock_bluez import ADAPTER

# Of the Bluetooth SIG: service 0x1814, its measurement and its sensor location.
RUNNING_SPEED_AND_CADENCE, MEASUREMENT_UUID, SENSOR_LOCATION_UUID = (
    f"0000{short}-0000-1000-8000-00805f9b34fb" for short in ("1814", "2a53", "2a5d")
)

ADDRESS = "AA:BB:CC:DD:EE:FF"
DEVICE = f"{ADAPTER}/dev_{ADDRESS.replace(':', '_')}"
SERVICE = f"{DEVICE}/service0010"
MEASUREMENT = f"{SERVICE}/char0011"
READING = bytes([4, 0, 3, 170])  # running, 3 m/s, 170 steps/min
EVERY_S = 0.05
BATTERY = "org.bluez.Battery1"

_SIGNATURES = {bool: "b", str: "s", list: "as", int: "n", bytes: "ay"}
Facts = dict[str, Any]


def variants(facts: Facts) -> dict[str, Variant]:
    signatures = {"Percentage": "y", "MTU": "q", "Value": "ay"}
    paths = ("Adapter", "Device", "Service")
    return {
        name: Variant(
            "o" if name in paths else signatures.get(name, _SIGNATURES[type(value)]), value
        )
        for name, value in facts.items()
    }


class Bluetoothd:
    """`battery_pct` as BlueZ before 5.80 tells it; `stale`: it remembers other characteristics than
    the device has, until the device is removed. `called` is what it was asked for; while `silent`
    links stay and nothing is notified, and while `hung` it answers nothing."""

    def __init__(
        self, address: str, *, battery_pct: int | None = None, stale: bool = False
    ) -> None:
        self.called: list[str] = []
        self.silent = False
        self.hung = False
        self.powered = True
        self.battery_pct = battery_pct
        self.stale = stale
        self.forgets = True  # what was stale, when the device is removed
        self._address = address
        self._bus: MessageBus | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: list[Message] = []
        self._begin_anew()

    def go_on(self) -> None:
        """After it hung: it answers all that was asked meanwhile."""
        self.hung = False
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            reply = self._answer(message)
            if self._bus is not None and isinstance(reply, Message):
                self._bus.send(reply)

    def _begin_anew(self) -> None:
        self.connected = self.known = self.notifying = self.discovering = False

    async def start(self) -> None:
        self._begin_anew()
        self._bus = await MessageBus(bus_address=self._address).connect()
        self._bus.add_message_handler(self._answer)
        await self._bus.request_name("org.bluez")
        for work in (self._advertise(), self._notify()):
            self._tasks.add(asyncio.create_task(work))

    async def end(self) -> None:
        """As with SIGKILL: it says nothing."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        assert self._bus is not None
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()
        self._bus = None

    def power(self, on: bool) -> None:
        self.powered = on
        self.discovering = False
        if not on:
            self._disconnect()
        self._changed(ADAPTER, "org.bluez.Adapter1", {"Powered": on})

    def tell_battery(self, percent: int) -> None:
        self.battery_pct = percent
        self._changed(DEVICE, BATTERY, {"Percentage": percent})

    def _device(self) -> Facts:
        return {
            "Address": ADDRESS,
            "Alias": "Stride 42",
            "Name": "Stride 42",
            "Adapter": ADAPTER,
            "Connected": self.connected,
            "Paired": False,
            "ServicesResolved": self.connected,
            "UUIDs": [RUNNING_SPEED_AND_CADENCE],
            "RSSI": -50,
        }

    def _gatt(self) -> dict[str, dict[str, Facts]]:
        uuid = SENSOR_LOCATION_UUID if self.stale else MEASUREMENT_UUID
        service = {"UUID": RUNNING_SPEED_AND_CADENCE, "Device": DEVICE, "Primary": True}
        characteristic = {"UUID": uuid, "Service": SERVICE, "Flags": ["notify"], "MTU": 247}
        return {
            SERVICE: {"org.bluez.GattService1": service},
            MEASUREMENT: {"org.bluez.GattCharacteristic1": characteristic},
        }

    def _objects(self) -> dict[str, dict[str, Facts]]:
        facts = {"Address": "00:00", "Powered": self.powered, "Roles": ["central"]}
        objects = {ADAPTER: {"org.bluez.Adapter1": facts}}
        if self.known:
            objects[DEVICE] = {"org.bluez.Device1": self._device()}
        return objects | (self._gatt() if self.connected else {})

    def _answer(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL or message.member is None:
            return None
        if self.hung:
            self._waiting.append(message)
            return True
        self.called.append(message.member)
        if message.member == "GetManagedObjects":
            told = {
                path: {interface: variants(facts) for interface, facts in interfaces.items()}
                for path, interfaces in self._objects().items()
            }
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [told])
        if message.member == "Get" and message.body == [BATTERY, "Percentage"]:
            if self.battery_pct is None:
                return Message.new_error(message, f"{DBUS_ERROR}.InvalidArgs", "no such interface")
            return Message.new_method_return(message, "v", [Variant("y", self.battery_pct)])
        return self._do(message)

    def _do(self, message: Message) -> Message:
        """What changes something; the answer is sent before what follows of it is signalled."""
        later = asyncio.get_running_loop().call_soon
        match message.member:
            case "StartDiscovery" if not self.powered:
                return Message.new_error(message, "org.bluez.Error.NotReady", "off")
            case "StartDiscovery":
                self.discovering = True
            case "StopDiscovery":
                self.discovering = False
            case "Connect" if not self.known:
                return Message.new_error(message, f"{DBUS_ERROR}.UnknownObject", "gone")
            case "Connect":
                later(self._connect)
            case "Disconnect":
                later(self._disconnect)
            case "RemoveDevice":
                self.stale = self.stale and not self.forgets
                later(self._remove)
            case "StartNotify":
                self.notifying = True
            case _:
                pass
        return Message.new_method_return(message)

    def _connect(self) -> None:
        self.connected = True
        self._changed(DEVICE, "org.bluez.Device1", {"Connected": True})
        for path, interfaces in self._gatt().items():
            self._added(path, interfaces)
        self._changed(DEVICE, "org.bluez.Device1", {"ServicesResolved": True})

    def _disconnect(self) -> None:
        if self.connected:
            self.connected = self.notifying = False
            facts = {"ServicesResolved": False, "Connected": False}
            self._changed(DEVICE, "org.bluez.Device1", facts)

    def _remove(self) -> None:
        self._disconnect()
        self.known = False
        for path, interface in (
            (MEASUREMENT, "org.bluez.GattCharacteristic1"),
            (SERVICE, "org.bluez.GattService1"),
            (DEVICE, "org.bluez.Device1"),
        ):
            self._signal(
                "/", f"{DBUS}.ObjectManager", "InterfacesRemoved", "oas", path, [interface]
            )

    async def _advertise(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            if self.hung:
                continue
            if self.discovering and not self.connected and not self.known:
                self.known = True
                self._added(DEVICE, {"org.bluez.Device1": self._device()})
            elif self.discovering and not self.connected:
                self._changed(DEVICE, "org.bluez.Device1", {"RSSI": -50})

    async def _notify(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            if self.notifying and not self.silent and not self.hung:
                self._changed(MEASUREMENT, "org.bluez.GattCharacteristic1", {"Value": READING})

    def _added(self, path: str, interfaces: dict[str, Facts]) -> None:
        told = {interface: variants(facts) for interface, facts in interfaces.items()}
        self._signal("/", f"{DBUS}.ObjectManager", "InterfacesAdded", "oa{sa{sv}}", path, told)

    def _changed(self, path: str, interface: str, facts: Facts) -> None:
        self._signal(
            path,
            f"{DBUS}.Properties",
            "PropertiesChanged",
            "sa{sv}as",
            interface,
            variants(facts),
            [],
        )

    def _signal(self, path: str, interface: str, member: str, signature: str, *body: Any) -> None:
        if self._bus is not None:
            self._bus.send(Message.new_signal(path, interface, member, signature, list(body)))


DBUS = "org.freedesktop.DBus"
DBUS_ERROR = f"{DBUS}.Error"


@asynccontextmanager
async def bluetoothd(address: str, **kind: Any) -> AsyncIterator[Bluetoothd]:
    daemon = Bluetoothd(address, **kind)
    await daemon.start()
    try:
        yield daemon
    finally:
        with contextlib.suppress(AssertionError):  # it was ended
            await daemon.end()
