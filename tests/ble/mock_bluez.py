"""BlueZ where there is none: its objects on a bus of its own, for bleak's BlueZ backend."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "linux" or shutil.which("dbus-daemon") is None:
    pytest.skip("needs Linux and dbus-daemon", allow_module_level=True)

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

ADAPTER = "/org/bluez/hci0"
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/> <allow send_type="*"/> <allow receive_type="*"/>
    <allow send_destination="*"/> <allow receive_sender="*"/>
    {policy}
  </policy>
</busconfig>
"""

Objects = Mapping[str, Mapping[str, Mapping[str, Any]]]


@asynccontextmanager
async def bus(
    folder: Path, monkeypatch: pytest.MonkeyPatch, policy: str = ""
) -> AsyncIterator[str]:
    """A system bus of its own, with `policy` added to its rules; its address."""
    socket, config = folder / "bus", folder / "bus.conf"
    config.write_text(CONFIG.format(socket=socket, policy=policy))
    daemon = await asyncio.create_subprocess_exec(
        "dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"
    )
    try:
        async with asyncio.timeout(5):
            while not await _listens(socket):  # noqa: ASYNC110 - of a file, not of an event
                await asyncio.sleep(0.01)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={socket}")
        yield f"unix:path={socket}"
    finally:
        daemon.terminate()
        await daemon.wait()


async def _listens(socket: Path) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return False
    writer.close()
    return True


def adapter(**changes: Any) -> Objects:
    facts = {"Address": ("s", "00:00"), "Powered": ("b", True), "Roles": ("as", ["central"])}
    return {ADAPTER: {"org.bluez.Adapter1": facts | changes}}


def device(name: str, *, connected: bool) -> Objects:
    """A device with a GATT service."""
    path = f"{ADAPTER}/dev_{name}"
    generic = "00001801-0000-1000-8000-00805f9b34fb"
    return {
        path: {
            "org.bluez.Device1": {
                "Address": ("s", name),
                "Alias": ("s", name),
                "Adapter": ("o", ADAPTER),
                "Connected": ("b", connected),
                "Paired": ("b", False),
                "UUIDs": ("as", [generic]),
            }
        },
        f"{path}/service0001": {
            "org.bluez.GattService1": {
                "UUID": ("s", generic),
                "Device": ("o", path),
                "Primary": ("b", True),
            }
        },
    }


@asynccontextmanager
async def bluez(
    address: str, objects: Objects, errors: Mapping[str, str] | None = None, why: str = "no"
) -> AsyncIterator[list[str]]:
    """BlueZ with these objects; `errors` has what is answered to a method, with the text `why`.
    What was called."""
    called: list[str] = []
    server = await MessageBus(bus_address=address).connect()
    told = {
        path: {
            interface: {name: Variant(*value) for name, value in facts.items()}
            for interface, facts in interfaces.items()
        }
        for path, interfaces in objects.items()
    }

    def answer(message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.member is None:
            return None
        called.append(message.member)
        if message.member == "GetManagedObjects":
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [told])
        error = (errors or {}).get(message.member)
        if error:
            return Message.new_error(message, error, why)
        return Message.new_method_return(message)

    server.add_message_handler(answer)
    await server.request_name("org.bluez")
    try:
        yield called
    finally:
        server.disconnect()
        await server.wait_for_disconnect()
