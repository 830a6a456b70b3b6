"""What bleak does not tell of BlueZ: that its service went away, and the battery it hides.

bluetoothd may end and come back while the D-Bus stays. It says nothing as it goes, and bleak's
picture of it, and every link in that picture, is as it was: only the bus itself tells, by
NameOwnerChanged. Closing bleak's own connection to the bus makes it forget that picture, tell every
client that its link is lost, and look anew when it is next needed.

With a bond BlueZ knows a device by its own address, whichever private one it shows.

Before 5.80 BlueZ reads the battery service itself, and offers org.bluez.Battery1 in its place.

Sources: D-Bus specification, "org.freedesktop.DBus.NameOwnerChanged"; bleak,
`bleak/backends/bluezdbus/manager.py`; BlueZ, doc/org.bluez.Battery.rst and its ChangeLog.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bleak import BleakClient

from gait.ble.problems import RADIO_ERRORS

if sys.platform == "linux":
    from bleak.backends.bluezdbus import defs
    from bleak.backends.bluezdbus.manager import get_global_bluez_manager
    from bleak.backends.bluezdbus.signals import MatchRules, add_match
    from bleak.backends.bluezdbus.utils import get_dbus_authenticator
    from dbus_fast import AuthError, BusType, DBusError, Message, MessageType
    from dbus_fast.aio import MessageBus

BATTERY_INTERFACE = "org.bluez.Battery1"
DBUS = "org.freedesktop.DBus"


@asynccontextmanager
async def service_watched(on_gone: Callable[[], None]) -> AsyncIterator[None]:
    """While the block runs, `on_gone` is called when BlueZ leaves the bus, and after that every
    client of bleak is told that its link is lost. Nothing where there is no BlueZ or no bus."""
    if sys.platform != "linux":
        yield
        return
    bus: MessageBus | None = None
    resetting: set[asyncio.Task[None]] = set()

    def on_message(message: Message) -> None:
        if message.member != "NameOwnerChanged" or message.sender != DBUS:
            return
        name, before, _ = message.body
        if name == defs.BLUEZ_SERVICE and before:
            on_gone()
            task = asyncio.create_task(_forget_what_bleak_saw())
            resetting.add(task)
            task.add_done_callback(resetting.discard)

    try:
        with contextlib.suppress(*RADIO_ERRORS, AuthError, DBusError):
            bus = MessageBus(bus_type=BusType.SYSTEM, auth=get_dbus_authenticator())
            await bus.connect()
            bus.add_message_handler(on_message)
            owners = MatchRules(interface=DBUS, member="NameOwnerChanged", arg0=defs.BLUEZ_SERVICE)
            await add_match(bus, owners)
        yield
    finally:
        if bus is not None:
            bus.disconnect()  # also where it never connected, as it holds a socket


async def _forget_what_bleak_saw() -> None:
    if sys.platform == "linux":
        with contextlib.suppress(*RADIO_ERRORS):  # then bleak has found out by itself
            manager = await get_global_bluez_manager()
            if manager._bus is not None:
                manager._bus.disconnect()


async def address(client: BleakClient) -> str:
    """Of the sensor as the system calls it now. BlueZ has another one as soon as they are bonded,
    where it was found by a private address; bleak's client has the one it began with."""
    path = getattr(client._backend, "_device_path", None)
    if sys.platform == "linux" and path is not None:
        with contextlib.suppress(*RADIO_ERRORS):
            return (await get_global_bluez_manager()).get_device_address(path)
    return client.address


async def watch_battery(client: BleakClient, on_percent: Callable[[int], None]) -> None:
    """Tell the level that BlueZ has read itself, now if it has and whenever it changes, until the
    client is disconnected. Nothing where this is not BlueZ, or it has none."""
    backend: Any = client._backend
    bus, path = getattr(backend, "_bus", None), getattr(backend, "_device_path", None)
    if sys.platform != "linux" or bus is None or path is None:
        return

    def on_message(message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        facts: dict[str, Any] = {}
        if message.member == "PropertiesChanged" and message.path == path:
            interface, changed, _ = message.body
            facts = changed if interface == BATTERY_INTERFACE else {}
        elif message.member == "InterfacesAdded" and message.body[0] == path:
            facts = message.body[1].get(BATTERY_INTERFACE, {})
        if "Percentage" in facts:
            on_percent(int(facts["Percentage"].value))

    bus.add_message_handler(on_message)
    changes = MatchRules(interface=defs.PROPERTIES_INTERFACE, member="PropertiesChanged", path=path)
    await add_match(bus, changes)
    await add_match(
        bus,
        MatchRules(
            interface=defs.OBJECT_MANAGER_INTERFACE, member="InterfacesAdded", arg0path=path
        ),
    )
    reply = await bus.call(
        Message(
            destination=defs.BLUEZ_SERVICE,
            path=path,
            interface=defs.PROPERTIES_INTERFACE,
            member="Get",
            signature="ss",
            body=[BATTERY_INTERFACE, "Percentage"],
        )
    )
    if reply.message_type is MessageType.METHOD_RETURN:
        on_percent(int(reply.body[0].value))
