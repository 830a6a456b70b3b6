"""What only BlueZ, the Bluetooth service of Linux, can tell: who is connected already.

A sensor that is connected does not advertise, so it is not found; on the other systems nobody
says which it is.
"""

import asyncio
import contextlib
import sys
from collections.abc import Mapping
from typing import Any

if sys.platform == "linux":
    from dbus_fast import BusType, Message, MessageType
    from dbus_fast.aio import MessageBus
    from dbus_fast.errors import DBusError

ASK_S = 2.0


async def connected_here() -> set[str]:
    """Addresses of the devices this machine is connected to; empty where nobody can say."""
    if sys.platform != "linux":
        return set()
    question = Message(
        destination="org.bluez",
        path="/",
        interface="org.freedesktop.DBus.ObjectManager",
        member="GetManagedObjects",
    )
    with contextlib.suppress(OSError, EOFError, DBusError):
        async with asyncio.timeout(ASK_S):
            bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
            try:
                answer = await bus.call(question)
            finally:
                bus.disconnect()
        if answer is not None and answer.message_type is MessageType.METHOD_RETURN:
            return connected_of(answer.body[0])
    return set()


def connected_of(objects: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> set[str]:
    """The connected ones among BlueZ's objects: path → interface → property → variant."""
    devices = (interfaces.get("org.bluez.Device1") for interfaces in objects.values())
    return {
        device["Address"].value
        for device in devices
        if device and "Address" in device and "Connected" in device and device["Connected"].value
    }
